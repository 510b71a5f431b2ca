"""Writing the draft: auto-save, formats, explicit inserts, files; nothing typed is ever lost (S49-S54, O5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.formats import FORMATS
from oasys_sched.policies.access import Action
from oasys_sched.sessions.attachments import Upload, judge_file
from oasys_sched.sessions.checks import authorise, found
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Attachment, Note, NoteKind, Passage
from oasys_sched.sessions.note_events import AttachmentAdded, AttachmentRemoved, NoteStarted, NoteWritten
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import NOTE, NoteAct, NoteStatus, SessionStatus
from oasys_sched.sessions.telling import changed, tell_note
from oasys_sched.tables import step

__all__ = [
    "Text",
    "attach",
    "autosave_due",
    "detach",
    "draft",
    "insert_text",
    "read_note",
    "switch_format",
    "write_note",
]

# What is written: one text for the first section, or one for each; wrapped or plain.
Text: TypeAlias = str | Sensitive[str] | Mapping[str, str | Sensitive[str]]
_DOCUMENTED: Final = frozenset({SessionStatus.ACTIVE, SessionStatus.ENDED})


def autosave_due(
    last_saved: datetime | None, dirty: bool, now: datetime, *, every: timedelta = timedelta(seconds=5)
) -> bool:
    """Tell whether the text should be saved now: it has changed, and the last save is long enough ago (S51).

    >>> autosave_due(None, True, datetime(2026, 3, 5))
    True
    """
    return dirty and (last_saved is None or now - last_saved >= every)


def write_note(
    facts: SessionFacts,
    *,
    text: Text,
    revision: int,
    id: str | None = None,
    nonce: str | None = None,
    purpose: NoteKind = NoteKind.PROGRESS,
    actor: Actor,
    now: datetime,
) -> Decision[Note]:
    """Save the draft's text: a string for the first section, or a mapping of sections (S50, S51).

    `revision` is the one the text is based on: 0 makes the note, under `id` and with a random `nonce`. The same text
    again makes no revision. A write of the author's that is refused hands the text back as `details["yours"]`, beside
    `details["stored"]` when somebody else wrote first.
    """
    refused = authorise(facts, actor, Action.WRITE_NOTE)
    if refused is not None:
        return refused
    if facts.note is None:
        written = _begun(facts, text, revision, id, nonce, purpose, actor, now)
    else:
        written = _rewritten(facts, text, revision, actor, now)
    return _handed_back(written, text) if isinstance(written, Refused) else written


def _rewritten(facts: SessionFacts, text: Text, revision: int, actor: Actor, now: datetime) -> Decision[Note]:
    """Save a text over the one before, if that is the one it is based on (S51)."""
    note = draft(facts, actor, NoteAct.WRITE)
    if isinstance(note, Refused):
        return note
    body = _body(facts, note.format, text)
    if isinstance(body, Refused):
        return body
    if body == note.body:
        # Nothing to save; on an old revision it is a repeated request whose answer was lost.
        return Accepted(note)
    return _written(note, body, actor, now) if revision == note.revision else _stale(note)


def _begun(
    facts: SessionFacts,
    text: Text,
    revision: int,
    id: str | None,
    nonce: str | None,
    purpose: NoteKind,
    actor: Actor,
    now: datetime,
) -> Decision[Note]:
    """Make the one draft of a session, on its first write (S50)."""
    session = _documented(facts)
    if isinstance(session, Refused):
        return session
    body = _body(facts, facts.clinician.note_format, text)
    if isinstance(body, Refused):
        return body
    if revision != 0 or id is None or nonce is None:
        return refuse(Code.NOT_FOUND, "no note yet: write revision 0 under a new id and nonce", field="note")
    note = Note(
        practice=session.practice,
        id=id,
        revision=1,
        session=session.id,
        clinician=session.clinician,
        client=session.client,
        purpose=purpose,
        nonce=nonce,
        format=facts.clinician.note_format,
        body=body,
        created_at=now,
        saved_at=now,
    )
    events = (tell_note(NoteStarted, note, actor, now), tell_note(NoteWritten, note, actor, now))
    return Accepted(note, events, (), (note,))


def insert_text(
    facts: SessionFacts, *, text: Sensitive[str] | str, revision: int, section: str | None = None, actor: Actor,
    now: datetime,
) -> Decision[Note]:  # fmt: skip
    """Append an answer of the assistant or text of a transcript, because the author asked for it (S53, O5).

    What is inserted is the author's text from then on: it survives the transcript.
    """
    refused = authorise(facts, actor, Action.WRITE_NOTE)
    if refused is not None:
        return refused
    note = _open(facts, actor, revision)
    if isinstance(note, Refused):
        return _handed_back(note, text)
    where = section or FORMATS[note.format][0]
    more = _plain(text)
    if not isinstance(more, str):
        return refuse(Code.INVALID_VALUE, "a note is text", field="text")
    before = note.section(where).reveal()
    texts = {row.section: row.text for row in note.body}
    body = _body(facts, note.format, {**texts, where: f"{before}\n{more}" if before else more})
    return _handed_back(body, text) if isinstance(body, Refused) else _written(note, body, actor, now, inserted=True)


def switch_format(facts: SessionFacts, *, format: str, revision: int, actor: Actor, now: datetime) -> Decision[Note]:
    """Change the format of this note alone; text of sections the new one lacks moves to its first section (O5)."""
    note = _open(facts, actor, revision)
    if isinstance(note, Refused):
        return note
    if format not in FORMATS:
        return refuse(Code.INVALID_VALUE, f"give one of {', '.join(FORMATS)}", field="format")
    first, known = FORMATS[format][0], FORMATS[format]
    texts: dict[str, str] = {}
    for row in note.body:
        where = row.section if row.section in known else first
        texts[where] = "\n\n".join(filter(None, (texts.get(where), row.text.reveal())))
    body = tuple(Passage(section=name, text=Sensitive(texts[name])) for name in known if name in texts)
    return _written(replace(note, format=format), body, actor, now)


def attach(
    facts: SessionFacts, *, files: Mapping[str, Upload], revision: int, actor: Actor, now: datetime
) -> Decision[tuple[Decision[Attachment], ...]]:
    """Attach the files of one drop, each judged alone (S54). Keys are the new attachments' ids.

    The verdicts come in the order of the files; the note changes if at least one was fine.
    """
    note = _open(facts, actor, revision)
    if isinstance(note, Refused):
        return note
    taken = list(note.attachments)
    verdicts: list[Decision[Attachment]] = []
    limits = facts.policy.attachments
    for key, upload in files.items():
        verdict: Decision[Attachment]
        if len(taken) >= limits.count:
            verdict = refuse(Code.TOO_MANY_FILES, "the note holds no more files", field="files", limit=limits.count)
        else:
            verdict = judge_file(upload, id=key, limits=limits, now=now)
        if isinstance(verdict, Accepted):
            taken.append(verdict.value)
        verdicts.append(verdict)
    added = taken[len(note.attachments) :]
    if not added:
        return Accepted(tuple(verdicts))
    after = changed(note, attachments=tuple(taken), status=NOTE[note.status][NoteAct.WRITE], saved_at=now)
    events = tuple(
        tell_note(AttachmentAdded, after, actor, now, attachment=row.id, media_type=row.media_type, size=row.size)
        for row in added
    )
    return Accepted(tuple(verdicts), events, (), (after,))


def detach(facts: SessionFacts, *, attachment: str, revision: int, actor: Actor, now: datetime) -> Decision[Note]:
    """Take a file off the draft again; a locked note keeps its files."""
    note = _open(facts, actor, revision)
    if isinstance(note, Refused):
        return note
    left = tuple(row for row in note.attachments if row.id != attachment)
    if len(left) == len(note.attachments):
        return refuse(Code.NOT_FOUND, "no such attachment", field="attachment")
    after = changed(note, attachments=left, status=NOTE[note.status][NoteAct.WRITE], saved_at=now)
    return Accepted(after, (tell_note(AttachmentRemoved, after, actor, now, attachment=attachment),), (), (after,))


def read_note(facts: SessionFacts, *, actor: Actor) -> Decision[Note]:
    """Return the note to its author or, but for psychotherapy notes, to the supervisor (RULES 3.11)."""
    refused = authorise(facts, actor, Action.READ_NOTE)
    if refused is not None:
        return refused
    if facts.note is None:
        return refuse(Code.NOT_FOUND, "no note yet", field="note")
    if facts.note.purpose is NoteKind.PSYCHOTHERAPY and actor.id != facts.note.clinician:
        return refuse(Code.FORBIDDEN, "psychotherapy notes are the author's alone")
    return Accepted(facts.note)


def draft(facts: SessionFacts, actor: Actor, act: NoteAct, action: Action = Action.WRITE_NOTE) -> Note | Refused:
    """Return the note if the actor may act and the table lets it; what is locked stays locked (S57)."""
    session = found(facts, actor, action)
    if isinstance(session, Refused):
        return session
    note = facts.note
    if note is None:
        return refuse(Code.NOT_FOUND, "no note yet", field="note")
    if note.status is NoteStatus.LOCKED and act not in NOTE[NoteStatus.LOCKED]:
        return refuse(Code.NOTE_LOCKED, "signed and locked: add an addendum", field="note")
    if act is NoteAct.WRITE:
        documented = _documented(facts)
        if isinstance(documented, Refused):
            return documented
    status = step(NOTE, note.status, act)
    return note if not isinstance(status, Refused) else status


def _open(facts: SessionFacts, actor: Actor, revision: int) -> Note | Refused:
    """Return the draft if the actor may write in it and has seen its last revision."""
    note = draft(facts, actor, NoteAct.WRITE)
    if isinstance(note, Refused) or note.revision == revision:
        return note
    return _stale(note)


def _documented(facts: SessionFacts) -> Session | Refused:
    """Return the session if it may be written about: from its start on, unless it was abandoned (S49, A23)."""
    if facts.session is None:
        return refuse(Code.NOT_FOUND, "no such session", field="session")
    if facts.session.status not in _DOCUMENTED:
        return refuse(Code.SESSION_NOT_ACTIVE, "notes are written from the start on", state=str(facts.session.status))
    return facts.session


def _body(facts: SessionFacts, format: str, text: Text) -> tuple[Passage, ...] | Refused:
    """Return the sections that hold text, in the format's order."""
    sections = FORMATS[format]
    given = {name: _plain(row) for name, row in (text if isinstance(text, Mapping) else {sections[0]: text}).items()}
    if not all(isinstance(row, str) for row in given.values()):
        return refuse(Code.INVALID_VALUE, "a note is text", field="text")
    if any(name not in sections for name in given):
        return refuse(Code.INVALID_VALUE, f"the sections of {format} are {', '.join(sections)}", field="text")
    most = facts.policy.note_characters
    if sum(map(len, given.values())) > most:
        return refuse(Code.TOO_LARGE, f"a note has at most {most} characters", field="text", limit=most)
    return tuple(Passage(section=name, text=Sensitive(given[name])) for name in sections if given.get(name))


def _written(
    note: Note, body: tuple[Passage, ...], actor: Actor, now: datetime, *, inserted: bool = False
) -> Decision[Note]:
    after = changed(note, body=body, status=NOTE[note.status][NoteAct.WRITE], saved_at=now)
    return Accepted(after, (tell_note(NoteWritten, after, actor, now, inserted=inserted),), (), (after,))


def _plain(text: str | Sensitive[str]) -> str:
    return text.reveal() if isinstance(text, Sensitive) else text


def _stale(note: Note) -> Refused:
    return refuse(
        Code.STALE_REVISION,
        "somebody else wrote first: merge and write again",
        field="revision",
        revision=note.revision,
        stored=note.body,
    )


def _handed_back(refused: Refused, text: Text) -> Refused:
    """Return a refusal that carries the refused text, so that an auto-save on its way loses nothing."""
    first = refused.refusals[0]
    yours = (
        {name: Sensitive(_plain(row)) for name, row in text.items()}
        if isinstance(text, Mapping)
        else Sensitive(_plain(text))
    )
    return Refused((replace(first, details={**first.details, "yours": yours}),))
