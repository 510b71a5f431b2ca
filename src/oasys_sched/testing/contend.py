"""Everybody wants the same times at once: whether a storage gives each to one, and none to two.

Nothing but the storage stands between the rivals here: no rule looks first, no guard makes them queue.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, MutableSequence
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from time import monotonic
from typing import Any, Final, final

from oasys_sched.booking.appointment import Appointment
from oasys_sched.decisions import Accepted
from oasys_sched.errors import SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Outcome, Query, Repository, Wanted
from oasys_sched.testing.crews import Once, Processes, Tally, Threads
from oasys_sched.testing.rows import NOW, appointment, entry, message

__all__ = ["Contention", "contend"]

# How often one attempt is made again when the storage asks for that.
AGAIN: Final = 50
# Rivals want times that overlap by at least a half hour, not only the very same hour.
SHIFTS: Final = (0.0, 0.25, 0.5)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Contention:
    """What came of it. `attempts` is how many wanted a time, `booked` how many were told that they have one.

    `doubles` are stored rows that overlap another, `lost` were acknowledged and are not there, `empty` are times that
    many wanted and nobody has. `again` counts the tries that the storage asked to be made again, `errors` what else it
    raised, by name: a deadlock, a port that failed. `died` is a process that ended, `stuck` a worker that did not come
    back from the storage, `unread` that nothing could be read afterwards; then nothing is lost, double or empty.
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


def contend(
    make: Callable[[], Repository],
    *,
    attempts: int = 10_000,
    workers: int = 32,
    slots: int = 20,
    processes: bool = False,
    seed: int = 0,
    patience: float = 30.0,
) -> Contention:
    """Let `workers` threads, or `processes`, want the same `slots` at once, until there were so many `attempts`.

    `make` opens the storage, once for each worker: a function that returns the one in memory, or connects to the one
    in a file or a database. With `processes` it must be picklable, such as `partial(MyRepository, url)`. Every round
    offers new times; each worker wants each of them, in an order of its own. An attempt is one whole commit: the
    appointment, what it occupies, its outcome, two messages, an audit entry. Rows are stored in a new practice.

    Where no attempt has ended for `patience` seconds, whoever is within the storage counts as stuck: processes are
    killed, threads are left behind. What `make` gave is closed when all is done, once, also where it was shared.

    >>> from oasys_sched.adapters.memory import MemoryRepository
    >>> shared = MemoryRepository()
    >>> report = contend(lambda: shared, attempts=200, workers=4, slots=5)
    >>> report.booked, report.doubles, report.empty, report.sound
    (50, 0, 0, True)
    """
    rounds = -(-attempts // (workers * slots))
    plan = _Plan(practice=f"contention-{token_hex(6)}", rounds=rounds, slots=slots, seed=seed)
    began = monotonic()
    crew = (Processes if processes else Threads)(partial(_work, make, plan), workers)
    try:
        tallies = crew.work(patience)
        seconds = monotonic() - began
        stored = _stored(make, plan.practice, patience, crew.once)
    finally:
        crew.leave()
    acknowledged = [id for tally in tallies for id in tally.booked]
    errors: Counter[str] = sum((tally.errors for tally in tallies), Counter())
    return Contention(
        attempts=rounds * slots * workers,
        booked=len(acknowledged),
        doubles=0 if stored is None else _overlapping(stored),
        lost=0 if stored is None else len(set(acknowledged) - {row.id for row in stored}),
        empty=0 if stored is None else rounds * slots - len({row.service for row in stored}),
        again=sum(tally.again for tally in tallies),
        errors=dict(sorted((errors + Counter(unread=stored is None)).items())),
        seconds=seconds,
    )


def _stored(
    make: Callable[[], Repository], practice: str, patience: float, once: Once
) -> tuple[Appointment, ...] | None:
    """Read what is there now, in a thread that may be left behind; None if that does not end."""
    answers: list[Any] = []

    def read() -> None:
        try:
            repository = make()
            wanted = Wanted(practice=practice, queries=(Query(kind="appointment"),))
            rows = repository.load(wanted).all(Appointment)
            once.close(repository)
            answers.append(rows)
        except Exception as error:  # noqa: BLE001 - raised again where somebody can catch it
            answers.append(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(patience)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers[0] if answers else None


def _overlapping(rows: Iterable[Appointment]) -> int:
    """Count the rows that begin before an earlier one has ended."""
    count, until = 0, NOW
    for row in sorted(rows, key=lambda row: row.starts_at):
        count += row.starts_at < until
        until = max(until, row.starts_at + row.duration)
    return count


def _work(
    make: Callable[[], Repository], plan: _Plan, worker: int, barrier: Any, steps: MutableSequence[int]
) -> tuple[Tally, Repository | None]:
    """Want every time of every round. The number of one's steps is odd while one waits for the others."""
    tally, repository = Tally(), None
    dice = random.Random(f"{plan.seed}/{worker}")  # noqa: S311 - reproducible, not secret
    try:
        repository = make()
        for number in range(plan.rounds):
            steps[worker] += 1
            barrier.wait()
            steps[worker] += 1
            for slot in dice.sample(range(plan.slots), plan.slots):
                _attempt(repository, _wanted(plan, number * plan.slots + slot, worker, dice), tally)
                steps[worker] += 2
    except threading.BrokenBarrierError:
        # Somebody else failed, died or is stuck, and that is reported.
        pass
    except Exception as error:  # noqa: BLE001 - the others must not wait for this one, and the report tells of it
        barrier.abort()
        tally.errors[type(error).__name__] += 1
    return tally, repository


def _wanted(plan: _Plan, slot: int, worker: int, dice: random.Random) -> Commit:
    id, practice = f"{slot}-{worker}", plan.practice
    # The service names the time that was wanted, whichever of its overlapping shifts this is.
    row = appointment(id, 2 * slot + dice.choice(SHIFTS), practice=practice, service=f"slot-{slot}")
    audit = entry(row)
    told = [message(f"{id}/{whom}", practice=practice, recipient=whom, of=audit.aggregate) for whom in ("ana", "dana")]
    outcome = Outcome(key=id, digest=id, decision=Accepted(id), at=NOW)
    return Commit(practice=practice, changes=(row,), outcome=outcome, outbox=tuple(told), audit=(audit,))


def _attempt(repository: Repository, commit: Commit, tally: Tally) -> None:
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
