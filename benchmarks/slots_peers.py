"""Job J1 as people solve it with libraries: each gives the same starts and ends as the careful naive loop."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import portion
import slotify
from intervaltree import IntervalTree

from benchmarks.slots_job import AFTER, BEFORE, DURATION, NOTICE, STEP, ZONE, Job, bounds, windows

Pairs = list[tuple[datetime, datetime]]


def with_intervaltree(job: Job) -> Pairs:
    """Step through the windows and ask an interval tree."""
    low, high = bounds(job)
    tree = IntervalTree.from_tuples(job.busy)
    found = []
    for opens, closes in windows(job):
        at = opens
        while at + DURATION <= closes:
            if low <= at < high and not tree.overlaps(at - BEFORE, at + DURATION + AFTER):
                found.append((at.astimezone(ZONE), (at + DURATION).astimezone(ZONE)))
            at += STEP
    return found


def with_portion(job: Job) -> Pairs:
    """Subtract the forbidden starts from the windows, then step through what is left."""
    low, high = bounds(job)
    forbidden = portion.Interval(*[portion.open(a - DURATION - AFTER, b + BEFORE) for a, b in job.busy])
    found = []
    for opens, closes in windows(job):
        for gap in (portion.closed(opens, closes - DURATION) & portion.closedopen(low, high)) - forbidden:
            if gap.empty:
                continue
            at = opens - ((opens - gap.lower) // STEP) * STEP
            if at == gap.lower and gap.left is portion.OPEN:
                at += STEP
            while at in gap:
                found.append((at.astimezone(ZONE), (at + DURATION).astimezone(ZONE)))
                at += STEP
    return found


def with_pandas(job: Job) -> Pairs:
    """A date range for each window, and a mask of it for each busy time."""
    low, high = bounds(job)
    parts = [pd.date_range(opens, closes - DURATION, freq=STEP) for opens, closes in windows(job)]
    starts = parts[0].append(parts[1:])
    starts = starts[(starts >= low) & (starts < high)]
    free = pd.Series(True, index=starts)
    for a, b in job.busy:
        free[(starts > a - DURATION - AFTER) & (starts < b + BEFORE)] = False
    shown = starts[free.to_numpy()].tz_convert(ZONE)
    return [(a.to_pydatetime(), b.to_pydatetime()) for a, b in zip(shown, shown + DURATION, strict=True)]


def with_slotify(job: Job) -> Pairs:
    """The scheduling package on PyPI. It keeps no buffer from busy times, so they are widened for it."""
    day = [("09:00", "12:00"), ("13:00", "17:00")]
    weekly = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), day)
    generator = slotify.SlotGenerator(
        schedule=slotify.Schedule(weekly=weekly), duration=DURATION, interval=STEP, timezone=ZONE.key
    )
    policy = slotify.BookingPolicy(
        minimum_notice=NOTICE,
        maximum_horizon=job.end - job.start,
        busy_periods=tuple(slotify.BusyPeriod(a - AFTER, b + BEFORE) for a, b in job.busy),
    )
    engine = slotify.AvailabilityEngine(generator, policy=policy)
    first, last = (edge.astimezone(ZONE).date() for edge in (job.start, job.end))
    slots = engine.available_slots(first, last, now=job.now)
    return [(slot.start, slot.end) for slot in slots if job.start <= slot.start.astimezone(UTC) < job.end]


PEERS = {
    "portion": with_portion,
    "intervaltree": with_intervaltree,
    "pandas": with_pandas,
    "slotify-scheduling": with_slotify,
}
