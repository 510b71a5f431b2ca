"""RULES S91-S94, A1-A3, B3, B18 and the date vectors of section 5, on the policy itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("start", "threshold", "cut_off"),
    [
        (datetime(2026, 3, 8, 14, tzinfo=UTC), "PT24H", datetime(2026, 3, 7, 9, tzinfo=NEW_YORK)),
        (datetime(2026, 3, 8, 14, tzinfo=UTC), "P1D", datetime(2026, 3, 7, 10, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 1, 15, tzinfo=UTC), "PT24H", datetime(2026, 10, 31, 11, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 1, 15, tzinfo=UTC), "P1D", datetime(2026, 10, 31, 10, tzinfo=NEW_YORK)),
    ],
)
def test_a3_hours_elapse_and_days_are_calendar_time(start: datetime, threshold: str, cut_off: datetime) -> None:
    policy = sched.CancellationPolicy(late_threshold=sched.Period.parse(threshold))

    assert policy.cut_off_for(start, NEW_YORK) == cut_off
    assert not policy.is_late(start, cut_off, NEW_YORK)
    assert policy.is_late(start, cut_off + timedelta(seconds=1), NEW_YORK)


def test_s93_none_or_zero_is_never_late() -> None:
    start = datetime(2026, 3, 8, 14, tzinfo=UTC)

    for threshold in (None, sched.Period()):
        policy = sched.CancellationPolicy(late_threshold=threshold)
        assert not policy.is_late(start, start + timedelta(days=1), NEW_YORK)


def test_b18_a_services_limits_replace_the_clinicians() -> None:
    policy = sched.CancellationPolicy(
        late_threshold=sched.Period.parse("PT24H"),
        services=(sched.CancellationLimits(service="s", late_threshold=sched.Period(), allow=False),),
    )

    assert policy.for_service("s").late_threshold == sched.Period()
    assert not policy.for_service("s").allow
    assert policy.for_service("other") is policy


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"max_reschedules": -1}, "max_reschedules"),
        ({"max_reschedules": 1.5}, "max_reschedules"),
        ({"no_show_grace": timedelta(days=2)}, "no_show_grace"),
        ({"no_show_grace": 15}, "no_show_grace"),
        ({"version": ""}, "version"),
        ({"services": (sched.CancellationLimits(service="s"),) * 2}, "services"),
        ({"services": (sched.CancellationLimits(service="s", max_reschedules=-1),)}, "services.0.max_reschedules"),
    ],
)
def test_s91_a_policy_that_cannot_be_right_is_refused(fields: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.CancellationPolicy(**fields)
    assert caught.value.field == field


def test_b18_a_cut_off_ends_what_clients_can_do_by_themselves() -> None:
    start = datetime(2026, 6, 16, 15, tzinfo=UTC)
    policy = sched.CancellationPolicy(cut_off=sched.Period.parse("PT2H"))

    assert not policy.is_cut_off(start, start - timedelta(hours=2), NEW_YORK)
    assert policy.is_cut_off(start, start - timedelta(hours=2, seconds=-1), NEW_YORK)
    assert not sched.CancellationPolicy().is_cut_off(start, start, NEW_YORK)
    assert not sched.CancellationPolicy(cut_off=sched.Period()).is_cut_off(start, start, NEW_YORK)
