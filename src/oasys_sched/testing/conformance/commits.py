"""A commit is all or nothing, and replaces exactly the revision it saw."""

from __future__ import annotations

from dataclasses import replace

from oasys_sched.aggregates import Key
from oasys_sched.decisions import Accepted
from oasys_sched.errors import SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found, refused, stored
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, entry, message

__all__ = ["Commits"]


class Commits:
    """Compare-and-set, guards, and five parts that are written together."""

    def test_an_empty_storage_loads_nothing(self, repository: Repository) -> None:
        assert found(repository, "appointment") == ()
        assert repository.load(Wanted(practice=PRACTICE)).aggregates == ()

    def test_a_new_row_is_found_as_it_was_written(self, repository: Repository) -> None:
        row = appointment("a")
        repository.commit(audited(row))
        assert stored(repository, "appointment", "a") == row

    def test_an_empty_commit_is_fine(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE))

    def test_the_next_revision_replaces(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(Commit(practice=PRACTICE, changes=(appointment("a", 3, revision=2),)))
        assert stored(repository, "appointment", "a") == appointment("a", 3, revision=2)

    def test_a_second_insert_is_stale(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, Commit(practice=PRACTICE, changes=(appointment("a"),)), StaleWrite)

    def test_an_old_revision_is_stale(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        second = Commit(practice=PRACTICE, changes=(appointment("a", 1, revision=2),))
        repository.commit(second)
        refused(repository, second, StaleWrite)

    def test_a_revision_ahead_is_stale(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, Commit(practice=PRACTICE, changes=(appointment("a", revision=3),)), StaleWrite)

    def test_an_update_of_nothing_is_stale(self, repository: Repository) -> None:
        refused(repository, Commit(practice=PRACTICE, changes=(appointment("a", revision=2),)), StaleWrite)

    def test_a_stale_write_changes_nothing(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(
            repository,
            Commit(practice=PRACTICE, changes=(appointment("b", 5), appointment("a", 2, revision=5))),
            StaleWrite,
        )
        assert found(repository, "appointment") == ("a",)

    def test_another_practices_row_is_refused(self, repository: Repository) -> None:
        refused(repository, Commit(practice="elsewhere", changes=(appointment("a"),)), StaleWrite)

    def test_practices_do_not_see_each_other(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        other = replace(appointment("a"), practice="elsewhere")
        repository.commit(Commit(practice="elsewhere", changes=(other,)))
        assert found(repository, "appointment", practice="elsewhere") == ("a",)
        assert stored(repository, "appointment", "a").practice == PRACTICE

    def test_a_guard_starts_at_zero_and_rises(self, repository: Repository) -> None:
        for version in (0, 1, 2):
            assert repository.load(Wanted(practice=PRACTICE, guards=("day",))).guards == {"day": version}
            repository.commit(Commit(practice=PRACTICE, guards=(Guard("day", version),)))

    def test_a_moved_guard_is_stale(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, guards=(Guard("day", 0),)))
        refused(repository, Commit(practice=PRACTICE, guards=(Guard("day", 0),)), StaleWrite)
        refused(repository, Commit(practice=PRACTICE, guards=(Guard("day", 7),)), StaleWrite)

    def test_a_guard_of_a_failed_commit_stays(self, repository: Repository) -> None:
        refused(
            repository,
            Commit(practice=PRACTICE, changes=(appointment("a", revision=2),), guards=(Guard("day", 0),)),
            StaleWrite,
        )
        assert repository.load(Wanted(practice=PRACTICE, guards=("day",))).guards == {"day": 0}

    def test_a_failed_commit_leaves_no_outcome(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        outcome = Outcome(key="k", digest="d", decision=Accepted("yes"), at=NOW)
        refused(repository, audited(appointment("b", 0.5), outcome=outcome), SlotTaken)
        assert repository.load(Wanted(practice=PRACTICE, outcome="k")).outcome is None

    def test_a_failed_commit_leaves_no_message(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, audited(appointment("b", 0.5), outbox=(message("m"),)), SlotTaken)
        repository.commit(audited(appointment("c", 5), outbox=(message("n"),)))
        assert [row.id for row in repository.claim(PRACTICE, now=NOW, limit=9, lease=NOW - NOW)] == ["n"]

    def test_a_failed_commit_leaves_no_audit(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, audited(appointment("b", 0.5)), SlotTaken)
        assert tuple(repository.audit(PRACTICE, Key("appointment", "b"))) == ()

    def test_a_failed_commit_withdraws_nothing(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), outbox=(message("m", group="reminders/a"),)))
        refused(repository, audited(appointment("b", 0.5), withdraw=("reminders/a",)), SlotTaken)
        assert [row.id for row in repository.claim(PRACTICE, now=NOW, limit=9, lease=NOW - NOW)] == ["m"]

    def test_an_audit_chain_that_moved_is_stale(self, repository: Repository) -> None:
        row = appointment("a")
        repository.commit(audited(row))
        moved = appointment("a", 1, revision=2)
        wrong = Commit(practice=PRACTICE, changes=(moved,), audit=(entry(moved, before=row, previous="other"),))
        refused(repository, wrong, StaleWrite)
        assert stored(repository, "appointment", "a") == row
