"""Time zones, and times near the days on which their clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

__all__ = ["CHANGES", "instants", "minutes", "wall_times", "zones"]

# Zone and a day on which its clocks change: hour gaps and repeats, half hours, midnight gaps, a skipped day.
CHANGES: Final = tuple(
    (zone, datetime.fromisoformat(day))
    for zone, day in (
        ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Europe/London", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"), ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-17"), ("America/Santiago", "2024-09-08"),
        ("Pacific/Apia", "2011-12-30"), ("Africa/Cairo", "2026-04-24"), ("Asia/Beirut", "2026-03-29"),
        ("Asia/Kathmandu", "2026-05-01"), ("UTC", "2026-05-01"),
    )
)  # fmt: skip


def zones() -> st.SearchStrategy[str]:
    """Names of zones whose clocks do what code forgets: hours and half hours skipped or repeated, midnights, days."""
    return st.sampled_from(sorted({zone for zone, _ in CHANGES}))


def wall_times(*, near_transitions: bool = True) -> st.SearchStrategy[tuple[str, datetime]]:
    """A zone and a naive local time in it; within three hours of a change of its clocks, or any minute of 2026."""
    if near_transitions:
        return st.builds(
            lambda change, shift: (change[0], change[1] + timedelta(minutes=shift)),
            st.sampled_from(CHANGES),
            st.integers(-180, 1440 + 180),
        )
    day = datetime.fromisoformat("2026-01-01")
    return st.tuples(zones(), st.integers(0, 365 * 1440 - 1).map(lambda shift: day + timedelta(minutes=shift)))


def instants(about: datetime, *, days: int = 3) -> st.SearchStrategy[datetime]:
    """Whole minutes in UTC, some days around a naive day."""
    base = about.replace(tzinfo=UTC)
    return st.integers(-days * 1440, days * 1440).map(lambda shift: base + timedelta(minutes=shift))


def minutes(low: int, high: int, step: int = 5) -> st.SearchStrategy[timedelta]:
    """Durations in steps."""
    return st.integers(low // step, high // step).map(lambda n: timedelta(minutes=n * step))
