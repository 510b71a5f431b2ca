"""A rule with its start, as integers: the wall-clock seconds inside any window, without walking there.

Walls are whole seconds since EPOCH (2010-01-01 00:00) on the series' own clock. Ends, exceptions and zones are the
caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, product, takewhile
from typing import Final, final

from oasys_sched.recurrence.periods import (
    LAST_DAY,
    days_in_month,
    month_days,
    month_kind,
    places,
    week_days,
    year_days,
    year_kind,
)
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.zone_table import DAY, EPOCH, seconds_of

__all__ = ["Pattern", "pattern"]

EPOCH_DAY: Final = EPOCH.toordinal()
LAST_WALL: Final = (LAST_DAY + 1 - EPOCH_DAY) * DAY
# The Gregorian calendar, weekdays included, repeats after 400 years; all kinds of year come within any 60.
CYCLE: Final = 146_097
_YEARS: Final = 60 * 366
_CHUNK: Final = 400
_EVERY_WEEKDAY: Final = frozenset(range(7))
_SHORTEST: Final = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.MONTHLY: 28, Frequency.YEARLY: 365}


@final
@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule means from a given start; built by `pattern`.

    `step` is set where occurrences are evenly spaced days, `offsets` are the days of a week from its first, `times` the
    seconds of a day (`once`: there is only one), `reach` the days within which something comes if it ever does.
    """

    rule: Rule
    start: datetime
    start_wall: int
    start_day: int
    times: tuple[int, ...]
    offsets: tuple[int, ...]
    step: int | None
    once: bool
    reach: int
    density: float

    def walls(self, low: int, high: int) -> Sequence[int]:
        """The ascending walls in `[low, high)`, none before the start.

        O(periods in the window): the first period is found by division, whatever the age of the series.
        """
        low = max(low, self.start_wall)
        high = min(high, LAST_WALL)
        if low >= high:
            return ()
        if self.step is not None:
            # Evenly spaced: the answer is a range, and costs nothing to make.
            return range(low + (self.start_wall - low) % self.step, high, self.step)
        if not self.once:
            return list(self._timed(low, high))
        shift = self.times[0] - EPOCH_DAY * DAY
        # Half-open walls to half-open days: the time of day is the same on each.
        first, last = -((shift - low) // DAY), -((shift - high) // DAY)
        return [day * DAY + shift for day in self._days(first, last)] if first < last else ()

    def _timed(self, low: int, high: int) -> Iterator[int]:
        """The walls of a rule with several times a day; positions count every time of the period."""
        positions, times, size = self.rule.by_set_pos, self.times, len(self.times)
        first, last = low // DAY + EPOCH_DAY, (high - 1) // DAY + EPOCH_DAY + 1
        before = low - 1
        for days in self._periods(first, last):
            each: Iterable[tuple[int, int]]
            if positions:
                each = ((days[n // size], times[n % size]) for n in places(len(days) * size, positions))
            else:
                each = product((day for day in days if first <= day < last), times)
            for day, second in each:
                wall = (day - EPOCH_DAY) * DAY + second
                if before < wall < high:
                    yield wall
                    before = wall

    def _days(self, low: int, high: int) -> Iterator[int]:
        """The ordinals in `[low, high)`."""
        positions = self.rule.by_set_pos
        before = low - 1
        for days in self._periods(low, high):
            for day in (days[n] for n in places(len(days), positions)) if positions else days:
                # SKIP=FORWARD can bring a day of the next period twice.
                if before < day < high:
                    yield day
                    before = day

    def _periods(self, low: int, high: int) -> Iterator[Sequence[int]]:
        """The days of every period that can touch `[low, high)`, ascending, positions not yet picked."""
        rule, n = self.rule, self.rule.interval
        if rule.frequency is Frequency.DAILY:
            yield from ((day,) for day in self._daily(low, high))
        elif rule.frequency is Frequency.WEEKLY:
            week = self.start_day - (self.start_day - 1 - rule.week_start.number) % 7
            for first in range(week + (low - week) // (7 * n) * 7 * n, high, 7 * n):
                yield week_days(rule, first, self.offsets)
        else:
            yield from self._long_periods(date.fromordinal(low), date.fromordinal(high - 1))

    def _long_periods(self, first: date, last: date) -> Iterator[list[int]]:
        """Months or years; one earlier too, since SKIP=FORWARD reaches over."""
        rule, n = self.rule, self.rule.interval
        find, kind_of = (month_days, month_kind) if rule.frequency is Frequency.MONTHLY else (year_days, year_kind)
        if rule.frequency is Frequency.MONTHLY:
            anchor = self.start.year * 12 + self.start.month - 1
            begin, end = first.year * 12 + first.month - 2, last.year * 12 + last.month
        else:
            anchor, begin, end = self.start.year, first.year - 1, last.year + 1
        if rule.by_week_no:
            from oasys_sched.recurrence._dateutil import week_number_days

            find = week_number_days
        # Alike months hold alike days: four centuries that hold none are done with as soon as each kind was looked at.
        known: dict[tuple[int, ...], list[int]] = {}
        for index in range(max(anchor, anchor + (begin - anchor) // n * n), end, n):
            day, kind = kind_of(index)
            if kind not in known:
                known[kind] = [found - day for found in find(rule, index, self.start)]
            yield [day + offset for offset in known[kind]]

    def _daily(self, low: int, high: int) -> Iterable[int]:
        """The days of a daily rule that pass its filters, month by month where months matter."""
        rule, n = self.rule, self.rule.interval
        weekdays = {named.day.number for named in rule.by_day} or _EVERY_WEEKDAY
        if not (rule.by_month or rule.by_month_day):
            days = range(low + (self.start_day - low) % n, high, n)
            return (day for day in days if (day - 1) % 7 in weekdays)
        first, last = date.fromordinal(low), date.fromordinal(high - 1)
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return (
            day
            for index in months
            for day in days_in_month(rule, index)
            if (day - self.start_day) % n == 0 and (day - 1) % 7 in weekdays
        )

    def first_from(self, low: int) -> int | None:
        """The first wall at or after `low`; None when the calendar ends, or nothing comes for as long as it could."""
        low = max(low, self.start_wall)
        limit = min(LAST_WALL, low + self.reach * DAY)
        span = self._chunk
        while low < limit:
            found = self.walls(low, min(low + span, limit))
            if found:
                return found[0]
            low += span
            span *= 2
        return None

    @property
    def _chunk(self) -> int:
        """A stretch that holds a few hundred occurrences at most."""
        return max(1, _CHUNK * self.rule.interval // len(self.times)) * DAY

    def last_before(self, high: int) -> int | None:
        """The last wall before `high`, or None when there is none."""
        span = self._chunk
        high = min(high, LAST_WALL)
        while high > self.start_wall:
            found = self.walls(high - span, high)
            if found:
                return found[-1]
            high -= span
            span *= 2
        return None

    def each(self) -> Iterator[int]:
        """Every wall from the start on, chunk by chunk; stops where the calendar ends or nothing comes any more."""
        low, span = self.start_wall, self._chunk
        while (first := self.first_from(low)) is not None:
            low = first + span
            yield from self.walls(first, low)

    def nth(self, count: int, limit: int = LAST_WALL) -> int | None:
        """The wall of occurrence `count`, counted from 1, if before `limit`; closed form where evenly spaced."""
        if self.step is not None:
            last = self.start_wall + (count - 1) * self.step
            return last if last < limit else None
        return next(islice(takewhile(limit.__gt__, self.each()), count - 1, None), None)

    def __contains__(self, wall: int) -> bool:
        return bool(self.walls(wall, wall + 1))


def pattern(rule: Rule, start: datetime) -> Pattern:
    """Prepare a rule from a naive start; whole seconds."""
    start = start.replace(microsecond=0, fold=0)
    hours, minutes, seconds = (
        named or (own,) for named, own in zip(rule.clock, (start.hour, start.minute, start.second), strict=True)
    )
    times = tuple((hour * 60 + minute) * 60 + second for hour, minute, second in product(hours, minutes, seconds))
    weekdays = {day.day.number for day in rule.by_day} or {start.weekday()}
    offsets = tuple(sorted((day - rule.week_start.number) % 7 for day in weekdays))
    by_date = bool(rule.by_month or rule.by_month_day)
    filtered = by_date or bool(rule.by_set_pos) or any(rule.clock)
    interval, step, reach = rule.interval, None, CYCLE
    if rule.frequency is Frequency.DAILY:
        step = None if filtered or rule.by_day else interval * DAY
        # Weekdays alone come round after seven steps; every seventh day is always the same one.
        stuck = interval % 7 == 0 and start.weekday() not in weekdays
        reach = CYCLE if by_date and not stuck else 8 * interval
    elif rule.frequency is Frequency.WEEKLY:
        step = None if filtered or weekdays != {start.weekday()} else 7 * interval * DAY
    else:
        reach = (_YEARS if rule.by_week_no else CYCLE + 366) * interval
    holds = {Frequency.DAILY: 1, Frequency.WEEKLY: len(offsets)}.get(rule.frequency, 366) * len(times)
    if rule.by_set_pos and min(map(abs, rule.by_set_pos)) > holds:
        reach = 0
    return Pattern(
        rule=rule,
        start=start,
        start_wall=seconds_of(start),
        start_day=start.toordinal(),
        times=times,
        offsets=offsets,
        step=step,
        once=len(times) == 1,
        reach=reach,
        density=_most_days(rule, len(offsets)) / _SHORTEST[rule.frequency] / interval * len(times),
    )


def _most_days(rule: Rule, weekdays: int) -> int:
    """How many days one period of a rule holds at most."""
    if rule.frequency is Frequency.WEEKLY:
        return weekdays
    if rule.frequency is Frequency.DAILY or rule.by_set_pos:
        return len(rule.by_set_pos) or 1
    if rule.by_week_no or rule.by_year_day or any(day.nth is None for day in rule.by_day):
        return _SHORTEST[rule.frequency]
    months = 1
    if rule.frequency is Frequency.YEARLY:
        months = len(rule.by_month) or (12 if rule.by_month_day else 1)
    return (len(rule.by_day) or len(rule.by_month_day) or 1) * months
