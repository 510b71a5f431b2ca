"""Windows on a series, and what lies in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from oasys_sched import Occurrence, OverrideKind, Span
from oasys_sched.testing.oracles.calendar_scan import rule_starts as walls
from oasys_sched.testing.oracles.calendar_scan import slow_occurrences as occurrences
from oasys_sched.testing.strategies import series

__all__ = ["ADDED", "EXCLUDED", "HOUR", "MOVED", "inside", "occurrences", "series", "walls", "window"]

MOVED, ADDED, EXCLUDED = OverrideKind.MOVED, OverrideKind.ADDED, OverrideKind.EXCLUDED
HOUR = timedelta(hours=1)


def window(draw: st.DataObject, about: datetime) -> tuple[datetime, datetime, datetime]:
    """Three instants in order, near a start."""
    marks = draw.draw(st.lists(st.integers(-40_000, 150_000), min_size=3, max_size=3, unique=True).map(sorted))
    low, middle, high = (about.replace(tzinfo=UTC) + timedelta(minutes=mark) for mark in marks)
    return low, middle, high


def inside(found: list[Occurrence] | tuple[Occurrence, ...], within: Span) -> tuple[Occurrence, ...]:
    return tuple(one for one in found if within.contains(one.starts_at))
