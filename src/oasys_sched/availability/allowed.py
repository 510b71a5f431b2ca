"""The set of allowed starts: the one thing that both the listing and the verdict are read from.

Every time-shaped rule is a set of starts. Hours give grids; busy times, buffers and caps give forbidden stretches;
notice, horizon and the query give one range. All in whole seconds since EPOCH.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

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
from oasys_sched.times import EPOCH_TIMESTAMP, Span, as_utc

__all__ = ["Bookable", "Question"]

FAR: Final = 1 << 40
LONGEST: Final = timedelta(days=400)
COUNTED: Final = frozenset({BusyKind.APPOINTMENT, BusyKind.HOLD})
DAY: Final = 86_400
# What a byte can hold, in minutes.
CAP: Final = 255
REACH: Final = CAP * 60


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


@lru_cache(maxsize=4096)
def whole(duration: timedelta) -> int:
    """Return seconds, rounded up."""
    return duration.days * DAY + duration.seconds + (duration.microseconds > 0)


def ceil_seconds(when: datetime) -> int:
    """Return whole seconds since EPOCH, rounded up."""
    return floor_seconds(when) + (when.microsecond > 0)


def window_source(diary: Diary, mode: Mode | None, location: str | None) -> WindowSource:
    """Return the windows of a diary's hours and overrides for one mode and place."""
    hours = diary.hours
    week = hours.week(mode, location) if hours else ((),) * 7
    overrides = {
        row.on.toordinal(): (tuple((part.opens, part.closes) for part in row.ranges), row.extra)
        for row in diary.overrides
    }
    return WindowSource(week, overrides, zone_days(hours.zone if hours else "UTC"))


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
        self.earliest = ceil_seconds(moment if notice is None else notice.after(moment, self.zone.zone))
        self.latest = FAR if advance is None else floor_seconds(advance.after(moment, self.zone.zone))

    def source(self) -> WindowSource:
        """Return the windows of this mode and place."""
        return window_source(self.diary, self.mode, self.location)

    def counts(self, entry: Busy) -> bool:
        """Tell whether a busy time binds: external ones only if the policy's switch is on (S88)."""
        return entry.kind is not BusyKind.EXTERNAL or self.policy.block_external_busy

    def stretch(self, entry: Busy) -> tuple[int, int]:
        """Return the starts that one busy time forbids, half-open: the gap is the larger of the two buffers (B9)."""
        before, after = self.before, self.after
        if entry.buffer_after:
            before = max(before, whole(entry.buffer_after))
        if entry.buffer_before:
            after = max(after, whole(entry.buffer_before))
        return entry.span.first - self.duration - after + 1, entry.span.last + before

    def reach(self, start: int, end: int) -> Span:
        """Return the span in which a busy time can forbid a start of `[start, end)`; caps look at whole weeks."""
        margin = max(self.before, self.after) + self.duration + 2 * DAY
        if self.capped:
            margin = max(margin, 9 * DAY)
        return Span(instant(start - margin), instant(end + margin))

    @property
    def fits_bytes(self) -> bool:
        """Whether every figure is a whole number of minutes, and small enough for a prepared diary's bytes."""
        odd = self.duration % 60 or self.after % 60 or self.before % 60 or self.step % 60
        return not odd and self.duration + self.after <= REACH and self.before <= REACH

    @property
    def capped(self) -> bool:
        """Whether any daily or weekly cap is set (B10)."""
        return self.policy.capped

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

    def gaps(self, start: int, end: int) -> Gaps:
        """Return what is free between busy times, near `[start, end)`."""
        diary, ahead = self.diary, self.duration + self.after - 1
        external = self.policy.block_external_busy
        others: list[Busy] = []
        if diary.has_others:
            others = [row for row in diary.other_busy(self.reach(start, end)) if self.counts(row)]
        pairs = [self.stretch(row) for row in others]
        if self.capped:
            pairs += [(first, stop) for *_, first, stop in self.full_stretches(others)]
        if not pairs:
            # All busy times keep the same distance: take them merged as they are, and shift each gap when it is met.
            closes, opens = diary.plain_union() if external else ([], [])
            return Gaps([-FAR, *opens], [*closes, FAR], self.before, ahead)
        plain = diary.plain_edges() if external else ([], [])
        closes, opens = merged(
            [first - ahead for first in plain[0]] + [first for first, _ in pairs],
            [last + self.before for last in plain[1]] + [stop for _, stop in pairs],
        )
        return Gaps([-FAR, *opens], [*closes, FAR], 0, 0)

    def runs(self, start: int, end: int) -> list[Run]:
        """Return the allowed starts in `[start, end)`. O((days + busy) log busy), no object per start."""
        start, end = max(start, self.earliest), min(end, self.latest + 1)
        if start >= end or self.hours is None:
            return []
        return sweep(self.source().between(start, end), self.gaps(start, end), self.duration, self.step, start, end)


class Gaps(NamedTuple):
    """Disjoint stretches `[opens[i] + before, closes[i] - ahead)` of allowed starts, in order."""

    opens: list[int]
    closes: list[int]
    before: int
    ahead: int


def sweep(windows: Sequence[Window], gaps: Gaps, duration: int, step: int, low: int, high: int) -> list[Run]:
    """Cut windows into runs of starts in `[low, high)` that lie in one of the gaps."""
    runs: list[Run] = []
    add = runs.append
    # The last gap never closes, so the search for the gap of a start always ends.
    opens, closes, before, ahead = gaps
    at, fits = 0, duration - 1
    for anchor, starts_before, closing in windows:
        stop = closing - fits
        if stop > starts_before:
            stop = starts_before
        if stop > high:
            stop = high
        first = anchor if anchor >= low else anchor - ((anchor - low) // step) * step
        reach = first + ahead
        while first < stop:
            while closes[at] <= reach:
                at += 1
            begin = opens[at] + before
            if begin > first:
                if begin >= stop:
                    break
                first -= ((first - begin) // step) * step
                if first >= stop:
                    break
            until = closes[at] - ahead
            if until >= stop:
                add((first, stop))
                break
            if first < until:
                add((first, until))
                first -= ((first - until) // step) * step
            reach = first + ahead
    return runs


def instant(second: int) -> datetime:
    """Return the instant, kept inside the years that spans may have."""
    return datetime.fromtimestamp(max(DAY, min(second + EPOCH_TIMESTAMP, 7_258_118_400 - 1)), UTC)


def check_window(within: Span, field: str = "within") -> None:
    """Refuse a query of more than 400 days.

    Raises:
        InvalidValue: `out_of_range`, naming `field`.
    """
    if within.last - within.first > LONGEST.days * DAY:
        raise InvalidValue(f"ask for at most {LONGEST.days} days at a time", field=field, code=Code.OUT_OF_RANGE)
