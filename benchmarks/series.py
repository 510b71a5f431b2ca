"""Series: against dateutil (the engine everybody has), in one run and with equal answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from dateutil import rrule

from benchmarks.timing import exponent, interleaved
from oasys_sched import Diary, Override, OverrideKind, Rule, Series, Span, check_series

ZONE = "America/New_York"
KEY = ZoneInfo(ZONE)
SECOND = timedelta(seconds=1)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(minutes=50)
WEEK = timedelta(weeks=1)


def until(days: int) -> Span:
    return Span(NOW, NOW + timedelta(days=days))


def ours(series: Series, within: Span) -> list[datetime]:
    return [one.starts_at for one in series.occurrences(within)]


def theirs(frequency: int, start: datetime, within: Span) -> list[datetime]:
    """The usual way: an aware rrule, parsed beforehand, asked for the window."""
    rule = rrule.rrule(frequency, dtstart=start.replace(tzinfo=KEY))
    found = rule.between(within.start - SECOND, within.end - SECOND)
    return [when.astimezone(UTC) for when in found]


def open_series(frequency: str, start: datetime) -> Series:
    return Series(start=start, zone=ZONE, duration=HOUR, rule=Rule.parse(f"FREQ={frequency}"))


def weekly() -> tuple[Callable[[], object], Callable[[], object]]:
    start, within = datetime(2016, 11, 24, 15), until(30)
    series = open_series("WEEKLY", start)
    return (lambda: ours(series, within)), (lambda: theirs(rrule.WEEKLY, start, within))


def daily() -> tuple[Callable[[], object], Callable[[], object]]:
    start, within = datetime(2000, 1, 3, 12, 30), until(30)
    series = open_series("DAILY", start)
    return (lambda: ours(series, within)), (lambda: theirs(rrule.DAILY, start, within))


def caseload() -> tuple[Callable[[], object], Callable[[], object]]:
    """200 weekly series since 2023, each with 10 deletions and 5 moves, over 90 days."""
    chosen, within = random.Random(7), until(90)
    mine: list[Series] = []
    plain: list[tuple[datetime, set[datetime], dict[datetime, datetime]]] = []
    for number in range(200):
        start = datetime(2023, 1, 2, 8, 15) + timedelta(days=number % 5, minutes=15 * (number % 36))
        weeks = chosen.sample(range(180, 218), 15)
        gone = {start + week * WEEK for week in weeks[:10]}
        moves = {start + week * WEEK: start + week * WEEK + timedelta(hours=26) for week in weeks[10:]}
        overrides = [Override(original=when, kind=OverrideKind.EXCLUDED) for when in gone]
        overrides += [Override(original=when, kind=OverrideKind.MOVED, to=to) for when, to in moves.items()]
        rule = Rule.every(weeks=1)
        mine.append(Series(start=start, zone=ZONE, duration=HOUR, rule=rule, overrides=tuple(overrides)))
        plain.append((start, gone, moves))

    def engine() -> list[list[datetime]]:
        return [ours(series, within) for series in mine]

    def baseline() -> list[list[datetime]]:
        answers = []
        for start, gone, moves in plain:
            whole = rrule.rruleset()
            whole.rrule(rrule.rrule(rrule.WEEKLY, dtstart=start.replace(tzinfo=KEY)))
            for when in (*gone, *moves):
                whole.exdate(when.replace(tzinfo=KEY))
            found = whole.between(within.start - SECOND, within.end - SECOND)
            shown = [when.astimezone(UTC) for when in found]
            moved = (when.replace(tzinfo=KEY).astimezone(UTC) for when in moves.values())
            answers.append(sorted([*shown, *(when for when in moved if within.contains(when))]))
        return answers

    return engine, baseline


def conflicts(*, crowded: bool, hoisted: bool) -> tuple[Callable[[], object], Callable[[], object]]:
    """52 occurrences against 10,000 busy spans in that year; the diary is prepared beforehand.

    `crowded` spans lie anywhere, so that the naive loop soon meets one; else the series fits, and it looks at all.
    The naive check adds the length to the start at each comparison; `hoisted`, the length is one object made before.
    """
    chosen = random.Random(3)
    series = Series(start=datetime(2026, 11, 24, 10, 30), zone=ZONE, duration=HOUR, rule=Rule.every(weeks=1, count=52))
    wanted = [one.span for one in series.all()]
    busy: list[Span] = []
    while len(busy) < 10_000:
        begin = NOW + timedelta(minutes=5 * chosen.randrange(52 * 7 * 288))
        span = Span(begin, begin + timedelta(minutes=chosen.choice((15, 30, 60))))
        if crowded or not any(span.overlaps(one) for one in wanted):
            busy.append(span)
    ready = Diary(hours=None, busy=tuple(busy)).prepared(Span(NOW, NOW + timedelta(days=380)))

    def engine() -> tuple[bool, ...]:
        return check_series(series, ready).free

    def tuned() -> tuple[bool, ...]:
        starts = (one.starts_at for one in series.all())
        return tuple(not any(row.start < start + HOUR and row.end > start for row in busy) for start in starts)

    pairs = [(row.start, row.end) for row in busy]

    def naive() -> tuple[bool, ...]:
        starts = (one.starts_at for one in series.all())
        return tuple(
            not any(begin < start + timedelta(minutes=50) and end > start for begin, end in pairs) for start in starts
        )

    return engine, tuned if hoisted else naive


JOBS: dict[str, tuple[Callable[[], tuple[Callable[[], object], Callable[[], object]]], int]] = {
    "weekly since 2016, next 30 days": (weekly, 300),
    "200 series, 10 deletions and 5 moves each, 90 days": (caseload, 40),
    "daily since 2000, next 30 days": (daily, 1500),
    "52 occurrences against 10,000 busy spans, all free": (lambda: conflicts(crowded=False, hoisted=False), 3000),
    "the same, naive loop tuned by hand": (lambda: conflicts(crowded=False, hoisted=True), 0),
    "the same, most occurrences taken": (lambda: conflicts(crowded=True, hoisted=True), 0),
}


def age() -> float:
    """How the cost grows with the age of a weekly series, over the last doubling."""
    ages = (7, 14, 28, 56)
    within = until(30)
    series = [open_series("WEEKLY", datetime(2026 - years, 11, 24, 15)) for years in ages]
    spent = interleaved({str(n): (lambda one=one: ours(one, within)) for n, one in zip(ages, series, strict=True)})
    return exponent(ages, list(spent.values()))


def main() -> None:
    print(
        f"dateutil {version('python-dateutil')}, aware with zoneinfo; answers are compared before anything is timed\n"
    )
    print("| job | here | baseline | ratio | goal |\n|---|---:|---:|---:|---:|")
    for name, (make, goal) in JOBS.items():
        engine, baseline = make()
        assert engine() == baseline(), name
        spent = interleaved({"engine": engine, "baseline": baseline}, rounds=7)
        ratio = spent["baseline"] / spent["engine"]
        here, there = (f"{spent[side] * 1e6:,.1f} µs" for side in ("engine", "baseline"))
        print(f"| {name} | {here} | {there} | {ratio:,.0f} | {f'{goal:,}' if goal else ''} |")
    print(f"\ngrowth with the age of the series: exponent {age():.2f} (0 is independent)")


if __name__ == "__main__":
    main()
