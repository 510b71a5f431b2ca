"""VTIMEZONE written from the zone database: the clock changes around an invite (RFC 5545 3.6.5)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

__all__ = ["Observance", "observances"]

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FEW: Final = 3  # a rule is read out of at least so many years


class Observance(NamedTuple):
    """One STANDARD or DAYLIGHT part: its onsets in the wall time before the change, and their yearly rule if any."""

    daylight: bool
    name: str
    before: timedelta
    after: timedelta
    onsets: tuple[datetime, ...]
    rule: str | None


@lru_cache(maxsize=256)
def observances(key: str, first: int, last: int) -> tuple[Observance, ...]:
    """Return what a zone does from the start of one year to the end of another; at least one observance.

    The first one says what holds when the first year begins.
    """
    zone = ZoneInfo(key)
    start = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    opening = _state(zone, start)
    groups: dict[tuple[timedelta, tuple[timedelta, bool, str]], list[datetime]] = defaultdict(list)
    changes = _changes(zone, start, end)
    for instant, before, after in changes:
        groups[before[0], after].append((instant + before[0]).replace(tzinfo=None))
    found = [Observance(opening[1], opening[2], opening[0], opening[0], (start.replace(tzinfo=None),), None)]
    for (before_offset, (offset, daylight, name)), onsets in groups.items():
        rule = _rule(onsets, first, last)
        found.append(Observance(daylight, name, before_offset, offset, tuple(onsets), rule))
    return tuple(found)


def _state(zone: ZoneInfo, when: datetime) -> tuple[timedelta, bool, str]:
    local = when.astimezone(zone)
    return local.utcoffset() or timedelta(0), bool(local.dst()), local.tzname() or zone.key


def _changes(
    zone: ZoneInfo, start: datetime, end: datetime
) -> list[tuple[datetime, tuple[timedelta, bool, str], tuple[timedelta, bool, str]]]:
    """Return every change as (instant, state before, state after); found by looking at each day and then closer."""
    found = []
    day, state = start, _state(zone, start)
    while day < end:
        following = day + _DAY
        later = _state(zone, following)
        if later != state:
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (middle, high) if _state(zone, middle) == state else (low, middle)
            found.append((high, state, later))
        day, state = following, later
    return found


def _rule(onsets: list[datetime], first: int, last: int) -> str | None:
    """Return the yearly rule that gives exactly these onsets, such as the second Sunday of March; None without one."""
    if len(onsets) < _FEW or [onset.year for onset in onsets] != list(range(first, last + 1)):
        return None
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    from_start = {(onset.day - 1) // 7 + 1 for onset in onsets}
    from_end = {-((_month_end(onset) - onset.day) // 7 + 1) for onset in onsets}
    for places in (from_end, from_start):
        if len(places) == 1:
            return f"FREQ=YEARLY;BYMONTH={onsets[0].month};BYDAY={places.pop()}{_WEEKDAYS[onsets[0].weekday()]}"
    return None


def _month_end(when: datetime) -> int:
    following = date(when.year + when.month // 12, when.month % 12 + 1, 1)
    return (following - _DAY).day
