"""Why a start is not bookable: every reason, in a fixed order, with the culprit. For the clinician's eyes only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from oasys_sched.availability._days import floor_seconds
from oasys_sched.availability.allowed import Bookable, Question, instant, window_source
from oasys_sched.availability.busy import Busy, BusyKind
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.prepared import PreparedDiary
from oasys_sched.availability.slots import NO_LIMITS, Slot, bookable_slots
from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.times import EARLIEST, LATEST, Span, as_utc

__all__ = ["diary_span", "is_open", "why_not", "why_not_for_client"]

# How far to look for another time to propose.
NEARBY: Final = timedelta(days=35)
CAP_WORDS: Final = {Code.DAILY_CAP: "day", Code.WEEKLY_CAP: "week"}


def why_not(
    diary: Diary | PreparedDiary,
    service: Bookable,
    when: datetime,
    *,
    policy: BookingPolicy = NO_LIMITS,
    now: datetime,
    mode: Mode | None = None,
    location: str | None = None,
) -> tuple[Refusal, ...]:
    """Return every reason why a start cannot be booked, or () if it can: exactly when it is in `bookable_slots`.

    Reasons come in this order: hours, grid, blocks, busy times, buffers, caps, notice, horizon. Details name the
    culprit; the first reason also holds the nearest bookable starts, `nearest_before` and `nearest_after`.

    Raises:
        InvalidValue: a naive `when` or `now`.
    """
    plain = diary if isinstance(diary, Diary) else diary.diary
    question = Question(plain, service, policy, now, mode, location)
    start = as_utc(when, "when")
    reasons = _of_hours(question, start)
    if question.hours is not None:
        reasons += [*_of_busy(question, start), *_of_caps(question, start)]
    reasons += _of_policy(question, start)
    if not reasons:
        return ()
    first = reasons[0]
    near = _nearest(plain, service, start, policy, now, mode, location)
    return (Refusal(first.code, first.message, first.field, {**first.details, **near}), *reasons[1:])


def why_not_for_client(
    diary: Diary | PreparedDiary,
    service: Bookable,
    when: datetime,
    *,
    policy: BookingPolicy = NO_LIMITS,
    now: datetime,
    mode: Mode | None = None,
    location: str | None = None,
) -> tuple[Refusal, ...]:
    """Return () or one `slot_unavailable` without any reason: all a client may know (S109)."""
    if why_not(diary, service, when, policy=policy, now=now, mode=mode, location=location):
        return (Refusal(Code.SLOT_UNAVAILABLE, "this time is not available", "starts_at"),)
    return ()


def is_open(diary: Diary, span: Span, *, mode: Mode | None = None, location: str | None = None) -> bool:
    """Tell whether a span lies wholly inside one window of the hours and overrides, whatever is busy."""
    if diary.hours is None:
        return False
    windows = window_source(diary, mode, location).between(span.first, span.first + 1)
    return any(span.last <= closes for _, _, closes in windows)


def diary_span(within: Span, service: Bookable, policy: BookingPolicy = NO_LIMITS) -> Span:
    """Return how far an adapter must look so that no busy time is missed: buffers, crossing windows, whole weeks.

    Buffers of up to 24 hours on stored appointments are covered too.
    """
    margin = timedelta(days=3) + service.duration + max(service.buffer_before, service.buffer_after)
    if policy.capped:
        margin += timedelta(days=9)
    return Span(max(within.start - margin, EARLIEST), min(within.end + margin, LATEST))


def _of_hours(question: Question, start: datetime) -> list[Refusal]:
    if question.hours is None or not (question.hours.ranges or question.diary.overrides):
        return [Refusal(Code.NO_AVAILABILITY, "no hours are set up", "starts_at")]
    second = floor_seconds(start)
    # Windows share no start, so at most one has it.
    window = next(iter(question.source().between(second, second + 1)), None)
    if window is None or second + question.duration > window[2]:
        details = {} if window is None else {"closes_at": instant(window[2])}
        return [Refusal(Code.OUTSIDE_HOURS, "does not lie wholly inside the hours", "starts_at", details)]
    if start.microsecond or (second - window[0]) % question.step:
        return [
            Refusal(
                Code.OFF_GRID,
                f"starts lie every {_shown(question.step)} from the opening",
                "starts_at",
                {"opens_at": instant(window[0]), "step_seconds": question.step},
            )
        ]
    return []


def _shown(seconds: int) -> str:
    return f"{seconds} seconds" if seconds % 60 else f"{seconds // 60} minutes"


_NAMED = {
    BusyKind.APPOINTMENT: "an appointment",
    BusyKind.HOLD: "a hold",
    BusyKind.EXTERNAL: "an external busy time",
    BusyKind.BLOCK: "a time block",
}


def _of_busy(question: Question, start: datetime) -> list[Refusal]:
    second, length = floor_seconds(start), timedelta(seconds=question.duration)
    candidate = Span(start, start + length)
    found: list[Refusal] = []
    for entry in sorted(_binding(question, second), key=lambda row: (row.span.start, row.span.end, row.kind)):
        first, stop = question.stretch(entry)
        if not first <= second < stop:
            continue
        details: dict[str, object] = {
            "kind": entry.kind.value,
            "id": entry.id,
            "start": entry.span.start,
            "end": entry.span.end,
        }
        if not entry.span.overlaps(candidate):
            gap = entry.span.start - candidate.end if entry.span.start >= candidate.end else start - entry.span.end
            details["gap_minutes"] = int(gap.total_seconds()) // 60
            found.append(Refusal(Code.BUFFER, f"too close to {_NAMED[entry.kind]}", "starts_at", details))
        else:
            code = Code.BLOCKED if entry.kind is BusyKind.BLOCK else Code.BUSY
            found.append(Refusal(code, f"{_NAMED[entry.kind]} lies there", "starts_at", details))
    rank = (Code.BLOCKED, Code.BUSY, Code.BUFFER)
    return sorted(found, key=lambda reason: rank.index(reason.code))


def _binding(question: Question, second: int) -> list[Busy]:
    near = question.diary.busy_between(question.reach(second, second + 1))
    return [entry for entry in near if question.counts(entry)]


def _of_caps(question: Question, start: datetime) -> list[Refusal]:
    if not question.capped:
        return []
    second = floor_seconds(start)
    return [
        Refusal(
            code,
            f"the {CAP_WORDS[code]} is full",
            "starts_at",
            {"from": date.fromordinal(first).isoformat() if isinstance(first, int) else None, "count": count},
        )
        for code, first, count, low, high in question.full_stretches(_binding(question, second))
        if low <= second < high
    ]


def _of_policy(question: Question, start: datetime) -> list[Refusal]:
    found: list[Refusal] = []
    if floor_seconds(start) < question.earliest:
        earliest = instant(question.earliest)
        notice = question.policy.minimum_notice
        found.append(
            Refusal(
                Code.TOO_SOON,
                f"book at least {notice} ahead" if notice else "the start has passed",
                "starts_at",
                {"earliest": earliest, "minimum_notice": str(notice) if notice else None},
            )
        )
    if floor_seconds(start) > question.latest:
        found.append(
            Refusal(
                Code.TOO_FAR_AHEAD,
                f"book at most {question.policy.maximum_advance} ahead",
                "starts_at",
                {
                    "latest": instant(question.latest),
                    "maximum_advance": str(question.policy.maximum_advance),
                },
            )
        )
    return found


def _nearest(
    diary: Diary,
    service: Bookable,
    start: datetime,
    policy: BookingPolicy,
    now: datetime,
    mode: Mode | None,
    location: str | None,
) -> dict[str, object]:
    def near(low: datetime, high: datetime, at: int) -> datetime | None:
        low, high = max(low, EARLIEST), min(high, LATEST)
        if low >= high:
            return None
        slots = bookable_slots(
            diary, service, within=Span(low, high), policy=policy, now=now, mode=mode, location=location
        )
        found: Slot | None = slots[at] if slots else None
        return found.starts_at if found else None

    return {
        "nearest_before": near(start - NEARBY, start, -1),
        "nearest_after": near(start, start + NEARBY, 0),
    }
