"""RULES S106: presets, and what is only half configured."""

from dataclasses import replace
from datetime import timedelta

import pytest

import oasys_sched as sched

USD = "USD"
DAY = sched.Period.parse("PT24H")
FEE = sched.FeeSchedule(single=sched.Money(5000, USD))
SERVICE = sched.Service(id="s", duration=timedelta(minutes=50))
PRICED = replace(SERVICE, late_cancel_fee=FEE)
LATE = sched.CancellationPolicy(late_threshold=DAY)


def fields(found: tuple[sched.Refusal, ...]) -> list[str | None]:
    assert all(row.code is sched.Code.INVALID_POLICY for row in found)
    return [row.field for row in found]


def test_s106_both_halves_or_neither_is_fine() -> None:
    assert sched.fee_setup_problems(LATE, PRICED) == ()
    assert sched.fee_setup_problems(sched.CancellationPolicy(), SERVICE) == ()


def test_s106_a_fee_without_a_threshold_never_applies() -> None:
    assert fields(sched.fee_setup_problems(sched.CancellationPolicy(), PRICED)) == ["late_threshold"]


def test_s106_a_threshold_without_a_fee_costs_nothing() -> None:
    assert fields(sched.fee_setup_problems(LATE, SERVICE)) == ["services.s.late_cancel_fee"]
    partly = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(per_mode=((sched.Mode.PHONE, sched.Money(1, USD)),)))
    (found,) = sched.fee_setup_problems(LATE, partly)
    assert "telehealth, in_person" in found.message


def test_a16_an_explicit_zero_is_a_choice_not_a_gap() -> None:
    zero = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(single=sched.Money(0, USD)))

    assert sched.fee_setup_problems(LATE, zero) == ()
    assert sched.fee_setup_problems(sched.CancellationPolicy(), zero) == ()


def test_b18_a_cut_off_that_leaves_no_late_cancellation() -> None:
    assert fields(sched.fee_setup_problems(replace(LATE, cut_off=DAY), PRICED)) == ["cut_off"]
    assert sched.fee_setup_problems(replace(LATE, cut_off=sched.Period.parse("PT2H")), PRICED) == ()


def test_s106_problems_of_a_whole_set_up() -> None:
    policy = replace(LATE, services=(sched.CancellationLimits(service="gone"),))
    booking = sched.BookingPolicy(
        daily_duration=timedelta(minutes=30), services=(sched.ServiceLimits(service="gone too"),)
    )
    hidden = replace(PRICED, bookable_by_clients=False)

    assert fields(sched.problems(policy, [hidden])) == ["services.gone"]
    assert fields(sched.problems(LATE, [hidden], booking=booking)) == [
        "services.gone too",
        "services",
        "daily_duration",
    ]
    whole = replace(LATE, services=(sched.CancellationLimits(service="s"),))
    limited = sched.BookingPolicy(services=(sched.ServiceLimits(service="s"),))
    assert sched.problems(whole, [PRICED], booking=limited) == ()
    assert sched.problems(LATE, [hidden], booking=sched.BookingPolicy(allow_direct=False)) == ()


def test_s106_a_service_longer_than_a_cap_is_never_offered() -> None:
    short = sched.BookingPolicy(daily_duration=timedelta(minutes=5), weekly_duration=timedelta(minutes=5))

    assert [row.field for row in sched.problems(LATE, [PRICED], booking=short)] == ["daily_duration", "weekly_duration"]


@pytest.mark.parametrize("name", sched.PRESETS)
def test_s106_every_preset_is_whole(name: str) -> None:
    preset = sched.PRESETS[name]

    services = [PRICED if preset.cancellation.late_threshold else SERVICE]
    assert sched.problems(preset.cancellation, services, booking=preset.booking) == ()


def test_s86_s87_the_presets_differ_in_who_decides() -> None:
    assert {name: preset.booking.mode.value for name, preset in sched.PRESETS.items()} == {
        "open": "direct",
        "standard": "direct",
        "approval": "approval",
        "by_phone": "off",
    }
