"""Where each local day begins, as integer seconds since EPOCH, found once per zone and day."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from oasys_sched.times import EPOCH, EPOCH_TIMESTAMP, find_zone, wall_to_utc

__all__ = ["ZoneDays", "floor_seconds", "zone_days"]

EPOCH_ORDINAL: Final = EPOCH.toordinal()


def floor_seconds(when: datetime) -> int:
    """Return whole seconds since EPOCH, rounded down."""
    elapsed = when - EPOCH
    return elapsed.days * 86_400 + elapsed.seconds


class Midnights(dict[int, int | None]):
    """By ordinal, the second of a plain day's local midnight; None when the clocks change on that day, or as it begins.

    Two changes of one zone are never less than 6.9 days apart, so equal offsets at both ends of a day mean that
    nothing happened in between (research: the whole zone database since 1970).
    """

    __slots__ = ("_zone",)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, ordinal: int) -> int | None:
        wall = datetime.fromordinal(ordinal)
        # Just before midnight too: a gap that ends there moves wall times of the evening into this day (Nuuk).
        edges = (wall - timedelta(seconds=1), wall, wall + timedelta(days=1))
        offsets = {edge.replace(tzinfo=self._zone, fold=fold).utcoffset() for edge in edges for fold in (0, 1)}
        found = None
        if len(offsets) == 1:
            offset = offsets.pop() or timedelta(0)
            found = (ordinal - EPOCH_ORDINAL) * 86_400 - offset.days * 86_400 - offset.seconds
        self[ordinal] = found
        return found


class Weeks(dict[int, int | None]):
    """By the ordinal of a Monday, its midnight; None when the clocks change in that week."""

    __slots__ = ("_midnights",)

    def __init__(self, midnights: Midnights) -> None:
        super().__init__()
        self._midnights = midnights

    def __missing__(self, monday: int) -> int | None:
        days = [self._midnights[monday + day] for day in range(7)]
        found = self[monday] = None if None in days else days[0]
        return found


# Asked mostly for the few days on which clocks change, and for those again and again.
@lru_cache(maxsize=4096)
def _instant(zone: ZoneInfo, ordinal: int, minute: int) -> int:
    days, minutes = divmod(minute, 1440)
    return floor_seconds(wall_to_utc(datetime.fromordinal(ordinal + days) + timedelta(minutes=minutes), zone))


class ZoneDays:
    """The local days of one zone. Cheap to ask again: the answers are cached for good, a day at a time."""

    __slots__ = ("midnights", "weeks", "zone")

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.midnights = Midnights(zone)
        self.weeks = Weeks(self.midnights)

    def instant(self, ordinal: int, minute: int) -> int:
        """Return the second of a wall-clock minute of a day; 1440 and more are the next day (A34)."""
        return _instant(self.zone, ordinal, minute)

    def ordinal(self, second: int) -> int:
        """Return the proleptic ordinal of the local date an instant falls on."""
        return datetime.fromtimestamp(second + EPOCH_TIMESTAMP, self.zone).toordinal()


@lru_cache(maxsize=256)
def zone_days(key: str) -> ZoneDays:
    """Return the shared days of one zone."""
    return ZoneDays(find_zone(key))
