"""How decisions about sessions write themselves down: the next revision of an aggregate, and the events about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from oasys_sched.actors import Actor
from oasys_sched.sessions.events import SessionEvent, TranscriptEvent
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.note_events import NoteEvent
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.transcript import PurgeObligation, Transcript

__all__ = ["changed", "tell", "tell_note", "tell_transcript"]

A = TypeVar("A", Session, Note, Transcript, PurgeObligation)
S = TypeVar("S", bound=SessionEvent)
N = TypeVar("N", bound=NoteEvent)
T = TypeVar("T", bound=TranscriptEvent)


def changed(aggregate: A, **fields: Any) -> A:
    """Return the next revision of an aggregate."""
    return replace(aggregate, revision=aggregate.revision + 1, **fields)


def tell(event: type[S], session: Session, actor: Actor, now: datetime, **facts: Any) -> S:
    """Return an event about a session as it now stands."""
    return event(
        practice=session.practice,
        session=session.id,
        clinician=session.clinician,
        client=session.client,
        appointment=session.appointment,
        mode=session.mode,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )


def tell_note(event: type[N], note: Note, actor: Actor, now: datetime, **facts: Any) -> N:
    """Return an event about a note as it now stands."""
    return event(
        practice=note.practice,
        note=note.id,
        session=note.session,
        clinician=note.clinician,
        client=note.client,
        purpose=note.purpose,
        revision=note.revision,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )


def tell_transcript(event: type[T], transcript: Transcript, actor: Actor, now: datetime, **facts: Any) -> T:
    """Return an event about a transcript as it now stands."""
    return event(
        practice=transcript.practice,
        transcript=transcript.id,
        session=transcript.session,
        clinician=transcript.clinician,
        client=transcript.client,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )
