"""Which notes should have been locked by now (B17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.sessions.note import Note, NoteKind
from oasys_sched.sessions.policy import SessionPolicy
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import NoteStatus, SessionStatus

__all__ = ["OverdueNote", "note_due_at", "overdue_notes"]

_POLICY: Final = SessionPolicy()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueNote:
    """A session whose note is late: which note, if one was begun, where it stands, since when it is due."""

    session: str
    clinician: str
    client: str
    due: datetime
    note: str | None = None
    status: NoteStatus | None = None


def note_due_at(session: Session, policy: SessionPolicy) -> datetime:
    """Return when the note of an ended session is due, by the clinician's calendar (B17)."""
    return policy.note_due.after(session.ended_at or session.created_at, ZoneInfo(session.zone))


def overdue_notes(
    sessions: Iterable[Session], notes: Iterable[Note], now: datetime, *, policy: SessionPolicy = _POLICY
) -> tuple[OverdueNote, ...]:
    """Return the ended sessions without a locked progress note past its due time, the oldest first. O(n log n)."""
    known = {note.session: note for note in notes if note.purpose is NoteKind.PROGRESS}
    late = []
    for session in sessions:
        note = known.get(session.id)
        if session.status is not SessionStatus.ENDED or (note is not None and note.locked):
            continue
        due = note_due_at(session, policy)
        if due < now:
            late.append(
                OverdueNote(
                    session=session.id,
                    clinician=session.clinician,
                    client=session.client,
                    due=due,
                    note=note.id if note else None,
                    status=note.status if note else None,
                )
            )
    return tuple(sorted(late, key=lambda row: (row.due, row.session)))
