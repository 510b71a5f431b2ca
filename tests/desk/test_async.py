"""The async desk, in a real event loop."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import AsyncMemoryRepository
from oasys_sched.aio import AsyncDesk
from oasys_sched.ports import OutboxRow, Query, Wanted
from tests.desk.practice import ANA, BEN, DANA, MONDAY, opened, schedule


class Inbox:
    def __init__(self) -> None:
        self.rows: list[OutboxRow] = []

    async def deliver(self, row: OutboxRow, /) -> None:
        self.rows.append(row)


def test_the_async_desk_books_approves_and_delivers() -> None:
    _, clock, repository = opened(plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    inbox = Inbox()
    desk = AsyncDesk(AsyncMemoryRepository(repository), notifier=inbox, clock=clock)

    async def story() -> str:
        booked = await desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
        rival = await desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
        assert isinstance(rival, sched.Refused)
        approved = await desk.acting_as(DANA).approve(booked.or_raise().value.id)
        return approved.or_raise().value.status

    assert asyncio.run(story()) == "upcoming"
    assert [row.template for row in inbox.rows] == ["booking_requested", "booking_approved"]


def test_many_at_once_never_share_a_slot() -> None:
    _, clock, repository = opened()
    desk = AsyncDesk(AsyncMemoryRepository(repository), clock=clock)

    async def rush() -> list[sched.Decision[object]]:
        return await asyncio.gather(
            *(
                desk.acting_as(actor).book(
                    service="therapy-50", mode="telehealth", starts_at=MONDAY + timedelta(hours=hour)
                )
                for hour in range(4)
                for actor in (ANA, BEN)
            )
        )

    won = [row for row in asyncio.run(rush()) if isinstance(row, sched.Accepted)]

    assert len(won) == 4


class Unreachable(AsyncMemoryRepository):
    """Takes commits, and hands out no message."""

    async def claim(self, practice: str, /, **given: Any) -> Any:
        raise sched.PortFailed("the storage is away")


def test_what_could_not_be_announced_is_stored_and_said_to_be() -> None:
    _, clock, repository = opened()
    desk = AsyncDesk(Unreachable(repository), notifier=Inbox(), clock=clock)

    async def book() -> None:
        await desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)

    with pytest.raises(sched.NotifyFailed) as caught:
        asyncio.run(book())
    decision = caught.value.decision
    assert isinstance(decision, sched.Accepted)
    kept = repository.load(Wanted(practice=ANA.practice, queries=(Query(kind="appointment"),)))
    assert kept.aggregates == (decision.value,)
