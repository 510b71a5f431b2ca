"""The audit trail: one hash-chained entry for each accepted transition, a chain for each aggregate (B8).

Entries hold who, what, when, states and the names of changed fields; never a value.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast, final

from oasys_sched.actors import Actor
from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.ports import AuditEntry

__all__ = ["AuditProblem", "entry_for", "sealed", "verify_audit"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProblem:
    """The first entry at which a chain stops being true, and why."""

    seq: int
    why: str


def sealed(entry: AuditEntry) -> AuditEntry:
    """Return the entry with its hash, over every other field and the hash before it. SHA-256 of canonical JSON."""
    facts = [
        entry.practice, entry.aggregate.kind, entry.aggregate.id, entry.seq, entry.actor, entry.role, entry.act,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.before, entry.after, entry.reason,
        list(entry.fields), entry.previous,
    ]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=True, separators=(",", ":"))
    return replace(entry, hash=sha256(text.encode()).hexdigest())


def entry_for(
    before: Aggregate | None,
    after: Aggregate,
    *,
    actor: Actor,
    act: str,
    at: datetime,
    previous: str,
    reason: str | None,
) -> AuditEntry:
    """Return the sealed entry of one change: from which state to which, and which fields moved."""
    return sealed(
        AuditEntry(
            practice=after.practice,
            aggregate=Key(after.kind, after.id),
            seq=after.revision,
            actor=actor.id,
            role=actor.kind.value,
            act=act,
            at=at,
            before=before.index.status if before is not None else "",
            after=after.index.status,
            reason=reason,
            fields=_moved(before, after),
            previous=previous,
        )
    )


def _moved(before: Aggregate | None, after: Aggregate) -> tuple[str, ...]:
    names = [row.name for row in fields(cast("Any", after)) if row.name != "revision"]
    if before is None:
        return ()
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def verify_audit(chain: Sequence[AuditEntry], *, revision: int | None = None) -> AuditProblem | None:
    """Find the first entry that was edited, dropped, inserted or reordered; None when the chain is whole.

    A cut tail shows only against an anchor: give the aggregate's `revision`, which its last entry must have reached.
    O(n).
    """
    previous, seq = "", 0
    for entry in chain:
        if entry.previous != previous:
            return AuditProblem(seq=entry.seq, why="does not follow the entry before")
        if sealed(entry).hash != entry.hash:
            return AuditProblem(seq=entry.seq, why="was edited")
        if entry.seq != seq + 1:
            return AuditProblem(seq=entry.seq, why="an entry is missing before it")
        previous, seq = entry.hash, entry.seq
    if revision is not None and seq != revision:
        return AuditProblem(seq=seq, why="the chain ends before the aggregate does")
    return None
