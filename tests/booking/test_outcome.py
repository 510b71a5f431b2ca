"""RULES S100, S113, A17, A23, B15 and the transitions that sessions ask for."""

from dataclasses import replace
from datetime import timedelta

import pytest

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.fees.payers import FeeRules, PayerRule
from tests.booking.clinic import (
    ADMIN,
    ANN,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    USD,
    accepted,
    appointment,
    cancellation,
    code,
    event_names,
    facts,
    request,
    schedule,
)

STATUS = sched.AppointmentStatus
STATE = sched.ChargeState
FEE = sched.Money(8000, USD)


def mark(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"actor": CLINICIAN, "now": START, **fields}
    return booking.mark_no_show(given or facts(appointment=appointment()), **asked)


MISSED = accepted(mark()).value


def undo(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"reason": "wrong client", "actor": CLINICIAN, "now": START + HOUR, **fields}
    return booking.undo_no_show(given or facts(appointment=MISSED), **asked)


def test_s100_marking_stores_the_fee_at_once() -> None:
    done = accepted(mark())

    assert done.value.status is STATUS.NO_SHOW
    assert done.value.no_show_at == START
    assert (done.value.charge.state, done.value.charge.amount) == (STATE.STORED, FEE)
    assert done.value.charge.billing_type == "cash_pay"
    assert event_names(done) == ["AppointmentMissed", "FeeChanged"]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLIENT, "forbidden"), (STRANGER, "not_found"), (COLLEAGUE, "forbidden"), (SCHEDULER, "forbidden"),
     (ADMIN, "forbidden")],
)  # fmt: skip
def test_s100_only_the_clinician_marks(actor: sched.Actor, expected: str) -> None:
    assert code(mark(actor=actor)) == expected
    assert code(undo(actor=actor)) == expected


def test_s100_not_before_the_start() -> None:
    assert code(mark(now=START - timedelta(seconds=1))) == "not_started_yet"


def test_b15_nor_within_the_grace() -> None:
    given = facts(
        appointment=appointment(), schedule=schedule(cancellation=cancellation(no_show_grace=timedelta(minutes=15)))
    )

    assert code(mark(given, now=START + timedelta(minutes=14))) == "not_started_yet"
    accepted(mark(given, now=START + timedelta(minutes=15)))


def test_b15_a_client_who_was_waiting_did_come() -> None:
    given = facts(appointment=appointment(), client_waiting=True)

    assert code(mark(given)) == "client_was_waiting"
    assert code(mark(given, reason=None)) == "client_was_waiting"
    assert accepted(mark(reason=None)).value.change_reason == appointment().change_reason
    accepted(mark(given, reason="left the waiting room at once"))


def test_s113_without_a_fee_only_the_status_changes() -> None:
    free = replace(SERVICE, no_show_fee=sched.FeeSchedule())
    for services in ((free,), ()):
        done = accepted(mark(facts(appointment=appointment(), services=services)))
        assert done.value.charge is None
        assert event_names(done) == ["AppointmentMissed"]


@pytest.mark.parametrize("status", [status for status in STATUS if status is not STATUS.UPCOMING])
def test_a23_no_show_only_from_upcoming(status: sched.AppointmentStatus) -> None:
    assert code(mark(facts(appointment=appointment(status=status)))) == "invalid_transition"


def test_a7_a_no_show_supersedes_an_undecided_cancel_request() -> None:
    asked = request(asks=sched.RequestKind.CANCEL)
    waiting = appointment(
        charge=sched.Charge(
            kind=sched.ChargeKind.LATE_CANCEL, state=STATE.DECISION_PENDING, amount=sched.Money(1, USD), at=NOW
        )
    )
    done = accepted(mark(facts(appointment=waiting, requests=(asked,))))
    free = accepted(mark(facts(appointment=waiting, services=(), requests=(asked,))))

    assert done.value.charge.kind is sched.ChargeKind.NO_SHOW
    assert done.changes[1].status is sched.RequestStatus.SUPERSEDED
    assert free.value.charge.state is STATE.VOID
    assert event_names(free) == ["AppointmentMissed", "FeeChanged", "RequestSuperseded"]
    assert (free.events[1].before, free.events[1].after) == (STATE.DECISION_PENDING, STATE.VOID)
    void = replace(waiting, charge=replace(waiting.charge, state=STATE.VOID))
    assert event_names(accepted(mark(facts(appointment=void, services=())))) == ["AppointmentMissed"]


