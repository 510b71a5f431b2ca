"""RULES 3.4: change requests, asked and answered."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    SYSTEM,
    USD,
    accepted,
    appointment,
    cancellation,
    code,
    codes,
    event_names,
    facts,
    policy,
    request,
    schedule,
)

STATUS = sched.RequestStatus
STATE = sched.ChargeState
FEE = sched.Money(5000, USD)
TOMORROW = START + 24 * HOUR
LATE = START - HOUR
CANCEL = request(
    asks=sched.RequestKind.CANCEL,
    reason="client_illness",
    requested_at=LATE,
    quote=sched.quote_cancellation(appointment(), SERVICE, cancellation(), LATE),
)
QUOTED = appointment(
    charge=sched.Charge(
        kind=sched.ChargeKind.LATE_CANCEL, state=STATE.DECISION_PENDING, amount=FEE, quoted=FEE, at=LATE
    )
)


def ask(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"id": "r1", "actor": CLIENT, "now": NOW}
    asked |= {name: fields.pop(name) for name in tuple(asked) if name in fields}
    command = sched.RequestMove(**{"starts_at": TOMORROW, **fields})
    return booking.request_reschedule(given or facts(appointment=appointment()), command, **asked)


def about(asked: sched.ChangeRequest | None = None, **fields: object) -> sched.Facts:
    one = asked or request()
    return facts(**{"appointment": appointment(), "request": one, "requests": (one,), **fields})


def approve(given: sched.Facts | None = None, **fields: object) -> object:
    return booking.approve_request(given or about(), **{"actor": CLINICIAN, "now": NOW, **fields})


def suggest(given: sched.Facts | None = None, *starts: datetime, **fields: object) -> object:
    asked = {"starts": starts or (TOMORROW + HOUR,), "actor": CLINICIAN, "now": NOW, **fields}
    return booking.suggest(given or about(), **asked)


SUGGESTED = accepted(suggest(None, TOMORROW + HOUR, TOMORROW + 2 * HOUR)).value


def accept(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"starts_at": TOMORROW + HOUR, "actor": CLIENT, "now": NOW, **fields}
    return booking.accept_alternative(given or about(SUGGESTED), **asked)


def test_s34_a_client_asks_and_the_appointment_stays() -> None:
    done = accepted(ask(text="school play"))

    assert (done.value.status, done.value.proposed) == (STATUS.OPEN, (TOMORROW,))
    assert done.changes == (done.value,)
    assert event_names(done) == ["RequestOpened"]
    assert "school" not in repr(done)


def test_a9_the_proposed_time_is_held_and_the_appointment_has_one_place_for_a_request() -> None:
    held = accepted(ask()).value.occupancies

    assert [(row.resource, row.group) for row in held] == [("request:a1", "r1"), ("clinician:dr", "a1")]
    assert held[1].span == sched.Span(TOMORROW, TOMORROW + timedelta(minutes=50))
    assert held[1].expires_at == START


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLINICIAN, "forbidden"), (SCHEDULER, "forbidden"), (STRANGER, "not_found"), (SYSTEM, "forbidden")],
)
def test_s34_clinicians_just_reschedule(actor: sched.Actor, expected: str) -> None:
    assert code(ask(actor=actor)) == expected


def test_s34_only_an_upcoming_one_before_its_start() -> None:
    for status in sched.AppointmentStatus:
        given = facts(appointment=appointment(status=status))
        if status is sched.AppointmentStatus.UPCOMING:
            assert code(ask(given, now=START)) == "already_started"
        elif status is sched.AppointmentStatus.IN_PROGRESS:
            assert code(ask(given)) == "already_started"
        else:
            assert code(ask(given)) == "invalid_transition"


def test_s34_one_open_request_an_appointment_and_so_many_a_client() -> None:
    assert code(ask(about())) == "request_already_open"
    other = request(appointment(id="a2"), id="r2")
    busy = facts(appointment=appointment(), requests=(other,), schedule=schedule(booking=policy(open_requests=1)))
    assert code(ask(busy)) == "too_many_requests"
    accepted(ask(replace(busy, requests=(replace(other, status=STATUS.WITHDRAWN),))))


def test_s34_the_proposed_time_is_a_slot_for_that_client() -> None:
    bob = appointment(id="b1", client="bob", starts_at=TOMORROW)

    assert code(ask(facts(appointment=appointment(), agenda=(appointment(), bob)))) == "slot_unavailable"
    assert code(ask(starts_at=TOMORROW + timedelta(minutes=1))) == "slot_unavailable"
    assert code(ask(starts_at=START)) == "no_change"
    assert code(ask(starts_at=datetime(2026, 3, 6, 15))) == "naive_datetime"
    near = facts(
        appointment=appointment(), schedule=schedule(booking=policy(maximum_advance=sched.Period.parse("P3D")))
    )
    assert code(ask(near)) == "too_far_ahead"
    own = facts(appointment=appointment(), client_agenda=(appointment(id="z", clinician="z", starts_at=TOMORROW),))
    assert codes(ask(own)) == ["slot_unavailable", "client_double_booked"]


def test_s34_the_old_time_itself_is_no_obstacle() -> None:
    accepted(ask(starts_at=START + timedelta(minutes=15)))
    bob = appointment(id="b1", client="bob", starts_at=START + HOUR)
    taken = facts(appointment=appointment(), agenda=(appointment(), bob))
    assert codes(ask(taken, starts_at=START + timedelta(minutes=15))) == ["slot_unavailable"]


def test_s34_the_duration_is_the_booked_one() -> None:
    long = facts(appointment=appointment(duration=2 * HOUR))

    assert accepted(ask(long, starts_at=TOMORROW - HOUR)).value.holds[0].duration == 2 * HOUR
    assert code(ask(long, starts_at=TOMORROW + HOUR)) == "slot_unavailable"
    accepted(ask(facts(appointment=appointment(), services=())))


def test_a8_a_late_move_is_flagged_and_costs_nothing() -> None:
    late = accepted(ask(now=LATE)).value
    done = accepted(approve(about(late), now=LATE))

    assert late.late_notice
    assert done.value.late_notice
    assert done.events[1].late_notice
    assert done.value.charge is None
    assert not accepted(ask()).value.late_notice
    assert not accepted(approve()).events[1].late_notice


def test_b16_only_so_many_moves_and_the_first_start_is_kept() -> None:
    rules = schedule(cancellation=cancellation(max_reschedules=1))
    moved = accepted(approve()).value

    assert (moved.reschedules, moved.original_start) == (1, START)
    assert code(ask(facts(appointment=moved, schedule=rules), starts_at=START)) == "too_many_reschedules"
    accepted(ask(facts(appointment=appointment(), schedule=rules)))


def test_b18_moving_has_its_own_notice() -> None:
    given = facts(
        appointment=appointment(), schedule=schedule(booking=policy(reschedule_notice=sched.Period.parse("PT48H")))
    )

    assert code(ask(given, now=START - 47 * HOUR)) == "too_soon"
    accepted(ask(given, now=START - 48 * HOUR))


def test_s35_approving_moves_the_appointment() -> None:
    done = accepted(approve())

    assert done.value.starts_at == TOMORROW
    assert done.value.sequence == 1
    assert done.changes[1].status is STATUS.APPROVED
    assert done.changes[1].occupancies == ()
    assert event_names(done) == ["RequestApproved", "AppointmentRescheduled"]


@pytest.mark.parametrize(
    ("actor", "expected"), [(CLIENT, "forbidden"), (COLLEAGUE, "forbidden"), (STRANGER, "not_found")]
)
def test_s35_only_the_appointments_clinician_answers(actor: sched.Actor, expected: str) -> None:
    assert code(approve(actor=actor)) == expected
    assert code(suggest(actor=actor)) == expected
    assert code(booking.decline_request(about(), actor=actor, now=NOW)) == expected


def test_a38_conflict_and_still_ahead_are_judged_again_the_notice_is_not() -> None:
    bob = appointment(id="b1", client="bob", starts_at=TOMORROW)
    strict = schedule(booking=policy(minimum_notice=sched.Period.parse("P30D")))

    assert code(approve(about(agenda=(appointment(), bob)))) == "conflict"
    assert accepted(approve(about(agenda=(appointment(), bob)), allow_overlap=True)).value.overlap_allowed
    assert code(approve(now=START)) == "hold_expired"
    accepted(approve(about(schedule=strict)))


def test_a39_a_client_never_moves_an_appointment_without_approval() -> None:
    for rules in (policy(), policy(require_approval=True)):
        done = accepted(ask(facts(appointment=appointment(), schedule=schedule(booking=rules))))
        assert all(isinstance(change, sched.ChangeRequest) for change in done.changes)


def test_s35_an_approval_of_what_has_not_moved_is_no_change() -> None:
    odd = request(proposed=(START,), old_start=START + HOUR)

    assert code(approve(about(odd))) == "no_change"


def test_s35_there_must_be_such_a_request() -> None:
    assert code(approve(facts(appointment=appointment()))) == "not_found"
    assert code(approve(about(request(appointment(id="a2"))))) == "not_found"
    assert code(approve(facts(request=request()))) == "not_found"


def test_o7_an_inactive_clinician_moves_nothing() -> None:
    away = sched.Clinician(practice="p", id="dr", zone="UTC", status=sched.ClinicianStatus.INACTIVE)

    assert code(approve(about(clinician=away))) == "clinician_not_active"
    assert code(suggest(about(clinician=away))) == "clinician_not_active"


def test_s36_suggesting_swaps_the_holds() -> None:
    done = accepted(suggest(None, TOMORROW + 2 * HOUR, TOMORROW + HOUR, TOMORROW + HOUR))

    assert done.value.status is STATUS.ALTERNATIVE_SUGGESTED
    assert done.value.proposed == (TOMORROW + HOUR, TOMORROW + 2 * HOUR)
    assert len(done.value.occupancies) == 3
    assert event_names(done) == ["AlternativesSuggested"]


def test_s36_suggestions_are_one_to_ten_future_free_times() -> None:
    bob = appointment(id="b1", client="bob", starts_at=TOMORROW + HOUR)

    assert code(booking.suggest(about(), starts=(), actor=CLINICIAN, now=NOW)) == "invalid_value"
    assert code(suggest(None, *(TOMORROW + n * HOUR for n in range(11)))) == "invalid_value"
    wrong = suggest(None, NOW, START)
    assert codes(wrong) == ["in_the_past", "no_change"]
    assert [row.field for row in wrong.refusals] == ["starts[0]", "starts[1]"]
    refused = suggest(about(agenda=(appointment(), bob)), TOMORROW, TOMORROW + HOUR)
    assert code(refused) == "conflict"
    assert refused.refusals[0].field == "starts[1]"
    assert code(suggest(now=START)) == "hold_expired"
    assert code(suggest(about(CANCEL))) == "invalid_transition"
    assert code(suggest(about(SUGGESTED))) == "invalid_transition"


def test_s36_accepting_one_moves_there() -> None:
    done = accepted(accept())

    assert done.value.starts_at == TOMORROW + HOUR
    assert done.value.reschedules == 1
    assert done.changes[1].status is STATUS.APPROVED
    assert event_names(done) == ["AlternativeAccepted", "AppointmentRescheduled"]


def test_s36_what_is_accepted_was_offered_is_ahead_and_still_free() -> None:
    bob = appointment(id="b1", client="bob", starts_at=TOMORROW + HOUR, overlap_allowed=True)
    own = appointment(id="z", clinician="z", starts_at=TOMORROW + HOUR)

    assert code(accept(starts_at=TOMORROW + 3 * HOUR)) == "slot_unavailable"
    assert code(accept(starts_at=NOW)) == "in_the_past"
    assert code(accept(now=START)) == "hold_expired"
    assert code(accept(about(SUGGESTED, agenda=(appointment(), bob)))) == "slot_unavailable"
    assert codes(accept(about(SUGGESTED, client_agenda=(own,)))) == ["slot_unavailable", "client_double_booked"]
    assert code(accept(about())) == "invalid_transition"
    assert code(accept(actor=CLINICIAN)) == "forbidden"
    assert code(accept(actor=STRANGER)) == "not_found"


def test_s36_declining_the_alternatives_lets_the_original_stand() -> None:
    done = accepted(booking.decline_alternative(about(SUGGESTED), actor=CLIENT, now=NOW))

    assert done.value.status is STATUS.DECLINED
    assert done.changes == (done.value,)
    assert event_names(done) == ["AlternativesDeclined"]
    assert code(booking.decline_alternative(about(), actor=CLIENT, now=NOW)) == "invalid_transition"


def test_a42_the_clinician_may_decline() -> None:
    done = accepted(booking.decline_request(about(), actor=CLINICIAN, now=NOW))

    assert done.value.status is STATUS.DECLINED
    assert event_names(done) == ["RequestDeclined"]
    assert code(booking.decline_request(about(SUGGESTED), actor=CLINICIAN, now=NOW)) == "invalid_transition"


def test_s34_the_client_may_take_it_back() -> None:
    for asked in (request(), SUGGESTED, CANCEL):
        done = accepted(booking.withdraw_request(about(asked), actor=CLIENT, now=NOW))
        assert done.value.status is STATUS.WITHDRAWN
    assert code(booking.withdraw_request(about(), actor=CLINICIAN, now=NOW)) == "forbidden"
    assert code(booking.withdraw_request(about(request(status=STATUS.DECLINED)), actor=CLIENT, now=NOW)) == (
        "invalid_transition"
    )


def test_a9_a_move_request_lapses_at_the_earlier_of_old_and_every_proposed_start() -> None:
    before = request(proposed=(START - 24 * HOUR,))

    assert request().expires_at == START
    assert before.expires_at == START - 24 * HOUR
    assert SUGGESTED.expires_at == START
    assert code(booking.expire_request(about(), actor=SYSTEM, now=NOW)) == "not_started_yet"
    done = accepted(booking.expire_request(about(), actor=SYSTEM, now=START))
    assert done.value.status is STATUS.EXPIRED
    assert event_names(done) == ["RequestExpired"]
    assert code(booking.expire_request(about(), actor=CLINICIAN, now=START)) == "forbidden"
    assert code(booking.expire_request(about(request(status=STATUS.EXPIRED)), actor=SYSTEM, now=START)) == (
        "invalid_transition"
    )


def test_a7_a_cancel_request_never_lapses_and_stays_decidable_after_the_start() -> None:
    given = about(CANCEL, appointment=QUOTED)

    assert CANCEL.expires_at is None
    assert code(booking.expire_request(given, actor=SYSTEM, now=START + HOUR)) == "invalid_transition"
    assert accepted(approve(given, now=START + HOUR)).value.charge.state is STATE.STORED


def test_s104_approving_a_late_cancellation_stores_the_quoted_fee() -> None:
    done = accepted(approve(about(CANCEL, appointment=QUOTED), now=LATE + HOUR / 2))

    assert done.value.status is sched.AppointmentStatus.CANCELLED
    assert (done.value.charge.state, done.value.charge.amount) == (STATE.STORED, FEE)
    assert done.value.late
    assert done.value.cancellation.requested_at == LATE
    assert done.value.cancellation.initiator is sched.Initiator.CLIENT
    assert event_names(done) == ["RequestApproved", "AppointmentCancelled", "FeeChanged"]


def test_s105_approving_without_the_fee_waives_it_and_keeps_the_flag() -> None:
    done = accepted(approve(about(CANCEL, appointment=QUOTED), apply_fee=False, now=LATE)).value

    assert done.charge.state is STATE.WAIVED
    assert done.late


def test_s104_no_fee_can_apply_to_an_on_time_request() -> None:
    on_time = replace(CANCEL, quote=sched.quote_cancellation(appointment(), SERVICE, cancellation(), NOW))

    assert code(approve(about(on_time), apply_fee=True)) == "not_late"
    assert code(approve(apply_fee=True)) == "not_late"
    done = accepted(approve(about(on_time))).value
    assert not done.late
    assert done.charge is None
    unexplained = accepted(approve(about(replace(on_time, quote=None, reason=None))))
    assert unexplained.value.cancellation.reason == unexplained.events[1].reason == "client_request"


def test_a15_a_fee_is_frozen_when_asked_for_whatever_the_service_costs_later() -> None:
    dearer = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(single=sched.Money(99000, USD)))

    done = accepted(approve(about(CANCEL, appointment=QUOTED, services=(dearer,)), now=LATE)).value

    assert done.charge.amount == FEE


@pytest.mark.parametrize("answer", [
    lambda given: booking.decline_request(given, actor=CLINICIAN, now=LATE),
    lambda given: booking.withdraw_request(given, actor=CLIENT, now=LATE),
])  # fmt: skip
def test_s104_a_request_that_comes_to_nothing_voids_its_fee(answer: object) -> None:
    done = accepted(answer(about(CANCEL, appointment=QUOTED)))

    assert done.changes[1].charge.state is STATE.VOID
    assert event_names(done)[1] == "FeeChanged"


def test_s28_moving_the_appointment_voids_the_fee_of_its_cancel_request() -> None:
    given = about(CANCEL, appointment=QUOTED)
    done = accepted(booking.reschedule(given, starts_at=TOMORROW, actor=CLINICIAN, now=LATE))

    assert done.value.charge.state is STATE.VOID
    assert event_names(done) == ["AppointmentRescheduled", "FeeChanged", "RequestSuperseded"]


COUNTS = schedule(cancellation=cancellation(late_reschedule_counts=True))


def test_a8_b16_with_the_knob_a_late_move_is_a_late_cancellation_and_a_new_booking() -> None:
    asked = accepted(ask(facts(appointment=appointment(), schedule=COUNTS), now=LATE)).value
    given = about(asked, schedule=COUNTS)
    done = accepted(approve(given, id="a2", now=LATE))
    new, (old, *_) = done.value, done.changes

    assert (old.status, old.late, old.charge.state, old.charge.amount) == (
        sched.AppointmentStatus.CANCELLED, True, STATE.STORED, FEE,
    )  # fmt: skip
    assert (new.id, new.starts_at, new.revision, new.charge) == ("a2", TOMORROW, 1, None)
    assert event_names(done) == ["RequestApproved", "AppointmentCancelled", "FeeChanged", "AppointmentCreated"]
    assert accepted(approve(given, id="a2", apply_fee=False, now=LATE)).changes[0].charge.state is STATE.WAIVED
    assert code(approve(given, now=LATE)) == "invalid_value"
    void = replace(QUOTED, charge=replace(QUOTED.charge, state=STATE.VOID))
    again = accepted(approve(replace(given, appointment=void), id="a2", now=LATE))
    assert (again.changes[0].charge.state, again.value.charge) == (STATE.STORED, None)


def test_a8_the_client_who_accepts_an_alternative_leaves_the_fee_to_the_clinician() -> None:
    asked = accepted(ask(facts(appointment=appointment(), schedule=COUNTS), now=LATE)).value
    offer = accepted(suggest(about(asked, schedule=COUNTS), TOMORROW + HOUR, now=LATE)).value
    done = accepted(accept(about(offer, schedule=COUNTS), id="a2", now=LATE))

    assert done.changes[0].charge.state is STATE.DECISION_PENDING


def test_a8_with_the_knob_an_early_move_stays_a_move() -> None:
    asked = accepted(ask(facts(appointment=appointment(), schedule=COUNTS))).value

    assert asked.quote is None
    assert accepted(approve(about(asked, schedule=COUNTS))).value.id == "a1"


@pytest.mark.parametrize("asks", sched.RequestKind)
def test_s36_a_request_about_a_session_that_has_begun_cannot_be_granted(asks: sched.RequestKind) -> None:
    begun = appointment(status=sched.AppointmentStatus.IN_PROGRESS)
    asked = CANCEL if asks is sched.RequestKind.CANCEL else request()
    given = facts(appointment=begun, request=asked, requests=(asked,))
    assert code(booking.approve_request(given, id="new", actor=CLINICIAN, now=NOW)) == "invalid_transition"
