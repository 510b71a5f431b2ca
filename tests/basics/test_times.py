"""Instants, spans, periods: what the clock does, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import Code, Period, Span
from oasys_sched.times import WallTime, as_utc, find_zone, local_kind, wall_to_utc

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Nowhere(tzinfo):
    """A zone that does not know its offset: as good as none."""

    def utcoffset(self, when: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (datetime(2026, 3, 5), Code.NAIVE_DATETIME),
        (datetime(2026, 3, 5, tzinfo=Nowhere()), Code.NAIVE_DATETIME),
        (datetime.min.replace(tzinfo=UTC), Code.OUT_OF_RANGE),
        (datetime.max.replace(tzinfo=UTC), Code.OUT_OF_RANGE),
        (datetime.max.replace(tzinfo=timezone(-23 * HOUR)), Code.OUT_OF_RANGE),
        (date(2026, 3, 5), Code.INVALID_VALUE),
        ("2026-03-05T12:00:00Z", Code.INVALID_VALUE),
        (1_772_712_000, Code.INVALID_VALUE),
    ],
)
def test_only_aware_instants_of_two_centuries_are_taken(value: object, code: Code) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        as_utc(value, "now")  # type: ignore[arg-type]

    assert (caught.value.code, caught.value.field) == (code, "now")


def test_every_zone_says_the_same_instant() -> None:
    assert as_utc(NOON, "now") is NOON
    assert as_utc(NOON.astimezone(NEW_YORK), "now") == NOON
    assert as_utc(NOON.astimezone(NEW_YORK), "now").tzinfo is UTC


@pytest.mark.parametrize("key", ["", "Mars/Olympus", "../passwd", "/etc/passwd", "A" * 5000, "a\0b", None, 7])
def test_an_unknown_zone_is_refused_by_name(key: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        find_zone(key, "client.zone")

    assert (caught.value.code, caught.value.field) == (Code.UNKNOWN_ZONE, "client.zone")


@pytest.mark.parametrize(
    ("wall", "kind", "instant"),
    [
        (datetime(2026, 3, 8, 1, 59), WallTime.ONCE, datetime(2026, 3, 8, 6, 59, tzinfo=UTC)),
        (datetime(2026, 3, 8, 2, 30), WallTime.SKIPPED, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 3, 8, 2, 30, fold=1), WallTime.SKIPPED, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30), WallTime.TWICE, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30, fold=1), WallTime.TWICE, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_a34_a_gap_moves_forward_and_a_repeat_takes_the_first(
    wall: datetime, kind: WallTime, instant: datetime
) -> None:
    assert local_kind(wall, NEW_YORK) is kind
    assert wall_to_utc(wall, NEW_YORK) == instant


def test_spans_are_half_open() -> None:
    nine, ten = Span(NOON, NOON + HOUR), Span(NOON + HOUR, NOON + 2 * HOUR)

    assert not nine.overlaps(ten)
    assert nine.contains(NOON)
    assert not nine.contains(NOON + HOUR)
    assert Span(NOON, NOON + 2 * HOUR).covers(nine)
    assert not nine.covers(ten)
    assert nine.duration == HOUR


def test_parts_of_a_second_are_rounded_outwards() -> None:
    part = timedelta(microseconds=1)
    assert Span(NOON + part, NOON + HOUR + part).last - Span(NOON, NOON + HOUR).last == 1
    assert Span(NOON + part, NOON + HOUR).first == Span(NOON, NOON + HOUR).first


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "1D", "P1.5D", "P-1D", "PT1", "P1H", "PT1D", "P1S", "p1d", "P1D ", "P201Y", "P99999M",
     "P999999D", "PT999999999S1", "P1W2", "P\u0661D", "P1DT9999999H", "X" * 1000, None, 7],
)  # fmt: skip
def test_what_is_no_period_of_two_centuries_is_refused(text: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        Period.parse(text, "policy.minimum_notice")

    assert (caught.value.code, caught.value.field) == (Code.INVALID_DURATION, "policy.minimum_notice")


@pytest.mark.parametrize(
    "given", [{"months": -1}, {"days": -1}, {"exact": -HOUR}, {"months": 2401}, {"days": 73_001},
              {"exact": timedelta(days=73_001)}],
)  # fmt: skip
def test_a_period_is_between_nothing_and_two_centuries(given: dict[str, object]) -> None:
    with pytest.raises(sched.InvalidValue):
        Period(**given)  # type: ignore[arg-type]


@given(st.integers(0, 2400), st.integers(0, 10_000), st.integers(0, 10**8))
def test_a_period_is_its_text(months: int, days: int, seconds: int) -> None:
    period = Period(months=months, days=days, exact=timedelta(seconds=seconds))

    assert Period.parse(str(period)) == period
    assert bool(period) == (str(period) != "PT0S")


def test_a3_hours_elapse_and_days_are_calendar_time() -> None:
    eve = datetime(2026, 3, 7, 15, tzinfo=NEW_YORK)
    elapsed, calendar = Period.parse("PT24H"), Period.parse("P1D")

    assert elapsed.after(eve, NEW_YORK).astimezone(NEW_YORK).hour == 16
    assert calendar.after(eve, NEW_YORK).astimezone(NEW_YORK).hour == 15
    assert elapsed.before(calendar.after(eve, NEW_YORK), NEW_YORK).astimezone(NEW_YORK).hour == 14
    assert calendar.before(calendar.after(eve, NEW_YORK), NEW_YORK) == eve


def test_a3_a_month_after_the_31st_is_the_last_day() -> None:
    end = datetime(2026, 1, 31, 9, tzinfo=NEW_YORK)

    assert Period.parse("P1M").after(end, NEW_YORK).astimezone(NEW_YORK).date() == date(2026, 2, 28)
    assert Period.parse("P1Y1M").before(end, NEW_YORK).astimezone(NEW_YORK).date() == date(2024, 12, 31)
    assert Period.parse("P1M1D").after(end, NEW_YORK).astimezone(NEW_YORK).date() == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["P200Y", "P73000D", "PT1752000H", "P200YT1752000H", "P200Y73000D"])
def test_a_period_never_leaves_the_years_that_are_known(text: str) -> None:
    period = Period.parse(text)
    for edge in (datetime(1970, 1, 2, tzinfo=UTC), NOON, datetime(2199, 12, 30, tzinfo=UTC)):
        assert 1970 <= period.before(edge, NEW_YORK).year <= period.after(edge, NEW_YORK).year < 2200
