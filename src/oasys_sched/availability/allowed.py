"""The set of allowed starts: the one thing that both the listing and the verdict are read from.

Every time-shaped rule is a set of starts. Hours give grids; busy times, buffers and caps give forbidden stretches;
notice, horizon and the query give one range. All in whole UTC seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from oasys_sched.availability._days import ZoneDays, floor_seconds, zone_days
from oasys_sched.availability._windows import Window, WindowSource
from oasys_sched.availability.busy import Busy, BusyKind
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.availability.intervals import merged
from oasys_sched.availability.starts import Run
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.times import Span, as_utc

__all__ = ["Bookable", "Question"]

FAR: Final = 1 << 40
LONGEST: Final = timedelta(days=400)
COUNTED: Final = frozenset({BusyKind.APPOINTMENT, BusyKind.HOLD})
DAY: Final = 86_400


class Bookable(Protocol):
    """What the slot search needs of a service; `Service` has more."""

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        ...

    @property
    def buffer_before(self) -> timedelta:
        """Free time it needs before."""
        ...

    @property
    def buffer_after(self) -> timedelta:
        """Free time it needs after."""
        ...


def whole(duration: timedelta) -> int:
    """Return seconds, rounded up."""
    return duration.days * DAY + duration.seconds + (duration.microseconds > 0)


def ceil_seconds(when: datetime) -> int:
    """Return whole UTC seconds since 1970, rounded up."""
    return floor_seconds(when) + (when.microsecond > 0)


class Question:
    """One service under one policy at one moment, against one diary: the rules as integers."""

    __slots__ = (
        "after",
        "before",
        "diary",
        "duration",
        "earliest",
        "hours",
        "latest",
        "location",
        "mode",
        "policy",
        "step",
        "zone",
    )

    def __init__(
        self,
        diary: Diary,
        service: Bookable,
        policy: BookingPolicy,
        now: datetime,
        mode: Mode | None,
        location: str | None,
    ) -> None:
        moment = as_utc(now, "now")
        self.diary = diary
        self.policy = policy
        self.mode, self.location = mode, location
        self.duration = whole(service.duration)
        self.before, self.after = whole(service.buffer_before), whole(service.buffer_after)
        self.step = whole(policy.slot_step)
        self.hours: WeeklyHours | None = diary.hours
        self.zone: ZoneDays = zone_days(diary.hours.zone if diary.hours else "UTC")
        notice, advance = policy.minimum_notice, policy.maximum_advance
        self.earliest = ceil_seconds(notice.after(moment, self.zone.zone) if notice else moment)
        self.latest = floor_seconds(advance.after(moment, self.zone.zone)) if advance is not None else FAR

    def source(self) -> WindowSource:
        """Return the windows of this mode and place."""
        rows = self.hours.serving(self.mode, self.location) if self.hours else ()
        week = tuple(tuple(row.range for row in rows if row.weekday == day) for day in range(7))
        overrides = {row.on.toordinal(): (row.ranges, row.extra) for row in self.diary.overrides}
        return WindowSource(week, overrides, self.zone)

    def counts(self, entry: Busy) -> bool:
        """Tell whether a busy time binds: external ones only if the policy's switch is on (S88)."""
        return entry.kind is not BusyKind.EXTERNAL or self.policy.block_external_busy

    def stretch(self, entry: Busy) -> tuple[int, int]:
        """Return the starts that one busy time forbids, half-open: the gap is the larger of the two buffers (B9)."""
        before = max(self.before, whole(entry.buffer_after))
        after = max(self.after, whole(entry.buffer_before))
        return (
            floor_seconds(entry.span.start) - self.duration - after + 1,
            ceil_seconds(entry.span.end) + before,
        )

    def reach(self, start: int, end: int) -> Span:
        """Return the span in which a busy time can forbid a start of `[start, end)`; caps look at whole weeks."""
        margin = max(self.before, self.after) + self.duration + 2 * DAY
        if self.capped:
            margin = max(margin, 9 * DAY)
        return Span(instant(start - margin), instant(end + margin))

    @property
    def capped(self) -> bool:
        """Whether any daily or weekly cap is set (B10)."""
        rules = self.policy
        return any(
            cap is not None
            for cap in (rules.daily_count, rules.daily_duration, rules.weekly_count, rules.weekly_duration)
        )

    def full_stretches(self, busy: Iterable[Busy]) -> list[tuple[Code, object, int, int, int]]:
        """Return the days and weeks that are full: code, local date, figure reached, and the starts they forbid."""
        rules, zone = self.policy, self.zone
        numbers: Counter[int] = Counter()
        lengths: defaultdict[int, int] = defaultdict(int)
        for entry in busy:
            if entry.kind in COUNTED:
                day = entry.span.start.astimezone(zone.zone).toordinal()
                numbers[day] += 1
                lengths[day] += whole(entry.span.duration)
        found: list[tuple[Code, object, int, int, int]] = []
        for code, size, count, duration in (
            (Code.DAILY_CAP, 1, rules.daily_count, rules.daily_duration),
            (Code.WEEKLY_CAP, 7, rules.weekly_count, rules.weekly_duration),
        ):
            if count is None and duration is None:
                continue
            taken: Counter[int] = Counter()
            spent: defaultdict[int, int] = defaultdict(int)
            for day, number in numbers.items():
                first = day if size == 1 else day - (day - 1) % 7
                taken[first] += number
                spent[first] += lengths[day]
            for first in taken:
                full = (count is not None and taken[first] >= count) or (
                    duration is not None and spent[first] + self.duration > whole(duration)
                )
                if full:
                    found.append((code, first, taken[first], zone.instant(first, 0), zone.instant(first + size, 0)))
            if count == 0 or (duration is not None and self.duration > whole(duration)):
                found.append((code, None, 0, -FAR, FAR))
        return found

    def forbidden(self, start: int, end: int) -> tuple[list[int], list[int]]:
        """Return the forbidden starts near `[start, end)` as disjoint half-open stretches."""
        busy = [entry for entry in self.diary.busy_between(self.reach(start, end)) if self.counts(entry)]
        pairs = [self.stretch(entry) for entry in busy]
        if self.capped:
            pairs += [(first, stop) for *_, first, stop in self.full_stretches(busy)]
        return merged([first for first, _ in pairs], [stop for _, stop in pairs])

    def runs(self, start: int, end: int) -> list[Run]:
        """Return the allowed starts in `[start, end)`. O((days + busy) log busy), no object per start."""
        start, end = max(start, self.earliest), min(end, self.latest + 1)
        if start >= end or self.hours is None:
            return []
        return sweep(
            self.source().between(start, end), *self.forbidden(start, end), self.duration, self.step, start, end
        )


