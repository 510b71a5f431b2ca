"""Bookings a second through the desk, per storage, beside the floor: the very same statements sent by hand.

One pass writes down every statement and value that the bookings send. Then two databases that are alike are booked side
by side: one through the desk (rules, JSON, audit hashes, storage), one by sending what was written down. Reads, which
the floor also sends, are fetched and thrown away. All times are wall clock: the server works too.
"""

from __future__ import annotations

import gc
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import Commit

P = "north"
NOW = datetime(2026, 3, 2, 13, tzinfo=UTC)
CLIENTS = 30
BATCH = 20
BATCHES = 16
Sent = tuple[str, Any]


def opening() -> Commit:
    """A practice with one clinician, eight hours a day, and thirty clients."""
    service = sched.Service(
        id="therapy", name="Therapy", duration=timedelta(minutes=50), buffer_after=timedelta(minutes=10),
        modes=(sched.Mode.TELEHEALTH,), price=sched.FeeSchedule(single=sched.Money.of("120", "USD")),
    )  # fmt: skip
    schedule = Schedule(
        practice=P, id="dana", revision=1,
        hours=sched.WeeklyHours.parse({"mon-fri": "09:00-17:00"}, zone="America/New_York"),
        booking=sched.BookingPolicy(slot_step=timedelta(minutes=30)),
        reminders=ReminderPolicy(enabled=True, offsets=(sched.Period.parse("PT24H"),)),
    )  # fmt: skip
    clients = tuple(
        Client(practice=P, id=f"c{number}", revision=1, clinicians=("dana",), email=f"c{number}@example.org")
        for number in range(CLIENTS)
    )
    people = (
        Practice(id=P, revision=1, name="North"),
        Clinician(practice=P, id="dana", revision=1, zone="America/New_York"),
    )
    return Commit(
        practice=P, changes=(*people, schedule, ServiceRecord(practice=P, revision=1, service=service), *clients)
    )


def books(repository: Any) -> Callable[[], None]:
    """A function that books the next batch. Two of them send the very same values."""
    repository.commit(opening())
    ids, turns = count(), count()
    desk = sched.Desk(repository, clock=lambda: NOW, new_id=lambda: f"{next(ids):032x}")

    def batch() -> None:
        for _ in range(BATCH):
            number = next(turns)
            day, hour = divmod(number, 8)
            week, weekday = divmod(day, 5)
            # 09:00 in New York, on either side of the change to summer time.
            start = datetime(2026, 3, 9, 13, tzinfo=UTC) + timedelta(weeks=week, days=weekday, hours=hour)
            client = desk.acting_as(sched.Actor.client(f"c{number % CLIENTS}", practice=P))
            client.book(service="therapy", starts_at=start, mode="telehealth", key=f"k{number}").or_raise()

    return batch


def compared(name: str, contenders: dict[str, Callable[[], None]]) -> None:
    """Time batches in turn; print bookings a second of each, and how many times the floor the desk costs."""
    spent: dict[str, list[float]] = {what: [] for what in contenders}
    for turn in range(BATCHES):
        for what in list(contenders)[:: 1 if turn % 2 else -1]:
            gc.collect(0)
            began = time.perf_counter()
            contenders[what]()
            spent[what].append((time.perf_counter() - began) / BATCH)
    desk, *floor = (statistics.median(row) for row in spent.values())
    line = f"{name:<28} {desk * 1e3:>8.2f} ms {1 / desk:>8,.0f} a second"
    if floor:
        ratios = [one / other for one, other in zip(*spent.values(), strict=True)]
        line += f"   floor {floor[0] * 1e3:>6.2f} ms {1 / floor[0]:>8,.0f} a second"
        line += f"   {statistics.median(ratios):.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
    print(line)


class Noting(sqlite3.Connection):
    """A connection that writes down what goes through it."""

    notes: list[Sent]

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        self.notes.append((statement, values))
        return super().execute(statement, values)


def sqlite(folder: Path) -> None:
    def opened(name: str, kind: type[sqlite3.Connection] = sqlite3.Connection) -> tuple[SqliteRepository, Any]:
        path = folder / f"{name}.db"
        repository = SqliteRepository(path)
        repository.close()
        connection = sqlite3.connect(path, isolation_level=None, factory=kind)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            sqlite3.Connection.execute(connection, f"PRAGMA {pragma}")
        repository._local.connection = connection
        return repository, connection

    repository, connection = opened("first", Noting)
    batch, notes = noted(repository, lambda kept: setattr(connection, "notes", kept))
    repository, connection = opened("desk")
    desk = books(repository)
    floor, bare = opened("floor")
    books(floor)

    def send() -> None:
        for statement, values in next(notes):
            bare.execute(statement, values).fetchall()

    compared("SQLite, WAL, FULL", {"desk": desk, "floor": send})
    for one in (batch, connection, bare):
        one.close()


def noted(repository: Any, keep: Callable[[list[Sent]], None]) -> tuple[Any, Iterator[list[Sent]]]:
    """Book everything once and return what was sent, batch by batch."""
    keep([])
    batch, sent = books(repository), []
    for _ in range(BATCHES):
        notes: list[Sent] = []
        keep(notes)
        batch()
        sent.append(notes)
    return repository, iter(sent)


def postgresql(folder: Path) -> None:
    import psycopg
    from sqlalchemy import event

    from oasys_sched.adapters.sql import SqlRepository
    from tests.postgres import new_database

    def opened() -> tuple[SqlRepository, str]:
        url = new_database(folder)
        repository = SqlRepository(url)
        repository.migrate()
        return repository, url.replace("+psycopg", "")

    repository, _ = opened()
    kept: list[list[Sent]] = [[]]

    @event.listens_for(repository.engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        kept[0].append(("read" if connection.get_isolation_level() == "AUTOCOMMIT" else statement, (statement, values)))

    @event.listens_for(repository.engine, "commit")
    def committed(connection: Any) -> None:
        if connection.get_isolation_level() != "AUTOCOMMIT":
            kept[0].append(("COMMIT", None))

    first, notes = noted(repository, lambda notes: kept.__setitem__(0, notes))
    second, _ = opened()
    desk = books(second)
    third, url = opened()
    books(third)
    reading, writing = psycopg.connect(url, autocommit=True), psycopg.connect(url)

    def send() -> None:
        for what, said in next(notes):
            if what == "COMMIT":
                writing.commit()
                continue
            answer = (reading if what == "read" else writing).execute(*said)
            if answer.description is not None:
                answer.fetchall()

    compared("PostgreSQL, on a socket", {"desk": desk, "floor": send})
    for one in (reading, writing, first, second, third):
        one.close()


@contextmanager
def server() -> Iterator[Path | None]:
    try:
        import psycopg  # noqa: F401
        import sqlalchemy  # noqa: F401

        from tests.postgres import MISSING, binaries, cluster
    except ImportError as missing:
        print(f"PostgreSQL: {missing}")
        yield None
        return
    if binaries() is None:
        print(f"PostgreSQL: {MISSING}")
        yield None
    else:
        with cluster() as folder:
            yield folder


def main() -> None:
    print(
        f"a client books with an idempotency key; the clinician's diary fills up to {BATCH * BATCHES} appointments;"
        f" medians of {BATCHES} batches in turn"
    )
    compared("memory", {"desk": books(MemoryRepository())})
    with TemporaryDirectory() as folder:
        sqlite(Path(folder))
    with server() as folder:
        if folder is not None:
            postgresql(folder)


if __name__ == "__main__":
    main()
