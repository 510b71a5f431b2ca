"""The example practice of the demo and the docs: one clinician, two clients, one service, in the year 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final, Self, final

from oasys_sched.actors import Actor
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.aggregates import Aggregate
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.desk import Desk
from oasys_sched.errors import MissingExtra
from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.people import BillingType, Client, ClientStatus, Clinician, Practice
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import Commit, Query, TranscriptStore, Wanted
from oasys_sched.services import Service
from oasys_sched.sessions.transcript import PurgeObligation
from oasys_sched.testing.doubles import MemoryTranscripts
from oasys_sched.times import Period, find_zone

__all__ = ["Example"]

PRACTICE: Final = "harbour"
ZONE: Final = "America/New_York"
SERVICE: Final = Service(
    id="therapy-50",
    name="Individual therapy",
    duration=timedelta(minutes=50),
    modes=(Mode.TELEHEALTH, Mode.IN_PERSON),
    buffer_after=timedelta(minutes=10),
    price=FeeSchedule(single=Money.of("140.00", "USD")),
    no_show_fee=FeeSchedule(single=Money.of("70.00", "USD")),
    late_cancel_fee=FeeSchedule(
        single=Money.of("50.00", "USD"), per_mode=((Mode.IN_PERSON, Money.of("60.00", "USD")),)
    ),
)
SCHEDULE: Final = Schedule(
    practice=PRACTICE,
    id="rivera",
    hours=WeeklyHours.parse({"mon-thu": "09:00-12:00, 13:00-17:00", "fri": "09:00-12:00"}, zone=ZONE),
    booking=BookingPolicy(
        require_approval=True,
        minimum_notice=Period.parse("PT24H"),
        maximum_advance=Period.parse("P3M"),
        slot_step=timedelta(minutes=30),
    ),
    cancellation=CancellationPolicy(late_threshold=Period.parse("PT24H")),
    reminders=ReminderPolicy(enabled=True, offsets=(Period.parse("PT24H"),)),
)
PEOPLE: Final[tuple[Aggregate, ...]] = (
    Practice(id=PRACTICE, name="Harbour Practice"),
    Clinician(practice=PRACTICE, id="rivera", name="Dr Rivera", zone=ZONE, email="rivera@example.org"),
    SCHEDULE,
    ServiceRecord(practice=PRACTICE, service=SERVICE),
    Client(
        practice=PRACTICE,
        id="ana",
        name="Ana Ruiz",
        status=ClientStatus.ACTIVE,
        billing_type=BillingType.CASH_PAY,
        clinicians=("rivera",),
        email="ana@example.org",
    ),
    Client(
        practice=PRACTICE,
        id="bjorn",
        name="Björn Ødegård",
        status=ClientStatus.ACTIVE,
        billing_type=BillingType.INSURANCE,
        clinicians=("rivera",),
        email="bjorn@example.org",
    ),
)
NAMES: Final = {"ana": "Ana Ruiz", "bjorn": "Björn Ødegård"}


@final
class Example:
    """A practice in a folder of files, with a clock that is set by hand: the same things happen on every machine."""

    def __init__(self, folder: Path) -> None:
        self._now = self.at(2, 9)
        ids: Iterator[int] = count(1)
        self.repository = SqliteRepository(folder / "practice.db", clock=lambda: self._now)
        self.repository.commit(
            Commit(practice=PRACTICE, changes=tuple(replace(one, revision=1) for one in PEOPLE))  # type: ignore[type-var]
        )
        self.transcripts, self._close = _transcripts(folder)
        self.desk = Desk(
            self.repository,
            transcripts=self.transcripts,
            clinician="rivera",
            clock=lambda: self._now,
            new_id=lambda: f"id-{next(ids)}",
            new_nonce=lambda: f"nonce-of-{next(ids):0>16}",
        )
        self.clinician = self.desk.acting_as(Actor.clinician("rivera", practice=PRACTICE))
        self.ana = self.desk.acting_as(Actor.client("ana", practice=PRACTICE))
        self.bjorn = self.desk.acting_as(Actor.client("bjorn", practice=PRACTICE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.repository.close()
        self._close()

    @staticmethod
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        """Return a local time of March 2026."""
        return datetime(2026, 3, day, hour, minute, tzinfo=find_zone(ZONE))

    def set_clock(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Let it be a later time; return it."""
        self._now = self.at(day, hour, minute).astimezone(UTC)
        return self._now

    def appointments(self) -> tuple[Appointment, ...]:
        """Every appointment there is."""
        found = self.repository.load(Wanted(practice=PRACTICE, queries=(Query(kind=Appointment.kind),)))
        return found.all(Appointment)

    def appointment(self, id: str) -> Appointment:
        """One appointment as it is now."""
        return next(row for row in self.appointments() if row.id == id)

    def purge(self, transcript: str) -> PurgeObligation:
        """What is owed or proven about one transcript's erasure."""
        wanted = Wanted(practice=PRACTICE, queries=(Query(kind=PurgeObligation.kind),))
        return next(row for row in self.repository.load(wanted).all(PurgeObligation) if row.id == transcript)


def _transcripts(folder: Path) -> tuple[TranscriptStore, Callable[[], None]]:
    """Encrypted where the extra `crypto` is there, else in memory; and how to close it."""
    try:
        from oasys_sched.adapters.transcripts import EncryptedTranscripts
    except MissingExtra:
        return MemoryTranscripts(), lambda: None
    store = EncryptedTranscripts(folder)
    return store, store.close
