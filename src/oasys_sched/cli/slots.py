"""`oasys-sched slots`: the bookable slots of a diary."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby
from textwrap import wrap

from oasys_sched.availability.allowed import check_window
from oasys_sched.availability.slots import Slots, bookable_slots
from oasys_sched.calendar.diaries import diary_calendar
from oasys_sched.calendar.terminal import week_lines
from oasys_sched.cli.terminal import Streams, read_document
from oasys_sched.errors import InvalidValue
from oasys_sched.schema.forms import SlotsRequest
from oasys_sched.schema.reading import from_dict
from oasys_sched.times import Span, find_zone

__all__ = ["run"]


def run(given: Namespace, streams: Streams) -> int:
    """List slots as JSON, or as a table with a picture of their first week."""
    request = from_dict(SlotsRequest, read_document(given.file, streams))
    if request.window is None:
        raise InvalidValue('is needed: {"start": ..., "end": ...}', field="window")
    check_window(request.window, "window")
    if given.in_zone is not None:
        find_zone(given.in_zone, "--in-zone")
    slots = bookable_slots(
        request.diary,
        request.service,
        within=request.window,
        policy=request.policy,
        now=request.now,
        mode=request.mode,
        location=request.location,
    )
    if given.in_zone is not None:
        slots = slots.in_zone(given.in_zone)
    if given.json:
        rows = [{"start": slot.starts_at.isoformat(), "end": slot.ends_at.isoformat()} for slot in slots]
        streams.json({"slots": rows})
        return 0
    _table(slots, request, streams)
    if streams.interactive and slots:
        streams.write("")
        first = slots[0].starts_at.date()
        week = Span(request.window.start, request.window.end)
        streams.paint(
            week_lines(
                diary_calendar(request.diary, week, slots=slots, zone=slots.zone).week(first), width=streams.width
            )
        )
    return 0


def _table(slots: Slots, request: SlotsRequest, streams: Streams) -> None:
    minutes = request.service.duration.total_seconds() / 60
    name = request.service.name or request.service.id
    streams.write(f"{len(slots)} bookable slots of {minutes:g} minutes for {name}, times in {slots.zone}")
    for day, found in groupby(slots, key=lambda slot: slot.starts_at.date()):
        times = " ".join(f"{slot.starts_at:%H:%M}" for slot in found)
        head = f"{day:%a %d %b %Y}  "
        streams.write(head + f"\n{' ' * len(head)}".join(wrap(times, streams.width - len(head))))
