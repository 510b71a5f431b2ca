"""Instants, spans, calendar periods, and the one place where a wall clock becomes an instant.

Instants are aware; naive datetimes are refused at every entrance. Spans are half-open. Hours elapse; days, weeks and
months are calendar time (A3). A skipped wall time moves forward by the gap, a repeated one takes the first (A34).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = ["Period", "Span", "WallTime", "as_utc", "find_zone", "local_kind", "require_aware", "wall_to_utc"]

# Seconds are counted from 2010: between 1976 and 2044 they fit CPython's smallest integers, which sort twice as fast.
EPOCH: Final = datetime(2010, 1, 1, tzinfo=UTC)
EPOCH_TIMESTAMP: Final = 1_262_304_000
EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(2199, 12, 31, tzinfo=UTC)


class WallTime(Enum):
    """How often a wall-clock time happens in a zone."""

    ONCE = "once"
    SKIPPED = "skipped"
    TWICE = "twice"


@lru_cache(maxsize=1024)
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)


def find_zone(key: str, field: str = "zone") -> ZoneInfo:
    """Look up an IANA zone by name.

    Raises:
        InvalidValue: `unknown_zone`.
    """
    # A path-like or overlong key makes zoneinfo raise half a dozen exception types; all mean the same to a caller.
    try:
        return _zone(key)
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        raise InvalidValue(
            "unknown time zone: give an IANA name such as 'America/New_York'", field=field, code=Code.UNKNOWN_ZONE
        ) from None


def require_aware(value: datetime, field: str) -> None:
    """Refuse naive datetimes and instants outside 1970 to 2200.

    Raises:
        InvalidValue: `naive_datetime` or `out_of_range`.
    """
    if not isinstance(value, datetime):
        raise InvalidValue("give a timezone-aware datetime", field=field)
    if value.utcoffset() is None:
        raise InvalidValue(
            "naive datetime: attach a zone, as in datetime(..., tzinfo=ZoneInfo('America/New_York'))",
            field=field,
            code=Code.NAIVE_DATETIME,
        )
    if not 1970 <= value.year < 2200:
        raise InvalidValue("give an instant between 1970 and 2200", field=field, code=Code.OUT_OF_RANGE)


def as_utc(value: datetime, field: str) -> datetime:
    """Return the same instant in UTC.

    Raises:
        InvalidValue: `naive_datetime` or `out_of_range`.
    """
    if type(value) is datetime and value.tzinfo is UTC and 1970 <= value.year < 2200:
        return value
    require_aware(value, field)
    return value.astimezone(UTC)


def local_kind(wall: datetime, zone: ZoneInfo) -> WallTime:
    """Tell whether a naive wall-clock time happens once, twice or never in a zone."""
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    if first == second or first is None or second is None:
        return WallTime.ONCE
    return WallTime.SKIPPED if first < second else WallTime.TWICE


def wall_to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Turn a naive wall-clock time into its instant: gaps move forward by the gap, repeats take the first (A34).

    >>> wall_to_utc(datetime(2026, 3, 8, 2, 30), ZoneInfo("America/New_York"))
    datetime.datetime(2026, 3, 8, 7, 30, tzinfo=datetime.timezone.utc)
    """
    # fold=0 reads a skipped time with the offset before the gap, which is the forward shift (RFC 5545 3.3.5).
    return wall.replace(tzinfo=zone, fold=wall.fold if local_kind(wall, zone) is WallTime.TWICE else 0).astimezone(UTC)


@final
@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time `[start, end)`, kept in UTC; touching spans do not overlap.

    Raises:
        InvalidValue: `naive_datetime`, `out_of_range`, or `invalid_range` when the end is not after the start.

    >>> Span(datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=UTC)).duration
    datetime.timedelta(seconds=3600)
    """

    start: datetime
    end: datetime
    # Whole seconds since EPOCH, the start rounded down, the end up: what the slot search works on.
    first: int = field(init=False, repr=False, compare=False)
    last: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start, end = as_utc(self.start, "start"), as_utc(self.end, "end")
        if end <= start:
            raise InvalidValue("the end must be after the start", field="end", code=Code.INVALID_RANGE)
        put = object.__setattr__
        put(self, "start", start)
        put(self, "end", end)
        elapsed = start - EPOCH
        put(self, "first", elapsed.days * 86_400 + elapsed.seconds)
        elapsed = end - EPOCH
        put(self, "last", elapsed.days * 86_400 + elapsed.seconds + (elapsed.microseconds > 0))

    @property
    def duration(self) -> timedelta:
        """Elapsed time."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share an instant; touching is not overlapping."""
        return self.start < other.end and other.start < self.end

    def contains(self, when: datetime) -> bool:
        """Tell whether an instant lies inside; the end does not."""
        return self.start <= when < self.end

    def covers(self, other: Span) -> bool:
        """Tell whether the other span lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


_PERIOD: Final = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An ISO 8601 period: months and days are calendar time in a zone, `exact` elapses (A3).

    So "PT24H" and "P1D" differ on the two days a year when clocks change.

    >>> Period.parse("P1DT2H")
    Period(months=0, days=1, exact=datetime.timedelta(seconds=7200))
    """

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if min(self.months, self.days) < 0 or self.exact < timedelta(0):
            raise InvalidValue("a period is never negative", field="period", code=Code.INVALID_DURATION)
        if self.months > 2400 or self.days > 73_000 or self.exact > timedelta(days=73_000):
            raise InvalidValue("a period is at most 200 years", field="period", code=Code.INVALID_DURATION)

    @classmethod
    def parse(cls, text: str, field: str = "period") -> Period:
        """Read ISO 8601 text such as 'PT24H', 'P3M', 'P1W', 'P1DT12H'.

        Raises:
            InvalidValue: `invalid_duration`, naming `field`.
        """
        found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
        if found is None or not any(found.groupdict().values()) or text.endswith("T"):
            raise InvalidValue(
                "give an ISO 8601 duration such as 'PT24H', 'P1W' or 'P3M'", field=field, code=Code.INVALID_DURATION
            )
        part = {name: int(value or 0) for name, value in found.groupdict().items()}
        try:
            return cls(
                months=part["years"] * 12 + part["months"],
                days=part["weeks"] * 7 + part["days"],
                exact=timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"]),
            )
        except (InvalidValue, OverflowError):
            raise InvalidValue("a period is at most 200 years", field=field, code=Code.INVALID_DURATION) from None

    def __bool__(self) -> bool:
        return bool(self.months or self.days or self.exact)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        seconds = self.exact.days * 86_400 + self.exact.seconds
        hours, rest = divmod(seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        calendar = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return f"P{calendar}{'T' + clock if clock else ''}" if calendar or clock else "PT0S"

    def after(self, when: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant this period after another: calendar parts on the zone's wall clock, then elapsed time."""
        return self._moved(as_utc(when, "when"), zone, 1)

    def before(self, when: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant this period before another: calendar parts on the zone's wall clock, then elapsed time."""
        return self._moved(as_utc(when, "when"), zone, -1)

    def _moved(self, when: datetime, zone: ZoneInfo, sign: int) -> datetime:
        if self.months or self.days:
            wall = when.astimezone(zone).replace(tzinfo=None)
            day = _add_months(wall.date(), sign * self.months) + timedelta(days=sign * self.days)
            when = wall_to_utc(datetime.combine(day, wall.time()), zone)
        # Periods and instants are bounded, so nothing here leaves the years of a datetime.
        moved = when + sign * self.exact
        return moved if EARLIEST <= moved <= LATEST else min(max(moved, EARLIEST), LATEST)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
