"""Bill Sessions and no-shows at the desk, with what sessions know (B15, S69, S100-S108)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.people import BillingType
from oasys_sched.ports import Commit
from tests.desk.practice import ANA, BEN, DANA, MONDAY, NORTH, client, schedule, service

Opened = Callable[..., Any]
MINUTE = timedelta(minutes=1)
USD = lambda amount: sched.Money.of(amount, "USD")


def code(decision: Any) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def booked(desk: Any, actor: sched.Actor = ANA, mode: str = "telehealth", **given: Any) -> Any:
    asked = {"service": "therapy-50", "mode": mode, "starts_at": MONDAY} | given
    return desk.acting_as(actor).book(**asked).or_raise().value


def bill(desk: Any) -> list[tuple[str, Any]]:
    rows = desk.acting_as(DANA).billable().or_raise().value
    return [(str(row.kind), row.amount) for row in rows]


def test_b15_a_client_who_waited_is_no_no_show_without_a_reason(opened: Opened) -> None:
    desk, clock, _ = opened()
    mine = booked(desk)
    clock.now = MONDAY
    desk.acting_as(ANA).join(mine.id).or_raise()
    clock.forward(minutes=20)

    refused = desk.acting_as(DANA).mark_no_show(mine.id)
    missed = desk.acting_as(DANA).mark_no_show(mine.id, reason="she left before I came")

    assert code(refused) == "client_was_waiting"
    assert missed.or_raise().value.status == "no_show"


def test_a23_a_no_show_is_never_marked_during_a_session(opened: Opened) -> None:
    desk, clock, _ = opened()
    mine, dana = booked(desk), desk.acting_as(DANA)
    clock.now = MONDAY
    session = dana.start(mine.id).or_raise().value

    assert code(dana.mark_no_show(mine.id)) == "invalid_transition"
    dana.abandon(session.id).or_raise()
    assert dana.mark_no_show(mine.id).or_raise().value.charge.amount == USD("60")


def test_s69_a_session_is_billed_once_by_itself_or_by_its_appointment(opened: Opened) -> None:
    desk, clock, _ = opened()
    dana = desk.acting_as(DANA)
    first, second = booked(desk), booked(desk, BEN, starts_at=MONDAY + timedelta(hours=1))
    clock.now = MONDAY
    held = []
    for mine in (first, second):
        held.append(dana.start(mine.id).or_raise().value)
        clock.forward(minutes=50)
        dana.end(held[-1].id).or_raise()

    assert bill(desk) == [("session", USD("120")), ("session", USD("120"))]
    dana.bill_session(held[0].id).or_raise()
    assert code(dana.bill(first.id)) == "invalid_transition"
    dana.bill(second.id).or_raise()
    assert code(dana.bill(second.id)) == "invalid_transition"
    assert bill(desk) == []


def test_s69_a_logged_session_is_on_the_bill(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    dana.log_previous(client="ana", service="therapy-50", mode="in_person",
                      starts_at=MONDAY - timedelta(days=20)).or_raise()  # fmt: skip

    assert bill(desk) == [("session", USD("120"))]


@pytest.mark.parametrize(
    ("kind", "items"), [(BillingType.CASH_PAY, 1), (BillingType.INSURANCE, 1), (BillingType.NOT_BILLED, 0)]
)
def test_s107_s108_fees_are_listed_by_the_current_billing_type_and_owed_by_the_client(
    opened: Opened, kind: BillingType, items: int
) -> None:
    desk, clock, repository = opened()
    mine = booked(desk)
    clock.now = MONDAY
    missed = desk.acting_as(DANA).mark_no_show(mine.id).or_raise().value
    # A18: what counts is the type now, not the one at the event.
    repository.commit(Commit(practice=NORTH, changes=(client("ana", revision=2, billing_type=kind),)))

    rows = desk.acting_as(DANA).billable().or_raise().value

    assert missed.charge.billing_type == "cash_pay"
    assert [(row.kind, row.payer) for row in rows] == [("no_show_fee", "client")] * items
    assert code(desk.acting_as(DANA).bill(mine.id)) == "invalid_transition" if not items else True


def test_s105_a_late_cancellation_approved_without_the_fee_stays_late_and_free(opened: Opened) -> None:
    desk, clock, _ = opened()
    mine = booked(desk)
    clock.now = MONDAY - timedelta(hours=3)
    asked = desk.acting_as(ANA).client_cancel(mine.id).or_raise().value

    done = desk.acting_as(DANA).approve_request(asked.id, apply_fee=False).or_raise().value

    assert (done.late, done.charge.state) == (True, "waived")
    assert bill(desk) == []
    again = desk.acting_as(DANA).reinstate_fee(mine.id, reason="she asked twice").or_raise().value
    assert again.charge.state == "stored"
    assert bill(desk) == [("late_cancel_fee", USD("40"))]


def test_b4_a_stored_fee_is_waived_with_a_reason_until_it_is_billed(opened: Opened) -> None:
    desk, clock, _ = opened()
    mine, dana = booked(desk), desk.acting_as(DANA)
    clock.now = MONDAY
    dana.mark_no_show(mine.id).or_raise()

    assert code(dana.waive_fee(mine.id, reason="because")) == "unknown_reason"
    assert dana.waive_fee(mine.id, reason="illness").or_raise().value.charge.reason == "illness"
    assert code(dana.reinstate_fee(mine.id, reason=" ")) == "reason_required"
    dana.reinstate_fee(mine.id, reason="mistake").or_raise()
    dana.bill(mine.id).or_raise()
    for refused in (
        dana.waive_fee(mine.id, reason="illness"),
        dana.undo_no_show(mine.id, reason="mistake"),
        dana.bill(mine.id),
    ):
        assert code(refused) == "fee_already_billed"


def test_a6_a_late_cancellation_at_once_waits_for_the_fee_alone(opened: Opened) -> None:
    rules = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H"), late_requires_approval=False)
    desk, clock, _ = opened(plan=schedule(cancellation=rules))
    mine = booked(desk)
    clock.now = MONDAY - timedelta(hours=2)

    gone = desk.acting_as(ANA).client_cancel(mine.id).or_raise().value

    assert (gone.status, gone.charge.state) == ("cancelled", "decision_pending")
    assert bill(desk) == []
    assert code(desk.acting_as(ANA).decide_fee(mine.id, apply=False)) == "forbidden"
    desk.acting_as(DANA).decide_fee(mine.id, apply=True).or_raise()
    assert bill(desk) == [("late_cancel_fee", USD("40"))]


def test_s113_without_a_fee_a_no_show_changes_the_status_only(opened: Opened) -> None:
    free = sched.FeeSchedule()
    desk, clock, _ = opened(offers=service(no_show_fee=free))
    mine = booked(desk)
    clock.now = MONDAY

    missed = desk.acting_as(DANA).mark_no_show(mine.id).or_raise().value

    assert (missed.status, missed.charge, bill(desk)) == ("no_show", None, [])


def test_b3_the_terms_agreed_at_booking_outlast_a_dearer_policy(opened: Opened) -> None:
    given = {"late_threshold": sched.Period.parse("PT24H"), "terms": "at_booking", "require_acknowledgement": True}
    rules = sched.CancellationPolicy(**given, version="2026")
    desk, clock, repository = opened(plan=schedule(cancellation=rules))
    without = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
    other = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY, terms_accepted="2025")
    mine = booked(desk, terms_accepted="2026")
    dearer = sched.ServiceRecord(
        practice=NORTH, revision=2, service=service(late_cancel_fee=sched.FeeSchedule(single=USD("400")))
    )
    stricter = schedule(
        revision=2,
        cancellation=sched.CancellationPolicy(**{**given, "late_threshold": sched.Period.parse("P7D")}, version="2027"),
    )
    repository.commit(Commit(practice=NORTH, changes=(dearer, stricter)))
    clock.now = MONDAY - timedelta(days=2)

    early = desk.acting_as(ANA).quote(mine.id).or_raise().value
    clock.now = MONDAY - timedelta(hours=2)
    late = desk.acting_as(ANA).quote(mine.id).or_raise().value

    assert {code(without), code(other)} == {"terms_not_accepted"}
    assert mine.terms.version == "2026"
    assert (early.late, late.late, late.fee) == (False, True, USD("40"))


def test_s106_what_is_half_set_up_is_explained() -> None:
    offers = service()
    missing_threshold = sched.problems(sched.CancellationPolicy(), [offers])
    missing_amount = sched.problems(
        sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H")),
        [service(late_cancel_fee=sched.FeeSchedule())],
    )

    assert [row.field for row in missing_threshold] == ["late_threshold"]
    assert [row.field for row in missing_amount] == ["services.therapy-50.late_cancel_fee"]


def test_b16_no_more_moves_than_allowed_are_asked_for(opened: Opened) -> None:
    rules = sched.CancellationPolicy(max_reschedules=1)
    desk, _, _ = opened(plan=schedule(cancellation=rules))
    mine, ana = booked(desk), desk.acting_as(ANA)
    asked = ana.request_reschedule(mine.id, to=MONDAY + timedelta(days=1)).or_raise().value
    moved = desk.acting_as(DANA).approve_request(asked.id).or_raise().value

    assert (moved.reschedules, moved.original_start) == (1, MONDAY)
    assert code(ana.request_reschedule(mine.id, to=MONDAY + timedelta(days=2))) == "too_many_reschedules"


def test_b18_a_service_has_its_own_notice_and_cut_off(opened: Opened) -> None:
    booking = sched.BookingPolicy(
        services=(sched.ServiceLimits(service="therapy-50", minimum_notice=sched.Period.parse("P2D")),),
        reschedule_notice=sched.Period.parse("P3D"),
    )
    rules = sched.CancellationPolicy(
        services=(sched.CancellationLimits(service="therapy-50", cut_off=sched.Period.parse("PT12H")),)
    )
    desk, clock, _ = opened(plan=schedule(booking=booking, cancellation=rules))
    mine, ana = booked(desk), desk.acting_as(ANA)
    clock.now = MONDAY - timedelta(days=2, minutes=-1)

    assert code(ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY - 2 * MINUTE)) == "too_soon"
    booked(desk, BEN, starts_at=MONDAY + timedelta(hours=1))
    assert code(ana.request_reschedule(mine.id, to=MONDAY + timedelta(days=1, hours=2))) == "too_soon"
    clock.now = MONDAY - timedelta(hours=11)
    assert code(ana.client_cancel(mine.id)) == "client_cancellation_disabled"


def test_b1_a_cancellation_carries_its_initiator_and_fhir_code(opened: Opened) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    cases = {"clinician_illness": ("clinician", "prov-pers"), "client_transport": ("client", "pat-lt"),
             "weather": ("practice", "oth-weath"), "insurance": ("client", "oth-fin")}  # fmt: skip
    for number, (reason, (initiator, fhir)) in enumerate(cases.items()):
        mine = booked(desk, starts_at=MONDAY + timedelta(hours=number))
        gone = dana.cancel(mine.id, reason=reason).or_raise().value
        assert (str(gone.cancellation.initiator), sched.REASONS[reason].fhir) == (initiator, fhir)
    mine = booked(desk, starts_at=MONDAY)
    assert code(dana.cancel(mine.id, reason="")) == "reason_required"
    assert code(dana.cancel(mine.id, reason="bored")) == "unknown_reason"
    assert code(dana.cancel(mine.id, reason="other")) == "reason_required"
    assert code(dana.cancel(mine.id, reason="other", text="moving house")) in {"reason_required", "invalid_value"}
    done = dana.cancel(mine.id, reason="other", text="moving house", initiator=sched.Initiator.CLIENT)
    assert done.or_raise().value.cancellation.initiator == "client"
