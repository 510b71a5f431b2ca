"""The days of one month, year or week under a rule, as proleptic ordinals: the expand and limit table of RFC 5545.

Page 44 of RFC 5545 says for each BY part whether it widens or narrows the period; SKIP comes between (RFC 7529).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from oasys_sched.recurrence.rule import Rule, Skip

__all__ = [
    "LAST_DAY",
    "days_in_month",
    "month_days",
    "month_kind",
    "places",
    "week_days",
    "week_numbers",
    "year_days",
    "year_kind",
]

LAST_DAY: Final = date.max.toordinal()
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month(year: int, month: int) -> tuple[int, int]:
    return date(year, month, 1).toordinal(), _LENGTHS[month - 1] + (month == 2 and _leap(year))


def _year(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), 365 + _leap(year)


def _numbered(numbers: Iterable[int], first: int, length: int, skip: Skip) -> set[int]:
    """Days by number within a stretch, from the end when negative; a missing one goes where `skip` says."""
    found = set()
    for number in numbers:
        place = number if number > 0 else length + 1 + number
        if 1 <= place <= length:
            found.add(first + place - 1)
        elif place > length and skip is Skip.BACKWARD:
            found.add(first + length - 1)
        elif place > length and skip is Skip.FORWARD:
            found.add(first + length)
    return found


def _weekdays(rule: Rule, first: int, length: int) -> set[int]:
    """Days by weekday, plain and numbered, within a stretch."""
    found: set[int] = set()
    for day in rule.by_day:
        start = first + (day.day.number - (first - 1)) % 7
        same = range(start, first + length, 7)
        if day.nth is None:
            found.update(same)
        elif -len(same) <= day.nth <= len(same):
            found.add(same[day.nth - (day.nth > 0)])
    return found


def _limited(rule: Rule, days: set[int], counted: set[int]) -> set[int]:
    """Keep the days that are one of the plain weekdays, wherever SKIP put them, or one of the counted ones."""
    plain = {day.day.number for day in rule.by_day if day.nth is None}
    return {day for day in days if (day - 1) % 7 in plain or day in counted}


def _in_month(rule: Rule, year: int, month: int, start: date) -> set[int]:
    """The days of one month by number: those of the rule, else the start's."""
    return _numbered(rule.by_month_day or (start.day,), *_month(year, month), rule.skip)


def places(size: int, positions: tuple[int, ...]) -> list[int]:
    """The asked positions (BYSETPOS) in an ordered set of `size`, counted from 0; the set itself need not be made."""
    return sorted({(n - 1) if n > 0 else size + n for n in positions if -size <= n <= size})


def month_kind(index: int) -> tuple[int, tuple[int, ...]]:
    """The first day of month `index`, and all that decides on which days of it a rule falls."""
    year, month = divmod(index, 12)
    first, length = _month(year, month + 1)
    return first, (month, length, first % 7)


def year_kind(year: int) -> tuple[int, tuple[int, ...]]:
    """The first day of a year, and all that decides on which days of it a rule falls; weeks reach over its ends."""
    first, length = _year(year)
    return first, (length, first % 7, _leap(year - 1), _leap(year + 1))


def days_in_month(rule: Rule, index: int) -> Iterable[int]:
    """The days of month `index` that a daily rule's own month and day numbers allow."""
    year, month = divmod(index, 12)
    if rule.by_month and month + 1 not in rule.by_month:
        return ()
    return sorted(_allowed(rule, year, month + 1))


def month_days(rule: Rule, index: int, start: date) -> list[int]:
    """The days of month `index` (12 * year + month - 1)."""
    year, month = divmod(index, 12)
    if rule.by_month and month + 1 not in rule.by_month:
        return []
    if rule.by_day:
        found = _weekdays(rule, *_month(year, month + 1))
        if rule.by_month_day:
            found = _limited(rule, _in_month(rule, year, month + 1, start), found)
    else:
        found = _in_month(rule, year, month + 1, start)
    return sorted(found)


def year_days(rule: Rule, year: int, start: date) -> list[int]:
    """The days of one year."""
    if rule.by_year_day:
        found = _numbered(rule.by_year_day, *_year(year), rule.skip)
        if rule.by_month or rule.by_month_day:
            found &= {day for month in rule.by_month or range(1, 13) for day in _allowed(rule, year, month)}
    elif rule.by_month_day or not rule.by_day:
        months = rule.by_month or (range(1, 13) if rule.by_month_day else (start.month,))
        found = set().union(*(_in_month(rule, year, month, start) for month in months))
    else:
        return sorted(_counted_weekdays(rule, year))
    if rule.by_day:
        found = _limited(rule, found, _counted_weekdays(rule, year))
    return sorted(found)


def _allowed(rule: Rule, year: int, month: int) -> Iterable[int]:
    first, length = _month(year, month)
    if rule.by_month_day:
        return _numbered(rule.by_month_day, first, length, Skip.OMIT)
    return range(first, first + length)


def _counted_weekdays(rule: Rule, year: int) -> set[int]:
    """Weekdays of a year; numbers count within each month when months are named, else within the year."""
    if rule.by_month:
        return set().union(*(_weekdays(rule, *_month(year, month)) for month in rule.by_month))
    return _weekdays(rule, *_year(year))


def week_numbers(rule: Rule, day: int, year: int) -> tuple[int, int]:
    """The number of the week around a day of `year`, and its number from the end: it is of the year of its middle."""
    first, length = _year(year)
    middle = day + 3 - (day - 1 - rule.week_start.number) % 7 - first
    if middle < 0:
        length = 365 + _leap(year - 1)
        middle += length
    elif middle >= length:
        middle -= length
        length = 365 + _leap(year + 1)
    return middle // 7 + 1, (middle - length) // 7


def week_days(rule: Rule, monday: int, offsets: tuple[int, ...]) -> list[int]:
    """The days of the week that begins at ordinal `monday` (or whichever day weeks start on)."""
    days = [monday + offset for offset in offsets]
    if rule.by_month:
        days = [day for day in days if day <= LAST_DAY and date.fromordinal(day).month in rule.by_month]
    return days
