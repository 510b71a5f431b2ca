"""What differs from the rule, keyed by the original wall-clock start: deletions, moves, extras (JSCalendar's shape)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Span

__all__ = ["Occurrence", "Override", "OverrideKind", "check_identity", "check_wall"]


class OverrideKind(StrEnum):
    """Deleted, moved, or extra."""

    EXCLUDED = "excluded"
    MOVED = "moved"
    ADDED = "added"


def check_wall(value: datetime, field: str) -> None:
    """Refuse what is no naive wall-clock time between 1970 and 2200.

    Raises:
        InvalidValue: `invalid_value` or `out_of_range`.
    """
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise InvalidValue("give a naive wall-clock time; the zone is the series' own", field=field)
    if not 1970 <= value.year < 2200:
        raise InvalidValue("give a time between 1970 and 2200", field=field, code=Code.OUT_OF_RANGE)


def check_duration(value: timedelta, field: str = "duration") -> None:
    """Refuse a duration that is not between a second and 31 days.

    Raises:
        InvalidValue: `invalid_duration`.
    """
    if not isinstance(value, timedelta) or not timedelta(seconds=1) <= value <= timedelta(days=31):
        raise InvalidValue("give a duration above zero, at most 31 days", field=field, code=Code.INVALID_DURATION)


def check_identity(value: date | datetime, field: str = "original") -> None:
    """Refuse what names no occurrence: anything but a date or a datetime.

    Raises:
        InvalidValue: `invalid_value`.
    """
    if not isinstance(value, date):
        raise InvalidValue("say which by its date, or by its original start", field=field)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One exception: `original` is the identity and never changes; `to` is the new wall-clock start of a moved one.

    Raises:
        InvalidValue: when the parts contradict each other.
    """

    original: datetime
    kind: OverrideKind
    to: datetime | None = None
    duration: timedelta | None = None

    def __post_init__(self) -> None:
        check_wall(self.original, "original")
        object.__setattr__(self, "original", self.original.replace(microsecond=0, fold=0))
        object.__setattr__(self, "kind", OverrideKind(self.kind))
        if self.to is not None:
            check_wall(self.to, "to")
        if self.duration is not None:
            check_duration(self.duration)
        changed = self.to is not None or self.duration is not None
        if self.kind is OverrideKind.EXCLUDED and changed:
            raise InvalidValue("a deleted occurrence has no time", field="to")
        if self.kind is OverrideKind.MOVED and not changed:
            raise InvalidValue("say where to, or how long", field="to")

    @property
    def shown(self) -> datetime:
        """The wall-clock start it has now."""
        return self.to or self.original


class Occurrence(NamedTuple):
    """One occurrence: `starts_at` in UTC, its identity `original_start` on the wall clock, and what became of it.

    `adjusted` says that the wall-clock time does not exist that day and moved forward by the gap (A34); `moved` that
    somebody moved it. A named tuple, because a clinic's week holds thousands and this is the cheapest typed value.
    """

    starts_at: datetime
    original_start: datetime
    duration: timedelta
    adjusted: bool = False
    moved: bool = False

    @property
    def ends_at(self) -> datetime:
        """The end: duration elapses (A34)."""
        return self.starts_at + self.duration

    @property
    def span(self) -> Span:
        """The time it takes."""
        return Span(self.starts_at, self.ends_at)
