"""RULES S86-S90, B10, B18: what a booking policy refuses to be."""

from datetime import timedelta

import pytest

import oasys_sched as sched


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slot_step": timedelta(0)}, "slot_step"),
        ({"slot_step": timedelta(hours=25)}, "slot_step"),
        ({"slot_step": 15}, "slot_step"),
        ({"daily_count": -1}, "daily_count"),
        ({"open_requests": -1}, "open_requests"),
        ({"open_requests": None}, "open_requests"),
        ({"weekly_count": True}, "weekly_count"),
        ({"client_upcoming": 1.0}, "client_upcoming"),
        ({"daily_duration": timedelta(-1)}, "daily_duration"),
        ({"weekly_duration": 5}, "weekly_duration"),
        ({"services": (sched.ServiceLimits(service="s"),) * 2}, "services"),
    ],
)
def test_b10_a_limit_that_cannot_be_right(fields: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.BookingPolicy(**fields)
    assert caught.value.field == field


def test_s34_a_practice_may_take_no_requests_at_all() -> None:
    assert sched.BookingPolicy(open_requests=0).open_requests == 0


def test_s90_a_services_notice_can_contradict_the_practices_advance() -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        sched.BookingPolicy(
            maximum_advance=sched.Period.parse("P1D"),
            services=(sched.ServiceLimits(service="s", minimum_notice=sched.Period.parse("P2D")),),
        )
    assert (caught.value.code, caught.value.field) == (sched.Code.IMPOSSIBLE_WINDOW, "services.0.maximum_advance")


def test_b18_a_services_limits_replace_the_practices() -> None:
    policy = sched.BookingPolicy(
        minimum_notice=sched.Period.parse("P2D"),
        services=(sched.ServiceLimits(service="s", minimum_notice=sched.Period.parse("PT1H")),),
    )

    assert policy.for_service("s").minimum_notice == sched.Period.parse("PT1H")
    assert policy.for_service("s").services == ()
    assert policy.for_service("t") is policy


@pytest.mark.parametrize("cap", ["daily_count", "weekly_count", "daily_duration", "weekly_duration"])
def test_b10_a_policy_knows_whether_anything_is_capped(cap: str) -> None:
    figure = timedelta(hours=4) if cap.endswith("duration") else 0

    assert sched.BookingPolicy(**{cap: figure}).capped  # type: ignore[arg-type]
    assert not sched.BookingPolicy().capped
