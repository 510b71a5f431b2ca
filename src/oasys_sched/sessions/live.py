"""Starting, ending and abandoning a session; its appointment moves along in the same commit (S37, S46, S55, A23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.checks import supported
from oasys_sched.booking.outcome import begin, complete, reopen
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refusal, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.people import ClinicianStatus
from oasys_sched.policies.access import Action
from oasys_sched.sessions.call import AT_START, Participant, Presence
from oasys_sched.sessions.checks import authorise, found
from oasys_sched.sessions.events import SessionAbandoned, SessionEnded, SessionStarted, TranscriptRetained
from oasys_sched.sessions.evidence import client_was_waiting
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.place import place_checked
from oasys_sched.sessions.previous import chosen
from oasys_sched.sessions.purging import order_purge
from oasys_sched.sessions.session import Origin, Session
from oasys_sched.sessions.table import SESSION, TRANSCRIPT, SessionAct, SessionStatus, TranscriptAct
from oasys_sched.sessions.telling import changed, tell, tell_transcript
from oasys_sched.sessions.transcript import PurgeReason
from oasys_sched.tables import step

__all__ = ["abandon", "end", "start"]


def start(
    facts: SessionFacts,
    *,
    id: str,
    mode: Mode | str | None = None,
    service: str | None = None,
    place: str | None = None,
    actor: Actor,
    now: datetime,
) -> Decision[Session]:
    """Start a session from its appointment, or, given a `service`, without one (S37, S46, S70).

    `mode` is the actual one, the booked one by default. `place` is where a client on the phone says to be (B12). A
    session the client is already waiting in keeps its own id; `id` names a new one.
    """
    refused = authorise(facts, actor, Action.START)
    if refused is not None:
        return refused
    if facts.clinician.status is not ClinicianStatus.ACTIVE:
        return refuse(Code.CLINICIAN_NOT_ACTIVE, "only an active clinician sees clients", field="clinician")
    along: Decision[Appointment] | None = None
    if facts.appointment is not None:
        along = _begun(facts, facts.appointment, actor, now)
        planned = along if isinstance(along, Refused) else _planned(facts, facts.appointment, id, mode, now)
    else:
        planned = _standalone(facts, id, service, mode, now)
    if isinstance(planned, Refused):
        return planned
    stated = place_checked(facts, planned.mode, place, actor, now, required=planned.mode is Mode.PHONE)
    if isinstance(stated, Refused):
        return stated
    if facts.active is not None and facts.active.id != planned.id:
        return refuse(Code.SESSION_ALREADY_ACTIVE, "end the other session first")
    host = Participant(
        person=planned.clinician,
        presence=Presence.IN_CALL,
        devices=AT_START,
        joined_at=now,
        admitted_at=now,
    )
    started = changed(
        planned,
        status=SessionStatus.ACTIVE,
        started_at=now,
        participants=(host, *planned.clients) if planned.mode is Mode.TELEHEALTH else planned.participants,
        places=(*planned.places, *stated.value),
    )
    booked = facts.appointment.mode if facts.appointment else started.mode
    event = tell(SessionStarted, started, actor, now, origin=started.origin, booked_mode=booked)
    return _together(started, (event,), along, stated.warnings)


def _begun(facts: SessionFacts, appointment: Appointment, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Return the appointment in progress, if it and the session so far allow that (S37, A47)."""
    if appointment.status is AppointmentStatus.PENDING:
        return refuse(Code.NOT_CONFIRMED, "approve the booking first", field="appointment")
    if facts.session is not None:
        status = step(SESSION, facts.session.status, SessionAct.START)
        if isinstance(status, Refused):
            return status
    begun = begin(appointment, request=facts.request, actor=actor, now=now)
    early = facts.policy.early_start
    if isinstance(begun, Accepted) and early is not None and now < appointment.starts_at - early:
        earliest = appointment.starts_at - early
        return refuse(Code.TOO_SOON, "it may not start that early", field="now", earliest=earliest.isoformat())
    return begun


def _planned(
    facts: SessionFacts, appointment: Appointment, id: str, mode: Mode | str | None, now: datetime
) -> Session | Refused:
    """Return the session of an appointment, still waiting, in the mode chosen at the start (S46, A14)."""
    actual: Mode | Refused = appointment.mode
    if mode is not None and mode != appointment.mode:
        service = facts.service(appointment.service)
        actual = supported(mode, service.modes if service else (appointment.mode,))
    if isinstance(actual, Refused):
        return actual
    return replace(facts.session, mode=actual) if facts.session else lobby(appointment, id, actual, now)


