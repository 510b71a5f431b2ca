"""VTIMEZONE: clocks that a feed defines itself, for names that no database knows (RFC 5545 3.6.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, final

from oasys_sched.adapters.busy import malformed, too_large
from oasys_sched.adapters.ics_recurrence import Expander
from oasys_sched.adapters.ics_text import Component
from oasys_sched.adapters.ics_values import (
    UTC_CLOCK,
    Clock,
    IanaClock,
    TransitionClock,
    read_moment,
    read_moments,
    read_offset,
)
from oasys_sched.adapters.zone_names import known_zone
from oasys_sched.times import Span

__all__ = ["FeedZones"]

_MARGIN: Final = timedelta(days=800)
_MOST_ZONES: Final = 64
_MOST_CHANGES: Final = 1_000


@final
class FeedZones:
    """The zones of one calendar object, each worked out when first asked for and only around the window."""

    def __init__(self, calendar: Component, within: Span, expander: Expander) -> None:
        self._defined = {
            line.value.strip(): zone for zone in calendar.inside("VTIMEZONE") if (line := zone.one("TZID")) is not None
        }
        self._first = within.start.replace(tzinfo=None) - _MARGIN
        self._last = within.end.replace(tzinfo=None) + _MARGIN
        self._expander = expander
        self._clocks: dict[str, Clock] = {}

    def __call__(self, name: str) -> Clock | None:
        """Return the clock of a zone by its name in the feed, or None."""
        if name not in self._clocks:
            zone = self._defined.get(name.strip())
            if zone is None:
                return None
            if len(self._clocks) == _MOST_ZONES:
                raise too_large(f"a calendar defines at most {_MOST_ZONES} zones", f"VTIMEZONE, line {zone.number}")
            self._clocks[name] = self._clock(zone)
        return self._clocks[name]

    def _clock(self, zone: Component) -> Clock:
        location = zone.one("X-LIC-LOCATION")
        known = known_zone(location.value) if location is not None else None
        if known is not None:
            return IanaClock(known)
        observances = [*zone.inside("STANDARD"), *zone.inside("DAYLIGHT")]
        if not observances:
            raise malformed("a zone without STANDARD or DAYLIGHT", f"VTIMEZONE, line {zone.number}")
        changes: dict[datetime, tuple[timedelta, timedelta]] = {}
        for observance in observances:
            before, after = (self._offset(observance, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
            for wall in self._onsets(observance):
                changes[wall.replace(tzinfo=UTC) - before] = (before, after)
        if len(changes) > _MOST_CHANGES:
            raise too_large(f"a zone changes at most {_MOST_CHANGES} times", f"VTIMEZONE, line {zone.number}")
        ordered = sorted(changes.items())
        return TransitionClock(ordered[0][1][0], tuple((instant, after) for instant, (_, after) in ordered))

    def _offset(self, observance: Component, name: str) -> timedelta:
        line = observance.one(name)
        if line is None:
            raise malformed(f"a zone without {name}", f"{observance.name}, line {observance.number}")
        return read_offset(line)

    def _onsets(self, observance: Component) -> set[datetime]:
        line = observance.one("DTSTART")
        if line is None:
            raise malformed("a zone without DTSTART", f"{observance.name}, line {observance.number}")
        start = read_moment(line, self._no_zone, UTC_CLOCK)
        found = {start.wall}
        for extra in observance.every("RDATE"):
            found.update(
                moment.wall for moment in read_moments(extra, self._no_zone, UTC_CLOCK, self._expander.limits.intervals)
            )
        rule = observance.one("RRULE")
        if rule is not None:
            # Zones begin in 1601 or 1970; only the changes around the window are worked out, and the last one before.
            found.update(self._expander.starts(rule, start, self._first, self._last))
        return found

    def _no_zone(self, _name: str) -> Clock | None:
        return None
