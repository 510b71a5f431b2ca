"""The appointment: one planned hour of one client with one clinician."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import ClassVar, Final, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.fees.charges import Charge
from oasys_sched.ids import require_id
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.reasons import Initiator
from oasys_sched.policies.terms import Terms
from oasys_sched.times import Span, as_utc, find_zone

__all__ = ["Appointment", "AppointmentStatus", "Cancellation", "Initiator", "Source"]


@unique
class AppointmentStatus(StrEnum):
    """The states of RULES 3.2."""

    PENDING = "pending"
    UPCOMING = "upcoming"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


@unique
class Source(StrEnum):
    """Which door a booking came through; every door has the same rules (S21)."""

    CLINICIAN = "clinician"
    CLIENT = "client"
    WIDGET = "widget"


# What still takes up the clinician's time (A9: a pending booking holds its slot).
OCCUPYING: Final = frozenset({AppointmentStatus.PENDING, AppointmentStatus.UPCOMING, AppointmentStatus.IN_PROGRESS})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Why, by whom and when a cancellation was asked for; lateness is frozen with the start then in force (A4)."""

    reason: str
    initiator: Initiator
    requested_at: datetime
    late: bool = False
    text: str = field(default="", repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One booking. `starts_at` is kept in UTC; `zone` is the clinician's, so that the wall time stays known.

    `recurrence_id` is the immutable original wall-clock start within its series (S12); `original_start` is the first
    start ever agreed on, `reschedules` counts moves the client asked for (B16); `sequence` rises with each invite
    (S28); price and terms are snapshots (S6, B3); `change_reason` is the free text of the last move (S29), no-show or
    undoing of one.
    """

    kind: ClassVar[str] = "appointment"

    practice: str
    id: str
    revision: int = 0
    clinician: str
    client: str
    service: str
    mode: Mode
    starts_at: datetime
    duration: timedelta
    zone: str
    status: AppointmentStatus = AppointmentStatus.UPCOMING
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    price: Money | None = None
    location: str | None = None
    source: Source = Source.CLINICIAN
    created_at: datetime
    original_start: datetime | None = None
    reschedules: int = 0
    overlap_allowed: bool = False
    series: str | None = None
    recurrence_id: datetime | None = None
    sequence: int = 0
    change_reason: str = field(default="", repr=False)
    no_show_at: datetime | None = None
    late_notice: bool = False
    cancellation: Cancellation | None = None
    charge: Charge | None = None
    terms: Terms | None = None
    billed: bool = False

    def __post_init__(self) -> None:
        for name in ("practice", "id", "clinician", "client", "service"):
            require_id(getattr(self, name), name)
        find_zone(self.zone)
        if not timedelta(0) < self.duration <= timedelta(hours=24):
            raise InvalidValue(
                "give a duration above 0 and up to 24 hours", field="duration", code=Code.INVALID_DURATION
            )
        object.__setattr__(self, "starts_at", as_utc(self.starts_at, "starts_at"))
        object.__setattr__(self, "created_at", as_utc(self.created_at, "created_at"))

    @property
    def ends_at(self) -> datetime:
        """When it is due to end; hours elapse."""
        return self.starts_at + self.duration

    @property
    def span(self) -> Span:
        """The planned time, half-open, in UTC, without buffers."""
        return Span(self.starts_at, self.ends_at)

    def overlaps(self, span: Span) -> bool:
        """Tell whether the planned time shares an instant with a span; builds nothing, for long agendas."""
        return self.starts_at < span.end and span.start < self.starts_at + self.duration

    @property
    def late(self) -> bool:
        """Whether it was cancelled late by the client (S103)."""
        return self.cancellation is not None and self.cancellation.late

    @property
    def index(self) -> Index:
        """Found by clinician, client, series as parent, time and status."""
        return Index(
            clinician=self.clinician, client=self.client, parent=self.series, span=self.span, status=self.status
        )

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """The clinician's and the client's time, while it is still to happen or happening."""
        if self.status not in OCCUPYING:
            return ()
        exclusive = not self.overlap_allowed
        return (
            Occupancy(resource=f"clinician:{self.clinician}", span=self.span, group=self.id, exclusive=exclusive),
            Occupancy(resource=f"client:{self.client}", span=self.span, group=self.id, exclusive=exclusive),
        )
