"""What is said to load, to commit, and to read an audit chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from oasys_sched.adapters.sql_saying import Say, Steps, sql
from oasys_sched.aggregates import Aggregate, Key, Occupancy
from oasys_sched.codec import dumps, loads
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import AuditEntry, Commit, OutboxRow, Outcome, Query, Snapshot, Wanted
from oasys_sched.stored_rows import entry_from, entry_text, row_text

__all__ = ["committing", "loading", "reading"]

_FOUND: Final = """
    SELECT 'aggregate' AS what, kind, id, body, coalesce((
      SELECT hash FROM oasys.audit
      WHERE audit.practice = aggregate.practice AND audit.kind = aggregate.kind AND audit.id = aggregate.id
      ORDER BY seq DESC LIMIT 1), '') AS head
    FROM oasys.aggregate WHERE practice = :practice AND kind = :kind{n}
"""
_COLUMNS: Final = {
    "clinician": "clinician = :clinician{n}",
    "client": "client = :client{n}",
    "parent": "parent = :parent{n}",
    "ids": "id = ANY(:ids{n})",
    "statuses": "status = ANY(:statuses{n})",
    "within": "starts < :until{n} AND ends > :since{n}",
}
_GUARDS: Final = """
    SELECT 'guard', name, version::text, '', '' FROM oasys.guard WHERE practice = :practice AND name = ANY(:guards)
"""
_OUTCOME: Final = "SELECT 'outcome', '', '', body, '' FROM oasys.outcome WHERE practice = :practice AND key = :outcome"


def loading(wanted: Wanted) -> Steps[Snapshot]:
    """Read everything in one statement, so as of one moment."""
    parts: list[str] = []
    values: dict[str, object] = {"practice": wanted.practice}
    for number, query in enumerate(wanted.queries):
        parts.append(_select(query, number))
        values |= _values(query, number)
    if wanted.guards:
        parts.append(_GUARDS)
        values["guards"] = list(wanted.guards)
    if wanted.outcome is not None:
        parts.append(_OUTCOME)
        values["outcome"] = wanted.outcome
    if not parts:
        return Snapshot()
    answer = yield Say(sql(" UNION ALL ".join(parts)), values)
    bodies: dict[Key, str] = {}
    heads: dict[Key, str] = {}
    guards = dict.fromkeys(wanted.guards, 0)
    outcome = None
    for what, first, second, body, head in answer.rows:
        if what == "guard":
            guards[first] = int(second)
        elif what == "outcome":
            key, digest, decision, at = loads(body)
            outcome = Outcome(key=key, digest=digest, decision=decision, at=at)
        else:
            bodies[Key(first, second)] = body
            if head:
                heads[Key(first, second)] = head
    aggregates = tuple(map(loads, bodies.values()))
    return Snapshot(aggregates=aggregates, guards=guards, outcome=outcome, audit_heads=heads)


def _select(query: Query, number: int) -> str:
    given = [sql for name, sql in _COLUMNS.items() if getattr(query, name) is not None]
    return " AND ".join([_FOUND, *given]).replace("{n}", str(number))


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
    """Write all five parts; raising anywhere means that the transaction is rolled back."""
    if commit.outcome is not None:
        yield from _outcome(commit.practice, commit.outcome)
    for guard in sorted(commit.guards, key=lambda row: row.name):
        values = {"practice": commit.practice, "name": guard.name, "version": guard.version}
        done = yield Say(_BUMP if guard.version else _FIRST_BUMP, values)
        if done.count != 1:
            raise StaleWrite("a guard has moved")
    for change in commit.changes:
        yield from _aggregate(commit.practice, change)
    yield from _occupancies(commit.practice, commit.changes, now)
    if commit.withdraw:
        yield Say(_WITHDRAW, {"practice": commit.practice, "groups": list(commit.withdraw)})
    for row in commit.outbox:
        yield Say(_POST, {"practice": commit.practice, **_posted(row)})
    for entry in commit.audit:
        yield from _entry(commit.practice, entry)


_TELL: Final = sql(
    "INSERT INTO oasys.outcome VALUES (:practice, :key, :digest, :at, :body) ON CONFLICT (practice, key) DO NOTHING"
)
_TOLD: Final = sql("SELECT digest FROM oasys.outcome WHERE practice = :practice AND key = :key")


def _outcome(practice: str, outcome: Outcome) -> Steps[None]:
    body = dumps((outcome.key, outcome.digest, outcome.decision, outcome.at))
    known: dict[str, object] = {"practice": practice, "key": outcome.key}
    done = yield Say(_TELL, {**known, "digest": outcome.digest, "at": outcome.at, "body": body})
    if done.count != 1:
        stored = yield Say(_TOLD, known)
        same = [row[0] for row in stored.rows] == [outcome.digest]
        raise (StaleWrite if same else KeyReused)("this key has an outcome")


_FIRST_BUMP: Final = sql("INSERT INTO oasys.guard VALUES (:practice, :name, :version + 1) ON CONFLICT DO NOTHING")
_BUMP: Final = sql(
    "UPDATE oasys.guard SET version = version + 1 WHERE practice = :practice AND name = :name AND version = :version"
)
_INSERT: Final = sql("""
    INSERT INTO oasys.aggregate (practice, kind, id, revision, clinician, client, parent, starts, ends, status, body)
    VALUES (:practice, :kind, :id, :revision, :clinician, :client, :parent, :starts, :ends, :status, :body)
    ON CONFLICT (practice, kind, id) DO NOTHING
