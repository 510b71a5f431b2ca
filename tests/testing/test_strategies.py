"""Strategies draw what they promise; and whatever they draw, the library answers or refuses by type."""

from contextlib import suppress
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.adapters.ics import parse_ics
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.testing import strategies as some
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.oracles import minute_grid
from oasys_sched.testing.simulation import replay
from oasys_sched.testing.strategies.offers import fees
from oasys_sched.times import WallTime, find_zone, local_kind


@given(some.wall_times(), some.wall_times(near_transitions=False))
def test_wall_times_are_naive_and_their_zones_exist(near: tuple, any_time: tuple) -> None:
    for zone, wall in (near, any_time):
        assert wall.tzinfo is None
        assert find_zone(zone).key == zone


def test_times_that_a_clock_skips_and_repeats_are_drawn() -> None:
    for wanted in (WallTime.SKIPPED, WallTime.TWICE):
        zone, wall = find(
            some.wall_times(),
            lambda row: local_kind(row[1], find_zone(row[0])) is wanted,
            settings=settings(max_examples=5_000, database=None),
        )
        assert local_kind(wall, find_zone(zone)) is wanted


@given(some.questions())
def test_a_question_has_an_answer_and_the_slow_reading_agrees(question: some.Question) -> None:
    diary, service, policy, within, now = question
    slots = sched.bookable_slots(diary, service, within=within, policy=policy, now=now)

    found = [slot.starts_at.astimezone(UTC) for slot in slots]
    assert found == minute_grid(diary, service, within, policy, now)


def test_the_slow_reading_knows_time_blocks_and_modes() -> None:
    start = Clinic().now.replace(hour=14, minute=0) + timedelta(days=1)
    hour = timedelta(hours=1)
    diary = sched.Diary(
        hours=sched.WeeklyHours.parse({"mon-fri": "09:00-13:00"}, zone="America/New_York"),
        blocks=(sched.TimeBlock(span=sched.Span(start, start + hour), title="closed"),),
    )
    service, policy = sched.Service(duration=hour), sched.BookingPolicy(slot_step=hour)

    found = minute_grid(diary, service, sched.Span(start, start + 5 * hour), policy, Clinic().now, sched.Mode.PHONE)

    assert found == [start + hour, start + 2 * hour, start + 3 * hour]


@pytest.mark.parametrize(("cap", "left"), [
    ({}, 3), ({"daily_count": 2}, 3), ({"daily_count": 1}, 0), ({"daily_duration": timedelta(hours=2)}, 3),
    ({"daily_duration": timedelta(minutes=119)}, 0), ({"weekly_duration": timedelta(minutes=119)}, 0),
])  # fmt: skip
def test_the_slow_reading_knows_caps(cap: dict[str, Any], left: int) -> None:
    start = Clinic().now.replace(hour=14, minute=0) + timedelta(days=1)
    hour = timedelta(hours=1)
    taken = sched.Busy(span=sched.Span(start, start + hour), kind=sched.BusyKind.APPOINTMENT)
    hours = sched.WeeklyHours.parse({"mon-fri": "09:00-13:00"}, zone="America/New_York")
    service, policy = sched.Service(duration=hour), sched.BookingPolicy(slot_step=hour, **cap)
    diary, within = sched.Diary(hours=hours, busy=(taken,)), sched.Span(start, start + 5 * hour)

    found = minute_grid(diary, service, within, policy, Clinic().now)

    assert len(found) == left
    slots = sched.bookable_slots(diary, service, within=within, policy=policy, now=Clinic().now)
    assert found == [slot.starts_at for slot in slots]


@given(some.services(), some.booking_policies(), some.cancellation_policies())
def test_services_and_policies_are_sound_and_their_problems_are_told(
    service: sched.Service, booking: sched.BookingPolicy, cancellation: sched.CancellationPolicy
) -> None:
    assert service.modes
    assert isinstance(sched.fee_setup_problems(cancellation, service), tuple)
    assert booking.slot_step > timedelta(0)


def test_an_explicit_zero_fee_is_drawn() -> None:
    free = find(fees(), lambda row: row.single is not None and row.single.minor == 0)
    assert free.amount(sched.Mode.PHONE) is not None or free.per_mode


@given(some.actors())
def test_actors_are_of_the_clinic_or_of_another_one(actor: sched.Actor) -> None:
    assert actor.practice == "north" or (actor.kind == "client" and actor.id == "ana")


@given(some.clinics())
def test_a_clinic_can_be_opened(clinic: Clinic) -> None:
    repository = MemoryRepository(clock=clinic.clock)
    repository.commit(clinic.opening)
    assert clinic.desk(repository).now() == clinic.now


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(some.scripts())
def test_a_script_runs_without_a_violation(script: str) -> None:
    assert replay(script) is None


@given(some.series(), some.rules())
def test_series_and_rules_have_texts_that_read_back(series: sched.Series, rule: sched.Rule) -> None:
    assert sched.Rule.parse(str(rule)) == rule
    assert sched.series_from_ical(sched.series_to_ical(series)).all() == series.all()


@given(st.sampled_from([sched.Service, sched.BookingPolicy, sched.WeeklyHours, sched.Diary]), some.documents())
def test_a_hostile_document_is_refused_by_type(kind: type, document: object) -> None:
    with suppress(sched.InvalidValue, sched.InvalidPolicy):
        sched.from_dict(kind, document)


@given(some.hostile_text())
def test_hostile_text_is_no_rule_and_no_period_but_by_type(text: str) -> None:
    for read in (sched.Rule.parse, sched.Period.parse):
        with suppress(sched.InvalidValue):
            read(text)


@given(some.feeds())
def test_a_hostile_feed_is_read_or_refused_by_type(feed: str) -> None:
    start = Clinic().now
    with suppress(sched.FeedUnavailable, sched.InvalidValue):
        parse_ics(feed, within=sched.Span(start, start + timedelta(days=7)), zone="Europe/Paris")


@given(some.uploads())
def test_an_upload_is_judged(upload: sched.Upload) -> None:
    verdict = sched.judge_file(upload, id="a", now=Clinic().now)
    assert isinstance(verdict, sched.Accepted | sched.Refused)
