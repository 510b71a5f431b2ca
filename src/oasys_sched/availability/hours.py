"""When a clinician works: weekly wall-clock ranges in one zone, possibly by mode and by place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.times import find_zone

__all__ = ["ClockRange", "HoursRange", "Pairs", "Week", "WeeklyHours", "parse_ranges"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAY: Final = 1440
_MOST_RANGES: Final = 48
_LONGEST_KEY: Final = 200


# A day's ranges as (opens, closes) minutes, and a week of them from Monday.
Pairs: TypeAlias = tuple[tuple[int, int], ...]
Week: TypeAlias = tuple[Pairs, ...]


@final
@dataclass(frozen=True, slots=True)
class ClockRange:
    """A wall-clock range of one day in minutes after midnight, half-open; beyond 1440 it runs into the next day.

    >>> ClockRange.parse("22:30-02:00")
    ClockRange(opens=1350, closes=1560)
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < _DAY or not self.opens < self.closes <= self.opens + _DAY:
            raise InvalidValue(
                "give an opening before 24:00 and a close at most 24 hours later",
                field="hours",
                code=Code.INVALID_HOURS,
            )

    @classmethod
    def parse(cls, text: str, field: str = "hours") -> ClockRange:
        """Read 'HH:MM-HH:MM'; '24:00' is legal as an end, and an end at or before the start means the next day."""
        opens, dash, closes = text.strip().partition("-")
        start, end = _minute(opens), _minute(closes)
        if not dash or start is None or end is None or start == _DAY:
            raise InvalidValue("give ranges such as '09:00-12:00, 13:00-17:00'", field=field, code=Code.INVALID_HOURS)
        return cls(start, end if end > start else end + _DAY)

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{_label(self.closes)}"


def _label(minute: int) -> str:
    if minute == _DAY:
        return "24:00"
    return f"{minute % _DAY // 60:02}:{minute % 60:02}"


def _minute(text: str) -> int | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return None
    return hour * 60 + minute


def parse_ranges(text: str, field: str) -> tuple[ClockRange, ...]:
    """Read a day's ranges: '09:00-12:00, 13:00-17:00'; the empty text means closed.

    Raises:
        InvalidValue: `invalid_hours`, naming `field`.
    """
    if not isinstance(text, str) or len(text) > 1000:
        raise InvalidValue("give text such as '09:00-12:00, 13:00-17:00'", field=field, code=Code.INVALID_HOURS)
    return tuple(ClockRange.parse(part, field) for part in text.split(",")) if text.strip() else ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRange:
    """One weekly range: a weekday (0 is Monday), a clock range, and the modes and places it is for (none: all)."""

    weekday: int
    range: ClockRange
    modes: tuple[Mode, ...] = ()
    locations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise InvalidValue("give a weekday from 0 (Monday) to 6 (Sunday)", field="weekday", code=Code.INVALID_HOURS)

    def serves(self, mode: Mode | None, location: str | None) -> bool:
        """Tell whether a booking in this mode at this place may lie in this range; None asks for any."""
        return (mode is None or not self.modes or mode in self.modes) and (
            location is None or not self.locations or location in self.locations
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """The weekly hours of one clinician, in one IANA zone. Ranges that touch or overlap make one window (A33).

    Starts lie in steps from the opening of a window; hours that never close open anew on Mondays.

    >>> hours = WeeklyHours.parse({"mon-fri": "09:00-12:00, 13:00-17:00"}, zone="America/New_York")
    >>> str(hours.ranges[1].range)
    '13:00-17:00'
    """

    zone: str
    ranges: tuple[HoursRange, ...] = ()
    _weeks: dict[tuple[Mode | None, str | None], Week] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        find_zone(self.zone)
        _check_number(self.ranges)
        object.__setattr__(
            self, "ranges", tuple(sorted(self.ranges, key=lambda row: (row.weekday, row.range.opens, row.range.closes)))
        )

    @classmethod
    def parse(
        cls,
        week: Mapping[str, str],
        *,
        zone: str,
        modes: Iterable[Mode | str] = (),
        locations: Iterable[str] = (),
    ) -> WeeklyHours:
        """Read weekday names or ranges of them ('mon', 'mon-fri', 'sat, sun') with a day's ranges each.

        `modes` and `locations` say what the hours are for; put different ones together with `plus`.

        Raises:
            InvalidValue: `invalid_hours` naming `hours.<key>`, `unknown_zone`.
        """
        if not isinstance(week, Mapping):
            raise InvalidValue(
                'give a mapping such as {"mon-fri": "09:00-17:00"}', field="hours", code=Code.INVALID_HOURS
            )
        only, places = tuple(Mode(mode) for mode in modes), tuple(locations)
        rows: list[HoursRange] = []
        for key, text in week.items():
            where = f"hours.{key}"
            days = parse_weekdays(key, where)
            parsed = parse_ranges(text, where)
            rows += [
                HoursRange(weekday=day, range=part, modes=only, locations=places) for day in days for part in parsed
            ]
            _check_number(rows)
        return cls(zone=zone, ranges=tuple(rows))

    def plus(self, other: WeeklyHours) -> WeeklyHours:
        """Return both together: in person here on Mondays, telehealth on Tuesdays."""
        if other.zone != self.zone:
            raise InvalidValue("one schedule has one zone", field="zone", code=Code.INVALID_HOURS)
        return WeeklyHours(zone=self.zone, ranges=self.ranges + other.ranges)

    def serving(self, mode: Mode | None = None, location: str | None = None) -> tuple[HoursRange, ...]:
        """Return the ranges in which a booking of this mode at this place may lie."""
        return tuple(row for row in self.ranges if row.serves(mode, location))

    def week(self, mode: Mode | None = None, location: str | None = None) -> Week:
        """Return the same as minutes, day by day from Monday. Found once for each mode and place."""
        found = self._weeks.get((mode, location))
        if found is None:
            days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
            for row in self.serving(mode, location):
                days[row.weekday].append((row.range.opens, row.range.closes))
            found = self._weeks[mode, location] = tuple(tuple(day) for day in days)
        return found


def _check_number(rows: Sequence[HoursRange]) -> None:
    if len(rows) > 7 * _MOST_RANGES:
        raise InvalidValue(f"give at most {7 * _MOST_RANGES} ranges", field="hours", code=Code.TOO_LARGE)


def parse_weekdays(key: str, field: str) -> tuple[int, ...]:
    """Read 'mon', 'monday', 'mon-fri', 'fri-mon' or a list of them with commas, as 0 (Monday) to 6."""
    days: list[int] = []
    for part in key.lower().split(",") if isinstance(key, str) and len(key) <= _LONGEST_KEY else ():
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        start, end = _weekday(first), _weekday(last if dash else first)
        if start is None or end is None:
            days = []
            break
        days += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    if not days:
        where = field[:_LONGEST_KEY]
        raise InvalidValue("give weekdays such as 'mon', 'mon-fri' or 'sat, sun'", field=where, code=Code.INVALID_HOURS)
    return tuple(sorted(set(days)))


def _weekday(name: str) -> int | None:
    if name in _FULL:
        return _FULL.index(name)
    return (
        WEEKDAYS.index(name[:3]) if name[:3] in WEEKDAYS and _FULL[WEEKDAYS.index(name[:3])].startswith(name) else None
    )
