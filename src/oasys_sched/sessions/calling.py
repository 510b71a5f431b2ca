"""The call: join, admit, leave, switch devices, chat. Only telehealth sessions have one (S38-S42)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.policies.access import Action
from oasys_sched.sessions.call import ChatMessage, Device, Participant, Presence
from oasys_sched.sessions.checks import authorise, found, in_call, running
from oasys_sched.sessions.events import ClientAdmitted, ClientWaiting, DeviceSwitched, ParticipantLeft
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.live import lobby
from oasys_sched.sessions.place import place_checked
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SESSION, SessionAct
from oasys_sched.sessions.telling import changed, tell

__all__ = ["admit", "chat", "join", "leave", "toggle"]

_PRESENT = frozenset({Presence.WAITING, Presence.IN_CALL})
_JOINABLE = frozenset({AppointmentStatus.UPCOMING, AppointmentStatus.IN_PROGRESS})


def join(facts: SessionFacts, *, id: str, place: str | None = None, actor: Actor, now: datetime) -> Decision[Session]:
    """Enter the waiting room, before the start or after it, and never the call itself (S40).

    `place` is where the client says to be (B12). `id` names the session if none exists yet. Joining twice changes
    nothing, unless it states another place; who left and comes back waits again (A22).
    """
    refused = authorise(facts, actor, Action.JOIN)
    if refused is not None:
        return refused
    session = _joinable(facts, id, now)
    if isinstance(session, Refused):
        return session
    refused = in_call(session)
    if refused is not None:
        return refused
    known = session.participant(actor.id) or Participant(person=actor.id)
    present = known.presence in _PRESENT
    stated = place_checked(facts, session.mode, place, actor, now, required=not present)
    if isinstance(stated, Refused):
        return stated
    if present and [row.place for row in stated.value] in ([], [_last_place(session, actor)]):
        return Accepted(session)
    waiting = replace(known, presence=Presence.WAITING, joined_at=known.joined_at or now, left_at=None)
    joined = changed(session if present else _seated(session, waiting), places=(*session.places, *stated.value))
    events = () if present else (tell(ClientWaiting, joined, actor, now, person=actor.id),)
    return Accepted(joined, events, stated.warnings, (joined,))


def _last_place(session: Session, actor: Actor) -> str | None:
    return next((row.place for row in reversed(session.places) if row.stated_by == actor.id), None)


def _joinable(facts: SessionFacts, id: str, now: datetime) -> Session | Refused:
    """Return the session to wait in: the one that is, or the lobby of an upcoming appointment."""
    session, appointment = facts.session, facts.appointment
    over = session is not None and SessionAct.JOIN not in SESSION[session.status]
    off = appointment is not None and appointment.status not in _JOINABLE
    if over or off:
        return refuse(Code.SESSION_NOT_JOINABLE, "the session is over, cancelled or not confirmed")
    if session is not None:
        return session
    if appointment is not None:
        return lobby(appointment, id, appointment.mode, now)
    return refuse(Code.NOT_FOUND, "no such appointment", field="appointment")


def admit(facts: SessionFacts, *, person: str | None = None, actor: Actor, now: datetime) -> Decision[Session]:
    """Let somebody from the waiting room into the call: the named person, or whoever came first (S41)."""
    session = _live(facts, actor, Action.ADMIT, SessionAct.ADMIT)
    if isinstance(session, Refused):
        return session
    guest = next((row for row in session.waiting if person in {None, row.person}), None)
    if guest is None:
        return refuse(Code.NOT_WAITING, "nobody is waiting to be admitted", field="person")
    inside = replace(guest, presence=Presence.IN_CALL, admitted_at=guest.admitted_at or now)
    admitted = changed(_seated(session, inside))
    event = tell(ClientAdmitted, admitted, actor, now, person=guest.person)
    return Accepted(admitted, (event,), (), (admitted,))


def leave(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Session]:
    """Leave the call or the waiting room; coming back means waiting again (A22)."""
    session = found(facts, actor, Action.LEAVE)
    if isinstance(session, Refused):
        return session
    if SessionAct.LEAVE not in SESSION[session.status]:
        return refuse(Code.SESSION_NOT_ACTIVE, "the session is over", state=str(session.status))
    guest = session.participant(actor.id)
    if guest is None or guest.presence not in _PRESENT:
        return refuse(Code.NOT_IN_CALL, "neither waiting nor in the call")
    gone = changed(_seated(session, replace(guest, presence=Presence.LEFT, devices=(), left_at=now)))
    return Accepted(gone, (tell(ParticipantLeft, gone, actor, now, person=actor.id),), (), (gone,))


def toggle(facts: SessionFacts, *, device: Device | str, on: bool, actor: Actor, now: datetime) -> Decision[Session]:
    """Switch one of the own devices or capabilities, each independently of the others (S39, S42)."""
    session = _live(facts, actor, Action.USE_CALL, SessionAct.TOGGLE)
    if isinstance(session, Refused):
        return session
    inside = _inside(session, actor)
    if isinstance(inside, Refused):
        return inside
    if device not in set(Device):
        return refuse(Code.INVALID_VALUE, f"give one of {', '.join(Device)}", field="device")
    chosen = Device(device)
    if (chosen in inside.devices) is on:
        return Accepted(session)
    devices = tuple(row for row in Device if (on if row is chosen else row in inside.devices))
    switched = changed(_seated(session, replace(inside, devices=devices)))
    event = tell(DeviceSwitched, switched, actor, now, device=chosen, on=on)
    return Accepted(switched, (event,), (), (switched,))


def chat(facts: SessionFacts, *, text: str, actor: Actor, now: datetime) -> Decision[ChatMessage]:
    """Say something in the call's chat. The message is handed back to be passed on, and nothing keeps it (A43)."""
    session = _live(facts, actor, Action.USE_CALL, SessionAct.CHAT)
    if isinstance(session, Refused):
        return session
    inside = _inside(session, actor)
    if isinstance(inside, Refused):
        return inside
    if not isinstance(text, str) or not text.strip() or len(text) > facts.policy.chat_characters:
        most = facts.policy.chat_characters
        return refuse(Code.INVALID_VALUE, f"write 1 to {most} characters", field="text", limit=most)
    return Accepted(ChatMessage(session=session.id, sender=actor.id, at=now, text=Sensitive(text)))


def _live(facts: SessionFacts, actor: Actor, action: Action, act: SessionAct) -> Session | Refused:
    """Return the active telehealth session, once it is clear that the actor may."""
    session = found(facts, actor, action)
    if isinstance(session, Refused):
        return session
    status = running(session, act)
    if isinstance(status, Refused):
        return status
    refused = in_call(session)
    return session if refused is None else refused


def _inside(session: Session, actor: Actor) -> Participant | Refused:
    """Return the actor's place in the call; who waits has none (S42)."""
    row = session.participant(actor.id)
    if row is None or row.presence is not Presence.IN_CALL:
        return refuse(Code.NOT_IN_CALL, "only for somebody who was admitted")
    return row


def _seated(session: Session, person: Participant) -> Session:
    others = tuple(row for row in session.participants if row.person != person.person)
    return replace(session, participants=(*others, person))
