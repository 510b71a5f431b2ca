"""RULES S27, invariants 1 and 2: the offered actions are exactly those that succeed, over reachable states."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    EVERYBODY,
    GUARDIAN,
    HOUR,
    NOW,
    START,
    STRANGER,
    SYSTEM,
    USD,
    accepted,
    appointment,
    cancellation,
    code,
    facts,
    policy,
    request,
    schedule,
)

Action = sched.Action
CHILD = replace(ANN, guardian="mum", guardian_email="mum@example.org")

# Every way to try an action, with arguments of this test's own: all that a caller could sensibly give.
TIMES = [START + timedelta(hours=hours) for hours in (-24, 1, 19, 24, 500)]


ATTEMPTS = {
    Action.APPROVE: [lambda f, flag=flag, **k: booking.approve(f, allow_overlap=flag, **k) for flag in (False, True)],
    Action.DECLINE: [lambda f, **k: booking.decline(f, text="x", **k)],
    Action.WITHDRAW: [lambda f, **k: booking.withdraw(f, **k)],
    Action.EXPIRE: [lambda f, **k: booking.expire(f, **k)],
    Action.RESCHEDULE: [
        lambda f, at=at, **k: booking.reschedule(f, starts_at=at, allow_overlap=True, **k) for at in TIMES
    ],
    Action.EDIT: [lambda f, mode=mode, **k: booking.edit(f, mode=mode, **k) for mode in sched.Mode]
    + [lambda f, **k: booking.edit(f, price=sched.Money(7, USD), **k)],
    Action.CANCEL: [lambda f, **k: booking.cancel(f, reason="weather", **k),
                    lambda f, **k: booking.cancel(f, reason="client_request", **k)],
    Action.CLIENT_CANCEL: [lambda f, **k: booking.client_cancel(f, sched.CancelOwn(), id="q", **k)],
    Action.REQUEST_RESCHEDULE: [
        lambda f, at=at, **k: booking.request_reschedule(f, sched.RequestMove(starts_at=at), id="q", **k)
        for at in TIMES
    ],
    Action.APPROVE_REQUEST: [
        lambda f, fee=fee, **k: booking.approve_request(f, apply_fee=fee, allow_overlap=True, id="n", **k)
        for fee in (None, True, False)
    ],
    Action.SUGGEST: [lambda f, at=at, **k: booking.suggest(f, starts=[at], **k) for at in TIMES],
    Action.DECLINE_REQUEST: [lambda f, **k: booking.decline_request(f, **k)],
    Action.ACCEPT_ALTERNATIVE: [
        lambda f, at=at, **k: booking.accept_alternative(f, starts_at=at, id="n", **k) for at in TIMES
    ],
    Action.DECLINE_ALTERNATIVE: [lambda f, **k: booking.decline_alternative(f, **k)],
    Action.WITHDRAW_REQUEST: [lambda f, **k: booking.withdraw_request(f, **k)],
    Action.MARK_NO_SHOW: [lambda f, why=why, **k: booking.mark_no_show(f, reason=why, **k) for why in ("", "late")],
    Action.UNDO_NO_SHOW: [lambda f, **k: booking.undo_no_show(f, reason="mistake", **k)],
    Action.DECIDE_FEE: [lambda f, flag=flag, **k: booking.decide_fee(f, apply=flag, **k) for flag in (True, False)],
    Action.WAIVE_FEE: [lambda f, **k: booking.waive_fee(f, reason="illness", **k)],
    Action.REINSTATE_FEE: [lambda f, **k: booking.reinstate_fee(f, reason="mistake", **k)],
    Action.BILL: [lambda f, **k: booking.bill(f, **k)],
}  # fmt: skip

MOMENTS = [NOW, START - HOUR, START, START + HOUR]
RULES = st.fixed_dictionaries(
    {
        "allow": st.booleans(),
        "require_approval": st.booleans(),
        "late_requires_approval": st.booleans(),
        "late_reschedule_counts": st.booleans(),
        "max_reschedules": st.sampled_from([None, 1]),
    }
)
# Where the walk begins: nothing asked, a move asked for, an alternative suggested, a cancellation asked for.
OPENINGS = [
    [],
    [(Action.REQUEST_RESCHEDULE, 3, NOW)],
    [(Action.REQUEST_RESCHEDULE, 3, NOW), (Action.SUGGEST, 2, NOW)],
    [(Action.REQUEST_RESCHEDULE, 3, START - HOUR), (Action.SUGGEST, 3, START - HOUR)],
    [(Action.CLIENT_CANCEL, 0, START - HOUR)],
    [(Action.CLIENT_CANCEL, 0, START - HOUR), (Action.APPROVE_REQUEST, 2, START - HOUR)],
]
STEPS = st.lists(st.tuples(st.sampled_from(list(ATTEMPTS)), st.integers(0, 4), st.sampled_from(MOMENTS)), max_size=4)


def world_after(steps: list[tuple[sched.Action, int, datetime]], start: sched.Facts) -> tuple[sched.Facts, datetime]:
    """Walk to a reachable state: try each act as whoever may, keeping what is accepted; time never runs back."""
    world, clock = start, NOW
    for action, variant, moment in steps:
        clock = max(clock, moment)
        attempts = ATTEMPTS[action]
        for actor in (CLINICIAN, CLIENT, SYSTEM):
            decision = attempts[variant % len(attempts)](world, actor=actor, now=clock)
            if isinstance(decision, sched.Accepted):
                world = applied(world, decision)
                break
    return world, clock


def applied(world: sched.Facts, decision: sched.Accepted[object]) -> sched.Facts:
    about = world.appointment
    for change in decision.changes:
        if isinstance(change, sched.Appointment) and change.id == about.id:
            world = replace(world, appointment=change, agenda=(change,), client_agenda=(change,))
        elif isinstance(change, sched.ChangeRequest):
            world = replace(
                world, requests=(change,) if change.is_open else (), request=change if change.is_open else None
            )
    return world


@settings(max_examples=60, deadline=None)
@given(
    opening=st.sampled_from(OPENINGS),
    steps=STEPS,
    rules=RULES,
    pending=st.sampled_from([False, False, True]),
    waiting=st.booleans(),
    billed=st.sampled_from(list(sched.BillingType)),
    reschedule_notice=st.sampled_from([None, sched.Period.parse("PT2H")]),
)
def test_s27_invariant_2_offered_actions_are_exactly_those_that_succeed(
    opening: list[tuple[sched.Action, int, datetime]],
    steps: list[tuple[sched.Action, int, datetime]],
    rules: dict[str, object],
    pending: bool,
    waiting: bool,
    billed: sched.BillingType,
    reschedule_notice: sched.Period | None,
) -> None:
    status = sched.AppointmentStatus.PENDING if pending else sched.AppointmentStatus.UPCOMING
    start = facts(
        appointment=appointment(status=status),
        schedule=schedule(cancellation=cancellation(**rules), booking=policy(reschedule_notice=reschedule_notice)),
        client=replace(CHILD, billing_type=billed),
        client_waiting=waiting,
    )
    world, clock = world_after([*opening, *steps], start)
    for actor in EVERYBODY:
        offered = {
            state.action: state.enabled
            for state in sched.available_actions(world.appointment, world, actor=actor, now=clock)
        }
        for action, attempts in ATTEMPTS.items():
            answers = [attempt(world, actor=actor, now=clock) for attempt in attempts]
            succeeded = any(isinstance(answer, sched.Accepted) for answer in answers)
            assert offered.get(action, False) == succeeded, (actor.kind, action, answers)


def test_s27_a_disabled_action_says_why() -> None:
    states = {
        state.action: state
        for state in sched.available_actions(appointment(), facts(appointment=appointment()), actor=CLINICIAN, now=NOW)
    }

    assert states[Action.RESCHEDULE].enabled
    assert states[Action.MARK_NO_SHOW].refusals[0].code is sched.Code.NOT_STARTED_YET
    assert states[Action.APPROVE].refusals[0].code is sched.Code.INVALID_TRANSITION
    assert states[Action.APPROVE_REQUEST].refusals[0].code is sched.Code.NOT_FOUND
    assert Action.CLIENT_CANCEL not in states


def test_s27_a_series_occurrence_can_be_moved_and_cancelled() -> None:
    one = appointment(series="s", recurrence_id=datetime(2026, 3, 5, 15), price=None)
    states = {state.action: state.enabled for state in sched.available_actions(
        one, facts(appointment=one), actor=CLINICIAN, now=NOW)}  # fmt: skip

    assert states[Action.RESCHEDULE]
    assert states[Action.CANCEL]
    assert states[Action.EDIT]


def enabled(one: sched.Appointment, given: sched.Facts) -> dict[sched.Action, bool]:
    states = sched.available_actions(one, given, actor=CLINICIAN, now=NOW)
    return {state.action: state.enabled for state in states}


@pytest.mark.parametrize("price", [None, sched.Money(0, USD), sched.Money(1, USD)])
def test_s27_whatever_it_costs_it_can_be_edited(price: sched.Money | None) -> None:
    one = appointment(price=price)

    assert enabled(one, facts(appointment=one))[Action.EDIT]


def test_s27_what_is_asked_about_is_found_among_the_facts() -> None:
    about = enabled(appointment(), facts(requests=(request(),)))

    assert about[Action.RESCHEDULE]
    assert about[Action.APPROVE_REQUEST]
    other = facts(request=request(appointment(id="a2"), id="r2"), requests=(request(),))
    assert enabled(appointment(), other)[Action.APPROVE_REQUEST]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1), timedelta(days=2)])
@pytest.mark.parametrize("known", ["agenda", "client_agenda", "series", "requests", "waitlist"])
def test_s27_there_is_always_another_time_to_move_to_or_suggest(known: str, later: timedelta) -> None:
    """Wherever it is that somebody has a day's later time: the day after that is free."""
    one = appointment()
    at = one.ends_at + later
    row = appointment(id="b", client="bob", starts_at=at)
    hold = sched.WaitlistOffer(span=row.span, expires_at=START)
    there = {
        "agenda": (one, row),
        "client_agenda": (one, replace(row, client="ann", clinician="other-dr")),
        "series": (one, row),
        "requests": (request(row, id="r2", proposed=(at,)),),
        "waitlist": (
            sched.WaitlistEntry(
                practice="p", id="w", clinician="dr", client="bob", service="therapy", mode=one.mode, zone=one.zone,
                joined_at=NOW, status=sched.WaitlistStatus.OFFERED, offer=hold,
            ),
        ),
    }[known]  # fmt: skip
    asked = request(proposed=(START + HOUR / 2,))
    given = facts(appointment=one, **{known: there})
    about = enabled(one, replace(given, requests=(asked, *given.requests)))

    assert about[Action.RESCHEDULE]
    assert about[Action.SUGGEST]


