"""Whatever is wrong with a commit, and whatever is looked at first: nothing of its five parts is there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.decisions import Accepted
from oasys_sched.errors import KeyReused, OasysError, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Query, Repository, Wanted
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.testing.conformance.asserting import refused, stored
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, entry, message, note

__all__ = ["Wholeness"]

FIRST: Final = appointment("a")
SECOND: Final = appointment("b", 10)
LOCKED: Final = note("n", status=NoteStatus.LOCKED, digest="d", locked_at=NOW)
USED: Final = Outcome(key="used", digest="d", decision=Accepted("first"), at=NOW)
GUARDS: Final = ("new-1", "known", "new-2", "moved")
KINDS: Final = ("appointment", "note")
CHAINS: Final = (*(Key("appointment", id) for id in "abcx"), Key("note", "n"))


def _filled(repository: Repository) -> None:
    """Store what a commit may meet: two appointments, a locked note, a used key, two guards, a message to withdraw."""
    waiting = message("waiting", group="reminders/a")
    guards = (Guard("known", 0), Guard("moved", 0))
    repository.commit(audited(FIRST, SECOND, LOCKED, guards=guards, outcome=USED, outbox=(waiting,)))


def _whole(*changes: Aggregate, number: int = 1) -> Commit:
    """Return a commit of all five parts that is right after `_filled`."""
    known = {"a": FIRST, "b": SECOND}
    befores = [known[row.id] if row.revision > 1 else None for row in changes]
    return Commit(
        practice=PRACTICE,
        changes=changes,
        guards=(Guard("new-1", 0), Guard("known", 1), Guard("new-2", 0)),
        outcome=Outcome(key=f"fresh-{number}", digest="d", decision=Accepted("done"), at=NOW),
        outbox=tuple(message(f"posted-{number}-{id}", of=Key("appointment", f"{id}{number}")) for id in "xy"),
        withdraw=("reminders/a",),
        audit=tuple(
            entry(row, before=before, previous=entry(before).hash if before else "")
            for row, before in zip(changes, befores, strict=True)
        ),
    )


# A commit may write new rows, change old ones, both, or none at all: storages go other ways through them.
WHOLE: Final = {
    "a new row": _whole(appointment("c", 20)),
    "a changed row": _whole(appointment("a", 30, revision=2)),
    "a new row and a changed one": _whole(appointment("c", 20), appointment("a", 30, revision=2)),
    "no row": _whole(),
}


def _rows(*rows: Aggregate) -> Callable[[Commit], tuple[Commit, ...]]:
    """Return what puts rows before the others, and behind them."""
    return lambda whole: (
        replace(whole, changes=(*rows, *whole.changes)),
        replace(whole, changes=(*whole.changes, *rows)),
    )


def _guards(*guards: Guard) -> Callable[[Commit], tuple[Commit, ...]]:
    return lambda whole: (
        replace(whole, guards=(*guards, *whole.guards)),
        replace(whole, guards=(*whole.guards, *guards)),
    )


def _seen(repository: Repository) -> dict[str, Any]:
    """Return everything there is to see of the five parts. A lease of no time keeps nothing."""
    queries = tuple(Query(kind=kind) for kind in KINDS)
    outcomes = {
        key: repository.load(Wanted(practice=PRACTICE, outcome=key)).outcome for key in ("used", "fresh-1", "fresh-2")
    }
    snapshot = repository.load(Wanted(practice=PRACTICE, queries=queries, guards=GUARDS))
    claimed = repository.claim(PRACTICE, now=NOW, limit=99, lease=NOW - NOW)
    return {
        "rows": {(row.kind, row.id): row for row in snapshot.aggregates},
        "guards": {name: snapshot.guards[name] for name in GUARDS},
        "outcomes": outcomes,
        "messages": sorted(row.id for row in claimed),
        "audit chains": {key: tuple(row.hash for row in repository.audit(PRACTICE, key)) for key in CHAINS},
        "heads of chains": dict(snapshot.audit_heads),
    }


def _unchanged(repository: Repository, before: dict[str, Any], tried: str) -> None:
    after = _seen(repository)
    parts = [part for part, held in before.items() if after[part] != held]
    assert not parts, f"raised, and changed all the same: {', '.join(parts)}; after {tried}"


class Unwritable:
    """A value that no storage can write."""

    def __str__(self) -> str:
        raise TypeError("this cannot be written")


_BAD: Final[Any] = Unwritable()
# One part of a commit each, written after others.
UNWRITABLE: Final[dict[str, Callable[[Commit], Any]]] = {
    "outcome": lambda _: replace(USED, key="unwritable", decision=Accepted(_BAD)),
    "outbox": lambda sound: (*sound.outbox, message("unwritable", fields={"text": _BAD})),
    "audit": lambda sound: (*sound.audit, replace(entry(appointment("x")), reason=_BAD)),
}


class Wholeness:
    """Each flaw a commit may have, before and behind everything else in it."""

    def _leaves_nothing(
        self, repository: Repository, what: str, flawed: Callable[[Commit], tuple[Commit, ...]], how: type[Exception]
    ) -> None:
        _filled(repository)
        before = _seen(repository)
        for name, whole in WHOLE.items():
            for commit in flawed(whole):
                tried = f"{name} with {what}"
                refused(repository, commit, how, tried=tried)
                _unchanged(repository, before, tried)

    def test_a_commit_writes_all_five_parts(self, repository: Repository) -> None:
        _filled(repository)
        before = _seen(repository)
        repository.commit(WHOLE["a new row and a changed one"])
        after = _seen(repository)
        assert [part for part in before if after[part] == before[part]] == []
        assert after["guards"] == {"new-1": 1, "known": 2, "new-2": 1, "moved": 1}
        assert after["messages"] == ["posted-1-x", "posted-1-y"]

    def test_a_moved_guard_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a moved guard", _guards(Guard("moved", 0)), StaleWrite)

    def test_a_guard_ahead_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a guard ahead", _guards(Guard("moved", 5)), StaleWrite)

    def test_a_stale_revision_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a revision ahead", _rows(appointment("b", 40, revision=3)), StaleWrite)

    def test_an_update_of_nothing_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "an update of nothing", _rows(appointment("x", 40, revision=2)), StaleWrite)

    def test_a_second_insert_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a second insert", _rows(appointment("b", 40)), StaleWrite)

    def test_another_practices_row_leaves_nothing(self, repository: Repository) -> None:
        other = replace(appointment("x", 40), practice="elsewhere")
        self._leaves_nothing(repository, "another practice's row", _rows(other), StaleWrite)

    def test_a_taken_time_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a taken time", _rows(appointment("x", 10.5)), SlotTaken)

    def test_a_locked_note_leaves_nothing(self, repository: Repository) -> None:
        forged = replace(LOCKED, revision=2, digest="forged")
        self._leaves_nothing(repository, "a locked note", _rows(forged), OasysError)

    def test_a_used_key_leaves_nothing(self, repository: Repository) -> None:
        self._leaves_nothing(repository, "a used key", lambda whole: (replace(whole, outcome=USED),), StaleWrite)

    def test_a_key_of_another_request_leaves_nothing(self, repository: Repository) -> None:
        other = replace(USED, digest="e")
        self._leaves_nothing(repository, "a reused key", lambda whole: (replace(whole, outcome=other),), KeyReused)

    def test_a_moved_audit_chain_leaves_nothing(self, repository: Repository) -> None:
        late = entry(appointment("b", 40, revision=2), before=SECOND, previous="other")
        self._leaves_nothing(
            repository,
            "an audit chain that moved",
            lambda whole: (replace(whole, audit=(late, *whole.audit)), replace(whole, audit=(*whole.audit, late))),
            StaleWrite,
        )

    def test_what_cannot_be_written_leaves_nothing(self, repository: Repository) -> None:
        _filled(repository)
        for number, (part, unwritable) in enumerate(UNWRITABLE.items()):
            before = _seen(repository)
            row = appointment(f"row-{number}", 50 + 2 * number)
            sound = replace(_whole(row, number=number), guards=(Guard("new-1", before["guards"]["new-1"]),))
            commit = replace(sound, **{part: unwritable(sound)})
            try:
                repository.commit(commit)
            except Exception:  # noqa: BLE001 - each storage fails in its own way, and some in none
                _unchanged(repository, before, f"{part} that cannot be written")
            else:
                assert stored(repository, "appointment", row.id) == row
