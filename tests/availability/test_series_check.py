"""A whole series against a diary before it exists: RULES A10, A36."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import Accepted, Busy, BusyKind, Code, Refused, Rule, Series, check_series
from tests.availability.week import HOURS, NEW_YORK, at, diary, span

HOUR = timedelta(hours=1)
YEAR = span("06-01 00:00", "12-31 00:00")
WEEKLY = Series(
    start=datetime(2026, 6, 15, 10), zone=NEW_YORK.key, duration=HOUR, rule=Rule.every(weeks=1, count=4)
)  # fmt: skip


def taken(*days: str, kind: BusyKind = BusyKind.APPOINTMENT) -> tuple[Busy, ...]:
    return tuple(Busy(span=span(f"{day} 10:30", f"{day} 11:30"), kind=kind, id=day) for day in days)


def originals(found: object) -> list[str]:
    return [f"{one.original_start:%m-%d}" for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("ready", [False, True])
def test_a36_every_occurrence_gets_a_verdict_with_its_reasons(ready: bool) -> None:
    known = diary(busy=(*taken("06-22", "07-06"), span("06-29 09:00", "06-29 10:00")))
    check = check_series(WEEKLY, known.prepared(YEAR) if ready else known)

    assert check.free == (True, False, True, False)
    assert originals(check.conflicts) == ["06-22", "07-06"]
    assert [verdict.free for verdict in check.verdicts] == list(check.free)
    ((reason,),) = (verdict.reasons for verdict in check.verdicts[1:2])
    assert (reason.code, reason.details["id"]) == (Code.CONFLICT, "06-22")
    assert reason.details["original_start"] == datetime(2026, 6, 22, 10)


def test_a36_all_or_nothing_by_default() -> None:
    decision = check_series(WEEKLY, diary(busy=taken("06-22", "07-06"))).decide()
    assert isinstance(decision, Refused)

    assert [row.code for row in decision.refusals] == [Code.CONFLICT] * 2
    assert [row.details["original_start"].day for row in decision.refusals] == [22, 6]  # type: ignore[attr-defined]


def test_a36_conflicting_dates_can_be_skipped() -> None:
    decision = check_series(WEEKLY, diary(busy=taken("06-22", "07-06"))).decide(skip_conflicts=True)
    assert isinstance(decision, Accepted)

    assert originals(decision.value.all()) == ["06-15", "06-29"]
    assert [row.code for row in decision.warnings] == [Code.CONFLICT] * 2


def test_a36_skipping_every_date_is_a_refusal() -> None:
    everything = diary(busy=(Busy(span=YEAR, kind=BusyKind.HOLD),))

    assert isinstance(check_series(WEEKLY, everything).decide(skip_conflicts=True), Refused)


@pytest.mark.parametrize(
    ("kind", "code"), [(BusyKind.BLOCK, Code.BLOCKED), (BusyKind.EXTERNAL, Code.BUSY)]
)  # fmt: skip
def test_a10_blocks_and_busy_calendars_only_warn_the_clinician(kind: BusyKind, code: Code) -> None:
    check = check_series(WEEKLY, diary(busy=taken("06-22", kind=kind)))
    decision = check.decide()
    assert isinstance(decision, Accepted)

    assert decision.value == WEEKLY
    assert [row.code for row in decision.warnings] == [code]
    assert isinstance(check.decide(strict=True), Refused)


def test_a36_a_free_series_is_accepted_without_a_word() -> None:
    assert check_series(WEEKLY, diary()).decide() == Accepted(WEEKLY)


def test_s88_busy_calendars_count_only_while_the_switch_is_on() -> None:
    off = sched.BookingPolicy(block_external_busy=False)
    known = diary(busy=(*taken("06-22", kind=BusyKind.EXTERNAL), *taken("06-29")))

    for one in (known, known.prepared(YEAR)):
        check = check_series(WEEKLY, one, policy=off)
        assert check.free == (True, True, False, True)
        assert [len(verdict.reasons) for verdict in check.verdicts] == [0, 0, 1, 0]


@pytest.mark.parametrize("ready", [False, True])
def test_a36_the_nearest_free_start_is_suggested_for_each_conflict(ready: bool) -> None:
    full = tuple(Busy(span=span(f"07-{day:02} 00:00", f"07-{day + 1:02} 00:00")) for day in range(5, 9))
    known = diary(busy=(*taken("06-22"), *full))
    check = check_series(WEEKLY, known.prepared(YEAR) if ready else known)

    assert check.suggestions() == {
        datetime(2026, 6, 22, 10): at("06-22 09:30"),
        datetime(2026, 7, 6, 10): at("07-03 16:00"),
    }


def test_a36_where_nothing_is_free_nothing_is_suggested() -> None:
    check = check_series(WEEKLY, diary(busy=(YEAR,)))

    assert set(check.suggestions().values()) == {None}


def test_a36_suggestions_keep_off_each_other_and_inside_what_is_prepared() -> None:
    daily = Series(start=datetime(2026, 6, 15, 9), zone=NEW_YORK.key, duration=HOUR, rule=Rule.every(days=1, count=2))
    nines = tuple(span(f"06-{day} 08:30", f"06-{day} 09:30") for day in (15, 16))
    one_hour = sched.WeeklyHours.parse({"mon": "09:00-11:00"}, zone=HOURS.zone)
    known = diary(hours=one_hour, busy=nines)
    narrow = known.prepared(span("06-15 09:00", "06-16 10:00"))

    found = list(check_series(daily, narrow).suggestions().values())
    assert found[0] == at("06-15 09:30")
    assert found[1] is None


def test_moved_and_longer_occurrences_are_checked_where_they_are() -> None:
    moved = WEEKLY.moved(datetime(2026, 6, 22, 10), to=datetime(2026, 6, 23, 15), duration=3 * HOUR)
    known = diary(busy=(*taken("06-22"), Busy(span=span("06-23 17:00", "06-23 17:30"), kind=BusyKind.HOLD)))

    for one in (known, known.prepared(YEAR)):
        check = check_series(moved, one)
        assert check.free == (True, False, True, True)
        assert originals(check.conflicts) == ["06-22"]


def test_an_open_series_needs_a_window_and_an_empty_one_is_free() -> None:
    forever = Series(start=WEEKLY.start, zone=WEEKLY.zone, duration=HOUR, rule=Rule.every(weeks=1))
    with pytest.raises(sched.InvalidValue) as caught:
        check_series(forever, diary())

    assert caught.value.code is Code.END_REQUIRED
    assert len(check_series(forever, diary(), within=YEAR).free) == 29
    nothing = check_series(forever, diary(), within=span("06-01 00:00", "06-02 00:00"))
    assert (nothing.free, nothing.verdicts, nothing.suggestions()) == ((), (), {})


def test_a_prepared_diary_has_to_cover_the_series() -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        check_series(WEEKLY, diary().prepared(span("06-15 00:00", "06-30 00:00")))

    assert (caught.value.field, caught.value.code) == ("diary", Code.OUT_OF_RANGE)


@given(
    st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 3000), st.sampled_from(BusyKind)), max_size=12),
    st.lists(st.tuples(st.integers(1, 11), st.integers(-3000, 3000)), max_size=3, unique_by=lambda row: row[0]),
)
def test_the_verdicts_are_what_comparing_everything_gives(
    busy: list[tuple[int, int, BusyKind]], moves: list[tuple[int, int]]
) -> None:
    minute = timedelta(minutes=1)
    rows = tuple(
        Busy(span=sched.Span(YEAR.start + n * minute, YEAR.start + (n + length) * minute), kind=kind)
        for n, length, kind in busy
    )
    series = Series(start=datetime(2026, 6, 1, 10), zone=NEW_YORK.key, duration=HOUR, rule=Rule.every(days=2, count=12))
    for nth, by in moves:
        original = series.start + timedelta(days=2 * nth)
        series = series.moved(original, to=original + by * minute)
    wide = sched.Span(YEAR.start - timedelta(days=9), YEAR.end)

    for known in (diary(busy=rows), diary(busy=rows).prepared(wide)):
        check = check_series(series, known)
        assert [verdict.occurrence for verdict in check.verdicts] == list(series.all())
        for verdict in check.verdicts:
            hit = [row for row in rows if row.span.overlaps(verdict.occurrence.span)]
            assert verdict.free is (not hit)
            assert len(verdict.reasons) == len(hit)
        assert check.free == tuple(verdict.free for verdict in check.verdicts)
