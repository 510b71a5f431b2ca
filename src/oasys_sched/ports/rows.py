"""What goes through the storage door: queries, snapshots, commits, outbox rows, audit entries. Frozen facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import TypeVar, final

from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.errors import NotFound
from oasys_sched.times import Span

__all__ = [
    "AuditEntry",
    "Commit",
    "Delivery",
    "Guard",
    "OutboxRow",
    "Outcome",
    "Query",
    "Snapshot",
    "Wanted",
]

A = TypeVar("A", bound=Aggregate)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search for aggregates of one type; every given criterion must hold. `within` means the index span overlaps.

    `ids` restricts to those ids. A query without criteria means every aggregate of that kind in the practice.
    """

    kind: str
    ids: tuple[str, ...] | None = None
    clinician: str | None = None
    client: str | None = None
    parent: str | None = None
    within: Span | None = None
    statuses: tuple[str, ...] | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Everything one unit of work has to see, read in one consistent snapshot.

    `guards` are names of counters whose versions are needed (see `Guard`), `outcome` the idempotency key to look up.
    """

    practice: str
    queries: tuple[Query, ...] = ()
    guards: tuple[str, ...] = ()
    outcome: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Guard:
    """A counter that serialises decisions which no single aggregate owns, such as one clinician's one day.

    A commit names the version it saw, 0 for one nobody has bumped; the storage raises `StaleWrite` if it has moved,
    else bumps it by one. Guards belong to their practice.
    """

    name: str
    version: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an idempotency key led to: the request's digest and the decision, to be given again."""

    key: str
    digest: str
    decision: Accepted[object] | Refused
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One accepted transition (B8): who did what to which aggregate when; field names, never values.

    `seq` is the aggregate's revision; `hash` covers the entry and `previous`, so that each aggregate has its own chain.
    """

    practice: str
    aggregate: Key
    seq: int
    actor: str
    role: str
    act: str
    at: datetime
    before: str
    after: str
    reason: str | None = None
    fields: tuple[str, ...] = ()
    previous: str = ""
    hash: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One message to one recipient, or one obligation, committed with the change that caused it.

    `id` is the dedupe key a receiver may rely on. `template` names the text; `fields` are the safe facts it may use:
    never a note, a reason's free text or another client's data. `due` is when it may go (reminders lie in the future),
    `expires_at` when it must not go any more. Rows of one `group` are withdrawn together (a moved appointment's
    reminders). `immediate` rows ignore quiet hours and batching (S32). What is due of one aggregate for one recipient
    goes one after the other, by `due`, then `seq`; `attempts` is counted by the storage.
    """

    practice: str
    id: str
    aggregate: Key
    seq: int
    template: str
    recipient: str
    role: str = "client"
    channel: str = "email"
    fields: Mapping[str, object] = field(default_factory=dict, hash=False)
    due: datetime
    expires_at: datetime | None = None
    group: str | None = None
    immediate: bool = False
    attempts: int = 0


@unique
class Delivery(StrEnum):
    """How handing over an outbox row ended."""

    SENT = "sent"
    FAILED = "failed"
    PARKED = "parked"
    EXPIRED = "expired"
    SKIPPED = "skipped"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a load found: aggregates, guard versions, the stored outcome, and the heads of audit chains by key."""

    aggregates: tuple[Aggregate, ...] = ()
    guards: Mapping[str, int] = field(default_factory=dict, hash=False)
    outcome: Outcome | None = None
    audit_heads: Mapping[Key, str] = field(default_factory=dict, hash=False)

    def all(self, kind: type[A]) -> tuple[A, ...]:
        """Return every aggregate of one type, in the repository's order."""
        return tuple(found for found in self.aggregates if isinstance(found, kind))

    def one(self, kind: type[A], id: str) -> A:
        """Return one aggregate by id.

        Raises:
            NotFound: it is not in this snapshot.
        """
        found = self.get(kind, id)
        if found is None:
            raise NotFound(f"no such {kind.kind}")
        return found

    def get(self, kind: type[A], id: str | None) -> A | None:
        """Return one aggregate by id, or None."""
        return next((found for found in self.aggregates if isinstance(found, kind) and found.id == id), None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Everything one unit of work writes, all of it or none.

    Each aggregate in `changes` carries its new revision: 1 is an insert, n replaces revision n - 1. Its occupancies
    replace the ones it had. `withdraw` names outbox groups whose undelivered rows are cancelled first; a row of
    `outbox` whose id is among them, or among those skipped before, is open again. Any other id there already is left.
    """

    practice: str
    changes: tuple[Aggregate, ...] = ()
    guards: tuple[Guard, ...] = ()
    outcome: Outcome | None = None
    outbox: tuple[OutboxRow, ...] = ()
    withdraw: tuple[str, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
