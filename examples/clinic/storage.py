"""One setting decides where everything is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.adapters.threads import repository_in_threads
from oasys_sched.ports import AsyncRepository


async def _nothing() -> None:
    return None


async def open_repository(
    database: str, clock: Callable[[], datetime]
) -> tuple[AsyncRepository, Callable[[], Awaitable[None]]]:
    """Open a SQLite file or a PostgreSQL address; return it and how to close it."""
    if "://" in database:
        # Imported here: without PostgreSQL its extra need not be installed.
        from oasys_sched.adapters.sql import AsyncSqlRepository

        repository = AsyncSqlRepository(database, clock=clock)
        await repository.migrate()
        return repository, repository.close
    return repository_in_threads(SqliteRepository(database, clock=clock)), _nothing
