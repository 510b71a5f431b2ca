"""What a series' mails leave in the client's calendar: exactly the appointments that stand, journey by journey."""

from collections.abc import Iterable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.adapters.email import EmailNotifier
from oasys_sched.adapters.ics import parse_ics
from oasys_sched.adapters.uids import invite_uid
from oasys_sched.notices import notices
from tests.adapters.post_office import CLIENT as CONTACT
from tests.adapters.post_office import SENDER
from tests.booking.clinic import CLINICIAN, HOUR, NOW, accepted, appointment, facts
from tests.booking.test_series import SERIES, cancel, move, names, plan, rows, within

YEAR = sched.Span(NOW - timedelta(days=30), NOW + timedelta(days=300))


class ClientsCalendar:
    """A calendar program: it keeps each entry by UID and occurrence, and does what the messages say (RFC 5546)."""

    def __init__(self) -> None:
        self.events: dict[tuple[str, str], icalendar.Event] = {}
        self.mails: list[EmailMessage] = []

    def send(self, message: EmailMessage, /, *, sender: str, recipient: str) -> None:
        self.mails.append(message)
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                calendar = icalendar.Calendar.from_ical(part.get_content())
                assert calendar["METHOD"] == part["Content-Type"].params["method"]
                for event in calendar.walk("VEVENT"):
                    self.take(event)

    def take(self, event: icalendar.Event) -> None:
        uid = str(event["UID"])
        key = (uid, str(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else "")
        if "RRULE" in event:
            # The whole series comes again: what it says replaces everything known of it.
            self.events = {known: one for known, one in self.events.items() if known[0] != uid}
        known_event = self.events.get(key)
        assert known_event is None or event["SEQUENCE"] >= known_event["SEQUENCE"], "an older version"
        self.events[key] = event

    def shows(self) -> set[sched.Span]:
        text = b"BEGIN:VCALENDAR\r\n" + b"".join(one.to_ical() for one in self.events.values()) + b"END:VCALENDAR\r\n"
        found = parse_ics(text, within=YEAR, zone="UTC", ours=lambda _uid: False)
        return {one.span for one in found}

    def hear(self, decision: Any) -> Any:
        """Deliver what a decision announces, through the real templates."""
        done = accepted(decision)
        told = notices(done.events, done.changes, clients={facts().client.id: facts().client}, links={}, now=NOW)
        notifier = EmailNotifier(self, sender=SENDER, contacts=lambda _row: CONTACT, clock=lambda: NOW)
        for row in told:
            if row.role != "clinician":
                notifier.deliver(row)
        return done


def standing(*groups: Iterable[sched.Appointment]) -> set[sched.Span]:
    latest = {row.id: row for group in groups for row in group}
    return {row.span for row in latest.values() if row.status in {"pending", "upcoming"}}


def test_s12_a_new_series_arrives_as_one_mail() -> None:
    calendar = ClientsCalendar()

    made = calendar.hear(plan())

    assert len(calendar.mails) == 1
    assert calendar.shows() == standing(rows(made))


def test_s12_dates_left_out_of_a_series_are_left_out_of_the_invite() -> None:
    calendar = ClientsCalendar()
    taken = appointment(id="other", client="someone", starts_at=SERIES[1].starts_at)

    made = calendar.hear(plan(facts(agenda=(taken,)), skip_conflicts=True))

    assert len(rows(made)) == 3
    assert calendar.shows() == standing(rows(made))


def test_s14_moving_all_future_ones_moves_them_in_the_clients_calendar() -> None:
    calendar = ClientsCalendar()
    made = calendar.hear(plan())

    moved = calendar.hear(move())

    assert len(calendar.mails) == 2
    assert calendar.shows() == standing(rows(made), rows(moved))


def test_a37_an_occurrence_moved_by_itself_stays_where_it_is_in_the_clients_calendar_too() -> None:
    calendar = ClientsCalendar()
    made = rows(calendar.hear(plan()))
    alone = calendar.hear(
        booking.reschedule(
            within(2, made), starts_at=made[2].starts_at + 2 * HOUR, scope=sched.Scope.THIS, actor=CLINICIAN, now=NOW
        )
    )
    known = [rows(alone)[0] if row.id == made[2].id else row for row in made]
    assert calendar.shows() == standing(known)

    moved = calendar.hear(move(within(1, known)))

    assert calendar.shows() == standing(known, rows(moved))


def test_s33_cancelling_all_future_ones_takes_them_out_with_one_mail() -> None:
    calendar = ClientsCalendar()
    made = calendar.hear(plan())

    gone = calendar.hear(cancel())

    assert len(calendar.mails) == 2
    assert str(calendar.mails[1]["Subject"]) == "Your appointments are cancelled"
    assert calendar.shows() == standing(rows(made), rows(gone))
    assert len(calendar.shows()) == 1


def test_s11_an_appointment_that_becomes_a_series_is_shown_once() -> None:
    calendar = ClientsCalendar()
    single = appointment()

    made = calendar.hear(
        booking.make_recurring(
            facts(appointment=single, agenda=(single,)),
            id="s",
            ids=names(),
            rule="FREQ=WEEKLY;COUNT=3",
            actor=CLINICIAN,
            now=NOW,
        )
    )

    assert calendar.shows() == standing(rows(made))
    alone = calendar.events[invite_uid(single.practice, single.id), ""]
    assert alone["STATUS"] == "CANCELLED"
