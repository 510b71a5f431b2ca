"""Two ways to keep a set of starts without building any slot: as runs, and as a mask over a prepared grid."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, compress, islice
from typing import NamedTuple, Protocol

from oasys_sched.availability._days import ZoneDays
from oasys_sched.availability._windows import Window

__all__ = ["MaskStarts", "Run", "RunStarts", "Starts"]


class Run(NamedTuple):
    """Starts at an equal distance on one grid: `first`, up to and not including `stop`, in UTC seconds."""

    first: int
    stop: int
    window: Window


class Starts(Protocol):
    """Starts in order, in UTC seconds."""

    def count(self) -> int:
        """Return how many there are."""
        ...

    def any(self) -> bool:
        """Tell whether there is one, without counting."""
        ...

    def at(self, rank: int) -> int:
        """Return the start of a rank from 0."""
        ...

    def has(self, second: int) -> bool:
        """Tell whether an instant is a start."""
        ...

    def seconds(self) -> Iterator[int]:
        """Go through them."""
        ...

    def per_day(self, days: ZoneDays) -> dict[date, int]:
        """Count them by local date."""
        ...


class RunStarts:
    """Starts as runs: memory for each run, not for each start."""

    __slots__ = ("_totals", "runs", "step")

    def __init__(self, runs: Sequence[Run], step: int) -> None:
        self.runs = runs
        self.step = step
        self._totals: list[int] | None = None

    def totals(self) -> list[int]:
        """Return how many starts there are up to and with each run. Counted once."""
        if self._totals is None:
            step = self.step
            self._totals = list(accumulate([(stop - first + step - 1) // step for first, stop, _ in self.runs]))
        return self._totals

    def count(self) -> int:
        """Return how many there are."""
        return self.totals()[-1] if self.runs else 0

    def any(self) -> bool:
        """Tell whether there is one, without counting."""
        return bool(self.runs)

    def at(self, rank: int) -> int:
        """Return the start of a rank from 0. O(log runs)."""
        totals = self.totals()
        run = bisect_right(totals, rank)
        return self.runs[run].first + (rank - (totals[run - 1] if run else 0)) * self.step

    def has(self, second: int) -> bool:
        """Tell whether an instant is a start. O(log runs)."""
        rank = bisect_right(self.runs, second, key=_first) - 1
        if rank < 0:
            return False
        run = self.runs[rank]
        return second < run.stop and (second - run.first) % self.step == 0

    def seconds(self) -> Iterator[int]:
        """Go through them."""
        for first, stop, _ in self.runs:
            yield from range(first, stop, self.step)

    def per_day(self, days: ZoneDays) -> dict[date, int]:
        """Count them by local date. O(runs and the midnights they cross)."""
        step = self.step
        counts: dict[int, int] = {}
        for first, stop, _ in self.runs:
            at = first
            while at < stop:
                ordinal = days.ordinal(at)
                number = (min(stop, days.instant(ordinal + 1, 0)) - at + step - 1) // step
                counts[ordinal] = counts.get(ordinal, 0) + number
                at += number * step
        return {date.fromordinal(ordinal): number for ordinal, number in counts.items()}


def _first(run: Run) -> int:
    return run.first


class MaskStarts:
    """Starts as one byte for each candidate of a prepared grid: 1 is a start."""

    __slots__ = ("_grid", "_mask", "_offset")

    def __init__(self, grid: Sequence[int], offset: int, mask: bytes) -> None:
        self._grid = grid
        self._offset = offset
        self._mask = mask

    def count(self) -> int:
        """Return how many there are, at the speed of a scan over the bytes."""
        return self._mask.count(1)

    def any(self) -> bool:
        """Tell whether there is one; stops at the first."""
        return 1 in self._mask

    def at(self, rank: int) -> int:
        """Return the start of a rank from 0. O(candidates), at C speed."""
        if not rank:
            return self._grid[self._offset + self._mask.index(1)]
        return next(islice(self.seconds(), rank, None))

    def has(self, second: int) -> bool:
        """Tell whether an instant is a start. O(log candidates)."""
        at = bisect_left(self._grid, second) - self._offset
        return 0 <= at < len(self._mask) and bool(self._mask[at]) and self._grid[at + self._offset] == second

    def seconds(self) -> Iterator[int]:
        """Go through them."""
        return compress(islice(self._grid, self._offset, None), self._mask)

    def per_day(self, days: ZoneDays) -> dict[date, int]:
        """Count them by local date. O(days log candidates)."""
        counts: dict[date, int] = {}
        grid, mask, offset = self._grid, self._mask, self._offset
        at = mask.find(1)
        while at >= 0:
            ordinal = days.ordinal(grid[at + offset])
            until = bisect_left(grid, days.instant(ordinal + 1, 0), offset + at) - offset
            counts[date.fromordinal(ordinal)] = mask.count(1, at, until)
            at = mask.find(1, until)
        return counts