def test_b6_a_payers_rules_hold_for_a_missed_one_too() -> None:
    rules = FeeRules(payers=(PayerRule(payer="medicaid", cap=sched.Money(900, USD)),))
    practice = sched.Practice(id="p", revision=1, fee_rules=rules)
    done = mark(facts(appointment=appointment(), practice=practice, client=replace(ANN, payer="medicaid")))

    assert accepted(done).value.charge.amount == sched.Money(900, USD)


def test_a14_the_fee_follows_the_booked_mode() -> None:
    by_mode = replace(
        SERVICE,
        no_show_fee=sched.FeeSchedule(
            per_mode=((sched.Mode.TELEHEALTH, sched.Money(1, USD)), (sched.Mode.IN_PERSON, sched.Money(2, USD)))
        ),
    )

    assert accepted(mark(facts(appointment=appointment(), services=(by_mode,)))).value.charge.amount.minor == 1


def test_a17_a_no_show_is_taken_back_with_a_reason_and_its_fee_is_void() -> None:
    done = accepted(undo())

    assert (done.value.status, done.value.charge.state) == (STATUS.UPCOMING, STATE.VOID)
    assert done.value.no_show_at is None
    assert event_names(done) == ["NoShowUndone", "FeeChanged"]
    for silent in ("  ", "", None):
        assert code(undo(reason=silent)) == "reason_required"
    assert code(undo(facts(appointment=appointment()))) == "invalid_transition"


def test_a17_not_once_the_fee_is_billed() -> None:
    billed = replace(MISSED, charge=replace(MISSED.charge, state=STATE.BILLED))

    assert code(undo(facts(appointment=billed))) == "fee_already_billed"


def test_a17_without_a_fee_there_is_nothing_to_void() -> None:
    assert event_names(accepted(undo(facts(appointment=replace(MISSED, charge=None))))) == ["NoShowUndone"]
    void = replace(MISSED, charge=replace(MISSED.charge, state=STATE.VOID))
    assert event_names(accepted(undo(facts(appointment=void)))) == ["NoShowUndone"]


def test_a17_what_was_put_there_meanwhile_is_recorded_as_an_overlap() -> None:
    other = appointment(id="b1", client="bob", starts_at=START + timedelta(minutes=30))
    done = accepted(undo(facts(appointment=MISSED, agenda=(MISSED, other))))

    assert done.value.overlap_allowed
    assert [row.code for row in done.warnings] == [sched.Code.OVERLAP]


def test_s37_a_session_moves_the_appointment_along() -> None:
    begun = accepted(booking.begin(appointment(), actor=CLINICIAN, now=START)).value
    ended = accepted(booking.complete(begun, actor=CLINICIAN, now=START + HOUR))

    assert (begun.status, ended.value.status) == (STATUS.IN_PROGRESS, STATUS.COMPLETED)
    assert event_names(ended) == ["AppointmentCompleted"]
    assert code(booking.complete(ended.value, actor=CLINICIAN, now=START + HOUR)) == "invalid_transition"
    assert code(booking.begin(ended.value, actor=CLINICIAN, now=START)) == "invalid_transition"


def test_a23_an_abandoned_session_leaves_it_upcoming() -> None:
    begun = accepted(booking.begin(appointment(), actor=CLINICIAN, now=START)).value
    back = accepted(booking.reopen(begun, actor=CLINICIAN, now=START + HOUR))

    assert back.value.status is STATUS.UPCOMING
    assert event_names(back) == ["AppointmentReopened"]


def test_a7_starting_supersedes_an_open_request_and_voids_its_fee() -> None:
    waiting = appointment(
        charge=sched.Charge(
            kind=sched.ChargeKind.LATE_CANCEL, state=STATE.DECISION_PENDING, amount=sched.Money(1, USD), at=NOW
        )
    )
    asked = request(asks=sched.RequestKind.CANCEL)
    done = accepted(booking.begin(waiting, request=asked, actor=CLINICIAN, now=START))

    assert done.value.charge.state is STATE.VOID
    assert event_names(done) == ["AppointmentStarted", "FeeChanged", "RequestSuperseded"]
    assert len(done.changes) == 2
