"""kill -9 at any moment, most of all within a transaction: nothing acknowledged is lost, nothing is half there."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from multiprocessing import Pipe
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.aggregates import Key
from oasys_sched.errors import PortFailed
from oasys_sched.ports import Commit
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.crash import _killed, crash, time_of, write
from tests.postgres import empty_practice


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    report = crash(partial(SqliteRepository, tmp_path / "practice.db"), rounds=20)

    assert report.sound, report
    assert (report.rounds, report.lost, report.partial) == (20, 0, 0)
    assert report.acknowledged >= 20
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_postgresql_keeps_what_it_acknowledged(postgres: Path) -> None:
    report = crash(partial(SqlRepository, empty_practice(postgres)), rounds=20)

    assert report.sound, report
    assert (report.rounds, report.lost, report.partial) == (20, 0, 0)
    assert report.acknowledged >= 20


class Broken:
    """SQLite that drops one thing of every commit."""

    def __init__(self, path: Path, without: str) -> None:
        self.inner = SqliteRepository(path)
        self.without = without
        self.load, self.claim, self.close = self.inner.load, self.inner.claim, self.inner.close

    def commit(self, commit: Commit, /) -> None:
        booked = any(row.kind == "appointment" for row in commit.changes)
        if booked and self.without == "changes":
            commit = replace(commit, changes=(), audit=(), outbox=())
        elif booked and self.without == "orphan":
            commit = replace(commit, changes=(), audit=())
        elif booked and self.without != "time":
            commit = replace(commit, **{self.without: None if self.without == "outcome" else ()})
        self.inner.commit(commit)
        if booked and self.without == "time":
            with closing(sqlite3.connect(self.inner._path)) as connection, connection:
                connection.execute("DELETE FROM occupancy")

    def audit(self, practice: str, key: Key, /) -> Any:
        return self.inner.audit(practice, key)


@pytest.mark.parametrize("without", ["audit", "outbox", "time"])
def test_a_booking_that_lacks_a_part_is_found(tmp_path: Path, without: str) -> None:
    report = crash(partial(Broken, tmp_path / "practice.db", without), rounds=1, longest=0)

    assert report.partial > 0
    assert not report.sound


def test_a_booking_that_is_not_there_is_found(tmp_path: Path) -> None:
    report = crash(partial(Broken, tmp_path / "practice.db", "changes"), rounds=1, longest=0)

    assert report.lost > 0
    assert "acknowledged" in str(report)


def test_a_message_about_nothing_is_found(tmp_path: Path) -> None:
    assert crash(partial(Broken, tmp_path / "practice.db", "orphan"), rounds=1, longest=0).partial > 0


def test_a_forgotten_key_is_found(tmp_path: Path) -> None:
    """The one who asks again is refused, because the time is taken: by the very same booking."""
    report = crash(partial(Broken, tmp_path / "practice.db", "outcome"), rounds=1, longest=0)

    assert report.changed > 0
    assert report.partial > 0


def test_a_storage_that_cannot_be_written_is_an_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PortFailed, match=r"could not: make: PortFailed: only once \(test_kill.py:\d+, in Once\)$"):
        crash(partial(Once, tmp_path / "practice.db"), rounds=1)


def Once(path: Path) -> SqliteRepository:
    """Open the file for the first who comes."""
    if path.exists():
        raise PortFailed("only once")
    return SqliteRepository(path)


class Failing:
    """Ends in the first commit, or fails, or never comes back."""

    def __init__(self, how: str) -> None:
        self.how, self.inner = how, MemoryRepository()
        self.inner.commit(Clinic(practice="p").opening)
        self.load = self.inner.load

    def commit(self, commit: Commit, /) -> None:
        if self.how == "fails":
            raise LookupError("what the client said")
        if self.how == "ends":
            os._exit(1)
        Event().wait()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("fails", r"create: LookupError \(test_kill.py:\d+, in commit\)"),
        ("ends", "it ended without a word"),
        ("hangs", "it said nothing for 3 s"),
    ],
)
def test_it_is_said_why_a_process_could_not_write(how: str, why: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PortFailed, match=f"could not: {why}$"):
        _killed(partial(Failing, how), "p", "ana", 0, 0, patience=3)


def test_a_child_tells_why_it_could_not_write() -> None:
    ours, theirs = Pipe(duplex=False)
    with pytest.raises(LookupError):
        write(theirs, partial(Failing, "fails"), "p", "ana", 0)

    assert ours.recv().startswith("create: LookupError (test_kill.py:")
    ours.close()


def test_a_writer_whose_listener_is_gone_ends() -> None:
    clinic, shared = Clinic(practice="p"), MemoryRepository()
    shared.commit(clinic.opening)
    ours, theirs = Pipe(duplex=False)
    ours.close()

    write(theirs, lambda: shared, "p", "ana", 0)

    assert time_of(0) < time_of(1) < time_of(3) < time_of(15)


def test_a_child_books_until_nobody_listens() -> None:
    clinic, repository = Clinic(), MemoryRepository()
    repository.commit(clinic.opening)
    ours, theirs = Pipe()
    child = Thread(target=write, args=(theirs, lambda: repository, clinic.practice, "ana", 0))
    child.start()
    told = [ours.recv()[0] for _ in range(3)]
    ours.close()
    child.join(30)

    assert told == [0, 1, 2]
    assert not child.is_alive()
