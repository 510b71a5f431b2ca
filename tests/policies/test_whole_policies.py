"""Policies to the last figure: the edges of what may be set, and everything a finding names."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched
from oasys_sched import Code, Refusal
from oasys_sched.policies.access import Action, forbidden
from oasys_sched.policies.reasons import REASONS, Initiator, find_reason

SERVICE = sched.Service(id="s", duration=timedelta(minutes=50), modes=(sched.Mode.PHONE,))
PRICED = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(single=sched.Money(100, "USD")))
DAY = sched.Period(days=1)
LATE = sched.CancellationPolicy(late_threshold=DAY)


def test_s106_each_gap_names_its_service() -> None:
    def gap(field: str, message: str) -> tuple[Refusal, ...]:
        return (Refusal(Code.INVALID_POLICY, message, field, {"service": "s"}),)

    assert sched.fee_setup_problems(sched.CancellationPolicy(), PRICED) == gap(
        "late_threshold", "a late cancellation fee is set, but no threshold says what is late: it never applies"
    )
    assert sched.fee_setup_problems(LATE, SERVICE) == gap(
        "services.s.late_cancel_fee", "cancellations count as late, but no fee is set for phone: they cost nothing"
    )
    assert sched.fee_setup_problems(replace(LATE, cut_off=DAY), PRICED) == gap(
        "cut_off", "clients cannot cancel inside the late threshold at all: no fee arises by itself"
    )
    short = sched.BookingPolicy(daily_duration=timedelta(minutes=30))
    assert sched.problems(LATE, [PRICED], booking=short) == gap(
        "daily_duration", "the service is longer than the daily limit: never offered"
    )


def test_what_belongs_to_no_service_names_none() -> None:
    lost = replace(LATE, services=(sched.CancellationLimits(service="gone"),))
    message = "cancellation rules are set for a service that does not exist"

    assert sched.problems(lost, [PRICED]) == (Refusal(Code.INVALID_POLICY, message, "services.gone", {}),)


@pytest.mark.parametrize(("kind", "said"), [
    (sched.ActorKind.CLIENT, "a client may not sign note here"),
    (sched.ActorKind.ADMIN, "an admin may not sign note here"),
    (sched.ActorKind.SYSTEM, "the system may not sign note here"),
])  # fmt: skip
def test_who_may_not_is_named_by_kind_and_act(kind, said) -> None:
    assert forbidden(kind, Action.SIGN_NOTE).refusals == (Refusal(Code.FORBIDDEN, said),)


def test_s31_an_unknown_reason_is_answered_with_those_that_people_may_give() -> None:
    known = tuple(code for code, row in REASONS.items() if row.initiator is not Initiator.SYSTEM)
    refused = find_reason("whim")
    assert isinstance(refused, sched.Refused)

    assert len(known) == 17
    assert refused.refusals[0].details == {"known": known}


def test_the_least_and_the_most_that_may_be_set() -> None:
    zero, day = timedelta(0), timedelta(hours=24)

    assert sched.CancellationPolicy(max_reschedules=0, no_show_grace=day).no_show_grace == day
    assert sched.BookingPolicy(slot_step=day, daily_duration=zero, weekly_count=0).daily_duration == zero
    week = sched.Period(days=7)
    assert sched.BookingPolicy(minimum_notice=week, maximum_advance=week).maximum_advance == week
    for given in (
        {"max_reschedules": -1}, {"max_reschedules": True}, {"no_show_grace": day + timedelta(microseconds=1)},
        {"no_show_grace": -timedelta(microseconds=1)},
    ):  # fmt: skip
        with pytest.raises(sched.InvalidValue) as caught:
            sched.CancellationPolicy(**given)
        assert [caught.value.field] == list(given)


def test_b11_quiet_hours_need_a_day_between_them() -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        sched.QuietHours(opens=time(8), closes=time(8))
    assert caught.value.field == "closes"
    # Everything moves into the one minute that such a day has.
    day = sched.QuietHours(opens=time(8), closes=time(8, 1))
    assert day.moved(datetime(2026, 3, 5, 8, tzinfo=UTC), ZoneInfo("UTC")) == datetime(2026, 3, 5, 8, tzinfo=UTC)


def test_b3_terms_agreed_at_booking_hold_over_what_a_service_says_now() -> None:
    terms = sched.Terms.of(LATE, PRICED, sched.Mode.PHONE)
    now = sched.CancellationPolicy(
        services=(sched.CancellationLimits(service="s", late_threshold=sched.Period(days=7), cut_off=DAY),), version="2"
    )

    applied = terms.applied(now)
    assert applied == replace(now, services=(), late_threshold=DAY)
    assert applied.for_service("s").late_threshold == DAY
