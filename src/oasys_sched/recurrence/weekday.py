"""The seven weekdays, alone or numbered within a month or year: 'mon', 'MO', '2nd tue', 'last fri'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = ["NthWeekday", "Weekday"]


class Weekday(StrEnum):
    """A day of the week; `.number` counts from Monday as 0."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday, as `date.weekday()`."""
        return _NUMBER[self]

    @property
    def ical(self) -> str:
        """The two capitals of iCalendar, as 'MO'."""
        return self.value[:2].upper()

    @property
    def full(self) -> str:
        """The English name."""
        return _FULL[self]

    @classmethod
    def parse(cls, text: str, field: str = "weekday") -> Weekday:
        """Read 'mon', 'Monday' or 'MO'.

        Raises:
            InvalidValue: `invalid_pattern`, naming `field`.
        """
        found = _BY_NAME.get(text.strip().lower()) if isinstance(text, str) else None
        if found is None:
            raise InvalidValue(
                "unknown weekday: give 'mon' ... 'sun', 'Monday' or 'MO'", field=field, code=Code.INVALID_PATTERN
            )
        return found


WEEK: Final = tuple(Weekday)
_NUMBER: Final = {day: number for number, day in enumerate(WEEK)}
_FULL: Final = dict(
    zip(WEEK, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_BY_NAME: Final = {name: day for day in WEEK for name in (day.value, day.ical.lower(), _FULL[day].lower())}

_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "last": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "2nd last": -2,
    "second last": -2,
    "3rd last": -3,
}
_ICAL: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII | re.IGNORECASE)


@final
@dataclass(frozen=True, slots=True)
class NthWeekday:
    """A weekday; with `nth` the nth of its month or year, counted from the end when negative.

    Raises:
        InvalidValue: `invalid_pattern` when `nth` is 0 or beyond 53.

    >>> str(NthWeekday.parse("2nd tue")), str(NthWeekday.parse("-1FR")), str(NthWeekday.parse("Monday"))
    ('2TU', '-1FR', 'MO')
    """

    day: Weekday
    nth: int | None = None

    def __post_init__(self) -> None:
        if self.nth is not None and not 1 <= abs(self.nth) <= 53:
            raise InvalidValue("number weekdays 1 to 53, or -1 to -53", field="by_day", code=Code.INVALID_PATTERN)

    @classmethod
    def parse(cls, text: str, field: str = "on") -> NthWeekday:
        """Read 'mon', '2nd tue', 'last friday', '2TU' or '-1FR'.

        Raises:
            InvalidValue: `invalid_pattern`, naming `field`.
        """
        if not isinstance(text, str):
            return cls(Weekday.parse(text, field))
        found = _ICAL.fullmatch(text)
        if found is not None:
            number, name = found.groups()
            return cls(Weekday.parse(name), int(number) if number else None)
        ordinal, _, name = text.strip().lower().rpartition(" ")
        nth = _ORDINALS.get(ordinal)
        if ordinal and nth is None:
            raise InvalidValue(
                "give weekdays as 'mon', '2nd tue' or 'last fri'", field=field, code=Code.INVALID_PATTERN
            )
        return cls(Weekday.parse(name, field), nth)

    def __str__(self) -> str:
        return f"{self.nth or ''}{self.day.ical}"

    def sort_key(self) -> tuple[int, int]:
        """Order by weekday, then by number; plain stands between those from the end and the others."""
        return (self.day.number, self.nth or 0)
