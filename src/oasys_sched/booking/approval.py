"""A booking that awaits approval: approve, decline, withdraw, or let it lapse (S20, A9, A19)."""

from __future__ import annotations

from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, Cancellation
from oasys_sched.booking.checks import found, practising
from oasys_sched.booking.conflicts import place
from oasys_sched.booking.creating import unreachable
from oasys_sched.booking.events import (
    AppointmentEvent,
    BookingApproved,
    BookingDeclined,
    BookingExpired,
    BookingWithdrawn,
)
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator

__all__ = ["approve", "decline", "expire", "withdraw"]


def approve(facts: Facts, *, allow_overlap: bool = False, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Confirm a pending booking; its hold becomes the appointment. The notice period is not asked again (A38)."""
    appointment = found(facts, actor, Action.APPROVE)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, AppointmentAct.APPROVE)
    if isinstance(status, Refused):
        return status
    idle = practising(facts)
    if idle is not None:
        return idle
    if now >= appointment.starts_at:
        return refuse(Code.HOLD_EXPIRED, "the booking's start has passed: it lapsed unapproved", field="appointment")
    placed = place(
        facts,
        appointment.span,
        appointment.client,
        now=now,
        allow_overlap=allow_overlap,
        ignoring=frozenset({appointment.id}),
    )
    if isinstance(placed, Refused):
        return placed
    approved = changed(appointment, status=status, overlap_allowed=placed.overlap)
    return Accepted(
        approved,
        (tell(BookingApproved, approved, actor, now),),
        (*placed.warnings, *unreachable(facts.client)),
        (approved,),
    )


def decline(facts: Facts, *, text: str = "", actor: Actor, now: datetime) -> Decision[Appointment]:
    """Turn a pending booking down; the slot is free again. A reason is optional."""
    return _closed(facts, Action.DECLINE, AppointmentAct.DECLINE, BookingDeclined, "declined", text, actor, now)


def withdraw(facts: Facts, *, text: str = "", actor: Actor, now: datetime) -> Decision[Appointment]:
    """Take an own pending booking back: always allowed until decided, never late, never a fee (A19)."""
    return _closed(facts, Action.WITHDRAW, AppointmentAct.WITHDRAW, BookingWithdrawn, "withdrawn", text, actor, now)


def expire(facts: Facts, *, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Let a pending booking lapse once its start has come (A9)."""
    decision = _closed(facts, Action.EXPIRE, AppointmentAct.EXPIRE, BookingExpired, "expired", "", actor, now)
    if isinstance(decision, Accepted) and now < decision.value.starts_at:
        return refuse(Code.NOT_STARTED_YET, "a booking lapses at its start, not before", field="appointment")
    return decision


def _closed(
    facts: Facts,
    action: Action,
    act: AppointmentAct,
    event: type[AppointmentEvent],
    reason: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    appointment = found(facts, actor, action)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, act)
    if isinstance(status, Refused):
        return status
    cancellation = Cancellation(reason=reason, initiator=Initiator.SYSTEM, requested_at=now, text=text)
    closed = changed(appointment, status=status, cancellation=cancellation)
    return Accepted(closed, (tell(event, closed, actor, now),), (), (closed,))
