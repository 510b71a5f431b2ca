"""Bookable slots: a lazy sequence of runs, in which no slot exists until it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple, final, overload

from oasys_sched.availability._days import floor_seconds, zone_days
from oasys_sched.availability.allowed import Bookable, Question, check_window
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.prepared import PreparedDiary
from oasys_sched.availability.starts import RunStarts, Starts
from oasys_sched.markup import escape, html_table
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.times import EPOCH_TIMESTAMP, Span, find_zone

__all__ = ["Slot", "Slots", "bookable_slots"]

NO_LIMITS: Final = BookingPolicy()
DAY: Final = 86_400
# What a notebook shows.
MOST_DAYS: Final = 14
MOST_TIMES: Final = 12


class Slot(NamedTuple):
    """A start and an end that could be booked, aware, in the zone they are shown in."""

    starts_at: datetime
    ends_at: datetime


@lru_cache(maxsize=256)
def _moves(step: int) -> tuple[timedelta, ...]:
    """Return what to add to the first start of a run for every start of one day."""
    return tuple(timedelta(seconds=second) for second in range(0, DAY, step))


@final
class Slots(Sequence[Slot]):
    """Slots in order of start. Length, truth, membership and per-day counts build no slot.

    Costs: `len` O(runs) once, then O(1); index and `in` O(log runs); iteration O(slots).
    """

    __slots__ = ("_duration", "_starts", "_zone")

    def __init__(self, starts: Starts, *, duration: int, zone: str) -> None:
        self._starts = starts
        self._duration = duration
        self._zone = zone

    @property
    def zone(self) -> str:
        """The IANA zone the slots are shown in."""
        return self._zone

    def in_zone(self, zone: str) -> Slots:
        """Return the same slots, shown in another zone (the client's)."""
        find_zone(zone)
        return Slots(self._starts, duration=self._duration, zone=zone)

    def __len__(self) -> int:
        return self._starts.count()

    def __bool__(self) -> bool:
        return self._starts.any()

    @overload
    def __getitem__(self, index: int) -> Slot: ...
    @overload
    def __getitem__(self, index: slice) -> list[Slot]: ...
    def __getitem__(self, index: int | slice) -> Slot | list[Slot]:
        if isinstance(index, slice):
            return [self._slot(self._starts.at(at)) for at in range(*index.indices(len(self)))]
        if index == 0 and self:
            return self._slot(self._starts.at(0))
        size = len(self)
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError("no such slot")
        return self._slot(self._starts.at(at))

    def _slot(self, second: int) -> Slot:
        zone, at = find_zone(self._zone), second + EPOCH_TIMESTAMP
        return Slot(datetime.fromtimestamp(at, zone), datetime.fromtimestamp(at + self._duration, zone))

    def __iter__(self) -> Iterator[Slot]:
        zone, step, length = find_zone(self._zone), self._starts.step, self._duration
        midnights, shown = zone_days(self._zone).midnights, datetime.fromtimestamp
        moves, duration, new, slot = _moves(step), timedelta(seconds=length), tuple.__new__, Slot
        for first, stop in self._starts.runs():
            start = shown(first + EPOCH_TIMESTAMP, zone)
            midnight = midnights[start.toordinal()]
            if midnight is not None and stop + length <= midnight + DAY:
                # No clock changes that day: wall arithmetic on shared timedeltas is exact, and four times as fast.
                for move in moves[: (stop - first + step - 1) // step]:
                    at = start + move
                    # Skips the argument handling of `Slot(...)`.
                    yield new(slot, (at, at + duration))
            else:
                for second in range(first, stop, step):
                    yield self._slot(second)

    def __contains__(self, when: object) -> bool:
        """Tell whether a slot, or a slot that starts at an instant, is among these."""
        if isinstance(when, Slot):
            return when.starts_at in self and when.ends_at - when.starts_at.astimezone(UTC) == self.duration
        if not isinstance(when, datetime) or when.utcoffset() is None or when.microsecond:
            return False
        return self._starts.has(floor_seconds(when))

    @property
    def duration(self) -> timedelta:
        """How long each slot lasts."""
        return timedelta(seconds=self._duration)

    def first(self, count: int) -> list[Slot]:
        """Return at most that many of the earliest slots."""
        return [self._slot(second) for second in islice(self._starts.seconds(), max(count, 0))]

    def per_day(self) -> dict[date, int]:
        """Return how many slots start on each local date that has any, in order."""
        return self._starts.per_day(zone_days(self._zone))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Slots):
            return NotImplemented
        return (self._duration, self._zone) == (other._duration, other._zone) and list(self._starts.seconds()) == list(
            other._starts.seconds()
        )

    def __hash__(self) -> int:
        return hash((self._duration, self._zone, tuple(self._starts.seconds())))

    def _repr_html_(self) -> str:
        """Show a notebook the earliest days; at most 14 of them, with 12 times each."""
        days = self.per_day()
        rows, at = [], 0
        for day, count in islice(days.items(), MOST_DAYS):
            times = [f"{slot.starts_at:%H:%M}" for slot in self[at : at + min(count, MOST_TIMES)]]
            more = f" and {count - MOST_TIMES} more" if count > MOST_TIMES else ""
            rows.append((f"{day:%a %d %b %Y}", " ".join(times) + more))
            at += count
        left = f", the first {MOST_DAYS} of {len(days)} days" if len(days) > MOST_DAYS else ""
        about = f"{len(self)} slots of {self._duration // 60} min{left}, times in {escape(self._zone)}"
        return html_table(("day", "starts"), rows, about)

    def __repr__(self) -> str:
        count = len(self)
        ahead = f", from {self[0].starts_at:%Y-%m-%d %H:%M}" if count else ""
        return f"<{count} slots of {self._duration // 60} min{ahead}, {self._zone}>"


def bookable_slots(
    diary: Diary | PreparedDiary,
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
    plain = diary if isinstance(diary, Diary) else diary.diary
    question = Question(plain, service, policy, now, mode, location)
    # A start in `[start, end)` on whole seconds: both edges round up.
    start, end = within.first + (within.start.microsecond > 0), within.last
    starts: Starts
    if isinstance(diary, Diary):
        starts = RunStarts(question.runs(start, end), question.step)
    else:
        starts = diary.starts(question, start, end)
    return Slots(starts, duration=question.duration, zone=question.hours.zone if question.hours else "UTC")
