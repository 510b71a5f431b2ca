"""Recurrence by looking at every day of the calendar, and series by asking the time zone about every time."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from oasys_sched.recurrence.overrides import Occurrence, OverrideKind
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.times import WallTime, find_zone, local_kind, wall_to_utc

__all__ = ["rule_starts", "scan", "slow_occurrences"]

_DAY: Final = timedelta(days=1)


def scan(rule: Rule, start: datetime, end: date) -> Iterator[datetime]:
    """Yield every occurrence before `end`, found by looking at every day; no SKIP, no times, no week numbers."""
    first = start.date()
    anchor = _period(rule, first)
    day = first
    while _period(rule, day) == anchor and day > date.min + _DAY:
        day -= _DAY
    day += _DAY
    found: dict[int, list[date]] = {}
    while day < end or (found and _period(rule, day) in found):
        at = _period(rule, day)
        if (at - anchor) % rule.interval == 0 and _fits(rule, first, day):
            found.setdefault(at, []).append(day)
        day += _DAY
    left = rule.count
    for days in found.values():
        positions = {n - (n > 0) for n in rule.by_set_pos}
        kept = [one for n, one in enumerate(days) if not positions or {n, n - len(days)} & positions]
        for one in kept:
            if first <= one < end:
                if left == 0:
                    return
                left = None if left is None else left - 1
                yield datetime.combine(one, start.time())


def _period(rule: Rule, day: date) -> int:
    """The number of the day's period, counted from some fixed one."""
    if rule.frequency is Frequency.DAILY:
        return day.toordinal()
    if rule.frequency is Frequency.WEEKLY:
        return (day.toordinal() - 1 - rule.week_start.number) // 7
    if rule.frequency is Frequency.MONTHLY:
        return day.year * 12 + day.month
    return day.year


def _nth_of(days: list[date], day: date) -> tuple[int, int]:
    same = [one for one in days if one.weekday() == day.weekday()]
    place = same.index(day)
    return place + 1, place - len(same)


def _weekday_fits(rule: Rule, day: date) -> bool:
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        first, length = date(day.year, 1, 1), 365 + isleap(day.year)
    else:
        first, length = day.replace(day=1), monthrange(day.year, day.month)[1]
    for wanted in rule.by_day:
        if wanted.day.number != day.weekday():
            continue
        if wanted.nth is None or wanted.nth in _nth_of([first + _DAY * n for n in range(length)], day):
            return True
    return False


def _fits(rule: Rule, start: date, day: date) -> bool:
    """The expand and limit table of RFC 5545, as questions about one day."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.by_month_day and not {day.day, day.day - length - 1} & set(rule.by_month_day):
        return False
    number, year = day.timetuple().tm_yday, 365 + isleap(day.year)
    if rule.by_year_day and not {number, number - year - 1} & set(rule.by_year_day):
        return False
    if rule.by_day:
        return _weekday_fits(rule, day)
    if rule.by_month_day or rule.by_year_day or rule.frequency is Frequency.DAILY:
        return True
    if rule.frequency is Frequency.WEEKLY:
        return day.weekday() == start.weekday()
    if day.day != start.day:
        return False
    return rule.frequency is Frequency.MONTHLY or bool(rule.by_month) or day.month == start.month


def rule_starts(series: Series) -> list[datetime]:
    """Return the local starts that a series' rule gives, in order, before exceptions; four years at most."""
    rule, zone = series.rule, find_zone(series.zone)
    endless = Rule.parse(";".join(part for part in str(rule).split(";") if part[:5] not in ("COUNT", "UNTIL")))
    found = scan(endless, series.start, date(series.start.year + 4, 1, 1))
    if series.gap == "skip":
        found = (wall for wall in found if local_kind(wall, zone) is not WallTime.SKIPPED)
    if isinstance(rule.until, date):
        last = rule.until
        found = takewhile(lambda wall: wall.date() <= last, found)
    return list(islice(found, rule.count))


def slow_occurrences(series: Series) -> list[Occurrence]:
    """Return every occurrence of a series, one by one."""
    zone = find_zone(series.zone)

    def one(wall: datetime, original: datetime, duration: timedelta, moved: bool) -> Occurrence:
        skipped = local_kind(wall, zone) is WallTime.SKIPPED
        return Occurrence(wall_to_utc(wall, zone), original, duration, skipped, moved)

    produced = rule_starts(series)
    changed = {row.original: row for row in series.overrides}
    found = [one(wall, wall, series.duration, False) for wall in produced if wall not in changed]
    found += [
        one(row.shown, row.original, row.duration or series.duration, row.kind is OverrideKind.MOVED)
        for row in series.overrides
        if row.kind is OverrideKind.ADDED or (row.kind is OverrideKind.MOVED and row.original in produced)
    ]
    return sorted(found)
