"""VEVENTs as busy time: series, exceptions, moved occurrences, and what does not block (RFC 5545 3.6.1, 3.8.4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, final

from oasys_sched.adapters.busy import BusyTime, FreeBusy, interval, malformed, too_large
from oasys_sched.adapters.ics_recurrence import Expander
from oasys_sched.adapters.ics_text import Component
from oasys_sched.adapters.ics_values import (
    Clock,
    Clocks,
    Moment,
    read_duration,
    read_moment,
    read_moments,
    read_periods,
    read_sequence,
)
from oasys_sched.times import Span

__all__ = ["read_events"]

_FARTHEST: Final = timedelta(days=400)
_MOST_VERSIONS: Final = 64
_DAY: Final = timedelta(days=1)
_FIRST: Final = datetime.combine(date.min, time.min)
_LAST: Final = datetime.combine(date.max, time.max)

_OUTLOOK: Final = {
    "FREE": None,
    "WORKINGELSEWHERE": None,
    "TENTATIVE": FreeBusy.TENTATIVE,
    "BUSY": FreeBusy.BUSY,
    "OOF": FreeBusy.UNAVAILABLE,
}


@final
@dataclass(frozen=True, slots=True)
class _Event:
    """One VEVENT: when it starts, how long it lasts (nominal days, then exact time), how firmly."""

    start: Moment
    days: int
    exact: timedelta
    kind: FreeBusy | None
    component: Component
    original: Moment | None
    onwards: bool
    rank: tuple[int, str]

    @property
    def number(self) -> int:
        """The line it begins on, for error messages."""
        return self.component.number

    @property
    def longest(self) -> timedelta:
        """At least the time from its start to its end."""
        return timedelta(days=self.days + 1) + self.exact

    def at(self, wall: datetime, shift: timedelta = timedelta(0)) -> BusyTime | None:
        """Return the busy time of an occurrence that starts at a wall time, moved by `shift`; None if it takes none."""
        if self.kind is None:
            return None
        clock = self.start.clock
        try:
            start = clock.to_utc(wall + shift)
            end = clock.to_utc(wall + shift + timedelta(days=self.days)) + self.exact
        except OverflowError:
            raise malformed("no such date or time", f"{self.component.name}, line {self.number}") from None
        return interval(start, max(start, end), self.kind, "VEVENT")


def read_events(
    components: list[Component],
    within: Span,
    clocks: Clocks,
    floating: Clock,
    ours: Callable[[str], bool],
    expander: Expander,
) -> Iterator[BusyTime]:
    """Yield the busy times of all events around a window; the caller counts and clips them."""
    families: dict[str, list[_Event]] = {}
    for index, component in enumerate(components):
        uid = component.one("UID")
        if uid is not None and ours(uid.value):
            continue
        # An event without a name is related to no other.
        family = families.setdefault(uid.value if uid else f"\0{index}", [])
        family.append(_event(component, clocks, floating))
    for family in families.values():
        moved = _latest(family)
        masters = [event for event in family if event.original is None]
        turns = sum(event.onwards for event, _original in moved)
        if max(len(masters), turns) > _MOST_VERSIONS:
            raise too_large(f"at most {_MOST_VERSIONS} versions of one event", f"VEVENT, line {family[0].number}")
        for master in masters:
            yield from _series(master, moved, within, clocks, floating, expander)
        if not masters:
            yield from _present(event.at(event.start.wall) for event, _original in moved)


def _present(times: Iterable[BusyTime | None]) -> Iterator[BusyTime]:
    return (one for one in times if one is not None)


def _latest(family: Iterable[_Event]) -> list[tuple[_Event, Moment]]:
    """Return moved occurrences with their originals; of several versions of one the last counts (RFC 5546 2.1.5)."""
    found: dict[tuple[datetime, bool], tuple[_Event, Moment]] = {}
    for event, original in ((event, event.original) for event in family if event.original is not None):
        key = (original.instant, event.onwards)
        if key not in found or found[key][0].rank <= event.rank:
            found[key] = (event, original)
    return list(found.values())


def _event(component: Component, clocks: Clocks, floating: Clock) -> _Event:
    line = component.one("DTSTART")
    if line is None:
        raise malformed("an event without DTSTART", f"{component.name}, line {component.number}")
    start = read_moment(line, clocks, floating)
    days, exact = _length(component, start, clocks, floating)
    original = component.one("RECURRENCE-ID")
    stamp = component.one("DTSTAMP")
    return _Event(
        start=start,
        days=days,
        exact=exact,
        kind=_kind(component),
        component=component,
        original=None if original is None else read_moment(original, clocks, floating),
        onwards=original is not None and (original.parameter("RANGE") or "").upper() == "THISANDFUTURE",
        rank=(read_sequence(component.one("SEQUENCE")), stamp.value if stamp else ""),
    )


def _length(component: Component, start: Moment, clocks: Clocks, floating: Clock) -> tuple[int, timedelta]:
    end, duration = component.one("DTEND"), component.one("DURATION")
    if end is None and duration is None:
        return (1, timedelta(0)) if start.whole_day else (0, timedelta(0))
    if end is None or duration is not None:
        if end is not None or duration is None:
            raise malformed("DTEND and DURATION exclude each other", f"{component.name}, line {component.number}")
        return read_duration(duration.value, duration.where)
    until = read_moment(end, clocks, floating)
    if start.whole_day and until.whole_day:
        days, exact = (until.wall - start.wall).days, timedelta(0)
    else:
        days, exact = 0, until.instant - start.instant
        if exact < timedelta(0) and until.clock == start.clock:
            exact = until.wall - start.wall  # a start in the skipped hour moves forward, past its own end
    if days < 0 or exact < timedelta(0):
        raise malformed("the end lies before the start", end.where)
    return days, exact


def _kind(component: Component) -> FreeBusy | None:
    """Tell how firmly an event blocks; None when it does not (A12)."""
    if component.name == "AVAILABLE":
        return FreeBusy.FREE
    status, shown, outlook = (
        (line.value.strip().upper() if (line := component.one(name)) else "")
        for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    )
    if status == "CANCELLED" or shown == "TRANSPARENT":
        return None
    if outlook in _OUTLOOK:
        return _OUTLOOK[outlook]
    return FreeBusy.TENTATIVE if status == "TENTATIVE" else FreeBusy.BUSY


def _series(
    master: _Event,
    moved: list[tuple[_Event, Moment]],
    within: Span,
    clocks: Clocks,
    floating: Clock,
    expander: Expander,
) -> Iterator[BusyTime]:
    """Yield an event's occurrences around a window, each as the last word on it says."""
    clock = master.start.clock
    gone = _Exceptions(master, clocks, floating, expander)
    # From each of these originals on, every later occurrence moves by the same difference (RFC 5545 3.8.4.4).
    stretches = [(_FIRST, master, timedelta(0))]
    for event, original in moved:
        wall = clock.to_wall(original.instant)
        if event.onwards:
            shift = clock.to_wall(event.start.instant) - wall
            stretches.append((wall, replace(event, start=master.start), shift))
        else:
            gone.moved(original, wall)
            yield from _present([event.at(event.start.wall)])
    stretches.sort(key=lambda stretch: stretch[0])
    ends = [begins for begins, _event, _shift in stretches[1:]] + [_LAST]
    for (begins, event, shift), end in zip(stretches, ends, strict=True):
        if abs(shift) > _FARTHEST or (event.longest > _FARTHEST and gone.repeats):
            raise too_large(f"longer, or moved, by over {_FARTHEST.days} days", f"VEVENT, line {master.number}")
        window = (
            clock.to_wall(within.start) - min(event.longest, _FARTHEST) - shift - _DAY,
            clock.to_wall(within.end) - shift + _DAY,
        )
        for wall in gone.starts(*window):
            if begins <= wall < end:
                yield from _present([event.at(wall, shift)])
    yield from _present(
        interval(start.instant, end.instant, master.kind, "RDATE") for start, end in gone.periods if master.kind
    )


