"""Invariant 15 and its other half: a reminder goes once, never after the end, and is not lost on the way (A27, A30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.reminders import ReminderState, plan_reminders
from oasys_sched.booking.schedule import Schedule
from oasys_sched.people import Client
from oasys_sched.ports import Delivery, OutboxRow
from oasys_sched.testing.world import Step, World

__all__ = ["reminders_go_once", "reminders_stay_with_their_appointment"]


def _reminders(world: World) -> list[tuple[OutboxRow, Delivery | None]]:
    return [(row, end) for row, end in world.outbox if row.template == "reminder"]


def reminders_go_once(world: World) -> Iterator[str]:
    """Find what went twice, and what waits for an hour that is no longer planned."""
    sent = Counter(str(row.fields["key"]) for row, end in _reminders(world) if end is Delivery.SENT)
    yield from (f"reminder {key} went {many} times" for key, many in sent.items() if many > 1)
    ahead = {row.id: row.starts_at for row in world.all(Appointment) if row.status is AppointmentStatus.UPCOMING}
    for row, end in _reminders(world):
        if end is None and ahead.get(row.aggregate.id, row.due).isoformat() != row.fields["starts_at"]:
            yield f"reminder {row.id} still waits, but its appointment has ended or moved"


def reminders_stay_with_their_appointment(step: Step) -> Iterator[str]:
    """Find what went after its appointment ended, and what was dropped though it is still to go."""
    before = {row.id: end for row, end in _reminders(step.before)}
    for row, end in _reminders(step.after):
        if end is Delivery.SENT and before.get(row.id) is not Delivery.SENT:
            # An abandoned session puts its appointment ahead again, and what is due goes out in the same step.
            abouts = (world.get(Appointment, row.aggregate.id) for world in (step.before, step.after))
            if not any(about is not None and about.status is AppointmentStatus.UPCOMING for about in abouts):
                yield f"reminder {row.id} went although its appointment is no longer ahead"
        dropped = end is Delivery.SKIPPED and before.get(row.id, end) is None
        if dropped and row.fields["key"] in _planned(step.after, row.aggregate.id):
            yield f"reminder {row.id} was dropped although its appointment stands"


def _planned(world: World, appointment: str) -> frozenset[str]:
    about = world.get(Appointment, appointment)
    schedule = world.get(Schedule, about.clinician) if about else None
    client = world.get(Client, about.client) if about else None
    if about is None or schedule is None or client is None:
        return frozenset()
    rows = plan_reminders(about, schedule.reminders, client, now=world.now)
    return frozenset(row.key for row in rows if row.state is ReminderState.PLANNED)
