"""Mail over a real SMTP server on loopback, read back; sync and async."""

import asyncio
import ssl
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasys_sched import Code, DeliveryFailed, InvalidValue, MissingExtra
from oasys_sched.adapters.email import EmailNotifier, Security, SmtpServer, SmtpTransport
from oasys_sched.adapters.email_async import AsyncEmailNotifier, AsyncSmtpTransport
from oasys_sched.adapters.mail_templates import MailTemplates
from oasys_sched.adapters.mail_words import ENGLISH
from oasys_sched.adapters.mailbox import Mailbox, stored_contacts
from oasys_sched.aggregates import Key
from oasys_sched.people import Client, Clinician
from oasys_sched.ports import OutboxRow, Snapshot, Wanted
from tests.adapters.post_office import CLIENT, NOW, SENDER, Inbox, row, smtp

Send = Callable[..., None]


def send_sync(server: SmtpServer, one: OutboxRow, **options: Any) -> None:
    made = {"sender": SENDER, "contacts": lambda _row: CLIENT, "clock": lambda: NOW, **options}
    EmailNotifier(SmtpTransport(server), **made).deliver(one)


def send_async(server: SmtpServer, one: OutboxRow, **options: Any) -> None:
    made = {"sender": SENDER, "contacts": lambda _row: CLIENT, "clock": lambda: NOW, **options}
    asyncio.run(AsyncEmailNotifier(AsyncSmtpTransport(server), **made).deliver(one))


both = pytest.mark.parametrize("send", [send_sync, send_async], ids=["sync", "async"])


@both
def test_s7_the_client_gets_a_mail_with_text_html_and_invite(send: Send) -> None:
    inbox = Inbox()
    with smtp(inbox) as server:
        send(server, row())

    (mail,) = inbox.mails
    assert inbox.recipients == [["client@mail.example"]]
    assert str(mail["From"]) == "North Practice <desk@clinic.example>"
    assert str(mail["To"]) == "client@mail.example"
    assert str(mail["Subject"]) == "Your appointment"
    assert mail["Date"].datetime == NOW
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    plain, html, calendar = mail.iter_parts()
    # 15:00 in New York is 13:00 where this client lives.
    assert "When: Thursday, 5 March 2026, 13:00 (America/Phoenix)" in plain.get_content()
    assert "13:00 (America/Phoenix)" in html.get_content()
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    (event,) = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == "2026-03-05T15:00:00-05:00"
    assert event["ATTENDEE"] == "mailto:client@mail.example"


@both
def test_s8_the_video_link_stands_in_the_notice(send: Send) -> None:
    inbox = Inbox()
    with smtp(inbox) as server:
        send(server, row())

    plain, html, _ = inbox.mails[0].iter_parts()
    assert "Join: https://video.example/r/abc" in plain.get_content()
    assert 'href="https://video.example/r/abc"' in html.get_content()
    assert "by video" in plain.get_content()


@both
def test_s8_the_video_links_of_a_series_stand_in_its_notice(send: Send) -> None:
    inbox = Inbox()
    with smtp(inbox) as server:
        send(server, row(fields={"video_links": [["2026-03-05T20:00:00+00:00", "https://video.example/r/abc"]]}))

    plain, html = inbox.mails[0].iter_parts()
    assert "Join (Thursday, 5 March 2026, 13:00 (America/Phoenix)): https://video.example/r/abc" in plain.get_content()
    assert 'href="https://video.example/r/abc"' in html.get_content()


def mail_of(one: OutboxRow, **options: Any) -> Any:
    """The mail a row becomes, as the server received it."""
    inbox = Inbox()
    with smtp(inbox) as server:
        send_sync(server, one, **options)
    return inbox.mails[0]


def test_s30_a_moved_appointment_names_both_times_and_updates_the_invite() -> None:
    fields = {
        "starts_at": "2026-03-06T20:00:00+00:00",
        "old_starts_at": "2026-03-05T20:00:00+00:00",
        "invite": {"minutes": 50, "zone": "America/New_York", "sequence": 1},
    }

    plain, _, calendar = mail_of(row("appointment_rescheduled", fields=fields)).iter_parts()

    assert "When: Friday, 6 March 2026, 13:00" in plain.get_content()
    assert "Before: Thursday, 5 March 2026, 13:00" in plain.get_content()
    assert "SEQUENCE:1" in calendar.get_content()


