"""Cancelling one appointment: by the clinician, or by its client (S31-S33, S91-S94, S103, A4-A6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Cancellation
from oasys_sched.booking.checks import authorise, found, instant
from oasys_sched.booking.commands import CancelOwn
from oasys_sched.booking.events import AppointmentCancelled, RequestOpened
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.request import ChangeRequest, RequestKind
from oasys_sched.booking.scope import Scope, one_occurrence
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, dropped, fee_told, opened, superseded, tell, tell_request
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refused, refuse
from oasys_sched.fees.charges import Charge, ChargeState
from oasys_sched.fees.quote import Quote, late_charge, quote_cancellation
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import REASONS, Initiator, find_reason

__all__ = ["cancel", "client_cancel", "quoted"]

# What becomes of a late fee, by what the clinician said of it: nothing yet, apply it, waive it.
_FEE_CHOICE = {None: ChargeState.DECISION_PENDING, True: ChargeState.STORED, False: ChargeState.WAIVED}


def cancel(
    facts: Facts,
    *,
    reason: str,
    text: str = "",
    initiator: Initiator | str | None = None,
    requested_at: datetime | None = None,
    apply_fee: bool | None = None,
    scope: Scope | str | None = None,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    """Cancel one pending or upcoming appointment in the clinician's name (S31).

    What counts is who wanted it: only a client's own wish can be late (A5), judged at `requested_at` (now, if not
    given). `apply_fee` of None leaves the fee of a late one to be decided. On an occurrence of a series `scope` has to
    say `this`.
    """
    appointment = found(facts, actor, Action.CANCEL)
    if isinstance(appointment, Refused):
        return appointment
    refused = authorise(facts, actor, Action.DECIDE_FEE) if apply_fee is not None else None
    if refused is not None:
        return refused
    status = step(APPOINTMENT, appointment.status, AppointmentAct.CANCEL)
    if isinstance(status, Refused):
        return status
    unclear = one_occurrence(appointment, scope)
    if unclear is not None:
        return unclear
    wish = cancellation_wish(reason, text, initiator, requested_at, now)
    if isinstance(wish, Refused):
        return wish
    cancelled, events = cancelled_by(facts, appointment, wish, apply_fee, actor, now)
    if apply_fee and not cancelled.late:
        return refuse(Code.NOT_LATE, "it was not cancelled late by the client: no fee can apply", field="apply_fee")
    closed, told = superseded(facts.open_request, actor, now)
    return Accepted(cancelled, (*events, *told), (), (cancelled, *closed))


def cancellation_wish(
    reason: str, text: str, initiator: Initiator | str | None, requested_at: datetime | None, now: datetime
) -> Cancellation | Refused:
    """Judge why, by whom and when a cancellation was wanted; lateness is still to be judged."""
    judged = find_reason(reason, text=text, initiator=initiator)
    if isinstance(judged, Refused):
        return judged
    code, who = judged
    asked = instant(now if requested_at is None else requested_at, "requested_at")
    if isinstance(asked, Refused):
        return asked
    if asked > now:
        return refuse(Code.NOT_IN_PAST, "nobody can have asked in the future", field="requested_at")
    return Cancellation(reason=code, initiator=who, requested_at=asked, text=text)


def cancelled_by(
    facts: Facts,
    appointment: Appointment,
    wish: Cancellation,
    apply_fee: bool | None,
    actor: Actor,
    now: datetime,
    *,
    group: str | None = None,
) -> tuple[Appointment, tuple[Event, ...]]:
    """Return the cancelled appointment with its lateness and fee, and the events of both."""
    charge: Charge | None = dropped(appointment.charge)
    if wish.initiator is Initiator.CLIENT:
        quote = quoted(facts, appointment, wish.requested_at)
        asked = facts.request_on(appointment.id)
        frozen = asked.quote if asked is not None else None
        # A client who has asked already keeps the terms of that moment, whoever clicks in the end (A4, B2); having
        # asked in time before that, by telephone say, is better still.
        if frozen is not None and (quote.late or frozen.at <= wish.requested_at):
            quote = frozen
        wish = replace(wish, late=quote.late, requested_at=quote.at)
        fee = late_charge(quote, _FEE_CHOICE[apply_fee], client=facts.client)
        charge = charge if fee is None else fee
    cancelled = changed(
        appointment,
        status=APPOINTMENT[appointment.status][AppointmentAct.CANCEL],
        cancellation=wish,
        charge=charge,
        sequence=appointment.sequence + 1,
    )
    before = appointment.charge.state if appointment.charge else None
    event = tell(
        AppointmentCancelled,
        cancelled,
        actor,
        now,
        group=group,
        reason=wish.reason,
        initiator=wish.initiator,
        requested_at=wish.requested_at,
        late=wish.late,
        was_pending=appointment.status is AppointmentStatus.PENDING,
    )
    return cancelled, (event, *fee_told(cancelled, before, actor, now, group=group))


def quoted(facts: Facts, appointment: Appointment, at: datetime) -> Quote:
    """Quote the cancellation of an appointment from the facts."""
    return quote_cancellation(
        appointment,
        facts.service_of(appointment),
        facts.schedule.cancellation,
        at,
        client=facts.client,
        rules=facts.practice.fee_rules,
    )


def client_cancel(
    facts: Facts, command: CancelOwn, *, id: str, actor: Actor, now: datetime
) -> Decision[Appointment | ChangeRequest]:
    """Cancel an own upcoming appointment, or ask for it where the policy wants approval (S91, S92, S94).

    The value is the cancelled appointment, or the change request `id` that was opened instead. Lateness and fee are
    those of this moment (A4); a fee waits for the clinician's decision (S114).
    """
    appointment = found(facts, actor, Action.CLIENT_CANCEL)
    if isinstance(appointment, Refused):
        return appointment
    refused = cancellable_by_client(facts, appointment, now)
    if refused is not None:
        return refused
    quote = quoted(facts, appointment, now)
    closed = facts.open_request
    if quote.needs_approval:
        full = may_open_request(facts, appointment)
        if full is not None:
            return full
    row = REASONS.get(command.reason)
    if command.reason and (row is None or row.initiator not in {Initiator.CLIENT, None}):
        return refuse(Code.UNKNOWN_REASON, "choose one of a client's reasons", field="reason")
    judged = find_reason(command.reason, text=command.text, initiator=Initiator.CLIENT)
    if isinstance(judged, Refused):
        return judged
    if _dearer(quote, command.quote):
        return refuse(
            Code.QUOTE_CHANGED,
            "cancelling costs more than when it was shown: look again and confirm",
            field="quote",
            late=quote.late,
            fee=quote.fee,
        )
    if quote.needs_approval:
        return _asked(facts, appointment, command, quote, id=id, actor=actor, now=now)
    wish = Cancellation(reason=command.reason, initiator=Initiator.CLIENT, requested_at=now, text=command.text)
    cancelled, events = cancelled_by(facts, appointment, wish, None, actor, now)
    ended, told = superseded(closed, actor, now)
    return Accepted(cancelled, (*events, *told), (), (cancelled, *ended))


def cancellable_by_client(facts: Facts, appointment: Appointment, now: datetime) -> Refused | None:
    """Refuse where the state or the policy does not let a client cancel (A20, S91, B18)."""
    begun = appointment.status is AppointmentStatus.UPCOMING and now >= appointment.starts_at
    if begun or appointment.status is AppointmentStatus.IN_PROGRESS:
        return refuse(Code.ALREADY_STARTED, "it has started: call the practice", field="appointment")
    status = step(APPOINTMENT, appointment.status, AppointmentAct.CLIENT_CANCEL)
    if isinstance(status, Refused):
        return status
    if not quoted(facts, appointment, now).allowed:
        return refuse(
            Code.CLIENT_CANCELLATION_DISABLED, "cancelling online is not possible: call the practice",
            field="appointment",
        )  # fmt: skip
    return None


def may_open_request(facts: Facts, appointment: Appointment) -> Refused | None:
    """Refuse a second open request on an appointment, and more of one client than the policy allows (S34)."""
    if facts.open_request is not None:
        return refuse(Code.REQUEST_ALREADY_OPEN, "an earlier request is still open", field="appointment")
    most = facts.schedule.booking.open_requests
    if sum(row.client == appointment.client and row.is_open for row in facts.requests) >= most:
        return refuse(Code.TOO_MANY_REQUESTS, "too many open requests: wait for an answer", limit=most)
    return None


def _dearer(now: Quote, shown: Quote | None) -> bool:
    if shown is None:
        return False
    if now.late and not shown.late:
        return True
    return now.fee is not None and (shown.fee is None or shown.fee < now.fee)


def _asked(
    facts: Facts,
    appointment: Appointment,
    command: CancelOwn,
    quote: Quote,
    *,
    id: str,
    actor: Actor,
    now: datetime,
) -> Accepted[Appointment | ChangeRequest]:
    request = opened(
        appointment, RequestKind.CANCEL, id=id, now=now, quote=quote, reason=command.reason, text=command.text
    )
    event = tell_request(RequestOpened, request, actor, now, late=quote.late)
    charge = late_charge(quote, ChargeState.DECISION_PENDING, client=facts.client)
    if charge is None:
        return Accepted(request, (event,), (), (request,))
    waiting = changed(appointment, charge=charge)
    return Accepted(request, (event, *fee_told(waiting, None, actor, now)), (), (request, waiting))
