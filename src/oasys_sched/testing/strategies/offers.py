"""Services with fees, and the policies under which they are booked and cancelled."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.services import Service
from oasys_sched.testing.strategies.zones import minutes
from oasys_sched.times import Period

__all__ = ["booking_policies", "cancellation_policies", "fees", "services"]


def fees(modes: tuple[Mode, ...] = tuple(Mode)) -> st.SearchStrategy[FeeSchedule]:
    """No fee, one for all modes, one for some, and an explicit zero."""
    amount = st.integers(0, 50_000).map(lambda minor: Money(minor, "USD"))
    per_mode = st.dictionaries(st.sampled_from(modes), amount, max_size=len(modes)).map(lambda row: tuple(row.items()))
    return st.builds(FeeSchedule, single=st.none() | amount, per_mode=per_mode)


@st.composite
def services(draw: st.DrawFn) -> Service:
    """Services of 5 minutes to a good two hours, in one to three modes, with buffers and fees."""
    modes = tuple(draw(st.lists(st.sampled_from(Mode), min_size=1, max_size=3, unique=True)))
    return Service(
        duration=draw(minutes(5, 130)),
        modes=modes,
        buffer_before=draw(minutes(0, 30)),
        buffer_after=draw(minutes(0, 30)),
        price=draw(fees(modes)),
        no_show_fee=draw(fees(modes)),
        late_cancel_fee=draw(fees(modes)),
    )


def _periods(*texts: str | None) -> st.SearchStrategy[Period | None]:
    return st.sampled_from(texts).map(lambda text: None if text is None else Period.parse(text))


def booking_policies() -> st.SearchStrategy[BookingPolicy]:
    """Notice, horizon, step, the switch for external busy times, and caps; mostly without caps."""
    return st.builds(
        BookingPolicy,
        minimum_notice=_periods(None, "PT0S", "PT24H", "P1D"),
        maximum_advance=_periods(None, None, "P2M", "PT72H"),
        slot_step=minutes(5, 60),
        block_external_busy=st.booleans(),
        daily_count=st.sampled_from((None, None, None, 0, 1, 2)),
        weekly_count=st.sampled_from((None, None, None, 1, 4)),
        daily_duration=st.sampled_from((None, None, timedelta(hours=2), timedelta(hours=5))),
    )


def cancellation_policies() -> st.SearchStrategy[CancellationPolicy]:
    """Thresholds, approvals and limits, in every combination that makes sense."""
    return st.builds(
        CancellationPolicy,
        allow=st.booleans(),
        require_approval=st.booleans(),
        late_threshold=_periods(None, "PT0S", "PT24H", "P2D"),
        late_requires_approval=st.booleans(),
        late_reschedule_counts=st.booleans(),
        cut_off=_periods(None, None, "PT1H"),
        max_reschedules=st.none() | st.integers(0, 3),
    )
