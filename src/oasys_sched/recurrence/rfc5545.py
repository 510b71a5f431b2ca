"""RRULE text in and out (RFC 5545 3.3.10, and RSCALE=GREGORIAN with SKIP from RFC 7529)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.rule import Frequency, Rule, Skip, invalid
from oasys_sched.recurrence.weekday import NthWeekday, Weekday

__all__ = ["parse_rule", "parse_stamp", "rule_text", "stamp_text"]

MAX_TEXT: Final = 4096
_STAMP: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,10}", re.ASCII)


def parse_stamp(text: str, field: str, code: Code = Code.INVALID_PATTERN) -> date | datetime:
    """Read an iCalendar DATE, local DATE-TIME or UTC DATE-TIME; a leap second counts as :59.

    Raises:
        InvalidValue: `code`, naming `field`.
    """
    found = _STAMP.fullmatch(text)
    try:
        if found is not None:
            year, month, day = (int(part) for part in found.group(1, 2, 3))
            if found[4] is None:
                return date(year, month, day)
            clock = (int(found[4]), int(found[5]), min(int(found[6]), 59) if found[6] == "60" else int(found[6]))
            return datetime(year, month, day, *clock, tzinfo=UTC if found[7] else None)
    except ValueError:
        pass
    raise invalid("give 20260305, 20260305T150000 or 20260305T200000Z", field, code)


def stamp_text(when: date | datetime) -> str:
    """Write an iCalendar DATE, local DATE-TIME, or UTC DATE-TIME for one in UTC, as a rule keeps its aware end."""
    if not isinstance(when, datetime):
        return f"{when.year:04}{when.month:02}{when.day:02}"
    zulu = "" if when.tzinfo is None else "Z"
    return f"{stamp_text(when.date())}T{when.hour:02}{when.minute:02}{when.second:02}{zulu}"


def _whole(text: str, field: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise invalid("give a whole number", field)
    return int(text)


def _wholes(text: str, field: str) -> tuple[int, ...]:
    return tuple(_whole(part, field) for part in text.split(","))


def _frequency(text: str, field: str) -> Frequency:
    if text in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise invalid("nothing here repeats more often than daily", field)
    if text not in Frequency.__members__:
        raise invalid("repeat DAILY, WEEKLY, MONTHLY or YEARLY", field)
    return Frequency(text)


def _skip(text: str, field: str) -> Skip:
    if text not in Skip.__members__:
        raise invalid("skip with OMIT, BACKWARD or FORWARD", field)
    return Skip(text)


def _gregorian(text: str, field: str) -> str:
    if text != "GREGORIAN":
        raise invalid("only the Gregorian calendar is known", field)
    return text


# RFC name -> (field of Rule, reader). RSCALE has no field: GREGORIAN is the only scale.
_PARTS: Final[dict[str, tuple[str, Callable[[str, str], Any]]]] = {
    "RSCALE": ("rscale", _gregorian),
    "FREQ": ("frequency", _frequency),
    "UNTIL": ("until", lambda text, field: parse_stamp(text, field, Code.INVALID_END)),
    "COUNT": ("count", _whole),
    "INTERVAL": ("interval", _whole),
    "BYMONTH": ("by_month", _wholes),
    "BYWEEKNO": ("by_week_no", _wholes),
    "BYYEARDAY": ("by_year_day", _wholes),
    "BYMONTHDAY": ("by_month_day", _wholes),
    "BYDAY": ("by_day", lambda text, field: tuple(NthWeekday.parse(part, field) for part in text.split(","))),
    "BYHOUR": ("by_hour", _wholes),
    "BYMINUTE": ("by_minute", _wholes),
    "BYSECOND": ("by_second", _wholes),
    "BYSETPOS": ("by_set_pos", _wholes),
    "WKST": ("week_start", Weekday.parse),
    "SKIP": ("skip", _skip),
}
_NAMES: Final[dict[str | None, str]] = {target: name for name, (target, _) in _PARTS.items()}


def parse_rule(text: str, field: str = "rule") -> Rule:
    """Read RRULE text, with or without the leading 'RRULE:'.

    Raises:
        InvalidValue: a typed code; `field` for the text as a whole, 'rule.BYDAY' for one part.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise invalid(f"give RFC 5545 text of at most {MAX_TEXT} characters", field)
    try:
        return _read(text.strip().upper().removeprefix("RRULE:").removesuffix(";"), field)
    except InvalidValue as error:
        # A rule names its own fields; whoever gave text looks for the part of it.
        name = _NAMES.get(error.field)
        raise (error if name is None else invalid(error.problem, f"{field}.{name}", error.code)) from None


def _read(body: str, field: str) -> Rule:
    values: dict[str, Any] = {}
    for part in body.split(";"):
        name, _, value = part.partition("=")
        known = _PARTS.get(name)
        if known is None:
            raise invalid("give NAME=value parts of RFC 5545, such as FREQ=WEEKLY;COUNT=12", field)
        target, read = known
        if target in values:
            raise invalid(f"{name} is given twice", field)
        values[target] = read(value, f"{field}.{name}")
    if "frequency" not in values:
        raise invalid("FREQ is missing", field)
    if "skip" in values and "rscale" not in values:
        raise invalid("SKIP needs RSCALE=GREGORIAN (RFC 7529)", field)
    values.pop("rscale", None)
    return Rule(**values)


def rule_text(rule: Rule) -> str:
    """Write RRULE text; reading it back gives an equal rule."""
    parts = ["RSCALE=GREGORIAN"] if rule.skip is not Skip.OMIT else []
    parts.append(f"FREQ={rule.frequency}")
    if rule.until is not None:
        parts.append(f"UNTIL={stamp_text(rule.until)}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    for name, (target, _) in _PARTS.items():
        if name.startswith("BY") and (values := getattr(rule, target)):
            parts.append(f"{name}={','.join(map(str, values))}")
    if rule.week_start is not Weekday.MON:
        parts.append(f"WKST={rule.week_start.ical}")
    if rule.skip is not Skip.OMIT:
        parts.append(f"SKIP={rule.skip}")
    return ";".join(parts)
