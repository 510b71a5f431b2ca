"""VFREEBUSY: the busy periods one calendar answers or publishes (RFC 5545 3.6.4, 3.2.9)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy, clipped, interval
from oasys_sched.adapters.ics_text import Component
from oasys_sched.adapters.ics_values import UTC_CLOCK, Clock, read_moment, read_periods
from oasys_sched.times import Span

__all__ = ["read_freebusy"]

# An FBTYPE nobody has heard of is to be read as BUSY (RFC 5545 3.2.9).
_KINDS: Final = {
    "FREE": FreeBusy.FREE,
    "BUSY": FreeBusy.BUSY,
    "BUSY-UNAVAILABLE": FreeBusy.UNAVAILABLE,
    "BUSY-TENTATIVE": FreeBusy.TENTATIVE,
}


def read_freebusy(components: list[Component], within: Span, limits: FeedLimits) -> list[BusyTime]:
    """Return the periods of all VFREEBUSY components, and as unavailable what none of them speaks of.

    A component without DTSTART or DTEND speaks of all time on that side.
    """
    found: list[BusyTime] = []
    spoken: list[tuple[datetime, datetime]] = []
    for component in components:
        start, end = (_edge(component, name) for name in ("DTSTART", "DTEND"))
        spoken.append((start or within.start, end or within.end))
        for line in component.every("FREEBUSY"):
            kind = _KINDS.get((line.parameter("FBTYPE") or "BUSY").upper(), FreeBusy.BUSY)
            for first, last in read_periods(line, _no_zone, UTC_CLOCK, limits.intervals - len(found)):
                one = interval(first.instant, last.instant, kind, line.where)
                found += [one] if one is not None else []
    return [*clipped(found, within), *_silence(spoken, within)]


def _no_zone(_name: str) -> Clock | None:
    return None  # free/busy times are in UTC


def _edge(component: Component, name: str) -> datetime | None:
    line = component.one(name)
    return None if line is None else read_moment(line, _no_zone, UTC_CLOCK).instant


def _silence(spoken: list[tuple[datetime, datetime]], within: Span) -> list[BusyTime]:
    """Return the parts of a window that no component speaks of: not known is not free."""
    found: list[BusyTime] = []
    reached = within.start
    for start, end in sorted(spoken):
        if start > reached and reached < within.end:
            found.append(BusyTime(span=Span(reached, min(start, within.end)), kind=FreeBusy.UNAVAILABLE))
        reached = max(reached, end)
    if reached < within.end:
        found.append(BusyTime(span=Span(reached, within.end), kind=FreeBusy.UNAVAILABLE))
    return found
