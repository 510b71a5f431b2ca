"""Which reminders an appointment gets, when each goes out, and whether it still may (S95-S97, A27-A30, B11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.people import Client
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.times import EARLIEST, find_zone

__all__ = ["REMINDER", "Reminder", "ReminderAct", "ReminderState", "judge_reminder", "plan_reminders", "reminder_due"]

EMAIL: Final = "email"


@unique
class ReminderState(StrEnum):
    """Where a reminder stands; all but the first are terminal."""

    PLANNED = "planned"
    SENT = "sent"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    EXPIRED = "expired"


@unique
class ReminderAct(StrEnum):
    """What can happen to a planned reminder."""

    SEND = "send"
    CANCEL = "cancel"
    SKIP = "skip"
    EXPIRE = "expire"


# RULES 3.9.
REMINDER: Final[Mapping[ReminderState, Mapping[ReminderAct, ReminderState]]] = {
    ReminderState.PLANNED: {
        ReminderAct.SEND: ReminderState.SENT,
        ReminderAct.CANCEL: ReminderState.CANCELLED,
        ReminderAct.SKIP: ReminderState.SKIPPED,
        ReminderAct.EXPIRE: ReminderState.EXPIRED,
    },
    ReminderState.SENT: {},
    ReminderState.CANCELLED: {},
    ReminderState.SKIPPED: {},
    ReminderState.EXPIRED: {},
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder on one channel. It may go from `due` up to, not including, `expires_at` (A29).

    `key` names appointment, start, offset and channel: whoever sends keeps it, so that none goes out twice (A27).
    `why` tells why one is skipped: past, no_contact, opted_out, no_consent.
    """

    key: str
    appointment: str
    channel: str
    offset: str
    due: datetime
    expires_at: datetime
    state: ReminderState = ReminderState.PLANNED
    why: str | None = None


def plan_reminders(
    appointment: Appointment, policy: ReminderPolicy, client: Client, *, now: datetime
) -> tuple[Reminder, ...]:
    """Return every reminder of an upcoming appointment, earliest first, the skipped ones too, with their reason.

    A moment already past is skipped, never made up for (A28). One that falls in the recipient's quiet time moves
    earlier, on the channels that keep it (B11). Anything but an upcoming appointment has none (S96).
    """
    if not policy.enabled or appointment.status is not AppointmentStatus.UPCOMING:
        return ()
    rows = [row for channel in policy.channels for row in _channel(appointment, policy, client, channel, now)]
    return tuple(sorted(rows, key=lambda row: (row.due, row.key)))


def _channel(
    appointment: Appointment, policy: ReminderPolicy, client: Client, channel: str, now: datetime
) -> Iterator[Reminder]:
    zone = find_zone(appointment.zone)
    start = appointment.starts_at
    recipient = client.zone or appointment.zone
    times = sorted((reminder_due(policy, channel, offset.before(start, zone), recipient), str(offset))
                   for offset in policy.offsets)  # fmt: skip
    barred = _barred(client, channel)
    for due, offset in times:
        later = [other for other, _ in times if other > due]
        why = barred or ("past" if due < now else None)
        yield Reminder(
            key=f"{appointment.id}/{start.isoformat()}/{offset}/{channel}",
            appointment=appointment.id,
            channel=channel,
            offset=offset,
            due=due,
            expires_at=min([start, *later]),
            state=ReminderState.SKIPPED if why else ReminderState.PLANNED,
            why=why,
        )


def reminder_due(policy: ReminderPolicy, channel: str, due: datetime, zone: str) -> datetime:
    """Return when a reminder due then really goes out: earlier if that is in the recipient's quiet time (B11)."""
    if policy.quiet is None or channel not in policy.quiet_channels:
        return due
    return policy.quiet.moved(due, find_zone(zone))


def _barred(client: Client, channel: str) -> str | None:
    """Return why a client gets nothing on a channel: an opt-out always wins, then consent, then the address."""
    if channel in client.reminders_opted_out:
        return "opted_out"
    if channel not in client.reminder_consent:
        return "no_consent"
    # A child's own number is never used: everything goes to the guardian (O3).
    address = client.contact if channel == EMAIL else None if client.guardian is not None else client.phone
    return None if address else "no_contact"


def judge_reminder(
    key: str, appointment: Appointment, policy: ReminderPolicy, client: Client, *, now: datetime
) -> ReminderState:
    """Tell what to do with a planned reminder right now, with settings and appointment as they are now (A29).

    `sent` means send it, `planned` wait; the others say that it must not go out any more, and why.
    """
    rows = plan_reminders(appointment, policy, client, now=EARLIEST)
    reminder = next((row for row in rows if row.key == key), None)
    if reminder is None:
        return ReminderState.CANCELLED
    if reminder.state is ReminderState.SKIPPED or now < reminder.due:
        return reminder.state
    return ReminderState.SENT if now < reminder.expires_at else ReminderState.EXPIRED
