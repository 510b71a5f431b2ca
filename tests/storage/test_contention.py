"""Everybody wants the same times: each storage gives each to one, and its own guard is what does it.

OASYS_CONTENTION=200000 makes the first tests of each storage that much longer (`make soak`).
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from multiprocessing import Pipe
from pathlib import Path
from threading import Barrier, Event, Lock

import psycopg
import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.errors import PortFailed, StaleWrite
from oasys_sched.ports import Commit, Snapshot, Wanted
from oasys_sched.testing.contend import Contention, _Plan, _work, contend
from oasys_sched.testing.crews import answer
from tests.postgres import empty_practice, new_database

ATTEMPTS = int(os.environ.get("OASYS_CONTENTION", "10000"))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[Contention], None]]:
    """Print the figures of a long run past pytest's capture."""
    reports: list[Contention] = []
    yield reports.append
    if "OASYS_CONTENTION" in os.environ:
        with capsys.disabled():
            sys.stdout.write("".join(f"\n{report}" for report in reports))


def deadlocks(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


def test_postgresql_gives_each_time_to_one(postgres: Path, told: Callable[[Contention], None]) -> None:
    url = empty_practice(postgres)
    before = deadlocks(url)

    report = contend(partial(SqlRepository, url), attempts=ATTEMPTS, workers=32)

    told(report)
    assert report.sound, report
    assert report.attempts >= ATTEMPTS
    assert report.booked == report.attempts // 32
    assert report.again == 0, "nobody had to be asked twice"
    assert deadlocks(url) == before


def test_sqlite_gives_each_time_to_one(tmp_path: Path, told: Callable[[Contention], None]) -> None:
    make = partial(SqliteRepository, tmp_path / "practice.db", busy_timeout=60.0)
    # More slots a round: rivals that wait for the file sleep, and the end of a round waits for the last of them.
    report = contend(make, attempts=ATTEMPTS, workers=16, slots=80, processes=True)

    told(report)
    assert report.sound, report
    assert report.attempts >= ATTEMPTS
    assert report.booked == report.attempts // 16


def test_memory_gives_each_time_to_one(told: Callable[[Contention], None]) -> None:
    shared = MemoryRepository()

    report = contend(lambda: shared, attempts=ATTEMPTS, workers=32)

    told(report)
    assert report.sound, report
    assert report.attempts >= ATTEMPTS


def test_it_is_postgresqls_constraint_that_does_it(postgres: Path) -> None:
    url = new_database(postgres)
    made = SqlRepository(url)
    made.migrate()
    made.close()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ALTER TABLE oasys.occupancy DROP CONSTRAINT slot_taken")

    report = contend(partial(SqlRepository, url), attempts=160, workers=8, slots=5)

    assert report.doubles > 0
    assert not report.sound


def test_it_is_sqlites_triggers_that_do_it(tmp_path: Path) -> None:
    make = partial(SqliteRepository, tmp_path / "practice.db")
    make().close()
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        connection.executescript("DROP TRIGGER occupancy_insert; DROP TRIGGER occupancy_update")

    report = contend(make, attempts=80, workers=4, slots=5, processes=True)

    assert report.doubles > 0
    assert not report.sound


def test_it_is_the_check_in_memory_that_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryRepository, "_check", lambda *_: None)
    shared = MemoryRepository()

    report = contend(lambda: shared, attempts=80, workers=4, slots=5)

    assert report.doubles > 0


class Failing:
    """A storage that refuses, fails, forgets, or cannot even be opened, as it is told."""

    def __init__(self, how: str) -> None:
        if how == "closed":
            raise PortFailed("no such storage")
        self.how, self.inner = how, MemoryRepository()
        self.load = self.inner.load

    def commit(self, commit: Commit, /) -> None:
        if self.how == "stale":
            raise StaleWrite("again")
        if self.how == "fails":
            raise PortFailed("no disk")
        if self.how == "dies":
            os._exit(1)
        if self.how == "hangs":
            Event().wait()

    def close(self) -> None:
        if self.how == "open":
            raise PortFailed("cannot be closed")


def test_the_report_names_what_went_wrong() -> None:
    some = {"attempts": 4, "workers": 2, "slots": 2}
    stale, fails, forgets = (contend(partial(Failing, how), **some) for how in ("stale", "fails", "forgets"))

    assert (stale.errors, stale.again, stale.empty) == ({"StaleWrite": 4}, 200, 2)
    assert fails.errors == {"PortFailed": 4}
    assert (forgets.booked, forgets.lost) == (4, 4)
    assert "4 PortFailed" in str(fails)
    assert "4 lost, 2 wanted times left empty" in str(forgets)
    with pytest.raises(PortFailed):
        contend(partial(Failing, "closed"), **some)


def test_a_worker_that_dies_is_reported() -> None:
    report = contend(partial(Failing, "dies"), attempts=4, workers=2, slots=2, processes=True)

    assert "died" in report.errors
    assert not report.sound


def test_a_worker_answers_through_its_pipe() -> None:
    ours, theirs = Pipe(duplex=False)

    work = partial(_work, MemoryRepository, _Plan(practice="p", rounds=2, slots=3, seed=0))
    answer(theirs, work, 0, Barrier(1), [0])

    assert sorted(ours.recv().booked) == [f"{slot}-0" for slot in range(6)]
    ours.close()


@pytest.mark.parametrize("processes", [False, True])
def test_a_worker_that_does_not_come_back_is_stuck(processes: bool) -> None:
    make = partial(Failing, "hangs")
    report = contend(make, attempts=4, workers=2, slots=2, processes=processes, patience=1)

    assert report.errors == {"stuck": 2}
    assert not report.sound


class Leaky:
    """Gives its lock back only when all went well."""

    def __init__(self) -> None:
        self.inner, self.lock = MemoryRepository(), Lock()
        self.load = self.inner.load

    def commit(self, commit: Commit, /) -> None:
        self.lock.acquire()
        self.inner.commit(commit)
        self.lock.release()


class LeakyAllOver(Leaky):
    """Needs that lock for reading too."""

    def __init__(self) -> None:
        super().__init__()
        self.load = self.read

    def read(self, wanted: Wanted, /) -> Snapshot:
        with self.lock:
            return self.inner.load(wanted)


def test_only_whoever_is_within_the_storage_is_stuck() -> None:
    shared = Leaky()
    report = contend(lambda: shared, attempts=9, workers=3, slots=1, patience=0.5)

    # One was refused, kept the lock, and waits for the others at the end of the round.
    assert report.errors == {"stuck": 1}
    assert (report.booked, report.lost, report.doubles) == (1, 0, 0)


def test_a_storage_that_cannot_be_read_afterwards_is_reported() -> None:
    shared = LeakyAllOver()
    report = contend(lambda: shared, attempts=4, workers=2, slots=2, patience=0.5)

    assert report.errors["unread"] == 1
    assert (report.lost, report.doubles, report.empty) == (0, 0, 0)


class Closing:
    """Refuses to work once it is closed, and counts how often it is."""

    def __init__(self) -> None:
        self.inner, self.closings = MemoryRepository(), 0

    def load(self, wanted: Wanted, /) -> Snapshot:
        assert not self.closings
        return self.inner.load(wanted)

    def commit(self, commit: Commit, /) -> None:
        assert not self.closings
        self.inner.commit(commit)

    def close(self) -> None:
        self.closings += 1


@pytest.mark.parametrize("workers", [1, 4])
def test_a_shared_storage_is_closed_once_and_at_the_end(workers: int) -> None:
    shared = Closing()
    report = contend(lambda: shared, attempts=40, workers=workers, slots=5)

    assert report.sound, report
    assert shared.closings == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_every_storage_of_its_own_is_closed(workers: int) -> None:
    made: list[Closing] = []

    def make() -> Closing:
        made.append(Closing())
        return made[-1]

    contend(make, attempts=6, workers=workers, slots=2)

    assert [one.closings for one in made] == [1] * (workers + 1)


def test_a_storage_that_cannot_be_closed_is_reported() -> None:
    made: list[str] = []

    def make() -> Failing:
        made.append("open" if not made else "fine")
        return Failing(made[-1])

    assert contend(make, attempts=2, workers=1, slots=2).errors == {"PortFailed": 1}
