"""Small true rows to store: appointments, notes, outbox rows, audit entries. For tests of storage, not of rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from oasys_sched.actors import Actor
from oasys_sched.aggregates import Aggregate, Claim, Key, Occupancy
from oasys_sched.audit import entry_for
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.request import ChangeRequest, RequestKind
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.ports import AuditEntry, Commit, OutboxRow
from oasys_sched.sessions.note import Note, Passage
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.times import Span

__all__ = ["HOSTILE", "NOW", "PRACTICE", "appointment", "audited", "claim", "entry", "message", "moving", "note"]

PRACTICE: Final = "conformance"
# Far ahead of any clock, so that no hold in it has run out.
NOW: Final = datetime(2126, 3, 4, 14, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
# What a text may hold, and what storages have stumbled over.
HOSTILE: Final = "Robert'); DROP TABLE note;--\n\r\t\u2028\u202e\U0001f9d8 ünïcödé \\ \" ' % _ {} ${x}"
_ABOUT: Final = Key("appointment", "a")
ACTOR: Final = Actor.system(practice=PRACTICE)


def appointment(id: str, hour: float = 0, **given: Any) -> Appointment:
    """Return an upcoming appointment of one hour, `hour` hours after NOW; its client has its id."""
    return Appointment(
        **{
            "practice": PRACTICE,
            "id": id,
            "revision": 1,
            "clinician": "dana",
            "client": f"client-{id}",
            "service": "therapy",
            "mode": Mode.IN_PERSON,
            "starts_at": NOW + timedelta(days=7) + hour * HOUR,
            "duration": HOUR,
            "zone": "Europe/Paris",
            "price": Money.of("90.50", "EUR"),
            "created_at": NOW,
            **given,
        }
    )


def moving(id: str, of: Appointment, hour: float, **given: Any) -> ChangeRequest:
    """Return an open request to move an appointment; it holds the time it asks for."""
    return ChangeRequest(
        **{
            "practice": PRACTICE,
            "id": id,
            "revision": 1,
            "asks": RequestKind.RESCHEDULE,
            "appointment": of.id,
            "clinician": of.clinician,
            "client": of.client,
            "requested_at": NOW,
            "old_start": of.starts_at,
            "duration": of.duration,
            "proposed": (NOW + timedelta(days=7) + hour * HOUR,),
            **given,
        }
    )


def note(id: str, text: str = "a few words", **given: Any) -> Note:
    """Return a draft with one section."""
    return Note(
        **{
            "practice": PRACTICE,
            "id": id,
            "revision": 1,
            "session": f"session-{id}",
            "clinician": "dana",
            "client": "ana",
            "nonce": "0123456789abcdef",
            "body": (Passage(section="progress", text=Sensitive(text)),),
            "status": NoteStatus.DRAFT,
            "created_at": NOW,
            "saved_at": NOW,
            **given,
        }
    )


def claim(id: str, hour: float = 0, *, revision: int = 1, free: bool = False, **taken: Any) -> Claim:
    """Return a claim on one hour of a room, or one that was given back."""
    start = NOW + timedelta(days=7) + hour * HOUR
    held = None if free else Occupancy(resource="room:1", span=Span(start, start + HOUR), **taken)
    return Claim(practice=PRACTICE, id=id, revision=revision, taken=held)


def message(id: str, *, of: Key = _ABOUT, **given: Any) -> OutboxRow:
    """Return an outbox row that is due now."""
    return OutboxRow(
        **{
            "practice": PRACTICE,
            "id": id,
            "aggregate": of,
            "seq": 1,
            "template": "appointment_created",
            "recipient": "ana",
            "due": NOW,
            **given,
        }
    )


def entry(of: Aggregate, *, before: Aggregate | None = None, previous: str = "", act: str = "Stored") -> AuditEntry:
    """Return the sealed audit entry of one change."""
    return entry_for(before, of, actor=ACTOR, act=act, at=NOW, previous=previous, reason=None)


def audited(*changes: Aggregate, **parts: Any) -> Commit:
    """Return a commit of new rows with their audit entries."""
    return Commit(practice=PRACTICE, changes=changes, audit=tuple(map(entry, changes)), **parts)
