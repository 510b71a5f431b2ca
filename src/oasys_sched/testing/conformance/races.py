"""What holds when many come at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from oasys_sched.decisions import Accepted
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found
from oasys_sched.testing.conformance.flags import Flags
from oasys_sched.testing.contend import contend
from oasys_sched.testing.crash import crash
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, message

__all__ = ["Races"]

WORKERS = 8
ROUNDS = 12


def _together(*work: Callable[[], Any]) -> Sequence[str]:
    """Run all at once; return how each ended, by the name of its error."""
    ends: list[str] = []
    ready = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> None:
        ready.wait()
        try:
            one()
            ends.append("done")
        except (SlotTaken, StaleWrite, KeyReused) as error:
            ends.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a writer never came back"
    assert len(ends) == len(work), "a writer failed with another error"
    return ends


class Races(Flags):
    """One winner each time, and nobody stuck. What the storage says it cannot do is skipped."""

    def test_processes_that_want_one_time_get_it_once(self, repository: Repository) -> None:
        report = contend(self._opening(repository), attempts=60, workers=4, slots=5, processes=True)
        assert report.sound, f"{report}"

    def test_a_killed_process_loses_nothing_and_leaves_no_half(self, repository: Repository) -> None:
        report = crash(self._opening(repository), rounds=2)
        assert report.sound, f"{report}"

    def test_one_of_many_takes_a_time(self, repository: Repository) -> None:
        self._needs_threads()
        for number in range(ROUNDS):
            rivals = [audited(appointment(f"{number}-{rival}", 2 * number + 0.05 * rival)) for rival in range(WORKERS)]
            ends = _together(*(lambda commit=rival: repository.commit(commit) for rival in rivals))
            assert Counter(ends)["done"] == 1
        assert len(found(repository, "appointment")) == ROUNDS

    def test_one_of_many_replaces_a_revision(self, repository: Repository) -> None:
        self._needs_threads()
        repository.commit(audited(appointment("a")))
        for revision in range(2, ROUNDS):
            rivals = [
                Commit(practice=PRACTICE, changes=(appointment("a", rival, revision=revision),))
                for rival in range(WORKERS)
            ]
            ends = _together(*(lambda commit=rival: repository.commit(commit) for rival in rivals))
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}

    def test_one_of_many_bumps_a_guard(self, repository: Repository) -> None:
        self._needs_threads()
        for version in range(ROUNDS):
            bump = Commit(practice=PRACTICE, guards=(Guard("day", version),))
            ends = _together(*[lambda commit=bump: repository.commit(commit)] * WORKERS)
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}
        assert repository.load(Wanted(practice=PRACTICE, guards=("day",))).guards == {"day": ROUNDS}

    def test_twins_under_one_key_have_one_effect(self, repository: Repository) -> None:
        self._needs_threads()
        for number in range(ROUNDS):
            outcome = Outcome(key=f"k{number}", digest="d", decision=Accepted("yes"), at=NOW)
            twin = Commit(practice=PRACTICE, outcome=outcome, outbox=(message(f"m{number}"),))
            ends = _together(*[lambda commit=twin: repository.commit(commit)] * WORKERS)
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}

    def test_crossing_writers_do_not_wait_for_each_other_for_ever(self, repository: Repository) -> None:
        self._needs_threads()
        for number in range(ROUNDS):
            one, two = (appointment(f"{number}{name}", 4 * number + shift) for name, shift in (("x", 0), ("y", 2)))
            other = [appointment(f"{number}{row.id}", 4 * number + shift) for row, shift in ((two, 2), (one, 0))]
            ends = _together(
                lambda rows=(one, two): repository.commit(audited(*rows)),  # type: ignore[misc]
                lambda rows=other: repository.commit(audited(*rows)),  # type: ignore[misc]
            )
            assert Counter(ends)["done"] <= 1
            assert len(found(repository, "appointment")) == 2 * (number + 1) or Counter(ends)["done"] == 0

    def test_a_row_is_claimed_by_one_worker(self, repository: Repository) -> None:
        self._needs_threads()
        rows = tuple(message(f"m{number}", recipient=f"r{number}") for number in range(40))
        repository.commit(Commit(practice=PRACTICE, outbox=rows))
        taken: list[str] = []

        def work() -> None:
            for _ in range(10):
                claimed = repository.claim(PRACTICE, now=NOW, limit=7, lease=timedelta(minutes=5))
                taken.extend(row.id for row in claimed)

        assert set(_together(*[work] * WORKERS)) <= {"done", "StaleWrite"}
        assert Counter(taken) == {row.id: 1 for row in rows}
