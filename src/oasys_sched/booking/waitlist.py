"""The waitlist: who would like an earlier or better time, and the offer of a freed slot (B14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum, unique
from typing import ClassVar, Final, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.errors import InvalidValue
from oasys_sched.ids import require_id
from oasys_sched.modes import Mode
from oasys_sched.times import Span, as_utc, find_zone

__all__ = ["WAITLIST", "Preference", "WaitlistAct", "WaitlistEntry", "WaitlistOffer", "WaitlistStatus", "matching"]


@unique
class WaitlistStatus(StrEnum):
    """Where an entry stands; the last three are terminal."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    EXPIRED = "expired"


@unique
class WaitlistAct(StrEnum):
    """What can happen to an entry."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    LOSE = "lose"
    LEAVE = "leave"
    EXPIRE = "expire"


_S = WaitlistStatus
_A = WaitlistAct

WAITLIST: Final[Mapping[WaitlistStatus, Mapping[WaitlistAct, WaitlistStatus]]] = {
    _S.WAITING: {_A.OFFER: _S.OFFERED, _A.LEAVE: _S.LEFT, _A.EXPIRE: _S.EXPIRED},
    _S.OFFERED: {
        _A.ACCEPT: _S.BOOKED,
        _A.DECLINE: _S.WAITING,
        _A.LAPSE: _S.WAITING,
        _A.LOSE: _S.WAITING,
        _A.LEAVE: _S.LEFT,
    },
    _S.BOOKED: {},
    _S.LEFT: {},
    _S.EXPIRED: {},
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Which times suit: weekdays (0 is Monday; none: all), a wall-clock range half-open, dates inclusive."""

    weekdays: tuple[int, ...] = ()
    after: time = time.min
    before: time | None = None
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if not all(day in range(7) for day in self.weekdays):
            raise InvalidValue("give weekdays as 0 (Monday) to 6", field="weekdays")
        if self.before is not None and self.before <= self.after:
            raise InvalidValue("give an end after the beginning", field="before")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise InvalidValue("give a last date not before the first", field="last")

    def suits(self, wall: datetime) -> bool:
        """Tell whether a wall-clock start suits."""
        return (
            (not self.weekdays or wall.weekday() in self.weekdays)
            and self.after <= wall.time()
            and (self.before is None or wall.time() < self.before)
            and (self.first is None or self.first <= wall.date())
            and (self.last is None or wall.date() <= self.last)
        )


_ANY: Final = Preference()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistOffer:
    """One freed slot on offer until `expires_at`; it is held for everybody it is offered to.

    `over` is the appointment that would make way, where the slot overlaps it: then nobody else can be offered the slot.
    """

    span: Span
    expires_at: datetime
    over: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "expires_at", as_utc(self.expires_at, "expires_at"))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistEntry:
    """One client waiting for a time with one clinician.

    `appointment` is the one to be moved, kept until an offer is accepted; None asks for a new one.
    """

    kind: ClassVar[str] = "waitlist"

    practice: str
    id: str
    revision: int = 0
    clinician: str
    client: str
    service: str
    mode: Mode
    zone: str
    joined_at: datetime
    preference: Preference = _ANY
    appointment: str | None = None
    status: WaitlistStatus = WaitlistStatus.WAITING
    offer: WaitlistOffer | None = None

    def __post_init__(self) -> None:
        for name in ("practice", "id", "clinician", "client", "service"):
            require_id(getattr(self, name), name)
        find_zone(self.zone)
        object.__setattr__(self, "joined_at", as_utc(self.joined_at, "joined_at"))

    @property
    def hold(self) -> WaitlistOffer | None:
        """The offer that is open, if any."""
        return self.offer if self.status is WaitlistStatus.OFFERED else None

    @property
    def index(self) -> Index:
        """Found by clinician, client, the appointment to be moved as parent, the offered time and status."""
        span = self.hold.span if self.hold else None
        return Index(
            clinician=self.clinician, client=self.client, parent=self.appointment, span=span, status=self.status
        )

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """The offered slot, one group for everybody it is offered to: they may all hold it, nobody else may."""
        if self.hold is None:
            return ()
        shared = f"offer:{self.clinician}:{self.hold.span.start.isoformat()}"
        return (
            Occupancy(
                resource=f"clinician:{self.clinician}",
                span=self.hold.span,
                group=self.hold.over or shared,
                expires_at=self.hold.expires_at,
            ),
        )


def matching(
    entries: Iterable[WaitlistEntry], *, clinician: str, service: str, mode: Mode, starts_at: datetime
) -> tuple[WaitlistEntry, ...]:
    """Return the waiting entries that a freed slot suits, the longest waiting first."""
    fitting = [
        entry
        for entry in entries
        if entry.status is WaitlistStatus.WAITING
        and (entry.clinician, entry.service, entry.mode) == (clinician, service, mode)
        and entry.preference.suits(starts_at.astimezone(find_zone(entry.zone)).replace(tzinfo=None))
    ]
    return tuple(sorted(fitting, key=lambda entry: (entry.joined_at, entry.id)))
