"""A transcript's metadata, and the obligation to erase it. The text itself is in the transcript store alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import ClassVar, Final, final

from oasys_sched.aggregates import ALL_TIME, Index, Occupancy
from oasys_sched.ids import require_id
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.table import TranscriptStatus
from oasys_sched.times import as_utc

__all__ = [
    "READABLE",
    "PurgeObligation",
    "PurgeReason",
    "PurgeReceipt",
    "PurgeStatus",
    "Segment",
    "Tombstone",
    "Transcript",
    "TranscriptSource",
]

READABLE: Final = frozenset({TranscriptStatus.LIVE, TranscriptStatus.PAUSED, TranscriptStatus.RETAINED})


@unique
class TranscriptSource(StrEnum):
    """Where the text came from: a live session, or dictation into a draft (S66)."""

    LIVE = "live"
    DICTATION = "dictation"


@unique
class PurgeReason(StrEnum):
    """Why a transcript had to go (S45, RULES 3.7)."""

    NOTE_LOCKED = "note_locked"
    AGE = "age"
    CLINICIAN = "clinician"
    ABANDONED = "abandoned"


@unique
class PurgeStatus(StrEnum):
    """An obligation is open until it is proven."""

    OPEN = "open"
    PROVEN = "proven"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of text, on its way to the store under its number."""

    transcript: str
    number: int
    text: Sensitive[str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What stays of a transcript: when, why, how many segments."""

    at: datetime
    why: PurgeReason
    count: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The metadata of one transcript: it never holds text."""

    kind: ClassVar[str] = "transcript"

    practice: str
    id: str
    revision: int = 0
    session: str
    clinician: str
    client: str
    source: TranscriptSource = TranscriptSource.LIVE
    status: TranscriptStatus = TranscriptStatus.LIVE
    segments: int = 0
    opened_at: datetime
    tombstone: Tombstone | None = None

    def __post_init__(self) -> None:
        for name in ("practice", "id", "session", "clinician", "client"):
            require_id(getattr(self, name), name)
        object.__setattr__(self, "opened_at", as_utc(self.opened_at, "opened_at"))

    @property
    def readable(self) -> bool:
        """Whether its text may still be read."""
        return self.status in READABLE

    @property
    def index(self) -> Index:
        """Found by clinician, client, session as parent and status."""
        return Index(clinician=self.clinician, client=self.client, parent=self.session, status=self.status)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """One readable live transcript a session."""
        if not self.readable or self.source is not TranscriptSource.LIVE:
            return ()
        return (Occupancy(resource=f"transcript:{self.session}", span=ALL_TIME),)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeReceipt:
    """The proof that nothing is left: by which store and method, how much, when."""

    store: str
    method: str
    count: int
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeObligation:
    """The duty to erase one transcript; its id is the transcript's, so that there is never a second one."""

    kind: ClassVar[str] = "purge"

    practice: str
    id: str
    revision: int = 0
    session: str
    reason: PurgeReason
    status: PurgeStatus = PurgeStatus.OPEN
    opened_at: datetime
    due: datetime
    attempts: int = 0
    receipt: PurgeReceipt | None = None

    def __post_init__(self) -> None:
        for name in ("practice", "id", "session"):
            require_id(getattr(self, name), name)
        for name in ("opened_at", "due"):
            object.__setattr__(self, name, as_utc(getattr(self, name), name))

    @property
    def index(self) -> Index:
        """Found by session as parent and by status."""
        return Index(parent=self.session, status=self.status)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()
