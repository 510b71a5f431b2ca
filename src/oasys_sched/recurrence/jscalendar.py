"""A series as JSCalendar dicts and back (RFC 8984 4.3): `recurrenceRules` and one map of `recurrenceOverrides`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.overrides import Override, OverrideKind
from oasys_sched.recurrence.rule import Frequency, Rule, Skip, invalid
from oasys_sched.recurrence.series import MAX_OVERRIDES, Series
from oasys_sched.recurrence.weekday import NthWeekday, Weekday
from oasys_sched.recurrence.zone_table import wall_of
from oasys_sched.times import Period

__all__ = ["rule_from_jscalendar", "rule_to_jscalendar", "series_from_jscalendar", "series_to_jscalendar"]

# JSCalendar's plain number lists -> fields of Rule; byMonth holds strings, since other calendars have leap months.
_LISTS: Final = {
    "byMonthDay": "by_month_day",
    "byYearDay": "by_year_day",
    "byWeekNo": "by_week_no",
    "byHour": "by_hour",
    "byMinute": "by_minute",
    "bySecond": "by_second",
    "bySetPosition": "by_set_pos",
}
_KNOWN: Final = frozenset({"@type", "frequency", "interval", "rscale", "skip", "firstDayOfWeek", "byDay", "byMonth"})
_KNOWN_RULE: Final = _KNOWN | {"count", "until", *_LISTS}
_DAYS: Final = {day.value[:2]: day for day in Weekday}
# What can still be wrong with a rule as a whole, by its own name and JSCalendar's.
_NAMES: Final[dict[str | None, str]] = {
    **{name: key for key, name in _LISTS.items()},
    "interval": "interval",
    "by_day": "byDay",
    "by_month": "byMonth",
    "count": "count",
}


def _local(text: object, field: str) -> datetime:
    """Read a LocalDateTime: no zone, no offset."""
    try:
        if isinstance(text, str) and len(text) == 19:
            found = datetime.fromisoformat(text)
            if found.tzinfo is None:
                return found
    except ValueError:
        pass
    raise InvalidValue("give a LocalDateTime such as '2026-03-05T15:00:00'", field=field)


def _whole(value: object, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("give a whole number", field)
    return value


def _list(value: object, field: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise invalid("give a list", field)
    return value


def rule_to_jscalendar(rule: Rule, until: datetime | None = None) -> dict[str, Any]:
    """Write a rule as a RecurrenceRule object; `until` is its end as local time, where it has one."""
    found: dict[str, Any] = {"@type": "RecurrenceRule", "frequency": rule.frequency.lower()}
    if rule.interval != 1:
        found["interval"] = rule.interval
    if rule.skip is not Skip.OMIT:
        found |= {"rscale": "gregorian", "skip": rule.skip.lower()}
    if rule.week_start is not Weekday.MON:
        found["firstDayOfWeek"] = rule.week_start.value[:2]
    if rule.by_day:
        found["byDay"] = [
            {"@type": "NDay", "day": day.day.value[:2]} | ({"nthOfPeriod": day.nth} if day.nth else {})
            for day in rule.by_day
        ]
    if rule.by_month:
        found["byMonth"] = [str(month) for month in rule.by_month]
    found |= {name: list(values) for name, field in _LISTS.items() if (values := getattr(rule, field))}
    if rule.count is not None:
        found["count"] = rule.count
    if until is not None:
        found["until"] = until.isoformat()
    return found


def rule_from_jscalendar(value: Mapping[str, Any], field: str = "recurrenceRules.0") -> Rule:
    """Read a RecurrenceRule object.

    Raises:
        InvalidValue: a typed code, naming the path.
    """
    try:
        return _rule(value, field)
    except InvalidValue as error:
        # A rule names its own fields; whoever gave an object looks for its property.
        name = _NAMES.get(error.field)
        raise (error if name is None else invalid(error.problem, f"{field}.{name}", error.code)) from None


def _rule(value: Mapping[str, Any], field: str) -> Rule:
    if not isinstance(value, Mapping) or not _KNOWN_RULE.issuperset(value):
        raise invalid("give a RecurrenceRule of RFC 8984", field)
    frequency, skip = value.get("frequency"), value.get("skip", "omit")
    if frequency not in [known.lower() for known in Frequency]:
        raise invalid("repeat daily, weekly, monthly or yearly", f"{field}.frequency")
    if value.get("rscale", "gregorian") != "gregorian" or skip not in [known.lower() for known in Skip]:
        raise invalid("only the Gregorian calendar is known, skipping omit, backward or forward", f"{field}.skip")
    days = []
    for day in _list(value.get("byDay", ()), f"{field}.byDay"):
        nth = day.get("nthOfPeriod") if isinstance(day, Mapping) else None
        if not isinstance(day, Mapping) or day.get("day") not in list(_DAYS):
            raise invalid("give NDay objects such as {'day': 'mo'}", f"{field}.byDay")
        days.append(NthWeekday(_DAYS[day["day"]], None if nth is None else _whole(nth, f"{field}.byDay")))
    first = value.get("firstDayOfWeek", "mo")
    if first not in list(_DAYS):
        raise invalid("give 'mo' to 'su'", f"{field}.firstDayOfWeek")
    months = _list(value.get("byMonth", ()), f"{field}.byMonth")
    if not all(isinstance(month, str) and month.isascii() and month.isdigit() and len(month) < 3 for month in months):
        raise invalid("give months as text, '1' to '12'", f"{field}.byMonth")
    lists = {
        name: tuple(_whole(number, f"{field}.{key}") for number in _list(value.get(key, ()), f"{field}.{key}"))
        for key, name in _LISTS.items()
    }
    return Rule(
        frequency=Frequency(frequency.upper()),
        interval=_whole(value.get("interval", 1), f"{field}.interval"),
        by_day=tuple(days),
        by_month=tuple(int(month) for month in months),
        week_start=_DAYS[first],
        skip=Skip(skip.upper()),
        count=None if value.get("count") is None else _whole(value["count"], f"{field}.count"),
        until=None if value.get("until") is None else _local(value["until"], f"{field}.until"),
        **lists,
    )


def series_to_jscalendar(series: Series) -> dict[str, Any]:
    """Write the time properties of an Event: start, timeZone, duration, recurrenceRules, recurrenceOverrides.

    `month_end="clamp"` becomes skip "backward"; a `gap` of "skip" has no word in the standard and is left out.
    """
    until = wall_of(series._plan.end - 1) if series.rule.until is not None else None
    overrides: dict[str, dict[str, Any]] = {}
    for one in series.overrides:
        patch: dict[str, Any] = {"excluded": True} if one.kind is OverrideKind.EXCLUDED else {}
        if one.to is not None:
            patch["start"] = one.to.replace(microsecond=0).isoformat()
        if one.duration is not None:
            patch["duration"] = str(Period(exact=one.duration))
        overrides[one.original.isoformat()] = patch
    return {
        "start": series.start.isoformat(),
        "timeZone": series.zone,
        "duration": str(Period(exact=series.duration)),
        "recurrenceRules": [rule_to_jscalendar(series._plan.pattern.rule, until)],
        "recurrenceOverrides": overrides,
    }


def series_from_jscalendar(value: Mapping[str, Any]) -> Series:
    """Read the time properties of an Event; whatever else it holds is left alone.

    Raises:
        InvalidValue: a typed code, naming the path. Several rules, excluded rules and other patches are refused.
    """
    if not isinstance(value, Mapping):
        raise InvalidValue("give a JSCalendar Event", field="event")
    rules = _list(value.get("recurrenceRules", ()), "recurrenceRules")
    if len(rules) != 1 or value.get("excludedRecurrenceRules"):
        raise invalid("give exactly one recurrence rule and no excluded ones", "recurrenceRules")
    zone = value.get("timeZone")
    if not isinstance(zone, str):
        raise InvalidValue("give an IANA zone", field="timeZone", code=Code.UNKNOWN_ZONE)
    patches = value.get("recurrenceOverrides") or {}
    if not isinstance(patches, Mapping) or len(patches) > MAX_OVERRIDES:
        raise InvalidValue(f"give at most {MAX_OVERRIDES} overrides", field="recurrenceOverrides", code=Code.TOO_LARGE)
    plain = Series(
        start=_local(value.get("start"), "start"),
        zone=zone,
        duration=_duration(value.get("duration"), "duration"),
        rule=rule_from_jscalendar(rules[0]),
    )
    overrides = tuple(_override(plain, key, patch) for key, patch in patches.items())
    return Series(
        start=plain.start,
        zone=zone,
        duration=plain.duration,
        rule=plain.rule,
        overrides=tuple(one for one in overrides if one is not None),
    )


def _duration(text: Any, field: str) -> timedelta:
    period = Period.parse(text, field)
    if period.months:
        raise InvalidValue("give a duration in weeks, days or less", field=field, code=Code.INVALID_DURATION)
    return timedelta(days=period.days) + period.exact


def _override(series: Series, key: str, patch: object) -> Override | None:
    """One entry of the map: deleted, moved, or an empty patch, which is an extra where the rule has nothing."""
    field = f"recurrenceOverrides.{str(key)[:40]}"
    original = _local(key, field)
    if not isinstance(patch, Mapping) or not {"excluded", "start", "duration"}.issuperset(patch):
        raise InvalidValue("only excluded, start and duration can be overridden", field=field)
    if patch.get("excluded") is True:
        return Override(original=original, kind=OverrideKind.EXCLUDED)
    to = _local(patch["start"], f"{field}.start") if "start" in patch else None
    duration = _duration(patch["duration"], f"{field}.duration") if "duration" in patch else None
    if series.find(original) is None:
        return Override(original=original, kind=OverrideKind.ADDED, to=to, duration=duration)
    if to is None and duration is None:
        return None
    return Override(original=original, kind=OverrideKind.MOVED, to=to, duration=duration)
