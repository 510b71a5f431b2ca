"""`Series`: a rule on a wall clock in one zone, with its exceptions; every question is about a window."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import repeat
from operator import contains
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.engine import Pattern, pattern
from oasys_sched.recurrence.expand import end_wall
from oasys_sched.recurrence.overrides import Occurrence, Override, OverrideKind, check_duration, check_wall
from oasys_sched.recurrence.rule import Rule, Skip, invalid
from oasys_sched.recurrence.zone_table import (
    DAY,
    EPOCH,
    EPOCH_UTC,
    ZoneTable,
    seconds_of,
    utc_seconds,
    wall_of,
    zone_table,
)
from oasys_sched.times import Span, find_zone

if TYPE_CHECKING:
    from oasys_sched.recurrence.editing import ExceptionPolicy, SeriesSplit

__all__ = ["Series"]

MAX_OVERRIDES: Final = 5000
MAX_RESULT: Final = 50_000
# Times after this year's end are refused everywhere in the library.
LIMIT_WALL: Final = (date(2200, 1, 1).toordinal() - EPOCH.toordinal()) * DAY


class _Special(NamedTuple):
    """A moved or extra occurrence, placed by its new instant."""

    instant: int
    wall: int
    duration: timedelta
    adjusted: bool
    moved: bool


class _Plan(NamedTuple):
    """What construction works out once, so that no query counts or walks."""

    pattern: Pattern
    table: ZoneTable
    end: int
    gone: frozenset[int]
    special: tuple[_Special, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A recurring event: naive local `start`, one IANA `zone`, `duration` elapsed, a `rule`, and `overrides`.

    The identity of an occurrence is its original wall-clock start, whatever happens to it later. `gap` says what
    becomes of a wall time that a clock change skips: "shift" moves it forward by the gap, "skip" leaves it out and does
    not count it. `month_end` says what becomes of a 31st where there is none: "skip" (RFC 5545), or "clamp" to the
    last day. Building costs O(exceptions), and O(count) where COUNT has no closed form; a query costs O(its window and
    the exceptions in it).

    Raises:
        InvalidValue: `invalid_pattern` when the start is no day of its rule (the message names the next that is) or
            nothing ever comes, `invalid_end`, `invalid_duration`, `unknown_zone`, `too_large`.

    >>> weekly = Series(start=datetime(2026, 3, 5, 15), zone="America/New_York", duration=timedelta(minutes=50),
    ...                 rule=Rule.every(weeks=1, count=2))
    >>> [str(o.starts_at) for o in weekly.all()]
    ['2026-03-05 20:00:00+00:00', '2026-03-12 19:00:00+00:00']
    """

    start: datetime
    zone: str
    duration: timedelta
    rule: Rule
    gap: Literal["shift", "skip"] = "shift"
    month_end: Literal["skip", "clamp"] = "skip"
    overrides: tuple[Override, ...] = ()
    _plan: _Plan = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_wall(self.start, "start")
        check_duration(self.duration)
        if self.gap not in ("shift", "skip"):
            raise InvalidValue("give 'shift' or 'skip'", field="gap")
        if self.month_end not in ("skip", "clamp"):
            raise InvalidValue("give 'skip' or 'clamp'", field="month_end")
        if len(self.overrides) > MAX_OVERRIDES:
            raise InvalidValue(
                f"a series has at most {MAX_OVERRIDES} exceptions", field="overrides", code=Code.TOO_LARGE
            )
        object.__setattr__(self, "start", self.start.replace(microsecond=0, fold=0))
        by_original = {one.original: one for one in self.overrides}
        if len(by_original) < len(self.overrides):
            raise InvalidValue("an occurrence has at most one exception", field="overrides")
        object.__setattr__(self, "overrides", tuple(by_original[key] for key in sorted(by_original)))
        object.__setattr__(self, "_plan", self._prepared())

    def _prepared(self) -> _Plan:
        zone = find_zone(self.zone)
        table = zone_table(zone)
        rule = replace(self.rule, skip=Skip.BACKWARD) if self.month_end == "clamp" else self.rule
        found = pattern(rule, self.start)
        end = min(end_wall(rule, zone), LIMIT_WALL)
        if end <= found.start_wall:
            raise invalid("the series ends before it starts", "rule", Code.INVALID_END)
        if found.start_wall not in found:
            first = found.first_from(found.start_wall)
            hint = "nothing ever comes" if first is None else f"the next day that is: {wall_of(first).isoformat()}"
            raise invalid(f"the start is not one of the rule's own days; {hint}", "start")
        if rule.count is not None:
            end = self._counted_end(found, table, rule.count)
        gone, special = self._exceptions(found, table)
        return _Plan(found, table, end, gone, special)

    def _counted_end(self, found: Pattern, table: ZoneTable, count: int) -> int:
        last = found.nth(count) if self.gap == "shift" else self._last_unskipped(found, table, count)
        if last is None or last >= LIMIT_WALL:
            raise invalid("so many occurrences would run past the year 2199", "rule", Code.INVALID_END)
        return last + 1

    @staticmethod
    def _last_unskipped(found: Pattern, table: ZoneTable, count: int) -> int | None:
        for wall in found.each():
            if wall >= LIMIT_WALL:
                break
            count -= not table.instants((wall,))[1]
            if count == 0:
                return wall
        return None

    def _exceptions(self, found: Pattern, table: ZoneTable) -> tuple[frozenset[int], tuple[_Special, ...]]:
        gone: set[int] = set()
        special: list[_Special] = []
        for one in self.overrides:
            wall = seconds_of(one.original)
            gone.add(wall)
            # An orphan (its original is no longer produced) changes nothing, and is reported by `orphans`.
            if one.kind is OverrideKind.ADDED or (one.kind is OverrideKind.MOVED and wall in found):
                shown = seconds_of(one.shown)
                instant, adjusted = table.instant(shown), bool(table.instants((shown,))[1])
                if one.shown.fold:
                    instant = utc_seconds(one.shown.replace(tzinfo=find_zone(self.zone)))
                special.append(
                    _Special(instant, wall, one.duration or self.duration, adjusted, one.kind is OverrideKind.MOVED)
                )
        return frozenset(gone), tuple(sorted(special))

    def occurrences(self, within: Span) -> tuple[Occurrence, ...]:
        """List the occurrences that start inside a span, in order; a moved one is found by its new time.

        Raises:
            InvalidValue: `too_large` when an open series would give more than 50,000.
        """
        return self._between(utc_seconds(within.start), utc_seconds(within.end))

    def all(self) -> tuple[Occurrence, ...]:
        """List every occurrence of a series that ends.

        Raises:
            InvalidValue: `end_required` for an open one.
        """
        if self.rule.is_open:
            raise invalid("an open series has no last occurrence: ask for a window", "rule", Code.END_REQUIRED)
        plan = self._plan
        instants = [one.instant for one in plan.special]
        low, high = min(instants, default=plan.end), max(instants, default=0)
        return self._between(min(low, plan.pattern.start_wall - DAY), max(high, plan.end + DAY) + 1)

    def _between(self, low: int, high: int) -> tuple[Occurrence, ...]:
        found, table, end, gone, special = self._plan
        known = table.covering(low, high)
        # Offsets are below a day, so these are all that matter to the window.
        first, last = known.segment(low - DAY), known.segment(high + DAY)
        offsets = known.offsets[first : last + 1]
        low_wall, high_wall = max(low + min(offsets), found.start_wall), min(high + max(offsets), end)
        if (high_wall - low_wall) * found.density > MAX_RESULT * DAY:
            raise InvalidValue(f"more than {MAX_RESULT} occurrences: ask for less", field="within", code=Code.TOO_LARGE)
        walls = found.walls(low_wall, high_wall)
        if gone and not gone.isdisjoint(walls):
            walls = [wall for wall in walls if wall not in gone]
        adjusted: list[int] = []
        if first == last:
            offset = offsets[0]
            instants = [wall - offset for wall in walls]
        else:
            every, adjusted = table.instants(walls)
            pairs = [(instant, wall) for instant, wall in zip(every, walls, strict=True) if low <= instant < high]
            if adjusted:
                pairs.sort()
                if self.gap == "skip":
                    pairs = [pair for pair in pairs if pair[1] not in adjusted]
            instants, walls = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        # All of these run in C; a Python loop over the same would take twice as long.
        shifted = map(contains, repeat(adjusted), walls) if adjusted else repeat(False)
        starts = map(EPOCH_UTC.__add__, map(timedelta, repeat(0), instants))
        originals = map(EPOCH.__add__, map(timedelta, repeat(0), walls))
        plain = tuple(map(Occurrence, starts, originals, repeat(self.duration), shifted))
        if not special:
            return plain
        here = special[bisect_left(special, (low,)) : bisect_left(special, (high,))]
        if not here:
            return plain
        placed = (
            Occurrence(EPOCH_UTC + timedelta(0, one.instant), wall_of(one.wall), one.duration, one.adjusted, one.moved)
            for one in here
        )
        return tuple(sorted((*plain, *placed)))

    @property
    def last_start(self) -> datetime | None:
        """The wall-clock start of the rule's last occurrence, before exceptions; None for an open series."""
        if self.rule.is_open:
            return None
        last = self._plan.pattern.last_before(self._plan.end)
        return None if last is None else wall_of(last)

    @property
    def orphans(self) -> tuple[Override, ...]:
        """Exceptions whose original the rule does not produce (any more); they change nothing."""
        plan = self._plan
        return tuple(
            one
            for one in self.overrides
            if one.kind is not OverrideKind.ADDED
            and not (seconds_of(one.original) < plan.end and seconds_of(one.original) in plan.pattern)
        )

    def find(self, original: date | datetime) -> Occurrence | None:
        """Find an occurrence by its identity: a local time, an instant in any zone, or the only one of a date."""
        for wall in self._meant(original):
            for one in self._plan.special:
                if one.wall == wall:
                    return self._at(one.instant, wall)
            if wall not in self._plan.gone and wall < self._plan.end and wall in self._plan.pattern:
                return self._at(self._plan.table.instant(wall), wall)
        return None

    def _at(self, instant: int, wall: int) -> Occurrence | None:
        return next((o for o in self._between(instant, instant + 1) if seconds_of(o.original_start) == wall), None)

    def _meant(self, original: date | datetime) -> tuple[int, ...]:
        """Every wall that an identity from outside can mean."""
        if not isinstance(original, datetime):
            low = seconds_of(datetime.combine(original, time.min))
            plan = self._plan
            added = (one.wall for one in plan.special if low <= one.wall < low + DAY)
            return (*plan.pattern.walls(low, min(low + DAY, plan.end)), *added)
        if original.tzinfo is not None:
            return self._plan.table.walls(utc_seconds(original))
        return (seconds_of(original),)

    def without(self, original: date | datetime) -> Series:
        """Delete one occurrence; the others stay, and none is made up for it (A48).

        Raises:
            InvalidValue: `no_such_instance`, also when it is deleted already.
        """
        from oasys_sched.recurrence import editing

        return editing.without(self, original)

    def moved(self, original: date | datetime, *, to: datetime, duration: timedelta | None = None) -> Series:
        """Move one occurrence, to a local time or an instant; it keeps its identity however often it moves.

        Raises:
            InvalidValue: `no_such_instance`, `nonexistent_local_time`, `invalid_duration`.
        """
        from oasys_sched.recurrence import editing

        return editing.moved(self, original, to, duration)

    def adding(self, when: datetime, *, duration: timedelta | None = None) -> Series:
        """Add one extra occurrence at a local time or an instant; adding a deleted one restores it.

        Raises:
            InvalidValue: `no_change` when there is one already, `nonexistent_local_time`.
        """
        from oasys_sched.recurrence import editing

        return editing.adding(self, when, duration)

    def extended(self, *, until: date | datetime | None = None, count: int | None = None) -> Series:
        """Let it run longer: to a later end, or for ever with neither argument; deletions stay deleted (S81).

        Raises:
            InvalidValue: `already_open_ended`, `not_an_extension`, `end_ambiguous`.
        """
        from oasys_sched.recurrence import editing

        return editing.extended(self, until, count)

    def cut(self, *, before: date | datetime) -> Series | None:
        """End it before an occurrence, which goes too; None when that is the first (S82).

        Raises:
            InvalidValue: `no_such_instance`.
        """
        from oasys_sched.recurrence import editing

        return editing.cut(self, before)

    def split(
        self,
        *,
        at: date | datetime,
        to: datetime | None = None,
        rule: Rule | None = None,
        duration: timedelta | None = None,
        exceptions: ExceptionPolicy = "keep",
    ) -> SeriesSplit:
        """Part it at an occurrence, which begins the second half; with `to`, that half moves by the same wall time.

        The past is never altered: the first half keeps every occurrence and exception before the cut. `exceptions`
        says what becomes of individually moved and extra ones of the second half: "keep" them at their times (A37),
        "shift" them along, "drop" them, or "refuse".

        Raises:
            InvalidValue: `no_such_instance`, `conflict` under "refuse", `invalid_pattern` when the moved half needs a
                new `rule`.
        """
        from oasys_sched.recurrence import editing

        return editing.split(self, at, to=to, rule=rule, duration=duration, exceptions=exceptions)
