"""`expand` at its edges: what is read, what is refused, and that no question walks for ever."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from oasys_sched import Code, InvalidValue, expand
from oasys_sched.recurrence import engine

NEW_YORK = "America/New_York"
START = "2026-03-05T15:00:00"


def starts(start: str = START, zone: str | None = NEW_YORK, rule: str = "FREQ=DAILY;COUNT=3", **more: Any) -> list[str]:
    return [one["start"] for one in expand(start, zone, rule, **more)["occurrences"]]


def test_whole_days_have_no_instants() -> None:
    found = expand("2026-03-05", None, "FREQ=DAILY;COUNT=2")

    assert found == {"occurrences": [{"start": "2026-03-05", "utc": None}, {"start": "2026-03-06", "utc": None}]}
    assert starts("2026-03-05", None, exclude=["2026-03-06"]) == ["2026-03-05", "2026-03-07"]
    assert starts("2026-03-05", None, exclude=["2026-03-06T09:00:00"]) == ["2026-03-05", "2026-03-07"]


@pytest.mark.parametrize(
    ("start", "zone", "rule", "expected"),
    [
        # 02:00 is 03:00 on 8 March, once.
        ("2026-03-08T02:00:00", NEW_YORK, "FREQ=DAILY;BYHOUR=2,3", ["2026-03-08T03:00:00", "2026-03-09T02:00:00"]),
        ("2026-03-08T02:45:00", NEW_YORK, "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,45", ["2026-03-08T03:15:00"]),
        ("2011-12-30T09:00:00", "Pacific/Apia", "FREQ=DAILY", ["2011-12-31T09:00:00", "2012-01-01T09:00:00"]),
    ],
)
def test_a34_the_limit_counts_instants_in_the_order_that_a_gap_leaves(
    start: str, zone: str, rule: str, expected: list[str]
) -> None:
    assert starts(start, zone, rule, limit=len(expected)) == expected


def test_a_floating_clock_has_no_zone() -> None:
    assert expand(START, None, "FREQ=DAILY;COUNT=1")["occurrences"] == [{"start": START, "utc": None}]
    for offset in ("Z", "-05:00"):
        assert starts(zone=None, exclude=[f"2026-03-06T15:00:00{offset}"]) == [START, "2026-03-07T15:00:00"]


def test_excluding_beats_adding_and_a_date_means_its_day() -> None:
    added = "2026-03-05T20:00:00"

    assert starts(add=[added]) == [START, added, "2026-03-06T15:00:00", "2026-03-07T15:00:00"]
    assert starts(add=[added], exclude=[added]) == starts()
    assert starts(add=[added], exclude=["2026-03-05"]) == ["2026-03-06T15:00:00", "2026-03-07T15:00:00"]
    assert starts(exclude=["2026-03-06T20:00:00Z", "2026-03-07T12:00:00-08:00"]) == [START]
    assert starts(add=[f"2026-03-0{day}T01:00:00" for day in range(1, 6)], limit=2) == [
        "2026-03-01T01:00:00", "2026-03-02T01:00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;UNTIL=20260306", ["2026-03-05T15:00:00", "2026-03-06T15:00:00"]),
        ("FREQ=DAILY;UNTIL=20260306T200000Z", ["2026-03-05T15:00:00", "2026-03-06T15:00:00"]),
        ("FREQ=DAILY;UNTIL=20260306T195959Z", ["2026-03-05T15:00:00"]),
        ("FREQ=DAILY;UNTIL=20260306T145959", ["2026-03-05T15:00:00"]),
        ("FREQ=YEARLY;INTERVAL=9;UNTIL=99991231T235959Z", ["2026-03-05T15:00:00", "2035-03-05T15:00:00"]),
    ],
)
def test_an_end_is_inclusive_whatever_clock_it_is_given_on(rule: str, expected: list[str]) -> None:
    assert starts(rule=rule, limit=2) == expected


def test_times_are_read_as_iso_8601_of_at_most_40_characters() -> None:
    assert starts("20260305T15") == starts(f"{START}.{'0' * 20}") == starts()
    with pytest.raises(InvalidValue):
        starts(f"{START}.{'0' * 21}")


def test_ten_are_listed_and_as_many_as_are_asked_for() -> None:
    assert len(starts(rule="FREQ=DAILY")) == 10
    assert starts(limit=1) == [START]
    assert len(starts(limit=10_000)) == 3
    assert len(starts(exclude=["2026-03-06"] * 10_000)) == 2


def test_the_calendar_itself_ends() -> None:
    assert starts(zone=None, rule="FREQ=YEARLY;INTERVAL=1000") == [
        f"{year}-03-05T15:00:00" for year in range(2026, 9999, 1000)
    ]


def test_a_rule_by_months_is_asked_for_no_day_outside_the_calendar() -> None:
    first, last = "0001-01-01T09:00:00", "9999-12-30T09:00:00"

    assert starts(first, zone=None, rule="FREQ=DAILY;BYMONTHDAY=1,31", limit=3) == [
        first, "0001-01-31T09:00:00", "0001-02-01T09:00:00"
    ]  # fmt: skip
    assert starts(last, zone=None, rule="FREQ=DAILY;BYMONTH=12;BYHOUR=9,23") == [
        last, "9999-12-30T23:00:00", "9999-12-31T09:00:00", "9999-12-31T23:00:00"
    ]  # fmt: skip


def test_with_a_zone_the_calendar_ends_two_days_early_and_begins_two_days_late() -> None:
    assert starts("9999-12-28T15:00:00", rule="FREQ=DAILY") == ["9999-12-28T15:00:00", "9999-12-29T15:00:00"]
    assert len(starts("0001-01-03T15:00:00")) == 3


def test_an_end_past_the_calendar_of_the_zone_is_no_end() -> None:
    assert len(starts(zone="Pacific/Kiritimati", rule="FREQ=YEARLY;UNTIL=99991231T235959Z", limit=3)) == 3


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"start": "soon"}, Code.INVALID_VALUE, "start"),
        ({"start": 7}, Code.INVALID_VALUE, "start"),
        ({"start": "2026-03-05T15:00:00Z"}, Code.INVALID_VALUE, "start"),
        ({"start": "2026-02-30"}, Code.INVALID_VALUE, "start"),
        ({"start": "0001-01-01T00:00:00"}, Code.OUT_OF_RANGE, "start"),
        ({"start": "0001-01-02T15:00:00"}, Code.OUT_OF_RANGE, "start"),
        ({"zone": "Mars/Olympus"}, Code.UNKNOWN_ZONE, "zone"),
        ({"rule": "FREQ=SECONDLY"}, Code.INVALID_PATTERN, "rule.FREQ"),
        ({"rule": "FREQ=MINUTELY"}, Code.INVALID_PATTERN, "rule.FREQ"),
        ({"rule": "FREQ=HOURLY"}, Code.INVALID_PATTERN, "rule.FREQ"),
        ({"rule": "FREQ=DAILY;INTERVAL=0"}, Code.INVALID_PATTERN, "rule.INTERVAL"),
        ({"rule": "FREQ=DAILY;COUNT=1000000000"}, Code.TOO_MANY_OCCURRENCES, "rule.COUNT"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, Code.INVALID_PATTERN, "rule.BYMONTHDAY"),
        ({"rule": "FREQ=MONTHLY;BYDAY=0MO"}, Code.INVALID_PATTERN, "rule.BYDAY"),
        ({"rule": "FREQ=MONTHLY;BYDAY=MO;BYSETPOS="}, Code.INVALID_PATTERN, "rule.BYSETPOS"),
        ({"rule": "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=2"}, Code.INVALID_PATTERN, "rule"),
        ({"rule": "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1"}, Code.INVALID_PATTERN, "rule"),
        ({"rule": "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"}, Code.INVALID_PATTERN, "rule"),
        ({"rule": "FREQ=DAILY;UNTIL=20260304"}, Code.INVALID_END, "rule.UNTIL"),
        ({"rule": "FREQ=DAILY;UNTIL=20260305T145959"}, Code.INVALID_END, "rule.UNTIL"),
        ({"start": "2026-03-05", "zone": None, "rule": "FREQ=DAILY;BYHOUR=9"}, Code.INVALID_PATTERN, "rule"),
        ({"exclude": ["x"]}, Code.INVALID_VALUE, "exclude.0"),
        ({"exclude": ["2026-03-05"] * 1_000_000}, Code.TOO_LARGE, "exclude"),
        ({"add": ["2026-03-05", None]}, Code.INVALID_VALUE, "add.1"),
        ({"add": ["2026-03-05"] * 1_000_000}, Code.TOO_LARGE, "add"),
        ({"limit": 0}, Code.OUT_OF_RANGE, "limit"),
        ({"limit": True}, Code.OUT_OF_RANGE, "limit"),
        ({"limit": 10_001}, Code.OUT_OF_RANGE, "limit"),
    ],
)
def test_hostile_questions_are_refused_by_name(given: dict[str, Any], code: Code, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        starts(**given)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert len(str(caught.value)) < 300


TIMES = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(0, 60, 5)))}"


def counted(asked: Counter[str], name: str) -> Callable[..., Any]:
    find = getattr(engine, name)

    def asking(*given: Any) -> Any:
        asked[name] += 1
        return find(*given)

    return asking


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=1;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=14;BYDAY=TU;BYMONTHDAY=-1",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-3",
        "FREQ=WEEKLY;BYMONTH=2,4,12;BYSETPOS=-7,-3",
        "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1,2,3,4,5,6,7;BYSETPOS=2",
        "FREQ=MONTHLY;BYDAY=1MO,2MO,3MO;BYMONTHDAY=29,30,31,-1,-2",
        "FREQ=MONTHLY;BYHOUR=1,2,3;BYSETPOS=5",
        "FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=8",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;INTERVAL=100",
        "FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10;BYDAY=MO;BYSETPOS=200",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTHDAY=15",
    ],
)
def test_a_rule_that_never_comes_true_is_refused_by_the_kinds_of_its_months_and_years(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    for name in ("month_days", "year_days", "week_days", "days_in_month"):
        monkeypatch.setattr(engine, name, counted(asked, name))
    with pytest.raises(InvalidValue) as caught:
        starts(rule=rule)

    assert (caught.value.code, caught.value.field) == (Code.INVALID_PATTERN, "rule")
    # 4,800 months and 20,871 weeks make four centuries.
    assert asked.total() < 1000


@pytest.mark.parametrize(
    ("position", "expected"),
    [(366, ["2027-01-02T06:25:00", "2028-01-02T06:25:00"]), (-366, ["2026-12-30T17:30:00", "2027-12-30T17:30:00"])],
)
def test_positions_count_among_all_times_of_a_year(position: int, expected: list[str]) -> None:
    rule = f"FREQ=YEARLY;{TIMES};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS={position}"

    assert starts(rule=rule, limit=2) == expected
