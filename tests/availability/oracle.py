"""A slot search that nobody could call clever: every minute is asked, every rule is read off RULES.md."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import oasys_sched as sched

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def instant(on: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def exists(on: date, zone: ZoneInfo) -> bool:
    return instant(on, 0, zone) < instant(on + DAY, 0, zone)


def windows(diary: sched.Diary, around: sched.Span, mode=None, location=None) -> list[tuple[datetime, datetime]]:
    """Merged windows, far enough back to be sure of each grid's anchor; no hours run round the clock here."""
    assert diary.hours is not None
    zone = ZoneInfo(diary.hours.zone)
    on = around.start.astimezone(zone).date() - 12 * DAY
    found = []
    while on <= around.end.astimezone(zone).date() + 2 * DAY:
        ranges = [row.range for row in diary.hours.serving(mode, location) if row.weekday == on.weekday()]
        for override in diary.overrides:
            if override.on == on:
                ranges = list(override.ranges) + (ranges if override.extra else [])
        if exists(on, zone):
            found += [(instant(on, row.opens, zone), instant(on, row.closes, zone)) for row in ranges]
        on += DAY
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(pair for pair in found if pair[0] < pair[1]):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def blocked(entry: sched.Busy, start: datetime, service: sched.Service) -> bool:
    end = start + service.duration
    before, after = max(service.buffer_before, entry.buffer_after), max(service.buffer_after, entry.buffer_before)
    return start - before < entry.span.end and entry.span.start < end + after


def full(start, service, policy, busy, zone) -> bool:
    on = start.astimezone(zone).date()
    counted = [row for row in busy if row.kind in (sched.BusyKind.APPOINTMENT, sched.BusyKind.HOLD)]
    for first, size, count, duration in (
        (on, 1, policy.daily_count, policy.daily_duration),
        (on - on.weekday() * DAY, 7, policy.weekly_count, policy.weekly_duration),
    ):
        same = [row for row in counted if first <= row.span.start.astimezone(zone).date() < first + size * DAY]
        if count is not None and len(same) >= count:
            return True
        if (
            duration is not None
            and sum((row.span.duration for row in same), timedelta(0)) + service.duration > duration
        ):
            return True
    return False


def starts(diary, service, within, policy, now, mode=None, location=None) -> list[datetime]:
    zone = ZoneInfo(diary.hours.zone)
    busy = [row if isinstance(row, sched.Busy) else sched.Busy(span=row) for row in diary.busy]
    busy += [sched.Busy(span=block, kind=sched.BusyKind.BLOCK) for block in diary.blocks]
    if not policy.block_external_busy:
        busy = [row for row in busy if row.kind is not sched.BusyKind.EXTERNAL]
    earliest = (policy.minimum_notice or sched.Period()).after(now, zone)
    latest = policy.maximum_advance.after(now, zone) if policy.maximum_advance is not None else None
    merged = windows(diary, within, mode, location)
    found = []
    when = within.start.replace(second=0, microsecond=0)
    while when < within.end:
        window = next((row for row in merged if row[0] <= when < row[1]), None)
        if (
            when >= within.start
            and window is not None
            and when + service.duration <= window[1]
            and (when - window[0]) % policy.slot_step == timedelta(0)
            and when >= earliest
            and (latest is None or when <= latest)
            and not any(blocked(row, when, service) for row in busy)
            and not full(when, service, policy, busy, zone)
        ):
            found.append(when)
        when += MINUTE
    return found
