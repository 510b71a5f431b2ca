"""A clinician's schedule and a practice's services, as stored things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.availability.overrides import DateOverride
from oasys_sched.fees.grace import GracePolicy
from oasys_sched.ids import require_id
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.services import Service

__all__ = ["Schedule", "ServiceRecord"]

_BOOKING: Final = BookingPolicy()
_CANCELLATION: Final = CancellationPolicy()
_REMINDERS: Final = ReminderPolicy()
_GRACE: Final = GracePolicy()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When one clinician works and under which rules; its id is the clinician's.

    `hours` of None means that no availability is set up: nothing can be booked by clients (S15).
    `calendar_connected` says that external busy times are known; whether they block is the booking policy's (A12).
    """

    kind: ClassVar[str] = "schedule"

    practice: str
    id: str
    revision: int = 0
    hours: WeeklyHours | None = None
    overrides: tuple[DateOverride, ...] = ()
    booking: BookingPolicy = _BOOKING
    cancellation: CancellationPolicy = _CANCELLATION
    reminders: ReminderPolicy = _REMINDERS
    grace: GracePolicy = _GRACE
    calendar_connected: bool = False

    def __post_init__(self) -> None:
        require_id(self.practice, "practice")
        require_id(self.id, "id")

    @property
    def index(self) -> Index:
        """Found by clinician."""
        return Index(clinician=self.id)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """One service of a practice as it is stored (O6)."""

    kind: ClassVar[str] = "service"

    practice: str
    service: Service
    revision: int = 0

    def __post_init__(self) -> None:
        require_id(self.practice, "practice")

    @property
    def id(self) -> str:
        """The service's own id."""
        return self.service.id

    @property
    def index(self) -> Index:
        """Found by id and by whether it is active."""
        return Index(status="active" if self.service.active else "inactive")

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()
