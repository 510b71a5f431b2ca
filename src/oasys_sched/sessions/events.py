"""What happened in sessions and to transcripts: ids, times and counts, never a word that was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import final

from oasys_sched.actors import ActorKind
from oasys_sched.decisions import Event
from oasys_sched.modes import Mode
from oasys_sched.sessions.call import Device
from oasys_sched.sessions.session import Origin
from oasys_sched.sessions.transcript import PurgeReason, TranscriptSource

__all__ = [
    "ClientAdmitted",
    "ClientWaiting",
    "DeviceSwitched",
    "ParticipantLeft",
    "PurgeOrdered",
    "PurgeUnproven",
    "SessionAbandoned",
    "SessionBilled",
    "SessionEnded",
    "SessionEvent",
    "SessionLinked",
    "SessionLogged",
    "SessionStarted",
    "TranscriptErased",
    "TranscriptEvent",
    "TranscriptPaused",
    "TranscriptResumed",
    "TranscriptRetained",
    "TranscriptStarted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(Event):
    """The facts every session event carries."""

    practice: str
    session: str
    clinician: str
    client: str
    appointment: str | None
    mode: Mode
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(SessionEvent):
    """The clinician started it (S37); `booked_mode` differs from `mode` when that was changed at the start (S46)."""

    origin: Origin
    booked_mode: Mode


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClientWaiting(SessionEvent):
    """Somebody entered the waiting room: notice to the clinician (S40)."""

    person: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdmitted(SessionEvent):
    """The clinician let somebody in (S41)."""

    person: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLeft(SessionEvent):
    """Somebody left the call or the waiting room."""

    person: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSwitched(SessionEvent):
    """A participant switched a device or a capability (S39, S42)."""

    device: Device
    on: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(SessionEvent):
    """It ended (S55); `lasted` runs from the start."""

    lasted: timedelta


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAbandoned(SessionEvent):
    """The client never came (A23); `was_waiting` is the evidence against a no-show (B15)."""

    was_waiting: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLogged(SessionEvent):
    """A session that took place elsewhere was recorded (S61, S72); nobody is told (S70)."""

    origin: Origin
    took_place: datetime
    lasted: timedelta


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLinked(SessionEvent):
    """A logged session became the outcome of a past appointment (A31)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBilled(SessionEvent):
    """It was billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptEvent(Event):
    """The facts every transcript event carries."""

    practice: str
    transcript: str
    session: str
    clinician: str
    client: str
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptStarted(TranscriptEvent):
    """Transcription was turned on (S44, S48), or dictation begun (S66)."""

    source: TranscriptSource


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPaused(TranscriptEvent):
    """Transcription was turned off for now."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptResumed(TranscriptEvent):
    """Transcription was turned on again."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptRetained(TranscriptEvent):
    """Its session ended; it waits for the note to be locked."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeOrdered(TranscriptEvent):
    """It is unreadable from this commit on, and has to be erased by `due` (S45, S58)."""

    reason: PurgeReason
    due: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeUnproven(TranscriptEvent):
    """The store could not prove that nothing is left: the obligation stays open."""

    attempts: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptErased(TranscriptEvent):
    """Nothing is left, and the receipt says by what proof."""

    store: str
    method: str
    count: int
