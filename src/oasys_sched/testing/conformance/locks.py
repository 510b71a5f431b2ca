"""A locked note stays word for word what it was; addenda may follow, and nothing else (B7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from oasys_sched.errors import OasysError
from oasys_sched.ports import Commit, Repository
from oasys_sched.sessions.note import Addendum, AddendumStatus, Attachment, Meaning, Note, NoteKind, Passage, Signature
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.testing.conformance.asserting import found, refused, stored
from oasys_sched.testing.rows import HOSTILE, NOW, PRACTICE, appointment, audited, note

__all__ = ["Locks"]

LATER: Final = NOW + timedelta(days=9)


def _signed(signer: str) -> Signature:
    return Signature(signer=signer, name="D", meaning=Meaning.AUTHORSHIP, at=NOW, digest="d", seal="seal")


def _addendum(id: str, text: str = "a later word", **given: Any) -> Addendum:
    facts = {"author": "dana", "written_at": NOW, "status": AddendumStatus.SIGNED, "signatures": (_signed("dana"),)}
    return Addendum(id=id, text=Sensitive(text), **{**facts, **given})


def _locked(**given: Any) -> Note:
    facts = {"status": NoteStatus.LOCKED, "digest": "d", "signatures": (_signed("dana"),), "locked_at": NOW}
    return note("n", **{**facts, **given})


FIRST: Final = _addendum("first")
SECOND: Final = _addendum("second")

# Every fact of a note, and another than it has; `addenda` and `pending` have tests of their own.
OTHERWISE: Final[Mapping[str, Any]] = {
    "session": "session-other",
    "clinician": "erin",
    "client": "ben",
    "purpose": NoteKind.PSYCHOTHERAPY,
    "nonce": "fedcba9876543210",
    "format": "soap",
    "body": (Passage(section="progress", text=Sensitive("other words")),),
    "attachments": (Attachment(id="f", name="f.png", media_type="image/png", size=1, digest="d", added_at=NOW),),
    "status": NoteStatus.DRAFT,
    "created_at": LATER,
    "saved_at": LATER,
    "comment": Sensitive("a comment"),
    "digest": "forged",
    "signatures": (_signed("erin"),),
    "locked_at": LATER,
}
# What may not become of two addenda.
REWRITTEN: Final[Mapping[str, tuple[Addendum, ...]]] = {
    "the text of the first": (_addendum("first", "other words"), SECOND),
    "the text of the last": (FIRST, _addendum("second", "other words")),
    "the author": (FIRST, _addendum("second", author="erin")),
    "the time": (FIRST, _addendum("second", written_at=LATER)),
    "the status": (FIRST, _addendum("second", status=AddendumStatus.DRAFT)),
    "the signatures": (FIRST, _addendum("second", signatures=())),
    "the comment": (FIRST, _addendum("second", comment=Sensitive("a comment"))),
    "the last is gone": (FIRST,),
    "the first is gone": (SECOND,),
    "both are gone": (),
    "the order": (SECOND, FIRST),
    "one before them": (_addendum("new"), FIRST, SECOND),
    "one between them": (FIRST, _addendum("new"), SECOND),
    "a text beside a new one": (FIRST, _addendum("second", "other words"), _addendum("new")),
}


class Locks:
    """What the storage refuses of a locked note, and what it takes."""

    def _stays(self, repository: Repository, kept: Note, change: Note, tried: str) -> None:
        refused(repository, Commit(practice=PRACTICE, changes=(change,)), OasysError, tried=f"a locked note: {tried}")
        assert stored(repository, "note", "n") == kept, f"refused, and rewritten all the same: {tried}"

    def test_a_locked_note_is_not_rewritten(self, repository: Repository) -> None:
        kept = _locked()
        repository.commit(audited(kept))
        for name, value in OTHERWISE.items():
            self._stays(repository, kept, replace(kept, revision=2, **{name: value}), f"another {name}")

    def test_a_locked_note_is_not_rewritten_beside_an_addendum(self, repository: Repository) -> None:
        kept = _locked()
        repository.commit(audited(kept))
        for name, value in OTHERWISE.items():
            change = replace(kept, revision=2, addenda=(FIRST,), **{name: value})
            self._stays(repository, kept, change, f"another {name}, and an addendum")

    def test_a_locked_note_is_not_unlocked(self, repository: Repository) -> None:
        kept = _locked()
        repository.commit(audited(kept))
        for status in (NoteStatus.DRAFT, NoteStatus.IN_REVIEW):
            self._stays(repository, kept, replace(kept, revision=2, status=status), f"status {status}")

    def test_an_addendum_of_a_locked_note_is_not_rewritten(self, repository: Repository) -> None:
        kept = _locked(addenda=(FIRST, SECOND))
        repository.commit(audited(kept))
        for what, addenda in REWRITTEN.items():
            self._stays(repository, kept, replace(kept, revision=2, addenda=addenda), f"its addenda, {what}")

    def test_addenda_follow_each_other(self, repository: Repository) -> None:
        kept = _locked()
        repository.commit(audited(kept))
        for revision, pending, addenda in (
            (2, FIRST, ()),
            (3, None, (FIRST,)),
            (4, _addendum("second", "a draft", status=AddendumStatus.DRAFT), (FIRST,)),
            (5, SECOND, (FIRST,)),
            (6, None, (FIRST, SECOND)),
        ):
            added = replace(kept, revision=revision, pending=pending, addenda=addenda)
            repository.commit(Commit(practice=PRACTICE, changes=(added,)))
            assert stored(repository, "note", "n") == added

    def test_a_locked_note_takes_an_addendum_whatever_it_says(self, repository: Repository) -> None:
        locked = note("n", f"{HOSTILE}\x00", status=NoteStatus.LOCKED, digest="d", locked_at=NOW)
        repository.commit(audited(locked))
        more = Addendum(id="more", author="dana", written_at=NOW, text=Sensitive(f"{HOSTILE}\x00"))
        added = replace(locked, revision=2, pending=more)
        repository.commit(Commit(practice=PRACTICE, changes=(added,)))
        assert stored(repository, "note", "n") == added

    def test_every_row_of_a_commit_is_asked_for_its_lock(self, repository: Repository) -> None:
        kept = _locked()
        repository.commit(audited(kept))
        forged = replace(kept, revision=2, digest="forged")
        others = (appointment("a", 10), appointment("b", 20), note("m"))
        for place in range(len(others) + 1):
            changes = (*others[:place], forged, *others[place:])
            tried = f"a locked note as row {place + 1} of {len(changes)}"
            refused(repository, Commit(practice=PRACTICE, changes=changes), OasysError, tried=tried)
        assert stored(repository, "note", "n") == kept
        assert found(repository, "appointment") == ()
