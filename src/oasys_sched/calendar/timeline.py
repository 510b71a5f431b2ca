"""One appointment's life on a line: booked, notice, reminders, the late threshold, the session itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.reminders import reminder_due
from oasys_sched.calendar.svg import document, line, rect, text
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.times import Period, find_zone, require_aware

__all__ = ["Moment", "moments", "timeline_picture"]

WIDTH: Final = 980
LEFT: Final = 40
# Each mark stands a step lower than the one before it, so that no line runs through another's words.
LOWEST: Final = 34
STEP: Final = 28
MINUTE: Final = timedelta(minutes=1)
UNITS: Final = ("year", "month", "day", "hour", "minute", "second")


@final
@dataclass(frozen=True, slots=True)
class Moment:
    """One mark on the line: a stable `name`, what to write, and when."""

    name: str
    label: str
    at: datetime


def moments(
    appointment: Appointment,
    *,
    booking: BookingPolicy | None = None,
    cancellation: CancellationPolicy | None = None,
    reminders: ReminderPolicy | None = None,
) -> tuple[Moment, ...]:
    """Return what happens when around an appointment, in order of time; each policy adds its own moments.

    `last_booking` is the last minute in which a client could have booked it (S89), `late_from` the last instant at
    which a cancellation is on time (S93, A1). Reminders stand where they go out, quiet hours of the appointment's zone
    regarded (B11); those that lie before the booking are left out (A28), like those of a pending booking (S20) and
    those after a cancellation (S96).
    """
    zone = find_zone(appointment.zone)
    start, booked = appointment.starts_at, appointment.created_at
    found = [Moment("booked", "booked", booked), Moment("start", "start", start),
             Moment("end", "end", appointment.ends_at)]  # fmt: skip
    if booking is not None and (notice := booking.for_service(appointment.service).minimum_notice):
        found.append(Moment("last_booking", f"bookable until {_spoken(notice)} before", _last(notice, start, zone)))
    if cancellation is not None:
        rules = cancellation.for_service(appointment.service)
        last = rules.cut_off_for(start, zone)
        if last is not None and rules.late_threshold is not None:
            found.append(Moment("late_from", f"on time until {_spoken(rules.late_threshold)} before", last))
    asked = appointment.cancellation
    if reminders is not None and reminders.enabled and appointment.status is not AppointmentStatus.PENDING:
        planned = {
            (offset, reminder_due(reminders, channel, offset.before(start, zone), appointment.zone))
            for offset in reminders.offsets
            for channel in reminders.channels
        }
        over = start if asked is None else asked.requested_at
        found += [
            Moment("reminder", f"reminder {_spoken(offset)} before", due)
            for offset, due in planned
            if booked <= due < over
        ]
    if asked is not None:
        found.append(Moment("cancelled", "cancelled late" if asked.late else "cancelled", asked.requested_at))
    return tuple(sorted(found, key=lambda moment: (moment.at, moment.name, moment.label)))


def _last(notice: Period, start: datetime, zone: ZoneInfo) -> datetime:
    """Return the last whole minute before a start from which the notice still ends by it.

    Counting forward is the rule. Counting back is near it: months are of unequal length, and clocks change.
    """
    near = notice.before(start, zone)
    reach = timedelta(days=4) if notice.months else timedelta(hours=26)
    latest = min(near + reach * bool(notice.months or notice.days), start)
    while notice.after(latest, zone) > start:
        latest -= MINUTE
    return latest


def timeline_picture(found: Iterable[Moment], *, zone: str, now: datetime | None = None) -> str:
    """Draw moments on a line, as SVG text, with times in a zone; the late stretch is marked up to the start.

    Distances are evened out, so that weeks and hours both stay readable; the order is exact.

    Raises:
        InvalidValue: `unknown_zone`, or `naive_datetime` naming `found` or `now`.
    """
    place = find_zone(zone)
    marks = list(found)
    for mark in marks:
        require_aware(mark.at, "found")
    if now is not None:
        require_aware(now, "now")
        marks.append(Moment("now", "now", now))
    marks.sort(key=lambda moment: (moment.at, moment.name))
    base = 14 + LOWEST + STEP * max(0, len(marks) - 1)
    step = (WIDTH - 2 * LEFT - 90) / max(1, len(marks) - 1)
    at = {id(mark): LEFT + 10 + n * step for n, mark in enumerate(marks)}
    by_name = {mark.name: at[id(mark)] for mark in marks}
    body = [line(LEFT, base, WIDTH - LEFT, base, "os-strong")]
    if "late_from" in by_name and "start" in by_name and by_name["late_from"] < by_name["start"]:
        left = by_name["late_from"]
        body.append(line(left, base, by_name["start"], base, "os-mark"))
        body.append(text(left + 6, base + 16, "cancelling here is late", "os-warn os-xs"))
    if "start" in by_name and "end" in by_name:
        body.append(rect(by_name["start"], base - 5, by_name["end"] - by_name["start"], 10, "os-status-upcoming", 3))
    for n, mark in enumerate(marks):
        x, up = at[id(mark)], base - 14 - STEP * n
        shown = mark.at.astimezone(place)
        body.append(line(x, base - up, x, base + 4, "os-mark" if mark.name in ("now", "cancelled") else "os-strong"))
        body.append(text(x + 4, base - up + 9, mark.label, "os-ink os-s os-b"))
        body.append(text(x + 4, base - up + 21, f"{shown:%a} {shown.day} {shown:%b %H:%M}", "os-soft os-xs"))
    body.append(text(WIDTH - LEFT, base + 30, f"times in {zone}", "os-soft os-xs os-end"))
    spoken = "; ".join(f"{mark.label}: {mark.at.astimezone(place):%Y-%m-%d %H:%M}" for mark in marks)
    return document(WIDTH, base + 40, f"One appointment, times in {zone}", "".join(body), spoken)


def _spoken(period: Period) -> str:
    """Say a period in words: "1 day 2 hours"."""
    years, months = divmod(period.months, 12)
    minutes, seconds = divmod(period.exact // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = zip((years, months, period.days, hours, minutes, seconds), UNITS, strict=True)
    return " ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in parts if n)
