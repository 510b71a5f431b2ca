"""Storage in PostgreSQL, by SQLAlchemy Core and psycopg: many processes, one exclusion constraint. Extra `sql`.

READ COMMITTED is enough: the constraint refuses overlaps, revisions and guards the rest (reliability 2.1, 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar, final

from oasys_sched.errors import InvalidValue, MissingExtra, OutcomeUnknown, PortFailed, SlotTaken, StaleWrite

try:
    from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, make_url
    from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
except ImportError:
    raise MissingExtra("sqlalchemy", "sql") from None

from oasys_sched.adapters.seen_bodies import body_reader
from oasys_sched.adapters.sql_outbox import claiming, outbox, settling
from oasys_sched.adapters.sql_saying import Answer, Steps
from oasys_sched.adapters.sql_schema import migrating
from oasys_sched.adapters.sql_statements import committing, loading, reading
from oasys_sched.aggregates import Key
from oasys_sched.ports import AuditEntry, Commit, Delivery, OutboxRow, Snapshot, Wanted

__all__ = ["AsyncSqlRepository", "SqlRepository"]

T = TypeVar("T")

# SQLSTATE, or its first two characters, and what it means; everything else is a failing port.
_MEANINGS: Final[dict[str, Callable[[], Exception]]] = {
    "23P01": lambda: SlotTaken("this time is taken"),
    **dict.fromkeys(("23", "40001", "40P01", "55P03"), lambda: StaleWrite("the storage refused the write")),
}


def _translated(error: SQLAlchemyError, *, at_commit: bool) -> Exception:
    """Return what an error means, without a word of it: the server quotes rows (reliability 2.6)."""
    original = error.orig if isinstance(error, DBAPIError) else None
    state = getattr(original, "sqlstate", None) or ""
    meaning = _MEANINGS.get(state) or _MEANINGS.get(state[:2])
    if meaning is not None:
        return meaning()
    if at_commit:
        return OutcomeUnknown("the connection broke while committing: ask again with the same key")
    return PortFailed(f"the database failed: {state or 'no connection'}")


def _answer(result: CursorResult[Any]) -> Answer:
    return Answer(result.fetchall() if result.returns_rows else (), result.rowcount)


def _engine(database: str) -> dict[str, Any]:
    return {"url": _address(database), "hide_parameters": True, "pool_pre_ping": False}


def _address(database: str) -> URL:
    """Read an address; without a driver in it, the driver is psycopg 3."""
    with suppress(ArgumentError):
        url = make_url(database)
        if url.drivername in {"postgresql", "postgres"}:
            return url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "postgresql":
            return url
    # Without a word of what was given: it may hold a password.
    raise InvalidValue("give an address such as postgresql://user@host/name", field="database")


@final
class SqlRepository:
    """Keeps practices in a PostgreSQL database. Call `migrate` once at every deployment.

    `database` is an address, `postgresql://user@host/name`, or an engine of yours; give it `hide_parameters=True`.
    `clock` tells when holds have run out.

    Raises:
        InvalidValue: the address is not one of a PostgreSQL database.
    """

    def __init__(self, database: str | Engine, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = create_engine(**_engine(database)) if isinstance(database, str) else database
        self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._clock = clock
        self._body = body_reader()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def migrate(self) -> None:
        """Bring the schema to this version. Many processes may do so at once.

        Raises:
            InvalidValue: the schema is newer than this library, or `synchronous_commit` is off.
        """
        self._write(migrating())

    def _write(self, steps: Steps[T]) -> T:
        problem, at_commit = None, False
        try:
            with self.engine.connect() as connection, connection.begin() as transaction:
                value = _run(connection, steps)
                at_commit = True
                transaction.commit()
                return value
        except SQLAlchemyError as error:
            problem = _translated(error, at_commit=at_commit)
        # Raised out here so that neither cause nor context carries a row's content to an error tracker.
        raise problem

    def _read(self, steps: Steps[T]) -> T:
        try:
            with self._reader.connect() as connection:
                return _run(connection, steps)
        except SQLAlchemyError as error:
            problem = _translated(error, at_commit=False)
        raise problem

    def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        return self._read(loading(wanted, self._body))

    def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing."""
        self._write(committing(commit, self._clock()))

    def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        return self._read(reading(practice, key))

    def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery, oldest first; workers never wait for each other."""
        return self._write(claiming(practice, now, limit, lease))

    def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended; a failed one becomes due again, later each time."""
        self._write(settling(practice, row_id, delivery, now))

    def outbox(self, practice: str, /) -> Sequence[tuple[OutboxRow, Delivery | None]]:
        """Return every outbox row and how it ended, in order of commit. For dashboards: parked rows need a person."""
        return self._read(outbox(practice))


@final
class AsyncSqlRepository:
    """`SqlRepository`, awaited, for `AsyncDesk`."""

    def __init__(
        self, database: str | AsyncEngine, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.engine = create_async_engine(**_engine(database)) if isinstance(database, str) else database
        self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._clock = clock
        self._body = body_reader()

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()

    async def migrate(self) -> None:
        """Bring the schema to this version. Many processes may do so at once."""
        await self._write(migrating())

    async def _write(self, steps: Steps[T]) -> T:
        problem, at_commit = None, False
        try:
            async with self.engine.connect() as connection, connection.begin() as transaction:
                value = await _run_async(connection, steps)
                at_commit = True
                await transaction.commit()
                return value
        except SQLAlchemyError as error:
            problem = _translated(error, at_commit=at_commit)
        raise problem

    async def _read(self, steps: Steps[T]) -> T:
        try:
            async with self._reader.connect() as connection:
                return await _run_async(connection, steps)
        except SQLAlchemyError as error:
            problem = _translated(error, at_commit=False)
        raise problem

    async def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        return await self._read(loading(wanted, self._body))

    async def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing."""
        await self._write(committing(commit, self._clock()))

    async def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        return await self._read(reading(practice, key))

    async def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery, oldest first; workers never wait for each other."""
        return await self._write(claiming(practice, now, limit, lease))

    async def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended; a failed one becomes due again, later each time."""
        await self._write(settling(practice, row_id, delivery, now))

    async def outbox(self, practice: str, /) -> Sequence[tuple[OutboxRow, Delivery | None]]:
        """Return every outbox row and how it ended, in order of commit."""
        return await self._read(outbox(practice))


def _run(connection: Connection, steps: Steps[T]) -> T:
    try:
        say = next(steps)
        while True:
            say = steps.send(_answer(connection.exec_driver_sql(say.statement, say.values)))
    except StopIteration as stop:
        value: T = stop.value
        return value


async def _run_async(connection: AsyncConnection, steps: Steps[T]) -> T:
    try:
        say = next(steps)
        while True:
            say = steps.send(_answer(await connection.exec_driver_sql(say.statement, say.values)))
    except StopIteration as stop:
        value: T = stop.value
        return value
