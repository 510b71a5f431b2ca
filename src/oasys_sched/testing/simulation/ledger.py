"""The simulation's own books: what every commit may do, checked on the spot; and the invariants around what changed.

Every invariant speaks of few things at a time. If they all held before, only those that a commit touched, with their
neighbours, can be broken after it: so that is what is checked, and the whole practice only now and then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, final

from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.booking.table import APPOINTMENT, REQUEST
from oasys_sched.ports import Commit, Delivery
from oasys_sched.sessions.events import SessionLinked
from oasys_sched.sessions.table import NOTE, SESSION, TRANSCRIPT
from oasys_sched.testing.invariants import broken_by
from oasys_sched.testing.world import Step, World

__all__ = ["Ledger", "Wrong"]

_TABLES: Final[Mapping[str, Mapping[Any, Mapping[Any, Any]]]] = {
    "appointment": APPOINTMENT,
    "request": REQUEST,
    "session": SESSION,
    "note": NOTE,
    "transcript": TRANSCRIPT,
}
_LEGAL: Final = {
    kind: {state: {state, *acts.values()} for state, acts in table.items()} for kind, table in _TABLES.items()
}
# Linking a logged session starts and completes its appointment in one revision (A31).
_TWO_STEPS: Final = SessionLinked.__name__
_PEOPLE: Final = ("practice", "clinician", "schedule", "service", "client")
_OF_A_SESSION: Final = ("note", "transcript", "purge")
_NEAR: Final = timedelta(hours=12)


class Wrong(Exception):
    """Something happened that never may."""


@final
class Ledger:
    """Everything committed so far, kept apart from the storage under test."""

    def __init__(self, opening: Commit, clock: Callable[[], datetime], texts: Callable[[], frozenset[str]]) -> None:
        self.rows: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        # Of each kind, what changed last.
        self.latest: dict[str, Any] = {}
        self.heads: dict[Key, str] = {}
        self.effects: Counter[str] = Counter()
        self.announced: set[str] = set()
        self.acknowledged: set[str] = set()
        self._clock, self._texts = clock, texts
        for row in opening.changes:
            self.rows[row.kind][row.id] = row

    def committed(self, commit: Commit) -> None:
        """Check one commit that went through, and enter it.

        Raises:
            Wrong: it did what no commit may.
        """
        if commit.outcome is not None and commit.changes:
            self.effects[commit.outcome.key] += 1
            _hold(self.effects[commit.outcome.key] == 1, "I3: a request took effect twice")
        changed = {Key(row.kind, row.id): row for row in commit.changes}
        audited = {entry.aggregate: entry for entry in commit.audit}
        _hold(changed.keys() == audited.keys() and len(changed) == len(commit.audit), "I4: changes without audit")
        _hold(all(row.aggregate in changed for row in commit.outbox), "I4: a message about nothing that changed")
        old = {key: self.rows[key.kind].get(key.id) for key in changed}
        for key, row in changed.items():
            was, entry = old[key], audited[key]
            _hold(row.revision == (was.revision if was else 0) + 1 == entry.seq, f"I5: a gap before {row.kind}")
            _hold(entry.previous == self.heads.get(key, ""), "I10: the audit chain is broken")
            if was is not None and row.kind in _LEGAL:
                legal = _LEGAL[row.kind]
                states = legal[was.index.status]
                if entry.act == _TWO_STEPS:
                    states = {later for state in states for later in legal[state]}
                _hold(row.index.status in states, f"I6: {row.kind} from {was.index.status} to {row.index.status}")
            self.heads[key] = entry.hash
        before = self._around(changed)
        for key, row in changed.items():
            self.rows[key.kind][key.id] = self.latest[key.kind] = row
        self.announced.update(row.id for row in commit.outbox)
        self._check(before, self._around(changed))

    def delivered(self, row: Any) -> None:
        """Enter a message that went out."""
        _hold(row.id in self.announced, "I4: a message that nothing announced")
        _hold(row.id not in self.acknowledged, "a message went out again after it was recorded as sent")

    def settled(self, row_id: str, ending: Delivery) -> None:
        """Enter how a message ended."""
        if ending is Delivery.SENT:
            self.acknowledged.add(row_id)

    def newest(self, kind: str, number: int) -> Aggregate | None:
        """Return one of the last dozen things of a kind."""
        rows = self.rows[kind]
        back = number % min(len(rows), 12) if rows else 0
        return next((row for place, row in enumerate(reversed(rows.values())) if place == back), None)

    def _check(self, before: Mapping[Key, Aggregate], after: Mapping[Key, Aggregate]) -> None:
        now, texts = self._clock(), self._texts()
        worlds = [World(now=now, aggregates=tuple(rows.values()), texts=texts) for rows in (before, after)]
        for problem in broken_by(Step(before=worlds[0], after=worlds[1], answer=None)):
            raise Wrong(f"invariant {problem.number}: {problem.why}")

    def _around(self, changed: Mapping[Key, Aggregate]) -> dict[Key, Aggregate]:
        found = {Key(kind, id): row for kind in _PEOPLE for id, row in self.rows[kind].items()}
        for key, row in changed.items():
            stored = self.rows[key.kind].get(key.id)
            if stored is not None:
                found[key] = stored
            for near in self._neighbours(row):
                found[Key(near.kind, near.id)] = near
        return found

    def _neighbours(self, row: Any) -> Iterator[Any]:
        """Find what an invariant may speak of together with this row."""
        if row.kind in _OF_A_SESSION:
            for kind in _OF_A_SESSION:
                yield from (other for other in self.rows[kind].values() if other.session == row.session)
            return
        about = {row.id, getattr(row, "appointment", None), getattr(row, "series", None)} - {None}
        times, beside = tuple(_times(row)), set(about)
        for other in self.rows["appointment"].values():
            near = other.clinician == getattr(row, "clinician", None) and any(
                abs(other.starts_at - time) < _NEAR for time in times
            )
            if near or other.id in about or other.series in about:
                yield other
                beside.add(other.id)
        for kind in ("request", "session", "series", "waitlist"):
            for one in self.rows[kind].values():
                if one.id in about or getattr(one, "appointment", None) in beside or self._claims(one, row):
                    yield one

    def _claims(self, one: Any, row: Any) -> bool:
        if one.clinician != getattr(row, "clinician", None):
            return False
        return (
            bool(one.kind == "request" and one.is_open)
            or (one.kind == "session" and one.status == "active")
            or bool(one.kind == "waitlist" and one.hold is not None)
        )


def _times(row: Any) -> Iterator[datetime]:
    if row.kind == "appointment":
        yield row.starts_at
    elif row.kind == "request":
        yield from row.proposed
    elif row.kind == "waitlist" and row.hold is not None:
        yield row.hold.span.start


def _hold(holds: bool, why: str) -> None:
    if not holds:
        raise Wrong(why)
