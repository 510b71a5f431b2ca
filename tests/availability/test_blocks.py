"""Time blocks, once and by a rule: RULES 1.10, S73-S84."""

from datetime import UTC, date, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import Accepted, Actor, ActorKind, Code, Refused, Rule
from tests.availability.week import HOURS, NEW_YORK, at, diary, listed, span

HOUR = timedelta(hours=1)
ZONE = NEW_YORK.key
CLINICIAN = Actor(id="dr", kind=ActorKind.CLINICIAN, practice="p")
NOON, ONE = datetime(2026, 6, 15, 12), datetime(2026, 6, 15, 13)


def block(actor: Actor = CLINICIAN, **given: object) -> object:
    asked = {"practice": "p", "clinician": "dr", "zone": ZONE, "start": NOON, "end": ONE, **given}
    return sched.block_time(actor, **asked)  # type: ignore[arg-type]


def made(decision: object) -> sched.RecurringBlock:
    assert isinstance(decision, Accepted)
    assert isinstance(decision.value, sched.RecurringBlock)
    return decision.value


def refusal(decision: object) -> tuple[Code, str | None]:
    assert isinstance(decision, Refused)
    (only,) = decision.refusals
    return only.code, only.field


def days(known: sched.RecurringBlock, low: str = "06-01 00:00", high: str = "08-01 00:00") -> list[str]:
    return [f"{one.start.astimezone(NEW_YORK):%m-%d}" for one in known.spans(span(low, high))]


LUNCH = made(block(rule=Rule.every(days=1, count=5), id="lunch"))


@pytest.mark.parametrize("field", ["client", "service", "price", "mode"])
def test_s73_a_block_has_no_client_service_price_or_mode(field: str) -> None:
    assert refusal(block(**{field: "x"})) == (Code.FORBIDDEN_FIELD, field)


def test_s75_a_block_takes_a_stretch_of_the_clock_that_may_span_days() -> None:
    one = block(end=datetime(2026, 6, 17, 9), id="b")
    assert isinstance(one, Accepted)

    assert one.value == sched.TimeBlock(span=span("06-15 12:00", "06-17 09:00"), id="b")
    assert list(one.value.spans(span("06-16 00:00", "06-17 00:00"))) == [one.value.span]
    assert list(one.value.spans(span("06-18 00:00", "06-19 00:00"))) == []


def test_s75_its_end_is_after_its_start_and_both_are_local() -> None:
    assert refusal(block(end=NOON)) == (Code.INVALID_RANGE, "end")
    assert refusal(block(start=at("06-15 12:00"))) == (Code.INVALID_VALUE, "start")
    assert refusal(block(zone="Nowhere")) == (Code.UNKNOWN_ZONE, "zone")


def test_s75_only_the_clinicians_own_side_blocks_time() -> None:
    client = Actor(id="c", kind=ActorKind.CLIENT, practice="p")
    elsewhere = Actor(id="dr", kind=ActorKind.CLINICIAN, practice="q")
    scheduler = Actor(id="desk", kind=ActorKind.SCHEDULER, practice="p")

    assert refusal(block(client))[0] is Code.FORBIDDEN
    assert refusal(block(elsewhere))[0] is Code.FORBIDDEN
    assert isinstance(block(scheduler), Accepted)


def test_s76_title_and_details_are_optional_and_bounded() -> None:
    assert LUNCH.label == "Blocked"
    assert made(block(rule="FREQ=DAILY", title="Lunch", details="soup")).label == "Lunch"
    assert refusal(block(rule="FREQ=DAILY", title="x" * 201)) == (Code.TOO_LARGE, "title")
    assert refusal(block(rule="FREQ=DAILY", details="x" * 2001)) == (Code.TOO_LARGE, "details")


def test_s78_appointments_in_a_block_stay_and_are_reported() -> None:
    inside, outside = span("06-17 12:30", "06-17 13:30"), span("06-17 13:00", "06-17 14:00")
    decision = block(rule="FREQ=DAILY", appointments=(inside, outside))
    once = block(appointments=(span("06-15 12:30", "06-15 13:30"),))
    assert isinstance(decision, Accepted)
    assert isinstance(once, Accepted)

    (warning,) = decision.warnings
    assert (warning.code, warning.details["appointments"]) == (Code.OVERLAP, (inside,))
    assert len(once.warnings) == 1


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.every(weeks=1, count=3), ["06-15", "06-22", "06-29"]),
        (Rule.every(weeks=2, count=3), ["06-15", "06-29", "07-13"]),
        (Rule.every(weeks=3, on=("mon", "wed"), count=4), ["06-15", "06-17", "07-06", "07-08"]),
        (Rule.every(days=1, count=3), ["06-15", "06-16", "06-17"]),
        (Rule.every(days=10, until=date(2026, 7, 5)), ["06-15", "06-25", "07-05"]),
    ],
    ids=str,
)
def test_s79_blocks_repeat_every_n_days_or_weeks(rule: Rule, expected: list[str]) -> None:
    assert days(made(block(rule=rule))) == expected
    assert days(made(block(rule=str(rule)))) == expected


