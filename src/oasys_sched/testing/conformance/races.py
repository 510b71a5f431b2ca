"""What holds when many come at once."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic
from traceback import walk_stack
from typing import Any

from oasys_sched.decisions import Accepted
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Repository, Wanted
from oasys_sched.testing.blame import blame, place
from oasys_sched.testing.conformance.asserting import found
from oasys_sched.testing.conformance.flags import Flags
from oasys_sched.testing.contend import contend
from oasys_sched.testing.crash import crash
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, message

__all__ = ["Races"]

WORKERS = 8
ROUNDS = 12
# How long all of them together may take, in seconds.
PATIENCE = 30.0


def _together(repository: Repository, *work: Callable[[], Any], patience: float = PATIENCE) -> Sequence[str]:
    """Run all at once; return how each ended, by the name of its error."""
    ends: list[str] = []
    failed: list[str] = []
    ready = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> None:
        ready.wait()
        try:
            one()
            ends.append("done")
        except (SlotTaken, StaleWrite, KeyReused) as error:
            ends.append(type(error).__name__)
        except Exception as error:  # noqa: BLE001 - told below, in a thread that a test can fail in
            failed.append(blame(error, repository))

    # Whoever is stuck is left behind, and must not keep the program from ending.
    threads = [threading.Thread(target=run, args=(one,), daemon=True) for one in work]
    until = monotonic() + patience
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))
    frames = sys._current_frames()
    stuck = [
        f"worker {number} of {len(work)} ({place([*walk_stack(frame)][::-1], repository)})"
        for number, thread in enumerate(threads, start=1)
        if thread.is_alive() and (frame := frames.get(thread.ident or 0)) is not None
    ]
    assert not stuck, f"not back after {patience:g} s: {'; '.join(stuck)}"
    assert not failed, f"with another error: {'; '.join(failed)}"
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
            ends = _together(repository, *(lambda commit=rival: repository.commit(commit) for rival in rivals))
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
            ends = _together(repository, *(lambda commit=rival: repository.commit(commit) for rival in rivals))
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}

    def test_one_of_many_bumps_a_guard(self, repository: Repository) -> None:
        self._needs_threads()
        for version in range(ROUNDS):
            bump = Commit(practice=PRACTICE, guards=(Guard("day", version),))
            ends = _together(repository, *[lambda commit=bump: repository.commit(commit)] * WORKERS)
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}
        assert repository.load(Wanted(practice=PRACTICE, guards=("day",))).guards == {"day": ROUNDS}

    def test_twins_under_one_key_have_one_effect(self, repository: Repository) -> None:
        self._needs_threads()
        for number in range(ROUNDS):
            outcome = Outcome(key=f"k{number}", digest="d", decision=Accepted("yes"), at=NOW)
            twin = Commit(practice=PRACTICE, outcome=outcome, outbox=(message(f"m{number}"),))
            ends = _together(repository, *[lambda commit=twin: repository.commit(commit)] * WORKERS)
            assert Counter(ends) == {"done": 1, "StaleWrite": WORKERS - 1}

    def test_crossing_writers_do_not_wait_for_each_other_for_ever(self, repository: Repository) -> None:
        self._needs_threads()
        for number in range(ROUNDS):
            one, two = (appointment(f"{number}{name}", 4 * number + shift) for name, shift in (("x", 0), ("y", 2)))
            other = [appointment(f"{number}{row.id}", 4 * number + shift) for row, shift in ((two, 2), (one, 0))]
            ends = _together(
                repository,
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

        assert set(_together(repository, *[work] * WORKERS)) <= {"done", "StaleWrite"}
        assert Counter(taken) == {row.id: 1 for row in rows}
