"""A real SMTP server on loopback, and an outbox in memory for the worker to empty."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from oasys_sched.adapters.email import Security, SmtpServer
from oasys_sched.adapters.mailbox import Contact, Mailbox
from oasys_sched.aggregates import Key
from oasys_sched.errors import OutcomeUnknown
from oasys_sched.ports import AuditEntry, Commit, Delivery, OutboxRow, Snapshot, Wanted

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENDER = Mailbox(address="desk@clinic.example", name="North Practice")
CLIENT = Contact(mailbox=Mailbox(address="client@mail.example"), zone="America/Phoenix")


def row(template: str = "appointment_created", id: str = "row-1", **changes: Any) -> OutboxRow:
    fields: dict[str, Any] = {
        "practice": "north",
        "aggregate": Key("appointment", "a-1"),
        "seq": 1,
        "recipient": "c-1",
        "due": NOW,
        "fields": {
            "starts_at": "2026-03-05T20:00:00+00:00",
            "mode": "telehealth",
            "video_link": "https://video.example/r/abc",
            "invite": {"minutes": 50, "zone": "America/New_York"},
        },
    }
    return OutboxRow(id=id, template=template, **{**fields, **changes})


class Inbox:
    """Keeps what it accepts; answers as a test has planned."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.refusals: list[str] = []
        self.refuse_recipient: str | None = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if self.refuse_recipient is not None:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"

    @property
    def mails(self) -> list[EmailMessage]:
        found = []
        for raw in self.raw:
            mail = message_from_bytes(raw, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found.append(mail)
        return found


class AnyPort(Controller):
    """A controller that lets the system choose the port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp(inbox: Inbox, **options: Any) -> Iterator[SmtpServer]:
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=controller.port, security=Security.PLAIN, timeout=10)
    finally:
        controller.stop()


class Outbox:
    """The outbox half of a repository: leases, attempts, endings; `crash_at` breaks that settlement."""

    def __init__(self, rows: Iterable[OutboxRow], crash_at: int | None = None) -> None:
        self.rows = {one.id: one for one in rows}
        self.leases: dict[str, datetime] = {}
        self.endings: dict[str, list[Delivery]] = {one: [] for one in self.rows}
        self.settled = 0
        self.crash_at = crash_at

    def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        over = {Delivery.SENT, Delivery.PARKED, Delivery.EXPIRED, Delivery.SKIPPED}
        due = [
            one
            for one in self.rows.values()
            if one.practice == practice
            and one.due <= now
            and not over & set(self.endings[one.id])
            and self.leases.get(one.id, now) <= now
        ][:limit]
        self.leases.update({one.id: now + lease for one in due})
        return due

    def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        self.settled += 1
        if self.settled == self.crash_at:
            raise OutcomeUnknown("the connection broke")
        self.endings[row_id].append(delivery)
        if delivery is Delivery.FAILED:
            found = self.rows[row_id]
            self.rows[row_id] = replace(found, attempts=found.attempts + 1, due=now + timedelta(minutes=1))
            self.leases.pop(row_id)

    def load(self, wanted: Wanted, /) -> Snapshot:
        raise NotImplementedError

    def commit(self, commit: Commit, /) -> None:
        raise NotImplementedError

    def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        raise NotImplementedError


class AsyncOutbox:
    """`Outbox`, awaited."""

    def __init__(self, inner: Outbox) -> None:
        self.inner = inner

    async def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        return self.inner.claim(practice, now=now, limit=limit, lease=lease)

    async def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        self.inner.settle(practice, row_id, delivery, now=now)

    async def load(self, wanted: Wanted, /) -> Snapshot:
        raise NotImplementedError

    async def commit(self, commit: Commit, /) -> None:
        raise NotImplementedError

    async def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        raise NotImplementedError
