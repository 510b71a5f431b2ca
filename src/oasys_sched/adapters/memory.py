"""Storage in memory: the embedded default for tests, demos and small tools, and the reference for other adapters.

Thread-safe, one lock for each call. It refuses overlaps by itself, as every storage must.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final, final

from oasys_sched.aggregates import Aggregate, Index, Key, Occupancy
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import AuditEntry, Commit, Delivery, OutboxRow, Outcome, Query, Snapshot, Wanted
from oasys_sched.relay import due_again
from oasys_sched.sessions.note import Note

__all__ = ["AsyncMemoryRepository", "MemoryRepository"]

DAY: Final = 86_400
# Occupancies longer than this (ALL_TIME claims) are kept in one bucket of their own.
LONG: Final = 40


@dataclass(slots=True)
class _Sent:
    row: OutboxRow
    state: Delivery | None = None
    leased_until: datetime | None = None
    position: int = 0


@final
class MemoryRepository:
    """Keeps one or many practices in dictionaries. `clock` tells when holds have run out."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = Lock()
        self._aggregates: dict[tuple[str, Key], Aggregate] = {}
        self._by_kind: defaultdict[tuple[str, str], dict[str, tuple[Aggregate, Index]]] = defaultdict(dict)
        self._buckets: defaultdict[tuple[str, str, int], dict[tuple[Key, int], Occupancy]] = defaultdict(dict)
        self._guards: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        self._outbox: dict[tuple[str, str], _Sent] = {}
        # Those not yet settled, so that a long history costs nothing.
        self._open: dict[tuple[str, str], _Sent] = {}
        self._audit: defaultdict[tuple[str, Key], list[AuditEntry]] = defaultdict(list)

    def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        practice = wanted.practice
        with self._lock:
            found: dict[Key, Aggregate] = {}
            for query in wanted.queries:
                for row in self._matching(practice, query):
                    found[Key(row.kind, row.id)] = row
            heads = {key: chain[-1].hash for key in found if (chain := self._audit.get((practice, key)))}
            return Snapshot(
                aggregates=tuple(found.values()),
                guards={name: self._guards[practice, name] for name in wanted.guards},
                outcome=self._outcomes.get((practice, wanted.outcome)) if wanted.outcome else None,
                audit_heads=heads,
            )

    def _matching(self, practice: str, query: Query) -> Iterable[Aggregate]:
        rows = self._by_kind.get((practice, query.kind), {})
        if query.ids is not None:
            chosen: Iterable[tuple[Aggregate, Index]] = [rows[id] for id in query.ids if id in rows]
        else:
            chosen = rows.values()
        return [row for row, index in chosen if _fits(index, query)]

    def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing."""
        practice = commit.practice
        with self._lock:
            self._check(commit)
            for change in commit.changes:
                self._put(practice, change)
            for guard in commit.guards:
                self._guards[practice, guard.name] += 1
            if commit.outcome is not None:
                self._outcomes[practice, commit.outcome.key] = commit.outcome
            if commit.withdraw:
                for sent in [*self._open.values()]:
                    if sent.row.practice == practice and sent.row.group in commit.withdraw:
                        self._close(sent, Delivery.SKIPPED)
            for row in commit.outbox:
                self._post(practice, row)
            for entry in commit.audit:
                self._audit[practice, entry.aggregate].append(entry)

    def _check(self, commit: Commit) -> None:
        self._check_key(commit)
        self._check_versions(commit)
        self._check_places(commit)
        for entry in commit.audit:
            chain = self._audit.get((commit.practice, entry.aggregate), [])
            if entry.previous != (chain[-1].hash if chain else ""):
                raise StaleWrite("the audit chain has moved")

    def _check_key(self, commit: Commit) -> None:
        if commit.outcome is None:
            return
        stored = self._outcomes.get((commit.practice, commit.outcome.key))
        if stored is not None:
            raise (StaleWrite if stored.digest == commit.outcome.digest else KeyReused)("this key has an outcome")

    def _check_versions(self, commit: Commit) -> None:
        practice = commit.practice
        for guard in commit.guards:
            if self._guards[practice, guard.name] != guard.version:
                raise StaleWrite("a guard has moved")
        for change in commit.changes:
            stored = self._aggregates.get((practice, Key(change.kind, change.id)))
            if (stored.revision if stored else 0) != change.revision - 1 or change.practice != practice:
                raise StaleWrite("a revision has moved")
            if isinstance(stored, Note) and stored.locked and not _only_adds(stored, change):
                raise StaleWrite("this note is locked")

    def _check_places(self, commit: Commit) -> None:
        leaving = {Key(change.kind, change.id) for change in commit.changes}
        arriving: list[tuple[Key, Occupancy]] = []
        now = self._clock()
        for change in commit.changes:
            key = Key(change.kind, change.id)
            for occupancy in change.occupancies:
                near = {
                    place: held
                    for bucket in _days(occupancy)
                    for place, held in self._buckets.get((commit.practice, occupancy.resource, bucket), {}).items()
                    if place[0] not in leaving
                }
                rivals = [*((other, held) for (other, _), held in near.items()), *arriving]
                if any(_collide(key, occupancy, other, held, now) for other, held in rivals):
                    raise SlotTaken("this time is taken")
                if occupancy.seats > 1 and sum(_sits(key, occupancy, *row, now) for row in rivals) >= occupancy.seats:
                    raise SlotTaken("every seat is taken")
                arriving.append((key, occupancy))

    def _put(self, practice: str, change: Aggregate) -> None:
        key = Key(change.kind, change.id)
        before = self._aggregates.get((practice, key))
        for occupancy in before.occupancies if before else ():
            for bucket in _days(occupancy):
                held = self._buckets[practice, occupancy.resource, bucket]
                for place in [place for place in held if place[0] == key]:
                    del held[place]
        self._aggregates[practice, key] = change
        self._by_kind[practice, change.kind][change.id] = (change, change.index)
        for number, occupancy in enumerate(change.occupancies):
            for bucket in _days(occupancy):
                self._buckets[practice, occupancy.resource, bucket][key, number] = occupancy

    def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        with self._lock:
            return tuple(self._audit.get((practice, key), ()))

    def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery, by due time; of one aggregate and recipient one at a time."""
        with self._lock:
            claimed: list[OutboxRow] = []
            waiting: set[tuple[Key, str]] = set()
            for sent in sorted(self._open.values(), key=lambda row: (row.row.due, row.row.seq, row.position)):
                row = sent.row
                if row.practice != practice:
                    continue
                line = (row.aggregate, row.recipient)
                leased = sent.leased_until is not None and sent.leased_until > now
                if leased or row.due > now or line in waiting:
                    if row.due <= now:
                        waiting.add(line)
                    continue
                if len(claimed) >= limit:
                    break
                sent.leased_until = now + lease
                waiting.add(line)
                claimed.append(row)
            return tuple(claimed)

    def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended; a failed one becomes due again, later each time."""
        with self._lock:
            sent = self._outbox.get((practice, row_id))
            if sent is not None and sent.state is Delivery.SKIPPED and delivery is Delivery.SENT:
                # Withdrawn while it was out: it went all the same, and must not go again when planned anew.
                sent.state = delivery
            if sent is None or sent.state is not None:
                return
            if delivery is not Delivery.FAILED:
                self._close(sent, delivery)
                return
            attempts = sent.row.attempts + 1
            sent.row = replace(sent.row, attempts=attempts, due=due_again(attempts, now))
            sent.leased_until = None

    def _post(self, practice: str, row: OutboxRow) -> None:
        sent = self._outbox.setdefault((practice, row.id), _Sent(row, position=len(self._outbox)))
        if sent.state is Delivery.SKIPPED:
            # Withdrawn and planned anew. Whoever is delivering it just now still has it.
            sent.row, sent.state = row, None
        if sent.state is None:
            self._open[practice, row.id] = sent

    def _close(self, sent: _Sent, how: Delivery) -> None:
        sent.state = how
        del self._open[sent.row.practice, sent.row.id]

    def outbox(self, practice: str, /) -> Sequence[tuple[OutboxRow, Delivery | None]]:
        """Return every outbox row and how it ended, in order of commit. For tests and dashboards."""
        with self._lock:
            rows = sorted(self._outbox.values(), key=lambda sent: sent.position)
            return tuple((sent.row, sent.state) for sent in rows if sent.row.practice == practice)


@final
class AsyncMemoryRepository:
    """The same repository behind awaitable methods."""

    def __init__(self, repository: MemoryRepository | None = None) -> None:
        self.wrapped = repository or MemoryRepository()

    async def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        return self.wrapped.load(wanted)

    async def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing."""
        self.wrapped.commit(commit)

    async def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        return self.wrapped.audit(practice, key)

    async def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery."""
        return self.wrapped.claim(practice, now=now, limit=limit, lease=lease)

    async def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended."""
        self.wrapped.settle(practice, row_id, delivery, now=now)


