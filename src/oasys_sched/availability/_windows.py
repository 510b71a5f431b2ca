"""From wall-clock hours to merged windows of instants: the grids on which slots lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from oasys_sched.availability._days import ZoneDays
from oasys_sched.availability.hours import ClockRange

__all__ = ["Window", "WindowSource"]

_WEEK: Final = 7 * 1440


class Window(NamedTuple):
    """One merged window in UTC seconds: the grid's anchor, where its starts end (exclusive), and where it closes.

    Where hours run round the clock all week, the grid starts anew each Monday while the window goes on; only then do
    `starts_before` and `closes` differ. `ordinal` and `minute` give the anchor's local day and minute when every start
    of the window lies on plain days, else `minute` is -1.
    """

    opens: int
    starts_before: int
    closes: int
    ordinal: int
    minute: int


class WindowSource:
    """The windows of one set of weekly ranges and overrides, a stretch of time at a time."""

    __slots__ = ("_days", "_overrides", "_round_the_clock", "_week")

    def __init__(
        self,
        week: tuple[tuple[ClockRange, ...], ...],
        overrides: Mapping[int, tuple[tuple[ClockRange, ...], bool]],
        days: ZoneDays,
    ) -> None:
        # Index by ordinal % 7: ordinal 1 is a Monday.
        pairs = [tuple((row.opens, row.closes) for row in week[(index - 1) % 7]) for index in range(7)]
        self._week: tuple[tuple[tuple[int, int], ...], ...] = tuple(pairs)
        self._overrides = {
            ordinal: tuple(sorted((row.opens, row.closes) for row in ranges))
            if not extra
            else tuple(sorted({*((row.opens, row.closes) for row in ranges), *pairs[ordinal % 7]}))
            for ordinal, (ranges, extra) in overrides.items()
        }
        self._days = days
        self._round_the_clock = _covers_the_week(week)

    def between(self, start: int, end: int) -> list[Window]:
        """Return every window with a start in `[start, end)`, in order. Linear in days."""
        days = self._days
        first = days.ordinal(start) - 2
        # A window that touches the one before belongs to its grid, so go back until nothing touches any more; round
        # the clock, where that would never end, the grid starts anew each Monday.
        while not self._breaks_before(first):
            first -= 1
        return [
            window
            for window in self._merged(first, days.ordinal(end) + 1)
            if window.starts_before > start and window.opens < end
        ]

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

    def _opened(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        found = self._overrides.get(ordinal) if self._overrides else None
        return self._week[ordinal % 7] if found is None else found

    def _instant(self, ordinal: int, minute: int) -> int:
        midnight = self._days.midnight(ordinal)
        if midnight is not None and minute <= 1440:
            return midnight + minute * 60
        return self._days.instant(ordinal, minute)

    def _merged(self, first: int, last: int) -> list[Window]:
        merged: list[Window] = []
        cut = self._round_the_clock
        midnights = self._days.midnight
        for ordinal in range(first, last + 1):
            opened = self._opened(ordinal)
            if not opened:
                continue
            midnight = midnights(ordinal)
            for opens, closes in opened:
                if midnight is not None and closes <= 1440:
                    start, end, minute = midnight + opens * 60, midnight + closes * 60, opens
                else:
                    start, end, minute = self._days.instant(ordinal, opens), self._days.instant(ordinal, closes), -1
                    if end <= start or self._days.instant(ordinal + 1, 0) <= self._days.instant(ordinal, 0):
                        # The range lies in a gap, or the whole date does not exist in this zone (Apia, 30 Dec 2011).
                        continue
                if merged and start <= merged[-1].closes:
                    before = merged[-1]
                    if cut and ordinal % 7 == 1 and opens == opened[0][0]:
                        merged[-1] = before._replace(starts_before=start, closes=max(end, before.closes), minute=-1)
                    else:
                        close = max(end, before.closes)
                        plain = minute >= 0 and before.ordinal == ordinal
                        merged[-1] = before._replace(
                            starts_before=close, closes=close, minute=before.minute if plain else -1
                        )
                        continue
                merged.append(Window(start, end, end, ordinal, minute))
        return merged


def _covers_the_week(week: tuple[tuple[ClockRange, ...], ...]) -> bool:
    reach = 0
    ranges = sorted((day * 1440 + row.opens, day * 1440 + row.closes) for day in range(7) for row in week[day])
    # What runs over from Sunday covers Monday morning.
    ranges = sorted(ranges + [(start - _WEEK, end - _WEEK) for start, end in ranges])
    for start, end in ranges:
        if start > reach:
            return False
        reach = max(reach, end)
    return reach >= _WEEK
