"""Storage in one SQLite file: the embedded default. WAL, full sync, one writer, triggers that refuse overlaps.

One connection a thread; many processes may share the file. Nothing but the standard library.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Final, final

from oasys_sched.adapters.outcomes import outcome_from
from oasys_sched.adapters.seen_bodies import body_reader
from oasys_sched.adapters.sqlite_schema import MIGRATIONS
from oasys_sched.adapters.sqlite_statements import (
    MICROSECOND,
    condition,
    head,
    micros,
    store_aggregate,
    store_occupancies,
    store_outcome,
    version,
)
from oasys_sched.aggregates import Key
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue, OutcomeUnknown, PortFailed, SlotTaken, StaleWrite
from oasys_sched.ports import AuditEntry, Commit, Delivery, OutboxRow, Snapshot, Wanted
from oasys_sched.relay import due_again
from oasys_sched.stored_rows import entry_from, entry_text, row_from, row_text

__all__ = ["SqliteRepository"]

# Seconds between two tries to turn a new file to WAL.
PAUSE: Final = 0.005


@final
class SqliteRepository:
    """Keeps practices in a file. `clock` tells when holds have run out.

    Raises:
        InvalidValue: the file was written by a newer version.
        PortFailed: the file cannot be opened or written.
    """

    def __init__(
        self, path: str | Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), busy_timeout: float = 10.0
    ) -> None:
        self._path = str(path)
        if self._path == ":memory:":
            raise InvalidValue("give a file; in memory there is MemoryRepository", field="path")
        self._clock = clock
        self._timeout = busy_timeout
        self._local = threading.local()
        self._body = body_reader()
        self._migrate()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._connected()
            self._local.connection = found
        return found

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=self._timeout)
        try:
            _write_ahead(connection, self._timeout)
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        problem: Exception | None = None
        committing = False
        connection = _opened(self._connection)
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield connection
            committing = write
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            problem = _translated(error, committing)
            _rolled_back(connection)
        except BaseException:
            _rolled_back(connection)
            raise
        # Raised out here so that neither cause nor context carries a row's content to an error tracker.
        if problem is not None:
            raise problem

    def _migrate(self) -> None:
        with self._transaction(write=True) as connection:
            (stored,) = connection.execute("PRAGMA user_version").fetchone()
            if stored > len(MIGRATIONS):
                raise InvalidValue("written by a newer version of this library", field="path", code=Code.INVALID_VALUE)
            for number, migration in enumerate(MIGRATIONS[stored:], stored + 1):
                for statement in _statements(migration):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        practice = wanted.practice
        with self._transaction(write=False) as connection:
            bodies: dict[Key, str] = {}
            for query in wanted.queries:
                where, values = condition(query)
                rows = connection.execute(
                    f"SELECT kind, id, body FROM aggregate WHERE practice = ? AND kind = ?{where}",  # noqa: S608 - literals only
                    (practice, query.kind, *values),
                )
                bodies.update((Key(kind, id), body) for kind, id, body in rows)
            guards = {name: version(connection, practice, name) for name in wanted.guards}
            heads = {key: found for key in bodies if (found := head(connection, practice, key))}
            stored = (
                wanted.outcome
                and connection.execute(
                    "SELECT body FROM outcome WHERE practice = ? AND key = ?", (practice, wanted.outcome)
                ).fetchone()
            )
        return Snapshot(
            aggregates=tuple(self._body(key.kind, body) for key, body in bodies.items()),
            guards=guards,
            outcome=outcome_from(stored[0]) if stored else None,
            audit_heads=heads,
        )

    def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing."""
        practice, now = commit.practice, micros(self._clock())
        with self._transaction(write=True) as connection:
            run = connection.execute
            if commit.outcome is not None:
                store_outcome(run, practice, commit.outcome)
            for guard in commit.guards:
                if version(connection, practice, guard.name) != guard.version:
                    raise StaleWrite("a guard has moved")
                run(
                    "INSERT INTO guard VALUES (?, ?, 1)"
                    " ON CONFLICT (practice, name) DO UPDATE SET version = version + 1",
                    (practice, guard.name),
                )
            run("DELETE FROM occupancy WHERE practice = ? AND expires <= ?", (practice, now))
            for change in commit.changes:
                store_aggregate(run, practice, change)
                run(
                    "DELETE FROM occupancy WHERE practice = ? AND kind = ? AND id = ?",
                    (practice, change.kind, change.id),
                )
            for change in commit.changes:
                store_occupancies(run, practice, change, now)
            for group in commit.withdraw:
                run(
                    "UPDATE outbox SET state = ? WHERE practice = ? AND grp = ? AND state IS NULL",
                    (Delivery.SKIPPED.value, practice, group),
                )
            for row in commit.outbox:
                run(
                    "INSERT INTO outbox (practice, id, kind, aggregate, seq, recipient, grp, due, body)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (practice, id) DO UPDATE"
                    # Withdrawn and planned anew. Whoever is delivering it just now still has it.
                    " SET seq = excluded.seq, due = excluded.due, body = excluded.body, attempts = 0, state = NULL"
                    " WHERE state = 'skipped'",
                    (practice, row.id, row.aggregate.kind, row.aggregate.id, row.seq, row.recipient, row.group,
                     micros(row.due), row_text(row)),
                )  # fmt: skip
            for entry in commit.audit:
                if entry.previous != head(connection, practice, entry.aggregate):
                    raise StaleWrite("the audit chain has moved")
                run(
                    "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (practice, entry.aggregate.kind, entry.aggregate.id, entry.seq, entry.previous, entry.hash,
                     entry_text(entry)),
                )  # fmt: skip

    def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        with self._transaction(write=False) as connection:
            rows = connection.execute(
                "SELECT body FROM audit WHERE practice = ? AND kind = ? AND id = ? ORDER BY seq",
                (practice, key.kind, key.id),
            ).fetchall()
        return tuple(entry_from(body) for (body,) in rows)

    def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery, by due time; of one aggregate and recipient one at a time."""
        at = micros(now)
        with self._transaction(write=True) as connection:
            rows = connection.execute(
                """SELECT position, body, attempts FROM outbox AS due
                   WHERE practice = ? AND state IS NULL AND due <= ? AND (leased IS NULL OR leased <= ?)
                     AND NOT EXISTS (
                       SELECT 1 FROM outbox AS before
                       WHERE before.practice = due.practice AND before.kind = due.kind
                         AND before.aggregate = due.aggregate AND before.recipient = due.recipient
                         AND before.state IS NULL AND before.due <= ?
                         AND (before.due, before.seq, before.position) < (due.due, due.seq, due.position))
                   ORDER BY due, seq, position LIMIT ?""",
                (practice, at, at, at, limit),
            ).fetchall()
            connection.executemany(
                "UPDATE outbox SET leased = ? WHERE position = ?", [(at + lease // MICROSECOND, row[0]) for row in rows]
            )
        return tuple(row_from(body, attempts) for _, body, attempts in rows)

    def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended; a failed one becomes due again, later each time."""
        with self._transaction(write=True) as connection:
            found = connection.execute(
                # A row withdrawn while it was out went all the same, and must not go again when planned anew.
                "SELECT attempts FROM outbox WHERE practice = ? AND id = ?"
                " AND (state IS NULL OR (state = 'skipped' AND ? = 'sent'))",
                (practice, row_id, delivery.value),
            ).fetchone()
            if found is None:
                return
            state: str | None = delivery.value
            attempts, due = found[0], None
            if delivery is Delivery.FAILED:
                state, attempts = None, attempts + 1
                due = micros(due_again(attempts, now))
            connection.execute(
                "UPDATE outbox SET state = ?, attempts = ?, leased = NULL, due = coalesce(?, due)"
                " WHERE practice = ? AND id = ?",
                (state, attempts, due, practice, row_id),
            )

    def outbox(self, practice: str, /) -> Sequence[tuple[OutboxRow, Delivery | None]]:
        """Return every outbox row and how it ended, in order of commit. For dashboards: parked rows need a person."""
        with self._transaction(write=False) as connection:
            rows = connection.execute(
                "SELECT body, attempts, state FROM outbox WHERE practice = ? ORDER BY position", (practice,)
            ).fetchall()
        return tuple((row_from(body, attempts), Delivery(state) if state else None) for body, attempts, state in rows)


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Turn a new file to WAL. SQLite itself does not wait while others do the same, whatever the busy timeout is."""
    until = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() >= until:
                raise
            sleep(PAUSE)
        else:
            return


def _opened(connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
    with suppress(sqlite3.Error):
        return connect()
    raise PortFailed("the file cannot be opened")


def _statements(script: str) -> Iterator[str]:
    part = ""
    for piece in script.split(";"):
        part += piece + ";"
        if sqlite3.complete_statement(part):
            if part.strip(" \n;"):
                yield part
            part = ""


def _translated(error: sqlite3.Error, committing: bool) -> Exception:
    text = str(error)
    if "slot taken" in text:
        return SlotTaken("this time is taken")
    if isinstance(error, sqlite3.IntegrityError):
        return StaleWrite("the storage refused the write")
    if committing:
        return OutcomeUnknown("the file failed while committing: ask again with the same key")
    if isinstance(error, sqlite3.OperationalError) and ("locked" in text or "busy" in text):
        return StaleWrite("the file was busy")
    return PortFailed("the file cannot be read or written")


def _rolled_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
