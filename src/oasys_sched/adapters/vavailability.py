"""VAVAILABILITY: published availability as painted intervals, free and otherwise (RFC 7953)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final, NamedTuple

from oasys_sched.adapters.busy import (
    DEFAULT_LIMITS,
    BusyTime,
    FeedLimits,
    FreeBusy,
    malformed,
    require_window,
    too_large,
)
from oasys_sched.adapters.ics_events import read_events
from oasys_sched.adapters.ics_recurrence import Expander
from oasys_sched.adapters.ics_text import Component, read_components
from oasys_sched.adapters.ics_values import Clock, Clocks, IanaClock, read_duration, read_moment
from oasys_sched.adapters.ics_zones import FeedZones
from oasys_sched.times import Span, find_zone

__all__ = ["open_spans", "parse_vavailability"]

_KINDS: Final = {
    "BUSY": FreeBusy.BUSY,
    "BUSY-UNAVAILABLE": FreeBusy.UNAVAILABLE,
    "BUSY-TENTATIVE": FreeBusy.TENTATIVE,
}
_LOWEST: Final = 10


class _Layer(NamedTuple):
    """One stroke of paint; a higher rank covers a lower one."""

    rank: int
    start: datetime
    end: datetime
    kind: FreeBusy


def parse_vavailability(
    data: bytes | str, *, within: Span, zone: str, limits: FeedLimits = DEFAULT_LIMITS
) -> tuple[BusyTime, ...]:
    """Read what VAVAILABILITY components make of a window: disjoint intervals in order, `free` where available.

    Painted from the lowest priority to the highest (1 is highest, 0 or none lowest): each component paints its own time
    with its BUSYTYPE, then its AVAILABLE periods as free. Time that none of them speaks of is in no interval. Dates and
    floating times are read in `zone`.

    Raises:
        InvalidValue: `feed_malformed`, `feed_too_large`; `too_large` for a window of over 400 days; `unknown_zone`.
    """
    require_window(within, limits)
    floating = IanaClock(find_zone(zone))
    expander = Expander(limits)
    layers: list[_Layer] = []
    parts = [
        (part, FeedZones(calendar, within, expander))
        for calendar in read_components(data, limits)
        for part in calendar.inside("VAVAILABILITY")
    ]
    for part, zones in sorted(parts, key=lambda found: _priority(found[0]), reverse=True):
        span = _span(part, zones, floating, within)
        if span is None:
            continue
        layers.append(_Layer(len(layers), span.start, span.end, _busy_type(part)))
        for free in read_events(part.inside("AVAILABLE"), within, zones, floating, _nobodys, expander):
            start, end = max(free.span.start, span.start), min(free.span.end, span.end)
            if start < end:
                layers.append(_Layer(len(layers), start, end, FreeBusy.FREE))
            if len(layers) > limits.intervals:
                raise too_large(f"at most {limits.intervals} intervals", "feed")
    return tuple(_painted(layers))


def open_spans(times: Iterable[BusyTime]) -> tuple[Span, ...]:
    """Return the free intervals of a painting: when clients may come."""
    return tuple(one.span for one in times if one.kind is FreeBusy.FREE)


def _nobodys(_uid: str) -> bool:
    return False


def _priority(part: Component) -> int:
    line = part.one("PRIORITY")
    text = line.value.strip() if line else "0"
    if not (len(text) == 1 and text.isascii() and text.isdigit()):
        raise malformed("expected a priority from 0 to 9", f"PRIORITY, line {part.number}")
    return int(text) or _LOWEST


def _busy_type(part: Component) -> FreeBusy:
    line = part.one("BUSYTYPE")
    # A type nobody has heard of is to be read as the default (RFC 7953 3.2).
    return _KINDS.get(line.value.strip().upper() if line else "", FreeBusy.UNAVAILABLE)


def _span(part: Component, zones: Clocks, floating: Clock, within: Span) -> Span | None:
    """Return the part of the window a component speaks of; without DTSTART or DTEND it has no end on that side."""
    start, end, duration = (part.one(name) for name in ("DTSTART", "DTEND", "DURATION"))
    first = None if start is None else read_moment(start, zones, floating)
    last = within.end if end is None else read_moment(end, zones, floating).instant
    if duration is not None:
        if first is None or end is not None:
            raise malformed("DURATION needs DTSTART and excludes DTEND", duration.where)
        days, exact = read_duration(duration.value, duration.where)
        try:
            last = first.clock.to_utc(first.wall + timedelta(days=days)) + exact
        except OverflowError:
            raise malformed("no such date or time", duration.where) from None
    low = within.start if first is None else max(first.instant, within.start)
    high = min(last, within.end)
    return Span(low, high) if low < high else None


def _painted(layers: list[_Layer]) -> list[BusyTime]:
    """Return what is on top at each moment. O(n log n)."""
    opening = sorted(layers, key=lambda layer: layer.start)
    edges = sorted({edge for layer in layers for edge in (layer.start, layer.end)})
    active: list[tuple[int, datetime, FreeBusy]] = []
    found: list[BusyTime] = []
    waiting = 0
    for edge, following in pairwise(edges):
        while waiting < len(opening) and opening[waiting].start == edge:
            layer = opening[waiting]
            heappush(active, (-layer.rank, layer.end, layer.kind))
            waiting += 1
        while active and active[0][1] <= edge:
            heappop(active)
        if not active:
            continue
        kind = active[0][2]
        if found and found[-1].kind is kind and found[-1].span.end == edge:
            found[-1] = BusyTime(span=Span(found[-1].span.start, following), kind=kind)
        else:
            found.append(BusyTime(span=Span(edge, following), kind=kind))
    return found
