"""`Series`: a rule on a wall clock in one zone, with its exceptions; every question is about a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, Literal, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.build import build
from oasys_sched.recurrence.overrides import (
    Occurrence,
    Override,
    OverrideKind,
    check_duration,
    check_identity,
    check_wall,
)
from oasys_sched.recurrence.plan import Found, Plan, prepared
from oasys_sched.recurrence.rule import Frequency, Rule, invalid
from oasys_sched.recurrence.zone_table import (
    DAY,
    seconds_of,
    utc_seconds,
    wall_of,
)
from oasys_sched.times import Span, find_zone

if TYPE_CHECKING:
    from oasys_sched.recurrence.editing import ExceptionPolicy, SeriesSplit

__all__ = ["Series"]

MAX_OVERRIDES: Final = 5000


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
    _plan: Plan = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_wall(self.start, "start")
        check_duration(self.duration)
        if not isinstance(self.rule, Rule):
            raise invalid("give a Rule, such as Rule.every(weeks=1) or Rule.parse('FREQ=WEEKLY')", "rule")
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

    def _prepared(self) -> Plan:
        return prepared(
            self.rule,
            self.start,
            find_zone(self.zone),
            self.duration,
            self.overrides,
            keeps_skipped=self.gap == "shift",
            clamps=self.month_end == "clamp",
        )

    def occurrences(self, within: Span) -> tuple[Occurrence, ...]:
        """List the occurrences that start inside a span, in order; a moved one is found by its new time.

        Raises:
            InvalidValue: `too_large` when an open series would give more than 50,000.
        """
        return self.built(self.placed(within))

    def all(self) -> tuple[Occurrence, ...]:
        """List every occurrence of a series that ends.

        Raises:
            InvalidValue: `end_required` for an open one.
        """
        return self.built(self.placed())

    def placed(self, within: Span | None = None) -> Found:
        """The occurrences of a span, or all, as integers: for whoever weighs many and builds few.

        Raises:
            InvalidValue: as `occurrences` and `all`.
        """
        plan = self._plan
        if within is not None:
            # Occurrences start on whole seconds: a part of one at the window's start is past already.
            return plan.between(within.first + (within.start.microsecond > 0), within.last)
        if self.rule.is_open:
            raise invalid("an open series has no last occurrence: ask for a window", "rule", Code.END_REQUIRED)
        instants = [one.instant for one in plan.special]
        low = min(plan.pattern.start_wall, *instants, plan.end)
        return plan.between(low - DAY, max(plan.end, *instants, low) + DAY)

    def built(self, found: Found) -> tuple[Occurrence, ...]:
        """Build the occurrences that `placed` found, in order."""
        return build(found, self.duration)

    @property
    def last_start(self) -> datetime | None:
        """The wall-clock start of the rule's last occurrence, before exceptions; None for an open series."""
        last = None if self.rule.is_open else self._plan.last_before(self._plan.end)
        return None if last is None else wall_of(last)

    def counts_beyond(self, most: int) -> bool:
        """Tell whether the rule has more than so many occurrences, exceptions aside. O(min(count, most))."""
        if self.rule.count is not None:
            return self.rule.count > most
        return next(islice(self._walls(), most, None), None) is not None

    def _walls(self) -> Iterator[int]:
        plan = self._plan
        return takewhile(lambda wall: wall < plan.end, plan.pattern.each())

    def left_out(self) -> tuple[date, ...]:
        """List the months that lack the asked day and so have no occurrence, by their first day (A35).

        Only for monthly series that end; a series that clamps leaves none out.
        """
        plan = self._plan
        if self.rule.frequency is not Frequency.MONTHLY or self.rule.is_open:
            return ()
        last = wall_of(plan.end - 1)
        # To the end of the last month: one that ends before its day comes does not lack it.
        over = seconds_of(datetime(last.year + last.month // 12, last.month % 12 + 1, 1))  # noqa: DTZ001 - a wall
        walls = plan.pattern.walls(plan.pattern.start_wall, over)
        have = {(when.year, when.month) for when in map(wall_of, walls)}
        first, step = self.start.year * 12 + self.start.month - 1, self.rule.interval
        months = (divmod(index, 12) for index in range(first, last.year * 12 + last.month, step))
        return tuple(
            date(year, month + 1, 1)
            for year, month in months
            if (year, month + 1) not in have and (not self.rule.by_month or month + 1 in self.rule.by_month)
        )

    def _repr_html_(self) -> str:
        """Show a notebook the rule in words and the first occurrences."""
        from oasys_sched.recurrence.shown import series_table

        return series_table(self)

    @property
    def orphans(self) -> tuple[Override, ...]:
        """Exceptions whose original the rule does not produce (any more); they change nothing."""
        return tuple(
            one
            for one in self.overrides
            if one.kind is not OverrideKind.ADDED and not self._plan.produces(seconds_of(one.original))
        )

    def find(self, original: date | datetime) -> Occurrence | None:
        """Find an occurrence by its identity: a local time, an instant in any zone, or a date (its first)."""
        for wall in self._meant(original):
            for one in self._plan.special:
                if one.wall == wall:
                    return self._at(one.instant, wall)
            if wall not in self._plan.gone and self._plan.produces(wall):
                return self._at(self._plan.table.instant(wall), wall)
        return None

    def _at(self, instant: int, wall: int) -> Occurrence:
        here = self.built(self._plan.between(instant, instant + 1))
        return next(one for one in here if seconds_of(one.original_start) == wall)

    def _meant(self, original: date | datetime) -> tuple[int, ...]:
        """Every wall that an identity from outside can mean."""
        check_identity(original)
        if not isinstance(original, datetime):
            low = seconds_of(datetime.combine(original, time.min))
            plan = self._plan
            added = (one.wall for one in plan.special if low <= one.wall < low + DAY)
            return (*plan.pattern.walls(low, min(low + DAY, plan.end)), *added)
        if original.tzinfo is not None:
            return self._plan.table.walls(utc_seconds(original))
        return (seconds_of(original),)

    def without(self, original: date | datetime) -> Series:
        """Delete one occurrence, or all of a date; the others stay, and none is made up for it (A48).

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
