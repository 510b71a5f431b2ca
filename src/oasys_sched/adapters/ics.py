"""iCalendar feeds: VEVENT and VFREEBUSY as busy times, with recurring events expanded by our own engine (S85, A12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

from oasys_sched.adapters.busy import DEFAULT_LIMITS, BusyTime, FeedLimits, clipped, require_window, too_large
from oasys_sched.adapters.freebusy import read_freebusy
from oasys_sched.adapters.http import HttpRequest, require_https
from oasys_sched.adapters.ics_events import read_events
from oasys_sched.adapters.ics_recurrence import Expander
from oasys_sched.adapters.ics_text import read_components
from oasys_sched.adapters.ics_values import IanaClock
from oasys_sched.adapters.ics_zones import FeedZones
from oasys_sched.adapters.uids import is_own_uid
from oasys_sched.times import Span, find_zone

__all__ = ["IcsFeed", "parse_ics"]


def parse_ics(
    data: bytes | str,
    *,
    within: Span,
    zone: str,
    ours: Callable[[str], bool] = is_own_uid,
    limits: FeedLimits = DEFAULT_LIMITS,
) -> tuple[BusyTime, ...]:
    r"""Read an iCalendar feed: what it says of a window, in order, clipped to it; all or nothing.

    Cancelled and transparent events and events whose UID is `ours` do not block; all-day ones block whole days and
    tentative ones are kept as tentative (A12). `zone` is the clinician's: dates and floating times are read in it.
    Where a VFREEBUSY states what time it speaks of, the rest of the window is unavailable, for unknown is not free.
    Time and memory: linear in the feed, plus the occurrences in the window.

    Raises:
        InvalidValue: `feed_malformed`, `feed_too_large`; `too_large` for a window of over 400 days; `unknown_zone`.

    >>> from datetime import UTC, datetime
    >>> feed = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260305T150000Z\nDURATION:PT50M\nEND:VEVENT\nEND:VCALENDAR"
    >>> march = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    >>> [busy.kind.value for busy in parse_ics(feed, within=march, zone="Europe/Berlin")]
    ['busy']
    """
    require_window(within, limits)
    floating = IanaClock(find_zone(zone))
    expander = Expander(limits)
    found: list[BusyTime] = []
    for calendar in read_components(data, limits):
        zones = FeedZones(calendar, within, expander)
        for one in read_events(calendar.inside("VEVENT"), within, zones, floating, ours, expander):
            found += [one] if one.span.overlaps(within) else []
            if len(found) > limits.intervals:
                raise too_large(f"at most {limits.intervals} intervals", "feed")
        answers = calendar.inside("VFREEBUSY")
        if answers:
            found += read_freebusy(answers, within, limits)
    return clipped(found, within)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class IcsFeed:
    """A calendar published at an address, which is a secret and stays out of `repr`.

    `zone` is the clinician's. Only https (and webcal, which is read as https) is taken unless `allow_http`.

    Raises:
        InvalidValue: naming `url` or `zone`.
    """

    url: str = field(repr=False)
    zone: str
    allow_http: bool = False
    limits: FeedLimits = DEFAULT_LIMITS

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", require_https(self.url, allow_http=self.allow_http))
        find_zone(self.zone)

    def request(self, _within: Span, /) -> HttpRequest:
        """Say what to ask for a window: a published calendar always comes whole."""
        return HttpRequest(method="GET", url=self.url, headers=(("Accept", "text/calendar"),))

    def read(self, body: bytes, within: Span, /) -> tuple[BusyTime, ...]:
        """Read the answer."""
        return parse_ics(body, within=within, zone=self.zone, limits=self.limits)