""")
_UPDATE: Final = sql("""
    UPDATE oasys.aggregate SET revision = :revision, clinician = :clinician, client = :client, parent = :parent,
      starts = :starts, ends = :ends, status = :status, body = :body
    WHERE practice = :practice AND kind = :kind AND id = :id AND revision = :revision - 1
""")


def _aggregate(practice: str, change: Aggregate) -> Steps[None]:
    if change.practice != practice:
        raise StaleWrite("another practice's aggregate")
    index = change.index
    done = yield Say(
        _INSERT if change.revision == 1 else _UPDATE,
        {
            "practice": practice,
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
        },
    )
    if done.count != 1:
        raise StaleWrite("a revision has moved")


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
    VALUES (:practice, :resource, :kind, :id, :number, :grp, :exclusive, :seats, 1,
      tstzrange(:starts, :ends, '[)'), :expires)
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
    values = {"kinds": [row.kind for row in changes], "ids": [row.id for row in changes]}
    yield Say(_LET_GO, {"practice": practice, "now": now, **values})
    # In one order everywhere, so that two transactions never wait for each other.
    held = sorted(
        ((row.resource, row.span.start, number, change.id, row, change) for change in changes
         for number, row in enumerate(change.occupancies) if row.expires_at is None or row.expires_at > now),
        key=lambda row: row[:4],
    )  # fmt: skip
    for _, _, number, _, row, change in held:
        done = yield Say(_SIT if row.seats > 1 and row.exclusive else _TAKE, _held(practice, change, row, number))
        if done.count != 1:
            raise SlotTaken("this time is taken")


def _held(practice: str, change: Aggregate, row: Occupancy, number: int) -> dict[str, object]:
    return {
        "practice": practice,
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
_POST: Final = sql("""
    INSERT INTO oasys.outbox (practice, id, kind, aggregate, seq, recipient, grp, due, body)
    VALUES (:practice, :id, :kind, :aggregate, :seq, :recipient, :grp, :due, :body)
    ON CONFLICT (practice, id) DO NOTHING
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


# The entry is written only where the chain still ends as its writer saw it.
_ENTER: Final = sql("""
    INSERT INTO oasys.audit SELECT :practice, :kind, :id, :seq, :previous, :hash, :body
    WHERE :previous = coalesce((
      SELECT hash FROM oasys.audit WHERE practice = :practice AND kind = :kind AND id = :id
      ORDER BY seq DESC LIMIT 1), '')
    ON CONFLICT DO NOTHING
""")


def _entry(practice: str, entry: AuditEntry) -> Steps[None]:
    done = yield Say(
        _ENTER,
        {
            "practice": practice,
            "kind": entry.aggregate.kind,
            "id": entry.aggregate.id,
            "seq": entry.seq,
            "previous": entry.previous,
            "hash": entry.hash,
            "body": entry_text(entry),
        },
    )
    if done.count != 1:
        raise StaleWrite("the audit chain has moved")


_CHAIN: Final = sql(
    "SELECT body FROM oasys.audit WHERE practice = :practice AND kind = :kind AND id = :id ORDER BY seq"
)


def reading(practice: str, key: Key) -> Steps[tuple[AuditEntry, ...]]:
    """Read one audit chain."""
    answer = yield Say(_CHAIN, {"practice": practice, "kind": key.kind, "id": key.id})
    return tuple(entry_from(body) for (body,) in answer.rows)
