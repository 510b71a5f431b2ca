"""Weekly hours, overrides and busy times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from oasys_sched.availability.busy import Busy, BusyKind
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.availability.overrides import DateOverride
from oasys_sched.testing.strategies.zones import instants, minutes, zones
from oasys_sched.times import Span

__all__ = ["busy_sets", "clock_ranges", "date_overrides", "spans", "weekly_hours"]

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@st.composite
def clock_ranges(draw: st.DrawFn) -> str:
    """Ranges such as `09:00-12:00`, some across midnight, on a grid of 15 minutes."""
    opens = draw(st.integers(0, 95)) * 15
    closes = (opens + draw(st.integers(1, 40)) * 15) % 1440
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def _day() -> st.SearchStrategy[str]:
    return st.lists(clock_ranges(), min_size=1, max_size=3).map(", ".join)


@st.composite
def weekly_hours(draw: st.DrawFn, zone: str | None = None) -> WeeklyHours:
    """Six days with one to three ranges each; one weekday is closed, so that nothing runs round the clock."""
    closed = draw(st.integers(0, 6))
    week = {_DAYS[day]: draw(_day()) for day in range(7) if day != closed}
    return WeeklyHours.parse(week, zone=zone or draw(zones()))


def date_overrides(about: datetime, *, days: int = 2) -> st.SearchStrategy[list[DateOverride]]:
    """At most two dates near a day that replace or extend its hours."""
    one = st.builds(
        lambda shift, text, extra: (DateOverride.opening if extra else DateOverride.parse)(
            (about + timedelta(days=shift)).date(), text
        ),
        st.integers(-days, days),
        _day(),
        st.booleans(),
    )
    return st.lists(one, max_size=2, unique_by=lambda row: row.on)


def spans(about: datetime, longest: int) -> st.SearchStrategy[Span]:
    """Spans of at most so many minutes near a day."""
    return st.builds(
        lambda at, length: Span(at, at + timedelta(minutes=length)), instants(about), st.integers(1, longest)
    )


def busy_sets(about: datetime, *, most: int = 6) -> st.SearchStrategy[list[Span | Busy]]:
    """Bare spans and busy times of every kind, with buffers of their own, near a day."""
    whole = st.builds(
        Busy,
        span=spans(about, 300),
        kind=st.sampled_from(BusyKind),
        buffer_before=minutes(0, 20),
        buffer_after=minutes(0, 20),
    )
    return st.lists(spans(about, 300) | whole, max_size=most)
