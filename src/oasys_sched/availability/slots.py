"""Bookable slots: a lazy sequence of runs, in which no slot exists until it is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Final, NamedTuple, final, overload

from oasys_sched.availability._days import floor_seconds, zone_days
from oasys_sched.availability.allowed import Bookable, Question, Run, ceil_seconds, check_window
from oasys_sched.availability.diary import Diary
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.times import Span, find_zone

__all__ = ["Slot", "Slots", "bookable_slots"]

NO_LIMITS: Final = BookingPolicy()


class Slot(NamedTuple):
    """A start and an end that could be booked, aware, in the zone they are shown in."""

    starts_at: datetime
    ends_at: datetime


@final
class Slots(Sequence[Slot]):
    """Slots in order of start. Length, truth, membership and per-day counts build no slot.

    Costs: `len` O(runs) once, then O(1); index and `in` O(log runs); iteration O(slots).
    """

    __slots__ = ("_counts", "_duration", "_runs", "_step", "_zone")

    def __init__(self, runs: tuple[Run, ...], *, step: int, duration: int, zone: str) -> None:
        self._runs = runs
        self._step = step
        self._duration = duration
        self._zone = zone
        self._counts: list[int] | None = None

    @property
    def zone(self) -> str:
        """The IANA zone the slots are shown in."""
        return self._zone

    def in_zone(self, zone: str) -> Slots:
        """Return the same slots, shown in another zone (the client's)."""
        find_zone(zone)
        return Slots(self._runs, step=self._step, duration=self._duration, zone=zone)

    def _totals(self) -> list[int]:
        if self._counts is None:
            step = self._step
            self._counts = list(accumulate((run.stop - run.first + step - 1) // step for run in self._runs))
        return self._counts

    def __len__(self) -> int:
        totals = self._totals()
        return totals[-1] if totals else 0

    def __bool__(self) -> bool:
        return bool(self._runs)

    @overload
    def __getitem__(self, index: int) -> Slot: ...
    @overload
    def __getitem__(self, index: slice) -> list[Slot]: ...
    def __getitem__(self, index: int | slice) -> Slot | list[Slot]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        size = len(self)
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError("no such slot")
        totals = self._totals()
        rank = bisect_right(totals, at)
        return self._slot(self._runs[rank].first + (at - (totals[rank - 1] if rank else 0)) * self._step)

    def _slot(self, second: int) -> Slot:
        zone = find_zone(self._zone)
        return Slot(datetime.fromtimestamp(second, zone), datetime.fromtimestamp(second + self._duration, zone))

    def _seconds(self) -> Iterator[int]:
        for run in self._runs:
            yield from range(run.first, run.stop, self._step)

    def __iter__(self) -> Iterator[Slot]:
        zone, length = find_zone(self._zone), self._duration
        build = partial(tuple.__new__, Slot)
        shown = datetime.fromtimestamp
        for second in self._seconds():
            yield build((shown(second, zone), shown(second + length, zone)))

    def __contains__(self, when: object) -> bool:
        """Tell whether a slot, or a slot that starts at an instant, is among these."""
        if isinstance(when, Slot):
            return when.starts_at in self and when.ends_at - when.starts_at.astimezone(UTC) == self.duration
        if not isinstance(when, datetime) or when.utcoffset() is None or when.microsecond:
            return False
        second = floor_seconds(when)
        rank = bisect_right(self._runs, second, key=lambda run: run.first) - 1
        if rank < 0:
            return False
        run = self._runs[rank]
        return second < run.stop and (second - run.first) % self._step == 0

    @property
    def duration(self) -> timedelta:
        """How long each slot lasts."""
        return timedelta(seconds=self._duration)

    def first(self, count: int) -> list[Slot]:
        """Return at most that many of the earliest slots."""
        found: list[Slot] = []
        for second in self._seconds():
            if len(found) >= count:
                break
            found.append(self._slot(second))
        return found

    def per_day(self) -> dict[date, int]:
        """Return how many slots start on each local date that has any, in order."""
        days = zone_days(self._zone)
        counts: dict[date, int] = {}
        for first, stop, _ in self._runs:
            at = first
            while at < stop:
                ordinal = days.ordinal(at)
                until = min(stop, max(days.instant(ordinal + 1, 0), at + 1))
                number = (until - at + self._step - 1) // self._step
                day = date.fromordinal(ordinal)
                counts[day] = counts.get(day, 0) + number
                at += number * self._step
        return counts

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Slots):
            return NotImplemented
        return (
            self._duration == other._duration
            and self._zone == other._zone
            and len(self) == len(other)
            and all(one == two for one, two in zip(self._seconds(), other._seconds(), strict=True))
        )

    def __hash__(self) -> int:
        return hash((self._duration, self._zone, tuple(self._seconds())))

    def __repr__(self) -> str:
        count = len(self)
        ahead = f", from {self[0].starts_at:%Y-%m-%d %H:%M}" if count else ""
        return f"<{count} slots of {self._duration // 60} min{ahead}, {self._zone}>"


def bookable_slots(
    diary: Diary,
    service: Bookable,
    *,
    within: Span,
    policy: BookingPolicy = NO_LIMITS,
    now: datetime,
    mode: Mode | None = None,
    location: str | None = None,
) -> Slots:
    """List the starts at which a client could book a service (S15, S18, S74, S85, S89, S90, A33, B9, B10).

    A slot belongs to the answer when its start lies in `within`, half-open. `mode` and `location` restrict to the hours
    that serve them. The answer is lazy; it costs O((days + busy) log busy).

    Raises:
        InvalidValue: a naive `now`, or a window of more than 400 days.
    """
    check_window(within)
    question = Question(diary, service, policy, now, mode, location)
    runs = question.runs(ceil_seconds(within.start), ceil_seconds(within.end))
    zone = question.hours.zone if question.hours else "UTC"
    return Slots(tuple(runs), step=question.step, duration=question.duration, zone=zone)
