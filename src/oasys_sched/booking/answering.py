"""The clinician's side of a change request: approve, suggest, decline; and its lapse (S35, S36, S104, S105, A42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Cancellation
from oasys_sched.booking.checks import first, practising
from oasys_sched.booking.conflicts import clashes, place
from oasys_sched.booking.events import (
    AlternativesSuggested,
    AppointmentCancelled,
    RequestApproved,
    RequestDeclined,
    RequestExpired,
)
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.landing import alive, asked_about, closed_request, landed
from oasys_sched.booking.moving import moved_span
from oasys_sched.booking.request import ChangeRequest, RequestKind
from oasys_sched.booking.table import APPOINTMENT, REQUEST, AppointmentAct, RequestAct, step
from oasys_sched.booking.telling import changed, fee_told, tell, tell_request
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.fees.charges import CHARGE, ChargeAct, ChargeState
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator

__all__ = ["approve_request", "decline_request", "expire_request", "suggest"]

MOST_ALTERNATIVES: Final = 10
_GRANTS: Final = {RequestKind.CANCEL: AppointmentAct.CANCEL, RequestKind.RESCHEDULE: AppointmentAct.RESCHEDULE}


def approve_request(
    facts: Facts,
    *,
    apply_fee: bool | None = None,
    allow_overlap: bool = False,
    id: str | None = None,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    """Grant a request: move the appointment to the proposed time, or cancel it (S35, S104).

    The late fee quoted to the client is applied unless `apply_fee` is False (S105). That the time lies ahead and is
    free is judged again, the notice period is not (A38). `id` names the rebooked appointment where late moves count as
    late cancellations (A8).
    """
    asked = asked_about(facts, actor, Action.APPROVE_REQUEST, RequestAct.APPROVE)
    if isinstance(asked, Refused):
        return asked
    appointment, request = asked
    late = request.quote is not None and request.quote.late
    if apply_fee and not late:
        return refuse(Code.NOT_LATE, "it was asked for in time: no fee can apply", field="apply_fee")
    applied = apply_fee is None or apply_fee
    after = step(APPOINTMENT, appointment.status, _GRANTS[request.asks])
    if isinstance(after, Refused):
        return after
    if request.asks is RequestKind.CANCEL:
        return _cancelled(appointment, request, after, applied, actor, now)
    refused = first(practising(facts), alive(request, now))
    if refused is not None:
        return refused
    span = moved_span(appointment, request.proposed[0], now)
    if isinstance(span, Refused):
        return span
    placed = place(
        facts, span, appointment.client, now=now, allow_overlap=allow_overlap, ignoring=frozenset({appointment.id})
    )
    if isinstance(placed, Refused):
        return placed
    return landed(
        facts,
        appointment,
        request,
        span,
        placed,
        RequestApproved,
        act=RequestAct.APPROVE,
        fee=ChargeState.STORED if applied else ChargeState.WAIVED,
        id=id,
        actor=actor,
        now=now,
    )


def _cancelled(
    appointment: Appointment,
    request: ChangeRequest,
    after: AppointmentStatus,
    applied: bool,
    actor: Actor,
    now: datetime,
) -> Accepted[Appointment]:
    closed = changed(request, status=REQUEST[request.status][RequestAct.APPROVE])
    charge = appointment.charge
    if charge is not None and charge.state is ChargeState.DECISION_PENDING:
        charge = replace(charge, state=CHARGE[charge.state][ChargeAct.APPLY if applied else ChargeAct.WAIVE])
    wish = Cancellation(
        reason=request.reason or "client_request",
        initiator=Initiator.CLIENT,
        requested_at=request.requested_at,
        late=request.quote is not None and request.quote.late,
        text=request.text,
    )
    cancelled = changed(
        appointment,
        status=after,
        cancellation=wish,
        charge=charge,
        sequence=appointment.sequence + 1,
    )
    event = tell(
        AppointmentCancelled,
        cancelled,
        actor,
        now,
        reason=wish.reason,
        initiator=wish.initiator,
        requested_at=wish.requested_at,
        late=wish.late,
    )
    before = appointment.charge.state if appointment.charge else None
    return Accepted(
        cancelled,
        (tell_request(RequestApproved, closed, actor, now), event, *fee_told(cancelled, before, actor, now)),
        (),
        (cancelled, closed),
    )


def suggest(facts: Facts, *, starts: Sequence[datetime], actor: Actor, now: datetime) -> Decision[ChangeRequest]:
    """Suggest other times instead of the proposed one: each is held for the client until answered (S36, A9)."""
    asked = asked_about(facts, actor, Action.SUGGEST, RequestAct.SUGGEST)
    if isinstance(asked, Refused):
        return asked
    appointment, request = asked
    refused = suggestible(facts, request, now)
    if refused is not None:
        return refused
    if not 1 <= len(starts) <= MOST_ALTERNATIVES:
        return refuse(
            Code.INVALID_VALUE, f"suggest 1 to {MOST_ALTERNATIVES} times", field="starts", most=MOST_ALTERNATIVES
        )
    spans = [moved_span(appointment, start, now, f"starts[{number}]") for number, start in enumerate(starts)]
    wrong = [row for span in spans if isinstance(span, Refused) for row in span.refusals]
    if wrong:
        return Refused(tuple(wrong))
    stopped = [
        Refusal(row.code, row.message, f"starts[{number}]", row.details)
        for number, span in enumerate(spans)
        if not isinstance(span, Refused)
        for row in clashes(facts, span, appointment.client, now=now, ignoring=frozenset({appointment.id}))
    ]
    if stopped:
        return Refused(tuple(stopped))
    suggested = changed(
        request,
        status=REQUEST[request.status][RequestAct.SUGGEST],
        proposed=tuple(span.start for span in spans if not isinstance(span, Refused)),
    )
    return Accepted(suggested, (tell_request(AlternativesSuggested, suggested, actor, now),), (), (suggested,))


def suggestible(facts: Facts, request: ChangeRequest, now: datetime) -> Refused | None:
    """Refuse suggestions on what is no living request to move, or of a clinician who is not active."""
    if request.asks is not RequestKind.RESCHEDULE:
        return refuse(Code.INVALID_TRANSITION, "a cancellation has no other time", field="request")
    return first(practising(facts), alive(request, now))


def decline_request(facts: Facts, *, actor: Actor, now: datetime) -> Decision[ChangeRequest]:
    """Decline an open request: the original stands (A42)."""
    asked = asked_about(facts, actor, Action.DECLINE_REQUEST, RequestAct.DECLINE)
    if isinstance(asked, Refused):
        return asked
    return closed_request(*asked, RequestAct.DECLINE, RequestDeclined, actor, now)


def expire_request(facts: Facts, *, actor: Actor, now: datetime) -> Decision[ChangeRequest]:
    """Let an undecided request to move lapse; a cancellation request never lapses (A7, A9)."""
    asked = asked_about(facts, actor, Action.EXPIRE, RequestAct.EXPIRE)
    if isinstance(asked, Refused):
        return asked
    appointment, request = asked
    until = request.expires_at
    if until is None:
        return refuse(Code.INVALID_TRANSITION, "a cancellation request waits for its answer", field="request")
    if now < until:
        return refuse(Code.NOT_STARTED_YET, "the request has not lapsed yet", field="request")
    return closed_request(appointment, request, RequestAct.EXPIRE, RequestExpired, actor, now)
