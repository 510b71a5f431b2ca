"""Mail over SMTP, awaited: `AsyncNotifier` by aiosmtplib (extra `email-async`; invites: extra `ical`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol, final

from oasys_sched.adapters.email import Acknowledged, MailRoom, Security, SmtpServer, refused, system_clock
from oasys_sched.adapters.mail_templates import MailTemplates
from oasys_sched.adapters.mailbox import Contacts, Mailbox
from oasys_sched.errors import DeliveryFailed, MissingExtra
from oasys_sched.ports import OutboxRow

try:
    import aiosmtplib
except ImportError:
    raise MissingExtra("aiosmtplib", "email-async") from None

__all__ = ["AsyncEmailNotifier", "AsyncMailTransport", "AsyncSmtpTransport"]


class AsyncMailTransport(Protocol):
    """`MailTransport`, awaited."""

    async def send(self, message: EmailMessage, /, *, sender: str, recipient: str) -> None:
        """Hand over."""
        ...


@final
class AsyncSmtpTransport:
    """`AsyncMailTransport` over aiosmtplib, a connection a message."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, message: EmailMessage, /, *, sender: str, recipient: str) -> None:
        """Hand one mail over.

        Raises:
            DeliveryFailed: it was not acknowledged; `permanent` when the server refused this mail for good.
        """
        server = self._server
        connection = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.timeout,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=server.tls if server.security is not Security.PLAIN else None,
        )
        try:
            await connection.connect()
            if server.user is not None:
                await connection.login(server.user, server.password or "")
            await connection.send_message(message, sender=sender, recipients=[recipient])
        except aiosmtplib.SMTPAuthenticationError:
            raise DeliveryFailed("the mail server refused our login") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise refused(*(one.code for one in error.recipients)) from None
        except aiosmtplib.SMTPResponseException as error:
            raise refused(error.code) from None
        except (OSError, aiosmtplib.SMTPException):
            raise DeliveryFailed("the mail server could not be reached") from None
        finally:
            with suppress(OSError, aiosmtplib.SMTPException):
                await connection.quit()


@final
class AsyncEmailNotifier:
    """`AsyncNotifier` by mail; as `EmailNotifier`. `contacts` is called without waiting: look-ups belong in memory."""

    def __init__(
        self,
        transport: AsyncMailTransport,
        *,
        sender: Mailbox,
        contacts: Contacts,
        templates: MailTemplates | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._transport = transport
        self._room = MailRoom(sender, contacts, templates, clock)
        self._acknowledged = Acknowledged()

    async def deliver(self, row: OutboxRow, /) -> None:
        """Send one row's mail; returning means acknowledged.

        Raises:
            DeliveryFailed: not acknowledged; `permanent` when trying again is pointless.
        """
        if row in self._acknowledged:
            return
        message, address = self._room.mail(row)
        await self._transport.send(message, sender=self._room.sender.address, recipient=address)
        self._acknowledged.add(row)