def sweep(
    windows: Sequence[Window], starts: list[int], ends: list[int], duration: int, step: int, low: int, high: int
) -> list[Run]:
    """Cut windows into runs of starts in `[low, high)` that no forbidden stretch `[starts[i], ends[i])` holds."""
    # What lies between two forbidden stretches is allowed: [opens, closes), the empty ones dropped at C speed.
    opens, closes = [-FAR, *ends], [*starts, FAR]
    runs: list[Run] = []
    at, last = 0, len(opens) - 1
    for window in windows:
        first = window.opens
        if first < low:
            first += -((first - low) // step) * step
        stop = min(window.starts_before, window.closes - duration + 1, high)
        while first < stop:
            while closes[at] <= first:
                at += 1
            if opens[at] > first:
                first += -((first - opens[at]) // step) * step
                if first >= stop:
                    break
                if closes[at] <= first:
                    continue
            until = min(stop, closes[at])
            runs.append(Run(first, until, window))
            if until == stop or at == last:
                break
            first += -((first - until) // step) * step
    return runs


def instant(second: int) -> datetime:
    """Return the instant, kept inside the years that spans may have."""
    return datetime.fromtimestamp(max(DAY, min(second, 7_258_118_400 - 1)), UTC)


def check_window(within: Span) -> None:
    """Refuse a query of more than 400 days.

    Raises:
        InvalidValue: `out_of_range`, naming `within`.
    """
    if within.duration > LONGEST:
        raise InvalidValue(f"ask for at most {LONGEST.days} days at a time", field="within", code=Code.OUT_OF_RANGE)
