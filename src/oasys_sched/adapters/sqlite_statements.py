"""The statements of one SQLite transaction, as functions over its `execute`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from oasys_sched.adapters.outcomes import outcome_text
from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.codec import dumps
from oasys_sched.errors import KeyReused, StaleWrite
from oasys_sched.ports import Outcome, Query

__all__ = [
    "condition",
    "head",
    "micros",
    "store_aggregate",
    "store_occupancies",
    "store_outcome",
    "version",
]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def micros(when: datetime) -> int:
    """Return whole microseconds since 1970."""
    return (when - EPOCH) // MICROSECOND


def condition(query: Query) -> tuple[str, list[Any]]:
    """Return the WHERE clause of a query, beyond practice and kind, and its values."""
    parts: list[str] = []
    values: list[Any] = []
    for column in ("clinician", "client", "parent"):
        wanted = getattr(query, column)
        if wanted is not None:
            parts.append(f"{column} = ?")
            values.append(wanted)
    for column, among in (("id", query.ids), ("status", query.statuses)):
        if among is not None:
            parts.append(f"{column} IN ({', '.join('?' * len(among))})")
            values += among
    if query.within is not None:
        parts.append("starts < ? AND ends > ?")
        values += [micros(query.within.end), micros(query.within.start)]
    return "".join(f" AND {part}" for part in parts), values


def version(connection: sqlite3.Connection, practice: str, name: str) -> int:
    """Return the version of a guard; one never bumped has 0."""
    found = connection.execute("SELECT version FROM guard WHERE practice = ? AND name = ?", (practice, name)).fetchone()
    return int(found[0]) if found else 0


def head(connection: sqlite3.Connection, practice: str, key: Key) -> str:
    """Return the last hash of an aggregate's audit chain, or nothing."""
    found = connection.execute(
        "SELECT hash FROM audit WHERE practice = ? AND kind = ? AND id = ? ORDER BY seq DESC LIMIT 1",
        (practice, key.kind, key.id),
    ).fetchone()
    return str(found[0]) if found else ""


def store_outcome(run: Callable[..., Any], practice: str, outcome: Outcome) -> None:
    """Store an outcome under its key, once."""
    stored = run("SELECT digest FROM outcome WHERE practice = ? AND key = ?", (practice, outcome.key)).fetchone()
    if stored is not None:
        raise (StaleWrite if stored[0] == outcome.digest else KeyReused)("this key has an outcome")
    run(
        "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
        (practice, outcome.key, outcome.digest, micros(outcome.at), outcome_text(outcome)),
    )


def store_aggregate(run: Callable[..., Any], practice: str, change: Aggregate) -> None:
    """Insert revision 1, or replace the revision before."""
    if change.practice != practice:
        raise StaleWrite("another practice's aggregate")
    index = change.index
    span = (micros(index.span.start), micros(index.span.end)) if index.span else (None, None)
    columns = (change.revision, index.clinician, index.client, index.parent, *span, str(index.status), dumps(change))
    if change.revision == 1:
        done = run(
            "INSERT INTO aggregate"
            " (revision, clinician, client, parent, starts, ends, status, body, practice, kind, id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (*columns, practice, change.kind, change.id),
        )
    else:
        done = run(
            "UPDATE aggregate SET revision = ?, clinician = ?, client = ?, parent = ?, starts = ?, ends = ?,"
            " status = ?, body = ? WHERE practice = ? AND kind = ? AND id = ? AND revision = ?",
            (*columns, practice, change.kind, change.id, change.revision - 1),
        )
    if done.rowcount != 1:
        raise StaleWrite("a revision has moved")


def store_occupancies(run: Callable[..., Any], practice: str, change: Aggregate, now: int) -> None:
    """Store what an aggregate occupies; the trigger refuses overlaps."""
    for number, held in enumerate(change.occupancies):
        expires = micros(held.expires_at) if held.expires_at else None
        if expires is not None and expires <= now:
            continue
        run(
            "INSERT INTO occupancy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (practice, held.resource, change.kind, change.id, number, held.group or change.id, micros(held.span.start),
             micros(held.span.end), held.exclusive, held.seats, expires, now),
        )  # fmt: skip
