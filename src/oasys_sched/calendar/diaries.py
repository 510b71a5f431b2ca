"""A diary as a calendar: its hours, what is taken, and what could be booked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from oasys_sched.availability.allowed import window_source
from oasys_sched.availability.busy import BusyKind
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.slots import Slot
from oasys_sched.calendar.entries import Entry, EntryKind
from oasys_sched.calendar.views import Calendar
from oasys_sched.times import EPOCH, Span

__all__ = ["diary_calendar"]

_KINDS = {
    BusyKind.APPOINTMENT: EntryKind.APPOINTMENT,
    BusyKind.HOLD: EntryKind.HOLD,
    BusyKind.EXTERNAL: EntryKind.BUSY,
    BusyKind.BLOCK: EntryKind.BLOCK,
}


def diary_calendar(diary: Diary, within: Span, *, slots: Iterable[Slot] = (), zone: str | None = None) -> Calendar:
    """Return a stretch of a diary as a calendar for the clinician: hours, blocks, busy times and bookable stretches.

    Slots that overlap or touch are shown as one bookable stretch, in whatever order they come. `zone` is the diary's
    own unless given. O(days + busy + slots log slots).

    Raises:
        InvalidValue: `unknown_zone`.
    """
    others = [
        Entry(
            kind=_KINDS[busy.kind],
            id=busy.id or busy.kind,
            starts_at=busy.span.start,
            ends_at=busy.span.end,
        )
        for busy in dataclasses.replace(diary, blocks=()).busy_between(within)
    ]
    others += _blocked(diary, within)
    others += [Entry.slot(span) for span in _stretches(slots)]
    windows = window_source(diary, None, None).between(within.first, within.last) if diary.hours else []
    return Calendar(
        zone=zone or (diary.hours.zone if diary.hours else "UTC"),
        others=tuple(others),
        open=tuple(
            Span(EPOCH + timedelta(seconds=opens), EPOCH + timedelta(seconds=closes)) for opens, _, closes in windows
        ),
    )


def _blocked(diary: Diary, within: Span) -> Iterable[Entry]:
    for block in diary.blocks:
        if isinstance(block, Span):
            if block.overlaps(within):
                yield Entry.block("block", block)
            continue
        # Anything that recurs may have an id and a title; a bare one has neither.
        name, title = getattr(block, "id", None), getattr(block, "title", "")
        yield from (Entry.block(name or "block", span, title=title) for span in block.spans(within))


def _stretches(slots: Iterable[Slot]) -> list[Span]:
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((slot.starts_at.astimezone(UTC), slot.ends_at.astimezone(UTC)) for slot in slots):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return [Span(start, end) for start, end in found]
