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


def series_table(series: Series) -> str:
    """Return the rule in words over the occurrences of the first year, ten at most, as an HTML table."""
    start = series.start.replace(tzinfo=UTC)
    first_year = Span(max(start - timedelta(days=2), EARLIEST), min(start + _REACH, LATEST))
    rows = [
        (f"{one.original_start:%a %d %b %Y %H:%M}", f"{one.starts_at:%Y-%m-%d %H:%M} UTC")
        for one in islice(series.occurrences(first_year), _MOST)
    ]
    about = f"{describe(series.rule)}, {series.duration}, {series.zone}; {len(series.overrides)} exceptions"
    return html_table(("meant for", "starts"), rows, escape(about))
