"""RULES S98-S106, A15, A16, B2, B3, B6: what a cancellation or a no-show costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.fees.quote import no_show_charge

USD = "USD"
START = datetime(2026, 3, 8, 14, tzinfo=UTC)
DAY = sched.Period.parse("PT24H")
POLICY = sched.CancellationPolicy(late_threshold=DAY)
SERVICE = sched.Service(
    id="s",
    duration=timedelta(minutes=50),
    late_cancel_fee=sched.FeeSchedule(single=sched.Money(5000, USD)),
    no_show_fee=sched.FeeSchedule(single=sched.Money(8000, USD), per_mode=((sched.Mode.PHONE, sched.Money(0, USD)),)),
)
CLIENT = sched.Client(practice="p", id="c", payer="medicaid")


def appointment(**fields: object) -> sched.Appointment:
    given = {
        "practice": "p", "id": "a", "clinician": "d", "client": "c", "service": "s", "mode": sched.Mode.TELEHEALTH,
        "starts_at": START, "duration": timedelta(minutes=50), "zone": "America/New_York", "created_at": START,
        **fields,
    }  # fmt: skip
    return sched.Appointment(**given)


def quote(
    at: datetime, service: sched.Service = SERVICE, policy: sched.CancellationPolicy = POLICY, **more: object
) -> sched.Quote:
    booked = more.pop("appointment", appointment())
    return sched.quote_cancellation(booked, service, policy, at, **more)


def test_b2_an_early_quote_tells_how_long_it_stays_free() -> None:
    early = quote(START - timedelta(hours=25))

    assert (early.late, early.fee, early.minutes_left) == (False, None, 60)
    assert early.cut_off == START - timedelta(hours=24)
    assert early.allowed
    assert not early.needs_approval


def test_b2_a_late_quote_tells_the_fee_and_that_the_clinician_decides() -> None:
    late = quote(START - timedelta(hours=23))

    assert (late.late, late.fee, late.minutes_left) == (True, sched.Money(5000, USD), 0)
    assert late.needs_approval
    assert not quote(START - timedelta(hours=1), policy=replace(POLICY, late_requires_approval=False)).needs_approval


def test_b2_a_quote_needs_an_aware_moment() -> None:
    with pytest.raises(sched.InvalidValue):
        quote(datetime(2026, 3, 8))


def test_s106_both_halves_are_needed_for_a_fee() -> None:
    at = START - timedelta(hours=1)

    no_threshold = quote(at, policy=sched.CancellationPolicy())
    assert (no_threshold.late, no_threshold.fee, no_threshold.minutes_left) == (False, None, None)
    for schedule in (sched.FeeSchedule(), sched.FeeSchedule(single=sched.Money(0, USD))):
        no_amount = quote(at, replace(SERVICE, late_cancel_fee=schedule))
        assert (no_amount.late, no_amount.fee) == (True, None)


def test_s99_the_booked_modes_entry_then_the_single_one_then_nothing() -> None:
    fees = sched.FeeSchedule(single=sched.Money(1, USD), per_mode=((sched.Mode.PHONE, sched.Money(2, USD)),))
    service = replace(SERVICE, late_cancel_fee=fees)
    at = START - timedelta(hours=1)

    assert quote(at, service).fee == sched.Money(1, USD)
    assert quote(at, service, appointment=appointment(mode=sched.Mode.PHONE)).fee == sched.Money(2, USD)
    only_phone = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(per_mode=fees.per_mode))
    assert quote(at, only_phone).fee is None


def test_s102_the_late_fee_is_single_or_by_mode_like_the_no_show_fee() -> None:
    by_mode = sched.FeeSchedule(per_mode=((sched.Mode.TELEHEALTH, sched.Money(7, USD)),))

    assert quote(START - timedelta(hours=1), replace(SERVICE, late_cancel_fee=by_mode)).fee == sched.Money(7, USD)


def test_a16_an_explicit_zero_does_not_fall_back() -> None:
    assert no_show_charge(appointment(mode=sched.Mode.PHONE), SERVICE, POLICY, START) is None
    assert no_show_charge(appointment(), SERVICE, POLICY, START).amount == sched.Money(8000, USD)


def test_s99_a_mode_the_service_lacks_is_a_configuration_error() -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        replace(SERVICE, modes=(sched.Mode.TELEHEALTH,))
    assert caught.value.code is sched.Code.MODE_NOT_SUPPORTED


def test_s115_removing_a_mode_removes_its_fee() -> None:
    assert SERVICE.with_modes(sched.Mode.TELEHEALTH).no_show_fee.per_mode == ()


def test_s98_there_is_no_global_fee() -> None:
    assert quote(START - timedelta(hours=1), sched.Service(id="s", duration=timedelta(minutes=50))).fee is None


def test_a19_a_booking_awaiting_approval_is_never_late() -> None:
    pending = appointment(status=sched.AppointmentStatus.PENDING)

    assert not quote(START - timedelta(hours=1), appointment=pending).late


def test_b3_terms_at_booking_override_later_changes_when_the_policy_says_so() -> None:
    terms = sched.Terms.of(POLICY, SERVICE, sched.Mode.TELEHEALTH)
    booked = appointment(terms=terms)
    dearer = replace(
        SERVICE,
        late_cancel_fee=sched.FeeSchedule(single=sched.Money(9, USD)),
        no_show_fee=sched.FeeSchedule(single=sched.Money(9, USD)),
    )
    at = START - timedelta(hours=23)
    looser = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT2H"))
    agreed = replace(looser, terms=sched.TermsBasis.AT_BOOKING)

    assert not quote(at, dearer, looser, appointment=booked).late
    assert quote(at, dearer, agreed, appointment=booked).fee == sched.Money(5000, USD)
    assert no_show_charge(booked, dearer, agreed, START).amount == sched.Money(8000, USD)
    assert not quote(at, dearer, agreed).late  # no snapshot was taken: the terms in force count


def test_b6_payers_prohibit_or_cap_and_each_reduction_is_named() -> None:
    at = START - timedelta(hours=1)

    def ruled(**rules: object) -> sched.Quote:
        return quote(at, client=CLIENT, rules=sched.FeeRules(**rules))

    prohibited = ruled(payers=(sched.PayerRule(payer="medicaid", prohibited=True),))
    assert (prohibited.late, prohibited.fee, prohibited.reductions) == (True, None, ("payer_prohibits",))
    capped = ruled(cap=sched.Money(1000, USD), payers=(sched.PayerRule(payer="medicaid", cap=sched.Money(2000, USD)),))
    assert (capped.fee, capped.reductions) == (sched.Money(1000, USD), ("payer_cap", "practice_cap"))
    assert ruled(payers=(sched.PayerRule(payer="other", prohibited=True),)).fee == sched.Money(5000, USD)
    with pytest.raises(sched.InvalidPolicy):
        sched.FeeRules(payers=(sched.PayerRule(payer="m"), sched.PayerRule(payer="m")))


def test_a18_the_billing_type_at_the_event_is_kept_for_the_audit() -> None:
    insured = replace(CLIENT, billing_type=sched.BillingType.INSURANCE, payer=None)

    assert no_show_charge(appointment(), SERVICE, POLICY, START, client=insured).billing_type == "insurance"
    assert no_show_charge(appointment(), SERVICE, POLICY, START).billing_type == ""


@given(minutes=st.integers(0, 60 * 48), later=st.integers(0, 60 * 48), cap=st.integers(0, 9000))
def test_b2_a_quote_never_falls_as_time_passes_and_never_passes_the_cap(minutes: int, later: int, cap: int) -> None:
    rules = sched.FeeRules(cap=sched.Money(cap, USD))
    first, second = sorted([START - timedelta(minutes=minutes), START - timedelta(minutes=later)])

    def owed(at: datetime) -> int:
        fee = quote(at, rules=rules).fee
        return fee.minor if fee else 0

    assert owed(first) <= owed(second) <= min(cap, 5000)


def test_b2_a_quote_allows_no_cancelling_of_what_has_begun_or_is_over() -> None:
    assert quote(START - timedelta(seconds=1)).allowed
    assert not quote(START).allowed
    for status in ("in_progress", "completed", "cancelled", "no_show"):
        over = appointment(status=sched.AppointmentStatus(status))
        assert not quote(START - timedelta(hours=30), appointment=over).allowed
