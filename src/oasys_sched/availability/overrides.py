"""What one date does instead of, or besides, the weekly hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import final

from oasys_sched.availability.hours import ClockRange, parse_ranges
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = ["DateOverride"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DateOverride:
    """Replaces the windows that open on a date, or adds to them; the tail of the evening before stays.

    >>> DateOverride.closed(date(2026, 12, 25)).ranges
    ()
    >>> [str(part) for part in DateOverride.parse(date(2026, 12, 24), "09:00-12:00").ranges]
    ['09:00-12:00']
    """

    on: date
    ranges: tuple[ClockRange, ...] = ()
    extra: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.on, date) or isinstance(self.on, datetime):
            raise InvalidValue("give a date", field="on")
        if not 1970 <= self.on.year < 2200:
            raise InvalidValue("give a date between 1970 and 2200", field="on", code=Code.OUT_OF_RANGE)

    @classmethod
    def closed(cls, on: date) -> DateOverride:
        """Nothing opens on this date."""
        return cls(on=on)

    @classmethod
    def parse(cls, on: date, ranges: str) -> DateOverride:
        """Only these ranges open on this date; the empty text closes it."""
        return cls(on=on, ranges=parse_ranges(ranges, f"overrides.{on}"))

    @classmethod
    def opening(cls, on: date, ranges: str) -> DateOverride:
        """These ranges open on this date besides the weekly ones."""
        return cls(on=on, ranges=parse_ranges(ranges, f"overrides.{on}"), extra=True)
