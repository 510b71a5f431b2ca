"""RULES 3.2: what becomes of a pending booking."""

from dataclasses import replace

import pytest

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    GUARDIAN,
    NOW,
    SCHEDULER,
    START,
    STRANGER,
    SYSTEM,
    accepted,
    appointment,
    cancellation,
    code,
    event_names,
    facts,
    schedule,
)

PENDING = appointment(status=sched.AppointmentStatus.PENDING)


def waiting(**fields: object) -> sched.Facts:
    return facts(**{"appointment": PENDING, **fields})


def test_s20_approving_confirms() -> None:
    decision = accepted(booking.approve(waiting(), actor=CLINICIAN, now=NOW))

    assert decision.value.status is sched.AppointmentStatus.UPCOMING
    assert decision.value.revision == PENDING.revision + 1
    assert event_names(decision) == ["BookingApproved"]


def test_a38_the_notice_is_not_asked_again_at_approval() -> None:
    strict = schedule(booking=sched.BookingPolicy(minimum_notice=sched.Period.parse("P1W")))

    accepted(booking.approve(waiting(schedule=strict), actor=CLINICIAN, now=NOW))


def test_a38_conflict_and_still_ahead_are() -> None:
    other = appointment(id="b1", client="bob")

    assert code(booking.approve(waiting(agenda=(PENDING, other)), actor=CLINICIAN, now=NOW)) == "conflict"
    allowed = booking.approve(waiting(agenda=(PENDING, other)), allow_overlap=True, actor=CLINICIAN, now=NOW)
    assert accepted(allowed).value.overlap_allowed
    assert code(booking.approve(waiting(), actor=CLINICIAN, now=START)) == "hold_expired"


def test_o7_an_inactive_clinician_approves_nothing() -> None:
    away = sched.Clinician(practice="p", id="dr", zone="UTC", status=sched.ClinicianStatus.INACTIVE)

    assert code(booking.approve(waiting(clinician=away), actor=CLINICIAN, now=NOW)) == "clinician_not_active"


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLIENT, "forbidden"), (STRANGER, "not_found"), (COLLEAGUE, "forbidden"), (SCHEDULER, "forbidden"),
     (SYSTEM, "forbidden"), (GUARDIAN, "not_found")],
)  # fmt: skip
@pytest.mark.parametrize("act", [booking.approve, booking.decline])
def test_s20_only_the_appointments_clinician_decides(act: object, actor: sched.Actor, expected: str) -> None:
    assert code(act(waiting(), actor=actor, now=NOW)) == expected


def test_s20_declining_cancels_without_lateness() -> None:
    decision = accepted(booking.decline(waiting(), text="full", actor=CLINICIAN, now=NOW))

    assert decision.value.status is sched.AppointmentStatus.CANCELLED
    assert (decision.value.cancellation.reason, decision.value.late) == ("declined", False)
    assert decision.value.occupancies == ()
    assert event_names(decision) == ["BookingDeclined"]
    assert "full" not in repr(decision)
    assert decision.value.cancellation.text == "full"
    assert accepted(booking.decline(waiting(), actor=CLINICIAN, now=NOW)).value.cancellation.text == ""


def test_a19_withdrawing_is_always_allowed_never_late_never_a_fee() -> None:
    closed = schedule(cancellation=cancellation(allow=False, require_approval=True))
    late = START.replace(minute=0) - (START - START)

    decision = accepted(booking.withdraw(waiting(schedule=closed), actor=CLIENT, now=late))

    assert decision.value.status is sched.AppointmentStatus.CANCELLED
    assert decision.value.cancellation.reason == "withdrawn"
    assert not decision.value.late
    assert decision.value.charge is None
    assert event_names(decision) == ["BookingWithdrawn"]


def test_o3_a_guardian_withdraws_for_the_child() -> None:
    child = replace(ANN, guardian="mum")

    accepted(booking.withdraw(waiting(client=child), actor=GUARDIAN, now=NOW))


def test_a19_nobody_else_withdraws_it() -> None:
    assert code(booking.withdraw(waiting(), actor=CLINICIAN, now=NOW)) == "forbidden"
    assert code(booking.withdraw(waiting(), actor=STRANGER, now=NOW)) == "not_found"


def test_a9_an_undecided_booking_lapses_at_its_start() -> None:
    assert code(booking.expire(waiting(), actor=SYSTEM, now=NOW)) == "not_started_yet"
    decision = accepted(booking.expire(waiting(), actor=SYSTEM, now=START))
    assert decision.value.cancellation.reason == "expired"
    assert event_names(decision) == ["BookingExpired"]
    assert code(booking.expire(waiting(), actor=CLINICIAN, now=START)) == "forbidden"


@pytest.mark.parametrize("act", [booking.approve, booking.decline, booking.withdraw, booking.expire])
def test_s20_what_is_decided_stays_decided(act: object) -> None:
    actor = {"withdraw": CLIENT, "expire": SYSTEM}.get(act.__name__, CLINICIAN)

    assert code(act(facts(appointment=appointment()), actor=actor, now=START)) == "invalid_transition"
    gone = facts(appointment=None)
    assert code(act(gone, actor=actor, now=START)) == "not_found"
