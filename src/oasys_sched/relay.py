"""The worker's loop over the outbox: claim, deliver, settle. Nothing is lost, nothing acknowledged goes twice (4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final

from oasys_sched.errors import DeliveryFailed, PortFailed
from oasys_sched.ports import AsyncNotifier, AsyncRepository, Delivery, Notifier, OutboxRow, Repository

__all__ = ["RelayRules", "relay", "relay_async"]

_LEASE: Final = timedelta(minutes=5)


def _always(_row: OutboxRow) -> bool:
    return True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRules:
    """How one round goes: rows a round, how long they are ours, after how many failures one is parked.

    `relevant` is asked just before sending: no reminder for a session that was cancelled meanwhile.
    """

    limit: int = 100
    lease: timedelta = _LEASE
    park_after: int = 8
    relevant: Callable[[OutboxRow], bool] = _always

    def before(self, row: OutboxRow, now: datetime) -> Delivery | None:
        """Return why a row must not go, or None."""
        if row.expires_at is not None and now >= row.expires_at:
            return Delivery.EXPIRED
        return None if self.relevant(row) else Delivery.SKIPPED

    def after(self, row: OutboxRow, error: PortFailed) -> Delivery:
        """Return what becomes of a row that could not be handed over: tried again later, or parked for a person."""
        permanent = isinstance(error, DeliveryFailed) and error.permanent
        return Delivery.PARKED if permanent or row.attempts + 1 >= self.park_after else Delivery.FAILED


def relay(
    repository: Repository, notifier: Notifier, practice: str, *, now: datetime, rules: RelayRules | None = None
) -> Counter[Delivery]:
    """Deliver what is due once; return how many rows ended how.

    A row whose delivery fails does not stop the others. A failure to settle is raised: the row stays claimed until its
    lease ends and is then delivered again, under the same id.
    """
    rules = rules or RelayRules()
    ended: Counter[Delivery] = Counter()
    for row in repository.claim(practice, now=now, limit=rules.limit, lease=rules.lease):
        ending = rules.before(row, now)
        if ending is None:
            try:
                notifier.deliver(row)
                ending = Delivery.SENT
            except PortFailed as error:
                ending = rules.after(row, error)
        repository.settle(practice, row.id, ending, now=now)
        ended[ending] += 1
    return ended


async def relay_async(
    repository: AsyncRepository,
    notifier: AsyncNotifier,
    practice: str,
    *,
    now: datetime,
    rules: RelayRules | None = None,
) -> Counter[Delivery]:
    """`relay`, awaited."""
    rules = rules or RelayRules()
    ended: Counter[Delivery] = Counter()
    for row in await repository.claim(practice, now=now, limit=rules.limit, lease=rules.lease):
        ending = rules.before(row, now)
        if ending is None:
            try:
                await notifier.deliver(row)
                ending = Delivery.SENT
            except PortFailed as error:
                ending = rules.after(row, error)
        await repository.settle(practice, row.id, ending, now=now)
        ended[ending] += 1
    return ended
