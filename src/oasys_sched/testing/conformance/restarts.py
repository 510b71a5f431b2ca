"""What was committed, claimed or settled is so for whoever opens the storage next."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import SkipTest

from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.decisions import Accepted
from oasys_sched.errors import KeyReused, OasysError, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Delivery, Guard, Outcome, Repository, Wanted
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.testing.closing import closed
from oasys_sched.testing.conformance.asserting import found, refused, stored
from oasys_sched.testing.conformance.flags import Flags
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, claim, entry, message, note
from oasys_sched.times import Span

__all__ = ["Restarts"]

LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
AGES = timedelta(days=36_500)


def _claimed(repository: Repository, now: datetime = NOW) -> list[str]:
    return [row.id for row in repository.claim(PRACTICE, now=now, limit=100, lease=LEASE)]


class Restarts(Flags):
    """The storage opened once more, as `processes` says: nothing may live in the object that wrote it only."""

    @contextmanager
    def _again(self, repository: Repository, **how: Any) -> Iterator[Repository]:
        opened = self._opening(repository)(**how)
        try:
            yield opened
        finally:
            closed(opened)

    def test_rows_are_there_after_a_restart(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), note("n")))
        moved = appointment("a", 3, revision=2)
        repository.commit(Commit(practice=PRACTICE, changes=(moved,)))
        with self._again(repository) as again:
            assert stored(again, "appointment", "a") == moved
            assert stored(again, "note", "n") == note("n")
            refused(again, Commit(practice=PRACTICE, changes=(moved,)), StaleWrite)
            again.commit(Commit(practice=PRACTICE, changes=(appointment("a", 5, revision=3),)))
        assert stored(repository, "appointment", "a") == appointment("a", 5, revision=3)

    def test_rows_are_found_by_what_they_are_now_after_a_restart(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), appointment("b", 5)))
        gone = appointment("a", revision=2, status=AppointmentStatus.CANCELLED)
        moved = appointment("b", 30, revision=2, clinician="erin")
        repository.commit(Commit(practice=PRACTICE, changes=(gone, moved)))
        with self._again(repository) as again:
            assert found(again, "appointment", statuses=("upcoming",)) == ("b",)
            assert found(again, "appointment", clinician="dana") == ("a",)
            week = NOW + 7 * DAY
            assert found(again, "appointment", within=Span(week, week + DAY)) == ("a",)
            assert found(again, "appointment", within=Span(week + DAY, week + 2 * DAY)) == ("b",)

    def test_taken_times_are_taken_after_a_restart(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), appointment("b", 2)))
        gone = appointment("b", 2, revision=2, status=AppointmentStatus.CANCELLED)
        repository.commit(Commit(practice=PRACTICE, changes=(gone,)))
        repository.commit(audited(claim("h", expires_at=NOW + AGES), claim("past", 9, expires_at=NOW - AGES)))
        with self._again(repository) as again:
            refused(again, audited(appointment("c", 0.5)), SlotTaken)
            refused(again, audited(claim("i")), SlotTaken)
            again.commit(audited(appointment("c", 2), claim("i", 9)))

    def test_guards_have_risen_after_a_restart(self, repository: Repository) -> None:
        for version in (0, 1):
            repository.commit(Commit(practice=PRACTICE, guards=(Guard("day", version),)))
        with self._again(repository) as again:
            assert again.load(Wanted(practice=PRACTICE, guards=("day",))).guards == {"day": 2}
            refused(again, Commit(practice=PRACTICE, guards=(Guard("day", 0),)), StaleWrite)
            again.commit(Commit(practice=PRACTICE, guards=(Guard("day", 2),)))
        refused(repository, Commit(practice=PRACTICE, guards=(Guard("day", 2),)), StaleWrite)

    def test_keys_have_their_outcomes_after_a_restart(self, repository: Repository) -> None:
        outcome = Outcome(key="k", digest="d", decision=Accepted("yes"), at=NOW)
        other = Outcome(key="k", digest="e", decision=Accepted("no"), at=NOW)
        repository.commit(Commit(practice=PRACTICE, outcome=outcome))
        with self._again(repository) as again:
            assert again.load(Wanted(practice=PRACTICE, outcome="k")).outcome == outcome
            refused(again, Commit(practice=PRACTICE, outcome=outcome), StaleWrite)
            refused(again, Commit(practice=PRACTICE, outcome=other), KeyReused)

    def test_audits_go_on_after_a_restart(self, repository: Repository) -> None:
        before, after = appointment("a"), appointment("a", 1, revision=2)
        repository.commit(audited(before))
        follows = entry(after, before=before, previous=entry(before).hash)
        apart = entry(after, before=before, previous="")
        with self._again(repository) as again:
            refused(again, Commit(practice=PRACTICE, changes=(after,), audit=(apart,)), StaleWrite)
            again.commit(Commit(practice=PRACTICE, changes=(after,), audit=(follows,)))
        chain = tuple(repository.audit(PRACTICE, Key("appointment", "a")))
        assert [row.seq for row in chain] == [1, 2]
        assert verify_audit(chain) is None

    def test_locked_notes_are_locked_after_a_restart(self, repository: Repository) -> None:
        locked = note("n", status=NoteStatus.LOCKED, digest="d", locked_at=NOW)
        repository.commit(audited(locked))
        with self._again(repository) as again:
            refused(again, Commit(practice=PRACTICE, changes=(note("n", "other", revision=2),)), OasysError)
            assert stored(again, "note", "n") == locked

    def test_leases_run_on_after_a_restart(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, outbox=(message("m"),)))
        assert _claimed(repository) == ["m"]
        with self._again(repository) as again:
            assert _claimed(again, NOW + LEASE - SECOND) == []
            assert _claimed(again, NOW + LEASE) == ["m"]
        assert _claimed(repository, NOW + LEASE) == []

    def test_ended_messages_have_ended_after_a_restart(self, repository: Repository) -> None:
        endings = [end for end in Delivery if end is not Delivery.FAILED]
        rows = tuple(message(end.value, of=Key("appointment", end.value)) for end in endings)
        repository.commit(Commit(practice=PRACTICE, outbox=(*rows, message("withdrawn", group="g"), message("open"))))
        for end in endings:
            repository.settle(PRACTICE, end.value, end, now=NOW)
        repository.commit(Commit(practice=PRACTICE, withdraw=("g",)))
        with self._again(repository) as again:
            assert _claimed(again, NOW + 30 * DAY) == ["open"]

    def test_failed_messages_wait_and_count_after_a_restart(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, outbox=(message("m"),)))
        repository.settle(PRACTICE, "m", Delivery.FAILED, now=NOW)
        with self._again(repository) as again:
            assert _claimed(again) == []
            (row,) = again.claim(PRACTICE, now=NOW + DAY, limit=1, lease=LEASE)
            assert row.attempts == 1

    def test_the_clock_it_was_given_decides_about_holds(self, repository: Repository) -> None:
        if "clock" not in inspect.signature(self._opening(repository)).parameters:
            raise SkipTest("say in `processes` how to open the storage with a clock: a call that takes `clock=`")
        ends = NOW + DAY
        with self._again(repository, clock=lambda: ends - SECOND) as early:
            early.commit(audited(claim("h", expires_at=ends)))
            refused(early, audited(claim("i")), SlotTaken)
        with self._again(repository, clock=lambda: ends) as late:
            late.commit(audited(claim("i")))
        with self._again(repository, clock=lambda: NOW - 2 * AGES) as long_ago:
            long_ago.commit(audited(claim("j", 5, expires_at=NOW - AGES)))
            refused(long_ago, audited(claim("k", 5)), SlotTaken)
