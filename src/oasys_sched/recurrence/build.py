"""From integers to typed occurrences, as cheaply as CPython allows: everything below runs in C, none in a loop.

Making a `timedelta` costs more than all the rest of an occurrence, so whole days come from a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from operator import contains
from typing import Final

from oasys_sched.recurrence.overrides import Occurrence
from oasys_sched.recurrence.plan import Found
from oasys_sched.recurrence.zone_table import DAY, wall_of
from oasys_sched.times import EPOCH_TIMESTAMP

__all__ = ["build"]

_DAYS: Final = tuple(map(timedelta, range(1500)))
# A named tuple without the Python frame of its constructor.
_NEW: Final = tuple.__new__


def build(found: Found, duration: timedelta) -> tuple[Occurrence, ...]:
    """Build the occurrences of a window, in order of start."""
    plain: tuple[Occurrence, ...] = ()
    if found.walls:
        starts, originals = _moments(found)
        adjusted = map(contains, repeat(found.adjusted), found.walls) if found.adjusted else repeat(False)
        plain = tuple(map(_NEW, repeat(Occurrence), zip(starts, originals, repeat(duration), adjusted, repeat(False))))
    if not found.special:
        return plain
    placed = (
        Occurrence(_instant(one.instant), wall_of(one.wall), one.duration, one.adjusted, one.moved)
        for one in found.special
    )
    return tuple(sorted((*plain, *placed)))


def _moments(found: Found) -> tuple[Iterable[datetime], Iterable[datetime]]:
    """The starts in UTC and the walls, as datetimes."""
    walls, first = found.walls, found.walls[0]
    if not found.daily or walls[-1] - first >= len(_DAYS) * DAY:
        return map(_instant, found.instants), map(wall_of, walls)
    deltas: Sequence[timedelta]
    if isinstance(walls, range):
        deltas = _DAYS[: (walls[-1] - first) // DAY + 1 : walls.step // DAY]
    else:
        deltas = [_DAYS[(wall - first) // DAY] for wall in walls]
    originals = map(wall_of(first).__add__, deltas)
    if found.even:
        return map(_instant(found.instants[0]).__add__, deltas), originals
    return map(_instant, found.instants), originals


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second + EPOCH_TIMESTAMP, UTC)
