"""Changes to a series: delete, move, add, extend, cut, split. Each returns a new series and leaves the past alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final, Literal, TypeAlias, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.expand import end_wall
from oasys_sched.recurrence.overrides import Override, OverrideKind, check_identity, check_wall
from oasys_sched.recurrence.rule import Frequency, Rule, invalid
from oasys_sched.recurrence.series import Series
from oasys_sched.recurrence.weekday import WEEK, NthWeekday
from oasys_sched.recurrence.zone_table import seconds_of, wall_of
from oasys_sched.times import WallTime, as_utc, find_zone, local_kind

__all__ = ["ExceptionPolicy", "SeriesSplit", "adding", "cut", "extended", "moved", "split", "without"]

ExceptionPolicy: TypeAlias = Literal["keep", "shift", "drop", "refuse"]
_POLICIES: Final = ("keep", "shift", "drop", "refuse")
_SHORT: Final = (Frequency.DAILY, Frequency.WEEKLY)
_EVERY_MONTH: Final = 28


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSplit:
    """Both halves, and what became of the second half's exceptions; `before` is None when nothing comes before.

    `kept` were individually moved or added and stay at their times, `shifted` moved along, `dropped` are gone,
    `orphans` belong to no occurrence of the new rule.
    """

    before: Series | None
    after: Series
    kept: tuple[Override, ...] = ()
    shifted: tuple[Override, ...] = ()
    dropped: tuple[Override, ...] = ()
    orphans: tuple[Override, ...] = ()


def _no_such(field: str) -> InvalidValue:
    return InvalidValue("the series has no such occurrence", field=field, code=Code.NO_SUCH_INSTANCE)


def _identity(series: Series, original: date | datetime, field: str) -> datetime:
    check_identity(original, field)
    found = series.find(original)
    if found is None:
        raise _no_such(field)
    return found.original_start


def _with(series: Series, override: Override) -> Series:
    others = (one for one in series.overrides if one.original != override.original)
    return replace(series, overrides=(*others, override))


def _local(series: Series, when: datetime, field: str) -> datetime:
    """A local time, or an instant turned local; `fold` tells the readings of a repeated hour apart."""
    zone = find_zone(series.zone)
    if isinstance(when, datetime) and when.tzinfo is not None:
        when = as_utc(when, field).astimezone(zone).replace(tzinfo=None)
    check_wall(when, field)
    if local_kind(when, zone) is WallTime.SKIPPED:
        raise InvalidValue(
            "the clocks skip this time that day: choose another", field=field, code=Code.NONEXISTENT_LOCAL_TIME
        )
    return when.replace(microsecond=0)


def without(series: Series, original: date | datetime) -> Series:
    """See `Series.without`."""
    if isinstance(original, datetime):
        return _deleted(series, _identity(series, original, "original"))
    named = [wall for wall in map(wall_of, series._meant(original)) if series.find(wall) is not None]
    if not named:
        raise _no_such("original")
    return reduce(_deleted, named, series)


def _deleted(series: Series, wall: datetime) -> Series:
    known = next((one for one in series.overrides if one.original == wall), None)
    if known is not None and known.kind is OverrideKind.ADDED and not series._plan.produces(seconds_of(wall)):
        return replace(series, overrides=tuple(one for one in series.overrides if one is not known))
    return _with(series, Override(original=wall, kind=OverrideKind.EXCLUDED))


def moved(series: Series, original: date | datetime, to: datetime, duration: timedelta | None) -> Series:
    """See `Series.moved`."""
    wall = _identity(series, original, "original")
    known = next((one for one in series.overrides if one.original == wall), None)
    kind = OverrideKind.ADDED if known is not None and known.kind is OverrideKind.ADDED else OverrideKind.MOVED
    return _with(series, Override(original=wall, kind=kind, to=_local(series, to, "to"), duration=duration))


def adding(series: Series, when: datetime, duration: timedelta | None) -> Series:
    """See `Series.adding`."""
    wall = _local(series, when, "when")
    if series.find(wall) is not None:
        raise InvalidValue("there is an occurrence then already", field="when", code=Code.NO_CHANGE)
    if any(one.original == wall for one in series.overrides):
        restored = replace(series, overrides=tuple(one for one in series.overrides if one.original != wall))
        return restored if restored.find(wall) is not None else adding(restored, when, duration)
    to = wall if wall.fold else None
    return _with(series, Override(original=wall, kind=OverrideKind.ADDED, to=to, duration=duration))


def extended(series: Series, until: date | datetime | None, count: int | None) -> Series:
    """See `Series.extended`."""
    if series.rule.is_open:
        raise InvalidValue("the series is open-ended already", field="until", code=Code.ALREADY_OPEN_ENDED)
    rule = replace(series.rule, until=until, count=count)
    # An end before the start makes no series, but what was asked for is an extension.
    begun = end_wall(rule, find_zone(series.zone)) > seconds_of(series.start)
    longer = replace(series, rule=rule) if begun else series
    if not (begun and (rule.is_open or _ends_later(longer, series))):
        raise InvalidValue("the new end is not later than the current one", field="until", code=Code.NOT_AN_EXTENSION)
    return longer


def _ends_later(new: Series, old: Series) -> bool:
    if new.rule.until is not None and old.rule.until is not None:
        return new._plan.end > old._plan.end
    # A count has no end of its own but its last occurrence.
    return (new.last_start or datetime.max) > (old.last_start or datetime.max)  # noqa: DTZ901 - wall times


def cut(series: Series, before: date | datetime) -> Series | None:
    """See `Series.cut`."""
    return _first_half(series, seconds_of(_identity(series, before, "before")))


def _first_half(series: Series, wall: int) -> Series | None:
    last = series._plan.last_before(wall)
    if last is None:
        return None
    return replace(
        series,
        rule=replace(series.rule, count=None, until=wall_of(last)),
        overrides=tuple(one for one in series.overrides if seconds_of(one.original) < wall),
    )


def split(
    series: Series,
    at: date | datetime,
    *,
    to: datetime | None,
    rule: Rule | None,
    duration: timedelta | None,
    exceptions: ExceptionPolicy,
) -> SeriesSplit:
    """See `Series.split`."""
    if exceptions not in _POLICIES:
        raise InvalidValue("give 'keep', 'shift', 'drop' or 'refuse'", field="exceptions")
    pivot = _identity(series, at, "at")
    wall = seconds_of(pivot)
    if not series._plan.produces(wall):
        raise InvalidValue(
            "split at an occurrence of the rule, not at an extra one", field="at", code=Code.NO_SUCH_INSTANCE
        )
    start = pivot if to is None else _local(series, to, "to")
    delta = start - pivot
    later = [one for one in series.overrides if seconds_of(one.original) >= wall]
    if to is not None:
        # The chosen occurrence goes where it is sent, wherever it had been moved before.
        later = [one for one in later if one.original != pivot or one.kind is OverrideKind.EXCLUDED]
    special = [one for one in later if one.kind is not OverrideKind.EXCLUDED]
    if exceptions == "refuse" and special:
        raise InvalidValue("some of these occurrences were moved one by one", field="exceptions", code=Code.CONFLICT)
    carried = {
        one.original: _carried(one, delta, exceptions) for one in later if exceptions != "drop" or one not in special
    }
    before = _first_half(series, wall)
    # An extra before the first occurrence has no first half to be in: it stays as it is.
    early = () if before else tuple(one for one in series.overrides if seconds_of(one.original) < wall)
    after = replace(
        series,
        start=start,
        duration=series.duration if duration is None else duration,
        rule=_second_rule(series, wall, delta, rule),
        overrides=(*early, *carried.values()),
    )
    survivors = tuple(carried[one.original] for one in special if one.original in carried)
    return SeriesSplit(
        before=before,
        after=after,
        kept=survivors if exceptions == "keep" else (),
        shifted=survivors if exceptions == "shift" else (),
        dropped=tuple(special) if exceptions == "drop" else (),
        orphans=after.orphans,
    )


def _carried(one: Override, delta: timedelta, policy: ExceptionPolicy) -> Override:
    """An exception of the second half under its new identity."""
    along = policy == "shift"
    if one.kind is OverrideKind.ADDED:
        moved_to = one.to + delta if one.to is not None and along else one.to
        return replace(one, original=one.original + delta if along else one.original, to=moved_to)
    return replace(one, original=one.original + delta, to=one.to + delta if one.to is not None and along else one.to)


def _second_rule(series: Series, wall: int, delta: timedelta, given: Rule | None) -> Rule:
    """The rule from the cut on: what is left of COUNT, UNTIL moved along, weekdays turned with the start."""
    rule = series.rule
    if given is not None and (not given.is_open or rule.is_open):
        return given
    count = None if rule.count is None else rule.count - series._plan.counted_before(wall)
    until = rule.until
    if until is not None and delta:
        until = wall_of(series._plan.end - 1) + delta
    if given is not None:
        return replace(given, count=count, until=until)
    pivot = wall_of(wall)
    days = ((pivot + delta).date() - pivot.date()).days
    turned = _turned(rule, pivot, days) if days else _explicit(rule, series.start, pivot)
    return replace(turned, count=count, until=until)


def _explicit(rule: Rule, start: datetime, pivot: datetime) -> Rule:
    """The rule with the day that its start gave it, where the second half begins on another: a clamped 31st."""
    named = rule.by_day or rule.by_month_day or rule.by_year_day or rule.by_week_no
    if named or rule.frequency in _SHORT or pivot.day == start.day:
        return rule
    months = (start.month,) if rule.frequency is Frequency.YEARLY else ()
    return replace(rule, by_month=rule.by_month or months, by_month_day=(start.day,))


def _turned(rule: Rule, pivot: datetime, days: int) -> Rule:
    """The rule with every day moved by so many days: those of a week, or one date that every month has."""
    named = rule.by_month or rule.by_month_day or rule.by_year_day or rule.by_week_no
    plain = not (named or rule.by_day or rule.by_set_pos)
    if plain and (rule.frequency in _SHORT or (pivot.day <= _EVERY_MONTH and 1 <= pivot.day + days <= _EVERY_MONTH)):
        return rule
    if named or rule.frequency not in _SHORT:
        raise invalid("another day needs another rule: give it too", "rule")
    # The week's first day turns along, so that "every second week" keeps its weeks.
    return replace(
        rule,
        by_day=tuple(NthWeekday(WEEK[(day.day.number + days) % 7]) for day in rule.by_day),
        week_start=WEEK[(rule.week_start.number + days) % 7],
    )
