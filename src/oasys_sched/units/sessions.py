"""What a journey of sessions, notes and transcripts has to load, and the facts in what was found: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.request import OPEN_REQUEST, ChangeRequest
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.codes import Code
from oasys_sched.decisions import Decision, refuse
from oasys_sched.people import Client, Clinician
from oasys_sched.ports import Query, Snapshot, Wanted
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.policy import SessionPolicy
from oasys_sched.sessions.purging import prove_purge
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.sessions.transcript import READABLE, PurgeObligation, PurgeStatus, Transcript
from oasys_sched.times import EARLIEST, LATEST, Span
from oasys_sched.units.asks import SessionAsk, guard_of, instants
from oasys_sched.units.commits import Seen

__all__ = [
    "Attended",
    "attended",
    "kept_transcripts",
    "open_purges",
    "proof",
    "seen_session",
    "session_look",
    "session_second_look",
    "sessions_of",
]

Proof: TypeAlias = Callable[[SessionFacts, datetime], Decision[PurgeObligation]]

# A logged session lasts a day at most, so nothing further away can touch it.
_NEAR: Final = timedelta(days=2)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """Whom and what a session ask is about, once the first look has found the things it names."""

    clinician: str
    client: str | None
    session: Session | None
    appointment: str | None


def session_look(actor: Actor, ask: SessionAsk) -> Wanted:
    """Return what names the people: the session, its appointment, the client."""
    named = (("session", ask.session), ("appointment", ask.appointment), ("client", ask.client))
    queries = [Query(kind=kind, ids=(id,)) for kind, id in named if id is not None]
    if ask.session is None and ask.appointment is not None:
        queries.append(Query(kind="session", parent=ask.appointment))
    return Wanted(practice=actor.practice, queries=tuple(queries))


def attended(ask: SessionAsk, found: Snapshot, default_clinician: str | None) -> Attended | None:
    """Return whom the ask is about; None when something it names does not exist."""
    appointment = found.get(Appointment, ask.appointment)
    # What was abandoned is over: its appointment is upcoming again, and starts anew (A23).
    alive = (row for row in found.all(Session) if row.status is not SessionStatus.ABANDONED)
    session = found.get(Session, ask.session) if ask.session else next(alive, None)
    client = found.get(Client, ask.client)
    if (ask.session and not session) or (ask.appointment and not appointment) or (ask.client and not client):
        return None
    subject = session or appointment
    clinician = subject.clinician if subject else ask.clinician or default_clinician
    if clinician is None:
        return None
    return Attended(
        clinician=clinician,
        client=subject.client if subject else ask.client,
        session=session,
        appointment=ask.appointment or (session.appointment if session else None),
    )


def session_second_look(actor: Actor, ask: SessionAsk, about: Attended) -> Wanted:
    """Return everything the decision may look at."""
    active = (SessionStatus.ACTIVE.value,)
    queries = [
        Query(kind="clinician", ids=(about.clinician,)),
        Query(kind="schedule", ids=(about.clinician,)),
        Query(kind="service"),
        Query(kind="session", clinician=about.clinician, statuses=active),
    ]
    if about.client is not None:
        queries.append(Query(kind="client", ids=(about.client,)))
    if about.appointment is not None:
        queries += [
            Query(kind="appointment", ids=(about.appointment,)),
            Query(kind="request", parent=about.appointment, statuses=tuple(sorted(OPEN_REQUEST))),
        ]
    if about.session is not None:
        queries.append(Query(kind="session", ids=(about.session.id,)))
        queries += [Query(kind=kind, parent=about.session.id) for kind in ("note", "transcript", "purge")]
    for when in instants(ask):
        middle = min(max(when, EARLIEST + _NEAR), LATEST - _NEAR)
        near = Span(middle - _NEAR, middle + _NEAR)
        queries.append(Query(kind="session", clinician=about.clinician, within=near))
        queries.append(Query(kind="session", client=about.client, within=near))
    guards = (guard_of(about.appointment),) if about.appointment is not None else ()
    return Wanted(practice=actor.practice, queries=tuple(queries), guards=guards, outcome=ask.stored_key(actor))


def seen_session(found: Snapshot, ask: SessionAsk, about: Attended, policy: SessionPolicy) -> Seen | None:
    """Return the facts of a snapshot; None when the clinician is not there."""
    clinician = found.get(Clinician, about.clinician)
    if clinician is None:
        return None
    session = found.get(Session, about.session.id) if about.session else None
    others = tuple(row for row in found.all(Session) if session is None or row.id != session.id)
    client = found.get(Client, about.client)
    schedule = found.get(Schedule, about.clinician)
    facts = SessionFacts(
        clinician=clinician,
        client=client,
        services=tuple(row.service for row in found.all(ServiceRecord)),
        policy=policy,
        appointment=found.get(Appointment, about.appointment),
        request=next((row for row in found.all(ChangeRequest) if row.is_open), None),
        session=session,
        active=next(
            (row for row in others if row.status is SessionStatus.ACTIVE and row.clinician == clinician.id), None
        ),
        nearby=others,
        note=next((row for row in found.all(Note) if row.purpose is ask.purpose), None),
        beside=next((row for row in found.all(Note) if row.purpose is not ask.purpose), None),
        transcripts=found.all(Transcript),
        obligations=found.all(PurgeObligation),
    )
    if schedule is None:
        return Seen(found=found, facts=facts, client=client)
    return Seen(found=found, facts=facts, client=client, reminders=schedule.reminders)


def open_purges(practice: str, session: str | None = None) -> Wanted:
    """Return what finds the erasures still owed, of one session or of all."""
    return Wanted(practice=practice, queries=(Query(kind="purge", parent=session, statuses=(PurgeStatus.OPEN.value,)),))


def kept_transcripts(practice: str) -> Wanted:
    """Return what finds every transcript that may still be read."""
    return Wanted(practice=practice, queries=(Query(kind="transcript", statuses=tuple(sorted(READABLE))),))


def sessions_of(practice: str, transcripts: Iterable[Transcript]) -> Wanted:
    """Return what finds the sessions of some transcripts."""
    ids = tuple(sorted({row.session for row in transcripts}))
    return Wanted(practice=practice, queries=(Query(kind="session", ids=ids),))


def proof(duty: str, *, absent: bool, count: int, store: str, method: str, actor: Actor) -> Proof:
    """Return the rule that closes one erasure, or counts the attempt."""

    def decide(facts: SessionFacts, now: datetime) -> Decision[PurgeObligation]:
        owed = next((row for row in facts.obligations if row.id == duty), None)
        transcript = next((row for row in facts.transcripts if row.id == duty), None)
        if owed is None or transcript is None:
            return refuse(Code.NOT_FOUND, "no such erasure", field="purge")
        return prove_purge(
            owed, transcript, absent=absent, count=count, store=store, method=method, actor=actor, now=now
        )

    return decide
