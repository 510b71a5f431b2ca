"""From wall-clock hours to merged windows of instants: the grids on which slots lie."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Final, TypeAlias

from oasys_sched.availability._days import ZoneDays
from oasys_sched.availability.hours import Pairs, Week

__all__ = ["Window", "WindowSource"]

_WEEK: Final = 7 * 1440
MOST_WEEKS: Final = 200
_OPENS, _STOPS = itemgetter(0), itemgetter(1)


# One merged window in seconds: the grid's anchor, where its starts end (exclusive), and where it closes. The last two
# differ only where hours run round the clock all week: there the grid starts anew each Monday while the window goes on.
Window: TypeAlias = tuple[int, int, int]


class WindowSource:
    """The windows of one set of weekly ranges and overrides, a stretch of time at a time."""

    __slots__ = ("_days", "_overrides", "_plain_week", "_round_the_clock", "_week")

    def __init__(self, week: Week, overrides: Mapping[int, tuple[Pairs, bool]], days: ZoneDays) -> None:
        # Index by ordinal % 7: ordinal 1 is a Monday.
        self._week = tuple(week[(index - 1) % 7] for index in range(7))
        self._overrides = {
            ordinal: tuple(sorted({*pairs, *self._week[ordinal % 7]} if extra else pairs))
            for ordinal, (pairs, extra) in overrides.items()
        }
        self._days = days
        self._round_the_clock = _covers_the_week(week)
        self._plain_week = None if overrides else _plain_week(week)

    def between(self, start: int, end: int) -> list[Window]:
        """Return every window with a start in `[start, end)`, in order. Linear in days."""
        days = self._days
        first = days.ordinal(start) - 2
        # A window that touches the one before belongs to its grid, so go back until nothing touches any more; round
        # the clock, where that would never end, the grid starts anew each Monday.
        while not self._breaks_before(first):
            first -= 1
        rows = self._merged(first, days.ordinal(end) + 1)
        return rows[bisect_right(rows, start, key=_STOPS) : bisect_left(rows, end, key=_OPENS)]

    def _breaks_before(self, ordinal: int) -> bool:
        if self._round_the_clock and ordinal % 7 == 1:
            return True
        opened = self._opened(ordinal)
        if not opened:
            return not self._spills(ordinal - 1) and not self._spills(ordinal - 2)
        start = self._instant(ordinal, opened[0][0])
        return not any(
            self._instant(before, closes) >= start
            for before in (ordinal - 1, ordinal - 2)
            for _, closes in self._opened(before)
        )

    def _spills(self, ordinal: int) -> bool:
        return any(closes > 1440 for _, closes in self._opened(ordinal))

    def _opened(self, ordinal: int) -> Pairs:
        found = self._overrides.get(ordinal) if self._overrides else None
        return self._week[ordinal % 7] if found is None else found

    def _instant(self, ordinal: int, minute: int) -> int:
        midnight = self._days.midnights[ordinal]
        if midnight is not None and minute <= 1440:
            return midnight + minute * 60
        return self._days.instant(ordinal, minute)

    def _odd_days(self, first: int, last: int, merged: list[Window]) -> Iterator[int]:
        """Go through the days that have to be looked at one by one; the weeks that are like any other are put in."""
        plain, weeks = self._plain_week, self._days.weeks
        if plain is None:
            yield from range(first, last + 1)
            return
        for monday in range(first - (first - 1) % 7, last + 1, 7):
            midnight = weeks[monday]
            if midnight is None:
                yield from range(monday, monday + 7)
            else:
                merged += plain[midnight]

    def _merged(self, first: int, last: int) -> list[Window]:
        merged: list[Window] = []
        add = merged.append
        week, overrides, midnights = self._week, self._overrides, self._days.midnights
        reached = -(1 << 62)
        for ordinal in self._odd_days(first, last, merged):
            opened = overrides.get(ordinal) if overrides else None
            if opened is None:
                opened = week[ordinal % 7]
                if not opened:
                    continue
            midnight = midnights[ordinal]
            for opens, closes in opened:
                if midnight is not None and closes <= 1440:
                    start, end = midnight + opens * 60, midnight + closes * 60
                else:
                    start, end = self._days.instant(ordinal, opens), self._days.instant(ordinal, closes)
                    if end <= start or self._days.instant(ordinal + 1, 0) <= self._days.instant(ordinal, 0):
                        # The range lies in a gap, or the whole date does not exist in this zone (Apia, 30 Dec 2011).
                        continue
                if start > reached:
                    add((start, end, end))
                    reached = end
                    continue
                reached = max(end, reached)
                before = merged[-1]
                if self._round_the_clock and ordinal % 7 == 1 and opens == opened[0][0]:
                    merged[-1] = (before[0], start, reached)
                    add((start, reached, reached))
                else:
                    merged[-1] = (before[0], reached, reached)
        return merged


class PlainWeek(dict[int, list[Window]]):
    """The windows of one week of hours, by the midnight it begins at: where no clock changes, all weeks are alike."""

    __slots__ = ("_ranges",)

    def __init__(self, ranges: Pairs) -> None:
        super().__init__()
        self._ranges = ranges

    def __missing__(self, midnight: int) -> list[Window]:
        if len(self) >= MOST_WEEKS:
            self.clear()
        found = [(midnight + opens, end := midnight + closes, end) for opens, closes in self._ranges]
        self[midnight] = found
        return found


@lru_cache(maxsize=256)
def _plain_week(week: Week) -> PlainWeek | None:
    """Return a week of hours as seconds; None where a window may reach over a midnight."""
    found: list[tuple[int, int]] = []
    for day in range(7):
        reached = 0
        for opens, closes in week[day]:
            if opens <= reached or closes >= 1440:
                return None
            found.append(((day * 1440 + opens) * 60, (day * 1440 + closes) * 60))
            reached = closes
    return PlainWeek(tuple(found))


@lru_cache(maxsize=256)
def _covers_the_week(week: Week) -> bool:
    reach = 0
    ranges = [(day * 1440 + opens, day * 1440 + closes) for day in range(7) for opens, closes in week[day]]
    if sum(end - start for start, end in ranges) < _WEEK:
        return False
    # What runs over from Sunday covers Monday morning.
    for start, end in sorted(ranges + [(start - _WEEK, end - _WEEK) for start, end in ranges]):
        if start > reach:
            return False
        reach = max(reach, end)
    return reach >= _WEEK
