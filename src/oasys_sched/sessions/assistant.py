"""What the assistant may be asked, and with which data: the rules build every request (S52, S53, O5, A44).

A request holds this client's data alone. An answer is a suggestion: it never reaches the note but by `insert_text`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.formats import FORMATS
from oasys_sched.modes import Mode
from oasys_sched.policies.access import Action
from oasys_sched.sessions.checks import authorise, found, running
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Note, NoteKind, Passage
from oasys_sched.sessions.previous import session_history
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SESSION, NoteAct, SessionAct, SessionStatus
from oasys_sched.sessions.timed import session_minutes
from oasys_sched.sessions.writing import draft

__all__ = [
    "AssistantTask",
    "HealthEntry",
    "PastSession",
    "PreparationRequest",
    "Question",
    "ScribeRequest",
    "Suggestion",
    "ask",
    "prepare",
    "scribe",
]

_BEFORE: Final = frozenset({AppointmentStatus.UPCOMING, AppointmentStatus.IN_PROGRESS})
_LONGEST: Final = 4_000


@unique
class AssistantTask(StrEnum):
    """The three kinds of help during a session (S53)."""

    HEALTH_TRENDS = "health_trends"
    INTERVENTIONS = "interventions"
    DOCUMENTATION = "documentation"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HealthEntry:
    """One measured value of one client, such as a questionnaire's score."""

    client: str
    measure: str
    at: datetime
    value: Sensitive[str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PastSession:
    """One line of a client's history."""

    service: str
    mode: Mode
    at: datetime
    minutes: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationRequest:
    """What preparing for a session may look at: exactly these three kinds, of this client alone (S52)."""

    client: str
    history: tuple[PastSession, ...] = ()
    health: tuple[HealthEntry, ...] = ()
    themes: tuple[Sensitive[str], ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question during a session, with this client's health data (S53)."""

    client: str
    task: AssistantTask
    text: Sensitive[str]
    health: tuple[HealthEntry, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScribeRequest:
    """What a note is to be made of: the draft, the sections wanted, and the transcript while it is readable (O5)."""

    client: str
    mode: Mode
    format: str
    sections: tuple[str, ...]
    body: tuple[Passage, ...]
    transcript: tuple[Sensitive[str], ...] = ()
    template: Sensitive[str] | None = None
    instructions: Sensitive[str] | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An answer: text by section, or under "" when it belongs to none. Nothing is written until somebody inserts it."""

    passages: tuple[Passage, ...]

    @property
    def text(self) -> Sensitive[str]:
        """The whole answer."""
        return Sensitive("\n\n".join(row.text.reveal() for row in self.passages))


def prepare(
    facts: SessionFacts,
    *,
    sessions: Iterable[Session] = (),
    health: Iterable[HealthEntry] = (),
    notes: Iterable[Note] = (),
    actor: Actor,
) -> Decision[PreparationRequest]:
    """Build the request for a pre-session summary, for the treating clinician, until the session ends (S52, A44).

    Whatever is given, only this client's data goes in; of notes only this clinician's locked progress notes.
    """
    refused = authorise(facts, actor, Action.ASK_ASSISTANT)
    if refused is not None:
        return refused
    subject = facts.session or facts.appointment
    if subject is None:
        return refuse(Code.NOT_FOUND, "no such session", field="session")
    over = facts.session is not None and not SESSION[facts.session.status]
    off = facts.appointment is not None and facts.appointment.status not in _BEFORE
    if over or off:
        return refuse(Code.SESSION_NOT_ACTIVE, "prepare before the session or during it")
    client = subject.client
    mine = [
        note
        for note in notes
        if (note.client, note.clinician, note.purpose) == (client, actor.id, NoteKind.PROGRESS) and note.locked
    ]
    return Accepted(
        PreparationRequest(
            client=client,
            history=tuple(
                PastSession(service=row.service, mode=row.mode, at=row.started_at, minutes=session_minutes(row))
                for row in session_history(sessions, client)
                if row.status is SessionStatus.ENDED and row.started_at is not None
            ),
            health=_own(health, client),
            themes=tuple(row.text for note in mine for row in note.body),
        )
    )


def ask(
    facts: SessionFacts,
    *,
    task: AssistantTask | str,
    text: str,
    health: Iterable[HealthEntry] = (),
    actor: Actor,
) -> Decision[Question]:
    """Build a question of one of the three kinds while the session is active (S53)."""
    session = found(facts, actor, Action.ASK_ASSISTANT)
    if isinstance(session, Refused):
        return session
    status = running(session, SessionAct.END)
    if isinstance(status, Refused):
        return status
    if task not in set(AssistantTask):
        return refuse(Code.UNKNOWN_ASSISTANT_TASK, f"give one of {', '.join(AssistantTask)}", field="task")
    if not text.strip() or len(text) > _LONGEST:
        return refuse(Code.INVALID_VALUE, f"ask in 1 to {_LONGEST} characters", field="text", limit=_LONGEST)
    return Accepted(
        Question(
            client=session.client, task=AssistantTask(task), text=Sensitive(text), health=_own(health, session.client)
        )
    )


def scribe(
    facts: SessionFacts,
    *,
    transcript: tuple[Sensitive[str], ...] = (),
    template: str = "",
    instructions: str = "",
    actor: Actor,
) -> Decision[ScribeRequest]:
    """Build the request for a generated note, on drafts alone; logged sessions too (S71, O5).

    `transcript` is what `read_transcript` allowed to be read.
    """
    session = found(facts, actor, Action.WRITE_NOTE)
    if isinstance(session, Refused):
        return session
    note = draft(facts, actor, NoteAct.WRITE)
    if isinstance(note, Refused):
        return note
    return Accepted(
        ScribeRequest(
            client=note.client,
            mode=session.mode,
            format=note.format,
            sections=FORMATS[note.format],
            body=note.body,
            transcript=transcript,
            template=Sensitive(template) if template else None,
            instructions=Sensitive(instructions) if instructions else None,
        )
    )


def _own(health: Iterable[HealthEntry], client: str) -> tuple[HealthEntry, ...]:
    return tuple(sorted((row for row in health if row.client == client), key=lambda row: (row.at, row.measure)))