def test_s27_a_stranger_is_offered_nothing() -> None:
    for actor in (STRANGER, GUARDIAN, sched.Actor.clinician("dr", practice="elsewhere")):
        assert sched.available_actions(appointment(), facts(appointment=appointment()), actor=actor, now=NOW) == ()


def test_s27_without_hours_no_move_can_be_asked_for() -> None:
    closed = facts(appointment=appointment(), schedule=schedule(hours=None))
    states = {state.action: state for state in sched.available_actions(appointment(), closed, actor=CLIENT, now=NOW)}

    assert states[Action.REQUEST_RESCHEDULE].refusals[0].code is sched.Code.NO_AVAILABILITY
    assert states[Action.CLIENT_CANCEL].enabled


@pytest.mark.parametrize("action", ATTEMPTS)
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: f"{actor.kind}-{actor.id}")
def test_b19_a_forbidden_actor_learns_nothing_but_that(action: sched.Action, actor: sched.Actor) -> None:
    """Actor before state: whoever may not gets the same answer in every state; clients never learn of others."""
    answers = set()
    for status in sched.AppointmentStatus:
        one = appointment(status=status)
        decision = ATTEMPTS[action][0](facts(appointment=one), actor=actor, now=NOW)
        answers.add(decision.code.value if isinstance(decision, sched.Refused) else "accepted")
    relation = sched.Relation.OWN if actor in (CLIENT, CLINICIAN) else sched.Relation.PRACTICE
    if actor in (STRANGER, GUARDIAN):
        assert answers == {"not_found"}
    elif not sched.may(actor.kind, action, [relation]):
        assert answers == {"forbidden"}
    else:
        assert "forbidden" not in answers