def test_s79_other_rhythms_and_wrong_rules_are_refused() -> None:
    assert refusal(block(rule="FREQ=MONTHLY")) == (Code.INVALID_PATTERN, "rule")
    assert refusal(block(rule="FREQ=DAILY;INTERVAL=0"))[0] is Code.INVALID_PATTERN
    assert refusal(block(rule=Rule.every(weeks=1, on="tue"))) == (Code.INVALID_PATTERN, "start")


def test_s80_without_an_end_it_goes_on_and_with_one_the_last_day_counts() -> None:
    forever = made(block(rule="FREQ=WEEKLY"))
    ends = made(block(rule=Rule.every(weeks=1, until=date(2026, 6, 29))))
    century = span("06-01 00:00", "06-02 00:00").start + timedelta(days=36_500)

    assert len(forever.spans(sched.Span(century, century + timedelta(days=14)))) == 2
    assert days(ends) == ["06-15", "06-22", "06-29"]


def test_s81_it_is_extended_to_a_later_end_or_for_ever() -> None:
    ends = made(block(rule=Rule.every(weeks=1, until=date(2026, 6, 29))))
    shorter = made(ends.without(date(2026, 6, 22)))

    assert days(made(shorter.extended(date(2026, 7, 6)))) == ["06-15", "06-29", "07-06"]
    assert len(days(made(ends.extended(None)))) == 7
    assert refusal(ends.extended(date(2026, 6, 29)))[0] is Code.NOT_AN_EXTENSION
    assert refusal(made(ends.extended(None)).extended(date(2027, 1, 1)))[0] is Code.ALREADY_OPEN_ENDED


def test_s82_future_instances_are_cancelled_from_the_chosen_one_on() -> None:
    assert days(made(LUNCH.cut(before=date(2026, 6, 18)))) == ["06-15", "06-16", "06-17"]
    whole = LUNCH.cut(before=NOON)
    assert isinstance(whole, Accepted)
    assert whole.value is None
    assert refusal(LUNCH.cut(before=date(2026, 6, 30)))[0] is Code.NO_SUCH_INSTANCE


def test_s83_one_instance_is_deleted_once() -> None:
    fewer = made(LUNCH.without(date(2026, 6, 17)))

    assert days(fewer) == ["06-15", "06-16", "06-18", "06-19"]
    assert refusal(fewer.without(date(2026, 6, 17)))[0] is Code.NO_SUCH_INSTANCE
    assert refusal(LUNCH.without(date(2026, 6, 14))) == (Code.NO_SUCH_INSTANCE, "instance")


def test_s84_a_block_only_takes_time() -> None:
    known = diary(blocks=(LUNCH,), hours=sched.WeeklyHours.parse({"mon-sun": "11:00-14:00"}, zone=HOURS.zone))

    assert listed(known) == ["15 11:00", "15 13:00"]
    assert listed(known.prepared(span("06-15 00:00", "06-21 00:00"))) == ["15 11:00", "15 13:00"]
    assert len(listed(known, span("06-20 00:00", "06-21 00:00"))) == 5


def test_a34_a_blocks_end_is_wall_time_on_the_nights_clocks_change() -> None:
    night = made(block(start=datetime(2026, 3, 1, 22), end=datetime(2026, 3, 2, 6), rule="FREQ=WEEKLY"))
    spring = sched.Span(datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC))
    fall = sched.Span(datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC))

    assert [one.duration for one in night.spans(spring)] == [8 * HOUR]
    saturday = made(block(start=datetime(2026, 3, 7, 22), end=datetime(2026, 3, 8, 6), rule="FREQ=WEEKLY"))
    assert [one.duration for one in saturday.spans(spring)] == [7 * HOUR]
    assert [one.duration for one in saturday.spans(fall)] == [9 * HOUR]


def test_a34_a_block_inside_a_skipped_hour_keeps_its_length() -> None:
    gap = made(block(start=datetime(2026, 3, 7, 2), end=datetime(2026, 3, 7, 2, 30), rule="FREQ=DAILY"))
    spring = span("03-08 00:00", "03-09 00:00")

    assert [(one.start, one.duration) for one in gap.spans(spring)] == [(at("03-08 03:00"), HOUR / 2)]


def test_an_instance_that_began_before_the_window_still_overlaps_it() -> None:
    long = made(block(end=datetime(2026, 6, 17, 9), rule="FREQ=WEEKLY"))
    moved = sched.RecurringBlock(series=LUNCH.series.moved(NOON, to=datetime(2026, 6, 15, 20)))

    assert days(long, "06-16 00:00", "06-16 01:00") == ["06-15"]
    assert [one.duration for one in moved.instances(span("06-15 00:00", "06-16 00:00"))] == [HOUR]
    assert [one.start for one in moved.spans(span("06-15 00:00", "06-16 00:00"))] == [at("06-15 20:00")]
