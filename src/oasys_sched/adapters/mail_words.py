"""What the messages say: one table a language. An app translates by giving another `Words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final
from zoneinfo import ZoneInfo

__all__ = ["ENGLISH", "Words"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language: how a moment is written, and subject and first sentence of each message.

    `moment` is filled with `weekday`, `day`, `month`, `year`, `time` and `zone`. `texts` maps an outbox row's template
    to (subject, sentence); the key `notice` is for every template without its own. Neither may say more than that
    there is an appointment: a subject is read over shoulders.
    """

    language: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    moment: str
    modes: Mapping[str, str]
    labels: Mapping[str, str]
    texts: Mapping[str, tuple[str, str]]

    def write(self, when: datetime, zone: ZoneInfo) -> str:
        """Return a moment in a zone, in words."""
        local = when.astimezone(zone)
        return self.moment.format(
            weekday=self.weekdays[local.weekday()],
            day=local.day,
            month=self.months[local.month - 1],
            year=local.year,
            time=f"{local:%H:%M}",
            zone=zone.key,
        )

    def text(self, template: str) -> tuple[str, str]:
        """Return subject and first sentence of a message."""
        return self.texts.get(template, self.texts["notice"])


# Templates are named for what happened. Those a clinician gets say no name either.
ENGLISH: Final = Words(
    language="en",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    moment="{weekday}, {day} {month} {year}, {time} ({zone})",
    modes={"telehealth": "by video", "in_person": "in person", "phone": "by phone"},
    labels={
        "when": "When",
        "before": "Before",
        "proposed": "Proposed",
        "how": "How",
        "where": "Where",
        "link": "Join",
    },
    texts={
        "notice": ("About your appointment", "There is news about an appointment."),
        "appointment_created": ("Your appointment", "An appointment has been made for you."),
        "appointment_booked": ("Your appointment", "Your appointment is booked."),
        "appointment_booked_by_client": ("A new booking", "A client has booked this time."),
        "appointment_cancelled_by_client": ("A cancellation", "A client has cancelled this appointment."),
        "appointment_rescheduled": ("Your appointment has moved", "Your appointment has a new time."),
        "appointment_edited": ("Your appointment has changed", "Something about your appointment has changed."),
        "appointment_cancelled": ("Your appointment is cancelled", "This appointment will not take place."),
        "appointment_missed": ("Your appointment", "We missed you at this appointment."),
        "series_created": ("Your appointments", "A series of appointments has been made for you."),
        "series_rescheduled": ("Your appointments have moved", "This and all later appointments have new times."),
        "series_cancelled": ("Your appointments are cancelled", "This and all later appointments are cancelled."),
        "booking_requested": ("A booking to decide on", "A client has asked for this time."),
        "booking_approved": ("Your appointment is confirmed", "Your appointment is confirmed."),
        "booking_declined": ("Your booking was declined", "This time could not be confirmed."),
        "booking_withdrawn": ("A booking was withdrawn", "A client has withdrawn this booking."),
        "booking_expired": ("A booking has expired", "Nobody confirmed this booking in time."),
        "request_opened": ("A request to decide on", "A client asks to change this appointment."),
        "request_declined": ("Your request was declined", "Your appointment stays as it is."),
        "request_withdrawn": ("A request was withdrawn", "A client has withdrawn a request."),
        "request_expired": ("A request has expired", "Nobody decided on this request in time."),
        "alternatives_suggested": ("Other times for your appointment", "Other times are suggested: please choose one."),
        "alternative_accepted": ("A suggested time was accepted", "A client has accepted a suggested time."),
        "alternatives_declined": ("The suggested times were declined", "The appointment stays as it is."),
        "reminder": ("Reminder of your appointment", "This is a reminder of your appointment."),
        "waitlist_offer": ("A time has become free", "A time you were waiting for has become free."),
        "waitlist_offer_closed": ("The time is no longer free", "The time you were offered is taken: you wait on."),
    },
)