def test_b19_whose_an_appointment_is_says_the_appointment_itself() -> None:
    theirs = facts(appointment=appointment(clinician="other-dr"), client=replace(ANN, id="bob"))

    assert isinstance(booking.cancel(theirs, reason="weather", actor=COLLEAGUE, now=NOW), sched.Accepted)
    assert code(booking.cancel(theirs, reason="weather", actor=CLINICIAN, now=NOW)) == "forbidden"
    assert isinstance(booking.client_cancel(theirs, sched.CancelOwn(), id="q", actor=CLIENT, now=NOW), sched.Accepted)
    assert code(booking.client_cancel(theirs, sched.CancelOwn(), id="q", actor=STRANGER, now=NOW)) == "not_found"


def test_s109_the_client_view_has_free_slots_and_own_bookings_only() -> None:
    mine = appointment(clinician="other-dr", id="m", starts_at=START + 24 * HOUR)
    theirs = appointment(client="bob", id="b")
    given = facts(agenda=(theirs,), client_agenda=(mine,))
    view = accepted(booking.client_view(
        given, service="therapy", mode=sched.Mode.TELEHEALTH, within=sched.Span(START - HOUR, START + HOUR),
        actor=CLIENT, now=NOW)).value  # fmt: skip

    assert [row.id for row in view.own] == ["m"]
    assert (view.own[0].status, view.own[0].cancelled_late) == (sched.AppointmentStatus.UPCOMING, False)
    assert START not in view.slots
    assert "bob" not in repr(view)
    refused = booking.client_view(given, service="x", within=sched.Span(START, START + HOUR), actor=CLIENT, now=NOW)
    assert isinstance(refused, sched.Refused)
