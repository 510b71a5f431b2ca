"""The three ways a session can happen (S5)."""

from __future__ import annotations

from enum import StrEnum, unique

__all__ = ["Mode"]


@unique
class Mode(StrEnum):
    """Exactly three: video, in a room, by phone."""

    TELEHEALTH = "telehealth"
    IN_PERSON = "in_person"
    PHONE = "phone"
