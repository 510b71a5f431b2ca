"""The clinician decides on a fee: apply, waive, reinstate, bill (S104, S105, S114, B4)."""

from __future__ import annotations

from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.checks import found
from oasys_sched.booking.events import AppointmentBilled
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.telling import changed, fee_told, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.fees.charges import ChargeAct, ChargeState, WaiveReason, moved
from oasys_sched.people import BillingType
from oasys_sched.policies.access import Action

__all__ = ["bill", "decide_fee", "reinstate_fee", "waive_fee"]


def decide_fee(
    facts: Facts, *, apply: bool, reason: WaiveReason | str | None = None, actor: Actor, now: datetime
) -> Decision[Appointment]:
    """Decide the fee of a late cancellation that was carried out at once: store it or waive it (A6)."""
    appointment = found(facts, actor, Action.DECIDE_FEE)
    if isinstance(appointment, Refused):
        return appointment
    if appointment.status is not AppointmentStatus.CANCELLED:
        return refuse(
            Code.INVALID_TRANSITION, "decide on the cancellation request: the fee goes with it", field="appointment"
        )
    # Waiving a stored fee is another act, with a reason: only an undecided one is decided here.
    if appointment.charge is not None and appointment.charge.state is ChargeState.STORED:
        return refuse(Code.INVALID_TRANSITION, "the fee has been decided: waive it instead", field="appointment")
    if apply or reason is None:
        return _charged(appointment, ChargeAct.APPLY if apply else ChargeAct.WAIVE, None, actor, now)
    return _explained(appointment, ChargeAct.WAIVE, reason, actor, now)


def waive_fee(facts: Facts, *, reason: WaiveReason | str, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Waive a stored fee for one of the reasons of B4; it can be reinstated until it is billed."""
    return _moved_with_reason(facts, Action.WAIVE_FEE, ChargeAct.WAIVE, reason, actor, now)


def reinstate_fee(facts: Facts, *, reason: str, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Bring a waived fee back, with a reason."""
    return _moved_with_reason(facts, Action.REINSTATE_FEE, ChargeAct.REINSTATE, reason, actor, now)


def _moved_with_reason(
    facts: Facts, action: Action, act: ChargeAct, reason: str, actor: Actor, now: datetime
) -> Decision[Appointment]:
    appointment = found(facts, actor, action)
    if isinstance(appointment, Refused):
        return appointment
    if appointment.charge is not None and appointment.charge.state is ChargeState.DECISION_PENDING:
        return refuse(Code.INVALID_TRANSITION, "the fee is still to be decided", field="appointment")
    return _explained(appointment, act, reason, actor, now)


def _explained(
    appointment: Appointment, act: ChargeAct, reason: str, actor: Actor, now: datetime
) -> Decision[Appointment]:
    decision = _charged(appointment, act, reason, actor, now)
    if isinstance(decision, Refused):
        return decision
    if not (reason or "").strip():
        return refuse(Code.REASON_REQUIRED, "say why", field="reason")
    if act is ChargeAct.WAIVE and reason not in set(WaiveReason):
        return refuse(
            Code.UNKNOWN_REASON, "choose a reason for waiving", field="reason", known=tuple(map(str, WaiveReason))
        )
    return decision


def _charged(
    appointment: Appointment, act: ChargeAct, reason: str | None, actor: Actor, now: datetime
) -> Decision[Appointment]:
    charge = appointment.charge
    if charge is None:
        return refuse(Code.INVALID_TRANSITION, "there is no fee on it", field="appointment")
    after = moved(charge, act, reason=reason)
    if isinstance(after, Refused):
        return after
    decided = changed(appointment, charge=after)
    return Accepted(decided, fee_told(decided, charge.state, actor, now), (), (decided,))


def bill(facts: Facts, *, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Mark as billed what Bill Sessions lists for this appointment: its stored fee, or its completed session (3.8)."""
    appointment = found(facts, actor, Action.BILL)
    if isinstance(appointment, Refused):
        return appointment
    charge = appointment.charge
    if appointment.status is AppointmentStatus.COMPLETED and not (appointment.billed or facts.session_billed):
        unpaid = not_billed(facts)
        if unpaid is not None:
            return unpaid
        billed = changed(appointment, billed=True)
        return Accepted(billed, (tell(AppointmentBilled, billed, actor, now),), (), (billed,))
    if charge is None:
        return refuse(Code.INVALID_TRANSITION, "nothing on it is to be billed", field="appointment")
    after = moved(charge, ChargeAct.BILL)
    if isinstance(after, Refused):
        return after
    unpaid = not_billed(facts)
    if unpaid is not None:
        return unpaid
    charged = changed(appointment, charge=after)
    events = (tell(AppointmentBilled, charged, actor, now), *fee_told(charged, charge.state, actor, now))
    return Accepted(charged, events, (), (charged,))


def not_billed(facts: Facts) -> Refused | None:
    """Refuse to bill a client who is not billed (S107, S108)."""
    if facts.client is not None and facts.client.billing_type is not BillingType.NOT_BILLED:
        return None
    return refuse(Code.INVALID_TRANSITION, "the client's billing type is Not Billed", field="client")
