"""A diary as a small table, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Final

from oasys_sched.markup import DAY_NAMES, escape, html_table

if TYPE_CHECKING:
    from oasys_sched.availability.diary import Diary
    from oasys_sched.availability.hours import ClockRange

__all__ = ["diary_table"]

_MOST: Final = 14


def diary_table(diary: Diary) -> str:
    """Return weekly hours and the first overrides as an HTML table."""
    counted = f"{len(diary.overrides)} overrides, {len(diary.blocks)} blocks, {len(diary.busy)} busy times"
    if diary.hours is None:
        return html_table(("day", "hours"), [], f"no hours, so no slots; {counted}")
    rows = [
        (name, _told(row.range for row in diary.hours.ranges if row.weekday == number))
        for number, name in enumerate(DAY_NAMES)
    ]
    first = islice(sorted(diary.overrides, key=lambda one: one.on), _MOST)
    rows += [(f"{row.on:%a %d %b %Y}", f"{'besides, ' if row.extra else ''}{_told(row.ranges)}") for row in first]
    return html_table(("day", "hours"), rows, f"wall clock of {escape(diary.hours.zone)}; {counted}")


def _told(ranges: Iterable[ClockRange]) -> str:
    return ", ".join(str(one) for one in ranges) or "closed"
