"""What an actor can do with an appointment right now: found by asking the very rules that decide (S27)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, final

from oasys_sched.actors import Actor
from oasys_sched.booking.answering import approve_request, decline_request, suggest
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.approval import approve, decline, expire, withdraw
from oasys_sched.booking.asking import (
    accept_alternative,
    decline_alternative,
    may_request_move,
    withdraw_request,
)
from oasys_sched.booking.cancelling import cancel, client_cancel
from oasys_sched.booking.charging import bill, decide_fee, reinstate_fee, waive_fee
from oasys_sched.booking.checks import relations
from oasys_sched.booking.commands import CancelOwn
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.moving import edit, reschedule
from oasys_sched.booking.outcome import mark_no_show, undo_no_show
from oasys_sched.booking.scope import Scope
from oasys_sched.decisions import Accepted, Refusal, Refused
from oasys_sched.fees.charges import WaiveReason
from oasys_sched.money import Money
from oasys_sched.policies.access import Action, may

__all__ = ["ActionState", "available_actions"]

_PROBE: Final = "probe"
# No practice has this price: the currency is the one that ISO 4217 keeps for tests.
_PRICE: Final = Money(1, "XTS")
_DAY: Final = timedelta(days=1)


@final
@dataclass(frozen=True, slots=True)
class ActionState:
    """One action: available, or refused for these reasons whatever its arguments."""

    action: Action
    refusals: tuple[Refusal, ...] = ()

    @property
    def enabled(self) -> bool:
        """Whether it succeeds, given suitable arguments."""
        return not self.refusals


_Answer = Accepted[object] | Refused | None
_Probe = Callable[[Facts, Appointment, Actor, datetime], _Answer]


def available_actions(
    appointment: Appointment, facts: Facts, *, actor: Actor, now: datetime
) -> tuple[ActionState, ...]:
    """Return every action this actor may ever take on the appointment, each enabled or with the reason why not.

    Enabled ones succeed with suitable arguments (a free time, a reason, an allowed overlap), disabled ones with none.
    Actions nobody of this kind may take are left out; to a stranger there is nothing. Starting a session is the
    session's business.
    """
    about = replace(facts, appointment=appointment)
    about = replace(about, request=about.open_request)
    how = relations(about, actor)
    return tuple(
        ActionState(action, _refusals(probe(about, appointment, actor, now)))
        for action, probe in _PROBES.items()
        if may(actor.kind, action, how)
    )


def _refusals(answer: _Answer) -> tuple[Refusal, ...]:
    return answer.refusals if isinstance(answer, Refused) else ()


def _free(facts: Facts, appointment: Appointment, now: datetime) -> datetime:
    """Return a time after everything known, at which nothing can be in the way."""
    known = [row.ends_at for row in (*facts.agenda, *facts.client_agenda, *facts.series, appointment)]
    known += [hold.end for hold in facts.held(now=now)]
    return max([now, *known]) + _DAY


def _reschedule(facts: Facts, appointment: Appointment, actor: Actor, now: datetime) -> _Answer:
    return reschedule(facts, starts_at=_free(facts, appointment, now), scope=Scope.THIS, actor=actor, now=now)


def _edit(facts: Facts, _: Appointment, actor: Actor, now: datetime) -> _Answer:
    return edit(facts, price=_PRICE, actor=actor, now=now)


def _cancel(facts: Facts, _: Appointment, actor: Actor, now: datetime) -> _Answer:
    return cancel(facts, reason="clinician_unavailable", scope=Scope.THIS, actor=actor, now=now)


def _accept_alternative(facts: Facts, _: Appointment, actor: Actor, now: datetime) -> _Answer:
    starts = facts.request.proposed if facts.request is not None else ()
    answers = [accept_alternative(facts, starts_at=start, id=_PROBE, actor=actor, now=now) for start in (*starts, now)]
    return next((answer for answer in answers if isinstance(answer, Accepted)), answers[0])


_PROBES: Final[Mapping[Action, _Probe]] = {
    Action.APPROVE: lambda facts, _, actor, now: approve(facts, allow_overlap=True, actor=actor, now=now),
    Action.DECLINE: lambda facts, _, actor, now: decline(facts, actor=actor, now=now),
    Action.WITHDRAW: lambda facts, _, actor, now: withdraw(facts, actor=actor, now=now),
    Action.EXPIRE: lambda facts, _, actor, now: expire(facts, actor=actor, now=now),
    Action.RESCHEDULE: _reschedule,
    Action.EDIT: _edit,
    Action.CANCEL: _cancel,
    Action.CLIENT_CANCEL: lambda facts, _, actor, now: client_cancel(
        facts, CancelOwn(), id=_PROBE, actor=actor, now=now
    ),
    Action.REQUEST_RESCHEDULE: lambda facts, about, _, now: may_request_move(facts, about, now),
    Action.APPROVE_REQUEST: lambda facts, _, actor, now: approve_request(
        facts, allow_overlap=True, id=_PROBE, actor=actor, now=now
    ),
    Action.SUGGEST: lambda facts, about, actor, now: suggest(
        facts, starts=[_free(facts, about, now)], actor=actor, now=now
    ),
    Action.DECLINE_REQUEST: lambda facts, _, actor, now: decline_request(facts, actor=actor, now=now),
    Action.ACCEPT_ALTERNATIVE: _accept_alternative,
    Action.DECLINE_ALTERNATIVE: lambda facts, _, actor, now: decline_alternative(facts, actor=actor, now=now),
    Action.WITHDRAW_REQUEST: lambda facts, _, actor, now: withdraw_request(facts, actor=actor, now=now),
    Action.MARK_NO_SHOW: lambda facts, _, actor, now: mark_no_show(facts, reason=_PROBE, actor=actor, now=now),
    Action.UNDO_NO_SHOW: lambda facts, _, actor, now: undo_no_show(facts, reason=_PROBE, actor=actor, now=now),
    Action.DECIDE_FEE: lambda facts, _, actor, now: decide_fee(facts, apply=True, actor=actor, now=now),
    Action.WAIVE_FEE: lambda facts, _, actor, now: waive_fee(facts, reason=WaiveReason.OTHER, actor=actor, now=now),
    Action.REINSTATE_FEE: lambda facts, _, actor, now: reinstate_fee(facts, reason=_PROBE, actor=actor, now=now),
    Action.BILL: lambda facts, _, actor, now: bill(facts, actor=actor, now=now),
}
