"""What only time decides, and what is judged again when it goes out."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import AsyncMemoryRepository, MemoryRepository
from oasys_sched.aggregates import Key
from oasys_sched.aio import AsyncDesk
from oasys_sched.people import Client
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import Commit, Delivery, OutboxRow
from oasys_sched.relay import relay, relay_async
from tests.desk import practice
from tests.desk.practice import ANA, BEN, DANA, MONDAY, NORTH, SYSTEM, Inbox, client, schedule

Opened = Callable[..., Any]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def booked(desk: Any, actor: sched.Actor = ANA, **given: Any) -> Any:
    asked = {"service": "therapy-50", "mode": "telehealth", "starts_at": MONDAY} | given
    return desk.acting_as(actor).book(**asked).or_raise().value


def reminders(inbox: Inbox) -> list[str]:
    return [row.fields["key"].split("/")[2] for row in inbox.rows if row.template == "reminder"]


def at(desk: Any, clock: Any, moment: Any) -> Any:
    clock.now = moment
    return desk.deliver(NORTH)


def test_s96_reminders_go_out_when_they_are_due_and_once(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    booked(desk)

    assert at(desk, clock, MONDAY - DAY) == {Delivery.SENT: 1}
    assert at(desk, clock, MONDAY - 3 * HOUR) == {}
    assert at(desk, clock, MONDAY - 2 * HOUR) == {Delivery.SENT: 1}
    assert reminders(inbox) == ["PT24H", "PT2H"]


def test_a29_settings_are_read_again_when_a_reminder_goes(opened: Opened) -> None:
    """Off since, opted out since, or no such offset any more: it does not go (S95, B11)."""
    for change in (
        schedule(revision=2, reminders=ReminderPolicy(enabled=False)),
        schedule(revision=2, reminders=ReminderPolicy(enabled=True, offsets=(sched.Period.parse("PT2H"),))),
        client("ana", revision=2, reminders_opted_out=("email",)),
        client("ana", revision=2, email=None),
    ):
        inbox = Inbox()
        desk, clock, repository = practice.opened(notifier=inbox)
        booked(desk)
        repository.commit(Commit(practice=NORTH, changes=(change,)))

        assert at(desk, clock, MONDAY - DAY) == {Delivery.SKIPPED: 1}
        assert reminders(inbox) == []


def test_a29_a_late_worker_sends_until_the_next_is_due_and_never_after_the_start(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    booked(desk)

    assert at(desk, clock, MONDAY - 3 * HOUR) == {Delivery.SENT: 1}
    assert at(desk, clock, MONDAY) == {Delivery.EXPIRED: 1}
    assert reminders(inbox) == ["PT24H"]


def test_a29_a_reminder_that_expired_by_a_new_offset_does_not_go() -> None:
    """The row was planned before there was a later one; now that one is due."""
    inbox = Inbox()
    only = ReminderPolicy(enabled=True, offsets=(sched.Period.parse("PT24H"),))
    desk, clock, repository = practice.opened(notifier=inbox, plan=schedule(reminders=only))
    booked(desk)
    repository.commit(Commit(practice=NORTH, changes=(schedule(revision=2),)))

    assert at(desk, clock, MONDAY - HOUR) == {Delivery.EXPIRED: 1}


def test_a30_reminders_go_on_while_a_cancellation_is_asked_for(opened: Opened) -> None:
    inbox = Inbox()
    rules = sched.CancellationPolicy(require_approval=True)
    desk, clock, _ = opened(notifier=inbox, plan=schedule(cancellation=rules))
    mine = booked(desk)
    desk.acting_as(ANA).client_cancel(mine.id).or_raise()

    assert at(desk, clock, MONDAY - DAY) == {Delivery.SENT: 1}


@pytest.mark.parametrize("answered", ["", "withdraw", "decline"])
def test_a30_reminders_go_on_while_a_late_cancellation_is_asked_for_and_after(opened: Opened, answered: str) -> None:
    """The fee that waits for a decision is written on the appointment; its reminders stay."""
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    mine = booked(desk)
    clock.now = MONDAY - 20 * HOUR
    request = desk.acting_as(ANA).client_cancel(mine.id).or_raise().value
    if answered == "withdraw":
        desk.acting_as(ANA).withdraw_request(request.id).or_raise()
    if answered == "decline":
        desk.acting_as(DANA).decline_request(request.id).or_raise()

    assert at(desk, clock, MONDAY - 2 * HOUR) == {Delivery.SENT: 1}
    assert reminders(inbox)[-1] == "PT2H"


def test_a27_what_does_not_move_an_appointment_leaves_its_reminders(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    mine, dana = booked(desk), desk.acting_as(DANA)
    dana.edit(mine.id, price=sched.Money.of("90", "USD")).or_raise()
    dana.edit(mine.id, mode="in_person").or_raise()

    assert at(desk, clock, MONDAY - DAY) == {Delivery.SENT: 1}
    dana.edit(mine.id, price=sched.Money.of("80", "USD")).or_raise()
    assert at(desk, clock, MONDAY - 2 * HOUR) == {Delivery.SENT: 1}
    assert [row.fields["mode"] for row in inbox.rows if row.template == "reminder"] == ["in_person"] * 2


def test_a29_a_reminder_that_is_due_goes_though_its_appointment_is_edited_first(opened: Opened) -> None:
    """The worker is late, and the new price comes before it."""
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    mine = booked(desk)
    clock.now = MONDAY - DAY + HOUR
    desk.acting_as(DANA).edit(mine.id, price=sched.Money.of("90", "USD")).or_raise()
    at(desk, clock, MONDAY - DAY + 2 * HOUR)

    assert reminders(inbox) == ["PT24H"]


def test_a27_an_appointment_that_moves_back_has_its_reminders_again(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    mine, dana = booked(desk), desk.acting_as(DANA)
    dana.reschedule(mine.id, to=MONDAY + DAY).or_raise()
    dana.reschedule(mine.id, to=MONDAY).or_raise()

    assert at(desk, clock, MONDAY - DAY) == {Delivery.SENT: 1}
    assert at(desk, clock, MONDAY - 2 * HOUR) == {Delivery.SENT: 1}
    assert reminders(inbox) == ["PT24H", "PT2H"]


def test_a28_a_moment_already_past_at_booking_is_never_made_up_for(opened: Opened) -> None:
    inbox = Inbox()
    now = MONDAY - 20 * HOUR
    desk, clock, _ = opened(notifier=inbox, now=now, plan=schedule(booking=sched.BookingPolicy()))
    booked(desk)

    assert at(desk, clock, MONDAY - 2 * HOUR) == {Delivery.SENT: 1}
    assert reminders(inbox) == ["PT2H"]


def test_o3_everything_goes_to_the_guardian_of_a_child(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, repository = opened(notifier=inbox)
    kim: Client = client("kim", guardian="mum", guardian_email="mum@example.org", email="kim@example.org")
    repository.commit(Commit(practice=NORTH, changes=(kim,)))
    mum = sched.Actor.guardian("mum", practice=NORTH)

    mine = booked(desk, mum, client="kim")
    desk.acting_as(DANA).reschedule(mine.id, to=MONDAY + DAY).or_raise()
    at(desk, clock, MONDAY)
    desk.acting_as(DANA).cancel(mine.id, reason="clinician_illness").or_raise()

    assert inbox.templates("kim") == []
    assert inbox.templates("mum") == [
        "appointment_booked", "appointment_rescheduled", "reminder", "appointment_cancelled",
    ]  # fmt: skip
    assert {row.role for row in inbox.rows if row.recipient == "mum"} == {"guardian"}
    foreign = desk.acting_as(sched.Actor.guardian("another", practice=NORTH)).client_cancel(mine.id)
    assert foreign.code is sched.Code.NOT_FOUND


def test_a_reminder_of_what_is_gone_is_skipped_and_other_rows_are_not_judged() -> None:
    repository = MemoryRepository(clock=lambda: MONDAY)
    lost = {"practice": NORTH, "aggregate": Key("appointment", "x"), "seq": 1, "recipient": "ana", "due": MONDAY}
    about = {"key": "x", "starts_at": MONDAY.isoformat()}
    plain = OutboxRow(id="plain", template="reminder", **lost)
    orphan = OutboxRow(id="orphan", template="reminder", fields=about, **(lost | {"recipient": "ben"}))
    repository.commit(Commit(practice=NORTH, outbox=(plain, orphan)))

    assert relay(repository, Inbox(), NORTH, now=MONDAY) == {Delivery.SENT: 1, Delivery.SKIPPED: 1}

    desk, clock, filled = practice.opened()
    mine = booked(desk)
    alone = MemoryRepository(clock=clock)
    (first, *_) = [row for row, _ in filled.outbox(NORTH) if row.template == "reminder"]
    alone.commit(Commit(practice=NORTH, changes=(mine,), outbox=(first,)))
    assert relay(alone, Inbox(), NORTH, now=first.due) == {Delivery.SKIPPED: 1}


def test_the_async_worker_judges_and_sweeps_alike() -> None:
    class Post:
        rows: list[OutboxRow] = []

        async def deliver(self, row: OutboxRow, /) -> None:
            self.rows.append(row)

    _, clock, repository = practice.opened(plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    desk = AsyncDesk(AsyncMemoryRepository(repository), notifier=Post(), clock=clock)

    async def story() -> list[Any]:
        pending = (await desk.acting_as(ANA).book(service="therapy-50", mode="phone", starts_at=MONDAY)).code
        asked = await desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
        approved = await desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY + 2 * HOUR)
        await desk.acting_as(DANA).approve(approved.or_raise().value.id)
        repository.commit(Commit(practice=NORTH, changes=(client("ben", revision=2, email=None),)))
        clock.now = MONDAY
        sent = [await desk.deliver(NORTH), await desk.deliver(NORTH)]
        swept = await desk.acting_as(SYSTEM).sweep()
        lost = OutboxRow(
            practice=NORTH, id="o", template="reminder", aggregate=Key("appointment", "x"), seq=1, recipient="z",
            due=MONDAY, fields={"key": "x"},
        )  # fmt: skip
        repository.commit(Commit(practice=NORTH, outbox=(lost,)))
        orphan = await relay_async(desk.repository, Post(), NORTH, now=MONDAY)
        return [pending, sent, swept.or_raise().value == (asked.or_raise().value.id,), orphan]

    assert asyncio.run(story()) == [
        "mode_not_supported", [{Delivery.EXPIRED: 1}, {Delivery.SKIPPED: 1}], True, {Delivery.SKIPPED: 1},
    ]  # fmt: skip


def test_a_desk_without_a_notifier_delivers_nothing(opened: Opened) -> None:
    desk, _, _ = opened()
    with pytest.raises(sched.InvalidValue, match="notifier"):
        desk.deliver(NORTH)


def test_a9_whatever_nobody_answered_lapses_in_one_sweep(opened: Opened) -> None:
    inbox = Inbox()
    desk, clock, _ = opened(notifier=inbox)
    ana, dana, system = desk.acting_as(ANA), desk.acting_as(DANA), desk.acting_as(SYSTEM)
    mine = booked(desk)
    asked = ana.request_reschedule(mine.id, to=MONDAY + DAY).or_raise().value
    entry = desk.acting_as(BEN).join_waitlist(service="therapy-50", mode=sched.Mode.TELEHEALTH).or_raise().value
    dana.offer_freed_slot(
        service="therapy-50", mode=sched.Mode.TELEHEALTH, starts_at=MONDAY + 2 * DAY, expires_at=MONDAY
    ).or_raise()

    early = system.sweep().or_raise().value
    clock.now = MONDAY
    lapsed = system.sweep().or_raise().value

    assert early == ()
    assert set(lapsed) == {asked.id, entry.id}
    assert system.sweep().or_raise().value == ()
    assert dana.sweep().code is sched.Code.FORBIDDEN
    assert inbox.templates("ana")[-1] == "request_expired"
    assert inbox.templates("ben")[-1] == "waitlist_offer_closed"


def test_a9_an_approval_that_never_came_lapses_and_frees_the_slot(opened: Opened) -> None:
    desk, clock, _ = opened(plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    pending = booked(desk)
    clock.now = MONDAY

    assert desk.acting_as(SYSTEM).sweep().or_raise().value == (pending.id,)
    view = desk.acting_as(DANA).agenda(sched.Span(MONDAY, MONDAY + DAY)).or_raise().value
    assert [(row.status, row.cancellation.reason) for row in view] == [("cancelled", "expired")]


class Interrupted:
    """A storage before which somebody else is faster, once or always."""

    def __init__(self, repository: Any, before: Callable[[], object], times: int = 1) -> None:
        self.wrapped, self.before, self.times = repository, before, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def commit(self, commit: Commit, /) -> None:
        if self.times:
            self.times -= 1
            self.before()
        self.wrapped.commit(commit)


def test_s18_who_loses_a_race_for_a_slot_is_told_so_and_shown_others(opened: Opened) -> None:
    desk, clock, repository = opened()
    raced = Interrupted(repository, lambda: booked(desk, BEN))
    slow = sched.Desk(raced, clock=clock, pause=lambda _: None)

    answer = slow.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)

    assert answer.code is sched.Code.SLOT_UNAVAILABLE
    others = answer.refusals[0].details["others"]
    assert len(others) == 3
    assert booked(desk, starts_at=datetime.fromisoformat(others[0])).status == "upcoming"


def test_a_change_that_does_not_matter_is_decided_again_and_wins(opened: Opened) -> None:
    desk, clock, repository = opened()
    raced = Interrupted(repository, lambda: booked(desk, BEN, starts_at=MONDAY + HOUR))
    slow = sched.Desk(raced, clock=clock, pause=lambda _: None)

    assert booked(slow).status == "upcoming"


def test_who_is_always_too_slow_is_told_to_try_again(opened: Opened) -> None:
    desk, clock, repository = opened()

    def fail() -> None:
        raise sched.StaleWrite("somebody was faster")

    pauses: list[float] = []
    slow = sched.Desk(Interrupted(repository, fail, times=99), clock=clock, pause=pauses.append)

    with pytest.raises(sched.StaleWrite, match="try again"):
        booked(slow)
    assert len(pauses) == 5
    assert desk.acting_as(DANA).agenda(sched.Span(MONDAY, MONDAY + DAY)).or_raise().value == ()


def test_a_sweep_leaves_what_somebody_else_is_changing_for_the_next_round(opened: Opened) -> None:
    desk, clock, repository = opened(plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    pending = booked(desk)
    clock.now = MONDAY

    def fail() -> None:
        raise sched.StaleWrite("somebody was faster")

    slow = sched.Desk(Interrupted(repository, fail, times=5), clock=clock, pause=lambda _: None)
    assert slow.acting_as(SYSTEM).sweep().or_raise().value == ()

    declining = Interrupted(repository, lambda: desk.acting_as(DANA).decline(pending.id))
    late = sched.Desk(declining, clock=clock, pause=lambda _: None)
    assert late.acting_as(SYSTEM).sweep().or_raise().value == ()
    assert late.acting_as(SYSTEM).sweep().or_raise().value == ()
