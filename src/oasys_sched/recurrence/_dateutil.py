"""The guarded door to dateutil: the days of a year by week number, for imported rules (BYWEEKNO).

dateutil runs naive and for one year at a time: an interval beyond the calendar's end stops it after that year, where
it would otherwise walk on to the year 9999 whenever a rule brings nothing. It never sees the caller's INTERVAL, COUNT,
UNTIL or BYSETPOS, and no week numbers: it gives the first days of January to the wrong week in one year of fifteen,
and weeks counted from the end of a year never reach into the December before.
"""

from __future__ import annotations

from datetime import date, datetime

from dateutil.rrule import YEARLY, rrule, weekday

from oasys_sched.recurrence.periods import places
from oasys_sched.recurrence.rule import Rule

__all__ = ["week_number_days"]


def week_number_days(rule: Rule, year: int, start: date) -> list[int]:
    """The ordinals of one year under a rule with week numbers; a rule that names no days means the start's weekday."""
    named = rule.by_day or rule.by_month_day or rule.by_year_day
    found = rrule(
        YEARLY,
        dtstart=datetime(year, 1, 1),  # noqa: DTZ001 - naive on purpose
        interval=10_000,
        wkst=rule.week_start.number,
        byweekday=[weekday(day.day.number) for day in rule.by_day] if named else [weekday(start.weekday())],
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byyearday=rule.by_year_day or None,
        cache=False,
    )
    weeks = _named_weeks(rule, year)
    return [day for day in (when.toordinal() for when in found) if any(week <= day < week + 7 for week in weeks)]


def _named_weeks(rule: Rule, year: int) -> set[int]:
    """The first days of the named weeks of a year and its neighbours, whose weeks reach into it."""
    found: set[int] = set()
    for owner in (year - 1, year, year + 1):
        first = _first_week(rule, owner)
        size = (_first_week(rule, owner + 1) - first) // 7
        found.update(first + 7 * place for place in places(size, rule.by_week_no))
    return found


def _first_week(rule: Rule, year: int) -> int:
    """Where the week begins that holds 4 January; also for the years just outside the calendar."""
    whole = year - 1
    fourth = 365 * whole + whole // 4 - whole // 100 + whole // 400 + 4
    return fourth - (fourth - 1 - rule.week_start.number) % 7
