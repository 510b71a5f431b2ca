"""Microsoft Graph: `getSchedule` answers as busy times (S85, A12)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, final

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
from oasys_sched.adapters.json_feed import Json, as_list, as_object, as_text, read_json, read_wall
from oasys_sched.adapters.zone_names import zone_named
from oasys_sched.codes import Code
from oasys_sched.errors import FeedUnavailable, InvalidValue
from oasys_sched.times import Span

__all__ = ["GraphSchedule", "parse_graph_schedule"]

_GET_SCHEDULE: Final = "https://graph.microsoft.com/v1.0/me/calendar/getSchedule"
_MOST_SCHEDULES: Final = 20

# A status nobody has heard of blocks: so does `unknown`, which Graph itself uses.
_STATUS: Final = {
    "free": FreeBusy.FREE,
    "workingElsewhere": FreeBusy.FREE,
    "tentative": FreeBusy.TENTATIVE,
    "busy": FreeBusy.BUSY,
    "oof": FreeBusy.UNAVAILABLE,
}
_VIEW: Final = {
    "0": FreeBusy.FREE,
    "1": FreeBusy.TENTATIVE,
    "2": FreeBusy.BUSY,
    "3": FreeBusy.UNAVAILABLE,
    "4": FreeBusy.FREE,
}


def parse_graph_schedule(
    data: bytes | str | Json,
    *,
    within: Span,
    schedules: Sequence[str] | None = None,
    view_interval: timedelta = timedelta(minutes=30),
    limits: FeedLimits = DEFAULT_LIMITS,
) -> tuple[BusyTime, ...]:
    """Read a `getSchedule` answer that was asked for exactly this window, clipped to it, in order.

    Where the calendar's owner shares only the `availabilityView` (a digit for each `view_interval` of the window),
    that is read instead of items. `schedules` are the addresses asked for; each must be answered. Zone names may be
    Windows names. A repeated wall time is read so that the interval is widest.

    Raises:
        FeedUnavailable: a schedule is missing or answered with an error, which is not the same as being free.
        InvalidValue: `feed_malformed` or `feed_too_large`.
    """
    require_window(within, limits)
    if not timedelta(minutes=5) <= view_interval <= timedelta(days=1):
        raise InvalidValue("give 5 minutes to a day", field="view_interval", code=Code.INVALID_DURATION)
    entries = as_list(read_json(data, limits).get("value"), "value", limits.events)
    answered: set[str] = set()
    found: list[BusyTime] = []
    for number, value in enumerate(entries):
        path = f"value[{number}]"
        entry = as_object(value, path)
        if entry.get("error"):
            raise FeedUnavailable("the calendar service could not read a schedule")
        answered.add(as_text(entry.get("scheduleId"), f"{path}.scheduleId").casefold())
        if entry.get("scheduleItems"):
            found += _items(entry, path, limits, len(found))
        else:
            found += _view(entry, path, within, view_interval)
    if not answered or any(asked.casefold() not in answered for asked in schedules or ()):
        raise FeedUnavailable("the calendar service left out a schedule")
    return clipped(found, within)


def _items(entry: Json, path: str, limits: FeedLimits, already: int) -> list[BusyTime]:
    found = []
    items = as_list(entry["scheduleItems"], f"{path}.scheduleItems", limits.intervals - already)
    for index, value in enumerate(items):
        at = f"{path}.scheduleItems[{index}]"
        item = as_object(value, at)
        start = _instants(item.get("start"), f"{at}.start")
        end = _instants(item.get("end"), f"{at}.end")
        status = as_text(item.get("status"), f"{at}.status")
        one = interval(start[0], end[1], _STATUS.get(status, FreeBusy.BUSY), at)
        found += [one] if one is not None else []
    return found


def _instants(value: object, field: str) -> tuple[datetime, datetime]:
    """Read a `dateTimeTimeZone` as its earliest and latest reading; they differ only while the clock changes."""
    moment = as_object(value, field)
    wall = read_wall(moment.get("dateTime"), f"{field}.dateTime")
    if wall.tzinfo is not None:
        return wall, wall
    zone = zone_named(as_text(moment.get("timeZone"), f"{field}.timeZone"), f"{field}.timeZone")
    try:
        readings = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    except OverflowError:
        raise malformed("no such date or time", f"{field}.dateTime") from None
    return min(readings), max(readings)


def _view(entry: Json, path: str, within: Span, step: timedelta) -> list[BusyTime]:
    view = as_text(entry.get("availabilityView"), f"{path}.availabilityView")
    stretches = -(-within.duration // step)
    if len(view) < stretches:
        raise malformed("the view does not cover the window", f"{path}.availabilityView")
    # One digit counts for its whole stretch; neighbours of one kind become one interval.
    found: list[BusyTime] = []
    for index, digit in enumerate(view[:stretches]):
        kind = _VIEW.get(digit, FreeBusy.BUSY)
        start = within.start + index * step
        if found and found[-1].kind is kind:
            start = found.pop().span.start
        found.append(BusyTime(span=Span(start, within.start + (index + 1) * step), kind=kind))
    return found


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSchedule:
    """One clinician's Microsoft calendars as a feed. `token` gives a fresh access token; it stays out of `repr`.

    Raises:
        InvalidValue: no schedule, or over 20, which is what one question may hold.
    """

    schedules: tuple[str, ...] = field(repr=False)
    token: Token = field(repr=False)
    limits: FeedLimits = DEFAULT_LIMITS
    url: str = _GET_SCHEDULE

    def __post_init__(self) -> None:
        require_some(self.schedules, _MOST_SCHEDULES, "schedules")

    def request(self, within: Span, /) -> HttpRequest:
        """Say what to ask for a window; the answer comes in UTC."""
        asked = {
            "schedules": list(self.schedules),
            "startTime": _graph_time(within.start),
            "endTime": _graph_time(within.end),
            "availabilityViewInterval": 30,
        }
        return HttpRequest(
            method="POST",
            url=self.url,
            headers=(
                ("Authorization", f"Bearer {self.token()}"),
                ("Content-Type", "application/json"),
                ("Prefer", 'outlook.timezone="UTC"'),
            ),
            body=json.dumps(asked).encode(),
        )

    def read(self, body: bytes, within: Span, /) -> tuple[BusyTime, ...]:
        """Read the answer."""
        return parse_graph_schedule(body, within=within, schedules=self.schedules, limits=self.limits)


def _graph_time(when: datetime) -> dict[str, str]:
    return {"dateTime": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}
