"""The knobs of sessions, notes and transcripts, and the limits of what they take in (A47, B12, B17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Period

__all__ = ["AttachmentLimits", "PlaceCheck", "SessionPolicy"]

_COUNTS: Final = ("note_characters", "segment_characters", "chat_characters")
_DURATIONS: Final = ("autosave_every", "purge_within", "clock_skew")


@unique
class PlaceCheck(StrEnum):
    """What follows when the client is, or may be, where the clinician is not authorised (B12)."""

    OFF = "off"
    WARN = "warn"
    REFUSE = "refuse"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLimits:
    """Caps of one note's attachments: bytes of each, pixels of each picture, how many."""

    bytes: int = 20_000_000
    pixels: int = 50_000_000
    count: int = 30

    def __post_init__(self) -> None:
        for name in ("bytes", "pixels", "count"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise InvalidValue("give a whole number from 1", field=name)


_LIMITS: Final = AttachmentLimits()
_NOTE_DUE: Final = Period(days=2)
_TRANSCRIPT_AGE: Final = Period(days=30)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """How one practice documents its sessions.

    `early_start`: how long before its appointment a session may start; None is no limit (A47). `note_due`: calendar
    time after the end within which a note has to be locked (B17). `transcript_age`: how long an unsigned note may keep
    its transcripts. `purge_within`: when an unproven purge counts as overdue. `clock_skew`: how far the clock may
    step back before a signature is refused.
    """

    early_start: timedelta | None = None
    place_check: PlaceCheck = PlaceCheck.WARN
    note_due: Period = _NOTE_DUE
    transcript_age: Period = _TRANSCRIPT_AGE
    purge_within: timedelta = timedelta(minutes=15)
    autosave_every: timedelta = timedelta(seconds=5)
    clock_skew: timedelta = timedelta(minutes=5)
    note_characters: int = 200_000
    segment_characters: int = 10_000
    chat_characters: int = 2_000
    attachments: AttachmentLimits = _LIMITS

    def __post_init__(self) -> None:
        for name in _COUNTS:
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise InvalidValue("give a whole number from 1", field=name)
        for name in (*_DURATIONS, *(("early_start",) if self.early_start is not None else ())):
            value = getattr(self, name)
            if not isinstance(value, timedelta) or value < timedelta(0):
                raise InvalidValue("give a duration from 0", field=name, code=Code.INVALID_DURATION)
