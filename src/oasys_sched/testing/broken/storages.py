"""Storages with one flaw each, around a sound one."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.aggregates import Aggregate, Key, Occupancy
from oasys_sched.codec import dumps
from oasys_sched.errors import SlotTaken
from oasys_sched.ports import Commit, OutboxRow, Query, Repository, Snapshot, Wanted
from oasys_sched.times import Span

__all__ = ["STORAGES"]


class _Around:
    """A sound repository, passed through."""

    def __init__(self) -> None:
        self._sound = MemoryRepository()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)

    def load(self, wanted: Wanted, /) -> Snapshot:
        return self._sound.load(wanted)

    def _stored(self, practice: str, row: Aggregate) -> int:
        """The revision that is stored of a row, 0 if none."""
        found = self.load(Wanted(practice=practice, queries=(Query(kind=row.kind, ids=(row.id,)),))).aggregates
        return found[0].revision if found else 0

    def _onto_whatever_is_there(self, commit: Commit, *kinds: str) -> Commit:
        """Give changes the revision that fits, whatever their writer has seen."""
        changes = [
            replace(row, revision=self._stored(commit.practice, row) + 1)  # type: ignore[type-var]
            if not kinds or row.kind in kinds
            else row
            for row in commit.changes
        ]
        return replace(commit, changes=tuple(changes))


class NoVersion(_Around):
    """The last writer wins, whatever was written meanwhile."""

    def commit(self, commit: Commit, /) -> None:
        self._sound.commit(self._onto_whatever_is_there(commit))


class LateAutosaveWins(_Around):
    """The same, of notes alone: a slow network brings back the older text."""

    def commit(self, commit: Commit, /) -> None:
        self._sound.commit(self._onto_whatever_is_there(commit, "note"))


class KeyNotAtomic(_Around):
    """The outcome is written after the change it belongs to."""

    def commit(self, commit: Commit, /) -> None:
        self._sound.commit(replace(commit, outcome=None))
        if commit.outcome is not None:
            self._sound.commit(Commit(practice=commit.practice, outcome=commit.outcome))


class OutboxLate(_Around):
    """Messages are written with the next commit: if there is none, nobody is told."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[OutboxRow] = []

    def commit(self, commit: Commit, /) -> None:
        waiting, self._waiting = self._waiting, list(commit.outbox)
        self._sound.commit(replace(commit, outbox=tuple(row for row in waiting if row.practice == commit.practice)))


class PhiInError(_Around):
    """An error that is meant to help quotes the row."""

    def commit(self, commit: Commit, /) -> None:
        try:
            self._sound.commit(commit)
        except SlotTaken as error:
            raise SlotTaken(f"{error}: {[dumps(row) for row in commit.changes]}") from None


class _Misread:
    """A row whose occupancies are read wrongly; otherwise itself."""

    def __init__(self, row: Aggregate, occupancies: tuple[Occupancy, ...]) -> None:
        self.row, self.occupancies = row, occupancies

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


Reading = Callable[[Aggregate], tuple[Occupancy, ...]]


class Misreading(_Around):
    """Reads of each row what it occupies in its own way."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def load(self, wanted: Wanted, /) -> Snapshot:
        found = self._sound.load(wanted)
        rows: Any = found.aggregates
        return replace(found, aggregates=tuple(row.row if isinstance(row, _Misread) else row for row in rows))

    def commit(self, commit: Commit, /) -> None:
        rows: Any = [_Misread(row, self._reading(row)) for row in commit.changes]
        self._sound.commit(replace(commit, changes=tuple(rows)))


def _longer(span: Span) -> Span:
    return Span(span.start, span.end + timedelta(seconds=1))


# How each of them reads what a row occupies.
_READINGS: Final[Mapping[str, Reading]] = {
    "pending_invisible": lambda row: () if row.index.status == "pending" else row.occupancies,
    "guard_only_in_core": lambda row: tuple(replace(one, exclusive=False) for one in row.occupancies),
    "closed_range": lambda row: tuple(replace(one, span=_longer(one.span)) for one in row.occupancies),
    "hold_never_expires": lambda row: tuple(replace(one, expires_at=None) for one in row.occupancies),
    "seat_plus_one": lambda row: tuple(
        replace(one, seats=one.seats + 1) if one.seats > 1 else one for one in row.occupancies
    ),
}


class SnapshotOnly(Misreading):
    """Looks for overlaps in its own snapshot and then writes: two that look at once both write."""

    def __init__(self) -> None:
        super().__init__(_READINGS["guard_only_in_core"])

    def commit(self, commit: Commit, /) -> None:
        self._look(commit)
        time.sleep(0.001)
        super().commit(commit)

    def _look(self, commit: Commit) -> None:
        for row in commit.changes:
            for one in row.occupancies:
                if any(_in_the_way(row, one, other) for other in self._near(commit.practice, row, one)):
                    raise SlotTaken("this time is taken")

    def _near(self, practice: str, row: Aggregate, one: Occupancy) -> tuple[Aggregate, ...]:
        return self.load(Wanted(practice=practice, queries=(Query(kind=row.kind, within=one.span),))).aggregates


class LocksWhatIsThere(SnapshotOnly):
    """Locks the rows it finds in the way before it looks: where there is none yet, there is nothing to lock."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)

    def commit(self, commit: Commit, /) -> None:
        near = {
            Key(other.kind, other.id)
            for row in commit.changes
            for one in row.occupancies
            for other in self._near(commit.practice, row, one)
        }
        held = [self._locks[key] for key in sorted(near, key=str)]
        for lock in held:
            lock.acquire()
        try:
            super().commit(commit)
        finally:
            for lock in held:
                lock.release()


def _in_the_way(row: Aggregate, one: Occupancy, other: Aggregate) -> bool:
    return other.id != row.id and any(
        held.resource == one.resource and held.span.overlaps(one.span) and held.exclusive and one.exclusive
        for held in other.occupancies
    )


def _misreading(name: str) -> Callable[[], Repository]:
    return lambda: Misreading(_READINGS[name])


# Each a way to make a fresh one.
STORAGES: Final[Mapping[str, Callable[[], Any]]] = {
    "no_version": NoVersion,
    "key_not_atomic": KeyNotAtomic,
    "outbox_late": OutboxLate,
    "late_autosave_wins": LateAutosaveWins,
    "phi_in_error": PhiInError,
    "snapshot_only": SnapshotOnly,
    "locks_what_is_there": LocksWhatIsThere,
    **{name: _misreading(name) for name in _READINGS},
}