def lobby(appointment: Appointment, id: str, mode: Mode, now: datetime) -> Session:
    """Return the session of an appointment before anything happened in it."""
    return Session(
        practice=appointment.practice,
        id=id,
        clinician=appointment.clinician,
        client=appointment.client,
        service=appointment.service,
        mode=mode,
        zone=appointment.zone,
        duration=appointment.duration,
        appointment=appointment.id,
        created_at=now,
        price=appointment.price,
    )


def _standalone(
    facts: SessionFacts, id: str, service: str | None, mode: Mode | str | None, now: datetime
) -> Session | Refused:
    """Return a session without an appointment, for a client who is here now (S70)."""
    if service is None:
        return refuse(Code.NOT_FOUND, "no such appointment", field="appointment")
    what = chosen(facts, service, mode)
    if isinstance(what, Refused):
        return what
    return Session(
        practice=facts.practice,
        id=id,
        clinician=facts.clinician.id,
        client=what.client.id,
        service=what.service.id,
        mode=what.mode,
        zone=facts.clinician.zone,
        duration=what.service.duration,
        origin=Origin.STANDALONE,
        created_at=now,
        price=what.service.price.amount(what.mode),
    )


def end(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Session]:
    """End an active session: timer and devices stop, everybody leaves, transcription stops (S55)."""
    session = found(facts, actor, Action.END)
    if isinstance(session, Refused):
        return session
    status = step(SESSION, session.status, SessionAct.END)
    if isinstance(status, Refused):
        return status
    along = None if facts.appointment is None else complete(facts.appointment, actor=actor, now=now)
    # A clock that was set back must not end a session before its start.
    at = max(now, session.started_at or now)
    ended = changed(session, status=status, ended_at=at, participants=_parted(session, now))
    retained = tuple(
        changed(row, status=TRANSCRIPT[row.status][TranscriptAct.RETAIN])
        for row in facts.transcripts
        if TranscriptAct.RETAIN in TRANSCRIPT[row.status]
    )
    events = (
        tell(SessionEnded, ended, actor, now, lasted=ended.elapsed(now)),
        *(tell_transcript(TranscriptRetained, row, actor, now) for row in retained),
    )
    return _together(ended, events, along, (), retained)


def abandon(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Session]:
    """Give up a session nobody came to; the appointment is upcoming again, its transcripts go at once (A23).

    Refused once a client was admitted to the call, or, in the other modes, once something is written in the note.
    """
    session = found(facts, actor, Action.ABANDON)
    if isinstance(session, Refused):
        return session
    status = step(SESSION, session.status, SessionAct.ABANDON)
    if isinstance(status, Refused):
        return status
    written = any(note is not None and not note.empty for note in (facts.note, facts.beside))
    if session.admitted_at is not None or (session.mode is not Mode.TELEHEALTH and written):
        return refuse(Code.INVALID_TRANSITION, "the session took place: end it", act="abandon", state="active")
    along = None if facts.appointment is None else reopen(facts.appointment, actor=actor, now=now)
    given_up = changed(session, status=status, ended_at=max(now, session.started_at or now),
                       participants=_parted(session, now))  # fmt: skip
    purged, told = order_purge(facts, PurgeReason.ABANDONED, actor, now)
    event = tell(SessionAbandoned, given_up, actor, now, was_waiting=client_was_waiting((session,)))
    return _together(given_up, (event, *told), along, (), purged)


def _parted(session: Session, now: datetime) -> tuple[Participant, ...]:
    return tuple(
        replace(row, presence=Presence.LEFT, devices=(), left_at=now)
        if row.presence in {Presence.IN_CALL, Presence.WAITING}
        else row
        for row in session.participants
    )


def _together(
    session: Session,
    events: tuple[Event, ...],
    along: Decision[Appointment] | None,
    warnings: tuple[Refusal, ...],
    more: tuple[object, ...] = (),
) -> Decision[Session]:
    """Return the session and its appointment as one acceptance."""
    if isinstance(along, Refused):
        return along
    moved, told = (along.changes, along.events) if along is not None else ((), ())
    return Accepted(session, (*events, *told), warnings, (session, *moved, *more))
