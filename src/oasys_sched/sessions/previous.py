"""Sessions after the fact: logged, walked in, linked to their appointment; and the history of all (S61-S72)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.booking.checks import chosen_mode, instant, lasting, offered
from oasys_sched.booking.outcome import begin, complete
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.people import Client, ClientStatus
from oasys_sched.policies.access import Action
from oasys_sched.services import Service
from oasys_sched.sessions.checks import authorise, found
from oasys_sched.sessions.events import SessionBilled, SessionLinked, SessionLogged
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.note_events import NoteStarted
from oasys_sched.sessions.session import AFTER_THE_FACT, Origin, Session
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.sessions.telling import changed, tell, tell_note
from oasys_sched.times import Span

__all__ = ["bill_session", "chosen", "link_logged", "log_previous", "session_history"]


@final
@dataclass(frozen=True, slots=True)
class _Chosen:
    client: Client
    service: Service
    mode: Mode


def chosen(facts: SessionFacts, service: str, mode: Mode | str | None) -> _Chosen | Refused:
    """Return client, service and mode of a session without a booking: any client of the practice will do (S64, A24)."""
    if facts.client is None:
        return refuse(Code.NOT_FOUND, "no such client", field="client")
    if facts.client.status is ClientStatus.ARCHIVED:
        return refuse(Code.CLIENT_ARCHIVED, "the client is archived", field="client")
    what = offered(facts.service(service), facts.clinician)
    if isinstance(what, Refused):
        return what
    how = chosen_mode(what, mode, default=True)
    return how if isinstance(how, Refused) else _Chosen(facts.client, what, how)


def log_previous(
    facts: SessionFacts,
    *,
    id: str,
    note_id: str,
    nonce: str,
    service: str,
    mode: Mode | str | None = None,
    starts_at: datetime,
    duration: timedelta | None = None,
    walk_in: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[Session]:
    """Record a session that took place elsewhere, or with a client who walked in, and open its note (S61, S72).

    No appointment is made and nobody is told. Availability and conflicts do not matter: it is a fact, not a plan. An
    overlap with another session is a warning (S65).
    """
    refused = authorise(facts, actor, Action.LOG_SESSION)
    if refused is not None:
        return refused
    what = chosen(facts, service, mode)
    if isinstance(what, Refused):
        return what
    start = instant(starts_at, "starts_at")
    length = what.service.duration if duration is None else duration
    took = start if isinstance(start, Refused) else lasting(start, length)
    if isinstance(took, Refused):
        return took
    if took.end > now:
        return refuse(Code.NOT_IN_PAST, "log a session once it is over: plan a future one", field="starts_at")
    # Anything whose time touches; the same client, start and service is the same session told twice.
    others = [row for row in facts.nearby if _took(row) is not None]
    for other in others:
        if (other.client, other.service, other.started_at) == (what.client.id, what.service.id, took.start):
            return refuse(Code.DUPLICATE_SESSION, "this session is recorded already", field="starts_at")
    logged = Session(
        practice=facts.practice,
        id=id,
        revision=1,
        clinician=facts.clinician.id,
        client=what.client.id,
        service=what.service.id,
        mode=what.mode,
        zone=facts.clinician.zone,
        duration=took.duration,
        origin=Origin.WALK_IN if walk_in else Origin.LOGGED,
        status=SessionStatus.ENDED,
        created_at=now,
        started_at=took.start,
        ended_at=took.end,
        price=what.service.price.amount(what.mode),
    )
    note = Note(
        practice=logged.practice,
        id=note_id,
        revision=1,
        session=id,
        clinician=logged.clinician,
        client=logged.client,
        nonce=nonce,
        format=facts.clinician.note_format,
        created_at=now,
        saved_at=now,
    )
    warnings = tuple(
        Refusal(Code.OVERLAP, "another session of the clinician or the client overlaps", "starts_at")
        for other in others
        if (span := _took(other)) is not None and span.start < took.end and took.start < span.end
    )
    events = (
        tell(SessionLogged, logged, actor, now, origin=logged.origin, took_place=took.start, lasted=took.duration),
        tell_note(NoteStarted, note, actor, now),
    )
    return Accepted(logged, events, warnings[:1], (logged, note))


def _took(session: Session) -> Span | None:
    if session.started_at is None or session.status is SessionStatus.ABANDONED:
        return None
    return session.index.span


def link_logged(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Session]:
    """Make a logged session the outcome of a past appointment that was never started (A31)."""
    session = found(facts, actor, Action.LOG_SESSION)
    if isinstance(session, Refused):
        return session
    appointment = facts.appointment
    theirs = (session.clinician, session.client)
    if appointment is None or (appointment.clinician, appointment.client) != theirs or actor.id != session.clinician:
        return refuse(Code.NOT_FOUND, "no such appointment of this client", field="appointment")
    if session.origin not in AFTER_THE_FACT or session.appointment is not None:
        return refuse(Code.INVALID_TRANSITION, "only a logged session that is not linked yet", act="link")
    if appointment.starts_at > now:
        return refuse(Code.NOT_STARTED_YET, "the appointment still lies ahead", field="appointment")
    if appointment.status is AppointmentStatus.PENDING:
        return refuse(Code.NOT_CONFIRMED, "approve the booking first", field="appointment")
    begun = begin(appointment, request=facts.request, actor=actor, now=now)
    if isinstance(begun, Refused):
        return begun
    done = complete(begun.value, actor=actor, now=now).or_raise()
    # Two steps of the appointment's table in one commit are one new revision of it.
    outcome = replace(done.value, revision=appointment.revision + 1)
    linked = changed(session, appointment=appointment.id)
    closed = tuple(row for row in begun.changes if row is not begun.value)
    events = (tell(SessionLinked, linked, actor, now), *begun.events, *done.events)
    return Accepted(linked, events, (), (linked, outcome, *closed))


def bill_session(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Session]:
    """Mark an ended session as billed, once (S69)."""
    session = found(facts, actor, Action.BILL)
    if isinstance(session, Refused):
        return session
    if session.status is not SessionStatus.ENDED or session.billed:
        return refuse(Code.INVALID_TRANSITION, "only an ended session, and only once", act="bill")
    billed = changed(session, billed=True)
    return Accepted(billed, (tell(SessionBilled, billed, actor, now),), (), (billed,))


def session_history(sessions: Iterable[Session], client: str) -> tuple[Session, ...]:
    """Return what took place with one client, scheduled and logged alike, each once, by actual start (S68)."""
    held = {row.id: row for row in sessions if row.client == client and _took(row) is not None}
    return tuple(sorted(held.values(), key=lambda row: (row.started_at or row.created_at, row.id)))
