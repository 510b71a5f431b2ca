"""Whole questions to the slot search: a diary, a service, a policy, a window and a now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from oasys_sched.availability.diary import Diary
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.services import Service
from oasys_sched.testing.strategies.hours import busy_sets, date_overrides, spans, weekly_hours
from oasys_sched.testing.strategies.offers import booking_policies
from oasys_sched.testing.strategies.zones import CHANGES, instants, minutes
from oasys_sched.times import Span

__all__ = ["Question", "questions"]


class Question(NamedTuple):
    """Everything that a list of slots follows from."""

    diary: Diary
    service: Service
    policy: BookingPolicy
    within: Span
    now: datetime


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Questions about the days around a change of some zone's clocks."""
    zone, change = draw(st.sampled_from(CHANGES))
    diary = Diary(
        hours=draw(weekly_hours(zone)),
        overrides=tuple(draw(date_overrides(change))),
        blocks=tuple(draw(st.lists(spans(change, 200), max_size=2))),
        busy=tuple(draw(busy_sets(change))),
    )
    service = Service(
        duration=draw(minutes(5, 130)), buffer_before=draw(minutes(0, 30)), buffer_after=draw(minutes(0, 30))
    )
    now = draw(instants(change)) - timedelta(days=draw(st.sampled_from((30, 4, 0))))
    start = draw(instants(change))
    within = Span(start, start + draw(minutes(600, 2880, 30)))
    return Question(diary, service, draw(booking_policies()), within, now)