@final
class _Exceptions:
    """What an event's rule, RDATE and EXDATE make of its starts, as wall times on the event's clock."""

    def __init__(self, master: _Event, clocks: Clocks, floating: Clock, expander: Expander) -> None:
        clock, component = master.start.clock, master.component
        self._start = master.start
        self._expander = expander
        most = expander.limits.intervals
        self._rule = component.one("RRULE")
        self._extra: set[datetime] = {master.start.wall}
        self._without: set[datetime] = set()
        self._without_days: set[date] = set()
        self.periods: list[tuple[Moment, Moment]] = []
        for line in component.every("RDATE"):
            if line.parameter("VALUE") == "PERIOD":
                self.periods += read_periods(line, clocks, floating, most)
            else:
                found = read_moments(line, clocks, floating, most)
                self._extra.update(clock.to_wall(moment.instant) for moment in found)
        for line in component.every("EXDATE"):
            for moment in read_moments(line, clocks, floating, most):
                self.moved(moment, clock.to_wall(moment.instant))

    def moved(self, original: Moment, wall: datetime) -> None:
        """Leave out an original start; a date stands for its whole day."""
        if original.whole_day:
            self._without_days.add(original.wall.date())
        else:
            self._without.add(wall)

    @property
    def repeats(self) -> bool:
        """Whether there is more than one occurrence to look for."""
        return self._rule is not None or len(self._extra) > 1

    def starts(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield the original starts: those of the rule in `[first, last)`, and all others."""
        found = self._extra
        if self._rule is not None:
            found = found.union(self._expander.starts(self._rule, self._start, first, last))
        return (wall for wall in found if wall not in self._without and wall.date() not in self._without_days)
