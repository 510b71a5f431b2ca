"""A commit holds several guards, groups, messages and audit entries: each counts, not only the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.errors import StaleWrite
from oasys_sched.ports import Commit, Guard, Query, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found, refused, stored
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, entry, message

__all__ = ["Several"]

# As many guards as a real commit carries.
NAMES: Final = tuple(f"day-{number:02}" for number in range(11))
ROWS: Final = 5
# More than storages like to write or read at once.
MESSAGES: Final = 120


def _versions(repository: Repository) -> dict[str, int]:
    guards = repository.load(Wanted(practice=PRACTICE, guards=NAMES)).guards
    return {name: guards[name] for name in NAMES}


def _claimed(repository: Repository) -> list[str]:
    return sorted(row.id for row in repository.claim(PRACTICE, now=NOW, limit=2 * MESSAGES, lease=NOW - NOW))


class Several:
    """The first, the last, and those between."""

    def test_each_of_several_guards_is_read(self, repository: Repository) -> None:
        assert _versions(repository) == dict.fromkeys(NAMES, 0)
        for version in (0, 1):
            repository.commit(Commit(practice=PRACTICE, guards=(Guard(NAMES[3], version),)))
        repository.commit(Commit(practice=PRACTICE, guards=(Guard(NAMES[-1], 0),)))
        assert _versions(repository) == {**dict.fromkeys(NAMES, 0), NAMES[3]: 2, NAMES[-1]: 1}

    def test_each_of_several_guards_rises(self, repository: Repository) -> None:
        for version in (0, 1, 2):
            repository.commit(Commit(practice=PRACTICE, guards=tuple(Guard(name, version) for name in NAMES)))
            assert _versions(repository) == dict.fromkeys(NAMES, version + 1)

    def test_each_of_several_guards_is_checked(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, guards=tuple(Guard(name, 0) for name in NAMES)))
        for moved in NAMES:
            for seen in (0, 2):
                guards = tuple(Guard(name, seen if name == moved else 1) for name in NAMES)
                refused(repository, audited(appointment("a"), guards=guards), StaleWrite, tried=f"{moved} has moved")
        assert _versions(repository) == dict.fromkeys(NAMES, 1)
        assert found(repository, "appointment") == ()

    def test_guards_new_and_known_go_in_one_commit(self, repository: Repository) -> None:
        known = dict.fromkeys(NAMES[1::2], 1)
        repository.commit(Commit(practice=PRACTICE, guards=tuple(Guard(name, 0) for name in known)))
        guards = tuple(Guard(name, known.get(name, 0)) for name in NAMES)
        repository.commit(Commit(practice=PRACTICE, guards=guards))
        assert _versions(repository) == {name: known.get(name, 0) + 1 for name in NAMES}

    def test_each_of_several_revisions_is_checked(self, repository: Repository) -> None:
        rows = tuple(appointment(f"row-{place}", 2 * place) for place in range(ROWS))
        repository.commit(audited(*rows))
        later = tuple(replace(row, revision=2) for row in rows)
        for place, row in enumerate(rows):
            for revision in (1, 3):
                changes = (*later[:place], replace(row, revision=revision), *later[place + 1 :])
                tried = f"row {place + 1} of {ROWS} is stale"
                refused(repository, Commit(practice=PRACTICE, changes=changes), StaleWrite, tried=tried)
            assert stored(repository, "appointment", row.id) == row

    def test_each_of_several_groups_is_withdrawn(self, repository: Repository) -> None:
        groups = tuple(f"reminders/{number}" for number in range(ROWS))
        rows = tuple(message(group, of=Key("appointment", group), group=group) for group in groups)
        other = message("other", of=Key("appointment", "other"), group="reminders/other")
        repository.commit(Commit(practice=PRACTICE, outbox=(*rows, other)))
        assert _claimed(repository) == ["other", *groups]
        repository.commit(Commit(practice=PRACTICE, withdraw=groups))
        assert _claimed(repository) == ["other"]

    def test_each_of_many_messages_is_kept(self, repository: Repository) -> None:
        rows = tuple(message(f"m{number:03}", of=Key("appointment", f"{number}")) for number in range(MESSAGES))
        repository.commit(Commit(practice=PRACTICE, outbox=rows))
        assert _claimed(repository) == [row.id for row in rows]

    def test_each_of_many_rows_is_kept(self, repository: Repository) -> None:
        rows = tuple(appointment(f"row-{number:03}", 2 * number) for number in range(MESSAGES))
        repository.commit(audited(*rows))
        assert found(repository, "appointment") == tuple(row.id for row in rows)

    def test_each_of_several_audit_entries_is_kept(self, repository: Repository) -> None:
        rows = tuple(appointment(f"row-{place}", 2 * place) for place in range(ROWS))
        first = audited(*rows)
        repository.commit(first)
        for link in first.audit:
            assert [row.hash for row in repository.audit(PRACTICE, link.aggregate)] == [link.hash]
        later = tuple(replace(row, revision=2) for row in rows)
        second = tuple(
            entry(after, before=before, previous=link.hash)
            for after, before, link in zip(later, rows, first.audit, strict=True)
        )
        repository.commit(Commit(practice=PRACTICE, changes=later, audit=second))
        heads = repository.load(Wanted(practice=PRACTICE, queries=(Query(kind="appointment"),))).audit_heads
        for link, head in zip(first.audit, second, strict=True):
            chain = tuple(repository.audit(PRACTICE, link.aggregate))
            assert [row.hash for row in chain] == [link.hash, head.hash]
            assert verify_audit(chain) is None
            assert heads[link.aggregate] == head.hash

    def test_each_of_several_audit_entries_is_checked(self, repository: Repository) -> None:
        rows = tuple(appointment(f"row-{place}", 2 * place) for place in range(ROWS))
        first = audited(*rows)
        repository.commit(first)
        later = tuple(replace(row, revision=2) for row in rows)
        for moved in range(ROWS):
            links = ("other" if place == moved else link.hash for place, link in enumerate(first.audit))
            second = tuple(
                entry(after, before=before, previous=link)
                for after, before, link in zip(later, rows, links, strict=True)
            )
            commit = Commit(practice=PRACTICE, changes=later, audit=second)
            refused(repository, commit, StaleWrite, tried=f"the chain of entry {moved + 1} of {ROWS} has moved")
        assert stored(repository, "appointment", rows[0].id) == rows[0]