def _only_adds(locked: Note, change: Aggregate) -> bool:
    """Tell whether a locked note stays word for word what it was; addenda may follow (B7)."""
    return (
        isinstance(change, Note)
        and change.addenda[: len(locked.addenda)] == locked.addenda
        and replace(change, revision=locked.revision, addenda=locked.addenda, pending=locked.pending) == locked
    )


def _fits(index: Index, query: Query) -> bool:
    return (
        (query.clinician is None or index.clinician == query.clinician)
        and (query.client is None or index.client == query.client)
        and (query.parent is None or index.parent == query.parent)
        and (query.statuses is None or index.status in query.statuses)
        and (query.within is None or (index.span is not None and index.span.overlaps(query.within)))
    )


def _days(occupancy: Occupancy) -> Sequence[int]:
    first, last = occupancy.span.first // DAY, (occupancy.span.last - 1) // DAY
    # A claim over all time meets only its like, by resource; it does not need a bucket for each day.
    return (-1,) if last - first > LONG else range(first, last + 1)


def _collide(key: Key, one: Occupancy, other_key: Key, other: Occupancy, now: datetime) -> bool:
    same = (one.group or key.id) == (other.group or other_key.id)
    return not same and _meet(one, other, now)


def _sits(key: Key, one: Occupancy, other_key: Key, other: Occupancy, now: datetime) -> bool:
    """Whether another aggregate has a seat in the same group at the same time."""
    same = (one.group or key.id) == (other.group or other_key.id)
    return same and other.seats > 1 and _meet(one, other, now)


def _meet(one: Occupancy, other: Occupancy, now: datetime) -> bool:
    if one.resource != other.resource or not one.span.overlaps(other.span):
        return False
    if not one.exclusive or not other.exclusive:
        return False
    return all(row.expires_at is None or row.expires_at > now for row in (one, other))
