"""The worker: nothing lost, nothing sent twice after an acknowledged and settled send, bad rows parked."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from oasys_sched import DeliveryFailed, OutcomeUnknown
from oasys_sched.adapters.email import Acknowledged, EmailNotifier, SmtpServer, SmtpTransport
from oasys_sched.adapters.email_async import AsyncEmailNotifier, AsyncSmtpTransport
from oasys_sched.ports import Delivery, OutboxRow
from oasys_sched.relay import RelayRules, relay, relay_async
from tests.adapters.post_office import CLIENT, NOW, SENDER, AsyncOutbox, Inbox, Outbox, row, smtp

MINUTE = timedelta(minutes=1)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[SmtpServer]:
    with smtp(inbox) as running:
        yield running


def notifier(server: SmtpServer) -> EmailNotifier:
    return EmailNotifier(SmtpTransport(server), sender=SENDER, contacts=lambda _row: CLIENT, clock=lambda: NOW)


def test_each_due_row_is_sent_once(inbox: Inbox, server: SmtpServer) -> None:
    outbox = Outbox([row(id=f"row-{n}") for n in range(5)] + [row(id="later", due=NOW + MINUTE)])

    assert relay(outbox, notifier(server), "north", now=NOW) == {Delivery.SENT: 5}
    assert relay(outbox, notifier(server), "north", now=NOW) == {}
    assert relay(outbox, notifier(server), "north", now=NOW + MINUTE) == {Delivery.SENT: 1}
    assert len(inbox.raw) == 6


def test_awaited_it_does_the_same(inbox: Inbox, server: SmtpServer) -> None:
    outbox = Outbox([row(), row(id="old", expires_at=NOW), row("reminder", id="bad", channel="sms")])
    made = AsyncEmailNotifier(AsyncSmtpTransport(server), sender=SENDER, contacts=lambda _row: CLIENT)

    ended = asyncio.run(relay_async(AsyncOutbox(outbox), made, "north", now=NOW))

    assert ended == {Delivery.SENT: 1, Delivery.EXPIRED: 1, Delivery.PARKED: 1}
    asyncio.run(made.deliver(row()))
    assert len(inbox.raw) == 1


def test_a_failing_row_is_tried_again_then_parked_and_never_lost(inbox: Inbox, server: SmtpServer) -> None:
    inbox.refusals = ["451 busy"] * 3
    outbox = Outbox([row()])
    rules = RelayRules(park_after=3)

    ended = [relay(outbox, notifier(server), "north", now=NOW + n * MINUTE, rules=rules) for n in range(4)]

    assert ended == [{Delivery.FAILED: 1}, {Delivery.FAILED: 1}, {Delivery.PARKED: 1}, {}]
    assert "row-1" in outbox.rows


def test_a_server_that_recovers_gets_the_mail(inbox: Inbox, server: SmtpServer) -> None:
    inbox.refusals = ["451 busy"]
    outbox = Outbox([row()])

    ended = [relay(outbox, notifier(server), "north", now=NOW + n * MINUTE) for n in range(2)]

    assert ended == [{Delivery.FAILED: 1}, {Delivery.SENT: 1}]
    assert len(inbox.raw) == 1


def test_one_bad_row_does_not_stop_the_others(inbox: Inbox, server: SmtpServer) -> None:
    outbox = Outbox([row(id="bad", channel="sms"), row(id="good")])

    assert relay(outbox, notifier(server), "north", now=NOW) == {Delivery.PARKED: 1, Delivery.SENT: 1}


def test_a_row_no_longer_relevant_or_too_late_does_not_go(inbox: Inbox, server: SmtpServer) -> None:
    outbox = Outbox([row("reminder"), row(id="old", expires_at=NOW)])
    rules = RelayRules(relevant=lambda one: one.template != "reminder")

    assert relay(outbox, notifier(server), "north", now=NOW, rules=rules) == {
        Delivery.SKIPPED: 1,
        Delivery.EXPIRED: 1,
    }
    assert inbox.raw == []


@pytest.mark.parametrize("crash_at", range(1, 6))
def test_a_crash_between_send_and_mark_loses_nothing_and_doubles_at_most_that_one(
    inbox: Inbox, server: SmtpServer, crash_at: int
) -> None:
    outbox = Outbox([row(id=f"row-{n}") for n in range(5)], crash_at=crash_at)

    with pytest.raises(OutcomeUnknown):
        relay(outbox, notifier(server), "north", now=NOW)
    assert relay(outbox, notifier(server), "north", now=NOW) == {}, "the lease still holds"
    relay(outbox, notifier(server), "north", now=NOW + timedelta(minutes=5))

    copies = Counter(str(mail["Message-ID"]) for mail in inbox.mails)
    assert len(copies) == 5
    assert sorted(copies.values()) == [1, 1, 1, 1, 2]
    assert {kind for endings in outbox.endings.values() for kind in endings} == {Delivery.SENT}
    # A receiver that drops the second copy of a Message-ID drops an equal one.
    twice = [raw for raw, mail in zip(inbox.raw, inbox.mails, strict=True) if copies[str(mail["Message-ID"])] == 2]
    assert _without_boundary(twice[0]) == _without_boundary(twice[1])


def _without_boundary(raw: bytes) -> bytes:
    import re

    return re.sub(rb"=+\d+==", b"", raw)


def test_a_process_that_survived_the_failed_mark_does_not_send_again(inbox: Inbox, server: SmtpServer) -> None:
    outbox = Outbox([row()], crash_at=1)
    survivor = notifier(server)

    with pytest.raises(OutcomeUnknown):
        relay(outbox, survivor, "north", now=NOW)
    ended = relay(outbox, survivor, "north", now=NOW + timedelta(minutes=5))

    assert ended == {Delivery.SENT: 1}
    assert len(inbox.raw) == 1


def test_only_the_last_10_000_acknowledged_rows_are_remembered() -> None:
    known = Acknowledged()
    for number in range(10_001):
        known.add(row(id=f"row-{number}"))

    assert row(id="row-0") not in known
    assert row(id="row-1") in known


def test_any_notifier_will_do() -> None:
    class Broken:
        def deliver(self, row: OutboxRow, /) -> None:
            raise DeliveryFailed("no", permanent=True)

    assert relay(Outbox([row()]), Broken(), "north", now=NOW) == {Delivery.PARKED: 1}
