"""RULES 3.8, B4: deciding, waiving, reinstating and billing fees."""

from dataclasses import replace

import pytest

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    ADMIN,
    ANN,
    CLIENT,
    CLINICIAN,
    NOW,
    SCHEDULER,
    STRANGER,
    USD,
    accepted,
    appointment,
    code,
    event_names,
    facts,
)

STATE = sched.ChargeState
STATUS = sched.AppointmentStatus


def charged(state: sched.ChargeState, status: sched.AppointmentStatus = STATUS.CANCELLED, **fields: object) -> object:
    charge = sched.Charge(kind=sched.ChargeKind.LATE_CANCEL, state=state, amount=sched.Money(5000, USD), at=NOW)
    return facts(appointment=appointment(status=status, charge=charge), **fields)


def decide(given: object, apply: bool = True, **fields: object) -> object:
    return booking.decide_fee(given, apply=apply, **{"actor": CLINICIAN, "now": NOW, **fields})


def waive(given: object, **fields: object) -> object:
    asked = {"reason": sched.WaiveReason.ILLNESS, "actor": CLINICIAN, "now": NOW, **fields}
    return booking.waive_fee(given, **asked)


def reinstate(given: object, **fields: object) -> object:
    return booking.reinstate_fee(given, **{"reason": "mistake", "actor": CLINICIAN, "now": NOW, **fields})


def bill(given: object, **fields: object) -> object:
    return booking.bill(given, **{"actor": CLINICIAN, "now": NOW, **fields})


def test_a6_the_clinician_decides_a_late_fee_either_way() -> None:
    given = charged(STATE.DECISION_PENDING)

    assert accepted(decide(given)).value.charge.state is STATE.STORED
    waived = accepted(decide(given, False, reason=sched.WaiveReason.FIRST_OCCURRENCE))
    assert waived.value.charge.state is STATE.WAIVED
    assert waived.events[0].reason == "first_occurrence"


def test_a6_only_an_undecided_fee_of_a_cancelled_appointment_is_decided() -> None:
    assert code(decide(charged(STATE.STORED), False)) == "invalid_transition"
    assert code(decide(charged(STATE.DECISION_PENDING, STATUS.UPCOMING))) == "invalid_transition"
    assert code(decide(facts(appointment=appointment(status=STATUS.CANCELLED)))) == "invalid_transition"
    assert code(decide(charged(STATE.BILLED))) == "fee_already_billed"
    assert code(decide(facts())) == "not_found"


@pytest.mark.parametrize(("actor", "expected"), [(CLIENT, "forbidden"), (STRANGER, "not_found"), (ADMIN, "forbidden")])
def test_s114_only_the_clinician_decides(actor: sched.Actor, expected: str) -> None:
    assert code(decide(charged(STATE.DECISION_PENDING), actor=actor)) == expected


def test_b4_waiving_needs_a_known_reason_and_can_be_taken_back() -> None:
    stored = charged(STATE.STORED)
    done = accepted(waive(stored))

    assert (done.value.charge.state, done.value.charge.reason) == (STATE.WAIVED, "illness")
    assert event_names(done) == ["FeeChanged"]
    assert code(waive(stored, reason="")) == "reason_required"
    assert code(waive(stored, reason="kindness")) == "unknown_reason"
    back = accepted(reinstate(facts(appointment=done.value)))
    assert "mistake" not in repr(back)
    assert back.value.charge.state is STATE.STORED
    assert code(reinstate(facts(appointment=done.value), reason=" ")) == "reason_required"


def test_b4_never_once_billed() -> None:
    for reason in ("illness", ""):
        assert code(waive(charged(STATE.BILLED), reason=reason)) == "fee_already_billed"
    assert code(reinstate(charged(STATE.BILLED))) == "fee_already_billed"
    assert code(bill(charged(STATE.BILLED))) == "fee_already_billed"


def test_b4_there_must_be_a_fee_in_the_right_state() -> None:
    assert code(waive(facts(appointment=appointment()))) == "invalid_transition"
    assert code(waive(charged(STATE.DECISION_PENDING))) == "invalid_transition"
    assert code(waive(charged(STATE.VOID))) == "invalid_transition"
    assert code(reinstate(charged(STATE.STORED))) == "invalid_transition"
    assert code(waive(facts())) == "not_found"


def test_b19_an_administrator_waives_and_bills_the_front_desk_does_not() -> None:
    accepted(waive(charged(STATE.STORED), actor=ADMIN))
    assert code(waive(charged(STATE.STORED), actor=SCHEDULER)) == "forbidden"
    accepted(bill(charged(STATE.STORED), actor=ADMIN))


def test_s101_billing_a_fee_or_a_session() -> None:
    fee = accepted(bill(charged(STATE.STORED)))
    session = accepted(bill(facts(appointment=appointment(status=STATUS.COMPLETED))))

    assert fee.value.charge.state is STATE.BILLED
    assert event_names(fee) == ["AppointmentBilled", "FeeChanged"]
    assert session.value.billed
    assert session.changes == (session.value,)
    assert event_names(session) == ["AppointmentBilled"]
    assert code(bill(facts(appointment=session.value))) == "invalid_transition"


def test_s107_s108_nothing_is_billed_to_who_is_not_billed() -> None:
    free = replace(ANN, billing_type=sched.BillingType.NOT_BILLED)

    assert code(bill(charged(STATE.STORED, client=free))) == "invalid_transition"
    assert code(bill(facts(appointment=appointment(status=STATUS.COMPLETED), client=free))) == "invalid_transition"
    assert code(bill(charged(STATE.STORED, client=None))) == "invalid_transition"


def test_s101_nothing_to_bill() -> None:
    assert code(bill(facts(appointment=appointment()))) == "invalid_transition"
    assert code(bill(charged(STATE.WAIVED))) == "invalid_transition"
    assert code(bill(facts())) == "not_found"


def test_b4_what_a_late_fee_is_waived_for_is_one_of_the_reasons() -> None:
    given = charged(STATE.DECISION_PENDING)

    assert code(decide(given, apply=False, reason="boredom")) == "unknown_reason"
    assert code(decide(given, apply=False, reason=" ")) == "reason_required"
    assert code(waive(charged(STATE.STORED), reason=None)) == "reason_required"
    assert accepted(decide(given, apply=False, reason="emergency")).value.charge.reason == "emergency"
    assert accepted(decide(given, apply=False)).value.charge.reason is None
    assert code(decide(charged(STATE.BILLED), apply=False, reason="boredom")) == "fee_already_billed"


@pytest.mark.parametrize("reason", ["boredom", " ", sched.WaiveReason.ILLNESS])
def test_b4_the_state_of_a_fee_is_judged_before_the_reason(reason: str) -> None:
    assert code(waive(charged(STATE.BILLED), reason=reason)) == "fee_already_billed"
    assert code(waive(charged(STATE.WAIVED), reason=reason)) == "invalid_transition"
