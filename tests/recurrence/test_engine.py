"""The integer engine against a scan of every day, against dateutil, and against itself walked from the start."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from dateutil import rrule as du
from hypothesis import assume, given
from hypothesis import strategies as st

from oasys_sched import Rule
from oasys_sched.recurrence.engine import Pattern, pattern
from oasys_sched.recurrence.zone_table import DAY, seconds_of, wall_of
from oasys_sched.testing.oracles import scan
from oasys_sched.testing.strategies import rules
from tests.recurrence.oracle import FAULTS, dateutil_rule, starts

YEARS = timedelta(days=1500)
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "recurrence.json").read_text())


def between(found: Pattern, low: datetime, high: datetime) -> list[datetime]:
    return [wall_of(wall) for wall in found.walls(seconds_of(low), seconds_of(high))]


@given(rules(), starts)
def test_the_engine_finds_what_a_scan_of_every_day_finds(rule: Rule, start: datetime) -> None:
    end = start + YEARS
    expected = [when for when in scan(rule, start, end.date()) if when < end]

    assert between(pattern(rule, start), start, end.replace(hour=0, minute=0, second=0)) == expected


@given(rules(), starts)
def test_the_engine_agrees_with_dateutil_where_dateutil_is_right(rule: Rule, start: datetime) -> None:
    assume(not any(fault(rule) for fault in FAULTS))
    end = start + YEARS
    ours = between(pattern(rule, start), start, end + timedelta(seconds=1))
    assume(ours)  # a rule that brings nothing keeps dateutil busy until the year 9999; the scan holds those

    assert ours == list(dateutil_rule(rule, start, end))


@pytest.mark.parametrize(
    ("text", "start", "first"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", datetime(2026, 1, 7, 9), datetime(2026, 1, 12, 9)),
        ("FREQ=MONTHLY;BYDAY=3MO,WE,FR", datetime(2015, 1, 2, 8), datetime(2015, 1, 2, 8)),
    ],
)
def test_the_named_faults_of_dateutil_are_still_there(text: str, start: datetime, first: datetime) -> None:
    rule = Rule.parse(text)
    wall = pattern(rule, start).first_from(seconds_of(start))
    assert wall is not None

    assert wall_of(wall) == first
    assert any(fault(rule) for fault in FAULTS)
    window = du.rrulestr(text, dtstart=start).between(start, datetime(2027, 1, 1), inc=True)
    assert window[:1] != [first]


@given(rules(), starts, st.integers(0, 40 * 365), st.integers(1, 400))
def test_jumping_equals_walking_from_the_start(rule: Rule, start: datetime, skip: int, days: int) -> None:
    low = start + timedelta(days=skip, hours=1)
    found = pattern(rule, start)
    walked = [when for when in between(found, start, low + timedelta(days=days)) if when >= low]

    assert between(found, low, low + timedelta(days=days)) == walked


@given(rules(), starts, st.integers(0, 3000), st.integers(0, 500), st.integers(0, 500))
def test_invariant_17_neighbouring_windows_add_up(rule: Rule, start: datetime, skip: int, one: int, two: int) -> None:
    low = start + timedelta(days=skip)
    middle, high = low + timedelta(days=one), low + timedelta(days=one + two)
    found = pattern(rule, start)

    assert between(found, low, middle) + between(found, middle, high) == between(found, low, high)


@given(rules(), starts)
def test_first_last_and_nth_agree_with_the_walk(rule: Rule, start: datetime) -> None:
    found = pattern(rule, start)
    walls = list(islice(found.each(), 12))
    assume(walls)

    assert walls == sorted(set(walls))
    assert found.first_from(found.start_wall) == walls[0]
    assert [found.nth(n) for n in range(1, len(walls) + 1)] == walls
    for before, after in pairwise(walls):
        assert found.first_from(before + 1) == after
        assert found.last_before(after) == before
    assert found.last_before(walls[0]) is None


@pytest.mark.parametrize(
    ("text", "walls"),
    [
        ("FREQ=DAILY;BYHOUR=8,12", ["01T08:30", "01T12:30", "02T08:30"]),
        ("FREQ=DAILY;BYMINUTE=0,45;BYSETPOS=-1", ["01T08:45", "02T08:45"]),
        ("FREQ=WEEKLY;BYHOUR=8", ["01T08:30", "08T08:30"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;BYHOUR=9", ["02T09:30", "05T09:30", "16T09:30"]),
        ("FREQ=MONTHLY;BYHOUR=8;BYSECOND=0,30", ["01T08:30", "01T08:30:30"]),
        ("FREQ=MONTHLY;BYDAY=1MO;BYHOUR=7", []),
        ("FREQ=YEARLY;BYHOUR=9", ["01T09:30"]),
        ("FREQ=YEARLY;BYMONTH=6;BYHOUR=9", ["01T09:30"]),
        ("FREQ=YEARLY;BYWEEKNO=24", ["08T08:30"]),
        ("FREQ=YEARLY;BYWEEKNO=24,25", ["08T08:30", "15T08:30"]),
        ("FREQ=YEARLY;BYWEEKNO=24;BYDAY=TU,WE", ["09T08:30", "10T08:30"]),
        ("FREQ=YEARLY;BYWEEKNO=24;BYMONTHDAY=9", ["09T08:30"]),
        ("FREQ=YEARLY;BYWEEKNO=24;BYYEARDAY=160", ["09T08:30"]),
    ],
)
def test_times_and_week_numbers_go_through_the_guarded_door(text: str, walls: list[str]) -> None:
    start = datetime(2026, 6, 1, 8, 30)
    found = pattern(Rule.parse(text), start)

    shown = [wall.isoformat().removesuffix(":00") for wall in between(found, start, datetime(2026, 7, 1))]
    assert shown[: len(walls)] == [f"2026-06-{wall}" for wall in walls]
    assert bool(shown) == bool(walls)
    assert found.first_from(found.start_wall) is not None


# 1901 and 2101 are as long as 1907 and 2089 and begin on the same weekday, but have no leap year beside them.
@pytest.mark.parametrize(("first", "after"), [(1896, 1910), (1970, 2102)])
@pytest.mark.parametrize("number", [1, 2, 51, 52, 53, -1, -2, -52, -53])
def test_weeks_that_reach_over_new_year_are_numbered_as_iso_8601_does(number: int, first: int, after: int) -> None:
    """To dateutil, 1 January 1983 is in week 53 of a year of 52; it finds no week -52 in the December before."""
    start, end = datetime(first, 1, 1, 9), datetime(after, 1, 1)
    days = [start + timedelta(days=day) for day in range((end - start).days + 1)]
    weeks = {day: day.isocalendar()[:2] for day in days}
    last = {year: datetime(year, 12, 28).isocalendar().week for year in range(first - 1, after + 2)}
    named = [day for day, (year, week) in weeks.items() if week == (number if number > 0 else last[year] + 1 + number)]

    found = pattern(Rule.parse(f"FREQ=YEARLY;BYWEEKNO={number};BYDAY=MO,TU,WE,TH,FR,SA,SU"), start)
    assert between(found, start, end) == named


@pytest.mark.parametrize(
    ("week_start", "first"),
    [
        ("MO", datetime(2027, 1, 4, 9)),
        ("TU", datetime(2026, 12, 29, 9)),
        ("TH", datetime(2026, 12, 31, 9)),
        ("SA", datetime(2027, 1, 2, 9)),
        ("SU", datetime(2027, 1, 3, 9)),
    ],
)
def test_the_first_week_has_four_days_of_its_year_whatever_day_it_begins_on(week_start: str, first: datetime) -> None:
    rule = Rule.parse(f"FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST={week_start}")
    found = pattern(rule, datetime(2026, 6, 1, 9))

    assert between(found, datetime(2026, 6, 1), datetime(2027, 6, 1)) == [first + timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("FREQ=DAILY;BYMONTHDAY=1", datetime(2026, 3, 1, 9)),
        ("FREQ=DAILY;BYMONTHDAY=-1;INTERVAL=2", datetime(2026, 1, 31, 9)),
        ("FREQ=DAILY;BYHOUR=0,12", datetime(2026, 3, 1)),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=0,23;BYSETPOS=1,-1", datetime(2026, 3, 2)),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=0,23;RSCALE=GREGORIAN;SKIP=FORWARD", datetime(2026, 1, 31)),
        ("FREQ=YEARLY;BYYEARDAY=10,200;BYMONTHDAY=10,19", datetime(2026, 1, 10, 9)),
    ],
)
def test_a_window_has_what_begins_in_it_and_nothing_of_its_end(text: str, start: datetime) -> None:
    found = pattern(Rule.parse(text), start)
    walls = list(islice(found.each(), 9))

    assert walls[0] == found.start_wall
    for before, after in pairwise(walls):
        assert before in found
        assert list(found.walls(before, after)) == [before]
        assert list(found.walls(before + 1, after)) == []
        assert list(found.walls(before, after + 1)) == [before, after]


@given(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 5), starts, st.integers(0, 4000))
def test_the_door_jumps_as_dateutil_walks(frequency: str, interval: int, start: datetime, skip: int) -> None:
    text = f"FREQ={frequency};INTERVAL={interval};BYHOUR=0,23;BYMINUTE=0,59"
    low = start + timedelta(days=skip)
    high = low + timedelta(days=800)

    theirs = du.rrulestr(text, dtstart=start).between(low, high, inc=True)
    assert between(pattern(Rule.parse(text), start), low, high) == [when for when in theirs if when < high]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=OMIT", ["01-31", "03-31", "05-31", "07-31"]),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", ["01-31", "02-28", "03-31", "04-30"]),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD", ["01-31", "03-01", "03-31", "05-01"]),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;BYMONTHDAY=1,31;SKIP=FORWARD", ["01-31", "02-01", "03-01", "03-31"]),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;BYMONTHDAY=-31,31;SKIP=BACKWARD", ["01-31", "02-28", "03-01", "03-31"]),
        ("FREQ=YEARLY;RSCALE=GREGORIAN;BYMONTH=2;BYMONTHDAY=30;SKIP=BACKWARD", ["02-28"]),
        ("FREQ=YEARLY;RSCALE=GREGORIAN;BYYEARDAY=366;SKIP=FORWARD", ["01-01"]),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;BYMONTHDAY=31;BYDAY=SU;SKIP=FORWARD", ["03-01", "05-31"]),
    ],
)
def test_rfc_7529_skip_moves_missing_days(text: str, expected: list[str]) -> None:
    found = pattern(Rule.parse(text), datetime(2026, 1, 31, 9))
    shown = [f"{wall_of(wall):%m-%d}" for wall in islice(found.each(), len(expected))]

    assert shown == expected


def test_the_end_of_the_calendar_is_an_end() -> None:
    for text in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=DAILY;BYMONTHDAY=-1"):
        found = pattern(Rule.parse(text), datetime(9999, 12, 1, 8))
        walls = list(found.each())
        assert all(wall_of(wall).year == 9999 for wall in walls)
        assert found.nth(5000) is None
        assert found.first_from(seconds_of(datetime(9999, 12, 31, 9))) is None
    last = pattern(Rule.parse("FREQ=WEEKLY;BYMONTH=12;BYDAY=FR,SA"), datetime(9999, 12, 31))
    assert (last.nth(1), last.nth(2)) == (last.start_wall, None)


def test_a_leap_day_comes_every_four_years_but_not_in_2100() -> None:
    found = pattern(Rule.parse("FREQ=YEARLY"), datetime(2088, 2, 29, 9))

    assert [wall_of(wall).year for wall in islice(found.each(), 4)] == [2088, 2092, 2096, 2104]


def test_a_window_before_the_start_is_empty_and_costs_nothing() -> None:
    found = pattern(Rule.parse("FREQ=DAILY"), datetime(2026, 1, 1, 9))

    assert list(found.walls(found.start_wall - 9 * DAY, found.start_wall)) == []


@pytest.mark.parametrize("case", [one for one in CASES if "SKIP" not in one["rrule"]], ids=lambda one: one["name"])
def test_the_scan_itself_agrees_with_the_published_cases(case: dict[str, Any]) -> None:
    rule = Rule.parse(case["rrule"])
    if any(rule.clock) or rule.by_week_no or case["exdate"] or case["rdate"] or rule.until or case["tzid"]:
        return
    start = datetime.fromisoformat(case["dtstart"])
    found = islice(scan(rule, start, start.date() + timedelta(days=365 * 13)), case["limit"])

    assert [one.isoformat()[: len(case["dtstart"])] for one in found] == case["expected"]


# Mondays: 1 January 2024; the 5th of January 2026.
MONDAY = datetime(2026, 1, 5, 9)


@pytest.mark.parametrize(("text", "most", "days"), [
    ("FREQ=DAILY", 1, 1),
    ("FREQ=DAILY;BYMONTHDAY=1,15", 1, 1),
    ("FREQ=DAILY;BYHOUR=9,12;BYSETPOS=1", 1, 1),
    ("FREQ=WEEKLY", 1, 7),
    ("FREQ=WEEKLY;BYDAY=MO,TH", 2, 7),
    ("FREQ=MONTHLY", 1, 28),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", 2, 28),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", 2, 28),
    ("FREQ=MONTHLY;BYDAY=MO", 28, 28),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=1,-1", 2, 28),
    ("FREQ=YEARLY", 1, 365),
    ("FREQ=YEARLY;BYDAY=2MO", 1, 365),
    ("FREQ=YEARLY;BYMONTHDAY=1,15", 24, 365),
    ("FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=1", 2, 365),
    ("FREQ=YEARLY;BYYEARDAY=1,100", 365, 365),
    ("FREQ=YEARLY;BYWEEKNO=20", 365, 365),
    ("FREQ=YEARLY;BYDAY=MO", 365, 365),
])  # fmt: skip
def test_how_close_the_days_of_a_rule_lie_at_most(text: str, most: int, days: int) -> None:
    rule = Rule.parse(text)
    times = max(1, len(rule.by_hour))

    assert pattern(rule, MONDAY).density == pytest.approx(most / days * times)
    third = Rule.parse(f"{text};INTERVAL=3")
    assert pattern(third, MONDAY).density == pytest.approx(most / days * times / 3)


@given(rules(), starts)
def test_no_window_holds_more_than_the_density_says(rule: Rule, start: datetime) -> None:
    found = pattern(rule, start)
    for days in (366, 1500):
        low = found.start_wall
        # A period may be cut off at either end.
        most = found.density * (days + 2 * 366 * rule.interval)
        assert len(found.walls(low, low + days * DAY)) <= most


@pytest.mark.parametrize(("text", "expected"), [
    ("FREQ=DAILY;INTERVAL=7;BYMONTH=2", "2026-02-02 2026-02-09 2026-02-16"),
    ("FREQ=DAILY;INTERVAL=7;BYMONTH=12", "2026-12-07 2026-12-14 2026-12-21"),
    ("FREQ=DAILY;BYMONTH=12;BYMONTHDAY=31", "2026-12-31 2027-12-31 2028-12-31"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU;BYMONTH=2", ""),
    ("FREQ=DAILY;BYHOUR=9;BYSETPOS=1", "2026-01-05 2026-01-06 2026-01-07"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", "2026-01-05 2026-01-12 2026-01-19"),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=2", "2026-01-06 2026-01-13 2026-01-20"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", ""),
    ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "2027-01-03 2033-01-02 2038-01-03"),
    ("FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29", ""),
])  # fmt: skip
def test_what_comes_next_is_found_however_far_off_it_is(text: str, expected: str) -> None:
    found = pattern(Rule.parse(text), MONDAY)
    days = [f"{wall_of(wall):%Y-%m-%d}" for wall in islice(found.each(), 3)]

    assert days == expected.split()
    century = found.walls(found.start_wall, found.start_wall + 36_500 * DAY)
    assert [f"{wall_of(wall):%Y-%m-%d}" for wall in century[:3]] == days


def test_a_pattern_counts_whole_seconds_that_come_once() -> None:
    odd = pattern(Rule.parse("FREQ=DAILY"), MONDAY.replace(microsecond=5, fold=1))

    assert (odd.start.microsecond, odd.start.fold) == (0, 0)
    assert odd == pattern(Rule.parse("FREQ=DAILY"), MONDAY)
