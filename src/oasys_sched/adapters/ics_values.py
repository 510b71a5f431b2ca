"""The values of iCalendar properties: dates, times in any zone, durations, offsets, periods (RFC 5545 3.3)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock_time
from typing import Final, Protocol, final
from zoneinfo import ZoneInfo

from oasys_sched.adapters.busy import malformed, too_large
from oasys_sched.adapters.ics_text import Line
from oasys_sched.adapters.zone_names import known_zone
from oasys_sched.times import wall_to_utc

__all__ = [
    "UTC_CLOCK",
    "Clock",
    "Clocks",
    "IanaClock",
    "Moment",
    "TransitionClock",
    "read_duration",
    "read_moment",
    "read_moments",
    "read_offset",
    "read_periods",
    "read_sequence",
]

_FIRST_YEAR: Final = 1600
_FOREVER: Final = datetime.combine(date(9998, 12, 31), clock_time.min)
_STAMP: Final = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_DURATION: Final = re.compile(
    r"([+-]?)P(?:(\d{1,5})W|(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?)", re.ASCII
)
_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)


class Clock(Protocol):
    """What a wall-clock time means: instants both ways."""

    def to_utc(self, wall: datetime, /) -> datetime:
        """Return the instant of a naive local time."""
        ...

    def to_wall(self, when: datetime, /) -> datetime:
        """Return the naive local time of an instant."""
        ...


@final
@dataclass(frozen=True, slots=True)
class IanaClock:
    """The clock of a zone of the database."""

    zone: ZoneInfo

    def to_utc(self, wall: datetime, /) -> datetime:
        """Skipped times move forward, repeated ones take the first."""
        return wall_to_utc(wall, self.zone)

    def to_wall(self, when: datetime, /) -> datetime:
        """Return the naive local time of an instant."""
        return when.astimezone(self.zone).replace(tzinfo=None)


@final
@dataclass(frozen=True, slots=True)
class TransitionClock:
    """The clock of a zone that a feed defines itself: its changes as (instant, offset after), ascending."""

    before: timedelta
    changes: tuple[tuple[datetime, timedelta], ...]

    def to_utc(self, wall: datetime, /) -> datetime:
        """Skipped times move forward, repeated ones take the first."""
        offset = self.before
        for instant, after in self.changes:
            # A wall time belongs to the new offset once it is past the change on both readings.
            if wall < instant.replace(tzinfo=None) + max(offset, after):
                break
            offset = after
        return wall.replace(tzinfo=timezone(offset)).astimezone(UTC)

    def to_wall(self, when: datetime, /) -> datetime:
        """Return the naive local time of an instant."""
        index = bisect_right(self.changes, when, key=lambda change: change[0])
        offset = self.changes[index - 1][1] if index else self.before
        return when.astimezone(timezone(offset)).replace(tzinfo=None)


UTC_CLOCK: Final = IanaClock(ZoneInfo("UTC"))

Clocks = Callable[[str], Clock | None]


@final
@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time as a feed wrote it: the wall time, the clock it is on, and whether it is a whole day."""

    wall: datetime
    clock: Clock
    whole_day: bool

    @property
    def instant(self) -> datetime:
        """The instant meant; of a whole day, its first."""
        return self.clock.to_utc(self.wall)


def read_moment(line: Line, clocks: Clocks, floating: Clock) -> Moment:
    """Read one DATE or DATE-TIME with its TZID; a floating one is on the `floating` clock."""
    (found,) = read_moments(line, clocks, floating, most=1)
    return found


def read_moments(line: Line, clocks: Clocks, floating: Clock, most: int) -> list[Moment]:
    """Read a comma-separated list of dates and times."""
    parts, clock = _listed(line, clocks, floating, most)
    return [_moment(part.strip(), clock, line) for part in parts]


def read_periods(line: Line, clocks: Clocks, floating: Clock, most: int) -> list[tuple[Moment, Moment]]:
    """Read a comma-separated list of periods, `start/end` or `start/duration`, as two moments each."""
    parts, clock = _listed(line, clocks, floating, most)
    return [_period(part, clock, line) for part in parts]


def _listed(line: Line, clocks: Clocks, floating: Clock, most: int) -> tuple[list[str], Clock]:
    """Return the values of a line, and the clock they are on."""
    parts = line.value.strip().split(",", most)
    if len(parts) > most:
        raise too_large(f"at most {most} values", line.where)
    name = line.parameter("TZID")
    return parts, floating if name is None else _clock(name, clocks, line)


def _period(text: str, clock: Clock, line: Line) -> tuple[Moment, Moment]:
    first, slash, last = (part.strip() for part in text.partition("/"))
    start = _moment(first, clock, line)
    if not slash:
        raise malformed("expected a period such as 20260305T150000Z/PT50M", line.where)
    if not last.lstrip("+-").startswith("P"):
        return start, _moment(last, clock, line)
    days, exact = read_duration(last, line.where)
    try:
        end = start.clock.to_utc(start.wall + timedelta(days=days)) + exact
        return start, Moment(end.replace(tzinfo=None), UTC_CLOCK, False)
    except OverflowError:
        raise malformed("no such date or time", line.where) from None


def _clock(name: str, clocks: Clocks, line: Line) -> Clock:
    zone = known_zone(name)
    found = IanaClock(zone) if zone is not None else clocks(name)
    if found is None:
        raise malformed("unknown time zone", line.where)
    return found


def _moment(text: str, clock: Clock, line: Line) -> Moment:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise malformed("expected a date or a time such as 20260305T150000Z", line.where)
    day, time, utc = found.groups()
    if line.parameter("VALUE") == "DATE" and time is not None:
        raise malformed("expected a date such as 20260305", line.where)
    try:
        # "Until 9999" means for ever; that year is not whole in every zone.
        wall = min(_wall(day, time or "000000"), _FOREVER)
    except ValueError:
        raise malformed("no such date or time", line.where) from None
    if wall.year < _FIRST_YEAR:
        raise malformed("a date before 1600", line.where)
    return Moment(wall, UTC_CLOCK if utc else clock, time is None)


def _wall(day: str, time: str) -> datetime:
    # A leap second is read as the second before it.
    second = 59 if time[4:] == "60" else int(time[4:])
    return datetime.combine(
        date(int(day[:4]), int(day[4:6]), int(day[6:])), clock_time(int(time[:2]), int(time[2:4]), second)
    )


def read_duration(text: str, where: str) -> tuple[int, timedelta]:
    """Read a DURATION as nominal days and exact time."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        raise malformed("expected a duration such as PT50M", where)
    if found.group(1) == "-":
        raise malformed("a duration that runs backwards", where)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    nominal = weeks * 7 + days
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if nominal > 73_000 or exact > timedelta(days=73_000):
        raise malformed("a duration of over 200 years", where)
    return nominal, exact


def read_sequence(line: Line | None) -> int:
    """Read a SEQUENCE; without one it is 0."""
    if line is None:
        return 0
    text = line.value.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise malformed("expected a whole number", line.where)
    return int(text)


def read_offset(line: Line) -> timedelta:
    """Read a TZOFFSETFROM or TZOFFSETTO."""
    found = _OFFSET.fullmatch(line.value.strip())
    if found is None:
        raise malformed("expected an offset such as -0500", line.where)
    sign, hours, minutes, seconds = found.groups()
    size = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if size >= timedelta(hours=24):
        raise malformed("an offset of a day or more", line.where)
    return -size if sign == "-" else size
