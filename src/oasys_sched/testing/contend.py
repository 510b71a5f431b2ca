"""Everybody wants the same times at once: whether a storage gives each to one, and none to two.

Nothing but the storage stands between the rivals here: no rule looks first, no guard makes them queue.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from secrets import token_hex
from time import monotonic
from typing import Any, Final, final

from oasys_sched.booking.appointment import Appointment
from oasys_sched.decisions import Accepted
from oasys_sched.errors import SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Outcome, Query, Repository, Wanted
from oasys_sched.testing.children import child_context
from oasys_sched.testing.closing import closed
from oasys_sched.testing.rows import NOW, appointment, entry, message

__all__ = ["Contention", "contend"]

# How often one attempt is made again when the storage asks for that, and how long anybody waits for the others.
AGAIN: Final = 50
PATIENCE: Final = 120.0
LAST: Final = 10.0
# Rivals want times that overlap by at least a half hour, not only the very same hour.
SHIFTS: Final = (0.0, 0.25, 0.5)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Contention:
    """What came of it. `attempts` is how many wanted a time, `booked` how many were told that they have one.

    `doubles` are stored rows that overlap another, `lost` were acknowledged and are not there, `empty` are times that
    many wanted and nobody has. `again` counts the tries that the storage asked to be made again, `errors` what else it
    raised, by name: a deadlock, a port that failed, a worker that never came back.
    """

    attempts: int
    booked: int
    doubles: int
    lost: int
    empty: int
    again: int
    errors: dict[str, int] = field(default_factory=dict, hash=False)
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether every wanted time went to exactly one, and nothing failed."""
        return not (self.doubles or self.lost or self.empty or self.errors)

    def __str__(self) -> str:
        wrong = ", ".join(f"{count} {name}" for name, count in self.errors.items()) or "no errors"
        return (
            f"{self.attempts:,} attempts, {self.booked:,} booked, {self.doubles:,} double bookings, {self.lost:,} lost,"
            f" {self.empty:,} wanted times left empty, {self.again:,} made again, {wrong},"
            f" {self.seconds:.1f} s ({self.attempts / self.seconds:,.0f} a second)"
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    practice: str
    rounds: int
    slots: int
    seed: int


@final
@dataclass(slots=True, kw_only=True)
class _Tally:
    booked: list[str] = field(default_factory=list)
    again: int = 0
    errors: Counter[str] = field(default_factory=Counter)


def contend(
    make: Callable[[], Repository],
    *,
    attempts: int = 10_000,
    workers: int = 32,
    slots: int = 20,
    processes: bool = False,
    seed: int = 0,
) -> Contention:
    """Let `workers` threads, or `processes`, want the same `slots` at once, until there were so many `attempts`.

    `make` opens the storage, once for each worker: a function that returns the one in memory, or connects to the one
    in a file or a database. With `processes` it must be picklable, such as `partial(MyRepository, url)`. Every round
    offers new times; each worker wants each of them, in an order of its own. An attempt is one whole commit: the
    appointment, what it occupies, its outcome, two messages, an audit entry. Rows are stored in a new practice.

    >>> from oasys_sched.adapters.memory import MemoryRepository
    >>> shared = MemoryRepository()
    >>> report = contend(lambda: shared, attempts=200, workers=4, slots=5)
    >>> report.booked, report.doubles, report.empty, report.sound
    (50, 0, 0, True)
    """
    rounds = -(-attempts // (workers * slots))
    plan = _Plan(practice=f"contention-{token_hex(6)}", rounds=rounds, slots=slots, seed=seed)
    began = monotonic()
    tallies = (_in_processes if processes else _in_threads)(make, plan, workers)
    seconds = monotonic() - began
    repository = make()
    wanted = Wanted(practice=plan.practice, queries=(Query(kind="appointment"),))
    stored = repository.load(wanted).all(Appointment)
    closed(repository)
    acknowledged = [id for tally in tallies for id in tally.booked]
    errors: Counter[str] = sum((tally.errors for tally in tallies), Counter())
    return Contention(
        attempts=rounds * slots * workers,
        booked=len(acknowledged),
        doubles=_overlapping(stored),
        lost=len(set(acknowledged) - {row.id for row in stored}),
        empty=rounds * slots - len({row.service for row in stored}),
        again=sum(tally.again for tally in tallies),
        errors=dict(sorted(errors.items())),
        seconds=seconds,
    )


def _overlapping(rows: Iterable[Appointment]) -> int:
    """Count the rows that begin before an earlier one has ended."""
    count, until = 0, NOW
    for row in sorted(rows, key=lambda row: row.starts_at):
        count += row.starts_at < until
        until = max(until, row.starts_at + row.duration)
    return count


def _work(make: Callable[[], Repository], plan: _Plan, worker: int, barrier: Any) -> _Tally:
    """Want every time of every round."""
    tally = _Tally()
    dice = random.Random(f"{plan.seed}/{worker}")  # noqa: S311 - reproducible, not secret
    try:
        repository = make()
        for number in range(plan.rounds):
            barrier.wait()
            for slot in dice.sample(range(plan.slots), plan.slots):
                _attempt(repository, _wanted(plan, number * plan.slots + slot, worker, dice), tally)
        closed(repository)
    except Exception as error:  # noqa: BLE001 - the others must not wait for this one, and the report tells of it
        barrier.abort()
        tally.errors[type(error).__name__] += 1
    return tally


def _wanted(plan: _Plan, slot: int, worker: int, dice: random.Random) -> Commit:
    id, practice = f"{slot}-{worker}", plan.practice
    # The service names the time that was wanted, whichever of its overlapping shifts this is.
    row = appointment(id, 2 * slot + dice.choice(SHIFTS), practice=practice, service=f"slot-{slot}")
    audit = entry(row)
    told = [message(f"{id}/{whom}", practice=practice, recipient=whom, of=audit.aggregate) for whom in ("ana", "dana")]
    outcome = Outcome(key=id, digest=id, decision=Accepted(id), at=NOW)
    return Commit(practice=practice, changes=(row,), outcome=outcome, outbox=tuple(told), audit=(audit,))


def _attempt(repository: Repository, commit: Commit, tally: _Tally) -> None:
    for _ in range(AGAIN):
        try:
            repository.commit(commit)
        except SlotTaken:
            return
        except StaleWrite:
            tally.again += 1
        except Exception as error:  # noqa: BLE001 - whatever else a storage raises is what the report is about
            tally.errors[type(error).__name__] += 1
            return
        else:
            tally.booked.append(commit.changes[0].id)
            return
    tally.errors["StaleWrite"] += 1


def _in_threads(make: Callable[[], Repository], plan: _Plan, workers: int) -> list[_Tally]:
    barrier = threading.Barrier(workers, timeout=PATIENCE)
    tallies: list[_Tally] = []

    def run(worker: int) -> None:
        tallies.append(_work(make, plan, worker, barrier))

    threads = [threading.Thread(target=run, args=(worker,), daemon=True) for worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive() and not barrier.broken:
            thread.join(1)
        # Somebody gave up waiting; whoever still works has a little time left.
        thread.join(LAST)
    stuck = sum(thread.is_alive() for thread in threads)
    return [*tallies, _Tally(errors=Counter(["stuck"] * stuck))]


def _in_processes(make: Callable[[], Repository], plan: _Plan, workers: int) -> list[_Tally]:
    context = child_context()
    barrier = context.Barrier(workers, timeout=PATIENCE)
    answers: list[Connection] = []
    children = []
    for worker in range(workers):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=answer, args=(theirs, make, plan, worker, barrier), daemon=True)
        child.start()
        theirs.close()
        answers.append(ours)
        children.append(child)
    tallies = [_received(one, barrier) for one in answers]
    for child in children:
        child.kill()
        child.join()
    return tallies


def answer(pipe: Connection, make: Callable[[], Repository], plan: _Plan, worker: int, barrier: Any) -> None:
    """Work in a process of its own, and send what came of it."""
    with pipe:
        pipe.send(_work(make, plan, worker, barrier))


def _received(pipe: Connection, barrier: Any) -> _Tally:
    with pipe:
        while not pipe.poll(1) and not barrier.broken:
            pass
        try:
            tally: _Tally = pipe.recv() if pipe.poll(LAST) else _Tally(errors=Counter(["stuck"]))
        except EOFError:
            # It died; the others need not wait for it.
            barrier.abort()
            return _Tally(errors=Counter(["died"]))
        return tally
