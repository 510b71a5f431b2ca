"""Calendar invites: iTIP messages rendered with `icalendar` (extra `ical`; RFC 5545, 5546, 7986; S7, S28, S32, B20).

An invite says when, with whom it is shared and how to join; by default neither a service nor a reason. Everything that
people typed is put on one line first, so that no text can add a property. Rendering is pure: the same invite gives the
same octets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.adapters.mailbox import Mailbox
from oasys_sched.adapters.safe_text import one_line, require_link
from oasys_sched.adapters.vtimezone import observances
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue, MissingExtra
from oasys_sched.times import as_utc, find_zone, wall_to_utc

try:
    import icalendar
except ImportError:
    raise MissingExtra("icalendar", "ical") from None

__all__ = ["Invite", "InviteMethod", "render_invite"]

_PRODID: Final = "-//oasys-sched//invites//EN"
_UID: Final = re.compile(r"[A-Za-z0-9._@-]{1,255}", re.ASCII)
_UNTIL: Final = re.compile(r"UNTIL=(\d{8})(?:T(\d{6}))?(Z?)", re.ASCII)
_RULE: Final = re.compile(r"[A-Z0-9=;,+-]{1,1000}", re.ASCII)


@unique
class InviteMethod(StrEnum):
    """What the message does to the client's calendar (RFC 5546 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """One iTIP message about one appointment, one occurrence of a series (`recurrence_id`), or a whole series (`rule`).

    `uid` never changes and `sequence` rises with each change (S28). `rule` is RFC 5545 text whose UNTIL may be local;
    `excluded` and `recurrence_id` are wall-clock times in `zone`. With `onwards` a message about an occurrence is about
    all later ones too. `stamped_at` is when the change was decided.

    Raises:
        InvalidValue: naming the field; `invalid_pattern` for a rule.
    """

    method: InviteMethod = InviteMethod.REQUEST
    uid: str
    sequence: int = 0
    starts_at: datetime
    duration: timedelta
    zone: str
    stamped_at: datetime
    organizer: Mailbox
    attendee: Mailbox
    tentative: bool = False
    summary: str = field(default="Appointment", repr=False)
    location: str = field(default="", repr=False)
    link: str | None = field(default=None, repr=False)
    rule: str | None = None
    excluded: tuple[datetime, ...] = ()
    recurrence_id: datetime | None = None
    onwards: bool = False
    split_from: str | None = None

    def __post_init__(self) -> None:
        for name in ("uid", "split_from"):
            uid = getattr(self, name)
            if uid is not None and _UID.fullmatch(uid) is None:
                raise InvalidValue("give 1 to 255 letters, digits, dots, hyphens", field=name)
        if type(self.sequence) is not int or not 0 <= self.sequence < 2**31:
            raise InvalidValue("give a whole number from 0", field="sequence")
        if not timedelta(0) < self.duration <= timedelta(hours=24):
            raise InvalidValue(
                "give a duration above 0 and up to 24 hours", field="duration", code=Code.INVALID_DURATION
            )
        find_zone(self.zone)
        object.__setattr__(self, "starts_at", as_utc(self.starts_at, "starts_at"))
        object.__setattr__(self, "stamped_at", as_utc(self.stamped_at, "stamped_at"))
        object.__setattr__(self, "summary", one_line(self.summary) or "Appointment")
        object.__setattr__(self, "location", one_line(self.location))
        if self.link is not None:
            require_link(self.link, "link")
        if self.rule is not None and _RULE.fullmatch(self.rule) is None:
            raise InvalidValue("give RFC 5545 text such as 'FREQ=WEEKLY'", field="rule", code=Code.INVALID_PATTERN)
        for wall in (*self.excluded, *([self.recurrence_id] if self.recurrence_id else [])):
            if wall.tzinfo is not None:
                raise InvalidValue("give naive wall-clock times in the zone", field="recurrence_id")


def render_invite(*invites: Invite) -> bytes:
    """Return one message as a complete VCALENDAR, CRLF line ends, folded at 75 octets.

    Several invites make one message about several occurrences of one entry (RFC 5546 3.2): they share method and UID.

    Raises:
        InvalidValue: none given, or they differ in method, UID or zone.
    """
    if len({(invite.method, invite.uid, invite.zone) for invite in invites}) != 1:
        raise InvalidValue("give one or more of one method, UID and zone", field="invites")
    first = invites[0]
    calendar = icalendar.Calendar()
    calendar.add("PRODID", _PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", first.method.value)
    if first.zone != "UTC":
        calendar.add_component(_zone(invites))
    for invite in invites:
        calendar.add_component(_event(invite))
    return bytes(calendar.to_ical())


def _event(invite: Invite) -> icalendar.Event:
    zone = find_zone(invite.zone)
    starts = invite.starts_at.astimezone(zone)
    event = icalendar.Event()
    event.add("UID", invite.uid)
    event.add("SEQUENCE", invite.sequence)
    event.add("DTSTAMP", invite.stamped_at.replace(microsecond=0))
    event.add("DTSTART", starts)
    # The end as an instant: hours elapse, also over a clock change.
    event.add("DTEND", (invite.starts_at + invite.duration).astimezone(zone))
    event.add("SUMMARY", invite.summary)
    cancelled = invite.method is InviteMethod.CANCEL
    event.add("STATUS", "CANCELLED" if cancelled else "TENTATIVE" if invite.tentative else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("CLASS", "PRIVATE")
    if invite.location:
        event.add("LOCATION", invite.location)
    if invite.link is not None and not cancelled:
        conference = icalendar.vUri(invite.link)
        conference.params.update({"VALUE": "URI", "FEATURE": "VIDEO"})
        event.add("CONFERENCE", conference)
    if invite.rule is not None:
        event.add("RRULE", icalendar.vRecur.from_ical(_utc_until(invite.rule, invite)))
    for wall in invite.excluded:
        event.add("EXDATE", wall.replace(tzinfo=zone))
    if invite.recurrence_id is not None:
        onwards = {"RANGE": "THISANDFUTURE"} if invite.onwards else {}
        event.add("RECURRENCE-ID", invite.recurrence_id.replace(tzinfo=zone), parameters=onwards)
    if invite.split_from is not None:
        event.add("RELATED-TO", invite.split_from)
    event.add("ORGANIZER", _person(invite.organizer, {}))
    answering = {} if cancelled else {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    event.add("ATTENDEE", _person(invite.attendee, {"ROLE": "REQ-PARTICIPANT", **answering}))
    return event


def _person(mailbox: Mailbox, parameters: dict[str, str]) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{mailbox.address}")
    if mailbox.name:
        person.params["CN"] = icalendar.vText(mailbox.name.replace('"', "'"))
    person.params.update(parameters)
    return person


def _utc_until(rule: str, invite: Invite) -> str:
    """UNTIL in UTC, as a zoned DTSTART demands; a date means the end of that local day (RFC 5545 3.3.10)."""

    def utc(found: re.Match[str]) -> str:
        day, time, z = found.groups()
        if z:
            return found.group()
        try:
            wall = datetime.strptime(day + (time or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007  local by definition
        except ValueError:
            raise InvalidValue("no such end", field="rule", code=Code.INVALID_PATTERN) from None
        return f"UNTIL={wall_to_utc(wall, find_zone(invite.zone)):%Y%m%dT%H%M%SZ}"

    return _UNTIL.sub(utc, rule)


def _zone(invites: tuple[Invite, ...]) -> icalendar.Timezone:
    """Describe the zone from the year before the first to well after the last start that this message speaks of."""
    years = [invite.starts_at.year for invite in invites]
    for invite in invites:
        until = _UNTIL.search(invite.rule or "")
        years.append(int(until.group(1)[:4]) if until else invite.starts_at.year + (5 if invite.rule else 1))
        years += [wall.year for wall in (*invite.excluded, invite.recurrence_id) if wall is not None]
    zone = icalendar.Timezone()
    zone.add("TZID", invites[0].zone)
    for one in observances(invites[0].zone, max(min(years), 1971) - 1, min(max(years), 2199) + 1):
        part = icalendar.TimezoneDaylight() if one.daylight else icalendar.TimezoneStandard()
        part.add("DTSTART", one.onsets[0])
        part.add("TZNAME", one.name)
        part.add("TZOFFSETFROM", one.before)
        part.add("TZOFFSETTO", one.after)
        if one.rule is not None:
            part.add("RRULE", icalendar.vRecur.from_ical(one.rule))
        else:
            for onset in one.onsets[1:]:
                part.add("RDATE", onset)
        zone.add_component(part)
    return zone
