"""What a series works out once, in integers, so that no query ever counts or walks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.engine import Pattern, pattern
from oasys_sched.recurrence.expand import end_wall
from oasys_sched.recurrence.overrides import Override, OverrideKind
from oasys_sched.recurrence.rule import Rule, Skip, invalid
from oasys_sched.recurrence.zone_table import DAY, EPOCH, ZoneTable, seconds_of, utc_seconds, wall_of, zone_table

__all__ = ["Found", "Plan", "Special", "prepared"]

MAX_RESULT: Final = 50_000
# Times after this year's end are refused everywhere in the library.
LIMIT_WALL: Final = (date(2200, 1, 1).toordinal() - EPOCH.toordinal()) * DAY


# A named tuple without the Python frame of its constructor.
_NEW: Final = tuple.__new__


class Special(NamedTuple):
    """A moved or extra occurrence, placed by its new instant."""

    instant: int
    wall: int
    duration: timedelta
    adjusted: bool
    moved: bool


class Found(NamedTuple):
    """The occurrences of a window: the rule's own by instant and wall, the walls a gap moved, and the special ones.

    `even` says that one offset holds for all of them, `daily` that they share a time of day.
    """

    instants: Sequence[int]
    walls: Sequence[int]
    adjusted: Sequence[int]
    special: Sequence[Special]
    even: bool
    daily: bool


class Plan(NamedTuple):
    """A prepared series: no occurrence of the rule at or after wall `end`, none of its own at a wall in `gone`."""

    pattern: Pattern
    table: ZoneTable
    end: int
    gone: frozenset[int]
    special: tuple[Special, ...]
    keeps_skipped: bool

    def between(self, low: int, high: int) -> Found:
        """The occurrences that start at instants in `[low, high)`. O(the window and the exceptions in it).

        Raises:
            InvalidValue: `too_large`, before anything is listed.
        """
        found, table, end, gone, special, _ = self
        known = table.covering(low, high)
        # Offsets are below a day, so these are all that matter to the window.
        first, last = bisect_right(known.bounds, low - DAY), bisect_right(known.bounds, high + DAY)
        if first == last:
            offset = known.offsets[first]
            low_wall, high_wall = low + offset, high + offset
        else:
            offsets = known.offsets[first : last + 1]
            low_wall, high_wall = low + min(offsets), high + max(offsets)
        low_wall, high_wall = max(low_wall, found.start_wall), min(high_wall, end)
        if (high_wall - low_wall) * found.density > MAX_RESULT * DAY:
            raise InvalidValue(f"more than {MAX_RESULT} occurrences: ask for less", field="within", code=Code.TOO_LARGE)
        walls = found.walls(low_wall, high_wall)
        if gone and not gone.isdisjoint(walls):
            walls = [wall for wall in walls if wall not in gone]
        here = special[bisect_left(special, (low,)) : bisect_left(special, (high,))] if special else ()
        if first == last:
            if isinstance(walls, range):
                instants: Sequence[int] = range(walls.start - offset, walls.stop - offset, walls.step)
            else:
                instants = [wall - offset for wall in walls]
            return _NEW(Found, (instants, walls, (), here, True, found.once))
        instants, adjusted = table.instants(walls)
        if adjusted:
            pairs = sorted(zip(instants, walls, strict=True))
            if not self.keeps_skipped:
                pairs = [pair for pair in pairs if pair[1] not in adjusted]
            instants, walls = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        begin, stop = bisect_left(instants, low), bisect_left(instants, high)
        return Found(instants[begin:stop], walls[begin:stop], adjusted, here, False, found.once)

    def produces(self, wall: int) -> bool:
        """Whether the rule itself has an occurrence at a wall, exceptions aside."""
        if wall >= self.end or wall not in self.pattern:
            return False
        return self.keeps_skipped or not self.table.instants((wall,))[1]

    def counted_before(self, wall: int) -> int:
        """How many occurrences the rule counts before a wall; closed form where they are evenly spaced."""
        found = self.pattern
        if found.step is not None and self.keeps_skipped:
            return max(0, -((found.start_wall - wall) // found.step))
        walls = found.walls(found.start_wall, wall)
        return len(walls) - (0 if self.keeps_skipped else len(self.table.instants(walls)[1]))

    def last_before(self, wall: int) -> int | None:
        """The rule's last wall before another, or None."""
        last = self.pattern.last_before(wall)
        while last is not None and not self.produces(last):
            last = self.pattern.last_before(last)
        return last


def prepared(
    rule: Rule,
    start: datetime,
    zone: ZoneInfo,
    duration: timedelta,
    overrides: Sequence[Override],
    *,
    keeps_skipped: bool,
    clamps: bool,
) -> Plan:
    """Work out a series' end and the places of its exceptions. O(exceptions), and O(count) without a closed form.

    Raises:
        InvalidValue: `invalid_end`, or `invalid_pattern` when the start is not one of the rule's days.
    """
    table = zone_table(zone)
    found = pattern(replace(rule, skip=Skip.BACKWARD) if clamps else rule, start)
    end = min(end_wall(rule, zone), LIMIT_WALL)
    if end <= found.start_wall:
        raise invalid("the series ends before it starts", "rule", Code.INVALID_END)
    if found.start_wall not in found:
        first = found.first_from(found.start_wall)
        hint = "nothing ever comes" if first is None else f"the next day that is: {wall_of(first).isoformat()}"
        raise invalid(f"the start is not one of the rule's own days; {hint}", "start")
    if rule.count is not None:
        last = found.nth(rule.count, LIMIT_WALL) if keeps_skipped else _last_unskipped(found, table, rule.count)
        if last is None:
            raise invalid("so many occurrences would run past the year 2199", "rule", Code.INVALID_END)
        end = last + 1
    gone = frozenset(seconds_of(one.original) for one in overrides)
    plan = Plan(found, table, end, gone, (), keeps_skipped)
    special = [
        _placed(one, table, zone, duration)
        for one in overrides
        # An orphan (its original is no longer produced) changes nothing, and is reported by `orphans`.
        if one.kind is OverrideKind.ADDED
        or (one.kind is OverrideKind.MOVED and plan.produces(seconds_of(one.original)))
    ]
    return plan._replace(special=tuple(sorted(special)))


def _placed(one: Override, table: ZoneTable, zone: ZoneInfo, duration: timedelta) -> Special:
    shown = seconds_of(one.shown)
    (instant,), adjusted = table.instants((shown,))
    if one.shown.fold:
        instant = utc_seconds(one.shown.replace(tzinfo=zone))
    moved = one.kind is OverrideKind.MOVED
    return Special(instant, seconds_of(one.original), one.duration or duration, bool(adjusted), moved)


def _last_unskipped(found: Pattern, table: ZoneTable, count: int) -> int | None:
    for wall in takewhile(LIMIT_WALL.__gt__, found.each()):
        count -= not table.instants((wall,))[1]
        if count == 0:
            return wall
    return None
