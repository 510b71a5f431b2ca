"""A slot search that nobody could call clever: every minute is asked, every rule is read off RULES.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from oasys_sched.availability.busy import Busy, BusyKind, TimeBlock
from oasys_sched.availability.diary import Diary
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.services import Service
from oasys_sched.times import Period, Span

__all__ = ["minute_grid"]

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


def minute_grid(
    diary: Diary,
    service: Service,
    within: Span,
    policy: BookingPolicy,
    now: datetime,
    mode: Mode | None = None,
    location: str | None = None,
) -> list[datetime]:
    """Return every bookable start in UTC, by asking each minute. For weeks with a closed day, and one-off blocks."""
    assert diary.hours is not None, "a diary with hours"
    zone = ZoneInfo(diary.hours.zone)
    busy = [row if isinstance(row, Busy) else Busy(span=row) for row in diary.busy]
    blocks = [row.span if isinstance(row, TimeBlock) else row for row in diary.blocks]
    busy += [Busy(span=block, kind=BusyKind.BLOCK) for block in blocks if isinstance(block, Span)]
    if not policy.block_external_busy:
        busy = [row for row in busy if row.kind is not BusyKind.EXTERNAL]
    earliest = (policy.minimum_notice or Period()).after(now, zone)
    latest = policy.maximum_advance.after(now, zone) if policy.maximum_advance is not None else None
    merged = _windows(diary, within, mode, location)
    found = []
    when = within.start.astimezone(UTC).replace(second=0, microsecond=0)
    while when < within.end:
        window = next((row for row in merged if row[0] <= when < row[1]), None)
        if (
            when >= within.start
            and window is not None
            and when + service.duration <= window[1]
            and (when - window[0]) % policy.slot_step == timedelta(0)
            and when >= earliest
            and (latest is None or when <= latest)
            and not any(_blocked(row, when, service) for row in busy)
            and not _full(when, service, policy, busy, zone)
        ):
            found.append(when)
        when += _MINUTE
    return found


def _instant(on: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time on purpose
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _windows(diary: Diary, around: Span, mode: Mode | None, location: str | None) -> list[tuple[datetime, datetime]]:
    """Merged windows, far enough back to be sure of each grid's anchor."""
    assert diary.hours is not None
    zone = ZoneInfo(diary.hours.zone)
    on = around.start.astimezone(zone).date() - 12 * _DAY
    found = []
    while on <= around.end.astimezone(zone).date() + 2 * _DAY:
        ranges = [row.range for row in diary.hours.serving(mode, location) if row.weekday == on.weekday()]
        for override in diary.overrides:
            if override.on == on:
                ranges = list(override.ranges) + (ranges if override.extra else [])
        # A zone that moves over the date line skips a whole day.
        if _instant(on, 0, zone) < _instant(on + _DAY, 0, zone):
            found += [(_instant(on, row.opens, zone), _instant(on, row.closes, zone)) for row in ranges]
        on += _DAY
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(pair for pair in found if pair[0] < pair[1]):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _blocked(entry: Busy, start: datetime, service: Service) -> bool:
    end = start + service.duration
    before, after = max(service.buffer_before, entry.buffer_after), max(service.buffer_after, entry.buffer_before)
    return start - before < entry.span.end and entry.span.start < end + after


def _full(start: datetime, service: Service, policy: BookingPolicy, busy: list[Busy], zone: ZoneInfo) -> bool:
    on = start.astimezone(zone).date()
    counted = [row for row in busy if row.kind in (BusyKind.APPOINTMENT, BusyKind.HOLD)]
    for first, size, count, duration in (
        (on, 1, policy.daily_count, policy.daily_duration),
        (on - on.weekday() * _DAY, 7, policy.weekly_count, policy.weekly_duration),
    ):
        same = [row for row in counted if first <= row.span.start.astimezone(zone).date() < first + size * _DAY]
        if count is not None and len(same) >= count:
            return True
        held = sum((row.span.duration for row in same), timedelta(0))
        if duration is not None and held + service.duration > duration:
            return True
    return False
