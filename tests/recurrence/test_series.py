"""Series by example: the rows about recurring appointments, and everything that is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oasys_sched import (
    Accepted,
    Code,
    InvalidValue,
    Override,
    OverrideKind,
    Refused,
    Rule,
    Series,
    Span,
    appointment_series,
)

NEW_YORK = "America/New_York"
HOUR = timedelta(minutes=50)
THURSDAY = datetime(2026, 3, 5, 15)
WEEK = timedelta(weeks=1)


def weekly(**changed: Any) -> Series:
    given = {"start": THURSDAY, "zone": NEW_YORK, "duration": HOUR, "rule": Rule.every(weeks=1, count=6), **changed}
    return Series(**given)


def shown(series: Series | None) -> list[str]:
    """The occurrences on the wall clock of the series."""
    assert series is not None
    zone = ZoneInfo(series.zone)
    return [f"{one.starts_at.astimezone(zone):%m-%d %H:%M}" for one in series.all()]


def appointments(**changed: Any) -> object:
    given = {"start": THURSDAY, "zone": NEW_YORK, "duration": HOUR, "rule": Rule.every(weeks=1, count=6), **changed}
    return appointment_series(**given)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.every(weeks=1, count=3), ["03-05", "03-12", "03-19"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", ["03-05", "03-19", "04-02"]),
        (Rule.every(weeks=3, count=2), ["03-05", "03-26"]),
        (Rule.every(months=1, count=3), ["03-05", "04-05", "05-05"]),
        (Rule.every(months=1, on="1st thu", count=3), ["03-05", "04-02", "05-07"]),
        (Rule.every(weeks=1, until=date(2026, 3, 19)), ["03-05", "03-12", "03-19"]),
    ],
)
def test_s10_s11_weekly_biweekly_and_monthly_series_of_appointments(rule: Rule | str, expected: list[str]) -> None:
    decided = appointments(rule=rule)

    assert isinstance(decided, Accepted)
    assert [when[:5] for when in shown(decided.value)] == expected
    assert decided.warnings == ()


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"rule": Rule.every(weeks=1)}, Code.END_REQUIRED, "rule"),
        ({"rule": "FREQ=WEEKLY;COUNT=2;UNTIL=20270101"}, Code.END_AMBIGUOUS, "rule.COUNT"),
        ({"rule": "FREQ=WEEKLY;COUNT=0"}, Code.INVALID_END, "rule.COUNT"),
        ({"rule": Rule.every(weeks=1, until=date(2026, 3, 4))}, Code.INVALID_END, "rule"),
        ({"rule": "FREQ=HOURLY;COUNT=2"}, Code.INVALID_PATTERN, "rule.FREQ"),
        ({"rule": Rule.every(weeks=1, on="fri", count=2)}, Code.INVALID_PATTERN, "start"),
        ({"rule": Rule.every(weeks=1, count=301)}, Code.TOO_MANY_OCCURRENCES, "rule"),
        ({"rule": Rule.every(days=1, until=date(2027, 3, 5))}, Code.TOO_MANY_OCCURRENCES, "rule"),
        ({"rule": Rule.every(weeks=1, count=7), "most": 6}, Code.TOO_MANY_OCCURRENCES, "rule"),
        ({"duration": timedelta(0)}, Code.INVALID_DURATION, "duration"),
        ({"zone": "Mars/Olympus"}, Code.UNKNOWN_ZONE, "zone"),
    ],
)
def test_s11_a_series_of_appointments_has_one_end_within_the_cap(
    changed: dict[str, Any], code: Code, field: str
) -> None:
    decided = appointments(**changed)

    assert isinstance(decided, Refused)
    assert [(refusal.code, refusal.field) for refusal in decided.refusals] == [(code, field)]


def test_s11_the_cap_is_reached_exactly_and_the_last_day_counts() -> None:
    assert isinstance(appointments(rule=Rule.every(weeks=1, count=300)), Accepted)
    assert weekly(rule=Rule.every(weeks=1, until=date(2026, 3, 12))).last_start == THURSDAY + WEEK
    assert weekly().last_start == THURSDAY + 5 * WEEK
    assert weekly(rule=Rule.every(weeks=1)).last_start is None
    second_too_short = weekly(rule=Rule.every(weeks=1, until=THURSDAY + WEEK - timedelta(seconds=1)))
    assert not second_too_short.counts_beyond(1)
    assert second_too_short.counts_beyond(0)


def test_a35_months_without_the_day_are_left_out_and_reported() -> None:
    decided = appointments(start=datetime(2026, 1, 31, 9), rule=Rule.every(months=1, until=date(2026, 7, 31)))

    assert isinstance(decided, Accepted)
    assert [when[:5] for when in shown(decided.value)] == ["01-31", "03-31", "05-31", "07-31"]
    (warning,) = decided.warnings
    assert warning.code is Code.DATES_LEFT_OUT
    assert warning.details["months"] == (date(2026, 2, 1), date(2026, 4, 1), date(2026, 6, 1))


def test_a35_or_the_last_day_stands_in() -> None:
    rule = Rule.every(months=1, until=date(2026, 4, 30))
    decided = appointments(start=datetime(2026, 1, 31, 9), rule=rule, month_end="clamp")

    assert isinstance(decided, Accepted)
    assert [when[:5] for when in shown(decided.value)] == ["01-31", "02-28", "03-31", "04-30"]
    assert decided.warnings == ()
    assert weekly().left_out() == weekly(rule=Rule.every(months=1)).left_out() == ()
    spring = weekly(
        start=datetime(2026, 1, 31, 9), rule=Rule.every(months=1, in_months=(1, 3, 4), until=date(2027, 1, 1))
    )
    assert spring.left_out() == (date(2026, 4, 1),)


@pytest.mark.parametrize(
    ("start", "rule", "months"),
    [
        ("2026-01-31", Rule.every(months=1, until=date(2026, 3, 31)), ["2026-02"]),
        ("2026-01-31", Rule.every(months=1, until=datetime(2026, 4, 1)), ["2026-02", "2026-04"]),
        ("2026-08-31", Rule.every(months=1, until=date(2026, 11, 30)), ["2026-09", "2026-11"]),
        ("2026-08-31", Rule.every(months=1, until=date(2026, 12, 20)), ["2026-09", "2026-11"]),
        ("2026-12-31", Rule.every(months=2, until=date(2027, 8, 31)), ["2027-02", "2027-04", "2027-06"]),
        ("2026-01-31", Rule.every(months=1), []),
        ("2026-01-31", Rule.every(weeks=10, count=5), []),
    ],
)
def test_a35_the_months_left_out_end_with_the_series(start: str, rule: Rule, months: list[str]) -> None:
    series = weekly(start=datetime.fromisoformat(f"{start}T09:00:00"), rule=rule)

    assert [f"{first:%Y-%m}" for first in series.left_out()] == months


def test_s12_a34_the_wall_time_is_shared_across_the_clock_change() -> None:
    assert [str(one.starts_at)[5:16] for one in weekly().all()[:2]] == ["03-05 20:00", "03-12 19:00"]
    assert all(one.ends_at - one.starts_at == HOUR for one in weekly().all())
    assert {when[6:] for when in shown(weekly())} == {"15:00"}


def test_a34_a_skipped_time_moves_forward_that_day_only_or_is_left_out_uncounted() -> None:
    nights = {"start": datetime(2026, 3, 7, 2, 30), "rule": Rule.every(days=1, count=3)}
    shifted = weekly(**nights)

    assert shown(shifted) == ["03-07 02:30", "03-08 03:30", "03-09 02:30"]
    assert [one.adjusted for one in shifted.all()] == [False, True, False]
    assert shifted.all()[1].original_start == datetime(2026, 3, 8, 2, 30)
    assert shown(weekly(**nights, gap="skip")) == ["03-07 02:30", "03-09 02:30", "03-10 02:30"]
    assert weekly(**nights, gap="skip").find(datetime(2026, 3, 8, 2, 30)) is None
    assert weekly(**nights, gap="skip").last_start == datetime(2026, 3, 10, 2, 30)
    decided = appointments(**nights, gap="skip")
    assert isinstance(decided, Accepted)
    assert decided.value == weekly(**nights, gap="skip")
    ends_in_the_gap = weekly(**{**nights, "rule": Rule.every(days=1, until=date(2026, 3, 8))}, gap="skip")
    assert ends_in_the_gap.last_start == datetime(2026, 3, 7, 2, 30)


@pytest.mark.parametrize("first", [datetime(1999, 3, 4, 15), THURSDAY])
def test_a_series_of_many_years_is_listed_whole(first: datetime) -> None:
    years = weekly(start=first, rule=Rule.every(weeks=1, until=first + 313 * WEEK)).all()

    assert len(years) == 314
    assert years[-1].original_start == first + 313 * WEEK
    assert {one.starts_at.hour for one in years} == {19, 20}


def test_a_series_with_few_occurrences_in_many_days_is_listed_whole() -> None:
    rare = weekly(zone="UTC", rule=Rule.every(days=750, count=3)).all()

    assert [one.starts_at - rare[0].starts_at for one in rare] == [timedelta(days=750 * n) for n in range(3)]
    assert [one.original_start - THURSDAY for one in rare] == [timedelta(days=750 * n) for n in range(3)]


def test_an_open_series_shows_fifty_thousand_at_once_and_not_one_more() -> None:
    start, open_ended = THURSDAY.replace(tzinfo=UTC), weekly(zone="UTC", rule=Rule.every(days=1))
    end = start + timedelta(days=50_000)

    assert len(open_ended.placed(Span(start, end)).instants) == 50_000
    with pytest.raises(InvalidValue) as caught:
        open_ended.occurrences(Span(start, end + timedelta(seconds=1)))
    assert caught.value.code is Code.TOO_LARGE


def test_a_window_that_begins_within_a_second_begins_after_it() -> None:
    first = weekly().all()[0].starts_at
    for part, expected in ((0, 1), (1, 0), (2, 0)):
        within = Span(first + timedelta(microseconds=part), first + timedelta(hours=1))
        assert len(weekly().occurrences(within)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;COUNT=170",
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=5;COUNT=300",
        "FREQ=YEARLY;BYDAY=1TH,10TH;BYMONTHDAY=1,2,3,4,5,6,7;COUNT=170",
        "FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=4000",
        "FREQ=MONTHLY;BYDAY=1TH,3TU;COUNT=4000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=4;INTERVAL=12;COUNT=20",
    ],
)
def test_a_series_over_many_years_is_no_more_than_it_has(text: str) -> None:
    series = weekly(rule=Rule.parse(text))

    assert len(series.all()) == series.rule.count


def test_s13_one_occurrence_moves_and_keeps_its_identity() -> None:
    second = THURSDAY + WEEK
    once = weekly().moved(second, to=datetime(2026, 3, 13, 9))
    twice = once.moved(second, to=datetime(2026, 5, 1, 10), duration=2 * HOUR)

    assert shown(once)[:3] == ["03-05 15:00", "03-13 09:00", "03-19 15:00"]
    found = twice.find(second)
    assert found is not None
    assert (found.original_start, found.moved, found.duration) == (second, True, 2 * HOUR)
    assert shown(twice)[-1] == "05-01 10:00"
    assert len(twice.overrides) == 1


def test_a_moved_occurrence_is_found_by_its_new_time() -> None:
    far = weekly().moved(THURSDAY, to=datetime(2026, 9, 1, 10))

    assert len(far.occurrences(Span(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)))) == 1
    assert far.occurrences(Span(datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC))) == ()


def test_s13_one_occurrence_is_cancelled_or_added_or_restored() -> None:
    gone = weekly().without(date(2026, 3, 12))
    extra = gone.adding(datetime(2026, 3, 14, 11), duration=2 * HOUR)

    assert shown(gone)[:2] == ["03-05 15:00", "03-19 15:00"]
    assert shown(extra)[:3] == ["03-05 15:00", "03-14 11:00", "03-19 15:00"]
    assert extra.all()[1].duration == 2 * HOUR
    assert gone.adding(THURSDAY + WEEK) == weekly()
    assert extra.without(date(2026, 3, 14)) == gone
    assert shown(extra.moved(date(2026, 3, 14), to=datetime(2026, 3, 15, 8)))[1] == "03-15 08:00"
    moved_away = weekly().moved(THURSDAY, to=datetime(2026, 3, 6, 9))
    assert moved_away.find(THURSDAY) is not None
    hidden = weekly(overrides=(Override(original=datetime(2026, 3, 6, 9), kind=OverrideKind.EXCLUDED),))
    assert shown(hidden.adding(datetime(2026, 3, 6, 9)))[1] == "03-06 09:00"
    assert hidden.adding(datetime(2026, 3, 6, 9), duration=2 * HOUR).all()[1].duration == 2 * HOUR
    doubled = weekly(overrides=(Override(original=THURSDAY, kind=OverrideKind.ADDED, duration=2 * HOUR),))
    assert shown(doubled.without(THURSDAY)) == shown(weekly())[1:]


def test_a_date_deletes_all_of_its_day() -> None:
    twice = weekly(rule=Rule.parse("FREQ=DAILY;BYHOUR=9,15;COUNT=5")).moved(
        datetime(2026, 3, 6, 15), to=datetime(2026, 3, 9, 8)
    )

    assert shown(twice.without(date(2026, 3, 6))) == ["03-05 15:00", "03-07 09:00", "03-07 15:00"]
    assert twice.find(date(2026, 3, 6)) == twice.find(datetime(2026, 3, 6, 9))
    later = weekly(zone="UTC", rule=twice.rule)
    assert [one.original_start.hour for one in later.all()] == [15, 9, 15, 9, 15]
    assert [one.starts_at.hour for one in later.all()] == [15, 9, 15, 9, 15]


def test_an_extra_at_midnight_is_of_the_day_that_begins() -> None:
    extra = weekly().adding(datetime(2026, 3, 14))

    assert extra.find(date(2026, 3, 14)) is not None
    assert extra.find(date(2026, 3, 13)) is None


def test_a34_an_extra_in_a_gap_is_adjusted_too() -> None:
    night = Override(original=datetime(2026, 3, 8, 2, 30), kind=OverrideKind.ADDED)

    assert [one.adjusted for one in weekly(overrides=(night,)).all()[:3]] == [False, True, False]


def test_a34_an_extra_in_a_repeated_hour_is_the_first_unless_the_second_is_meant() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    for instant in (first, first + timedelta(hours=1)):
        extra = weekly().adding(instant)
        assert extra.all()[-1].starts_at == instant
        assert extra.all()[-1].original_start == datetime(2026, 11, 1, 1, 30)


def test_a34_a_series_in_a_repeated_hour_begins_with_the_first_however_it_is_given() -> None:
    second, daily = datetime(2026, 11, 1, 6, 30, tzinfo=UTC), Rule.every(days=1, count=6)
    given = weekly(start=datetime(2026, 11, 1, 1, 30, fold=1), rule=daily)
    parted = weekly(rule=daily).split(at=THURSDAY, to=second).after

    for series in (given, parted):
        assert series.start.fold == 0
        assert series.all()[0].starts_at == second - timedelta(hours=1)


def test_identities_from_any_zone_mean_the_same_occurrence() -> None:
    paris = datetime(2026, 3, 12, 20, tzinfo=ZoneInfo("Europe/Paris"))
    # Under a clock that has not changed yet this would be another hour: an instant is an instant.
    assert weekly().without(paris) == weekly().without(datetime(2026, 3, 12, 19, tzinfo=UTC))
    assert weekly().without(paris).overrides[0].original == THURSDAY + WEEK


REFUSED: dict[str, tuple[Any, Code, str | None]] = {
    "an aware start": (lambda: weekly(start=THURSDAY.replace(tzinfo=UTC)), Code.INVALID_VALUE, "start"),
    "year 1": (lambda: weekly(start=datetime(1, 1, 1)), Code.OUT_OF_RANGE, "start"),
    "year 9999": (lambda: weekly(start=datetime(9999, 1, 1)), Code.OUT_OF_RANGE, "start"),
    "an unknown gap rule": (lambda: weekly(gap="fall"), Code.INVALID_VALUE, "gap"),
    "an unknown month end": (lambda: weekly(month_end="never"), Code.INVALID_VALUE, "month_end"),
    "a length of nothing": (lambda: weekly(duration=timedelta(0)), Code.INVALID_DURATION, "duration"),
    "a length of two months": (lambda: weekly(duration=timedelta(days=62)), Code.INVALID_DURATION, "duration"),
    "a million exceptions": (
        lambda: weekly(overrides=(Override(original=THURSDAY, kind=OverrideKind.EXCLUDED),) * 1_000_000),
        Code.TOO_LARGE, "overrides",
    ),
    "one exception twice": (
        lambda: weekly(overrides=(Override(original=THURSDAY, kind=OverrideKind.EXCLUDED),) * 2),
        Code.INVALID_VALUE, "overrides",
    ),
    "a deletion with a time": (
        lambda: Override(original=THURSDAY, kind=OverrideKind.EXCLUDED, to=THURSDAY), Code.INVALID_VALUE, "to",
    ),
    "a move to nowhere": (lambda: Override(original=THURSDAY, kind=OverrideKind.MOVED), Code.INVALID_VALUE, "to"),
    "a move to an instant": (
        lambda: Override(original=THURSDAY, kind=OverrideKind.MOVED, to=THURSDAY.replace(tzinfo=UTC)),
        Code.INVALID_VALUE, "to",
    ),
    "an exception of no length": (
        lambda: Override(original=THURSDAY, kind=OverrideKind.MOVED, duration=timedelta(0)),
        Code.INVALID_DURATION, "duration",
    ),
    "the 30th of February": (
        lambda: weekly(rule=Rule.parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")), Code.INVALID_PATTERN, "rule.BYMONTHDAY",
    ),
    "a fifth Monday in the first week": (
        lambda: weekly(start=datetime(2026, 3, 2, 9), rule=Rule.parse("FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=2")),
        Code.INVALID_PATTERN, "start",
    ),
    "the end before the start": (
        lambda: weekly(rule=Rule.every(weeks=1, until=date(2026, 3, 1))), Code.INVALID_END, "rule",
    ),
    "a start that is no day of the rule": (
        lambda: weekly(rule=Rule.every(weeks=1, on="mon")), Code.INVALID_PATTERN, "start",
    ),
    "counting past 2199": (
        lambda: weekly(rule=Rule.every(years=1, count=5000)), Code.INVALID_END, "rule",
    ),
    "counting past 2199 what is not skipped": (
        lambda: weekly(rule=Rule.every(years=1, count=5000), gap="skip"), Code.INVALID_END, "rule",
    ),
    "all of an open series": (lambda: weekly(rule=Rule.every(weeks=1)).all(), Code.END_REQUIRED, "rule"),
    "more than anybody reads": (
        lambda: weekly(rule=Rule.every(days=1)).occurrences(
            Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))
        ),
        Code.TOO_LARGE, "within",
    ),
    "deleting what is not there": (
        lambda: weekly().without(THURSDAY + timedelta(hours=1)), Code.NO_SUCH_INSTANCE, "original",
    ),
    "deleting by a word": (
        lambda: weekly().without("2026-03-12"), Code.INVALID_VALUE, "original",  # type: ignore[arg-type]
    ),
    "a rule as text": (lambda: weekly(rule="FREQ=WEEKLY;COUNT=2"), Code.INVALID_PATTERN, "rule"),
    "deleting twice": (
        lambda: weekly().without(THURSDAY).without(THURSDAY), Code.NO_SUCH_INSTANCE, "original",
    ),
    "deleting on a free day": (lambda: weekly().without(date(2026, 3, 6)), Code.NO_SUCH_INSTANCE, "original"),
    "moving what is not there": (
        lambda: weekly().moved(datetime(2030, 1, 1), to=THURSDAY), Code.NO_SUCH_INSTANCE, "original",
    ),
    "moving into the gap": (
        lambda: weekly().moved(THURSDAY, to=datetime(2026, 3, 8, 2, 30)), Code.NONEXISTENT_LOCAL_TIME, "to",
    ),
    "adding into the gap": (
        lambda: weekly().adding(datetime(2026, 3, 8, 2, 30)), Code.NONEXISTENT_LOCAL_TIME, "when",
    ),
    "adding what is there": (lambda: weekly().adding(THURSDAY), Code.NO_CHANGE, "when"),
    "adding a date": (lambda: weekly().adding(date(2026, 3, 8)), Code.INVALID_VALUE, "when"),
    "extending what is open": (
        lambda: weekly(rule=Rule.every(weeks=1)).extended(count=9), Code.ALREADY_OPEN_ENDED, "until",
    ),
    "extending backwards": (lambda: weekly().extended(count=6), Code.NOT_AN_EXTENSION, "until"),
    "extending to an earlier day": (
        lambda: weekly(rule=Rule.every(weeks=1, until=date(2026, 5, 1))).extended(until=date(2026, 4, 30)),
        Code.NOT_AN_EXTENSION, "until",
    ),
    "extending to the same day": (
        lambda: weekly(rule=Rule.every(weeks=1, until=date(2026, 5, 1))).extended(until=date(2026, 5, 1)),
        Code.NOT_AN_EXTENSION, "until",
    ),
    "extending a count by a day without an occurrence": (
        lambda: weekly().extended(until=date(2026, 4, 10)), Code.NOT_AN_EXTENSION, "until",
    ),
    "extending to before it begins": (
        lambda: weekly().extended(until=date(2026, 3, 1)), Code.NOT_AN_EXTENSION, "until",
    ),
    "extending to the second before it begins": (
        lambda: weekly().extended(until=THURSDAY - timedelta(seconds=1)), Code.NOT_AN_EXTENSION, "until",
    ),
    "extending to the second before it begins, in UTC": (
        lambda: weekly().extended(until=datetime(2026, 3, 5, 19, 59, 59, tzinfo=UTC)), Code.NOT_AN_EXTENSION, "until",
    ),
    "cutting by a word": (
        lambda: weekly().cut(before="2026-03-12"), Code.INVALID_VALUE, "before",  # type: ignore[arg-type]
    ),
    "extending to two ends": (
        lambda: weekly().extended(count=9, until=date(2027, 1, 1)), Code.END_AMBIGUOUS, "count",
    ),
    "cutting where nothing is": (lambda: weekly().cut(before=date(2026, 3, 6)), Code.NO_SUCH_INSTANCE, "before"),
    "splitting where nothing is": (lambda: weekly().split(at=date(2026, 3, 6)), Code.NO_SUCH_INSTANCE, "at"),
    "splitting at an extra": (
        lambda: weekly().adding(datetime(2026, 3, 6, 9)).split(at=date(2026, 3, 6)), Code.NO_SUCH_INSTANCE, "at",
    ),
    "splitting by an unknown policy": (
        lambda: weekly().split(at=THURSDAY, exceptions="guess"), Code.INVALID_VALUE, "exceptions",
    ),
    "splitting to a skipped time": (
        lambda: weekly().split(at=THURSDAY, to=datetime(2026, 3, 8, 2, 30)), Code.NONEXISTENT_LOCAL_TIME, "to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_bad_series_and_bad_changes_are_refused_by_name(name: str) -> None:
    make, code, field = REFUSED[name]

    with pytest.raises(InvalidValue) as caught:
        make()

    assert (caught.value.code, caught.value.field) == (code, field)
    assert len(str(caught.value)) < 300


def test_the_message_about_a_wrong_start_names_the_next_right_one() -> None:
    with pytest.raises(InvalidValue, match="2026-03-09T15:00:00"):
        weekly(rule=Rule.every(weeks=1, on="mon"))


def test_s81_a_series_runs_longer_or_for_ever() -> None:
    gone = weekly().without(THURSDAY + WEEK)

    assert len(gone.extended(count=8).all()) == 7
    assert gone.extended(until=date(2026, 4, 16)).last_start == THURSDAY + 6 * WEEK
    assert gone.extended().rule.is_open
    assert gone.extended().overrides == gone.overrides
    by_date = weekly(rule=Rule.every(weeks=1, until=date(2026, 4, 1)))
    assert by_date.extended(until=date(2026, 4, 2)).last_start == THURSDAY + 4 * WEEK
    assert by_date.extended(count=9).last_start == THURSDAY + 8 * WEEK
    assert by_date.extended(until=date(2026, 4, 8)).last_start == THURSDAY + 4 * WEEK
    assert by_date.extended(until=date(2026, 4, 7)).extended(until=date(2026, 4, 8)).rule.until == date(2026, 4, 8)
    assert weekly().extended(until=datetime(2026, 4, 16, 19, tzinfo=UTC)).last_start == THURSDAY + 6 * WEEK


def test_s82_cutting_ends_before_the_chosen_one() -> None:
    later = weekly().moved(THURSDAY + 4 * WEEK, to=datetime(2026, 3, 6, 8)).cut(before=THURSDAY + 3 * WEEK)

    assert shown(later) == ["03-05 15:00", "03-12 15:00", "03-19 15:00"]
    assert weekly().cut(before=THURSDAY) is None
    extra = weekly().adding(datetime(2026, 3, 21, 9))
    assert shown(extra.cut(before=datetime(2026, 3, 21, 9))) == shown(later)
    moved = weekly().moved(THURSDAY + 3 * WEEK, to=datetime(2026, 3, 27, 9)).cut(before=THURSDAY + 3 * WEEK)
    assert moved is not None
    assert moved.overrides == ()


def test_s14_all_future_ones_move_and_the_past_stays() -> None:
    third = THURSDAY + 2 * WEEK
    parted = weekly().split(at=third, to=datetime(2026, 3, 20, 9), duration=2 * HOUR)

    assert shown(parted.before) == ["03-05 15:00", "03-12 15:00"]
    assert shown(parted.after) == ["03-20 09:00", "03-27 09:00", "04-03 09:00", "04-10 09:00"]
    assert parted.after.rule.count == 4
    assert parted.after.duration == 2 * HOUR


def test_s14_weekdays_turn_with_the_start_and_every_second_week_keeps_its_weeks() -> None:
    two_days = weekly(rule=Rule.every(weeks=2, on=("tue", "thu"), count=6))
    parted = two_days.split(at=datetime(2026, 3, 19, 15), to=datetime(2026, 3, 20, 15))

    assert shown(two_days) == ["03-05 15:00", "03-17 15:00", "03-19 15:00", "03-31 15:00", "04-02 15:00", "04-14 15:00"]
    assert shown(parted.after) == ["03-20 15:00", "04-01 15:00", "04-03 15:00", "04-15 15:00"]


@pytest.mark.parametrize("week_start", ["mon", "wed", "sun"])
@pytest.mark.parametrize("days", [-3, -1, 1, 2, 6])
def test_s14_whole_weeks_turn_whatever_day_they_begin_on(week_start: str, days: int) -> None:
    rule = Rule.every(weeks=2, on=("mon", "thu", "sun"), week_start=week_start, count=9)
    series, turn = weekly(rule=rule, zone="UTC"), timedelta(days=days)
    later = [one.original_start for one in series.all()[1:]]

    after = series.split(at=later[0], to=later[0] + turn).after
    assert [one.original_start for one in after.all()] == [when + turn for when in later]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=5",
        "FREQ=MONTHLY;BYDAY=1TH,3FR;COUNT=5",
        "FREQ=YEARLY;BYYEARDAY=64,200;COUNT=5",
        "FREQ=YEARLY;BYWEEKNO=10,20;COUNT=5",
        "FREQ=DAILY;BYMONTHDAY=5,6;COUNT=5",
        "FREQ=WEEKLY;BYMONTH=3,4;COUNT=5",
    ],
)
def test_s14_a_rule_that_names_its_dates_keeps_them_and_does_not_turn(text: str) -> None:
    series = weekly(rule=Rule.parse(text), zone="UTC")
    for pivot in series.all()[1:]:
        parted = series.split(at=pivot.original_start)
        assert parted.before is not None
        assert parted.before.all() + parted.after.all() == series.all()
        with pytest.raises(InvalidValue) as caught:
            series.split(at=pivot.original_start, to=pivot.original_start + timedelta(days=1))
        assert (caught.value.code, caught.value.field) == (Code.INVALID_PATTERN, "rule")


@pytest.mark.parametrize(("gap", "left"), [("shift", 3), ("skip", 4)])
def test_s14_what_the_clocks_moved_is_counted_and_what_they_left_out_is_not(gap: str, left: int) -> None:
    rule = Rule.every(days=1, on=("sat", "sun", "mon"), count=5)
    nights = weekly(start=datetime(2026, 3, 7, 2, 30), rule=rule, gap=gap)

    parted = nights.split(at=date(2026, 3, 9))

    assert parted.after.rule.count == left
    assert shown(parted.before) + shown(parted.after) == shown(nights)


def test_s14_a_monthly_rule_does_not_turn_by_itself() -> None:
    monthly = weekly(rule=Rule.every(months=1, on="1st thu", count=4))

    with pytest.raises(InvalidValue) as caught:
        monthly.split(at=date(2026, 4, 2), to=datetime(2026, 4, 3, 15))
    assert (caught.value.code, caught.value.field) == (Code.INVALID_PATTERN, "rule")
    parted = monthly.split(at=date(2026, 4, 2), to=datetime(2026, 4, 3, 15), rule=Rule.every(months=1, on="1st fri"))
    assert shown(parted.after) == ["04-03 15:00", "05-01 15:00", "06-05 15:00"]
    by_hour = monthly.split(at=date(2026, 4, 2), to=datetime(2026, 4, 2, 9))
    assert shown(by_hour.after) == ["04-02 09:00", "05-07 09:00", "06-04 09:00"]


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (datetime(2026, 1, 31, 9), Rule.every(months=1, count=14)),
        (datetime(2026, 1, 31, 9), Rule.every(months=1, in_months=(1, 2, 4), count=7)),
        (datetime(2026, 8, 30, 9), Rule.every(months=3, until=date(2027, 12, 31))),
        (datetime(2024, 2, 29, 9), Rule.every(years=1, count=6)),
        (datetime(2024, 2, 29, 9), Rule.every(years=1, in_months=(2, 3), count=6)),
    ],
)
def test_s14_a_day_that_was_clamped_comes_back_after_a_split(start: datetime, rule: Rule) -> None:
    series = weekly(start=start, rule=rule, month_end="clamp")
    for pivot in series.all():
        parted = series.split(at=pivot.original_start)

        assert (parted.before.all() if parted.before else ()) + parted.after.all() == series.all()
        later = series.split(at=pivot.original_start, to=pivot.original_start + timedelta(hours=1)).after
        assert [one.original_start for one in later.all()] == [
            one.original_start + timedelta(hours=1) for one in parted.after.all()
        ]


@pytest.mark.parametrize(("day", "to"), [(31, 30), (29, 28), (28, 29), (28, 31), (2, -1)])
def test_s14_a_date_that_some_month_lacks_does_not_move_without_a_rule(day: int, to: int) -> None:
    monthly = weekly(start=datetime(2026, 1, day, 9), rule=Rule.every(months=1, count=4))
    where = datetime(2026, 1, day, 9) + timedelta(days=to - day)

    with pytest.raises(InvalidValue, match="another day needs another rule"):
        monthly.split(at=monthly.start, to=where)
    assert monthly.split(at=monthly.start, to=where, rule=Rule.every(months=1, count=2)).after.start == where


def test_s14_a_date_that_every_month_has_moves_along() -> None:
    monthly = weekly(start=datetime(2026, 1, 28, 9), rule=Rule.every(months=1, count=3))

    assert shown(monthly.split(at=monthly.start, to=datetime(2026, 1, 1, 9)).after) == [
        "01-01 09:00", "02-01 09:00", "03-01 09:00",
    ]  # fmt: skip
    before = weekly(start=datetime(2026, 1, 27, 9), rule=Rule.every(months=1, count=3))
    assert shown(before.split(at=before.start, to=monthly.start).after) == shown(monthly)


def test_s14_an_end_by_date_moves_along_and_a_new_rule_brings_its_own() -> None:
    until = weekly(rule=Rule.every(weeks=1, until=date(2026, 3, 26)))

    assert shown(until.split(at=date(2026, 3, 19), to=datetime(2026, 3, 20, 9)).after) == ["03-20 09:00", "03-27 09:00"]
    moved = until.split(at=date(2026, 3, 19), to=datetime(2026, 3, 20, 9)).after.rule
    assert moved.until == datetime(2026, 3, 27, 17, 59, 59)
    kept = until.split(at=date(2026, 3, 19), rule=Rule.every(weeks=1)).after.rule
    assert kept.until == date(2026, 3, 26)
    own = until.split(at=date(2026, 3, 19), rule=Rule.every(weeks=2, count=2))
    assert shown(own.after) == ["03-19 15:00", "04-02 15:00"]
    open_ended = weekly(rule=Rule.every(weeks=1)).split(at=date(2026, 3, 19), rule=Rule.every(weeks=2))
    assert open_ended.after.rule.is_open
    assert open_ended.before is not None
    assert open_ended.before.last_start == THURSDAY + WEEK


@pytest.mark.parametrize(
    ("policy", "expected", "reported"),
    [
        ("keep", ["03-20 10:00", "03-25 09:00", "03-28 12:00", "04-10 10:00"], "kept"),
        ("shift", ["03-20 10:00", "03-26 04:00", "03-29 07:00", "04-10 10:00"], "shifted"),
        ("drop", ["03-20 10:00", "03-27 10:00", "04-10 10:00"], "dropped"),
    ],
)
def test_a37_individually_moved_ones_follow_the_named_policy(policy: Any, expected: list[str], reported: str) -> None:
    series = weekly().moved(THURSDAY + 3 * WEEK, to=datetime(2026, 3, 25, 9)).adding(datetime(2026, 3, 28, 12))
    series = series.without(THURSDAY + 4 * WEEK)

    parted = series.split(at=THURSDAY + 2 * WEEK, to=datetime(2026, 3, 20, 10), exceptions=policy)

    assert shown(parted.after) == expected
    assert {name: len(getattr(parted, name)) for name in ("kept", "shifted", "dropped")} == {
        "kept": 0, "shifted": 0, "dropped": 0, reported: 2,
    }  # fmt: skip
    with pytest.raises(InvalidValue) as caught:
        series.split(at=THURSDAY + 2 * WEEK, exceptions="refuse")
    assert (caught.value.code, caught.value.field) == (Code.CONFLICT, "exceptions")


def test_a37_an_extra_moved_by_itself_shifts_with_both_its_times() -> None:
    series = weekly().adding(datetime(2026, 3, 21, 9)).moved(datetime(2026, 3, 21, 9), to=datetime(2026, 3, 22, 9))

    parted = series.split(at=THURSDAY + 2 * WEEK, to=datetime(2026, 3, 20, 15), exceptions="shift")

    assert shown(parted.after)[1] == "03-23 09:00"
    assert shown(series.split(at=THURSDAY + 2 * WEEK, to=datetime(2026, 3, 20, 15)).after)[1] == "03-22 09:00"


def test_a37_the_chosen_one_goes_where_it_is_sent_wherever_it_had_been() -> None:
    series = weekly().moved(THURSDAY + WEEK, to=datetime(2026, 3, 13, 8))

    parted = series.split(at=THURSDAY + WEEK, to=datetime(2026, 3, 13, 10))

    assert shown(parted.after)[:2] == ["03-13 10:00", "03-20 10:00"]
    assert parted.kept == ()


def test_exceptions_that_belong_to_nothing_any_more_are_reported() -> None:
    series = weekly().without(THURSDAY + 3 * WEEK).moved(THURSDAY + 2 * WEEK, to=datetime(2026, 3, 21, 8))

    parted = series.split(at=THURSDAY + WEEK, rule=Rule.every(weeks=2, count=3))

    assert [one.original for one in parted.orphans] == [THURSDAY + 2 * WEEK]
    assert shown(parted.after) == ["03-12 15:00", "04-09 15:00"]
    assert series.orphans == ()


def test_a_split_at_the_first_occurrence_has_no_first_half_and_loses_nothing() -> None:
    early = weekly().adding(datetime(2026, 3, 1, 9))

    parted = early.split(at=THURSDAY, to=THURSDAY + timedelta(hours=1), exceptions="drop")

    assert parted.before is None
    assert shown(parted.after)[:2] == ["03-01 09:00", "03-05 16:00"]


@pytest.mark.parametrize("duration", [timedelta(seconds=1), timedelta(days=31)])
def test_a_duration_of_a_second_to_31_days_is_taken(duration: timedelta) -> None:
    assert weekly(duration=duration).all()[0].duration == duration


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(seconds=0.5), timedelta(days=31, seconds=1)])
def test_any_other_duration_is_not(duration: timedelta) -> None:
    with pytest.raises(InvalidValue, match="duration: give a duration above zero, at most 31 days"):
        weekly(duration=duration)


@pytest.mark.parametrize("original", [datetime(1970, 1, 1), datetime(2199, 12, 31, 23, 59)])
def test_an_exception_is_taken_from_1970_until_2200(original: datetime) -> None:
    assert Override(original=original, kind=OverrideKind.EXCLUDED).original == original


@pytest.mark.parametrize("original", [datetime(1969, 12, 31, 23, 59), datetime(2200, 1, 1)])
def test_an_exception_outside_of_these_years_is_not(original: datetime) -> None:
    with pytest.raises(InvalidValue, match="original: give a time between 1970 and 2200"):
        Override(original=original, kind=OverrideKind.EXCLUDED)


def test_identities_are_whole_seconds_of_the_first_reading() -> None:
    odd = datetime(2026, 11, 1, 1, 30, 0, 5, fold=1)
    series = weekly(start=odd, rule=Rule.every(weeks=1, count=2))
    override = Override(original=odd, kind=OverrideKind.EXCLUDED)

    for kept in (series.start, override.original):
        assert (kept, kept.microsecond, kept.fold) == (datetime(2026, 11, 1, 1, 30), 0, 0)


def test_a_rule_of_every_second_ends_and_begins_to_the_second() -> None:
    twice = Rule.parse("FREQ=DAILY;BYSECOND=0,1;COUNT=1")
    start, second = THURSDAY, THURSDAY + timedelta(seconds=1)
    orphan = Override(original=second, kind=OverrideKind.MOVED, to=start + WEEK)

    assert len(weekly(rule=twice).all()) == 1
    assert len(weekly(rule=twice, overrides=(orphan,)).all()) == 1
    with pytest.raises(InvalidValue, match="the series ends before it starts"):
        weekly(rule=Rule.every(weeks=1, until=start - timedelta(seconds=1)))
    with pytest.raises(
        InvalidValue, match="start is not one of the rule's own days; the next day that is: 2026-03-05T15"
    ):
        weekly(start=start - timedelta(seconds=1), rule=Rule.parse("FREQ=DAILY;BYHOUR=15;BYMINUTE=0;BYSECOND=0"))


def test_a_start_of_a_rule_that_never_comes_true_is_told_so() -> None:
    with pytest.raises(InvalidValue, match=r"not one of the rule's own days; nothing ever comes$"):
        weekly(rule=Rule.parse("FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=1"))


def test_the_last_occurrence_may_be_as_2199_ends_and_not_as_2200_begins() -> None:
    last = datetime(2199, 12, 30)

    assert len(weekly(start=last, zone="UTC", rule=Rule.every(days=1, count=2)).all()) == 2
    with pytest.raises(InvalidValue, match="so many occurrences would run past the year 2199"):
        weekly(start=last, zone="UTC", rule=Rule.every(days=1, count=3))


def test_what_is_no_rule_is_refused_under_the_name_it_was_given_by() -> None:
    with pytest.raises(InvalidValue) as refused:
        Rule.parse("hourly", "pattern")
    assert refused.value.field == "pattern"
