"""Mail over SMTP: `Notifier` by the standard library (extra `email`; invites: extra `ical`)."""

from __future__ import annotations

import smtplib
import ssl
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from enum import StrEnum, unique
from typing import Final, Protocol, final

from oasys_sched.adapters.mail_message import compose, invites_of
from oasys_sched.adapters.mail_templates import MailTemplates
from oasys_sched.adapters.mailbox import Contacts, Mailbox
from oasys_sched.errors import DeliveryFailed, InvalidValue
from oasys_sched.ports import OutboxRow

__all__ = [
    "Acknowledged",
    "EmailNotifier",
    "MailRoom",
    "MailTransport",
    "Security",
    "SmtpServer",
    "SmtpTransport",
    "refused",
    "system_clock",
]

_REMEMBERED: Final = 10_000


@unique
class Security(StrEnum):
    """How the connection is protected. `plain` is for a relay on the same machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed over. Name and password stay out of `repr`; they never travel over a plain connection.

    Raises:
        InvalidValue: a password with `plain` security.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.security is Security.PLAIN and self.password is not None:
            raise InvalidValue("a password needs STARTTLS or TLS", field="security")


class MailTransport(Protocol):
    """Hands one mail over; returning means that the next server has acknowledged it."""

    def send(self, message: EmailMessage, /, *, sender: str, recipient: str) -> None:
        """Hand over.

        Raises:
            DeliveryFailed: it was not acknowledged.
        """
        ...


@final
class SmtpTransport:
    """`MailTransport` over `smtplib`, a connection a message."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def send(self, message: EmailMessage, /, *, sender: str, recipient: str) -> None:
        """Hand one mail over.

        Raises:
            DeliveryFailed: it was not acknowledged; `permanent` when the server refused this mail for good.
        """
        connection = None
        try:
            connection = self._connect()
            connection.send_message(message, sender, [recipient])
        except smtplib.SMTPAuthenticationError:
            # Our own login is wrong: no fault of this mail, which is worth another try.
            raise DeliveryFailed("the mail server refused our login") from None
        except smtplib.SMTPRecipientsRefused as error:
            raise refused(*(code for code, _text in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise refused(error.smtp_code) from None
        except (OSError, smtplib.SMTPException):
            raise DeliveryFailed("the mail server could not be reached") from None
        finally:
            if connection is not None:
                # The mail is acknowledged or not by now; a broken farewell changes nothing.
                with suppress(OSError, smtplib.SMTPException):
                    connection.quit()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = server.tls or ssl.create_default_context()
        if server.security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=context)
            if server.user is not None:
                connection.login(server.user, server.password or "")
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        return connection


def refused(*codes: int) -> DeliveryFailed:
    """Return the error for a server's refusal; 5xx is for good. The server's words may quote addresses: left out."""
    permanent = bool(codes) and all(500 <= code < 600 for code in codes)
    return DeliveryFailed(f"the mail server answered {min(codes, default=0)}", permanent=permanent)


@final
class Acknowledged:
    """The last rows whose mail was acknowledged, so that a failing settlement does not send them twice."""

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, str], None] = OrderedDict()

    def __contains__(self, row: OutboxRow) -> bool:
        return (row.practice, row.id) in self._ids

    def add(self, row: OutboxRow) -> None:
        """Remember a row; the oldest of 10,000 is forgotten."""
        self._ids[row.practice, row.id] = None
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)


@final
class MailRoom:
    """What both notifiers share: a row's recipient looked up and its mail composed."""

    def __init__(
        self, sender: Mailbox, contacts: Contacts, templates: MailTemplates | None, clock: Callable[[], datetime]
    ) -> None:
        self.sender = sender
        self._contacts = contacts
        self._templates = templates or MailTemplates()
        self._clock = clock

    def mail(self, row: OutboxRow) -> tuple[EmailMessage, str]:
        """Return a row's mail and the address it goes to.

        Raises:
            DeliveryFailed: permanent: another channel, no address, or a row that makes no mail.
        """
        if row.channel != "email":
            raise DeliveryFailed("this notifier delivers mail only", permanent=True)
        try:
            contact = self._contacts(row)
            if contact is None:
                raise DeliveryFailed("the recipient has no mail address", permanent=True)
            text = self._templates.render(row, contact, self.sender)
            invites = invites_of(row, contact, self.sender)
            message = compose(row, text, contact, self.sender, now=self._clock(), invites=invites)
        except InvalidValue as error:
            raise DeliveryFailed(f"this row makes no mail ({error.field}: {error.problem})", permanent=True) from None
        return message, contact.mailbox.address


def system_clock() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@final
class EmailNotifier:
    """`Notifier` by mail. `contacts` finds a row's recipient; `sender` is also the organizer of invites.

    Delivery is at least once: a crash between the server's acknowledgement and the settled row sends the mail again,
    with the same Message-ID. While this object lives, an acknowledged row is never sent twice.
    """

    def __init__(
        self,
        transport: MailTransport,
        *,
        sender: Mailbox,
        contacts: Contacts,
        templates: MailTemplates | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._transport = transport
        self._room = MailRoom(sender, contacts, templates, clock)
        self._acknowledged = Acknowledged()

    def deliver(self, row: OutboxRow, /) -> None:
        """Send one row's mail; returning means acknowledged.

        Raises:
            DeliveryFailed: not acknowledged; `permanent` when trying again is pointless.
        """
        if row in self._acknowledged:
            return
        message, address = self._room.mail(row)
        self._transport.send(message, sender=self._room.sender.address, recipient=address)
        self._acknowledged.add(row)
