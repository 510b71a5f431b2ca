"""What is said to load, to commit, and to read an audit chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Final

from oasys_sched.adapters.outcomes import outcome_from, outcome_text
from oasys_sched.adapters.sql_saying import Say, Steps, sql
from oasys_sched.aggregates import Aggregate, Key, Occupancy
from oasys_sched.codec import dumps
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import AuditEntry, Commit, OutboxRow, Outcome, Query, Snapshot, Wanted
from oasys_sched.stored_rows import entry_from, entry_text, row_text

__all__ = ["committing", "loading", "reading"]

# Kept short: psycopg parses a text of more than 4,096 characters anew each time.
_EACH: Final = """
    SELECT what, kind, id, body, CASE WHEN what = 'row' THEN (
      SELECT hash FROM oasys.audit
      WHERE audit.practice = :practice AND audit.kind = found.kind AND audit.id = found.id
      ORDER BY seq DESC LIMIT 1) END
    FROM ({parts}) AS found
"""
_FOUND: Final = (
    "SELECT 'row' AS what, kind, id, body FROM oasys.aggregate WHERE practice = :practice AND kind = :kind{n}"
)
_COLUMNS: Final = {
    "clinician": "clinician = :clinician{n}",
    "client": "client = :client{n}",
    "parent": "parent = :parent{n}",
    "ids": "id = ANY(:ids{n})",
    "statuses": "status = ANY(:statuses{n})",
    "within": "starts < :until{n} AND ends > :since{n}",
}
_GUARDS: Final = """
    SELECT 'guard' AS what, name AS kind, version::text AS id, '' AS body
    FROM oasys.guard WHERE practice = :practice AND name = ANY(:guards)
"""
_OUTCOME: Final = """
    SELECT 'outcome' AS what, '' AS kind, '' AS id, body FROM oasys.outcome
    WHERE practice = :practice AND key = :outcome
"""


def loading(wanted: Wanted, read: Callable[[str, str], Aggregate]) -> Steps[Snapshot]:
    """Read everything in one statement, so as of one moment; `read` turns kind and body into an aggregate."""
    parts: list[str] = []
    values: dict[str, object] = {"practice": wanted.practice}
    for number, query in enumerate(wanted.queries):
        parts.append(_select(tuple(name for name in _COLUMNS if getattr(query, name) is not None), number))
        values |= _values(query, number)
    if wanted.guards:
        parts.append(_GUARDS)
        values["guards"] = list(wanted.guards)
    if wanted.outcome is not None:
        parts.append(_OUTCOME)
        values["outcome"] = wanted.outcome
    if not parts:
        return Snapshot()
    answer = yield Say(sql(_EACH.replace("{parts}", " UNION ALL ".join(parts))), values)
    found: dict[tuple[str, str], tuple[str, str | None]] = {}
    guards = dict.fromkeys(wanted.guards, 0)
    outcome = None
    for what, first, second, body, head in answer.rows:
        if what == "row":
            found[first, second] = body, head
        elif what == "guard":
            guards[first] = int(second)
        else:
            outcome = outcome_from(body)
    return Snapshot(
        aggregates=tuple(read(kind, body) for (kind, _), (body, _) in found.items()),
        guards=guards,
        outcome=outcome,
        audit_heads={Key(*key): head for key, (_, head) in found.items() if head},
    )


@cache
def _select(given: tuple[str, ...], number: int) -> str:
    return " AND ".join([_FOUND, *(_COLUMNS[name] for name in given)]).replace("{n}", str(number))


def _values(query: Query, number: int) -> dict[str, object]:
    found: dict[str, object] = {f"kind{number}": query.kind}
    for name in ("clinician", "client", "parent"):
        if getattr(query, name) is not None:
            found[f"{name}{number}"] = getattr(query, name)
    for name in ("ids", "statuses"):
        if getattr(query, name) is not None:
            found[f"{name}{number}"] = list(map(str, getattr(query, name)))
    if query.within is not None:
        found |= {f"since{number}": query.within.start, f"until{number}": query.within.end}
    return found


def committing(commit: Commit, now: datetime) -> Steps[None]:
    """Write all five parts; raising anywhere means that the transaction is rolled back.

    One statement for each part, however many rows it has; rows go in one order everywhere, so that two transactions
    never wait for each other.
    """
    practice = commit.practice
    if commit.outcome is not None:
        yield from _outcome(practice, commit.outcome)
    if commit.guards:
        seen = [{"name": row.name, "version": row.version} for row in sorted(commit.guards, key=lambda row: row.name)]
        done = yield Say(_BUMP, _rows(practice, seen))
        if done.count != len(commit.guards):
            raise StaleWrite("a guard has moved")
    yield from _aggregates(practice, commit.changes)
    yield from _occupancies(practice, commit.changes, now)
    if commit.withdraw:
        yield Say(_WITHDRAW, {"practice": practice, "groups": list(commit.withdraw)})
    if commit.outbox:
        yield Say(_POST, _rows(practice, map(_posted, commit.outbox)))
    yield from _entries(practice, commit.audit)


def _rows(practice: str, rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Return the values of a statement over many rows: one JSON text, read by the server in its order."""
    return {"practice": practice, "rows": json.dumps([*rows], default=datetime.isoformat, ensure_ascii=False)}


