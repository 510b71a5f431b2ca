"""The first questions of every decision about a session: who asks, is it there, is it running."""

from __future__ import annotations

from collections.abc import Iterator

from oasys_sched.actors import CLIENT_SIDE, Actor, ActorKind
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.policies.access import Action, Relation, denied
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SESSION, SessionAct, SessionStatus
from oasys_sched.tables import step

__all__ = ["authorise", "found", "in_call", "relations", "running"]


def relations(facts: SessionFacts, actor: Actor) -> frozenset[Relation]:
    """Tell how an actor stands to the session, from facts read in the same moment."""
    return frozenset(_relations(facts, actor)) if actor.practice == facts.practice else frozenset()


def _relations(facts: SessionFacts, actor: Actor) -> Iterator[Relation]:
    subject = facts.session or facts.appointment
    clinician = subject.clinician if subject else facts.clinician.id
    # Whoever names an own session with somebody else's appointment has not asked about anything of their own.
    clients = {row.client for row in (facts.session, facts.appointment) if row is not None}
    if not clients and facts.client is not None:
        clients = {facts.client.id}
    client = clients.pop() if len(clients) == 1 else None
    if actor.kind not in CLIENT_SIDE:
        yield Relation.PRACTICE
    if actor.kind is ActorKind.CLINICIAN and actor.id == clinician:
        # The author of a note is the clinician of its session (S50).
        yield from (Relation.OWN, Relation.AUTHOR)
    if actor.kind is ActorKind.CLIENT and actor.id == client:
        yield Relation.OWN
    cared = facts.client
    if actor.kind is ActorKind.GUARDIAN and cared and (cared.id, cared.guardian) == (client, actor.id):
        yield Relation.OWN
    if actor.kind is ActorKind.SUPERVISOR and actor.id == facts.supervisor and facts.clinician.id == clinician:
        yield from (Relation.SUPERVISING, Relation.ASSIGNED)


def authorise(facts: SessionFacts, actor: Actor, action: Action) -> Refused | None:
    """Refuse an actor who may not: clients learn nothing of what is not theirs (`not_found`)."""
    return denied(actor.kind, action, relations(facts, actor))


def found(facts: SessionFacts, actor: Actor, action: Action) -> Session | Refused:
    """Return the session acted on, once it is clear that the actor may."""
    refused = authorise(facts, actor, action)
    if refused is not None:
        return refused
    if facts.session is None:
        return refuse(Code.NOT_FOUND, "no such session", field="session")
    return facts.session


def running(session: Session, act: SessionAct) -> SessionStatus | Refused:
    """Return the state a live act leads to; what is live is refused before the start and after the end (S71)."""
    if session.status is SessionStatus.ACTIVE:
        return step(SESSION, session.status, act)
    return refuse(Code.SESSION_NOT_ACTIVE, "only while the session is active", state=str(session.status))


def in_call(session: Session) -> Refused | None:
    """Refuse what only a telehealth session has (S39)."""
    if session.mode is Mode.TELEHEALTH:
        return None
    return refuse(Code.NOT_TELEHEALTH, "only in a telehealth session", field="mode")
