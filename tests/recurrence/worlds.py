"""Series by chance, and a slow reading of the same rules: every day looked at, zoneinfo asked about every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from hypothesis import strategies as st

from oasys_sched import Occurrence, Override, OverrideKind, Rule, Series, Span
from oasys_sched.times import WallTime, find_zone, local_kind, wall_to_utc
from tests.recurrence.oracle import scan

MOVED, ADDED, EXCLUDED = OverrideKind.MOVED, OverrideKind.ADDED, OverrideKind.EXCLUDED
HOUR = timedelta(hours=1)
# A zone and a start some weeks before its clocks change, at or near the hour they skip or repeat.
BEGINNINGS = (
    ("America/New_York", datetime(2026, 2, 15, 2, 30)), ("America/New_York", datetime(2026, 10, 18, 1, 30)),
    ("Europe/London", datetime(2026, 10, 4, 1, 0)), ("Australia/Lord_Howe", datetime(2026, 9, 20, 2, 15)),
    ("America/Santiago", datetime(2024, 8, 25, 0, 0)), ("Pacific/Apia", datetime(2011, 12, 16, 9, 0)),
    ("Asia/Beirut", datetime(2026, 3, 15, 0, 0)), ("UTC", datetime(2026, 5, 31, 15, 0)),
)  # fmt: skip


def patterns(start: datetime) -> list[dict[str, Any]]:
    """Ways to repeat that have an occurrence at the start."""
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[start.weekday()]
    other = ("mon", "thu")[day == "mon"]
    return [
        {"days": 1}, {"days": 3}, {"weeks": 1}, {"weeks": 2, "on": (day, other)}, {"weeks": 1, "on": (day, other)},
        {"months": 1}, {"months": 1, "on": (f"{(start.day - 1) // 7 + 1}{day[:2].upper()}",)},
    ]  # fmt: skip


def walls(series: Series) -> list[datetime]:
    """The rule's own local starts, in order, before exceptions."""
    rule, zone = series.rule, find_zone(series.zone)
    endless = Rule.parse(";".join(part for part in str(rule).split(";") if part[:5] not in ("COUNT", "UNTIL")))
    found = scan(endless, series.start, date(series.start.year + 4, 1, 1))
    if series.gap == "skip":
        found = (wall for wall in found if local_kind(wall, zone) is not WallTime.SKIPPED)
    if isinstance(rule.until, date):
        last = rule.until
        found = takewhile(lambda wall: wall.date() <= last, found)
    return list(islice(found, rule.count))


def occurrences(series: Series) -> list[Occurrence]:
    """Every occurrence, one by one."""
    zone = find_zone(series.zone)

    def one(wall: datetime, original: datetime, duration: timedelta, moved: bool) -> Occurrence:
        skipped = local_kind(wall, zone) is WallTime.SKIPPED
        return Occurrence(wall_to_utc(wall, zone), original, duration, skipped, moved)

    produced = walls(series)
    changed = {row.original: row for row in series.overrides}
    found = [one(wall, wall, series.duration, False) for wall in produced if wall not in changed]
    found += [
        one(row.shown, row.original, row.duration or series.duration, row.kind is MOVED)
        for row in series.overrides
        if row.kind is ADDED or (row.kind is MOVED and row.original in produced)
    ]
    return sorted(found)


@st.composite
def series(draw: st.DrawFn, *, exceptions: bool = True) -> Series:
    """A series of at most some eighty occurrences, with deletions, moves and extras."""
    zone, start = draw(st.sampled_from(BEGINNINGS))
    pattern = draw(st.sampled_from(patterns(start)))
    end = draw(
        st.integers(1, 10 if "months" in pattern else 40).map(lambda n: {"count": n})
        | st.integers(0, 80).map(lambda n: {"until": (start + timedelta(days=n)).date()})
    )
    rule = Rule.every(**pattern, **end)
    plain = Series(start=start, zone=zone, duration=HOUR, rule=rule, gap=draw(st.sampled_from(("shift", "skip"))))
    originals = walls(plain)
    if not exceptions or not originals:
        return plain
    rows: dict[datetime, Override] = {}
    for kind in draw(st.lists(st.sampled_from(OverrideKind), max_size=6)):
        wall = draw(st.sampled_from(originals))
        away = timedelta(minutes=draw(st.integers(-3000, 3000)) * 7 + 3)
        if kind is EXCLUDED:
            rows[wall] = Override(original=wall, kind=kind)
        elif kind is MOVED:
            rows[wall] = Override(
                original=wall, kind=kind, to=wall + away, duration=draw(st.sampled_from((None, 2 * HOUR)))
            )
        elif local_kind(wall + away, find_zone(zone)) is not WallTime.SKIPPED:
            rows[wall + away] = Override(original=wall + away, kind=kind)
    return Series(start=start, zone=zone, duration=HOUR, rule=rule, gap=plain.gap, overrides=tuple(rows.values()))


def window(draw: st.DataObject, about: datetime) -> tuple[datetime, datetime, datetime]:
    """Three instants in order, near a start."""
    marks = draw.draw(st.lists(st.integers(-40_000, 150_000), min_size=3, max_size=3, unique=True).map(sorted))
    low, middle, high = (about.replace(tzinfo=UTC) + timedelta(minutes=mark) for mark in marks)
    return low, middle, high


def inside(found: list[Occurrence] | tuple[Occurrence, ...], within: Span) -> tuple[Occurrence, ...]:
    return tuple(one for one in found if within.contains(one.starts_at))
