"""The telehealth call: who waits, who is in, and which devices are on. State only; the video itself is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, Literal, final

from oasys_sched.ids import require_id
from oasys_sched.sessions.sensitive import Sensitive

__all__ = ["AT_START", "ChatMessage", "Device", "Participant", "Presence", "recording_allowed"]


@unique
class Presence(StrEnum):
    """Where a participant is; one who left and comes back waits again (A22)."""

    ABSENT = "absent"
    WAITING = "waiting"
    IN_CALL = "in_call"
    LEFT = "left"


@unique
class Device(StrEnum):
    """What a participant of a call can switch (S39, S42)."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN_SHARE = "screen_share"
    BACKGROUND = "background"
    FULLSCREEN = "fullscreen"
    CHAT = "chat"


# The clinician's devices when a telehealth session starts (S38).
AT_START: Final = (Device.CAMERA, Device.MICROPHONE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One person of a call. `devices` are the ones switched on; `admitted_at` is the first admission (B13)."""

    person: str
    presence: Presence = Presence.ABSENT
    devices: tuple[Device, ...] = ()
    joined_at: datetime | None = None
    admitted_at: datetime | None = None
    left_at: datetime | None = None

    def __post_init__(self) -> None:
        require_id(self.person, "person")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of the in-call chat, to be passed on and forgotten: it is no part of the record (A43)."""

    session: str
    sender: str
    at: datetime
    text: Sensitive[str]


def recording_allowed() -> Literal[False]:
    """Tell whether a session may be recorded: never, in no mode (S43, S111)."""
    return False