def test_s32_a_cancelled_appointment_cancels_the_invite() -> None:
    fields = {"starts_at": NOW, "invite": {"minutes": 50, "zone": "UTC", "sequence": 2, "method": "CANCEL"}}

    mail = mail_of(row("appointment_cancelled", fields=fields, immediate=True))

    assert str(mail["Subject"]) == "Your appointment is cancelled"
    *_, calendar = mail.iter_parts()
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert "METHOD:CANCEL" in calendar.get_content()


def test_s33_a_series_goes_out_as_one_mail_with_one_invite() -> None:
    fields = {
        "invite": {
            "id": "s-1",
            "starts_at": "2026-03-05T20:00:00+00:00",
            "minutes": 50,
            "zone": "America/New_York",
            "rule": "FREQ=WEEKLY;UNTIL=20260430T150000",
            "excluded": ["2026-03-12T15:00:00"],
            "recurrence_id": None,
            "split_from": "s-0",
        }
    }

    *_, calendar = mail_of(row("series_created", fields=fields, aggregate=Key("series", "s-1"))).iter_parts()

    (event,) = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]
    assert "EXDATE" in event
    assert "RELATED-TO" in event


def test_s33_one_occurrence_is_cancelled_by_its_recurrence_id() -> None:
    invite = {"id": "s-1", "minutes": 50, "zone": "America/New_York", "method": "CANCEL", "tentative": True}
    fields = {"starts_at": NOW, "invite": {**invite, "recurrence_id": "2026-03-12T15:00:00", "onwards": True}}

    *_, calendar = mail_of(row("series_cancelled", fields=fields)).iter_parts()

    assert "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20260312T150000" in calendar.get_content()


def test_s36_suggested_times_are_listed_in_the_clients_zone() -> None:
    fields = {"times": ["2026-03-06T20:00:00+00:00", "2026-03-07T20:00:00+00:00"], "location": "Room 1\r\nX: 2"}

    mail = mail_of(row("alternatives_suggested", fields=fields))

    plain, html = mail.iter_parts()
    assert plain.get_content().count("Proposed: ") == 2
    assert "Where: Room 1 X: 2" in plain.get_content()
    assert "Saturday, 7 March 2026, 13:00" in html.get_content()


@pytest.mark.parametrize("template", sorted(ENGLISH.texts))
def test_s7_no_message_says_what_the_appointment_is_for(template: str) -> None:
    fields = {**row().fields, "service_name": "Trauma therapy", "reason": "depression", "note": "canary"}

    text = MailTemplates().render(row(template, fields=fields), CLIENT, SENDER)
    raw = text.subject + text.text + text.html

    for clinical in ("Trauma", "depression", "canary"):
        assert clinical not in raw


def test_a_template_without_words_of_its_own_says_that_there_is_news() -> None:
    assert str(mail_of(row("something_new"))["Subject"]) == "About your appointment"


def test_an_app_replaces_templates_and_translates(tmp_path: Any) -> None:
    (tmp_path / "reminder.txt").write_text("Bring {{ fields.bring }}! {{ starts }}")
    german = replace(
        ENGLISH,
        language="de",
        weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        months=("Januar", "Februar", "März", *ENGLISH.months[3:]),
        moment="{weekday}, {day}. {month} {year}, {time} Uhr",
        texts={"notice": ("Ihr Termin", "Es gibt Neues."), "reminder": ("Erinnerung", "Bald ist Ihr Termin.")},
    )
    templates = MailTemplates(folder=tmp_path, texts={"de/reminder.html": "<b>{{ fields.bring }}</b>"}, words=(german,))
    contact = replace(CLIENT, language="de", zone="Europe/Berlin")
    fields = {"starts_at": NOW, "bring": "<i>tea</i>"}

    mail = mail_of(row("reminder", fields=fields), templates=templates, contacts=lambda _row: contact)

    plain, html = mail.iter_parts()
    assert str(mail["Subject"]) == "Erinnerung"
    assert plain.get_content().strip() == "Bring <i>tea</i>! Sonntag, 1. März 2026, 13:00 Uhr"
    assert html.get_content().strip() == "<b>&lt;i&gt;tea&lt;/i&gt;</b>"


def test_an_unknown_language_is_written_in_the_first_one() -> None:
    mail = mail_of(row("reminder"), contacts=lambda _row: replace(CLIENT, language="tlh"))

    assert str(mail["Subject"]) == "Reminder of your appointment"


def test_templates_need_a_language() -> None:
    with pytest.raises(InvalidValue) as caught:
        MailTemplates(words=())

    assert caught.value.field == "words"


