"""A rule with its start, as integers: the wall-clock seconds inside any window, without walking there.

Walls are whole seconds since EPOCH (2010-01-01 00:00) on the series' own clock. Ends, exceptions and zones are the
caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, final

from oasys_sched.recurrence.periods import LAST_DAY, month_days, picked, week_days, year_days
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.weekday import WEEK, NthWeekday
from oasys_sched.recurrence.zone_table import DAY, EPOCH, seconds_of

__all__ = ["Pattern", "pattern"]

EPOCH_DAY: Final = EPOCH.toordinal()
LAST_WALL: Final = (LAST_DAY + 1 - EPOCH_DAY) * DAY
# The Gregorian calendar, weekdays included, repeats after 400 years.
CYCLE: Final = 146_097
_CHUNK: Final = 400


@final
@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule means from a given start; built by `pattern`.

    `step` is set where occurrences are evenly spaced days, `offsets` are the days of a week from its first,
    `foreign` rules go through dateutil, `once` says that a day holds one occurrence at most.
    """

    rule: Rule
    start: datetime
    start_wall: int
    start_day: int
    clock: int
    offsets: tuple[int, ...]
    step: int | None
    foreign: bool
    once: bool
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
        if self.foreign:
            from oasys_sched.recurrence._dateutil import walls

            return walls(self.rule, self.start, low, high)
        shift = self.clock - EPOCH_DAY * DAY
        # Half-open walls to half-open days: the time of day is the same on each.
        first, last = -((shift - low) // DAY), -((shift - high) // DAY)
        return [day * DAY + shift for day in self._days(first, min(last, LAST_DAY + 1))]

    def _days(self, low: int, high: int) -> Iterator[int]:
        """The ordinals in `[low, high)`."""
        rule, n = self.rule, self.rule.interval
        if rule.frequency is Frequency.DAILY:
            first = low + (self.start_day - low) % n
            yield from (day for day in range(first, high, n) if self._daily(day))
            return
        if rule.frequency is Frequency.WEEKLY:
            week = self.start_day - (self.start_day - 1 - rule.week_start.number) % 7
            periods: Iterator[list[int]] = (
                week_days(rule, first, self.offsets)
                for first in range(week + (low - week) // (7 * n) * 7 * n, high, 7 * n)
            )
        else:
            periods = self._long_periods(low, high)
        before = low - 1
        for days in periods:
            for day in days:
                # SKIP=FORWARD can bring a day of the next period twice.
                if before < day < high:
                    yield day
                    before = day

    def _long_periods(self, low: int, high: int) -> Iterator[list[int]]:
        """The months or years whose days can touch `[low, high)`; one earlier too, since SKIP=FORWARD reaches over."""
        n, first, last = self.rule.interval, date.fromordinal(low), date.fromordinal(high - 1)
        if self.rule.frequency is Frequency.MONTHLY:
            anchor = self.start.year * 12 + self.start.month - 1
            begin, end = first.year * 12 + first.month - 2, last.year * 12 + last.month
            for index in range(max(anchor, anchor + (begin - anchor) // n * n), end, n):
                yield month_days(self.rule, index, self.start)
        else:
            anchor = self.start.year
            for year in range(max(anchor, anchor + (first.year - 1 - anchor) // n * n), last.year + 1, n):
                yield year_days(self.rule, year, self.start)

    def _daily(self, ordinal: int) -> bool:
        """Whether a day passes the filters of a daily rule."""
        rule, day = self.rule, date.fromordinal(ordinal)
        if rule.by_month and day.month not in rule.by_month:
            return False
        if rule.by_day and not any(named.day.number == day.weekday() for named in rule.by_day):
            return False
        if rule.by_month_day:
            following = date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal() if day.year < 9999 else 0
            left = following - ordinal if following else 32 - day.day
            if day.day not in rule.by_month_day and -left not in rule.by_month_day:
                return False
        # The set of a day without times of its own is that one day.
        return bool(picked((ordinal,), rule.by_set_pos))

    def first_from(self, low: int) -> int | None:
        """The first wall at or after `low`; None when the calendar ends or a whole cycle brings none."""
        low = max(low, self.start_wall)
        limit = min(LAST_WALL, low + (CYCLE * self.rule.interval + 366) * DAY)
        span = self._chunk
        while low < limit:
            if self.foreign:
                # dateutil walks every day of its window, so it is asked only where our own engine knows of days.
                ahead = self._next_day(low)
                if ahead is None:
                    return None
                low = max(low, ahead)
            found = self.walls(low, min(low + span, limit))
            if found:
                return found[0]
            low += span
            span *= 2
        return None

    @property
    def _chunk(self) -> int:
        """A stretch that holds a few hundred occurrences at most."""
        return max(1, _CHUNK * self.rule.interval // self.rule.times_a_day) * DAY

    def _next_day(self, low: int) -> int | None:
        """The beginning of the first day at or after `low` that the rule without its week numbers and times allows."""
        rule, midnight = self.rule, self.start.replace(hour=0, minute=0, second=0)
        by_day = rule.by_day
        if rule.by_week_no and not (rule.by_day or rule.by_month_day):
            by_day = (NthWeekday(WEEK[midnight.weekday()]),)
        days = replace(rule, by_hour=(), by_minute=(), by_second=(), by_week_no=(), by_set_pos=(), by_day=by_day)
        return pattern(days, midnight).first_from(low // DAY * DAY)

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
        """Every wall from the start on, in growing chunks; stops where the calendar ends or nothing ever comes."""
        low, span = self.start_wall, self._chunk
        while (first := self.first_from(low)) is not None:
            low = first + span
            yield from self.walls(first, low)

    def nth(self, count: int) -> int | None:
        """The wall of occurrence `count`, counted from 1 at the first: closed form where evenly spaced."""
        if self.step is not None:
            last = self.start_wall + (count - 1) * self.step
            return last if last < LAST_WALL else None
        for place, wall in enumerate(self.each(), 1):
            if place == count:
                return wall
        return None

    def __contains__(self, wall: int) -> bool:
        return bool(self.walls(wall, wall + 1))


def pattern(rule: Rule, start: datetime) -> Pattern:
    """Prepare a rule from a naive start; whole seconds."""
    start = start.replace(microsecond=0, fold=0)
    clock = (start.hour * 60 + start.minute) * 60 + start.second
    weekdays = {day.day.number for day in rule.by_day} or {start.weekday()}
    offsets = tuple(sorted((day - rule.week_start.number) % 7 for day in weekdays))
    foreign = bool(rule.by_week_no or any(rule.clock))
    filtered = bool(foreign or rule.by_month or rule.by_month_day or rule.by_set_pos)
    step = None
    if rule.frequency is Frequency.DAILY and not filtered and not rule.by_day:
        step = rule.interval * DAY
    elif rule.frequency is Frequency.WEEKLY and not filtered and weekdays == {start.weekday()}:
        step = 7 * rule.interval * DAY
    per_period = {Frequency.DAILY: 1.0, Frequency.WEEKLY: len(offsets) / 7}.get(rule.frequency, 1.0)
    every = rule.interval if rule.frequency in (Frequency.DAILY, Frequency.WEEKLY) else 1
    return Pattern(
        rule=rule,
        start=start,
        start_wall=seconds_of(start),
        start_day=start.toordinal(),
        clock=clock,
        offsets=offsets,
        step=step,
        foreign=foreign,
        once=rule.times_a_day == 1,
        density=per_period / every * rule.times_a_day,
    )
