"""Bugs users reported of other schedulers, by name, shown not to be ours: through the desk, on each storage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from tests.desk.practice import ANA, BEN, DANA, MONDAY, schedule

Opened = Callable[..., Any]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
APPROVAL = sched.BookingPolicy(require_approval=True, slot_step=timedelta(minutes=30))


def book(desk: Any, actor: sched.Actor, starts_at: datetime = MONDAY) -> Any:
    return desk.acting_as(actor).book(service="therapy-50", mode="telehealth", starts_at=starts_at)


def booked(desk: Any, actor: sched.Actor, starts_at: datetime = MONDAY) -> Any:
    return book(desk, actor, starts_at).or_raise().value


def code(decision: Any) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def test_two_pending_requests_for_one_slot(opened: Opened) -> None:
    """Cal.com 10789, 15813: both were accepted, and both approved."""
    desk, _, _ = opened(plan=schedule(booking=APPROVAL))
    pending = booked(desk, ANA)

    assert code(book(desk, BEN)) == "slot_unavailable"
    # Half an hour later overlaps it as well.
    assert code(book(desk, BEN, MONDAY + HOUR / 2)) == "slot_unavailable"
    desk.acting_as(DANA).decline(pending.id).or_raise()
    assert booked(desk, BEN).status == "pending"


def test_two_requests_to_move_to_one_slot(opened: Opened) -> None:
    desk, _, _ = opened()
    first, second = booked(desk, ANA), booked(desk, BEN, MONDAY + HOUR)

    desk.acting_as(ANA).request_reschedule(first.id, to=MONDAY + DAY).or_raise()
    assert code(desk.acting_as(BEN).request_reschedule(second.id, to=MONDAY + DAY)) == "slot_unavailable"


def test_a_suggested_time_is_not_promised_twice(opened: Opened) -> None:
    desk, _, _ = opened()
    mine, other = booked(desk, ANA), booked(desk, BEN, MONDAY + HOUR)
    ask = desk.acting_as(ANA).request_reschedule(mine.id, to=MONDAY + DAY).or_raise().value
    more = desk.acting_as(BEN).request_reschedule(other.id, to=MONDAY + DAY + HOUR).or_raise().value
    desk.acting_as(DANA).suggest(ask.id, starts=[MONDAY + 2 * DAY]).or_raise()

    assert code(desk.acting_as(DANA).suggest(more.id, starts=[MONDAY + 2 * DAY])) == "conflict"


@pytest.mark.parametrize("approving", [True, False])
def test_approval_bypassed_by_rescheduling(opened: Opened, approving: bool) -> None:
    """Cal.com 3595: moving a booking confirmed it at the new time. A client's move always waits for approval (A39)."""
    desk, _, _ = opened(plan=schedule(booking=APPROVAL if approving else sched.BookingPolicy()))
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    mine = booked(desk, ANA)
    if approving:
        # Still pending: there is nothing to move yet.
        assert code(ana.request_reschedule(mine.id, to=MONDAY + DAY)) == "invalid_transition"
        dana.approve(mine.id).or_raise()

    asked = ana.request_reschedule(mine.id, to=MONDAY + DAY).or_raise().value

    assert asked.status == "open"
    (still,) = dana.agenda(sched.Span(MONDAY, MONDAY + 3 * DAY)).or_raise().value
    assert (still.starts_at, still.status) == (MONDAY, "upcoming")
    assert code(ana.approve_request(asked.id)) == "forbidden"
    assert code(ana.reschedule(mine.id, to=MONDAY + DAY)) == "forbidden"


def test_notice_not_checked_at_commit(opened: Opened) -> None:
    """Cal.com 14465: a page left open for a day still booked inside the notice."""
    desk, clock, _ = opened()
    within = sched.Span(MONDAY, MONDAY + HOUR)
    listed = desk.acting_as(ANA).slots(service="therapy-50", mode="telehealth", within=within).or_raise().value
    assert MONDAY in listed
    clock.now = MONDAY - timedelta(hours=23)

    assert code(book(desk, ANA)) == "too_soon"
    mine = booked(desk, ANA, MONDAY + 3 * DAY)
    assert code(desk.acting_as(ANA).request_reschedule(mine.id, to=MONDAY)) == "too_soon"


def test_old_slot_not_freed_after_a_move(opened: Opened) -> None:
    """Cal.com 21589."""
    desk, _, _ = opened()
    mine = booked(desk, ANA)
    asked = desk.acting_as(ANA).request_reschedule(mine.id, to=MONDAY + DAY).or_raise().value
    desk.acting_as(DANA).approve_request(asked.id).or_raise()

    assert booked(desk, BEN, MONDAY).starts_at == MONDAY
    assert code(book(desk, BEN, MONDAY + DAY)) == "slot_unavailable"


