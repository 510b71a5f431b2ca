"""Live transcription and dictation: text only, off by default, temporary (S44, S48, S66)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.policies.access import Action
from oasys_sched.sessions.checks import found, running
from oasys_sched.sessions.events import TranscriptPaused, TranscriptResumed, TranscriptStarted
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import TRANSCRIPT, NoteAct, SessionAct, TranscriptAct, TranscriptStatus
from oasys_sched.sessions.telling import changed, tell_transcript
from oasys_sched.sessions.transcript import Segment, Transcript, TranscriptSource
from oasys_sched.sessions.writing import draft

__all__ = ["append_segment", "disable_transcription", "enable_transcription", "read_transcript", "start_dictation"]


def enable_transcription(facts: SessionFacts, *, id: str, actor: Actor, now: datetime) -> Decision[Transcript]:
    """Turn live transcription on while the session is active, in every mode (S44, S48). `id` names a new transcript."""
    session = found(facts, actor, Action.TRANSCRIBE)
    if isinstance(session, Refused):
        return session
    status = running(session, SessionAct.TRANSCRIBE)
    if isinstance(status, Refused):
        return status
    known = _live(facts)
    if known is None:
        return _opened(session, id, TranscriptSource.LIVE, actor, now)
    if known.status is TranscriptStatus.LIVE:
        return Accepted(known)
    resumed = changed(known, status=TRANSCRIPT[known.status][TranscriptAct.RESUME])
    return Accepted(resumed, (tell_transcript(TranscriptResumed, resumed, actor, now),), (), (resumed,))


def disable_transcription(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Transcript]:
    """Turn live transcription off for now; what there is stays until the note is locked."""
    session = found(facts, actor, Action.TRANSCRIBE)
    if isinstance(session, Refused):
        return session
    status = running(session, SessionAct.TRANSCRIBE)
    if isinstance(status, Refused):
        return status
    known = _live(facts)
    if known is None or known.status is TranscriptStatus.PAUSED:
        return refuse(Code.TRANSCRIPTION_OFF, "transcription is off already")
    paused = changed(known, status=TRANSCRIPT[known.status][TranscriptAct.PAUSE])
    return Accepted(paused, (tell_transcript(TranscriptPaused, paused, actor, now),), (), (paused,))


def start_dictation(facts: SessionFacts, *, id: str, actor: Actor, now: datetime) -> Decision[Transcript]:
    """Open the raw buffer of a dictation into the draft, for logged sessions too (S66).

    The buffer is a temporary transcript; the text itself goes into the note by `insert_text`. Asked again before
    anything was dictated, it is the same buffer.
    """
    session = found(facts, actor, Action.TRANSCRIBE)
    if isinstance(session, Refused):
        return session
    note = draft(facts, actor, NoteAct.WRITE)
    if isinstance(note, Refused):
        return note
    unused = next((row for row in _readable_from(facts, TranscriptSource.DICTATION) if not row.segments), None)
    if unused is not None:
        return Accepted(unused)
    return _opened(session, id, TranscriptSource.DICTATION, actor, now)


def append_segment(
    facts: SessionFacts, *, transcript: str, text: str, actor: Actor, now: datetime
) -> Decision[Segment]:
    """Take one stretch of text while transcription is on; the segment goes to the store once this is committed (S44).

    Sound is never taken: bytes are `recording_forbidden` (S43).
    """
    del now
    session = found(facts, actor, Action.APPEND_SEGMENT)
    if isinstance(session, Refused):
        return session
    known = _readable(facts, transcript)
    if isinstance(known, Refused):
        return known
    if TranscriptAct.APPEND not in TRANSCRIPT[known.status] or not _listening(facts, session, known):
        return refuse(Code.TRANSCRIPTION_OFF, "transcription is off", state=str(known.status))
    if not isinstance(text, str):
        return refuse(Code.RECORDING_FORBIDDEN, "transcripts are text: nothing is ever recorded", field="text")
    most = facts.policy.segment_characters
    if not text.strip() or len(text) > most:
        return refuse(Code.INVALID_VALUE, f"give 1 to {most} characters", field="text", limit=most)
    longer = changed(known, segments=known.segments + 1)
    return Accepted(Segment(transcript=known.id, number=longer.segments, text=Sensitive(text)), (), (), (longer,))


def read_transcript(facts: SessionFacts, *, transcript: str, actor: Actor) -> Decision[Transcript]:
    """Say whether the text may be read from the store: by the session's clinician, until the note is locked (S45)."""
    session = found(facts, actor, Action.READ_TRANSCRIPT)
    if isinstance(session, Refused):
        return session
    known = _readable(facts, transcript)
    return known if isinstance(known, Refused) else Accepted(known)


def _live(facts: SessionFacts) -> Transcript | None:
    return next(_readable_from(facts, TranscriptSource.LIVE), None)


def _readable_from(facts: SessionFacts, source: TranscriptSource) -> Iterator[Transcript]:
    return (row for row in facts.transcripts if row.source is source and row.readable)


def _listening(facts: SessionFacts, session: Session, transcript: Transcript) -> bool:
    """Live text is taken while the session is active, dictation while there is a draft to dictate into."""
    if transcript.source is TranscriptSource.LIVE:
        return not isinstance(running(session, SessionAct.TRANSCRIBE), Refused)
    return facts.note is not None and not facts.note.locked


def _readable(facts: SessionFacts, id: str) -> Transcript | Refused:
    known = next((row for row in facts.transcripts if row.id == id), None)
    if known is None:
        return refuse(Code.NOT_FOUND, "no such transcript", field="transcript")
    if not known.readable:
        return refuse(Code.TRANSCRIPT_DELETED, "the transcript is gone for good", field="transcript")
    return known


def _opened(session: Session, id: str, source: TranscriptSource, actor: Actor, now: datetime) -> Decision[Transcript]:
    opened = Transcript(
        practice=session.practice,
        id=id,
        revision=1,
        session=session.id,
        clinician=session.clinician,
        client=session.client,
        source=source,
        opened_at=now,
    )
    # The session is written too: a note locked meanwhile makes this commit fail, so no transcript outlives its lock.
    holding = changed(session, transcripts=(*session.transcripts, id))
    event = tell_transcript(TranscriptStarted, opened, actor, now, source=source)
    return Accepted(opened, (event,), (), (opened, holding))
