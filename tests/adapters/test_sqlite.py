"""SQLite itself refuses overlaps, edited notes and audits, whatever bypasses the desk; errors quote nothing."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.sqlite import SqliteRepository, _write_ahead
from oasys_sched.adapters.sqlite_schema import MIGRATIONS
from oasys_sched.errors import InvalidValue, OutcomeUnknown, PortFailed, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Delivery, Query, Wanted
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, message, note
from tests.desk import practice
from tests.desk.practice import MONDAY, NORTH

DANA = sched.Actor.clinician("dana", practice=NORTH)
START = MONDAY.replace(hour=15)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice.db"


@pytest.fixture
def repository(path: Path) -> Iterator[SqliteRepository]:
    made = SqliteRepository(path, busy_timeout=0.05)
    yield made
    made.close()


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_raw_inserts_and_updates_cannot_overlap(repository: SqliteRepository, path: Path) -> None:
    repository.commit(audited(appointment("a")))
    # The same time for somebody else, an hour later, or a moved one.
    shifted = (
        "INSERT INTO occupancy SELECT practice, resource, kind, 'other', number, 'other', starts + ?, ends + ?,"
        " exclusive, seats, expires, as_of FROM occupancy WHERE resource = 'clinician:dana'"
    )
    moved = (
        "UPDATE occupancy SET (starts, ends) = (SELECT starts, ends FROM occupancy WHERE id = 'a' AND number = 0)"
        " WHERE id = 'other'"
    )
    minute = 60_000_000
    with raw(path) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="slot taken"):
            connection.execute(shifted, (minute, minute))
        connection.execute(shifted, (60 * minute, 60 * minute))
        with pytest.raises(sqlite3.IntegrityError, match="slot taken"):
            connection.execute(moved)
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            connection.execute("UPDATE occupancy SET ends = starts")
        assert connection.execute("SELECT count(DISTINCT starts) FROM occupancy").fetchone() == (2,)


def test_raw_sql_cannot_edit_the_audit_or_a_locked_note(repository: SqliteRepository, path: Path) -> None:
    desk, clock, _ = practice.opened(store=lambda _: repository)
    dana = desk.acting_as(DANA)
    booked = dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=START).or_raise().value
    clock.now = START
    session = dana.start(booked.id).or_raise().value.id
    dana.write_note(session, "text", revision=0).or_raise()
    clock.forward(minutes=50)
    dana.end(session).or_raise()
    dana.sign_and_lock(session, revision=1).or_raise()
    dana.add_addendum(session, "more").or_raise()
    dana.sign_addendum(session).or_raise()
    with raw(path) as connection:
        for statement in (
            "UPDATE aggregate SET status = 'draft' WHERE kind = 'note'",
            "UPDATE aggregate SET kind = 'memo' WHERE kind = 'note'",
            "UPDATE aggregate SET body = json_set(body, '$.digest', 'x') WHERE kind = 'note'",
            "UPDATE aggregate SET body = json_set(body, '$.addenda', json('[]')) WHERE kind = 'note'",
            "DELETE FROM aggregate WHERE kind = 'note'",
            "REPLACE INTO aggregate SELECT * FROM aggregate WHERE kind = 'note'",
            "UPDATE OR REPLACE aggregate SET (kind, id) = ('note', (SELECT id FROM aggregate WHERE kind = 'note'))",
            "REPLACE INTO audit SELECT practice, kind, id, seq, previous, 'forged', body FROM audit",
            "UPDATE audit SET body = ''",
            "DELETE FROM audit",
        ):
            with pytest.raises(sqlite3.IntegrityError, match=r"note locked|append-only"):
                connection.execute(statement)
    assert dana.verify_note(session).or_raise().value == ()


def test_text_that_no_file_can_hold_is_refused_without_a_word_of_it(repository: SqliteRepository) -> None:
    with pytest.raises(InvalidValue, match="half a character") as caught:
        repository.commit(audited(note("n", "marker \ud83d")))
    assert "marker" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_file_of_the_first_version_is_brought_to_this_one(path: Path) -> None:
    with raw(path) as connection:
        connection.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1")
    made = SqliteRepository(path)
    made.commit(audited(note("n", status=NoteStatus.LOCKED, digest="d", locked_at=NOW)))
    with raw(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        with pytest.raises(sqlite3.IntegrityError, match="note locked"):
            connection.execute("REPLACE INTO aggregate SELECT * FROM aggregate WHERE kind = 'note'")
    made.close()


def test_errors_quote_no_row(repository: SqliteRepository) -> None:
    repository.commit(audited(appointment("a")))
    rival = appointment("marker-in-an-id", client="marker-of-a-client")
    for commit, error in (
        (audited(rival), SlotTaken),
        (Commit(practice=PRACTICE, changes=(replace(appointment("a"), client="marker"),)), StaleWrite),
    ):
        with pytest.raises(error) as caught:
            repository.commit(commit)
        assert "marker" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert "marker" not in repr(caught.value.__context__)


def test_another_writer_is_waited_for_but_not_for_ever(repository: SqliteRepository, path: Path) -> None:
    with raw(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StaleWrite, match="busy"):
            repository.commit(audited(appointment("a")))
        connection.execute("ROLLBACK")
    repository.commit(audited(appointment("a")))


def test_opening_a_new_file_waits_for_whoever_opens_it_too(path: Path) -> None:
    with raw(path) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PortFailed, match="opened"):
            SqliteRepository(path, busy_timeout=0.05)
        opened: list[SqliteRepository] = []
        rival = Thread(target=lambda: opened.append(SqliteRepository(path, busy_timeout=30)))
        rival.start()
        rival.join(0.1)
        assert not opened, "it waits"
        connection.execute("ROLLBACK")
        rival.join(30)
    assert opened


def test_it_asks_again_while_others_turn_the_file_too() -> None:
    class Turning:
        """What SQLite says without waiting when two turn one new file at once: only a race shows it for real."""

        tries = 0

        def execute(self, _: str) -> None:
            self.tries += 1
            if self.tries < 3:
                raise sqlite3.OperationalError("database is locked")

    connection: Any = Turning()
    _write_ahead(connection, patience=30)
    assert connection.tries == 3


def test_a_schema_of_somebody_else_is_a_failing_port(repository: SqliteRepository, path: Path) -> None:
    with raw(path) as connection:
        connection.execute("DROP TABLE outcome")
    with pytest.raises(PortFailed, match="read or written"):
        repository.load(Wanted(practice=NORTH, outcome="k"))


def test_a_disk_that_is_full_at_the_commit_is_an_unknown_outcome(repository: SqliteRepository, path: Path) -> None:
    repository.commit(audited(appointment("a")))
    largest = path.with_name("practice.db-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        with pytest.raises(OutcomeUnknown, match="same key"):
            repository.commit(audited(appointment("b", 5)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    repository.commit(audited(appointment("b", 5)))
    query = Query(kind="appointment")
    assert len(repository.load(Wanted(practice=PRACTICE, queries=(query,))).aggregates) == 2


def test_a_newer_file_is_refused(repository: SqliteRepository, path: Path) -> None:
    with raw(path) as connection:
        connection.execute("PRAGMA user_version = 1000")
    with pytest.raises(InvalidValue, match="newer version"):
        SqliteRepository(path)


def test_what_is_no_file_of_ours_cannot_be_opened(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("no database at all, though long enough to look at\n" * 100)
    for path in (tmp_path / "none" / "practice.db", text):
        with pytest.raises(PortFailed, match="cannot be opened") as caught:
            SqliteRepository(path)
        assert caught.value.__context__ is None
    with pytest.raises(InvalidValue, match="give a file"):
        SqliteRepository(":memory:")


def test_the_outbox_tells_how_each_message_ended(repository: SqliteRepository) -> None:
    repository.commit(Commit(practice=PRACTICE, outbox=(message("m"), message("n"))))
    repository.settle(PRACTICE, "m", Delivery.PARKED, now=NOW)
    assert [(row.id, state) for row, state in repository.outbox(PRACTICE)] == [("m", Delivery.PARKED), ("n", None)]


def test_closing_twice_does_nothing_and_the_next_call_opens_again(repository: SqliteRepository) -> None:
    repository.close()
    repository.close()
    repository.commit(audited(appointment("a")))


def test_an_interrupted_unit_leaves_nothing(repository: SqliteRepository) -> None:
    def interrupted() -> Any:
        with repository._transaction(write=True) as connection:
            connection.execute("INSERT INTO guard VALUES ('p', 'g', 1)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert repository.load(Wanted(practice="p", guards=("g",))).guards == {"g": 0}
