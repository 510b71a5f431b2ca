"""The guarded door to dateutil: the days of a year by week number, for imported rules (BYWEEKNO).

dateutil runs naive and for one year at a time: an interval beyond the calendar's end stops it after that year, where
it would otherwise walk on to the year 9999 whenever a rule brings nothing. It never sees the caller's INTERVAL, COUNT,
UNTIL or BYSETPOS; nor the numbers of weeks, which it miscounts where a year begins in the last week of another.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from dateutil.rrule import YEARLY, rrule, weekday

from oasys_sched.recurrence.periods import week_numbers
from oasys_sched.recurrence.rule import Rule

__all__ = ["week_number_days"]

_BEYOND_THE_CALENDAR: Final = 10_000


def week_number_days(rule: Rule, year: int, start: date) -> list[int]:
    """The ordinals of one year under a rule with week numbers; a rule that names no days means the start's weekday."""
    days = [weekday(day.day.number) for day in rule.by_day]
    if not (days or rule.by_month_day or rule.by_year_day):
        days = [weekday(start.weekday())]
    found = rrule(
        YEARLY,
        dtstart=datetime(year, 1, 1),  # noqa: DTZ001 - naive on purpose
        interval=_BEYOND_THE_CALENDAR,
        byweekday=days or None,
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byyearday=rule.by_year_day or None,
    )
    asked = set(rule.by_week_no)
    return [day for when in found if asked.intersection(week_numbers(rule, day := when.toordinal(), year))]
