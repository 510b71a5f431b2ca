"""The client's side of a change request: ask to move, accept or decline what is suggested, take it back (S34, S36)."""

from __future__ import annotations

from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.cancelling import may_open_request, quoted
from oasys_sched.booking.checks import found, instant
from oasys_sched.booking.commands import RequestMove
from oasys_sched.booking.conflicts import Placed, clashes
from oasys_sched.booking.events import (
    AlternativeAccepted,
    AlternativesDeclined,
    RequestOpened,
    RequestWithdrawn,
)
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.landing import alive, asked_about, closed_request, landed
from oasys_sched.booking.moving import moved_span
from oasys_sched.booking.offers import free_for_client, public, service_as_booked
from oasys_sched.booking.request import ChangeRequest, RequestKind
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, RequestAct, step
from oasys_sched.booking.telling import opened, tell_request
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.fees.charges import ChargeState
from oasys_sched.policies.access import Action
from oasys_sched.times import find_zone

__all__ = ["accept_alternative", "decline_alternative", "request_reschedule", "withdraw_request"]


def request_reschedule(
    facts: Facts, command: RequestMove, *, id: str, actor: Actor, now: datetime
) -> Decision[ChangeRequest]:
    """Ask to move an own upcoming appointment to another free slot; it stays where it is until agreed (S34).

    The proposed time is held meanwhile (A9). Every move a client asks for needs the clinician's approval (A39).
    """
    appointment = found(facts, actor, Action.REQUEST_RESCHEDULE)
    if isinstance(appointment, Refused):
        return appointment
    refused = movable_by_client(facts, appointment, now)
    if refused is not None:
        return refused
    start = instant(command.starts_at, "starts_at")
    if isinstance(start, Refused):
        return start
    if start == appointment.starts_at:
        return refuse(Code.NO_CHANGE, "the appointment already starts then", field="starts_at")
    service = service_as_booked(facts, appointment)
    stopped = free_for_client(
        facts,
        service,
        start,
        appointment.client,
        now=now,
        mode=appointment.mode,
        location=appointment.location,
        ignoring=appointment.id,
    )
    if stopped:
        return Refused(stopped)
    quote = quoted(facts, appointment, now)
    counts = quote.late and facts.schedule.cancellation.late_reschedule_counts
    request = opened(
        appointment,
        RequestKind.RESCHEDULE,
        id=id,
        now=now,
        proposed=(start,),
        late_notice=quote.late,
        quote=quote if counts else None,
        text=command.text,
    )
    return Accepted(request, (tell_request(RequestOpened, request, actor, now, late=quote.late),), (), (request,))


def may_request_move(facts: Facts, appointment: Appointment, now: datetime) -> Refused | None:
    """Refuse where its client could ask for no start at all."""
    refused = movable_by_client(facts, appointment, now)
    if refused is not None or facts.offers_times:
        return refused
    return refuse(Code.NO_AVAILABILITY, "no times are offered", field="starts_at")


def movable_by_client(facts: Facts, appointment: Appointment, now: datetime) -> Refused | None:
    """Refuse where state or policy does not let a client ask for a move (S34, B16, B18)."""
    begun = appointment.status is AppointmentStatus.UPCOMING and now >= appointment.starts_at
    if begun or appointment.status is AppointmentStatus.IN_PROGRESS:
        return refuse(Code.ALREADY_STARTED, "it has started: call the practice", field="appointment")
    status = step(APPOINTMENT, appointment.status, AppointmentAct.REQUEST_RESCHEDULE)
    if isinstance(status, Refused):
        return status
    full = may_open_request(facts, appointment)
    if full is not None:
        return full
    most = facts.schedule.cancellation.for_service(appointment.service).max_reschedules
    if most is not None and appointment.reschedules >= most:
        return refuse(Code.TOO_MANY_RESCHEDULES, "it has been moved too often: call the practice", limit=most)
    notice = facts.schedule.booking.reschedule_notice
    if notice is not None and now > notice.before(appointment.starts_at, find_zone(appointment.zone)):
        return refuse(
            Code.TOO_SOON, "too close to the appointment to move it: call the practice", field="appointment",
            notice=str(notice),
        )  # fmt: skip
    return None


def accept_alternative(
    facts: Facts, *, starts_at: datetime, id: str | None = None, actor: Actor, now: datetime
) -> Decision[Appointment]:
    """Accept one of the suggested times: the appointment moves there (S36).

    `id` names the rebooked appointment where late moves count as late cancellations (A8).
    """
    asked = asked_about(facts, actor, Action.ACCEPT_ALTERNATIVE, RequestAct.ACCEPT_ALTERNATIVE)
    if isinstance(asked, Refused):
        return asked
    appointment, request = asked
    late = alive(request, now)
    if late is not None:
        return late
    span = moved_span(appointment, starts_at, now)
    if isinstance(span, Refused):
        return span
    stopped = clashes(facts, span, appointment.client, now=now, ignoring=frozenset({appointment.id}))
    if span.start not in request.proposed or stopped:
        return Refused(public(stopped))
    return landed(
        facts,
        appointment,
        request,
        span,
        Placed(overlap=False, warnings=()),
        AlternativeAccepted,
        act=RequestAct.ACCEPT_ALTERNATIVE,
        fee=ChargeState.DECISION_PENDING,
        id=id,
        actor=actor,
        now=now,
    )


def decline_alternative(facts: Facts, *, actor: Actor, now: datetime) -> Decision[ChangeRequest]:
    """Decline every suggested time: the original stands (S36)."""
    asked = asked_about(facts, actor, Action.DECLINE_ALTERNATIVE, RequestAct.DECLINE_ALTERNATIVE)
    if isinstance(asked, Refused):
        return asked
    return closed_request(*asked, RequestAct.DECLINE_ALTERNATIVE, AlternativesDeclined, actor, now)


def withdraw_request(facts: Facts, *, actor: Actor, now: datetime) -> Decision[ChangeRequest]:
    """Take an own open request back: the original stands."""
    asked = asked_about(facts, actor, Action.WITHDRAW_REQUEST, RequestAct.WITHDRAW)
    if isinstance(asked, Refused):
        return asked
    return closed_request(*asked, RequestAct.WITHDRAW, RequestWithdrawn, actor, now)
