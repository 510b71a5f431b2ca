"""The worker's loop over the outbox: claim, deliver, settle. Nothing is lost, nothing acknowledged goes twice (4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final

from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.reminders import ReminderState, judge_reminder
from oasys_sched.booking.schedule import Schedule
from oasys_sched.errors import DeliveryFailed
from oasys_sched.people import Client
from oasys_sched.ports import (
    AsyncNotifier,
    AsyncRepository,
    Delivery,
    Notifier,
    OutboxRow,
    Query,
    Repository,
    Snapshot,
    Wanted,
)

__all__ = ["RelayRules", "due_again", "relay", "relay_async"]

_LEASE: Final = timedelta(minutes=5)
_BACKOFF: Final = timedelta(seconds=30)
# From then on 17 hours apart.
_SLOWEST: Final = 11


def due_again(attempts: int, now: datetime) -> datetime:
    """Return when a row that failed for the n-th time is due again: after a minute, two, four, at most 17 hours."""
    return now + _BACKOFF * (1 << min(attempts, _SLOWEST))


def _always(_row: OutboxRow) -> bool:
    return True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRules:
    """How one round goes: rows a round, how long they are ours, after how many failures one is parked.

    Reminders are always judged again just before sending, by the appointment, client and policy of that moment (A29);
    `relevant` is a question of your own, asked for every row.
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

    def after(self, row: OutboxRow, error: Exception) -> Delivery:
        """Return what becomes of a row that could not be handed over: tried again later, or parked for a person."""
        permanent = isinstance(error, DeliveryFailed) and error.permanent
        return Delivery.PARKED if permanent or row.attempts + 1 >= self.park_after else Delivery.FAILED


def _reminds(row: OutboxRow) -> bool:
    return row.template == "reminder" and "key" in row.fields


def _appointment_of(row: OutboxRow) -> Wanted:
    return Wanted(practice=row.practice, queries=(Query(kind="appointment", ids=(row.aggregate.id,)),))


def _people_of(appointment: Appointment) -> Wanted:
    client, schedule = (
        Query(kind="client", ids=(appointment.client,)),
        Query(kind="schedule", ids=(appointment.clinician,)),
    )
    return Wanted(practice=appointment.practice, queries=(client, schedule))


def _judged(row: OutboxRow, appointment: Appointment, found: Snapshot, now: datetime) -> Delivery | None:
    """Return why a reminder must not go any more, or None. One that came due earlier than it would now may go."""
    client, schedule = found.get(Client, appointment.client), found.get(Schedule, appointment.clinician)
    if client is None or schedule is None:
        return Delivery.SKIPPED
    state = judge_reminder(str(row.fields["key"]), appointment, schedule.reminders, client, now=now)
    return _ENDINGS.get(state)


_ENDINGS: Final = {
    ReminderState.CANCELLED: Delivery.SKIPPED,
    ReminderState.SKIPPED: Delivery.SKIPPED,
    ReminderState.EXPIRED: Delivery.EXPIRED,
}


def _still_right(repository: Repository, row: OutboxRow, now: datetime) -> Delivery | None:
    appointment = repository.load(_appointment_of(row)).get(Appointment, row.aggregate.id)
    if appointment is None:
        return Delivery.SKIPPED
    return _judged(row, appointment, repository.load(_people_of(appointment)), now)


async def _still_right_async(repository: AsyncRepository, row: OutboxRow, now: datetime) -> Delivery | None:
    appointment = (await repository.load(_appointment_of(row))).get(Appointment, row.aggregate.id)
    if appointment is None:
        return Delivery.SKIPPED
    return _judged(row, appointment, await repository.load(_people_of(appointment)), now)


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
        if ending is None and _reminds(row):
            ending = _still_right(repository, row, now)
        if ending is None:
            try:
                notifier.deliver(row)
                ending = Delivery.SENT
            except Exception as error:  # noqa: BLE001 - whatever it raised, it did not acknowledge
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
        if ending is None and _reminds(row):
            ending = await _still_right_async(repository, row, now)
        if ending is None:
            try:
                await notifier.deliver(row)
                ending = Delivery.SENT
            except Exception as error:  # noqa: BLE001 - whatever it raised, it did not acknowledge
                ending = rules.after(row, error)
        await repository.settle(practice, row.id, ending, now=now)
        ended[ending] += 1
    return ended
