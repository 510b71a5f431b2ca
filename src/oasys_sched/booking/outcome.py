"""What became of an appointment: missed, begun, completed, reopened (S37, S55, S100, A17, A23, B15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.checks import found
from oasys_sched.booking.conflicts import clashes
from oasys_sched.booking.events import (
    AppointmentCompleted,
    AppointmentEvent,
    AppointmentMissed,
    AppointmentReopened,
    AppointmentStarted,
    NoShowUndone,
)
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, dropped, fee_told, superseded, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.fees.charges import ChargeAct, ChargeState, moved
from oasys_sched.fees.quote import no_show_charge
from oasys_sched.policies.access import Action

__all__ = ["begin", "complete", "mark_no_show", "reopen", "undo_no_show"]


def mark_no_show(facts: Facts, *, reason: str = "", actor: Actor, now: datetime) -> Decision[Appointment]:
    """Mark that the client did not come; a configured fee is stored at once (S100, S113).

    A client who was waiting and never admitted did come: marking needs a `reason` then (B15).
    """
    appointment = found(facts, actor, Action.MARK_NO_SHOW)
    if isinstance(appointment, Refused):
        return appointment
    refused = markable(facts, appointment, now)
    if refused is not None:
        return refused
    explained = bool((reason or "").strip())
    if facts.client_waiting and not explained:
        return refuse(Code.CLIENT_WAS_WAITING, "the client was waiting to be admitted: say why not", field="reason")
    charge = no_show_charge(
        appointment,
        facts.service_of(appointment),
        facts.schedule.cancellation,
        now,
        client=facts.client,
        rules=facts.practice.fee_rules,
    )
    pending = dropped(appointment.charge)
    missed = changed(
        appointment,
        status=APPOINTMENT[appointment.status][AppointmentAct.MARK_NO_SHOW],
        no_show_at=now,
        charge=charge or pending,
        change_reason=reason if explained else appointment.change_reason,
    )
    before = appointment.charge.state if appointment.charge and charge is None else None
    closed, told = superseded(facts.open_request, actor, now)
    return Accepted(
        missed,
        (tell(AppointmentMissed, missed, actor, now), *fee_told(missed, before, actor, now), *told),
        (),
        (missed, *closed),
    )


def markable(facts: Facts, appointment: Appointment, now: datetime) -> Refused | None:
    """Refuse a no-show where the state forbids it, and before the start and its grace (S100, B15)."""
    status = step(APPOINTMENT, appointment.status, AppointmentAct.MARK_NO_SHOW)
    if isinstance(status, Refused):
        return status
    earliest = appointment.starts_at + facts.schedule.cancellation.no_show_grace
    if now < earliest:
        return refuse(
            Code.NOT_STARTED_YET, "nobody can have missed it yet", field="appointment", earliest=earliest.isoformat()
        )
    return None


def undo_no_show(facts: Facts, *, reason: str, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Take a no-show back, with a reason, until its fee has been billed; the fee is void (A17).

    It is upcoming again at its old time; should something else have been put there meanwhile, the overlap is recorded.
    """
    appointment = found(facts, actor, Action.UNDO_NO_SHOW)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, AppointmentAct.UNDO_NO_SHOW)
    if isinstance(status, Refused):
        return status
    charge = appointment.charge
    if charge is not None and charge.state is not ChargeState.VOID:
        voided = moved(charge, ChargeAct.VOID)
        if isinstance(voided, Refused):
            return voided
        charge = voided
    if not (reason or "").strip():
        return refuse(Code.REASON_REQUIRED, "say why the no-show is taken back", field="reason")
    crossed = clashes(facts, appointment.span, appointment.client, now=now)
    before = appointment.charge.state if appointment.charge else None
    restored = changed(
        appointment,
        status=status,
        no_show_at=None,
        charge=charge,
        overlap_allowed=appointment.overlap_allowed or bool(crossed),
        change_reason=reason,
    )
    warnings = tuple(Refusal(Code.OVERLAP, row.message, row.field, row.details) for row in crossed)
    return Accepted(
        restored,
        (tell(NoShowUndone, restored, actor, now), *fee_told(restored, before, actor, now)),
        warnings,
        (restored,),
    )


def begin(
    appointment: Appointment, *, request: ChangeRequest | None = None, actor: Actor, now: datetime
) -> Decision[Appointment]:
    """Move the appointment along with the start of its session; an open `request` on it is superseded (3.2).

    Who may start, and when, is the session's business.
    """
    decision = _along(appointment, AppointmentAct.START, AppointmentStarted, actor, now)
    if isinstance(decision, Refused):
        return decision
    started = replace(decision.value, charge=dropped(appointment.charge))
    before = appointment.charge.state if appointment.charge else None
    closed, told = superseded(request, actor, now)
    return Accepted(started, (*decision.events, *fee_told(started, before, actor, now), *told), (), (started, *closed))


def complete(appointment: Appointment, *, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Move the appointment along with the end of its session (S55)."""
    return _along(appointment, AppointmentAct.END, AppointmentCompleted, actor, now)


def reopen(appointment: Appointment, *, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Move the appointment back when its session was abandoned (A23)."""
    return _along(appointment, AppointmentAct.ABANDON, AppointmentReopened, actor, now)


def _along(
    appointment: Appointment, act: AppointmentAct, event: type[AppointmentEvent], actor: Actor, now: datetime
) -> Decision[Appointment]:
    status = step(APPOINTMENT, appointment.status, act)
    if isinstance(status, Refused):
        return status
    after = changed(appointment, status=status)
    return Accepted(after, (tell(event, after, actor, now),), (), (after,))
