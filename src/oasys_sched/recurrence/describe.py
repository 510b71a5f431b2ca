"""A rule as an English sentence, for people."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from oasys_sched.recurrence.rule import Frequency, Rule, Skip
from oasys_sched.recurrence.weekday import NthWeekday

__all__ = ["describe"]

_UNIT: Final = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
_SKIP: Final = {
    Skip.OMIT: "",
    Skip.BACKWARD: ", or the day before where there is none",
    Skip.FORWARD: ", or the day after where there is none",
}


def describe(rule: Rule) -> str:
    """Say the rule in English: rhythm, days, then the end."""
    unit = _UNIT[rule.frequency]
    words = [f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"]
    if rule.by_month:
        words.append(f"in {_listed([month_name[month] for month in rule.by_month])}")
    if rule.by_week_no:
        words.append(f"in {_listed([_week(number) for number in rule.by_week_no])}")
    dates = [_ordinal(day, "day") for day in rule.by_month_day]
    dates += [f"{_ordinal(day, 'day')} of the year" for day in rule.by_year_day]
    if dates:
        days = [_weekday(day, "a ") for day in rule.by_day]
        words.append(f"on the {_listed(dates)}" + (f" if {_listed(days, 'or')}" if days else ""))
    elif rule.by_day:
        # A month has several Mondays; of a week, or of a set that positions pick from, one is meant.
        several = rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY) and not (rule.by_set_pos or rule.by_week_no)
        words.append(f"on {_listed([_weekday(day, 'every ' * several) for day in rule.by_day])}")
    if any(rule.clock):
        words.append(f"at {rule.times_a_day} {'times' if rule.times_a_day > 1 else 'time'} of day")
    if rule.by_set_pos:
        words.append(f"({_listed([f'the {_ordinal(n)}' for n in rule.by_set_pos])} of these)")
    return " ".join(words) + _SKIP[rule.skip] + _end(rule)


def _end(rule: Rule) -> str:
    if rule.count is not None:
        return f", {rule.count} times" if rule.count > 1 else ", once"
    if rule.until is None:
        return ""
    day = f"{rule.until.day} {month_name[rule.until.month]} {rule.until.year}"
    if not isinstance(rule.until, datetime):
        return f", until {day}"
    return f", until {day} {rule.until:%H:%M}{' UTC' if rule.until.tzinfo else ''}"


def _weekday(day: NthWeekday, article: str) -> str:
    return f"{article}{day.day.full}" if day.nth is None else f"the {_ordinal(day.nth)} {day.day.full}"


def _ordinal(number: int, noun: str = "") -> str:
    size = abs(number)
    suffix = "th" if size % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(size % 10, "th")
    if number > 0:
        return f"{size}{suffix}"
    return " ".join(word for word in ("" if size == 1 else f"{size}{suffix}", "last", noun) if word)


def _week(number: int) -> str:
    return f"week {number}" if number > 0 else f"the {_ordinal(number)} week"


def _listed(words: Sequence[str], last: str = "and") -> str:
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final
