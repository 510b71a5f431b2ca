"""A series as iCalendar text and back: RRULE, EXDATE, RDATE, and one RECURRENCE-ID component for each moved one.

Only the time properties: the caller's own lines (UID, SUMMARY, ...) go beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.overrides import Override, OverrideKind
from oasys_sched.recurrence.rfc5545 import parse_rule, parse_stamp, rule_text, stamp_text
from oasys_sched.recurrence.rule import Frequency, Rule, Skip, invalid
from oasys_sched.recurrence.series import MAX_OVERRIDES, Series
from oasys_sched.recurrence.zone_table import EPOCH_UTC, seconds_of, wall_of
from oasys_sched.times import Period, find_zone

__all__ = ["series_from_ical", "series_to_ical"]

MAX_TEXT: Final = 500_000
_UNFOLD: Final = re.compile(r"\r?\n[ \t]")
_CLAMPED: Final = (28, 29, 30, 31)


class _Line(NamedTuple):
    name: str
    zone: str | None
    value: str


def _stamped(name: str, zone: str, walls: Iterable[datetime]) -> Iterator[str]:
    texts = [stamp_text(wall) for wall in walls]
    if texts:
        yield f"{name};TZID={zone}:{','.join(texts)}"


def _portable(series: Series) -> tuple[Rule, list[datetime]]:
    """The rule in words that every reader knows, and the dates that its words would wrongly add."""
    plan = series._plan
    rule = plan.pattern.rule
    skipped: list[datetime] = []
    if not plan.keeps_skipped and not rule.is_open:
        walls = plan.pattern.walls(plan.pattern.start_wall, plan.end)
        skipped = [wall_of(wall) for wall in plan.table.instants(walls)[1]]
    if rule.until is not None or (rule.count is not None and not plan.keeps_skipped):
        # Readers compare instants, and a skipped occurrence counts with them: the end is given as the last moment.
        last = plan.table.instant(plan.end - 1)
        rule = replace(rule, count=None, until=EPOCH_UTC + timedelta(0, last))
    days = rule.by_month_day or (series.start.day,)
    simple = rule.frequency is Frequency.MONTHLY and not (rule.by_day or rule.by_set_pos) and len(days) == 1
    if rule.skip is Skip.BACKWARD and simple:
        # The last of 28 to n is n, or the last day of a shorter month: no RSCALE needed.
        named = tuple(day for day in _CLAMPED if day <= days[0])
        rule = replace(rule, skip=Skip.OMIT)
        if days[0] > 28:
            rule = replace(rule, by_month_day=named, by_set_pos=(-1,))
    return rule, skipped


def series_to_ical(series: Series, *, extra: Iterable[str] = ()) -> str:
    """Write VEVENT components: the series, then one for each moved or resized occurrence. Lines end in CRLF.

    `extra` lines, such as 'UID:...', go into every component as they are. `month_end="clamp"` is written without
    RSCALE where it can be; a `gap` of "skip" becomes EXDATEs where the series ends.
    """
    zone = series.zone
    rule, skipped = _portable(series)
    of_kind = {kind: [one for one in series.overrides if one.kind is kind] for kind in OverrideKind}
    added = of_kind[OverrideKind.ADDED]
    components = [
        [
            *_stamped("DTSTART", zone, [series.start]),
            f"DURATION:{Period(exact=series.duration)}",
            f"RRULE:{rule_text(rule)}",
            *_stamped("EXDATE", zone, sorted([*skipped, *(one.original for one in of_kind[OverrideKind.EXCLUDED])])),
            *_stamped("RDATE", zone, (one.original for one in added)),
        ]
    ]
    changed = [one for one in added if one.to is not None or one.duration is not None]
    components += [
        [
            *_stamped("RECURRENCE-ID", zone, [one.original]),
            *_stamped("DTSTART", zone, [one.shown]),
            f"DURATION:{Period(exact=one.duration or series.duration)}",
        ]
        for one in sorted([*of_kind[OverrideKind.MOVED], *changed], key=lambda one: one.original)
    ]
    shared = list(extra)
    lines = [line for part in components for line in ("BEGIN:VEVENT", *shared, *part, "END:VEVENT")]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """Fold at 75 octets; the lines here are ASCII, and the caller's own are folded by character, never inside one."""
    parts, rest, room = [], line, 75
    while len(rest.encode()) > room:
        size = room
        while len(rest[:size].encode()) > room:
            size -= 1
        parts.append(rest[:size])
        rest, room = rest[size:], 74
    return "\r\n ".join([*parts, rest])


