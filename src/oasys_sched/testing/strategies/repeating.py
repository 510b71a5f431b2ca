"""Recurrence rules and series with exceptions."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from hypothesis import strategies as st

from oasys_sched.recurrence.overrides import Override, OverrideKind
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.recurrence.weekday import NthWeekday, Weekday
from oasys_sched.testing.oracles.calendar_scan import rule_starts
from oasys_sched.times import WallTime, find_zone, local_kind

__all__ = ["rules", "series"]

_WEEK: Final = tuple(Weekday)
_LEAP_YEAR: Final = 2024
_HOUR: Final = timedelta(hours=1)
# A zone and a start some weeks before its clocks change, at or near the hour they skip or repeat.
_BEGINNINGS: Final = tuple(
    (zone, datetime.fromisoformat(start))
    for zone, start in (
        ("America/New_York", "2026-02-15T02:30"), ("America/New_York", "2026-10-18T01:30"),
        ("Europe/London", "2026-10-04T01:00"), ("Australia/Lord_Howe", "2026-09-20T02:15"),
        ("America/Santiago", "2024-08-25T00:00"), ("Pacific/Apia", "2011-12-16T09:00"),
        ("Asia/Beirut", "2026-03-15T00:00"), ("UTC", "2026-05-31T15:00"),
    )
)  # fmt: skip


def _plain_days() -> st.SearchStrategy[NthWeekday]:
    return st.sampled_from(_WEEK).map(NthWeekday)


def _numbered(most: int) -> st.SearchStrategy[NthWeekday]:
    return st.builds(NthWeekday, st.sampled_from(_WEEK), st.integers(-most, most).filter(bool))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules of the core set, without an end; some never come true."""
    frequency = draw(st.sampled_from(list(Frequency)))
    parts: dict[str, Any] = {
        "interval": draw(st.sampled_from((1, 1, 2, 3, 4, 5, 7, 12))),
        "week_start": draw(st.sampled_from(_WEEK)),
    }
    if draw(st.booleans()):
        days = _plain_days() | _numbered(5) if frequency is Frequency.MONTHLY else _plain_days()
        parts["by_day"] = tuple(draw(st.lists(days, min_size=1, max_size=4)))
    if draw(st.integers(0, 3)) == 0:
        parts["by_month"] = tuple(draw(st.lists(st.integers(1, 12), min_size=1, max_size=4)))
    if frequency is Frequency.YEARLY:
        most = 5 if parts.get("by_month") else 53
        if "by_day" in parts and draw(st.booleans()):
            parts["by_day"] = tuple(draw(st.lists(_plain_days() | _numbered(most), min_size=1, max_size=3)))
        if draw(st.integers(0, 3)) == 0:
            numbers = st.integers(-366, 366).filter(bool)
            parts["by_year_day"] = tuple(draw(st.lists(numbers, min_size=1, max_size=5)))
    if frequency is not Frequency.WEEKLY and draw(st.booleans()):
        # Refused is a rule none of whose months has any of its days: one that fits, then the others may be anything.
        longest = max(monthrange(_LEAP_YEAR, month)[1] for month in parts.get("by_month", range(1, 13)))
        fitting, others = (st.integers(-most, most).filter(bool) for most in (longest, 31))
        numbered = [draw(fitting), *draw(st.lists(others, max_size=4))]
        parts["by_month_day"] = tuple(draw(st.permutations(numbered)))
    if len(parts) > 2 and draw(st.integers(0, 2)) == 0:
        parts["by_set_pos"] = tuple(draw(st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=2)))
    return Rule(frequency=frequency, **parts)


def _patterns(start: datetime) -> list[dict[str, Any]]:
    """Ways to repeat that have an occurrence at the start."""
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[start.weekday()]
    other = ("mon", "thu")[day == "mon"]
    return [
        {"days": 1}, {"days": 3}, {"weeks": 1}, {"weeks": 2, "on": (day, other)}, {"weeks": 1, "on": (day, other)},
        {"months": 1}, {"months": 1, "on": (f"{(start.day - 1) // 7 + 1}{day[:2].upper()}",)},
    ]  # fmt: skip


@st.composite
def series(draw: st.DrawFn, *, exceptions: bool = True) -> Series:
    """A series of at most some eighty occurrences, with deletions, moves and extras."""
    zone, start = draw(st.sampled_from(_BEGINNINGS))
    pattern = draw(st.sampled_from(_patterns(start)))
    end = draw(
        st.integers(1, 10 if "months" in pattern else 40).map(lambda n: {"count": n})
        | st.integers(0, 80).map(lambda n: {"until": (start + timedelta(days=n)).date()})
    )
    gap: Literal["shift", "skip"] = draw(st.sampled_from(("shift", "skip")))
    plain = Series(start=start, zone=zone, duration=_HOUR, rule=Rule.every(**pattern, **end), gap=gap)
    originals = rule_starts(plain)
    if not exceptions or not originals:
        return plain
    rows: dict[datetime, Override] = {}
    for kind in draw(st.lists(st.sampled_from(OverrideKind), max_size=6)):
        wall = draw(st.sampled_from(originals))
        away = timedelta(minutes=draw(st.integers(-3000, 3000)) * 7 + 3)
        if kind is OverrideKind.EXCLUDED:
            rows[wall] = Override(original=wall, kind=kind)
        elif kind is OverrideKind.MOVED:
            rows[wall] = Override(
                original=wall, kind=kind, to=wall + away, duration=draw(st.sampled_from((None, 2 * _HOUR)))
            )
        elif local_kind(wall + away, find_zone(zone)) is not WallTime.SKIPPED:
            rows[wall + away] = Override(original=wall + away, kind=kind)
    return Series(start=start, zone=zone, duration=_HOUR, rule=plain.rule, gap=gap, overrides=tuple(rows.values()))
