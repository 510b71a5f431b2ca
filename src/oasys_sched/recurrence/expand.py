"""`expand`: a rule as text in, its first occurrences as text out; what `oasys-sched expand` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.engine import LAST_WALL, Pattern, pattern
from oasys_sched.recurrence.rfc5545 import parse_rule
from oasys_sched.recurrence.rule import Rule, invalid
from oasys_sched.recurrence.zone_table import DAY, EPOCH_UTC, seconds_of, utc_seconds, wall_of, zone_table
from oasys_sched.times import find_zone

__all__ = ["Expansion", "ExpandedOccurrence", "end_wall", "expand", "read_time"]

MAX_LIMIT: Final = 10_000
MAX_LISTED: Final = 10_000


class ExpandedOccurrence(TypedDict):
    """One occurrence: the local start as shown on the clock, and its instant where a zone is given."""

    start: str
    utc: str | None


class Expansion(TypedDict):
    """The answer of `expand`."""

    occurrences: list[ExpandedOccurrence]


def read_time(text: object, field: str) -> date | datetime:
    """Read ISO 8601: a date, a local time, or a time with an offset or Z.

    Raises:
        InvalidValue: naming `field`.
    """
    if isinstance(text, str) and len(text) <= 40:
        try:
            if len(text) <= 10:
                return date.fromisoformat(text)
            return datetime.fromisoformat(text).replace(microsecond=0)
        except ValueError:
            pass
    raise InvalidValue("give ISO 8601 such as '2026-03-05T15:00:00' or '2026-03-05'", field=field)


def end_wall(rule: Rule, zone: ZoneInfo | None) -> int:
    """The first wall after an `until`: local and inclusive, a date to the end of its day, UTC turned local."""
    until = rule.until
    if until is None:
        return LAST_WALL
    if not isinstance(until, datetime):
        return seconds_of(datetime.combine(until, time.min)) + DAY
    if until.tzinfo is not None and zone is not None:
        try:
            until = until.astimezone(zone)
        except OverflowError:
            return LAST_WALL
    return seconds_of(until.replace(tzinfo=None)) + 1


class _Clock:
    """How the times of one request become walls: with a zone, floating, or whole days."""

    def __init__(self, zone: ZoneInfo | None, *, whole_days: bool) -> None:
        self.zone = zone
        self.table = zone_table(zone) if zone is not None else None
        self.whole_days = whole_days

    def walls(self, when: date | datetime) -> tuple[int, ...]:
        """Every wall that a given time can mean; a date means midnight."""
        if not isinstance(when, datetime):
            return (seconds_of(datetime.combine(when, time.min)),)
        if when.tzinfo is not None and self.table is not None:
            return self.table.walls(utc_seconds(when))
        wall = seconds_of(when.replace(tzinfo=None))
        return (wall // DAY * DAY if self.whole_days else wall,)

    def shown(self, wall: int) -> tuple[int, ExpandedOccurrence]:
        """The sort key and the text of one occurrence."""
        if self.whole_days:
            return wall, {"start": wall_of(wall).date().isoformat(), "utc": None}
        if self.table is None or self.zone is None:
            return wall, {"start": wall_of(wall).isoformat(), "utc": None}
        instant = self.table.instant(wall)
        when = EPOCH_UTC + timedelta(0, instant)
        local = when.astimezone(self.zone).replace(tzinfo=None)
        return instant, {"start": local.isoformat(), "utc": f"{when.replace(tzinfo=None).isoformat()}Z"}


def _rule_walls(found: Pattern, end: int) -> Iterator[int]:
    """The rule's walls up to its own end, COUNT before exceptions."""
    count = found.rule.count
    for place, wall in enumerate(found.each()):
        if wall >= end or place == count:
            return
        yield wall


def _soonest(clock: _Clock, walls: Iterator[int], limit: int) -> dict[int, ExpandedOccurrence]:
    """The first `limit` instants of ascending walls, by instant, and perhaps a few more.

    A gap brings two walls to one instant, or one past later ones of its day (A34).
    """
    found: dict[int, ExpandedOccurrence] = {}
    for wall in walls:
        found.update([clock.shown(wall)])
        if len(found) == limit:
            found.update(map(clock.shown, takewhile((wall + DAY).__gt__, walls)))
            break
    return found


def _kept(clock: _Clock, exclude: Sequence[str]) -> Callable[[int], bool]:
    """Whether a wall survives the exclusions: times exactly, dates by their whole day."""
    gone: set[int] = set()
    days_gone: set[int] = set()
    for index, text in enumerate(exclude):
        when = read_time(text, f"exclude.{index}")
        (gone if isinstance(when, datetime) else days_gone).update(clock.walls(when))
    return lambda wall: wall not in gone and wall // DAY * DAY not in days_gone


def expand(
    start: str,
    zone: str | None,
    rule: str,
    exclude: Sequence[str] = (),
    add: Sequence[str] = (),
    limit: int = 10,
) -> Expansion:
    """List the first `limit` occurrences of an RFC 5545 rule, as text in and text out.

    `start` is a local ISO time, or a date for whole days; `zone` an IANA name, or None for a floating clock. `exclude`
    and `add` take local times, times with an offset, or dates (a date excludes its whole day). Excluding beats adding;
    COUNT counts before both. A start outside its rule is not listed. Cost: the occurrences listed, and a jump over any
    stretch without.

    Raises:
        InvalidValue: naming the field: `start`, `zone`, `rule...`, `exclude.N`, `add.N` or `limit`.

    >>> expand("2026-03-07T02:30:00", "America/New_York", "FREQ=DAILY;COUNT=3")["occurrences"][1]
    {'start': '2026-03-08T03:30:00', 'utc': '2026-03-08T07:30:00Z'}
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise InvalidValue(f"give a limit from 1 to {MAX_LIMIT}", field="limit", code=Code.OUT_OF_RANGE)
    for field, listed in (("exclude", exclude), ("add", add)):
        if len(listed) > MAX_LISTED:
            raise InvalidValue(f"give at most {MAX_LISTED} times", field=field, code=Code.TOO_LARGE)
    found_zone = None if zone is None else find_zone(zone)
    first = read_time(start, "start")
    if isinstance(first, datetime) and first.tzinfo is not None:
        raise InvalidValue("give the start as local time; its zone is the field beside it", field="start")
    parsed = parse_rule(rule)
    whole_days = not isinstance(first, datetime)
    if whole_days and any(parsed.clock):
        raise invalid("whole days have no times of day", "rule")
    wall_start = first if isinstance(first, datetime) else datetime.combine(first, time.min)
    clock = _Clock(found_zone, whole_days=whole_days)
    found = pattern(parsed, wall_start)
    end = end_wall(parsed, found_zone)
    if found_zone is not None:
        # A zone's offset must not carry an instant out of the calendar.
        end = min(end, LAST_WALL - 2 * DAY)
        if wall_start.toordinal() < 3:
            raise InvalidValue("give a start after the calendar's first days", field="start", code=Code.OUT_OF_RANGE)
    if end <= found.start_wall:
        raise invalid("the end is before the start", "rule.UNTIL", Code.INVALID_END)
    if found.first_from(found.start_wall) is None:
        raise invalid("this rule never comes true", "rule")
    kept = _kept(clock, exclude)
    extra = sorted({clock.walls(read_time(text, f"add.{index}"))[0] for index, text in enumerate(add)})
    by_instant = _soonest(clock, filter(kept, _rule_walls(found, end)), limit)
    by_instant.update(map(clock.shown, filter(kept, extra)))
    return {"occurrences": [by_instant[key] for key in sorted(by_instant)[:limit]]}
