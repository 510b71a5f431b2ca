"""A zone's changes as sorted integers, probed once a day and kept: one bisect a window instead of a look-up each.

At a change at instant c from offset a to b, every wall time before c + max(a, b) is read with a, the rest with b.
So a skipped wall time moves forward by the gap and a repeated one takes its first reading (RFC 5545 3.3.5, A34).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate, compress, repeat
from operator import add, ne
from typing import Final, NamedTuple, final
from zoneinfo import ZoneInfo

from oasys_sched.times import EPOCH as EPOCH_UTC

__all__ = ["DAY", "EPOCH", "EPOCH_UTC", "ZoneTable", "seconds_of", "utc_seconds", "wall_of", "zone_table"]

DAY: Final = 86_400
# Counting from 2010 keeps the integers of today in one machine digit, which Python adds and divides fastest.
EPOCH: Final = EPOCH_UTC.replace(tzinfo=None)
# Beyond these years nothing is probed: zoneinfo is asked for each time.
_FIRST: Final = (datetime(1900, 1, 1) - EPOCH).days * DAY  # noqa: DTZ001
_LAST: Final = (datetime(2201, 1, 1) - EPOCH).days * DAY  # noqa: DTZ001
_MARGIN: Final = 2 * DAY
_AHEAD: Final = 400 * DAY
_SECOND: Final = timedelta(seconds=1)
_NONE: Final = timedelta(0)
_DAY: Final = timedelta(days=1)


def seconds_of(wall: datetime) -> int:
    """Count the whole seconds of a naive wall-clock time since EPOCH on the same clock."""
    since = wall - EPOCH
    return since.days * DAY + since.seconds


def wall_of(seconds: int) -> datetime:
    """Return the naive wall-clock time of such a count."""
    return EPOCH + timedelta(0, seconds)


def utc_seconds(when: datetime) -> int:
    """Count the seconds of an aware instant since EPOCH in UTC, rounded up: `>= when` keeps its meaning in integers."""
    since = when - EPOCH_UTC
    return since.days * DAY + since.seconds + (since.microseconds > 0)


class _Known(NamedTuple):
    """What is probed: `offsets[i]` holds for walls before `bounds[i]`, where `gaps[i]` wall seconds are skipped."""

    first: int
    last: int
    bounds: tuple[int, ...]
    offsets: tuple[int, ...]
    gaps: tuple[int, ...]


@final
class ZoneTable:
    """The changes of one zone, probed as far as anybody asked; equal for every caller and safe to share."""

    __slots__ = ("_known", "_zone")

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known = _Known(0, 0, (), (self._offset(0),), ())

    def __reduce__(self) -> tuple[object, ...]:
        return (zone_table, (self._zone,))

    def _offset(self, instant: int) -> int:
        return _whole((EPOCH_UTC + timedelta(0, instant)).astimezone(self._zone).utcoffset())

    def covering(self, low: int, high: int) -> _Known:
        """Return the table once it covers `[low, high]`, in seconds on either clock; O(1) when it already does."""
        known = self._known
        if low - _MARGIN >= known.first and high + _MARGIN <= known.last:
            return known
        first, last = max(_FIRST, low - _MARGIN), min(_LAST, high + _MARGIN)
        if first < known.first:
            known = _joined(
                self._probed(known.first - -((first - _AHEAD - known.first) // DAY) * DAY, known.first), known
            )
        if last > known.last:
            known = _joined(known, self._probed(known.last, min(_LAST, last + _AHEAD)))
        self._known = known
        return known

    def _probed(self, first: int, last: int) -> _Known:
        # The closest two changes in the tz database since 1970 are 6.96 days apart, so a probe a day misses none.
        bounds: list[int] = []
        gaps: list[int] = []
        days = -((first - last) // DAY)
        begin = wall_of(first).replace(tzinfo=self._zone)
        midnights: Iterator[datetime] = accumulate(repeat(_DAY, days), add, initial=begin)
        probes = list(map(datetime.utcoffset, midnights))
        offsets = [before := _whole(probes[0])]
        for day in compress(range(days), map(ne, probes, probes[1:])):
            after = _whole(probes[day + 1])
            # A day to either side, since the probes are wall times and this search is for an instant.
            low = first + (day - 1) * DAY - before
            high = low + 3 * DAY
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._offset(middle) == before else (low, middle)
            bounds.append(high + max(before, after))
            gaps.append(max(0, after - before))
            offsets.append(after)
            before = after
        return _Known(first, first + days * DAY, tuple(bounds), tuple(offsets), tuple(gaps))

    def instants(self, walls: Sequence[int]) -> tuple[Sequence[int], list[int]]:
        """Turn ascending walls into instants, and name the walls that a gap moved forward.

        O(changes crossed * log n + n). The instants are in the walls' order, which a gap can make not quite ascending.
        """
        if not walls:
            return (), []
        _, _, bounds, offsets, gaps = self.covering(walls[0], walls[-1])
        segment, place, size = bisect_right(bounds, walls[0]), 0, len(walls)
        found: list[int] = []
        adjusted: list[int] = []
        while place < size:
            end = size
            if segment < len(bounds):
                end = bisect_left(walls, bounds[segment])
                if gaps[segment]:
                    adjusted += walls[bisect_left(walls, bounds[segment] - gaps[segment]) : end]
            offset = offsets[segment]
            part = walls[place:end]
            if isinstance(part, range):
                found += range(part.start - offset, part.stop - offset, part.step)
            else:
                found += [wall - offset for wall in part]
            place = end
            segment += 1
        return found, adjusted

    def instant(self, wall: int) -> int:
        """Turn one wall into its instant; near the ends of the calendar the instant may lie beyond them."""
        if not _FIRST + DAY < wall < _LAST - DAY:
            offset = wall_of(wall).replace(tzinfo=self._zone).utcoffset()
            return wall - _whole(offset)
        known = self.covering(wall, wall)
        return wall - known.offsets[bisect_right(known.bounds, wall)]

    def walls(self, instant: int) -> tuple[int, ...]:
        """Return every wall that is read as this instant: one, or also the skipped one that a gap moved here."""
        known = self.covering(instant, instant)
        # The second reading of a repeated hour belongs to no wall of its own: it is written like the first.
        shown = seconds_of((EPOCH_UTC + timedelta(0, instant)).astimezone(self._zone).replace(tzinfo=None))
        # A wall that a gap skips is read with the offset from before it.
        skipped = instant + known.offsets[bisect_right(known.bounds, instant - DAY)]
        return (shown, skipped) if skipped != shown and self.instant(skipped) == instant else (shown,)


def _whole(offset: timedelta | None) -> int:
    return (offset or _NONE) // _SECOND


def _joined(early: _Known, late: _Known) -> _Known:
    return _Known(
        early.first,
        late.last,
        early.bounds + late.bounds,
        early.offsets + late.offsets[1:],
        early.gaps + late.gaps,
    )


@lru_cache(maxsize=1024)
def zone_table(zone: ZoneInfo) -> ZoneTable:
    """Return the shared table of a zone object; another tz database means another zone object."""
    return ZoneTable(zone)
