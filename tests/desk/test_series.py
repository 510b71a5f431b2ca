"""Series through the desk: created whole, moved and cancelled from one occurrence on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.ports import Query, Wanted
from tests.desk.practice import ANA, BEN, DANA, MONDAY, Inbox

Opened = Callable[..., Any]
WEEK = timedelta(weeks=1)


def occurrences(repository: Any) -> list[Appointment]:
    found = repository.load(Wanted(practice="north", queries=(Query(kind="appointment", client="ana"),)))
    return sorted(found.all(Appointment), key=lambda row: row.starts_at)


def weekly(desk: sched.Desk, **given: object) -> AppointmentSeries:
    series: AppointmentSeries = (
        desk.acting_as(DANA)
        .create_series(
            **{"client": "ana", "service": "therapy-50", "mode": "in_person", "starts_at": MONDAY} | given,  # type: ignore[arg-type]
            rule=sched.Rule.every(weeks=1, count=4),
        )
        .or_raise()
        .value
    )
    return series


def test_s12_each_occurrence_is_its_own_appointment_at_one_wall_time(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, repository = opened(notifier=inbox)

    series = weekly(desk, mode="in_person")
    rows = occurrences(repository)

    # The clocks change on 8 March: the wall time stays, the instant moves.
    assert [row.starts_at.hour for row in rows] == [14, 13, 13, 13]
    assert {row.series for row in rows} == {series.id}
    assert len({row.recurrence_id for row in rows}) == 4
    assert inbox.templates("ana") == ["series_created"]


def test_a36_a_series_with_a_conflict_is_refused_whole_or_skips_it(opened: Opened) -> None:
    desk, _, repository = opened()
    taken = MONDAY + WEEK - timedelta(hours=1)
    desk.acting_as(DANA).create(client="ben", service="therapy-50", mode="in_person", starts_at=taken).or_raise()
    ask = {"client": "ana", "service": "therapy-50", "mode": "in_person", "starts_at": MONDAY}

    refused = desk.acting_as(DANA).create_series(**ask, rule=sched.Rule.every(weeks=1, count=3))
    assert occurrences(repository) == []
    skipped = desk.acting_as(DANA).create_series(**ask, rule=sched.Rule.every(weeks=1, count=3), skip_conflicts=True)

    assert isinstance(refused, sched.Refused)
    assert refused.code is sched.Code.CONFLICT
    assert isinstance(skipped, sched.Accepted)
    assert len(occurrences(repository)) == 2


def test_s14_all_future_ones_move_and_the_past_stays(opened: Opened) -> None:
    desk, clock, repository = opened()
    weekly(desk, mode="in_person")
    first, second, *_ = occurrences(repository)
    clock.now = first.ends_at

    desk.acting_as(DANA).reschedule_future(second.id, to=second.starts_at + timedelta(hours=2)).or_raise()
    rows = occurrences(repository)

    assert rows[0] == first
    assert [row.starts_at.hour for row in rows[1:]] == [15, 15, 15]


def test_s14_s33_cancelling_all_future_ones_cancels_each_of_them_and_tells_once(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, repository = opened(notifier=inbox)
    weekly(desk, mode="in_person")
    third = occurrences(repository)[2]

    desk.acting_as(DANA).cancel_future(third.id, reason="clinician_unavailable").or_raise()

    assert [row.status.value for row in occurrences(repository)] == ["upcoming", "upcoming", "cancelled", "cancelled"]
    assert inbox.templates("ana") == ["series_created", "series_cancelled"]


def test_s9_a_single_appointment_becomes_the_first_of_a_series(opened: Opened) -> None:
    desk, _, repository = opened()
    single = (
        desk.acting_as(DANA)
        .create(client="ana", service="therapy-50", mode="in_person", starts_at=MONDAY)
        .or_raise()
        .value
    )

    desk.acting_as(DANA).make_recurring(single.id, starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=3").or_raise()
    again = desk.acting_as(DANA).make_recurring(single.id, starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=3")

    assert next(row.id for row in occurrences(repository)) == single.id
    assert len(occurrences(repository)) == 3
    assert again.code is sched.Code.ALREADY_IN_SERIES


def test_s9_an_appointment_that_has_moved_meanwhile_gets_no_pattern_from_its_old_start(opened: Opened) -> None:
    desk, _, repository = opened()
    dana = desk.acting_as(DANA)
    single = dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=MONDAY).or_raise().value

    for start in (MONDAY + timedelta(days=7), "2026-03-02T14:00", None):
        refused = dana.make_recurring(single.id, starts_at=start, rule="FREQ=WEEKLY;COUNT=3")  # type: ignore[arg-type]
        assert (refused.code, refused.refusals[0].field) == (sched.Code.INVALID_VALUE, "starts_at")
    assert len(occurrences(repository)) == 1


def test_a9_no_occurrence_takes_the_time_held_for_a_request_to_move_the_first_one(opened: Opened) -> None:
    desk, _, repository = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    single = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value
    # The same wall time a week later; the clocks go forward in between.
    held = MONDAY + timedelta(days=7, hours=-1)
    ana.request_reschedule(single.id, to=held).or_raise()

    refused = dana.make_recurring(single.id, starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=3")
    dana.make_recurring(single.id, starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=3", skip_conflicts=True).or_raise()

    assert (refused.code, refused.refusals[0].details["starts_at"]) == (sched.Code.CONFLICT, held.isoformat())
    assert [row.starts_at for row in occurrences(repository)] == [MONDAY, held + timedelta(days=7)]


def test_s10_a_pattern_that_makes_no_sense_is_refused_by_the_rule(opened: Opened) -> None:
    desk, _, _ = opened()
    ask = {"client": "ana", "service": "therapy-50", "mode": "in_person", "starts_at": MONDAY}

    for rule, code in (
        ("FREQ=SECONDLY", "invalid_pattern"),
        ("nonsense", "invalid_pattern"),
        ("FREQ=WEEKLY", "end_required"),
    ):
        assert desk.acting_as(DANA).create_series(**ask, rule=rule).code == code


def test_b2_the_quote_says_what_cancelling_would_mean(opened: Opened) -> None:
    desk, clock, _ = opened()
    booked = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value

    early = desk.acting_as(ANA).quote(booked.id).or_raise().value
    clock.now = MONDAY - timedelta(hours=3)
    late = desk.acting_as(ANA).quote(booked.id).or_raise().value
    foreign = desk.acting_as(BEN).quote(booked.id)

    assert (early.late, late.late) == (False, True)
    assert late.fee == sched.Money.of("40", "USD")
    assert foreign.code is sched.Code.NOT_FOUND


def test_s27_the_desk_lists_what_each_side_can_do(opened: Opened) -> None:
    desk, _, _ = opened()
    booked = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value

    def enabled(actor: sched.Actor) -> set[str]:
        return {row.action.value for row in desk.acting_as(actor).actions(booked.id).or_raise().value if row.enabled}

    assert {"reschedule", "cancel", "edit"} <= enabled(DANA)
    assert enabled(ANA) == {"client_cancel", "request_reschedule"}
    assert desk.acting_as(BEN).actions(booked.id).code is sched.Code.NOT_FOUND


def test_s101_bill_sessions_lists_fees_and_no_client_sees_it(opened: Opened) -> None:
    desk, clock, _ = opened()
    booked = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value
    clock.now = MONDAY + timedelta(hours=1)
    desk.acting_as(DANA).mark_no_show(booked.id).or_raise()

    items = desk.acting_as(DANA).billable().or_raise().value
    agenda = desk.acting_as(DANA).agenda(sched.Span(MONDAY, MONDAY + WEEK)).or_raise().value

    assert [(item.kind.value, item.amount) for item in items] == [("no_show_fee", sched.Money.of("60", "USD"))]
    assert [row.id for row in agenda] == [booked.id]
    assert desk.acting_as(ANA).billable(clinician="dana").code is sched.Code.FORBIDDEN
    assert desk.acting_as(ANA).agenda(sched.Span(MONDAY, MONDAY + WEEK), clinician="dana").code is sched.Code.FORBIDDEN
    assert desk.acting_as(ANA).billable().code is sched.Code.FORBIDDEN
    admin = sched.Actor.admin("amy", practice=ANA.practice)
    assert desk.acting_as(admin).billable().code is sched.Code.INVALID_VALUE
    assert desk.acting_as(admin).billable(clinician="dana").or_raise().value == items


def test_b19_the_front_desk_sees_the_calendar_and_no_bill(opened: Opened) -> None:
    desk, _, _ = opened()
    scheduler = desk.acting_as(sched.Actor.scheduler("front-desk", practice=ANA.practice))

    assert scheduler.agenda(sched.Span(MONDAY, MONDAY + WEEK), clinician="dana").or_raise().value == ()
    assert scheduler.billable(clinician="dana").code is sched.Code.FORBIDDEN


def test_s109_the_clients_view_holds_free_slots_and_own_appointments(opened: Opened) -> None:
    desk, _, _ = opened()
    desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise()
    within = sched.Span(MONDAY, MONDAY + timedelta(hours=8))

    own = desk.acting_as(ANA).view(service="therapy-50", mode="telehealth", within=within).or_raise().value
    other = desk.acting_as(BEN).view(service="therapy-50", mode="telehealth", within=within).or_raise().value

    assert [row.starts_at for row in own.own] == [MONDAY]
    assert other.own == ()
    assert MONDAY not in other.slots


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=MO;COUNT=30", "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20260907T210000"])
def test_a36_an_evening_series_by_weekday_meets_what_is_taken_months_away(opened: Opened, rule: str) -> None:
    desk, _, repository = opened()
    # Nine in the evening in New York is the next day in UTC.
    evening, taken = MONDAY + timedelta(hours=12), datetime(2026, 9, 8, 1, tzinfo=UTC)
    desk.acting_as(DANA).create(client="ben", service="therapy-50", mode="in_person", starts_at=taken).or_raise()
    ask = {"client": "ana", "service": "therapy-50", "mode": "in_person", "starts_at": evening, "rule": rule}

    refused = desk.acting_as(DANA).create_series(**ask)
    desk.acting_as(DANA).create_series(**ask, skip_conflicts=True).or_raise()

    assert isinstance(refused, sched.Refused)
    assert [one.details["starts_at"] for one in refused.refusals] == [taken.isoformat()]
    assert occurrences(repository)[-1].starts_at != taken


@pytest.mark.parametrize("rule", [None, 7, "", "FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;UNTIL=99991231"])
def test_s10_a_pattern_that_makes_no_sense_is_refused_whatever_it_is(opened: Opened, rule: Any) -> None:
    desk, _, _ = opened()

    refused = desk.acting_as(DANA).create_series(
        client="ana", service="therapy-50", mode="in_person", starts_at=MONDAY, rule=rule
    )

    assert isinstance(refused, sched.Refused)
    assert str(refused.refusals[0].field).startswith("rule")
