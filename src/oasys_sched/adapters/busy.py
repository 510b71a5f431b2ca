"""Other calendars' time as typed half-open intervals: when, and how firmly. Titles and guests never get this far (S85).

Every reader in this package is a pure function from bytes, text or parsed JSON to `BusyTime` values, all or nothing:
one bad entry refuses the whole feed with `feed_malformed`, one limit passed refuses it with `feed_too_large`. What a
refused feed means for bookings is decided in `feeds.py`, never by dropping the bad entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Span

__all__ = [
    "DEFAULT_LIMITS",
    "FreeBusy",
    "BusyTime",
    "FeedLimits",
    "blocking",
    "clipped",
    "interval",
    "malformed",
    "require_some",
    "require_window",
    "too_large",
]

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2199, 12, 31, tzinfo=UTC)


@unique
class FreeBusy(StrEnum):
    """The four kinds that every calendar format can be told in (RFC 5545 FBTYPE, FHIR Slot.status)."""

    FREE = "free"
    BUSY = "busy"
    TENTATIVE = "tentative"
    UNAVAILABLE = "unavailable"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BusyTime:
    """One interval of another calendar: half-open, UTC, and nothing about what it is for."""

    span: Span
    kind: FreeBusy = FreeBusy.BUSY


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimits:
    """What one feed may cost; passing any of them refuses the feed with `feed_too_large`.

    `octets` of the whole answer, `line_octets` of one unfolded iCalendar line, `events` before and `intervals` after
    expansion, `depth` of nesting, `window` of one question, `days` on which all rules together are looked for.
    """

    octets: int = 5_000_000
    events: int = 20_000
    depth: int = 8
    line_octets: int = 65_536
    intervals: int = 50_000
    window: timedelta = timedelta(days=400)
    days: int = 2_000_000


DEFAULT_LIMITS: Final = FeedLimits()


def malformed(message: str, field: str) -> InvalidValue:
    """Build the error for a feed that cannot be right; the message never quotes the feed."""
    return InvalidValue(message, field=field, code=Code.FEED_MALFORMED)


def too_large(message: str, field: str) -> InvalidValue:
    """Build the error for a feed over a limit."""
    return InvalidValue(message, field=field, code=Code.FEED_TOO_LARGE)


def require_window(within: Span, limits: FeedLimits) -> None:
    """Refuse a question about more time than one answer may cover."""
    if within.duration > limits.window:
        raise InvalidValue(f"ask for at most {limits.window.days} days", field="within", code=Code.TOO_LARGE)


def require_some(asked: Sequence[str], most: int, field: str) -> None:
    """Refuse a question that names no calendar, or more than its service answers at once."""
    if not asked:
        raise InvalidValue("name at least one calendar", field=field)
    if len(asked) > most:
        raise InvalidValue(f"at most {most} in one question", field=field, code=Code.TOO_LARGE)


def interval(start: datetime, end: datetime, kind: FreeBusy, field: str) -> BusyTime | None:
    """Build one interval from two aware datetimes; an empty one takes no time and gives None.

    Instants outside 1970 to 2199 are moved to that edge: another calendar may say "until 9999".

    Raises:
        InvalidValue: `feed_malformed` when the end lies before the start.
    """
    if end < start:
        raise malformed("the end lies before the start", field)
    start, end = (min(max(when, _FIRST), _LAST) for when in (start, end))
    return BusyTime(span=Span(start, end), kind=kind) if start < end else None


def clipped(times: Iterable[BusyTime], within: Span) -> tuple[BusyTime, ...]:
    """Return the parts that lie in a window, in order of time. O(n log n)."""
    found = {
        BusyTime(span=Span(max(one.span.start, within.start), min(one.span.end, within.end)), kind=one.kind)
        for one in times
        if one.span.overlaps(within)
    }
    return tuple(sorted(found, key=lambda one: (one.span.start, one.span.end, one.kind)))


def blocking(times: Iterable[BusyTime], *, tentative: bool = True, ours: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return the spans that block bookings, merged and in order (A12). O(n log n).

    Free time never blocks; tentative time does unless the practice says otherwise. `ours` are spans of our own
    appointments, for sources that cannot say whose an interval is: an interval equal to one of them is taken for its
    mirror and does not block, for the appointment itself already occupies that time.
    """
    mirrors = set(ours)
    kinds = {FreeBusy.BUSY, FreeBusy.UNAVAILABLE} | ({FreeBusy.TENTATIVE} if tentative else set())
    spans = sorted(
        (one.span for one in times if one.kind in kinds and one.span not in mirrors), key=lambda span: span.start
    )
    merged: list[Span] = []
    for span in spans:
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)