def test_a_broken_template_of_the_app_is_tried_again_later_and_quotes_nothing() -> None:
    templates = MailTemplates(texts={"reminder.txt": "{{ missing.secret }}"})

    with pytest.raises(DeliveryFailed, match="template of this message") as caught:
        send_sync(SmtpServer(host="127.0.0.1", port=1), row("reminder"), templates=templates)

    assert not caught.value.permanent


HOSTILE = st.text(
    st.one_of(st.sampled_from(list("\r\n\x0b\x0c\x1c\x85\u2028\u2029\x00\t<>\"';:,\\")), st.characters(codec="utf-8")),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_names_places_and_subjects_add_no_header_and_no_markup(name: str, place: str, subject: str) -> None:
    from oasys_sched.adapters.mail_message import compose, invites_of

    sender = Mailbox(address="desk@clinic.example", name="N" + name)
    one = row(fields={**row().fields, "location": place})
    templates = MailTemplates(texts={"appointment_created.subject.txt": "{{ fields.subject }}"})
    one = replace(one, fields={**one.fields, "subject": "S" + subject})
    text = templates.render(one, CLIENT, sender)
    message = compose(one, text, CLIENT, sender, now=NOW, invites=invites_of(one, CLIENT, sender))

    raw = message.as_bytes()

    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert names == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert "<script" not in text.html
    assert sum(part.get_content_type() == "text/calendar" for part in message.walk()) == 1


def test_html_of_hostile_fields_is_escaped() -> None:
    fields = {"location": "<script>alert(1)</script>"}

    text = MailTemplates().render(row(fields=fields), CLIENT, SENDER)

    assert "&lt;script&gt;" in text.html


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": 7}, "starts_at"),
        ({"starts_at": "2026-03-05T20:00:00"}, "starts_at"),
        ({"times": "all"}, "times"),
        ({"times": [NOW] * 21}, "times"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
        ({"video_links": "all"}, "video_links"),
        ({"video_links": ["xy"]}, "video_links"),
        ({"video_links": [[NOW]]}, "video_links"),
        ({"video_links": [["soon", "https://video.example/r/abc"]]}, "video_links"),
        ({"video_links": [[NOW, "javascript:alert(1)"]]}, "video_links"),
        ({"invite": []}, "invite"),
        ({"also": "all"}, "also"),
        ({"also": [{}] * 11}, "also"),
        ({"starts_at": NOW, "also": [{"zone": "UTC"}]}, "also"),
        ({"also": [{"zone": "UTC", "minutes": 50}]}, "also.starts_at"),
        ({"starts_at": NOW, "invite": {"zone": "UTC"}}, "invite"),
        ({"starts_at": NOW, "invite": {"minutes": 50, "zone": "Mars"}}, "invite.zone"),
        ({"starts_at": NOW, "invite": {"minutes": 50, "zone": "UTC", "method": "PUBLISH"}}, "invite"),
        ({"starts_at": NOW, "invite": {"minutes": 10**20, "zone": "UTC"}}, "invite"),
        ({"invite": {"minutes": 50, "zone": "UTC"}}, "invite.starts_at"),
    ],
)
def test_a_row_that_makes_no_mail_is_parked_and_names_the_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        send_sync(SmtpServer(host="127.0.0.1", port=1), row(fields=fields))

    assert caught.value.permanent
    assert f"({field}:" in str(caught.value)


@pytest.mark.parametrize(
    ("one", "contacts"), [(row(channel="sms"), lambda _row: CLIENT), (row(), lambda _row: None)], ids=["sms", "nobody"]
)
def test_a_row_for_another_channel_or_for_nobody_is_parked(one: OutboxRow, contacts: Any) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        send_sync(SmtpServer(host="127.0.0.1", port=1), one, contacts=contacts)

    assert caught.value.permanent
    assert caught.value.code is Code.DELIVERY_FAILED


@both
@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("451 busy", False), ("554 client@mail.example is spam", True)],
)
def test_a_refused_mail_is_tried_again_unless_refused_for_good(send: Send, answer: str, permanent: bool) -> None:
    inbox = Inbox()
    inbox.refusals = [answer]
    with smtp(inbox) as server, pytest.raises(DeliveryFailed) as caught:
        send(server, row())

    assert caught.value.permanent is permanent
    assert "client@" not in str(caught.value)
    assert caught.value.__cause__ is None


@both
@pytest.mark.parametrize(("answer", "permanent"), [("450 later", False), ("550 nobody here", True)])
def test_a_refused_recipient_likewise(send: Send, answer: str, permanent: bool) -> None:
    inbox = Inbox()
    inbox.refuse_recipient = answer
    with smtp(inbox) as server, pytest.raises(DeliveryFailed) as caught:
        send(server, row())

    assert caught.value.permanent is permanent