@pytest.mark.parametrize("how", ["cancel", "decline", "withdraw", "request declined", "request withdrawn"])
def test_old_slot_not_freed_after_anything_else(opened: Opened, how: str) -> None:
    desk, _, _ = opened(plan=schedule(booking=APPROVAL))
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    mine = booked(desk, ANA)
    taken = MONDAY
    if how == "decline":
        dana.decline(mine.id).or_raise()
    elif how == "withdraw":
        ana.withdraw(mine.id).or_raise()
    elif how == "cancel":
        dana.cancel(mine.id, reason="weather").or_raise()
    else:
        dana.approve(mine.id).or_raise()
        taken = MONDAY + DAY
        asked = ana.request_reschedule(mine.id, to=taken).or_raise().value
        assert code(book(desk, BEN, taken)) == "slot_unavailable"
        (dana.decline_request if how == "request declined" else ana.withdraw_request)(asked.id).or_raise()

    assert booked(desk, BEN, taken).starts_at == taken


def test_listing_and_confirming_disagree(opened: Opened) -> None:
    """Every listed time can be booked; no other one of the grid can (here on a day with a bit of everything)."""
    rules = sched.BookingPolicy(
        minimum_notice=sched.Period.parse("PT24H"), slot_step=timedelta(minutes=30), daily_count=4
    )
    desk, clock, _ = opened(plan=schedule(booking=rules))
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    clock.now = MONDAY - DAY + timedelta(minutes=45)
    dana.block_time(starts_at=datetime(2026, 3, 2, 12), ends_at=datetime(2026, 3, 2, 13)).or_raise()
    dana.create(client="ben", service="therapy-50", mode="telehealth", starts_at=MONDAY + 6 * HOUR).or_raise()
    within = sched.Span(MONDAY - HOUR, MONDAY + 10 * HOUR)

    listed = ana.slots(service="therapy-50", mode="telehealth", within=within).or_raise().value
    grid = [MONDAY - HOUR + n * timedelta(minutes=15) for n in range(44)]
    bookable = []
    for start in grid:
        answer = book(desk, ANA, start)
        if isinstance(answer, sched.Accepted):
            bookable.append(start)
            dana.cancel(answer.value.id, reason="booked_in_error").or_raise()

    assert bookable == [slot.starts_at.astimezone(UTC) for slot in listed]
    assert len(bookable) > 5


def test_series_cancel_cancels_one(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    dana.create_series(
        client="ana", service="therapy-50", mode="telehealth", starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=4"
    ).or_raise()
    within = sched.Span(MONDAY, MONDAY + 40 * DAY)
    rows = dana.agenda(within).or_raise().value

    dana.cancel_future(rows[1].id, reason="clinician_unavailable").or_raise()

    assert [row.status for row in dana.agenda(within).or_raise().value] == ["upcoming"] + 3 * ["cancelled"]
    assert all(isinstance(book(desk, BEN, row.starts_at), sched.Accepted) for row in rows[1:])


def test_cancelling_one_cancels_the_series(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    dana.create_series(
        client="ana", service="therapy-50", mode="telehealth", starts_at=MONDAY, rule="FREQ=WEEKLY;COUNT=3"
    ).or_raise()
    within = sched.Span(MONDAY, MONDAY + 40 * DAY)
    second = dana.agenda(within).or_raise().value[1]

    assert code(dana.cancel(second.id, reason="weather")) == "scope_required"
    dana.cancel(second.id, reason="weather", scope=sched.Scope.THIS).or_raise()
    statuses = [row.status for row in dana.agenda(within).or_raise().value]
    assert statuses == ["upcoming", "cancelled", "upcoming"]


def test_the_host_is_blocked_by_the_own_notice(opened: Opened) -> None:
    """Cal.com 18980."""
    desk, clock, _ = opened()
    clock.now = MONDAY - HOUR

    made = desk.acting_as(DANA).create(client="ana", service="therapy-50", mode="telehealth", starts_at=MONDAY)
    assert isinstance(made, sched.Accepted)


def test_moving_and_then_cancelling_is_free(opened: Opened) -> None:
    """B16: a request to move made late stays marked, and the first start is kept."""
    rules = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H"), late_reschedule_counts=True)
    desk, clock, _ = opened(plan=schedule(cancellation=rules, booking=sched.BookingPolicy()))
    mine = booked(desk, ANA)
    clock.now = MONDAY - 2 * HOUR
    asked = desk.acting_as(ANA).request_reschedule(mine.id, to=MONDAY + DAY).or_raise().value

    moved = desk.acting_as(DANA).approve_request(asked.id).or_raise()

    assert asked.late_notice
    fees = [row for row in moved.changes if getattr(row, "charge", None) is not None]
    assert [row.charge.amount for row in fees] == [sched.Money.of("40", "USD")]


def test_late_by_the_time_of_approval_instead_of_asking(opened: Opened) -> None:
    """A4: what counts is when the client asked."""
    rules = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H"), require_approval=True)
    desk, clock, _ = opened(plan=schedule(cancellation=rules))
    mine = booked(desk, ANA)
    clock.now = MONDAY - DAY
    asked = desk.acting_as(ANA).client_cancel(mine.id).or_raise().value
    clock.now = MONDAY - HOUR

    cancelled = desk.acting_as(DANA).approve_request(asked.id).or_raise().value

    assert not cancelled.late
    assert cancelled.charge is None
