"""The ruler of a week's picture: where each local time stands when some days lack an hour or have one twice.

Every day reads by its wall clock, so that 15:00 is one line across the week. An hour that some day has twice gets a row
of its own, which the other days do not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, final

from oasys_sched.calendar.grid import GridDay

__all__ = ["Fault", "Ruler", "faults"]

QUARTER: Final = timedelta(minutes=15)
MINUTE: Final = timedelta(minutes=1)
MIDNIGHT: Final = 1440


@final
@dataclass(frozen=True, slots=True)
class Fault:
    """Minutes of one date's wall clock that are skipped (`twice` False) or repeated: `[start, end)`."""

    date: date
    start: int
    end: int
    twice: bool


def faults(day: GridDay) -> tuple[Fault, ...]:
    """Find a day's skipped and repeated wall times by walking it in quarter hours, and minutes where one changes."""
    if day.duration == timedelta(0):
        return (Fault(day.date, 0, MIDNIGHT, twice=False),)
    zone = day.starts_at.tzinfo
    found = []
    # From a moment before midnight, so that a skipped midnight is seen too.
    at = day.starts_at.astimezone(UTC) - QUARTER
    before = at.astimezone(zone)
    while at < day.ends_at.astimezone(UTC):
        at += QUARTER
        after = at.astimezone(zone)
        shift = _minutes(_offset(after) - _offset(before))
        changed = after
        while shift and _offset(one := (changed.astimezone(UTC) - MINUTE).astimezone(zone)) == _offset(after):
            changed = one
        here = _wall(changed, day.date)
        if shift > 0:
            found.append(Fault(day.date, max(0, here - shift), min(MIDNIGHT, here), twice=False))
        elif shift < 0:
            found.append(Fault(day.date, max(0, here), min(MIDNIGHT, here - shift), twice=True))
        before = after
    return tuple(fault for fault in found if fault.start < fault.end)


def _offset(when: datetime) -> timedelta:
    return when.utcoffset() or timedelta()


def _minutes(length: timedelta) -> int:
    return length.days * 1440 + length.seconds // 60


def _wall(when: datetime, day: date) -> int:
    return (when.date() - day).days * 1440 + when.hour * 60 + when.minute


@final
class Ruler:
    """Places on the ruler, in minutes from the top; `extra` are the repeated stretches that have their own rows."""

    __slots__ = ("extra", "faults")

    def __init__(self, days: Sequence[GridDay]) -> None:
        self.faults = {day.date: faults(day) for day in days}
        stretches = {(f.start, f.end) for found in self.faults.values() for f in found if f.twice}
        self.extra = tuple(sorted(stretches, key=lambda stretch: stretch[1]))

    @property
    def length(self) -> int:
        """Minutes from top to bottom."""
        return MIDNIGHT + sum(end - start for start, end in self.extra)

    def row(self, minute: int) -> int:
        """Return the place of a wall time that is no repetition."""
        return minute + sum(end - start for start, end in self.extra if end <= minute)

    def place(self, when: datetime, day: GridDay) -> int:
        """Return the place of an instant of a day; the end of the day is the bottom."""
        instant = when.astimezone(UTC)
        if instant >= day.ends_at.astimezone(UTC):
            return self.length
        minute = max(0, _wall(when, day.date))
        if when.fold and self._repeated(when, day.date):
            return self._second(minute, day.date)
        return self.row(minute)

    def end(self, when: datetime, day: GridDay) -> int:
        """Return where something ends: after the last minute it has, not where the clock has jumped to."""
        zone = when.tzinfo
        last = (when.astimezone(UTC) - timedelta.resolution).astimezone(zone)
        return self.place(last, day) + 1

    def _repeated(self, when: datetime, day: date) -> bool:
        minute = _wall(when, day)
        return any(fault.twice and fault.start <= minute < fault.end for fault in self.faults[day])

    def _second(self, minute: int, day: date) -> int:
        start, end = next((f.start, f.end) for f in self.faults[day] if f.twice and f.start <= minute < f.end)
        before = sum(e - s for s, e in self.extra if (e, s) < (end, start))
        return end + before + minute - start

    def hours(self) -> list[tuple[int, str]]:
        """Return the places and labels of the hour lines, the repeated hours marked as such."""
        marks = [(self.row(hour * 60), f"{hour:02d}:00") for hour in range(25)]
        for start, end in self.extra:
            before = sum(e - s for s, e in self.extra if (e, s) < (end, start))
            marks.append((end + before, f"{start // 60:02d}:{start % 60:02d} again"))
        return sorted(marks)

    def missing(self, day: date) -> list[tuple[int, int]]:
        """Return the stretches of the ruler that a date does not have."""
        found = self.faults[day]
        skipped = [(self.row(f.start), self.row(f.end - 1) + 1) for f in found if not f.twice]
        own = {(f.start, f.end) for f in found if f.twice}
        for start, end in self.extra:
            if (start, end) not in own:
                before = sum(e - s for s, e in self.extra if (e, s) < (end, start))
                skipped.append((end + before, end + before + end - start))
        return skipped
