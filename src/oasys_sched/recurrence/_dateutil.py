"""The guarded door to dateutil: imported rules with week numbers or several times a day.

dateutil runs naive, always from the beginning of a period (so that BYSETPOS sees whole ones), and always with an end;
it never sees an INTERVAL of 0, anything below a day, or a rule whose days never come.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from dateutil import rrule
from dateutil.rrule import weekday

from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.zone_table import seconds_of, wall_of

__all__ = ["walls"]

_FREQUENCY: Final[dict[Frequency, Literal[0, 1, 2, 3]]] = {
    Frequency.DAILY: rrule.DAILY,
    Frequency.WEEKLY: rrule.WEEKLY,
    Frequency.MONTHLY: rrule.MONTHLY,
    Frequency.YEARLY: rrule.YEARLY,
}


def _months(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _period_start(rule: Rule, start: date, day: date) -> date:
    """The first day of the last period of the rule that begins at or before `day`."""
    n = rule.interval
    if rule.frequency is Frequency.DAILY:
        return start + timedelta((day - start).days // n * n)
    if rule.frequency is Frequency.WEEKLY:
        week = start - timedelta((start.weekday() - rule.week_start.number) % 7)
        return week + timedelta((day - week).days // (7 * n) * 7 * n)
    if rule.frequency is Frequency.MONTHLY:
        first = start.year * 12 + start.month - 1
        return _months(first + (day.year * 12 + day.month - 1 - first) // n * n)
    return date(start.year + (day.year - start.year) // n * n, 1, 1)


def walls(rule: Rule, start: datetime, low: int, high: int) -> list[int]:
    """The rule's wall-clock seconds in `[low, high)`, for `low` at or after `start`; ends and counts are ignored."""
    first = _period_start(rule, start.date(), wall_of(low).date())
    days = [weekday(day.day.number, day.nth) for day in rule.by_day]
    named = rule.by_month_day or rule.by_year_day or rule.by_day
    if not named and (rule.frequency is Frequency.WEEKLY or rule.by_week_no):
        days = [weekday(start.weekday())]
    monthly = rule.frequency is Frequency.MONTHLY or (rule.frequency is Frequency.YEARLY and not rule.by_week_no)
    month_default = (start.month,) if rule.frequency is Frequency.YEARLY and not (rule.by_week_no or named) else None
    found = rrule.rrule(
        _FREQUENCY[rule.frequency],
        dtstart=datetime.combine(first, time.min),
        until=wall_of(high - 1),
        interval=rule.interval,
        wkst=rule.week_start.number,
        bysetpos=rule.by_set_pos or None,
        bymonth=rule.by_month or month_default,
        bymonthday=rule.by_month_day or ((start.day,) if monthly and not named else None),
        byyearday=rule.by_year_day or None,
        byweekno=rule.by_week_no or None,
        byweekday=days or None,
        byhour=rule.by_hour or (start.hour,),
        byminute=rule.by_minute or (start.minute,),
        bysecond=rule.by_second or (start.second,),
        cache=False,
    )
    return [wall for when in found if (wall := seconds_of(when)) >= low]
