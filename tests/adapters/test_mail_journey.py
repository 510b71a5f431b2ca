"""From the desk over a real SMTP server into the client's calendar, and the client's answer back to the desk."""

from datetime import UTC, timedelta
from email import message_from_bytes, policy

import icalendar
import pytest

import oasys_sched as sched
from oasys_sched.adapters.email import EmailNotifier, SmtpTransport
from oasys_sched.adapters.itip import AnswerKind, InviteAnswer, answered, find_answer, read_answer
from oasys_sched.adapters.mailbox import stored_contacts
from oasys_sched.booking.appointment import Appointment
from tests.adapters.post_office import SENDER, Inbox, smtp
from tests.adapters.test_series_mail import ClientsCalendar
from tests.desk.practice import ANA, DANA, MONDAY, opened


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def to_client(inbox: Inbox) -> ClientsCalendar:
    """The client's calendar after every mail that reached the client."""
    calendar = ClientsCalendar()
    for raw, recipients in zip(inbox.raw, inbox.recipients, strict=True):
        if recipients == ["ana@example.org"]:
            calendar.send(message_from_bytes(raw, policy=policy.default), sender="", recipient="")
    return calendar


def test_s7_s30_s32_s34_the_whole_life_of_an_appointment_by_mail(inbox: Inbox) -> None:
    with smtp(inbox) as server:
        desk, clock, repository = opened()
        desk.notifier = EmailNotifier(
            SmtpTransport(server), sender=SENDER, contacts=stored_contacts(repository, zone="UTC"), clock=clock
        )
        clinician, client = desk.acting_as(DANA), desk.acting_as(ANA)

        made = (
            clinician.create(client="ana", service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value
        )
        assert to_client(inbox).shows() == {made.span}

        # The client's calendar program proposes another time; the desk hears a request to reschedule.
        (event,) = to_client(inbox).events.values()
        proposed = MONDAY + timedelta(days=1)
        answer = read_answer(counter(event, proposed, made.duration), zone="America/New_York")
        meant = answered(answer, [made])
        assert meant is made
        assert answer.proposed is not None
        request = client.request_reschedule(meant.id, to=answer.proposed.start, text=answer.comment).or_raise().value
        assert to_client(inbox).shows() == {made.span}, "the appointment is unchanged meanwhile"

        moved = clinician.approve_request(request.id).or_raise().value
        assert to_client(inbox).shows() == {sched.Span(proposed, proposed + made.duration)}
        assert answered(answer, [moved]) is None, "an answer to the old version"

        clinician.cancel(moved.id, reason="clinician_illness").or_raise()
        assert to_client(inbox).shows() == set()

    subjects = [str(mail["Subject"]) for mail in to_client(inbox).mails]
    assert subjects == ["Your appointment", "Your appointment has moved", "Your appointment is cancelled"]
    everything = b"".join(inbox.raw) + b"".join(
        part.get_payload(decode=True) for mail in inbox.mails for part in mail.walk() if not part.is_multipart()
    )
    assert b"Individual therapy" not in everything
    assert b"illness" not in everything


def counter(event: icalendar.Event, start: object, duration: timedelta) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("METHOD", "COUNTER")
    proposal = icalendar.Event()
    proposal.add("UID", event["UID"])
    proposal.add("SEQUENCE", event["SEQUENCE"])
    proposal.add("DTSTART", start.astimezone(UTC))  # type: ignore[attr-defined]
    proposal.add("DTEND", (start + duration).astimezone(UTC))  # type: ignore[operator]
    proposal.add("ATTENDEE", event["ATTENDEE"])
    calendar.add_component(proposal)
    raw = b"MIME-Version: 1.0\r\nContent-Type: text/calendar; method=COUNTER\r\n\r\n" + calendar.to_ical()
    found = find_answer(raw)
    assert found is not None
    return found


def test_s34_an_answer_names_the_occurrence_of_a_series() -> None:
    from tests.booking.test_series import SERIES

    third = SERIES[2]
    answer = InviteAnswer(
        kind=AnswerKind.DECLINED,
        uid=sched_uid(third),
        sequence=0,
        recurrence_id=third.starts_at,
    )

    assert answered(answer, SERIES) is third
    assert answered(InviteAnswer(kind=AnswerKind.DECLINED, uid=sched_uid(third), sequence=0), SERIES) is None
    assert answered(InviteAnswer(kind=AnswerKind.DECLINED, uid="another", sequence=0), SERIES) is None


def sched_uid(one: Appointment) -> str:
    from oasys_sched.adapters.uids import invite_uid

    return invite_uid(one.practice, one.series or one.id)
