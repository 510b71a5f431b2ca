"""Two ways to keep a set of starts without building any slot: as runs, and as a mask over a prepared grid."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate, compress, islice
from typing import Protocol, TypeAlias

from oasys_sched.availability._days import ZoneDays

__all__ = ["MaskStarts", "Run", "RunStarts", "Starts"]


# Starts at an equal distance on one grid: the first, up to and not including the second, in seconds since EPOCH.
Run: TypeAlias = tuple[int, int]


class Starts(Protocol):
    """Starts in order, in seconds since EPOCH."""

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

    def runs(self) -> Iterable[Run]:
        """Go through them by runs."""
        ...

    @property
    def step(self) -> int:
        """The distance of two starts of one run."""
        ...

    def per_day(self, days: ZoneDays) -> dict[date, int]:
        """Count them by local date."""
        ...


class RunStarts:
    """Starts as runs: memory for each run, not for each start."""

    __slots__ = ("_runs", "_totals", "step")

    def __init__(self, runs: Sequence[Run], step: int) -> None:
        self._runs = runs
        self.step = step
        self._totals: list[int] | None = None

    def totals(self) -> list[int]:
        """Return how many starts there are up to and with each run. Counted once."""
        if self._totals is None:
            step = self.step
            self._totals = list(accumulate([(stop - first + step - 1) // step for first, stop in self._runs]))
        return self._totals

    def count(self) -> int:
        """Return how many there are."""
        return self.totals()[-1] if self._runs else 0

    def any(self) -> bool:
        """Tell whether there is one, without counting."""
        return bool(self._runs)

    def at(self, rank: int) -> int:
        """Return the start of a rank from 0. O(log runs)."""
        if not rank:
            return self._runs[0][0]
        totals = self.totals()
        run = bisect_right(totals, rank)
        return self._runs[run][0] + (rank - (totals[run - 1] if run else 0)) * self.step

    def has(self, second: int) -> bool:
        """Tell whether an instant is a start. O(log runs)."""
        rank = bisect_right(self._runs, second, key=_first) - 1
        if rank < 0:
            return False
        first, stop = self._runs[rank]
        return second < stop and (second - first) % self.step == 0

    def runs(self) -> Sequence[Run]:
        """Go through them by runs."""
        return self._runs

    def seconds(self) -> Iterator[int]:
        """Go through them."""
        for first, stop in self._runs:
            yield from range(first, stop, self.step)

    def per_day(self, days: ZoneDays) -> dict[date, int]:
        """Count them by local date. O(runs and the midnights they cross)."""
        step = self.step
        counts: dict[int, int] = {}
        for first, stop in self._runs:
            at = first
            while at < stop:
                ordinal = days.ordinal(at)
                number = (min(stop, days.instant(ordinal + 1, 0)) - at + step - 1) // step
                counts[ordinal] = counts.get(ordinal, 0) + number
                at += number * step
        return {date.fromordinal(ordinal): number for ordinal, number in counts.items()}


def _first(run: Run) -> int:
    return run[0]


class MaskStarts:
    """Starts as one byte for each candidate of a prepared grid: 1 is a start."""

    __slots__ = ("_grid", "_mask", "_offset", "step")

    def __init__(self, grid: Sequence[int], offset: int, mask: bytes, step: int) -> None:
        self.step = step
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

    def runs(self) -> Iterator[Run]:
        """Go through them by runs."""
        grid, mask, offset, step = self._grid, self._mask, self._offset, self.step
        at = mask.find(1)
        while at >= 0:
            until = mask.find(0, at)
            until = len(mask) if until < 0 else until
            first = grid[at + offset]
            if grid[until - 1 + offset] - first != (until - 1 - at) * step:
                # The stretch goes on in the next window, on another grid: end where the distance is no longer a step.
                until = at + 1
                while grid[until + offset] - grid[until - 1 + offset] == step:
                    until += 1
            yield first, grid[until - 1 + offset] + 1
            at = mask.find(1, until)

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
