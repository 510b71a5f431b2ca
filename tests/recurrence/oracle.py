"""Two slow engines to hold the fast one to: a scan of every calendar day, and dateutil."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil import rrule as du
from hypothesis import strategies as st

from oasys_sched import Frequency, NthWeekday, Rule, Weekday

DAY = timedelta(days=1)
WEEK = tuple(Weekday)


def period(rule: Rule, day: date) -> int:
    """The number of the day's period, counted from some fixed one."""
    if rule.frequency is Frequency.DAILY:
        return day.toordinal()
    if rule.frequency is Frequency.WEEKLY:
        return (day.toordinal() - 1 - rule.week_start.number) // 7
    if rule.frequency is Frequency.MONTHLY:
        return day.year * 12 + day.month
    return day.year


def nth_of(days: list[date], day: date) -> tuple[int, int]:
    same = [one for one in days if one.weekday() == day.weekday()]
    place = same.index(day)
    return place + 1, place - len(same)


def weekday_fits(rule: Rule, day: date) -> bool:
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        first, length = date(day.year, 1, 1), 365 + isleap(day.year)
    else:
        first, length = day.replace(day=1), monthrange(day.year, day.month)[1]
    for wanted in rule.by_day:
        if wanted.day.number != day.weekday():
            continue
        if wanted.nth is None or wanted.nth in nth_of([first + DAY * n for n in range(length)], day):
            return True
    return False


def fits(rule: Rule, start: date, day: date) -> bool:
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
        return weekday_fits(rule, day)
    if rule.by_month_day or rule.by_year_day or rule.frequency is Frequency.DAILY:
        return True
    if rule.frequency is Frequency.WEEKLY:
        return day.weekday() == start.weekday()
    if day.day != start.day:
        return False
    return rule.frequency is Frequency.MONTHLY or bool(rule.by_month) or day.month == start.month


def scan(rule: Rule, start: datetime, end: date) -> Iterator[datetime]:
    """Every occurrence before `end`, found by looking at every day; no SKIP, no times, no week numbers."""
    first = start.date()
    anchor = period(rule, first)
    day = first
    while period(rule, day) == anchor and day > date.min + DAY:
        day -= DAY
    day += DAY
    found: dict[int, list[date]] = {}
    while day < end or (found and period(rule, day) in found):
        at = period(rule, day)
        if (at - anchor) % rule.interval == 0 and fits(rule, first, day):
            found.setdefault(at, []).append(day)
        day += DAY
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
plain_days = st.sampled_from(WEEK).map(NthWeekday)
month_days = st.integers(-31, 31).filter(bool)


def _numbered(most: int) -> st.SearchStrategy[NthWeekday]:
    return st.builds(NthWeekday, st.sampled_from(WEEK), st.integers(-most, most).filter(bool))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules of the core set, without an end; some never come true."""
    frequency = draw(st.sampled_from(list(Frequency)))
    parts: dict[str, object] = {
        "interval": draw(st.sampled_from((1, 1, 2, 3, 4, 5, 7, 12))),
        "week_start": draw(st.sampled_from(WEEK)),
    }
    if draw(st.booleans()):
        days: st.SearchStrategy[NthWeekday] = plain_days
        if frequency is Frequency.MONTHLY:
            days = plain_days | _numbered(5)
        parts["by_day"] = tuple(draw(st.lists(days, min_size=1, max_size=4)))
    if draw(st.integers(0, 3)) == 0:
        parts["by_month"] = tuple(draw(st.lists(st.integers(1, 12), min_size=1, max_size=4)))
    if frequency is Frequency.YEARLY:
        most = 5 if parts.get("by_month") else 53
        if "by_day" in parts and draw(st.booleans()):
            parts["by_day"] = tuple(draw(st.lists(plain_days | _numbered(most), min_size=1, max_size=3)))
        if draw(st.integers(0, 3)) == 0:
            numbers = st.integers(-366, 366).filter(bool)
            parts["by_year_day"] = tuple(draw(st.lists(numbers, min_size=1, max_size=5)))
    if frequency is not Frequency.WEEKLY and draw(st.booleans()):
        parts["by_month_day"] = tuple(draw(st.lists(month_days, min_size=1, max_size=5)))
    if len(parts) > 2 and draw(st.integers(0, 2)) == 0:
        parts["by_set_pos"] = tuple(draw(st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=2)))
    try:
        return Rule(frequency=frequency, **parts)  # type: ignore[arg-type]
    except ValueError:
        return Rule(frequency=frequency, interval=parts["interval"])  # type: ignore[arg-type]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
