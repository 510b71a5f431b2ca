"""A client's answer to an invite, read back: accepted, declined, or another time wanted (RFC 5546 3.2.3, 3.2.7; S34).

An answer comes from the open network: whose mailbox it came from is for the app to verify, and `uid` and `sequence` are
for the desk to match. Nothing here changes anything.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.adapters.busy import FeedLimits, malformed, too_large
from oasys_sched.adapters.ics_recurrence import Expander
from oasys_sched.adapters.ics_text import ANSWER, Component, read_components
from oasys_sched.adapters.ics_values import IanaClock, read_duration, read_moment, read_sequence
from oasys_sched.adapters.ics_zones import FeedZones
from oasys_sched.adapters.safe_text import one_line, require_address
from oasys_sched.adapters.uids import invite_uid
from oasys_sched.booking.appointment import Appointment
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Span, find_zone, wall_to_utc

__all__ = ["AnswerKind", "InviteAnswer", "answered", "find_answer", "read_answer"]

_LIMITS: Final = FeedLimits(octets=1_000_000, events=100)
_MOST_PARTS: Final = 200
_COMMENT: Final = 2_000
_ESCAPED: Final = re.compile(r"\\([nN,;\\])")


@unique
class AnswerKind(StrEnum):
    """What the client wants. A counter asks for another time: a request to reschedule."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    COUNTER = "counter"


_REPLIES: Final = {
    "ACCEPTED": AnswerKind.ACCEPTED,
    "DECLINED": AnswerKind.DECLINED,
    "TENTATIVE": AnswerKind.TENTATIVE,
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAnswer:
    """An answer: about which invite and version, of which occurrence, from whom, and for a counter the time proposed.

    `recurrence_id` is the original start as an instant. Address and comment stay out of `repr`.
    """

    kind: AnswerKind
    uid: str
    sequence: int
    recurrence_id: datetime | None = None
    proposed: Span | None = None
    attendees: tuple[str, ...] = field(default=(), repr=False)
    comment: str = field(default="", repr=False)


def read_answer(data: bytes | str, *, zone: str) -> InviteAnswer:
    """Read a REPLY or COUNTER; floating times are read in `zone`, the clinician's.

    Raises:
        InvalidValue: `feed_malformed` for anything that is not one such answer about one event, `feed_too_large`.
    """
    calendars = read_components(data, _LIMITS, ANSWER)
    events = calendars[0].inside("VEVENT")
    if len(calendars) != 1 or len(events) != 1:
        raise malformed("an answer is about one event", "feed")
    event, method_line = events[0], calendars[0].one("METHOD")
    method = method_line.value.strip().upper() if method_line else ""
    if method not in {"REPLY", "COUNTER"}:
        raise malformed("expected METHOD:REPLY or METHOD:COUNTER", "METHOD")
    uid = event.one("UID")
    if uid is None or not uid.value.strip() or len(uid.value) > 255:
        raise malformed("an answer without UID", "UID")
    zones = _zones(calendars[0])
    floating = IanaClock(find_zone(zone))
    original = event.one("RECURRENCE-ID")
    people = event.every("ATTENDEE")
    comment = event.every("COMMENT")
    return InviteAnswer(
        kind=AnswerKind.COUNTER if method == "COUNTER" else _reply(event),
        uid=uid.value.strip(),
        sequence=read_sequence(event.one("SEQUENCE")),
        recurrence_id=None if original is None else read_moment(original, zones, floating).instant,
        proposed=_proposed(event, zones, floating) if method == "COUNTER" else None,
        attendees=tuple(_address(line.value) for line in people),
        comment=one_line(_unescaped(comment[0].value), _COMMENT) if comment else "",
    )


def answered(answer: InviteAnswer, appointments: Iterable[Appointment]) -> Appointment | None:
    """Return the appointment an answer is about, out of those of the client it came from; None without one.

    An answer to an older version than the one in force is about none, for the client saw another time. So is one about
    a whole series: it has to name the occurrence.
    """
    for one in appointments:
        uid = invite_uid(one.practice, one.id if one.series is None else one.series)
        original = None if one.recurrence_id is None else wall_to_utc(one.recurrence_id, find_zone(one.zone))
        if (answer.uid, answer.recurrence_id) == (uid, original) and answer.sequence >= one.sequence:
            return one
    return None


def _zones(calendar: Component) -> FeedZones:
    """Zones that the answer defines are worked out around its own time."""
    stamps = [line.value[:4] for event in calendar.inside("VEVENT") for line in event.every("DTSTART")]
    year = int(stamps[0]) if stamps and stamps[0].isascii() and stamps[0].isdigit() else 2000
    middle = datetime(min(max(year, 1973), 2190), 7, 1, tzinfo=find_zone("UTC"))
    return FeedZones(calendar, Span(middle - timedelta(days=200), middle + timedelta(days=200)), Expander(_LIMITS))


def _reply(event: Component) -> AnswerKind:
    people = event.every("ATTENDEE")
    if len(people) != 1:
        raise malformed("a reply comes from one attendee", "ATTENDEE")
    kind = _REPLIES.get((people[0].parameter("PARTSTAT") or "").upper())
    if kind is None:
        raise malformed("expected PARTSTAT ACCEPTED, DECLINED or TENTATIVE", people[0].where)
    return kind


def _proposed(event: Component, zones: FeedZones, floating: IanaClock) -> Span:
    start, end, duration = (event.one(name) for name in ("DTSTART", "DTEND", "DURATION"))
    if start is None or (end is None) == (duration is None):
        raise malformed("a counter proposes a start and an end", "DTSTART")
    first = read_moment(start, zones, floating)
    try:
        if end is not None:
            return Span(first.instant, read_moment(end, zones, floating).instant)
        days, exact = read_duration(duration.value if duration else "", "DURATION")
        return Span(first.instant, first.clock.to_utc(first.wall + timedelta(days=days)) + exact)
    except (InvalidValue, OverflowError):
        raise malformed("no such time", start.where) from None


def _address(text: str) -> str:
    address = text.strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    try:
        return require_address(address, "ATTENDEE")
    except InvalidValue:
        raise malformed("expected a mail address", "ATTENDEE") from None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found.group(1) in "nN" else found.group(1), text)


def find_answer(mail: bytes) -> bytes | None:
    """Return the first `text/calendar` part of a received mail, or None.

    Raises:
        InvalidValue: `feed_too_large` over 1 MB, 200 parts or the nesting Python can follow.
    """
    if len(mail) > _LIMITS.octets:
        raise too_large(f"a mail holds at most {_LIMITS.octets} octets", "mail")
    try:
        for number, part in enumerate(email.message_from_bytes(mail, policy=email.policy.compat32).walk()):
            if number >= _MOST_PARTS:
                raise too_large(f"a mail has at most {_MOST_PARTS} parts", "mail")
            if part.get_content_type() == "text/calendar" and not part.is_multipart():
                body = part.get_payload(decode=True)
                return body if isinstance(body, bytes) else None
    except RecursionError:
        raise too_large("nested too deeply", "mail") from None
    return None
