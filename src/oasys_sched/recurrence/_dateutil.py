"""The guarded door to dateutil: the days of a year by week number, for imported rules (BYWEEKNO).

dateutil runs naive and for one year at a time: an interval beyond the calendar's end stops it after that year, where
it would otherwise walk on to the year 9999 whenever a rule brings nothing. It never sees the caller's INTERVAL, COUNT,
UNTIL or BYSETPOS.
"""

from __future__ import annotations

from datetime import date, datetime

from dateutil.rrule import YEARLY, rrule, weekday

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
        byweekno=rule.by_week_no,
        byweekday=[weekday(day.day.number) for day in rule.by_day] if named else [weekday(start.weekday())],
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byyearday=rule.by_year_day or None,
        cache=False,
    )
    return [when.toordinal() for when in found]
