"""Blocking time at the desk (S73-S84)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from tests.desk.practice import ANA, DANA, MONDAY, NORTH

Opened = Callable[..., Any]
NOON = datetime(2026, 3, 2, 12)
NOON_UTC = MONDAY + timedelta(hours=3)
HOUR = timedelta(hours=1)
ERIN = sched.Actor.clinician("erin", practice=NORTH)
ADMIN = sched.Actor.admin("amy", practice=NORTH)


def code(decision: Any) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def booked(counter: Any, starts_at: datetime) -> Any:
    return counter.book(service="therapy-50", mode="telehealth", starts_at=starts_at)


def daily(counter: Any, **given: Any) -> Any:
    asked = {"starts_at": NOON, "ends_at": NOON + HOUR, "rule": "FREQ=DAILY", "title": "lunch"} | given
    return counter.block_time(**asked).or_raise().value


def test_s74_clients_are_offered_nothing_in_a_block_and_cannot_book_or_move_there(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    kept = booked(ana, MONDAY).or_raise().value
    dana.block_time(starts_at=NOON, ends_at=NOON + HOUR).or_raise()

    listed = ana.slots(service="therapy-50", mode="telehealth", within=sched.Span(NOON_UTC, NOON_UTC + HOUR))

    assert len(listed.or_raise().value) == 0
    assert code(booked(ana, NOON_UTC)) == "slot_unavailable"
    assert code(ana.request_reschedule(kept.id, to=NOON_UTC)) == "slot_unavailable"


def test_s78_the_clinician_may_book_over_a_block_and_is_warned(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    dana.block_time(starts_at=NOON, ends_at=NOON + HOUR).or_raise()

    made = dana.create(client="ana", service="therapy-50", mode="telehealth", starts_at=NOON_UTC).or_raise()

    assert [warning.code for warning in made.warnings] == ["blocked"]


def test_a32_appointments_under_a_new_block_stay_and_are_reported(opened: Opened) -> None:
    desk, _, _ = opened()
    kept = booked(desk.acting_as(ANA), NOON_UTC + timedelta(days=2)).or_raise().value

    made = desk.acting_as(DANA).block_time(starts_at=NOON, ends_at=NOON + HOUR, rule="FREQ=DAILY").or_raise()

    assert [(row.code, row.details["appointments"]) for row in made.warnings] == [("overlap", (kept.span,))]
    assert desk.acting_as(DANA).agenda(sched.Span(MONDAY, MONDAY + timedelta(days=9))).or_raise().value == (kept,)


def test_s73_a_block_has_no_client_service_price_or_mode(opened: Opened) -> None:
    desk, _, _ = opened()

    refused = desk.acting_as(DANA).block_time(starts_at=NOON, ends_at=NOON + HOUR, client="ana", price=1)

    assert [(row.code, row.field) for row in refused.refusals] == [
        ("forbidden_field", "client"),
        ("forbidden_field", "price"),
    ]


@pytest.mark.parametrize(
    ("actor", "why"),
    [(ANA, "forbidden"), (ERIN, "forbidden"), (sched.Actor.clinician("dana", practice="x"), "not_found")],
)
def test_s75_only_the_clinicians_own_side_blocks_time(opened: Opened, actor: sched.Actor, why: str) -> None:
    desk, _, _ = opened()
    asked = {"starts_at": NOON, "ends_at": NOON + HOUR, "clinician": "dana"}

    assert code(desk.acting_as(actor).block_time(**asked)) == why
    assert isinstance(desk.acting_as(ADMIN).block_time(**asked), sched.Accepted)


def test_s75_a_block_ends_after_it_starts_and_is_told_in_local_time(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    assert code(dana.block_time(starts_at=NOON, ends_at=NOON)) == "invalid_range"
    assert code(dana.block_time(starts_at=NOON_UTC, ends_at=NOON_UTC + HOUR)) == "invalid_value"
    long = dana.block_time(starts_at=NOON, ends_at=NOON + timedelta(days=3)).or_raise().value
    assert long.block.span.duration == timedelta(days=3)


def test_s76_title_and_details_are_optional_and_no_client_sees_them(opened: Opened) -> None:
    desk, _, repository = opened()
    dana = desk.acting_as(DANA)

    plain = dana.block_time(starts_at=NOON, ends_at=NOON + HOUR).or_raise().value
    titled = daily(dana, title="surgery", details="bring papers")
    seen = desk.acting_as(ANA).view(service="therapy-50", mode="telehealth", within=sched.Span(MONDAY, MONDAY + HOUR))

    assert (plain.block.label, titled.block.label) == ("Blocked", "surgery")
    assert "surgery" not in repr(seen)
    assert repository.outbox(NORTH) == ()


def test_s79_blocks_recur_by_days_or_weeks_only(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    assert daily(dana, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE").block.series.rule.interval == 2
    asked = {"starts_at": NOON, "ends_at": NOON + HOUR}
    assert code(dana.block_time(**asked, rule="FREQ=MONTHLY")) == "invalid_pattern"
    assert code(dana.block_time(**asked, rule="FREQ=WEEKLY;INTERVAL=0")) == "invalid_pattern"
    assert code(dana.block_time(**asked, rule=7)) == "invalid_pattern"
    assert code(dana.block_time(starts_at="noon", ends_at=NOON, rule="FREQ=WEEKLY")) == "invalid_value"


def test_s81_a_block_runs_longer_and_deleted_dates_stay_deleted(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    lunch = daily(dana, rule="FREQ=DAILY;UNTIL=20260304")
    dana.delete_block_instance(lunch.id, instance=date(2026, 3, 3)).or_raise()

    for no_later in (date(2026, 3, 4), date(2026, 3, 1)):
        assert code(dana.extend_block(lunch.id, until=no_later)) == "not_an_extension"
    dana.extend_block(lunch.id, until=date(2026, 3, 6)).or_raise()
    assert isinstance(booked(ana, NOON_UTC + timedelta(days=1)), sched.Accepted)
    assert code(booked(ana, NOON_UTC + timedelta(days=4))) == "slot_unavailable"
    dana.extend_block(lunch.id, until=None).or_raise()
    assert code(dana.extend_block(lunch.id, until=date(2027, 1, 1))) == "already_open_ended"


def test_s82_future_instances_are_cancelled_and_past_ones_kept(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    lunch = daily(dana)

    cut = dana.cut_block(lunch.id, before=date(2026, 3, 4)).or_raise().value

    assert code(booked(ana, NOON_UTC + timedelta(days=1))) == "slot_unavailable"
    assert isinstance(booked(ana, NOON_UTC + timedelta(days=2)), sched.Accepted)
    assert code(dana.cut_block(lunch.id, before=date(2026, 3, 4))) == "no_such_instance"
    assert not cut.deleted
    assert dana.cut_block(lunch.id, before=datetime(2026, 3, 2, 12)).or_raise().value.deleted
    assert code(dana.lift_block(lunch.id)) == "not_found"


def test_s83_one_instance_is_deleted_once(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    lunch = daily(dana)

    dana.delete_block_instance(lunch.id, instance=datetime(2026, 3, 2, 12)).or_raise()

    assert isinstance(booked(ana, NOON_UTC), sched.Accepted)
    assert code(dana.delete_block_instance(lunch.id, instance=date(2026, 3, 2))) == "no_such_instance"
    assert code(dana.delete_block_instance(lunch.id, instance=datetime(2026, 3, 5, 9))) == "no_such_instance"


def test_s82_a_single_block_is_no_series_but_can_be_lifted(opened: Opened) -> None:
    desk, _, repository = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    once = dana.block_time(starts_at=NOON, ends_at=NOON + HOUR).or_raise().value

    for refused in (
        dana.extend_block(once.id, until=None),
        dana.cut_block(once.id, before=date(2026, 3, 2)),
        dana.delete_block_instance(once.id, instance=date(2026, 3, 2)),
    ):
        assert code(refused) == "not_a_series"
    dana.lift_block(once.id).or_raise()

    assert isinstance(booked(ana, NOON_UTC), sched.Accepted)
    chain = repository.audit(NORTH, sched.aggregates.Key("block", once.id))
    assert [entry.act for entry in chain] == ["BlockCreated", "BlockLifted"]


def test_s75_blocks_of_others_do_not_exist_for_clients_and_are_forbidden_to_colleagues(opened: Opened) -> None:
    desk, _, _ = opened()
    lunch = daily(desk.acting_as(DANA))

    for actor, why in ((ANA, "not_found"), (ERIN, "forbidden")):
        counter = desk.acting_as(actor)
        assert code(counter.lift_block(lunch.id)) == why
        assert code(counter.extend_block(lunch.id, until=None)) == why
        assert code(counter.cut_block(lunch.id, before=date(2026, 3, 4))) == why
        assert code(counter.delete_block_instance(lunch.id, instance=date(2026, 3, 4))) == why
    assert code(desk.acting_as(DANA).lift_block("nothing")) == "not_found"


def test_s84_blocks_are_never_billed_reminded_of_or_told(opened: Opened) -> None:
    desk, clock, repository = opened()
    daily(desk.acting_as(DANA))
    clock.now = MONDAY + timedelta(days=3)

    assert desk.acting_as(DANA).billable().or_raise().value == ()
    assert repository.outbox(NORTH) == ()
