"""A series as a small table, for notebooks."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from oasys_sched.markup import escape, html_table
from oasys_sched.recurrence.describe import describe
from oasys_sched.times import EARLIEST, LATEST, Span

if TYPE_CHECKING:
    from oasys_sched.recurrence.series import Series

__all__ = ["series_table"]

_MOST: Final = 10
_REACH: Final = timedelta(days=370)
_ROOM: Final = timedelta(days=2)


def series_table(series: Series) -> str:
    """Return the rule in words over the occurrences of the first year, ten at most, as an HTML table."""
    # What was moved or added may come before the rule's own first; two days make room for the zone.
    first = min([series.start, *(one.to or one.original for one in series.overrides)]).replace(tzinfo=UTC) - _ROOM
    first_year = Span(max(first, EARLIEST), min(series.start.replace(tzinfo=UTC) + _REACH, LATEST))
    rows = [
        (f"{one.original_start:%a %d %b %Y %H:%M}", f"{one.starts_at:%Y-%m-%d %H:%M} UTC")
        for one in islice(series.occurrences(first_year), _MOST)
    ]
    about = f"{describe(series.rule)}, {series.duration}, {series.zone}; {len(series.overrides)} exceptions"
    return html_table(("meant for", "starts"), rows, escape(about))
