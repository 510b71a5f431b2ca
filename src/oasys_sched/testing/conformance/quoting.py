"""An error quotes no row: it ends in logs and error trackers, where nobody may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from oasys_sched.aggregates import Key
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, refuse
from oasys_sched.errors import KeyReused, OasysError, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Repository
from oasys_sched.sessions.note import Addendum, Note
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.testing.conformance.asserting import found, refused
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, entry, message, note

__all__ = ["Quoting"]

# In every text of every row, stored or refused: it may be in no error.
MARKER = "marker"


def _marked(id: str, **given: object) -> Note:
    return note(id, f"{MARKER}-text", client=f"{MARKER}-ana", **given)


def _chain(error: BaseException | None, seen: tuple[BaseException, ...] = ()) -> Iterable[BaseException]:
    """Return an error, and everything it came from."""
    if error is not None and error not in seen:
        yield error
        for before in (error.__cause__, error.__context__):
            yield from _chain(before, (*seen, error))


def _silent(error: Exception, tried: str) -> None:
    for one in _chain(error):
        said = "".join([repr(one), str(one), repr(vars(one)), *getattr(one, "__notes__", ())])
        assert MARKER not in said, f"{type(one).__name__} quotes a row, after {tried}"


class Quoting:
    """Every refusal a storage knows, with a marker in whatever it could quote."""

    def _refused(self, repository: Repository, commit: Commit, how: type[Exception], tried: str) -> None:
        _silent(refused(repository, commit, how, tried=tried), tried)

    def test_errors_quote_no_row(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a", client=f"{MARKER}-ana"), _marked("n")))
        for tried, commit in (
            ("an overlap", audited(appointment(f"{MARKER}-b", 0.5))),
            ("a second note", audited(_marked(f"{MARKER}-m", session="session-n"))),
        ):
            self._refused(repository, commit, SlotTaken, tried)
        assert found(repository, "note") == ("n",)

    def test_errors_quote_no_row_that_is_stale(self, repository: Repository) -> None:
        kept = appointment("a", client=f"{MARKER}-ana")
        repository.commit(audited(kept, _marked("n"), guards=(Guard("day", 0),)))
        moved = appointment("a", 2, client=f"{MARKER}-ana", revision=2)
        posted = (message("m", recipient=f"{MARKER}-ana", fields={"text": f"{MARKER}-text"}),)
        for tried, commit in (
            ("a second insert", Commit(practice=PRACTICE, changes=(_marked("n"),))),
            ("a revision ahead", Commit(practice=PRACTICE, changes=(_marked("n", revision=3),))),
            ("an update of nothing", Commit(practice=PRACTICE, changes=(_marked(f"{MARKER}-m", revision=2),))),
            ("another practice's row", Commit(practice="elsewhere", changes=(_marked(f"{MARKER}-m"),))),
            (
                "a moved guard",
                Commit(practice=PRACTICE, changes=(moved,), guards=(Guard("day", 0),), outbox=posted),
            ),
            (
                "a moved audit chain",
                Commit(practice=PRACTICE, changes=(moved,), audit=(entry(moved, before=kept, previous="other"),)),
            ),
        ):
            self._refused(repository, commit, StaleWrite, tried)

    def test_errors_quote_no_row_that_is_locked(self, repository: Repository) -> None:
        said = Addendum(id="x", author="dana", written_at=NOW, text=Sensitive(f"{MARKER}-addendum"))
        locked = _marked("n", status=NoteStatus.LOCKED, digest="d", locked_at=NOW, addenda=(said,))
        repository.commit(audited(locked))
        for tried, change in (
            ("a locked note's text", replace(locked, revision=2, body=_marked("n").body * 2)),
            ("a locked note's status", replace(locked, revision=2, status=NoteStatus.DRAFT)),
            (
                "a locked note's addendum",
                replace(locked, revision=2, addenda=(replace(said, text=Sensitive(f"{MARKER}-other")),)),
            ),
        ):
            self._refused(repository, Commit(practice=PRACTICE, changes=(change,)), OasysError, tried)

    def test_errors_quote_no_outcome_of_a_key(self, repository: Repository) -> None:
        row = _marked("n")
        first = Outcome(key="k", digest="d", decision=Accepted(row), at=NOW)
        repository.commit(audited(row, outcome=first))
        other = refuse(Code.SLOT_UNAVAILABLE, f"{MARKER}-text", field="starts_at", earliest=f"{MARKER}-time")
        for tried, outcome, how in (
            ("the same request again", first, StaleWrite),
            ("another request under its key", replace(first, digest="e", decision=other), KeyReused),
            ("another note under its key", replace(first, digest="e"), KeyReused),
        ):
            self._refused(repository, audited(_marked("m"), outcome=outcome), how, tried)
        assert tuple(repository.audit(PRACTICE, Key("note", "m"))) == ()
