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
        day, back = self._days.ordinal(start), 3
        while self._hangs_on(day - back, day, start):
            back = 2 * back + 4
        rows = self._merged(day - back, self._days.ordinal(end) + 2)
        return rows[bisect_right(rows, start, key=_STOPS) : bisect_left(rows, end, key=_OPENS)]

    def _hangs_on(self, first: int, day: int, start: int) -> bool:
        """Tell whether the window at an instant of `day` may have opened before day `first`.

        What opens on a day closes within two, so a window that opens later than that does not. Round the clock, where
        that would never end, the grid starts anew each Monday.
        """
        if self._plain_week is not None:
            return False
        # The clocks may go back over a midnight: the next date has begun before.
        rows = self._merged(first, day + 1)
        at = bisect_right(rows, start, key=_STOPS)
        return at < len(rows) and rows[at][0] < self._days.instant(first + 2, 0)

    def _changed(self, ordinal: int) -> Pairs:
        """Return what opens on a day near which the clocks change as seconds, in order.

        An opening that a gap moves forward may come after a later one, or on the next date (A34); a range may lie
        wholly in the gap; and a date may not exist at all (Apia, 30 Dec 2011): nothing opens between its midnights.
        """
        instant = self._days.instant
        before, begins, ends = (instant(day, 0) for day in (ordinal - 1, ordinal, ordinal + 1))
        pairs = (
            (instant(day, opens), instant(day, closes))
            for day in ((ordinal - 1, ordinal) if before < begins else (ordinal,))
            for opens, closes in self._opened(day)
        )
        return tuple(sorted((start, end) for start, end in pairs if begins <= start < ends and start < end))

    def _opened(self, ordinal: int) -> Pairs:
        opened = self._overrides.get(ordinal)
        return self._week[ordinal % 7] if opened is None else opened

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
            midnight, unit = midnights[ordinal], 60
            if not opened and midnight is not None:
                continue
            anew = self._round_the_clock and ordinal % 7 == 1
            # A range may run into the next day.
            if midnight is None or midnights[ordinal + 1] is None:
                opened, midnight, unit = self._changed(ordinal), 0, 1
            for opens, closes in opened:
                start, end = midnight + opens * unit, midnight + closes * unit
                if start > reached:
                    add((start, end, end))
                    reached = end
                else:
                    reached = max(end, reached)
                    if anew:
                        merged[-1] = (merged[-1][0], start, reached)
                        add((start, reached, reached))
                    else:
                        merged[-1] = (merged[-1][0], reached, reached)
                anew = False
        if self._round_the_clock:
            for at in range(len(merged) - 1, 0, -1):
                opens, stops, closes = merged[at - 1]
                if stops < closes:
                    # It goes on past a Monday: a long service may end wherever the window after it does.
                    merged[at - 1] = (opens, stops, merged[at][2])
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
