"""A small practice on a desk: one clinician, two clients, one service, a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import Commit, OutboxRow

NORTH = "north"
ANA, BEN, CAT = (sched.Actor.client(id, practice=NORTH) for id in ("ana", "ben", "cat"))
DANA = sched.Actor.clinician("dana", practice=NORTH)
SYSTEM = sched.Actor.system(practice=NORTH)
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)  # 09:00 in New York


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class Inbox:
    """A notifier that keeps what it delivers."""

    def __init__(self) -> None:
        self.rows: list[OutboxRow] = []

    def deliver(self, row: OutboxRow, /) -> None:
        self.rows.append(row)

    def templates(self, recipient: str) -> list[str]:
        return [row.template for row in self.rows if row.recipient == recipient]


def service(**given: object) -> sched.Service:
    usd = lambda amount: sched.FeeSchedule(single=sched.Money.of(amount, "USD"))
    return sched.Service(
        **{
            "id": "therapy-50",
            "name": "Individual therapy",
            "duration": timedelta(minutes=50),
            "modes": (sched.Mode.TELEHEALTH, sched.Mode.IN_PERSON),
            "buffer_after": timedelta(minutes=10),
            "price": usd("120"),
            "no_show_fee": usd("60"),
            "late_cancel_fee": usd("40"),
        }
        | given  # type: ignore[arg-type]
    )


def schedule(**given: object) -> Schedule:
    return Schedule(
        **{
            "practice": NORTH,
            "id": "dana",
            "revision": 1,
            "hours": sched.WeeklyHours.parse({"mon-fri": "09:00-17:00"}, zone="America/New_York"),
            "booking": sched.BookingPolicy(minimum_notice=sched.Period.parse("PT24H"), slot_step=timedelta(minutes=30)),
            "cancellation": CancellationPolicy(late_threshold=sched.Period.parse("PT24H")),
            "reminders": ReminderPolicy(
                enabled=True, offsets=(sched.Period.parse("PT24H"), sched.Period.parse("PT2H"))
            ),
        }
        | given  # type: ignore[arg-type]
    )


def client(id: str, **given: object) -> Client:
    return Client(
        **{"practice": NORTH, "id": id, "revision": 1, "clinicians": ("dana",), "email": f"{id}@example.org"} | given  # type: ignore[arg-type]
    )


def opened(
    *,
    now: datetime = MONDAY - timedelta(days=14),
    plan: Schedule | None = None,
    offers: sched.Service | None = None,
    store: Callable[[Clock], Any] = lambda clock: MemoryRepository(clock=clock),
    kind: Any = sched.Desk,
    **desk: object,
) -> tuple[sched.Desk, Clock, Any]:
    """A desk of a kind with the practice in its storage: in memory, or in what `store` makes of a clock."""
    clock = Clock(now)
    repository = store(clock)
    repository.commit(
        Commit(
            practice=NORTH,
            changes=(
                Practice(id=NORTH, revision=1, name="North Practice"),
                Clinician(practice=NORTH, id="dana", revision=1, zone="America/New_York", name="Dana"),
                plan or schedule(),
                ServiceRecord(practice=NORTH, revision=1, service=offers or service()),
                client("ana"),
                client("ben"),
                client("cat", email=None, clinicians=("someone",)),
            ),
        )
    )
    numbers = count(1)
    made = kind(
        repository,
        clock=clock,
        new_id=lambda: f"id-{next(numbers)}",
        pause=lambda _: None,
        **desk,
    )
    return made, clock, repository
