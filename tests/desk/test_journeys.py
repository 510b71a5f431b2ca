"""Whole journeys through the desk, as an app would call them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.booking.appointment import Appointment
from tests.desk.practice import ANA, BEN, CAT, DANA, MONDAY, SYSTEM, Inbox, schedule

Opened = Callable[..., Any]
APPROVAL = sched.BookingPolicy(require_approval=True, slot_step=timedelta(minutes=30))


def accepted(decision: sched.Decision[object]) -> object:
    return decision.or_raise().value


def test_s19_a_client_books_directly_and_both_sides_hear_of_it(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, _ = opened(notifier=inbox)

    booked = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY, key="req-1"))

    assert isinstance(booked, Appointment)
    assert booked.status == "upcoming"
    assert inbox.templates("ana") == ["appointment_booked"]
    assert inbox.templates("dana") == ["appointment_booked_by_client"]


def test_s18_what_is_listed_can_be_booked_and_is_gone_afterwards(opened: Opened) -> None:
    desk, _, _ = opened()
    within = sched.Span(MONDAY, MONDAY + timedelta(hours=8))

    before = accepted(desk.acting_as(ANA).slots(service="therapy-50", mode="telehealth", within=within))
    accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=before[0].starts_at))
    after = accepted(desk.acting_as(BEN).slots(service="therapy-50", mode="telehealth", within=within))
    refused = desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=before[0].starts_at)

    assert before[0].starts_at not in after
    assert isinstance(refused, sched.Refused)
    assert refused.code is sched.Code.SLOT_UNAVAILABLE


def test_s20_approval_holds_the_slot_until_the_clinician_decides(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, _ = opened(plan=schedule(booking=APPROVAL), notifier=inbox)

    pending = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))
    rival = desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
    approved = accepted(desk.acting_as(DANA).approve(pending.id))

    assert pending.status == "pending"
    assert isinstance(rival, sched.Refused)
    assert approved.status == "upcoming"
    assert inbox.templates("ana") == ["booking_approved"]


def test_s34_a_client_asks_to_move_an_alternative_is_suggested_and_accepted(opened: Opened) -> None:
    desk, _, repository = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    booked = accepted(ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY))

    # Half an hour later overlaps the own appointment; the hold may.
    asked = accepted(ana.request_reschedule(booked.id, to=MONDAY + timedelta(minutes=30)))
    again = ana.request_reschedule(booked.id, to=MONDAY + timedelta(hours=2))
    suggested = accepted(dana.suggest(asked.id, starts=[MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]))
    held = desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY + timedelta(days=1))
    moved = accepted(ana.accept_alternative(suggested.id, starts_at=MONDAY + timedelta(days=2)))
    freed = desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY + timedelta(days=1))

    assert again.code is sched.Code.REQUEST_ALREADY_OPEN
    assert held.code is sched.Code.SLOT_UNAVAILABLE
    assert moved.starts_at == MONDAY + timedelta(days=2)
    assert isinstance(freed, sched.Accepted)
    assert verify_audit(repository.audit("north", Key("appointment", booked.id)), revision=moved.revision) is None


def test_s104_a_late_cancellation_is_asked_for_and_charged_on_approval(opened: Opened) -> None:
    desk, clock, _ = opened()
    booked = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))
    clock.now = MONDAY - timedelta(hours=3)

    asked = accepted(desk.acting_as(ANA).client_cancel(booked.id, reason="client_illness"))
    cancelled = accepted(desk.acting_as(DANA).approve_request(asked.id))

    assert asked.quote.late
    assert cancelled.status == "cancelled"
    assert cancelled.late
    assert (cancelled.charge.state, cancelled.charge.amount) == ("stored", sched.Money.of("40", "USD"))


def test_s100_a_no_show_stores_its_fee_and_can_be_undone(opened: Opened) -> None:
    desk, clock, _ = opened()
    booked = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))
    early = desk.acting_as(DANA).mark_no_show(booked.id)
    clock.now = MONDAY + timedelta(minutes=20)

    missed = accepted(desk.acting_as(DANA).mark_no_show(booked.id))
    undone = accepted(desk.acting_as(DANA).undo_no_show(booked.id, reason="she was in the other room"))

    assert early.code is sched.Code.NOT_STARTED_YET
    assert missed.charge.amount == sched.Money.of("60", "USD")
    assert (undone.status, undone.charge.state) == ("upcoming", "void")


def test_a27_reminders_follow_the_appointment_and_stop_with_it(opened: Opened) -> None:
    desk, _, repository = opened()
    booked = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))

    def reminders() -> list[tuple[str, object]]:
        return [(row.due.isoformat(), state) for row, state in repository.outbox("north") if row.template == "reminder"]

    first = reminders()
    accepted(desk.acting_as(DANA).reschedule(booked.id, to=MONDAY + timedelta(days=1)))
    second = reminders()
    accepted(desk.acting_as(DANA).cancel(booked.id, reason="clinician_illness"))

    assert [state for _, state in first] == [None, None]
    assert [state for _, state in second] == ["skipped", "skipped", None, None]
    assert {state for _, state in reminders()} == {"skipped"}


def test_the_same_key_gives_the_first_answer_and_another_body_is_refused(opened: Opened) -> None:
    desk, _, repository = opened()
    ana = desk.acting_as(ANA)

    first = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY, key="k")
    again = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY, key="k")
    other = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY + timedelta(hours=1), key="k")

    assert again == first
    assert other.code is sched.Code.IDEMPOTENCY_MISMATCH
    assert len(repository.outbox("north")) == 4


def test_a_refusal_under_a_key_is_given_again(opened: Opened) -> None:
    desk, _, _ = opened()
    ana = desk.acting_as(ANA)
    taken = accepted(desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))

    refused = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY, key="k")
    accepted(desk.acting_as(DANA).cancel(taken.id, reason="technical"))

    assert ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY, key="k") == refused


def test_another_clients_appointment_does_not_exist(opened: Opened) -> None:
    desk, _, _ = opened()
    booked = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))

    foreign = desk.acting_as(BEN).client_cancel(booked.id)
    nothing = desk.acting_as(BEN).client_cancel("no-such-id")

    assert foreign == nothing
    assert foreign.code is sched.Code.NOT_FOUND


def test_s2_a_client_of_nobody_here_cannot_be_scheduled(opened: Opened) -> None:
    desk, _, _ = opened()

    refused = desk.acting_as(DANA).create(client="cat", service="therapy-50", mode="telehealth", starts_at=MONDAY)

    assert refused.code is sched.Code.CLIENT_NOT_IN_CASELOAD
    assert desk.acting_as(CAT).book(service="therapy-50", starts_at=MONDAY).code is sched.Code.NOT_FOUND


def test_a9_a_pending_booking_lapses_at_its_start(opened: Opened) -> None:
    desk, clock, _ = opened(plan=schedule(booking=APPROVAL))
    pending = accepted(desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY))
    clock.now = MONDAY

    assert accepted(desk.acting_as(SYSTEM).expire(pending.id)).status == "cancelled"


def test_naive_datetimes_are_refused_by_name(opened: Opened) -> None:
    desk, _, _ = opened()

    refused = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY.replace(tzinfo=None))

    assert refused.code is sched.Code.NAIVE_DATETIME
    assert refused.refusals[0].field == "starts_at"


def test_a_clock_without_a_zone_is_an_error_of_the_program(opened: Opened) -> None:
    desk, clock, _ = opened()
    clock.now = clock.now.replace(tzinfo=None)

    with pytest.raises(sched.InvalidValue, match="clock"):
        desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
