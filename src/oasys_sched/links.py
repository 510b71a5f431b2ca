"""When a telehealth appointment's secure link is issued, and when it is taken back (S8)."""

from __future__ import annotations

from typing import Any

from oasys_sched.booking import events as ev
from oasys_sched.decisions import Decision, Refused
from oasys_sched.modes import Mode

__all__ = ["link_changes"]

_ISSUING = (
    ev.AppointmentCreated,
    ev.AppointmentBooked,
    ev.BookingApproved,
    ev.AppointmentRescheduled,
    ev.NoShowUndone,
)
_ENDING = (ev.AppointmentCancelled, ev.AppointmentMissed)


def link_changes(decision: Decision[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the appointments whose link a decision needs, and those whose link it ends.

    Issuing gives the same link again, so asking before the commit is harmless if the commit fails.
    """
    if isinstance(decision, Refused):
        return (), ()
    issue: list[str] = []
    revoke: list[str] = []
    for event in decision.events:
        if isinstance(event, ev.AppointmentEdited):
            if event.mode is Mode.TELEHEALTH:
                issue.append(event.appointment)
            elif event.old_mode is Mode.TELEHEALTH:
                revoke.append(event.appointment)
        elif isinstance(event, _ISSUING) and event.mode is Mode.TELEHEALTH:
            issue.append(event.appointment)
        elif isinstance(event, _ENDING) and event.mode is Mode.TELEHEALTH:
            revoke.append(event.appointment)
    return tuple(issue), tuple(revoke)
