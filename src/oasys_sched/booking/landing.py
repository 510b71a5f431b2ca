"""How an agreed move takes effect: the appointment moves or, where late moves count, is cancelled late and rebooked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Cancellation
from oasys_sched.booking.checks import found
from oasys_sched.booking.conflicts import Placed
from oasys_sched.booking.events import (
    AppointmentCancelled,
    AppointmentCreated,
    AppointmentRescheduled,
    RequestEvent,
)
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.moving import moved_to
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.table import REQUEST, RequestAct, step
from oasys_sched.booking.telling import changed, dropped, fee_told, tell, tell_request
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Refused, refuse
from oasys_sched.fees.charges import ChargeState
from oasys_sched.fees.quote import late_charge
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator
from oasys_sched.times import Span

__all__ = ["alive", "asked_about", "closed_request", "landed"]


def asked_about(
    facts: Facts, actor: Actor, action: Action, act: RequestAct
) -> tuple[Appointment, ChangeRequest] | Refused:
    """Return the appointment and the request acted on, once the actor may and the request's state allows it."""
    appointment = found(facts, actor, action)
    if isinstance(appointment, Refused):
        return appointment
    request = facts.request
    if request is None or request.appointment != appointment.id:
        return refuse(Code.NOT_FOUND, "no such request", field="request")
    status = step(REQUEST, request.status, act)
    if isinstance(status, Refused):
        return status
    return appointment, request


def alive(request: ChangeRequest, now: datetime) -> Refused | None:
    """Refuse to go on with a move request whose time has run out (A9)."""
    if not request.lapsed(now):
        return None
    return refuse(Code.HOLD_EXPIRED, "the request has lapsed: its time has come", field="request")


def closed_request(
    appointment: Appointment,
    request: ChangeRequest,
    act: RequestAct,
    event: type[RequestEvent],
    actor: Actor,
    now: datetime,
) -> Accepted[ChangeRequest]:
    """Close a request and let the original stand; a fee that waited for it is void (3.8)."""
    closed = changed(request, status=REQUEST[request.status][act])
    told = tell_request(event, closed, actor, now)
    charge = dropped(appointment.charge)
    if charge is appointment.charge:
        return Accepted(closed, (told,), (), (closed,))
    freed = changed(appointment, charge=charge)
    events = (told, *fee_told(freed, ChargeState.DECISION_PENDING, actor, now))
    return Accepted(closed, events, (), (closed, freed))


def landed(
    facts: Facts,
    appointment: Appointment,
    request: ChangeRequest,
    span: Span,
    placed: Placed,
    event: type[RequestEvent],
    *,
    act: RequestAct,
    fee: ChargeState,
    id: str | None,
    actor: Actor,
    now: datetime,
) -> Accepted[Appointment] | Refused:
    """Carry out an agreed move to a span; `fee` is what becomes of the late fee where late moves count (A8)."""
    closed = changed(request, status=REQUEST[request.status][act])
    told = tell_request(event, closed, actor, now, starts_at=span.start)
    if request.quote is None:
        moved = moved_to(
            appointment,
            span,
            placed,
            text=request.text,
            reschedules=appointment.reschedules + 1,
            late_notice=appointment.late_notice or request.late_notice,
        )
        shifted = tell(
            AppointmentRescheduled,
            moved,
            actor,
            now,
            old_start=appointment.starts_at,
            late_notice=request.late_notice,
            reason_given=bool(request.text.strip()),
        )
        return Accepted(moved, (told, shifted), placed.warnings, (moved, closed))
    if id is None:
        return refuse(Code.INVALID_VALUE, "a late move is rebooked: give the new appointment an id", field="id")
    wish = Cancellation(
        reason="client_schedule",
        initiator=Initiator.CLIENT,
        requested_at=request.requested_at,
        late=True,
        text=request.text,
    )
    charge = late_charge(request.quote, fee, client=facts.client)
    old = changed(
        appointment,
        status=AppointmentStatus.CANCELLED,
        cancellation=wish,
        charge=charge,
        sequence=appointment.sequence + 1,
    )
    new = replace(
        appointment,
        id=id,
        revision=1,
        starts_at=span.start,
        created_at=now,
        reschedules=appointment.reschedules + 1,
        late_notice=True,
        overlap_allowed=placed.overlap,
        series=None,
        recurrence_id=None,
        sequence=0,
        charge=None,
    )
    ended = tell(
        AppointmentCancelled,
        old,
        actor,
        now,
        reason=wish.reason,
        initiator=wish.initiator,
        requested_at=wish.requested_at,
        late=True,
    )
    begun = tell(AppointmentCreated, new, actor, now)
    return Accepted(new, (told, ended, *fee_told(old, None, actor, now), begun), placed.warnings, (old, new, closed))
