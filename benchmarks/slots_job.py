"""Job J1: one clinician's quarter, 500 busy times, a 50 minute service. And the ways people solve it, frozen.

Mon-Fri 09:00-12:00 and 13:00-17:00 in New York, steps of 15 minutes, 10 minutes after, 24 hours' notice.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import oasys_sched as sched

ZONE = ZoneInfo("America/New_York")
HOURS = ((time(9), time(12)), (time(13), time(17)))
DURATION, STEP, BEFORE, AFTER, NOTICE = (timedelta(minutes=m) for m in (50, 15, 0, 10, 1440))
SERVICE = sched.Service(duration=DURATION, buffer_after=AFTER)


class Job(NamedTuple):
    start: datetime
    end: datetime
    now: datetime
    busy: list[tuple[datetime, datetime]]
    policy: sched.BookingPolicy
    diary: sched.Diary

    @property
    def within(self) -> sched.Span:
        return sched.Span(self.start, self.end)


def job(days: int, busy: int = 500, seed: int = 1, booked_days: int = 0) -> Job:
    rng = random.Random(seed)
    start = datetime(2026, 1, 5, tzinfo=ZONE).astimezone(UTC)
    spans = []
    for _ in range(busy):
        at = start + timedelta(minutes=5 * rng.randrange(days * 288))
        spans.append((at, at + timedelta(minutes=rng.choice((15, 30, 45, 50, 60, 90)))))
    for day in range(booked_days):
        on = date(2026, 1, 5) + timedelta(days=day)
        if on.weekday() < 5:
            for hour in (9, 10, 11, 13, 14, 15, 16):
                at = datetime.combine(on, time(hour), ZONE).astimezone(UTC)
                spans.append((at, at + timedelta(hours=1)))
    return facts(start, days, spans)


def facts(start: datetime, days: int, spans: list[tuple[datetime, datetime]]) -> Job:
    hours = sched.WeeklyHours.parse({"mon-fri": "09:00-12:00, 13:00-17:00"}, zone=ZONE.key)
    policy = sched.BookingPolicy(
        minimum_notice=sched.Period(exact=NOTICE),
        maximum_advance=sched.Period(exact=timedelta(days=days)),
        slot_step=STEP,
    )
    diary = sched.Diary(hours=hours, busy=tuple(sched.Span(a, b) for a, b in spans))
    return Job(start, start + timedelta(days=days), start + timedelta(hours=8), spans, policy, diary)


def windows(job: Job) -> list[tuple[datetime, datetime]]:
    """The opening hours as UTC pairs; every day of this job is plain, so the wall clock may be trusted."""
    found = []
    on = job.start.astimezone(ZONE).date() - timedelta(days=1)
    while on <= job.end.astimezone(ZONE).date():
        if on.weekday() < 5:
            found += [
                (datetime.combine(on, a, ZONE).astimezone(UTC), datetime.combine(on, b, ZONE).astimezone(UTC))
                for a, b in HOURS
            ]
        on += timedelta(days=1)
    return found


def bounds(job: Job) -> tuple[datetime, datetime]:
    return max(job.start, job.now + NOTICE), min(job.end, job.now + (job.end - job.start) + timedelta(seconds=1))


def careful_naive(job: Job) -> list[tuple[datetime, datetime]]:
    """Step through each window in UTC and ask every busy time: right, and what most careful code does."""
    low, high = bounds(job)
    found = []
    for opens, closes in windows(job):
        at = opens
        while at + DURATION <= closes:
            if low <= at < high:
                if not any(a < at + DURATION + AFTER and b > at - BEFORE for a, b in job.busy):
                    found.append((at.astimezone(ZONE), (at + DURATION).astimezone(ZONE)))
            at += STEP
    return found


def careful_naive_first(job: Job) -> tuple[datetime, datetime] | None:
    """The same, stopping at the first."""
    low, high = bounds(job)
    for opens, closes in windows(job):
        at = opens
        while at + DURATION <= closes:
            if low <= at < high:
                if not any(a < at + DURATION + AFTER and b > at - BEFORE for a, b in job.busy):
                    return at.astimezone(ZONE), (at + DURATION).astimezone(ZONE)
            at += STEP
    return None


def naive_per_day(job: Job) -> list[tuple[datetime, datetime]]:
    """The same, with the busy times of each day picked out first."""
    low, high = bounds(job)
    found = []
    for opens, closes in windows(job):
        near = [(a, b) for a, b in job.busy if a < closes + AFTER and b > opens]
        at = opens
        while at + DURATION <= closes:
            if low <= at < high and not any(a < at + DURATION + AFTER and b > at - BEFORE for a, b in near):
                found.append((at.astimezone(ZONE), (at + DURATION).astimezone(ZONE)))
            at += STEP
    return found
