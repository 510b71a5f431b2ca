"""A recurrence rule as a value: what repeats, how often, until when. It knows no start and no zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.weekday import NthWeekday, Weekday

__all__ = ["Frequency", "Rule", "Skip"]

MAX_INTERVAL: Final = 1000
MAX_COUNT: Final = 5000
MAX_LIST: Final = 64
MAX_TIMES_A_DAY: Final = 288


class Frequency(StrEnum):
    """The period that repeats; anything shorter than a day is refused."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Skip(StrEnum):
    """What becomes of a date that does not exist, such as 31 April (RFC 7529)."""

    OMIT = "OMIT"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"


# field -> (lowest, highest, may be negative); zero is legal only where the lowest is 0.
_RANGES: Final[dict[str, tuple[int, int, bool]]] = {
    "by_month": (1, 12, False),
    "by_month_day": (1, 31, True),
    "by_year_day": (1, 366, True),
    "by_week_no": (1, 53, True),
    "by_hour": (0, 23, False),
    "by_minute": (0, 59, False),
    "by_second": (0, 59, False),
    "by_set_pos": (1, 366, True),
}
# RFC 5545 3.3.10: parts that make no sense below their own period.
_ONLY_WITH: Final[dict[str, tuple[Frequency, ...]]] = {
    "by_year_day": (Frequency.YEARLY,),
    "by_week_no": (Frequency.YEARLY,),
    "by_month_day": (Frequency.DAILY, Frequency.MONTHLY, Frequency.YEARLY),
}
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def invalid(message: str, field: str, code: Code = Code.INVALID_PATTERN) -> InvalidValue:
    """Name what is wrong with a rule."""
    return InvalidValue(message, field=field, code=code)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How often something repeats (RFC 5545 3.3.10, without anything below a day).

    `until` is inclusive: a date means to the end of that local day, a naive datetime is local, an aware one is kept
    in UTC. Neither `until` nor `count` means open. Lists are kept sorted and without repeats.

    Raises:
        InvalidValue: `invalid_pattern`, `end_ambiguous`, `invalid_end` or `too_many_occurrences`, naming the field.

    >>> str(Rule.parse("FREQ=WEEKLY;BYDAY=TH,MO;INTERVAL=2;COUNT=12"))
    'FREQ=WEEKLY;COUNT=12;INTERVAL=2;BYDAY=MO,TH'
    """

    frequency: Frequency
    interval: int = 1
    by_day: tuple[NthWeekday, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    week_start: Weekday = Weekday.MON
    skip: Skip = Skip.OMIT
    count: int | None = None
    until: date | datetime | None = None

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "frequency", Frequency(self.frequency))
        except ValueError:
            raise invalid("repeat daily, weekly, monthly or yearly", "frequency") from None
        if not _is_whole(self.interval) or not 1 <= self.interval <= MAX_INTERVAL:
            raise invalid(f"repeat every 1 to {MAX_INTERVAL} periods", "interval")
        self._check_end()
        if len(self.by_day) > MAX_LIST:
            raise invalid(f"give at most {MAX_LIST} weekdays", "by_day")
        object.__setattr__(self, "by_day", tuple(sorted(set(self.by_day), key=NthWeekday.sort_key)))
        for field, (low, high, negative) in _RANGES.items():
            object.__setattr__(self, field, _numbers(getattr(self, field), field, low, high, negative=negative))
        self._check_parts()

    def _check_end(self) -> None:
        if self.count is not None and self.until is not None:
            raise invalid("give an end date or a number of occurrences, not both", "count", Code.END_AMBIGUOUS)
        if self.count is not None:
            if not _is_whole(self.count) or self.count < 1:
                raise invalid("a series has at least one occurrence", "count", Code.INVALID_END)
            if self.count > MAX_COUNT:
                raise invalid(f"give at most {MAX_COUNT} occurrences", "count", Code.TOO_MANY_OCCURRENCES)
        if self.until is not None:
            if not isinstance(self.until, date):
                raise invalid("give the end as a date or datetime", "until", Code.INVALID_END)
            if isinstance(self.until, datetime):
                whole = self.until.replace(microsecond=0)
                if whole.tzinfo is not None:
                    try:
                        whole = whole.astimezone(UTC)
                    except OverflowError:
                        raise invalid("give an end between the years 1 and 9999", "until", Code.INVALID_END) from None
                object.__setattr__(self, "until", whole)

    def _check_parts(self) -> None:
        for field, allowed in _ONLY_WITH.items():
            if getattr(self, field) and self.frequency not in allowed:
                raise invalid(f"cannot be combined with {self.frequency.lower()} repetition", field)
        if any(day.nth for day in self.by_day):
            if self.frequency not in (Frequency.MONTHLY, Frequency.YEARLY) or self.by_week_no:
                raise invalid("numbered weekdays need a month or year to count in", "by_day")
            within_month = self.frequency is Frequency.MONTHLY or self.by_month
            if within_month and not any(day.nth is None or abs(day.nth) <= 5 for day in self.by_day):
                raise invalid("no month has more than five of a weekday", "by_day")
        if self.by_set_pos and not any(
            (self.by_day, self.by_month_day, self.by_month, self.by_year_day, self.by_week_no, *self.clock)
        ):
            raise invalid("positions pick from other parts: give weekdays, days or months too", "by_set_pos")
        if self.times_a_day > MAX_TIMES_A_DAY:
            raise invalid(f"give at most {MAX_TIMES_A_DAY} times a day", "by_minute")
        if self.skip is Skip.OMIT and self.by_month_day:
            longest = max((_LONGEST[month - 1] for month in self.by_month), default=31)
            if all(abs(day) > longest for day in self.by_month_day):
                raise invalid("none of these months has such a day", "by_month_day")

    @property
    def clock(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Hours, minutes and seconds named by the rule itself; usually empty, since the start gives the time."""
        return (self.by_hour, self.by_minute, self.by_second)

    @property
    def times_a_day(self) -> int:
        """How many times one day can hold."""
        hours, minutes, seconds = (max(1, len(part)) for part in self.clock)
        return hours * minutes * seconds

    @property
    def is_open(self) -> bool:
        """Whether the rule has neither an end date nor a count."""
        return self.count is None and self.until is None

    @classmethod
    def every(
        cls,
        *,
        days: int | None = None,
        weeks: int | None = None,
        months: int | None = None,
        years: int | None = None,
        on: Iterable[str] = (),
        days_of_month: Iterable[int] = (),
        in_months: Iterable[int] = (),
        positions: Iterable[int] = (),
        week_start: str = "mon",
        until: date | datetime | None = None,
        count: int | None = None,
    ) -> Rule:
        """Say in words what repeats: one of `days`, `weeks`, `months`, `years`, and on which days.

        `on` takes weekdays ('mon'), numbered within the month or year ('2nd tue', 'last fri'); `days_of_month` counts
        from the end when negative. "Biweekly" is `weeks=2`, every 14 days (S10).

        Raises:
            InvalidValue: `invalid_pattern`, `end_ambiguous`, `invalid_end` or `too_many_occurrences`.

        >>> Rule.every(weeks=2, on=("mon", "thu"), count=12).describe()
        'every 2 weeks on Monday and Thursday, 12 times'
        >>> str(Rule.every(months=1, on=("last fri",)))
        'FREQ=MONTHLY;BYDAY=-1FR'
        """
        given = {
            frequency: interval
            for frequency, interval in zip(Frequency, (days, weeks, months, years), strict=True)
            if interval is not None
        }
        if len(given) != 1:
            raise invalid("give exactly one of days, weeks, months or years", "every")
        ((frequency, interval),) = given.items()
        return cls(
            frequency=frequency,
            interval=interval,
            by_day=tuple(NthWeekday.parse(day) for day in ([on] if isinstance(on, str) else on)),
            by_month_day=tuple(days_of_month),
            by_month=tuple(in_months),
            by_set_pos=tuple(positions),
            week_start=Weekday.parse(week_start, "week_start"),
            until=until,
            count=count,
        )

    @classmethod
    def parse(cls, text: str, field: str = "rule") -> Rule:
        """Read RFC 5545 text such as 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=12'; time linear in the text, at most 4 kB.

        Raises:
            InvalidValue: a typed code, naming `field` or the offending part.
        """
        from oasys_sched.recurrence.rfc5545 import parse_rule

        return parse_rule(text, field)

    def __repr__(self) -> str:
        return f"Rule.parse({str(self)!r})"

    def __str__(self) -> str:
        from oasys_sched.recurrence.rfc5545 import rule_text

        return rule_text(self)

    def describe(self) -> str:
        """Say the rule in English, as 'every 2 weeks on Monday and Thursday, 12 times'."""
        from oasys_sched.recurrence.describe import describe

        return describe(self)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(values: tuple[int, ...], field: str, low: int, high: int, *, negative: bool) -> tuple[int, ...]:
    if len(values) > MAX_LIST:
        raise invalid(f"give at most {MAX_LIST} values", field)
    for value in values:
        if not _is_whole(value) or not low <= (abs(value) if negative else value) <= high:
            raise invalid(f"give numbers from {low} to {high}{', or negative from the end' * negative}", field)
    return tuple(sorted(set(values), key=lambda value: (value < 0, value)))
