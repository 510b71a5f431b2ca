"""Google Calendar: `freeBusy` answers and `events` listings as busy times (S85, A12)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.adapters.busy import (
    DEFAULT_LIMITS,
    BusyTime,
    FeedLimits,
    FreeBusy,
    clipped,
    interval,
    malformed,
    require_some,
    require_window,
)
from oasys_sched.adapters.http import HttpRequest, Token
from oasys_sched.adapters.json_feed import Json, as_list, as_object, as_text, read_instant, read_json
from oasys_sched.adapters.zone_names import zone_named
from oasys_sched.errors import FeedUnavailable
from oasys_sched.times import Span, wall_to_utc

__all__ = ["GoogleFreeBusy", "parse_google_events", "parse_google_freebusy"]

_FREEBUSY: Final = "https://www.googleapis.com/calendar/v3/freeBusy"
_MOST_CALENDARS: Final = 50

_EVENT_KINDS: Final = {"confirmed": FreeBusy.BUSY, "tentative": FreeBusy.TENTATIVE}


def parse_google_freebusy(
    data: bytes | str | Json,
    *,
    within: Span,
    calendars: Sequence[str] | None = None,
    limits: FeedLimits = DEFAULT_LIMITS,
) -> tuple[BusyTime, ...]:
    """Read a `freeBusy` answer: the busy intervals of every calendar in it, clipped to a window, in order.

    `calendars` are the ids that were asked for; each must be answered. The answer cannot say whose an interval is:
    drop the mirrors of own appointments with `blocking(..., ours=...)`, or read `parse_google_events` instead.

    Raises:
        FeedUnavailable: a calendar is missing or answered with an error, which is not the same as being free.
        InvalidValue: `feed_malformed` or `feed_too_large`.

    >>> parse_google_freebusy(
    ...     {"calendars": {"me": {"busy": [{"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T16:00:00Z"}]}}},
    ...     within=Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
    ... )[0].span.duration
    datetime.timedelta(seconds=3600)
    """
    require_window(within, limits)
    answered = as_object(read_json(data, limits).get("calendars"), "calendars")
    if not answered or any(asked not in answered for asked in calendars or ()):
        raise FeedUnavailable("the calendar service left out a calendar")
    found: list[BusyTime] = []
    for number, calendar in enumerate(answered.values()):
        path = f"calendars[{number}]"
        entry = as_object(calendar, path)
        if entry.get("errors"):
            raise FeedUnavailable("the calendar service could not read a calendar")
        busy = as_list(entry.get("busy"), f"{path}.busy", limits.intervals - len(found))
        for index, item in enumerate(busy):
            at = f"{path}.busy[{index}]"
            period = as_object(item, at)
            one = interval(
                read_instant(period.get("start"), f"{at}.start"),
                read_instant(period.get("end"), f"{at}.end"),
                FreeBusy.BUSY,
                at,
            )
            found += [one] if one is not None else []
    return clipped(found, within)


def parse_google_events(
    data: bytes | str | Json,
    *,
    within: Span,
    ours: Callable[[str], bool] = lambda _uid: False,
    limits: FeedLimits = DEFAULT_LIMITS,
) -> tuple[BusyTime, ...]:
    """Read one page of an `events` listing that was asked for with `singleEvents=true`.

    Cancelled and transparent events, invitations that the calendar's owner declined, and events whose `iCalUID` is
    `ours` do not block; all-day events block whole days of the calendar's zone (A12). Only times and status are read.

    Raises:
        InvalidValue: `feed_malformed` (also for a page that is not the last one, or an event not expanded) or
            `feed_too_large`.
    """
    require_window(within, limits)
    page = read_json(data, limits)
    if page.get("nextPageToken") is not None:
        raise malformed("this is not the whole listing: ask for more per page", "nextPageToken")
    zone = zone_named(as_text(page.get("timeZone", "UTC"), "timeZone"), "timeZone")
    found: list[BusyTime] = []
    for index, item in enumerate(as_list(page.get("items"), "items", limits.events)):
        one = _event(as_object(item, f"items[{index}]"), f"items[{index}]", zone, ours)
        found += [one] if one is not None else []
    return clipped(found, within)


def _event(event: Json, path: str, zone: ZoneInfo, ours: Callable[[str], bool]) -> BusyTime | None:
    if event.get("status") == "cancelled":  # may lack everything else
        return None
    if event.get("recurrence") is not None:
        raise malformed("ask with singleEvents=true", f"{path}.recurrence")
    start = _moment(event.get("start"), f"{path}.start", zone)
    end = _moment(event.get("end"), f"{path}.end", zone)
    uid = event.get("iCalUID")
    if event.get("transparency") == "transparent" or (isinstance(uid, str) and ours(uid)) or _declined(event):
        return None
    kind = _EVENT_KINDS.get(str(event.get("status", "confirmed")), FreeBusy.BUSY)
    if event.get("eventType") == "outOfOffice":
        kind = FreeBusy.UNAVAILABLE
    return interval(start, end, kind, path)


def _declined(event: Json) -> bool:
    guests = event.get("attendees")
    return isinstance(guests, list) and any(
        isinstance(guest, dict) and guest.get("self") is True and guest.get("responseStatus") == "declined"
        for guest in guests
    )


def _moment(value: object, path: str, zone: ZoneInfo) -> datetime:
    moment = as_object(value, path)
    if moment.get("dateTime") is not None:
        return read_instant(moment.get("dateTime"), f"{path}.dateTime")
    text = as_text(moment.get("date"), f"{path}.date")
    try:
        day = date.fromisoformat(text if len(text) == 10 else "")
        return wall_to_utc(datetime.combine(day, time.min), zone)
    except (ValueError, OverflowError):
        raise malformed("no such date", f"{path}.date") from None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleFreeBusy:
    """One clinician's Google calendars as a feed. `token` gives a fresh access token; it stays out of `repr`.

    Raises:
        InvalidValue: no calendar, or over 50, which is what one question may hold.
    """

    calendars: tuple[str, ...] = field(repr=False)
    token: Token = field(repr=False)
    limits: FeedLimits = DEFAULT_LIMITS
    url: str = _FREEBUSY

    def __post_init__(self) -> None:
        require_some(self.calendars, _MOST_CALENDARS, "calendars")

    def request(self, within: Span, /) -> HttpRequest:
        """Say what to ask for a window."""
        asked = {
            "timeMin": _rfc3339(within.start),
            "timeMax": _rfc3339(within.end),
            "timeZone": "UTC",
            "items": [{"id": calendar} for calendar in self.calendars],
        }
        return HttpRequest(
            method="POST",
            url=self.url,
            headers=(("Authorization", f"Bearer {self.token()}"), ("Content-Type", "application/json")),
            body=json.dumps(asked).encode(),
        )

    def read(self, body: bytes, within: Span, /) -> tuple[BusyTime, ...]:
        """Read the answer."""
        return parse_google_freebusy(body, within=within, calendars=self.calendars, limits=self.limits)


def _rfc3339(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