def series_from_ical(text: str, *, zone: str | None = None) -> Series:
    """Read one series from VEVENT components (or its bare property lines).

    `zone` stands in where DTSTART is in UTC or floating; a named TZID wins. EXDATE, RDATE and RECURRENCE-ID may be in
    any zone or UTC, a date means that whole day. Properties that say nothing about time are left alone.

    Raises:
        InvalidValue: a typed code naming the property: more than one rule, EXRULE, THISANDFUTURE, too much text.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise InvalidValue(f"give at most {MAX_TEXT} characters", field="text", code=Code.TOO_LARGE)
    master: list[_Line] | None = None
    moves: list[list[_Line]] = []
    for part in _components(text):
        if any(line.name == "RECURRENCE-ID" for line in part):
            moves.append(part)
        elif master is None:
            master = part
        else:
            raise InvalidValue("give one series at a time", field="VEVENT")
    if master is None:
        raise InvalidValue("there is no series in the text", field="VEVENT")
    series = _plain(master, zone)
    dates = _values(master, "EXDATE")
    if len(dates) + len(moves) > MAX_OVERRIDES:
        raise InvalidValue(f"give at most {MAX_OVERRIDES} exceptions", field="EXDATE", code=Code.TOO_LARGE)
    found = {one.original: one for one in _extras(series, master)}
    found |= {one.original: one for one in (_move(series, part) for part in moves)}
    # A deletion beats everything else with the same identity.
    found |= {
        wall: Override(original=wall, kind=OverrideKind.EXCLUDED)
        for line, value in dates
        for wall in _walls(series, line, value)
    }
    return replace(series, overrides=tuple(found.values()))


def _components(text: str) -> Iterator[list[_Line]]:
    """The property lines of each VEVENT; nested components (alarms) are passed over."""
    part: list[_Line] = []
    depth = 0
    for raw in _UNFOLD.sub("", text).splitlines():
        head, _, value = raw.partition(":")
        name, *params = head.split(";")
        name = name.strip().upper()
        if name in ("BEGIN", "END"):
            kind = value.strip().upper()
            if kind in ("VEVENT", "VCALENDAR"):
                if part:
                    yield part
                part = []
            else:
                depth += 1 if name == "BEGIN" else -1
        elif depth == 0 and name:
            named = {key.upper(): given for key, _, given in (param.partition("=") for param in params)}
            if named.get("RANGE"):
                raise InvalidValue("THISANDFUTURE is not read: split the series", field="RECURRENCE-ID")
            zone = named.get("TZID")
            part.append(_Line(name, zone and zone.replace('"', ""), value.strip()))
    if part:
        yield part


def _values(lines: Iterable[_Line], name: str) -> list[tuple[_Line, str]]:
    return [(line, value) for line in lines if line.name == name for value in line.value.split(",") if value]


def _one(lines: Iterable[_Line], name: str) -> _Line | None:
    found = [line for line in lines if line.name == name]
    if len(found) > 1:
        raise invalid(f"{name} is given more than once", name)
    return found[0] if found else None


def _when(line: _Line, value: str) -> date | datetime:
    """A value as it means: a date, a floating time, or an instant."""
    found = parse_stamp(value, line.name, Code.INVALID_VALUE)
    if isinstance(found, datetime) and found.tzinfo is None and line.zone is not None:
        return found.replace(tzinfo=find_zone(line.zone, line.name))
    return found


def _plain(lines: list[_Line], zone: str | None) -> Series:
    start, rule = _one(lines, "DTSTART"), _one(lines, "RRULE")
    if start is None or rule is None or _one(lines, "EXRULE") is not None:
        raise invalid("a series has one DTSTART and one RRULE, and no EXRULE", "RRULE")
    name = start.zone or zone
    when = parse_stamp(start.value, "DTSTART", Code.INVALID_VALUE)
    if not isinstance(when, datetime):
        raise InvalidValue("whole days are no appointments: give a time", field="DTSTART")
    if when.tzinfo is not None:
        name = name or "UTC"
        when = when.astimezone(find_zone(name)).replace(tzinfo=None)
    if name is None:
        raise InvalidValue("the start floats: name a zone", field="DTSTART", code=Code.UNKNOWN_ZONE)
    parsed = parse_rule(rule.value, "RRULE")
    if isinstance(parsed.until, datetime) and parsed.until.tzinfo is not None:
        parsed = replace(parsed, until=parsed.until.astimezone(find_zone(name)).replace(tzinfo=None))
    return Series(start=when, zone=name, duration=_lasting(lines, when, name), rule=parsed)


def _lasting(lines: list[_Line], start: datetime, zone: str) -> timedelta:
    length, end = _one(lines, "DURATION"), _one(lines, "DTEND")
    if length is not None:
        period = Period.parse(length.value, "DURATION")
        return timedelta(days=period.days) + period.exact
    if end is None:
        raise InvalidValue("give DTEND or DURATION", field="DURATION", code=Code.INVALID_DURATION)
    until = _when(end, end.value)
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.min)
    key = find_zone(zone)
    return (until if until.tzinfo else until.replace(tzinfo=key)).astimezone(UTC) - start.replace(
        tzinfo=key
    ).astimezone(UTC)


def _walls(series: Series, line: _Line, value: str) -> list[datetime]:
    """The identities that an exception from outside means: of its several readings, one that the rule produces."""
    when = _when(line, value)
    if isinstance(when, datetime) and when.tzinfo is find_zone(series.zone):
        # A time on the series' own clock means itself, also where the clocks skip it onto another occurrence.
        named = when.replace(tzinfo=None)
        if series._plan.produces(seconds_of(named)):
            return [named]
    meant = series._meant(when)
    produced = [wall for wall in meant if series._plan.produces(wall)]
    return [wall_of(wall) for wall in produced or meant[:1]]


def _extras(series: Series, lines: list[_Line]) -> Iterator[Override]:
    for line, value in _values(lines, "RDATE"):
        start, _, end = value.partition("/")
        # A period ends by a time, or by how long it takes.
        length = [_Line("DURATION" if end.startswith("P") else "DTEND", line.zone, end)]
        for wall in _walls(series, line, start):
            if not series._plan.produces(seconds_of(wall)):
                yield _added(series, wall, _lasting(length, wall, series.zone) if end else None)


def _added(series: Series, wall: datetime, duration: timedelta | None) -> Override:
    own = None if duration == series.duration else duration
    return Override(original=wall, kind=OverrideKind.ADDED, duration=own)


def _move(series: Series, lines: list[_Line]) -> Override:
    identity, start = _one(lines, "RECURRENCE-ID"), _one(lines, "DTSTART")
    if identity is None or start is None:
        raise InvalidValue("a moved occurrence has one RECURRENCE-ID and one DTSTART", field="RECURRENCE-ID")
    walls = _walls(series, identity, identity.value)
    if not walls:
        raise InvalidValue("the series has nothing that day", field="RECURRENCE-ID", code=Code.NO_SUCH_INSTANCE)
    to = _when(start, start.value)
    if not isinstance(to, datetime):
        raise InvalidValue("give the new time, not only a day", field="DTSTART")
    if to.tzinfo is not None:
        to = to.astimezone(find_zone(series.zone)).replace(tzinfo=None)
    given = any(line.name in ("DURATION", "DTEND") for line in lines)
    duration = _lasting(lines, to, series.zone) if given else None
    kind = OverrideKind.MOVED if series._plan.produces(seconds_of(walls[0])) else OverrideKind.ADDED
    return Override(original=walls[0], kind=kind, to=to, duration=None if duration == series.duration else duration)
