"""What a signature covers, and whether anything was touched since (reliability.md 4.6).

The digest is SHA-256 over canonical JSON of the content, the attachments' digests and the facts of the session. Each
signature's seal covers signer, name, meaning, time, digest and the seal before it, addenda included: one chain.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Final

from oasys_sched.sessions.note import Addendum, AddendumStatus, Meaning, Note, Signature
from oasys_sched.sessions.session import Session
from oasys_sched.times import as_utc

__all__ = ["addendum_digest", "note_digest", "sealed", "signed", "verify"]

VERSION: Final = "oasys-note-1"
_SIGNED: Final = ([Meaning.AUTHORSHIP], [Meaning.AUTHORSHIP, Meaning.APPROVAL])
_ADDED: Final = ([Meaning.ADDENDUM], [Meaning.ADDENDUM, Meaning.APPROVAL])


def note_digest(note: Note, session: Session) -> str:
    """Return the SHA-256 of what is, or would be, signed, as 64 hex digits. O(length of the note).

    Covered: the version tag, ids and nonce, format and text, every attachment, and of the session client, clinician,
    service, mode and the times it took. Not covered: what may change later, such as billing.
    """
    return _sha(
        {
            "version": VERSION,
            "note": [note.practice, note.id, note.session, note.clinician, note.client, note.purpose, note.nonce],
            "written": [_moment(note.created_at), _moment(note.saved_at)],
            "format": note.format,
            "body": [[row.section, row.text.reveal()] for row in note.body],
            "attachments": [
                [row.id, row.name, row.media_type, row.size, row.digest, row.width, row.height, _moment(row.added_at)]
                for row in note.attachments
            ],
            "session": [
                session.id,
                session.clinician,
                session.client,
                session.service,
                session.mode,
                session.origin,
                _moment(session.started_at),
                _moment(session.admitted_at),
                _moment(session.ended_at),
            ],
        }
    )


def addendum_digest(addendum: Addendum, note: Note) -> str:
    """Return the SHA-256 of an addendum and the digest of the note it is added to."""
    return _sha(
        {
            "version": VERSION,
            "note": [note.id, note.nonce, note.digest],
            "addendum": [addendum.id, addendum.author, _moment(addendum.written_at), addendum.text.reveal()],
        }
    )


def signed(
    signer: str, name: str, meaning: Meaning, at: datetime, digest: str, *, before: str = "", late: bool = False
) -> Signature:
    """Return a signature over a digest, chained to the seal before it."""
    at = as_utc(at, "at")
    seal = _sha([VERSION, before, signer, name, meaning, _moment(at), digest, late])
    return Signature(signer=signer, name=name, meaning=meaning, at=at, digest=digest, late=late, seal=seal)


def sealed(note: Note) -> str:
    """Return the last seal of a note: what an audit keeps to find a whole chain exchanged."""
    chain = [*note.signatures, *(row for addendum in note.addenda for row in addendum.signatures)]
    return chain[-1].seal if chain else ""


def verify(note: Note, session: Session, *, seals: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return what does not fit in a locked note, as field names; nothing means that it is intact.

    Any single change is found: of text, attachments, session facts, signatures, stamps or addenda, and addenda
    dropped or reordered as long as one follows. Someone who rewrites the whole chain, or cuts its end, is found by
    the `seals` the audit kept (of `NoteLocked` and `AddendumSigned`, in order).
    """
    digest = note_digest(note, session)
    findings = {
        "digest": note.digest == digest,
        "signatures": _as_locked(note) and _chained(note.signatures, digest, ""),
        "locked_at": note.locked and bool(note.signatures) and note.locked_at == note.signatures[-1].at,
        "comment": note.comment is None,
    }
    heads = [note.signatures[-1].seal if note.signatures else ""]
    for addendum in note.addenda:
        findings[f"addenda[{addendum.id}]"] = (
            addendum.status is AddendumStatus.SIGNED
            and addendum.comment is None
            and [row.meaning for row in addendum.signatures] in _ADDED
            and addendum.author == addendum.signatures[0].signer
            and _chained(addendum.signatures, addendum_digest(addendum, note), heads[-1])
        )
        heads += [row.seal for row in addendum.signatures[-1:]]
    findings["seals"] = seals is None or tuple(heads) == seals
    return tuple(field for field, fine in findings.items() if not fine)


def _as_locked(note: Note) -> bool:
    """Tell whether the signatures are the ones a locked note has: the author's, then at most one approval."""
    authors = [row.signer == note.clinician for row in note.signatures]
    return [row.meaning for row in note.signatures] in _SIGNED and authors in ([True], [True, False])


def _chained(signatures: tuple[Signature, ...], digest: str, before: str) -> bool:
    """Tell whether each signature covers this digest and the seal before it."""
    for row in signatures:
        again = signed(row.signer, row.name, row.meaning, row.at, row.digest, before=before, late=row.late)
        if row.digest != digest or row != again:
            return False
        before = row.seal
    return True


def _moment(when: datetime | None) -> str | None:
    return None if when is None else as_utc(when, "at").isoformat(timespec="microseconds")


def _sha(content: object) -> str:
    # Sorted keys, no spaces, escaped non-ASCII: the same bytes on every machine.
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
