"""What happened to notes: ids, times and digests, never a word of what is written in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from oasys_sched.actors import ActorKind
from oasys_sched.decisions import Event
from oasys_sched.sessions.note import NoteKind

__all__ = [
    "AddendumApproved",
    "AddendumReturned",
    "AddendumSigned",
    "AddendumSubmitted",
    "AddendumWritten",
    "AttachmentAdded",
    "AttachmentRemoved",
    "NoteApproved",
    "NoteEvent",
    "NoteLocked",
    "NoteRecalled",
    "NoteReturned",
    "NoteStarted",
    "NoteSubmitted",
    "NoteWritten",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvent(Event):
    """The facts every note event carries; `purpose` tells a psychotherapy note, for whoever passes events on."""

    practice: str
    note: str
    session: str
    clinician: str
    client: str
    purpose: NoteKind
    revision: int
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStarted(NoteEvent):
    """The draft of a session came to be (S50)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(NoteEvent):
    """The draft has a new revision (S51); `inserted` tells an explicit insert of an answer or a transcript."""

    inserted: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(NoteEvent):
    """A file was attached (S54)."""

    attachment: str
    media_type: str
    size: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRemoved(NoteEvent):
    """A file was taken off the draft again."""

    attachment: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSubmitted(NoteEvent):
    """The author signed and asks for review: notice to the supervisor (S60)."""

    supervisor: str
    digest: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteApproved(NoteEvent):
    """The supervisor signed too: notice to the author (S60)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReturned(NoteEvent):
    """The supervisor returned it with a comment: notice to the author (S60)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecalled(NoteEvent):
    """The author took it back: notice to the supervisor, if there still is one (A26)."""

    supervisor: str | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLocked(NoteEvent):
    """It is a permanent record (S57). The audit keeps the `seal`, which anchors `verify`."""

    digest: str
    seal: str
    late_entry: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumWritten(NoteEvent):
    """An addendum was drafted (B7)."""

    addendum: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumSubmitted(NoteEvent):
    """A supervised author asks for review of an addendum: notice to the supervisor (B7)."""

    addendum: str
    supervisor: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumApproved(NoteEvent):
    """The supervisor signed an addendum too: notice to the author (B7)."""

    addendum: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumReturned(NoteEvent):
    """The supervisor returned an addendum with a comment: notice to the author (B7)."""

    addendum: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumSigned(NoteEvent):
    """An addendum is part of the record for good (B7)."""

    addendum: str
    seal: str
