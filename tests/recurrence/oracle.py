"""dateutil, the other engine to hold ours to, and what it gets wrong."""

from __future__ import annotations

from datetime import date, datetime, time

from dateutil import rrule as du
from hypothesis import strategies as st

from oasys_sched import Frequency, Rule


def dateutil_rule(rule: Rule, start: datetime, until: datetime) -> du.rrule:
    frequency = (du.DAILY, du.WEEKLY, du.MONTHLY, du.YEARLY)[list(Frequency).index(rule.frequency)]
    return du.rrule(
        frequency,
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start.number,
        until=until,
        bysetpos=rule.by_set_pos or None,
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byyearday=rule.by_year_day or None,
        byweekday=[du.weekday(day.day.number, day.nth) for day in rule.by_day] or None,
    )


# What dateutil (2.9 and 4.0) gets wrong, by name; such rules are held to the scan alone.
def cuts_the_first_set(rule: Rule) -> bool:
    """BYSETPOS counts only from DTSTART on in the first period of a weekly rule."""
    return bool(rule.by_set_pos) and rule.frequency is Frequency.WEEKLY


def intersects_mixed_weekdays(rule: Rule) -> bool:
    """Plain and numbered weekdays together give the intersection instead of the union."""
    return len({day.nth is None for day in rule.by_day}) == 2


def weekly_by_day(rule: Rule) -> bool:
    """Numbers count within the month even in a YEARLY rule without months whose days are limited otherwise."""
    numbered = any(day.nth for day in rule.by_day)
    return numbered and rule.frequency is Frequency.YEARLY and not rule.by_month and bool(rule.by_month_day)


FAULTS = (cuts_the_first_set, intersects_mixed_weekdays, weekly_by_day)

starts = st.datetimes(datetime(1995, 1, 1), datetime(2030, 12, 31)).map(lambda when: when.replace(microsecond=0))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
