"""A small clinic to try storages and rules on: two clinicians, one under supervision, three clients, one guardian."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.aggregates import Aggregate
from oasys_sched.aio import AsyncDesk
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.desk import Desk
from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.people import BillingType, Client, Clinician, Practice
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import AsyncRepository, Commit, Repository
from oasys_sched.services import Service
from oasys_sched.times import Period

__all__ = ["OPENING", "Clinic"]

# Monday, 08:00 in New York; the clocks change on the Sunday after.
OPENING: Final = datetime(2026, 3, 2, 13, tzinfo=UTC)
_DAY: Final = Period.parse("PT24H")


@final
@dataclass(slots=True, kw_only=True)
class Clinic:
    """One practice, its clock and its counter of ids, over a storage of yours.

    Dana's notes are supervised by Sue; Erin works alone. Ana and Ben come by themselves, Kim through Mum. `approve`:
    clients' bookings wait for an answer. `late`: late cancellations do.
    """

    practice: str = "north"
    now: datetime = OPENING
    approve: bool = False
    late: bool = False
    supervised: bool = True
    ids: int = field(default=0, repr=False)

    def clock(self) -> datetime:
        """Return the clinic's time."""
        return self.now

    def new_id(self) -> str:
        """Return the next id; the same run gives the same ids."""
        self.ids += 1
        return f"id-{self.ids}"

    def actor(self, kind: ActorKind, id: str) -> Actor:
        """Return somebody of this practice."""
        return Actor(kind=kind, id=id, practice=self.practice)

    @property
    def opening(self) -> Commit:
        """The one commit that sets the clinic up."""
        return Commit(practice=self.practice, changes=self.rows)

    @property
    def rows(self) -> tuple[Aggregate, ...]:
        """Everything the clinic has before its first day."""
        practice = self.practice
        rules: dict[str, Any] = {
            "practice": practice,
            "revision": 1,
            "booking": BookingPolicy(
                minimum_notice=Period.parse("PT2H"), slot_step=timedelta(minutes=30), require_approval=self.approve
            ),
            "cancellation": CancellationPolicy(late_threshold=_DAY, late_requires_approval=self.late),
            "reminders": ReminderPolicy(enabled=True, offsets=(_DAY, Period.parse("PT2H"))),
        }
        return (
            Practice(id=practice, revision=1, name="North Practice"),
            Clinician(
                practice=practice,
                id="dana",
                revision=1,
                zone="America/New_York",
                supervisor="sue" if self.supervised else None,
            ),
            Clinician(practice=practice, id="erin", revision=1, zone="Europe/London"),
            Schedule(id="dana", hours=WeeklyHours.parse({"mon-fri": "09:00-13:00"}, zone="America/New_York"), **rules),
            Schedule(id="erin", hours=WeeklyHours.parse({"mon-fri": "14:00-18:00"}, zone="Europe/London"), **rules),
            ServiceRecord(practice=practice, revision=1, service=_therapy()),
            ServiceRecord(practice=practice, revision=1, service=_intake()),
            self._client("ana"),
            self._client("ben", billing_type=BillingType.INSURANCE),
            self._client("kim", email=None, guardian="mum", guardian_email="mum@example.org"),
        )

    def _client(self, id: str, **given: Any) -> Client:
        facts = {"email": f"{id}@example.org", "clinicians": ("dana", "erin"), **given}
        return Client(practice=self.practice, id=id, revision=1, **facts)

    def _desk(self, ports: dict[str, Any]) -> dict[str, Any]:
        given = {"clock": self.clock, "new_id": self.new_id, "new_nonce": self._nonce, "clinician": "dana"}
        return {**given, **ports}

    def _nonce(self) -> str:
        return f"nonce-of-{self.new_id():0>16}"

    def desk(self, repository: Repository, **ports: Any) -> Desk:
        """Open the clinic's desk over a storage that holds `rows`."""
        return Desk(repository, **self._desk({"pause": lambda _: None, **ports}))

    def async_desk(self, repository: AsyncRepository, **ports: Any) -> AsyncDesk:
        """Open the clinic's desk, awaited; it sleeps nowhere."""
        return AsyncDesk(repository, **self._desk({"pause": _at_once, **ports}))


async def _at_once(_: float) -> None:
    """Do not wait."""


def _fees(amount: str) -> FeeSchedule:
    return FeeSchedule(single=Money.of(amount, "USD"))


def _therapy() -> Service:
    return Service(
        id="therapy",
        name="Individual therapy",
        duration=timedelta(minutes=50),
        modes=(Mode.TELEHEALTH, Mode.IN_PERSON),
        buffer_after=timedelta(minutes=10),
        price=_fees("140"),
        no_show_fee=_fees("70"),
        late_cancel_fee=_fees("60"),
    )


def _intake() -> Service:
    return Service(id="intake", name="Intake", duration=timedelta(minutes=30), modes=(Mode.PHONE,), price=_fees("90"))
