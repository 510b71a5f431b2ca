"""Everything that fees are made of, field by field and word by word: nothing of a fee is beside the point."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.decisions import Refusal, Refused
from oasys_sched.fees.charges import ChargeAct, moved
from oasys_sched.fees.quote import late_charge, no_show_charge
from tests.fees.test_billing import CASH, CLIENTS, INSURED, KIND, NOW, STATE, STATUS, USD, appointment, fee, session
from tests.fees.test_quote import POLICY, SERVICE, START, quote
from tests.fees.test_quote import appointment as booked

HOUR = timedelta(hours=1)
A_DAY = sched.Period.parse("P1D")
FIFTY, EIGHTY = sched.Money(5000, USD), sched.Money(8000, USD)
MEDICAID = sched.Client(practice="p", id="c", payer="medicaid", billing_type=sched.BillingType.INSURANCE)
CAPPED = sched.FeeRules(payers=(sched.PayerRule(payer="medicaid", cap=sched.Money(2000, USD)),))


def problem(call: object) -> tuple[str, str, str | None]:
    with pytest.raises(ValueError) as raised:
        call()  # type: ignore[operator]
    error = raised.value
    return error.problem, str(error.code), error.field  # type: ignore[attr-defined]


def test_b2_a_quote_is_all_of_this() -> None:
    at = START - HOUR
    assert quote(at, client=MEDICAID, rules=CAPPED) == sched.Quote(
        appointment="a",
        at=at,
        starts_at=START,
        cut_off=START - 24 * HOUR,
        late=True,
        left=timedelta(0),
        fee=sched.Money(2000, USD),
        allowed=True,
        needs_approval=True,
        reductions=("payer_cap",),
    )


def test_b2_a_naive_moment_is_named() -> None:
    assert problem(lambda: quote(datetime(2026, 3, 8)))[1:] == ("naive_datetime", "now")


def test_a1_a_day_is_a_calendar_day_where_the_appointment_is() -> None:
    """The clocks of New York go forward in the night before: a day back is 23 hours."""
    policy = replace(POLICY, late_threshold=A_DAY, cut_off=A_DAY)
    start = datetime(2026, 3, 8, 18, tzinfo=UTC)
    at = quote(start - 23 * HOUR, policy=policy, appointment=booked(starts_at=start))

    assert at.cut_off == start - 23 * HOUR
    assert (at.late, at.allowed) == (False, True)
    assert not quote(start - 22 * HOUR, policy=policy, appointment=booked(starts_at=start)).allowed


def test_b6_a_late_fee_is_all_of_this() -> None:
    asked = quote(START - HOUR, client=MEDICAID, rules=CAPPED)
    whole = sched.Charge(
        kind=KIND.LATE_CANCEL,
        state=STATE.DECISION_PENDING,
        amount=sched.Money(2000, USD),
        quoted=sched.Money(2000, USD),
        at=START - HOUR,
        billing_type="insurance",
        reductions=("payer_cap",),
    )
    assert late_charge(asked, STATE.DECISION_PENDING, client=MEDICAID) == whole
    assert late_charge(asked, STATE.DECISION_PENDING, client=None) == replace(whole, billing_type="")


def test_b6_a_no_show_fee_is_all_of_this() -> None:
    whole = sched.Charge(
        kind=KIND.NO_SHOW,
        state=STATE.STORED,
        amount=sched.Money(2000, USD),
        at=START,
        billing_type="insurance",
        reductions=("payer_cap",),
    )
    assert no_show_charge(booked(), SERVICE, POLICY, START, client=MEDICAID, rules=CAPPED) == whole
    plain = no_show_charge(booked(), SERVICE, POLICY, START)
    assert plain == replace(whole, amount=EIGHTY, billing_type="", reductions=())


def test_s99_a_schedule_that_makes_no_sense_is_told_why() -> None:
    phone = (sched.Mode.PHONE, FIFTY)
    assert problem(lambda: sched.FeeSchedule(per_mode=(phone, phone))) == (
        "one amount per mode", "invalid_policy", "per_mode",
    )  # fmt: skip
    assert problem(lambda: sched.FeeSchedule(single=sched.Money(1, "EUR"), per_mode=(phone,))) == (
        "one currency per fee schedule", "currency_mismatch", "per_mode",
    )  # fmt: skip


def test_s99_a_schedule_limited_to_modes_keeps_its_single_amount() -> None:
    phone, video = (sched.Mode.PHONE, FIFTY), (sched.Mode.TELEHEALTH, EIGHTY)
    schedule = sched.FeeSchedule(single=FIFTY, per_mode=(phone, video))
    assert schedule.limited_to((sched.Mode.PHONE,)) == sched.FeeSchedule(single=FIFTY, per_mode=(phone,))


def test_b6_rules_that_make_no_sense_are_told_why() -> None:
    rule = sched.PayerRule(payer="medicaid")
    assert problem(lambda: sched.FeeRules(payers=(rule, rule))) == ("one rule per payer", "invalid_policy", "payers")
    assert problem(lambda: sched.PayerRule(payer=""))[2] == "payer"


def test_b6_a_cap_of_just_the_fee_takes_nothing_off() -> None:
    assert sched.FeeRules(cap=FIFTY).reduce(FIFTY, payer=None) == (FIFTY, ())
    assert sched.FeeRules(cap=FIFTY).reduce(sched.Money(5001, USD), payer=None) == (FIFTY, ("practice_cap",))


def test_b5_a_grace_that_makes_no_sense_is_told_why() -> None:
    assert problem(lambda: sched.GracePolicy(free=-1)) == ("give a whole number from 0", "invalid_value", "free")
    assert problem(lambda: sched.GracePolicy(period=sched.Period())) == (
        "give a period above zero, such as 'P12M'", "invalid_value", "period",
    )  # fmt: skip


def test_b5_what_began_at_the_same_moment_was_not_before() -> None:
    policy = sched.GracePolicy(intake=True)
    first, twin = appointment(charge=fee()), appointment("b")

    assert sched.propose_waiver(first, policy, [twin], now=NOW) is not None
    assert sched.propose_waiver(first, policy, [replace(twin, starts_at=NOW - HOUR)], now=NOW) is None


def test_b5_an_incident_just_a_period_ago_still_counts() -> None:
    """Of calendar days, in the appointment's zone: New York's clocks went forward between the two."""
    policy = sched.GracePolicy(free=1, period=A_DAY)
    now = datetime(2026, 3, 8, 18, tzinfo=UTC)
    here = appointment(charge=fee(), zone="America/New_York")

    def offered(ago: timedelta) -> object:
        return sched.propose_waiver(here, policy, [appointment("b", charge=fee(at=now - ago))], now=now)

    assert offered(23 * HOUR) is None
    assert offered(23 * HOUR + timedelta(microseconds=1)) is sched.WaiveReason.FIRST_OCCURRENCE


def test_3_8_a_billed_fee_says_why_it_stays() -> None:
    billed = fee(STATE.BILLED)
    assert moved(billed, ChargeAct.WAIVE) == Refused(
        (
            Refusal(
                sched.Code.FEE_ALREADY_BILLED,
                "the fee has been billed: a credit belongs to billing",
                None,
                {"act": "waive"},
            ),
        )
    )


def test_3_8_a_reason_stays_until_there_is_another() -> None:
    stored = fee(reason="forgot")
    assert moved(stored, ChargeAct.BILL) == replace(stored, state=STATE.BILLED)
    assert moved(stored, ChargeAct.WAIVE, reason="ill") == replace(stored, state=STATE.WAIVED, reason="ill")


def test_s69_an_item_is_all_of_this() -> None:
    common = {"client": "cash", "clinician": "d", "service": "s", "mode": sched.Mode.TELEHEALTH, "at": NOW}
    no_show = appointment(status=STATUS.NO_SHOW, charge=fee())
    assert sched.billable_items([no_show], CLIENTS) == (
        sched.BillableItem(
            kind=sched.BillableKind.NO_SHOW_FEE,
            amount=sched.Money(80, USD),
            payer=sched.Payer.CLIENT,
            appointment="a",
            **common,
        ),
    )
    done = appointment(status=STATUS.COMPLETED)
    assert sched.billable_items([done], CLIENTS) == (
        sched.BillableItem(
            kind=sched.BillableKind.SESSION,
            amount=sched.Money(100, USD),
            payer=sched.Payer.CLIENT,
            appointment="a",
            **common,
        ),
    )
    held = session(client="insured", appointment="z")
    assert sched.billable_items([], CLIENTS, sessions=[held]) == (
        sched.BillableItem(
            kind=sched.BillableKind.SESSION,
            amount=sched.Money(100, USD),
            payer=sched.Payer.INSURANCE,
            appointment="z",
            session="x",
            **(common | {"client": "insured", "mode": sched.Mode.PHONE}),
        ),
    )
    assert (CASH.billing_type, INSURED.billing_type) == ("cash_pay", "insurance")


def test_s69_items_of_one_moment_are_in_the_order_of_their_ids() -> None:
    late = appointment("B", status=STATUS.CANCELLED, charge=fee(kind=KIND.LATE_CANCEL))
    sessions = [session("A", appointment="B"), session("x")]

    items = sched.billable_items([late], CLIENTS, sessions=sessions)

    assert [(item.appointment, item.session) for item in items] == [(None, "x"), ("B", None), ("B", "A")]