@both
def test_a_server_that_cannot_be_reached_is_tried_again(send: Send) -> None:
    for security in Security:
        with pytest.raises(DeliveryFailed) as caught:
            send(SmtpServer(host="127.0.0.1", port=1, security=security, timeout=2), row())

        assert not caught.value.permanent


@both
def test_a_server_without_starttls_gets_no_mail(send: Send) -> None:
    inbox = Inbox()
    with smtp(inbox) as server, pytest.raises(DeliveryFailed):
        send(replace(server, security=Security.STARTTLS), row())

    assert inbox.raw == []


@both
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server does not see implicit TLS
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_protected_connection_with_a_login_delivers(send: Send, security: Security, certificate: Any) -> None:
    server_side, client_side = certificate
    inbox = Inbox()

    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=data.password == b"right", handled=False)

    options: dict[str, Any] = {"authenticator": login, "auth_required": True, "auth_require_tls": False}
    options |= {"tls_context": server_side} if security is Security.STARTTLS else {"ssl_context": server_side}
    with smtp(inbox, **options) as server:
        server = replace(server, security=security, tls=client_side, user="desk", password="right")
        send(server, row())
        with pytest.raises(DeliveryFailed, match="login") as caught:
            send(replace(server, password="wrong"), row(id="row-2"))

    assert len(inbox.raw) == 1
    assert not caught.value.permanent
    assert "right" not in repr(server)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1, made for this run, and a client that trusts it."""
    import subprocess

    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server_side, ssl.create_default_context(cafile=str(folder / "cert.pem"))


def test_a_password_never_travels_in_the_clear() -> None:
    with pytest.raises(InvalidValue) as caught:
        SmtpServer(host="127.0.0.1", security=Security.PLAIN, user="desk", password="secret")

    assert caught.value.field == "security"


class Shelf:
    """A repository that knows three people."""

    PEOPLE = (
        Client(practice="north", id="c-1", email="adult@mail.example", zone="America/Phoenix"),
        Client(
            practice="north", id="c-2", guardian="g-1", email="child@mail.example", guardian_email="parent@mail.example"
        ),
        Client(practice="north", id="c-3"),
        Clinician(practice="north", id="ada", zone="America/New_York", email="ada@clinic.example"),
    )

    def load(self, wanted: Wanted, /) -> Snapshot:
        (query,) = wanted.queries
        ids = query.ids or ()
        return Snapshot(
            aggregates=tuple(
                one
                for one in self.PEOPLE
                if one.kind == query.kind and (one.id in ids or (query.parent and one.index.parent == query.parent))
            )
        )


@pytest.mark.parametrize(
    ("recipient", "role", "address", "zone"),
    [
        ("c-1", "client", "adult@mail.example", "America/Phoenix"),
        ("c-2", "client", "parent@mail.example", "UTC"),
        ("g-1", "guardian", "parent@mail.example", "UTC"),
        ("ada", "clinician", "ada@clinic.example", "America/New_York"),
    ],
)
def test_o3_a_childs_messages_go_to_the_guardian(recipient: str, role: str, address: str, zone: str) -> None:
    contact = stored_contacts(Shelf(), zone="UTC")(row(recipient=recipient, role=role))  # type: ignore[arg-type]

    assert contact is not None
    assert (contact.mailbox.address, contact.zone) == (address, zone)


@pytest.mark.parametrize("recipient", ["c-3", "nobody"])
def test_s7_somebody_without_an_address_has_no_contact(recipient: str) -> None:
    assert stored_contacts(Shelf(), zone="UTC")(row(recipient=recipient)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("missing", "module", "extra"),
    [("jinja2", "mail_templates", "email"), ("aiosmtplib", "email_async", "email-async")],
)
def test_without_its_package_the_error_names_the_extra(
    missing: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, f"oasys_sched.adapters.{module}")

    with pytest.raises(MissingExtra, match=rf"oasys-sched\[{extra}\]"):
        import_module(f"oasys_sched.adapters.{module}")


def test_the_systems_clock_dates_a_mail_by_default() -> None:
    inbox = Inbox()
    with smtp(inbox) as server:
        EmailNotifier(SmtpTransport(server), sender=SENDER, contacts=lambda _row: CLIENT).deliver(row())

    assert inbox.mails[0]["Date"].datetime.year >= 2026