_TELL: Final = sql(
    "INSERT INTO oasys.outcome VALUES (:practice, :key, :digest, :at, :body) ON CONFLICT (practice, key) DO NOTHING"
)
_TOLD: Final = sql("SELECT digest FROM oasys.outcome WHERE practice = :practice AND key = :key")


def _outcome(practice: str, outcome: Outcome) -> Steps[None]:
    known: dict[str, object] = {"practice": practice, "key": outcome.key}
    done = yield Say(_TELL, {**known, "digest": outcome.digest, "at": outcome.at, "body": outcome_text(outcome)})
    if done.count != 1:
        stored = yield Say(_TOLD, known)
        same = [row[0] for row in stored.rows] == [outcome.digest]
        raise (StaleWrite if same else KeyReused)("this key has an outcome")


_BUMP: Final = sql("""
    INSERT INTO oasys.guard
    SELECT :practice, seen.name, seen.version + 1
    FROM json_to_recordset(CAST(:rows AS json)) AS seen (name text, version integer)
    WHERE seen.version = 0
      OR EXISTS (SELECT FROM oasys.guard AS known WHERE known.practice = :practice AND known.name = seen.name)
    ON CONFLICT (practice, name) DO UPDATE SET version = excluded.version WHERE guard.version = excluded.version - 1
""")
_INSERT: Final = sql("""
    INSERT INTO oasys.aggregate (practice, kind, id, revision, clinician, client, parent, starts, ends, status, body)
    SELECT :practice, given.*
    FROM json_to_recordset(CAST(:rows AS json)) AS given (kind text, id text, revision integer, clinician text,
      client text, parent text, starts timestamptz, ends timestamptz, status text, body text)
    ON CONFLICT (practice, kind, id) DO NOTHING
""")
_UPDATE: Final = sql("""
    UPDATE oasys.aggregate SET revision = :revision, clinician = :clinician, client = :client, parent = :parent,
      starts = :starts, ends = :ends, status = :status, body = :body
    WHERE practice = :practice AND kind = :kind AND id = :id AND revision = :revision - 1
""")


def _aggregates(practice: str, changes: Sequence[Aggregate]) -> Steps[None]:
    if any(row.practice != practice for row in changes):
        raise StaleWrite("another practice's aggregate")
    ordered = sorted(changes, key=lambda row: (row.kind, row.id))
    new = [_row(change) for change in ordered if change.revision == 1]
    if new:
        done = yield Say(_INSERT, _rows(practice, new))
        if done.count != len(new):
            raise StaleWrite("a revision has moved")
    for change in ordered:
        if change.revision != 1:
            done = yield Say(_UPDATE, {"practice": practice, **_row(change)})
            if done.count != 1:
                raise StaleWrite("a revision has moved")


def _row(change: Aggregate) -> dict[str, object]:
    index = change.index
    return {
        "kind": change.kind,
        "id": change.id,
        "revision": change.revision,
        "clinician": index.clinician,
        "client": index.client,
        "parent": index.parent,
        "starts": index.span.start if index.span else None,
        "ends": index.span.end if index.span else None,
        "status": str(index.status),
        "body": dumps(change),
    }


# What ran out goes first, and what these aggregates held before: a swap within one commit meets nothing of its own.
_LET_GO: Final = sql("""
    DELETE FROM oasys.occupancy
    WHERE practice = :practice
      AND (expires <= :now OR (kind, id) IN (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS text[]))))
""")
# Waiting for the other transaction and then doing nothing: a plain insert stalled under contention when measured.
_TAKE: Final = sql("""
    INSERT INTO oasys.occupancy
      (practice, resource, kind, id, number, grp, exclusive, seats, seat, during, expires)
    SELECT :practice, resource, kind, id, number, grp, exclusive, seats, 1, tstzrange(starts, ends, '[)'), expires
    FROM json_to_recordset(CAST(:rows AS json)) AS taken (resource text, kind text, id text, number integer, grp text,
      exclusive boolean, seats integer, starts timestamptz, ends timestamptz, expires timestamptz)
    ON CONFLICT DO NOTHING
""")
_SIT: Final = sql("""
    INSERT INTO oasys.occupancy
      (practice, resource, kind, id, number, grp, exclusive, seats, seat, during, expires)
    SELECT :practice, :resource, :kind, :id, :number, :grp, :exclusive, :seats, free.seat,
      tstzrange(:starts, :ends, '[)'), :expires
    FROM generate_series(1, :seats) AS free (seat)
    WHERE NOT EXISTS (
      SELECT 1 FROM oasys.occupancy AS held
      WHERE held.practice = :practice AND held.resource = :resource AND held.grp = :grp AND held.seat = free.seat
        AND held.exclusive AND held.seats > 1 AND held.during && tstzrange(:starts, :ends, '[)'))
    ORDER BY free.seat LIMIT 1
    ON CONFLICT DO NOTHING
""")


