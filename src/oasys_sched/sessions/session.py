"""The session: the hour that took place, apart from the appointment that planned it; it may stand alone (S70)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import ClassVar, final

from oasys_sched.aggregates import ALL_TIME, Index, Occupancy
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.fees.billing import EndedSession
from oasys_sched.ids import require_id
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.sessions.call import Participant, Presence
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.times import Span, as_utc, find_zone

__all__ = ["AFTER_THE_FACT", "Origin", "PlaceStatement", "Session"]

_ZERO = timedelta(0)


@unique
class Origin(StrEnum):
    """How a session came into the record."""

    SCHEDULED = "scheduled"
    STANDALONE = "standalone"
    LOGGED = "logged"
    WALK_IN = "walk_in"


# What is told of once it is over.
AFTER_THE_FACT = frozenset({Origin.LOGGED, Origin.WALK_IN})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStatement:
    """Where the client said to be, and whether the clinician may practise there (B12)."""

    place: str
    stated_by: str
    at: datetime
    authorised: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session. `mode` is the actual one; the booked one stays on the appointment (S46).

    `duration` is the planned one. `price` is the appointment's snapshot and stays it when the mode changes (A14).
    `participants` are the client's side of a call and the clinician; `transcripts` the ids of all ever opened.
    """

    kind: ClassVar[str] = "session"

    practice: str
    id: str
    revision: int = 0
    clinician: str
    client: str
    service: str
    mode: Mode
    zone: str
    duration: timedelta
    origin: Origin = Origin.SCHEDULED
    status: SessionStatus = SessionStatus.WAITING
    appointment: str | None = None
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    participants: tuple[Participant, ...] = ()
    places: tuple[PlaceStatement, ...] = ()
    transcripts: tuple[str, ...] = ()
    price: Money | None = None
    note_signed: bool = False
    billed: bool = False

    def __post_init__(self) -> None:
        for name in ("practice", "id", "clinician", "client", "service"):
            require_id(getattr(self, name), name)
        find_zone(self.zone)
        if not _ZERO < self.duration <= timedelta(hours=24):
            raise InvalidValue(
                "give a duration above 0 and up to 24 hours", field="duration", code=Code.INVALID_DURATION
            )
        for name in ("created_at", "started_at", "ended_at"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, as_utc(getattr(self, name), name))

    @property
    def index(self) -> Index:
        """Found by clinician, client, appointment as parent, the time it took and status."""
        start = self.started_at or self.created_at
        end = max(self.ended_at or start + self.duration, start + timedelta(microseconds=1))
        return Index(
            clinician=self.clinician,
            client=self.client,
            parent=self.appointment,
            span=Span(start, end),
            status=self.status,
        )

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """One active session a clinician, one session an appointment, and nothing logged twice (S37, S65)."""
        if self.status is SessionStatus.ABANDONED:
            return ()
        taken: list[str] = []
        if self.status is SessionStatus.ACTIVE:
            taken.append(f"active:{self.clinician}")
        if self.appointment is not None:
            taken.append(f"session:{self.appointment}")
        if self.started_at is not None and self.origin in AFTER_THE_FACT:
            taken.append(f"took-place:{self.client}:{self.service}:{self.started_at.isoformat()}")
        return tuple(Occupancy(resource=resource, span=ALL_TIME) for resource in taken)

    def participant(self, person: str) -> Participant | None:
        """Return one person of the call, or None."""
        return next((row for row in self.participants if row.person == person), None)

    @property
    def clients(self) -> tuple[Participant, ...]:
        """The client's side of the call."""
        return tuple(row for row in self.participants if row.person != self.clinician)

    @property
    def waiting(self) -> tuple[Participant, ...]:
        """Who is in the waiting room."""
        return tuple(row for row in self.clients if row.presence is Presence.WAITING)

    @property
    def admitted_at(self) -> datetime | None:
        """When the first client was admitted to the call, or None."""
        return min((row.admitted_at for row in self.clients if row.admitted_at is not None), default=None)

    def elapsed(self, now: datetime) -> timedelta:
        """Return the time since the start, up to the end; never negative (S47)."""
        if self.started_at is None:
            return _ZERO
        return max((self.ended_at or as_utc(now, "now")) - self.started_at, _ZERO)

    def as_billable(self) -> EndedSession:
        """Return what the Bill Sessions list has to know of it (S69).

        Raises:
            InvalidValue: it has not ended.
        """
        if self.status is not SessionStatus.ENDED or self.started_at is None:
            raise InvalidValue("only an ended session is billed", field="status", code=Code.SESSION_ACTIVE)
        return EndedSession(
            id=self.id,
            client=self.client,
            clinician=self.clinician,
            service=self.service,
            mode=self.mode,
            started_at=self.started_at,
            price=self.price,
            appointment=self.appointment,
            billed=self.billed,
            note_signed=self.note_signed,
        )