def _occupancies(practice: str, changes: Sequence[Aggregate], now: datetime) -> Steps[None]:
    if not changes:
        return
    gone: dict[str, object] = {"kinds": [row.kind for row in changes], "ids": [row.id for row in changes]}
    yield Say(_LET_GO, {"practice": practice, "now": now, **gone})
    held = sorted(
        ((row.resource, row.span.start, number, change.id, row, change) for change in changes
         for number, row in enumerate(change.occupancies) if row.expires_at is None or row.expires_at > now),
        key=lambda row: row[:4],
    )  # fmt: skip
    for sits, group in groupby(held, key=lambda row: row[4].seats > 1 and row[4].exclusive):
        rows = [_held(change, row, number) for _, _, number, _, row, change in group]
        said = (
            [Say(_SIT, {"practice": practice, **row}) for row in rows] if sits else [Say(_TAKE, _rows(practice, rows))]
        )
        for say in said:
            done = yield say
            if done.count != len(rows) / len(said):
                raise SlotTaken("this time is taken")


def _held(change: Aggregate, row: Occupancy, number: int) -> dict[str, object]:
    return {
        "resource": row.resource,
        "kind": change.kind,
        "id": change.id,
        "number": number,
        "grp": row.group or change.id,
        "exclusive": row.exclusive,
        "seats": row.seats,
        "starts": row.span.start,
        "ends": row.span.end,
        "expires": row.expires_at,
    }


_WITHDRAW: Final = sql(
    "UPDATE oasys.outbox SET state = 'skipped' WHERE practice = :practice AND grp = ANY(:groups) AND state IS NULL"
)
# A withdrawn row may be planned anew; whoever is delivering it just now still has it.
_POST: Final = sql("""
    INSERT INTO oasys.outbox (practice, id, kind, aggregate, seq, recipient, grp, due, body)
    SELECT :practice, posted.*
    FROM json_to_recordset(CAST(:rows AS json)) AS posted (id text, kind text, aggregate text, seq integer,
      recipient text, grp text, due timestamptz, body text)
    ON CONFLICT (practice, id) DO UPDATE
    SET seq = excluded.seq, due = excluded.due, body = excluded.body, attempts = 0, state = NULL
    WHERE outbox.state = 'skipped'
""")


def _posted(row: OutboxRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.aggregate.kind,
        "aggregate": row.aggregate.id,
        "seq": row.seq,
        "recipient": row.recipient,
        "grp": row.group,
        "due": row.due,
        "body": row_text(row),
    }


# An entry is written only where the chain still ends as its writer saw it.
_ENTER: Final = sql("""
    INSERT INTO oasys.audit
    SELECT :practice, entered.*
    FROM json_to_recordset(CAST(:rows AS json)) AS entered (kind text, id text, seq integer, previous text, hash text,
      body text)
    WHERE previous = coalesce((
      SELECT hash FROM oasys.audit AS chain
      WHERE chain.practice = :practice AND chain.kind = entered.kind AND chain.id = entered.id
      ORDER BY chain.seq DESC LIMIT 1), '')
    ON CONFLICT DO NOTHING
""")


def _entries(practice: str, entries: Sequence[AuditEntry]) -> Steps[None]:
    # The second link of one chain has to see the first: it waits for the next statement.
    waiting = list(entries)
    while waiting:
        first = {entry.aggregate: entry for entry in reversed(waiting)}
        done = yield Say(_ENTER, _rows(practice, map(_entered, first.values())))
        if done.count != len(first):
            raise StaleWrite("the audit chain has moved")
        waiting = [entry for entry in waiting if entry is not first[entry.aggregate]]


def _entered(entry: AuditEntry) -> dict[str, object]:
    return {
        "kind": entry.aggregate.kind,
        "id": entry.aggregate.id,
        "seq": entry.seq,
        "previous": entry.previous,
        "hash": entry.hash,
        "body": entry_text(entry),
    }


_CHAIN: Final = sql(
    "SELECT body FROM oasys.audit WHERE practice = :practice AND kind = :kind AND id = :id ORDER BY seq"
)


def reading(practice: str, key: Key) -> Steps[tuple[AuditEntry, ...]]:
    """Read one audit chain."""
    answer = yield Say(_CHAIN, {"practice": practice, "kind": key.kind, "id": key.id})
    return tuple(entry_from(body) for (body,) in answer.rows)
