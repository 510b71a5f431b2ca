"""A process that books is killed at any moment: what was acknowledged is there, and nothing is half there.

Killing a process does not take the power away: what the operating system holds survives. Only a power cut tests disks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from secrets import token_hex
from time import monotonic, sleep
from typing import Any, Final, final

from oasys_sched.actors import Actor
from oasys_sched.aggregates import Key
from oasys_sched.booking.appointment import Appointment
from oasys_sched.decisions import Accepted, Decision
from oasys_sched.desk.counter import Counter
from oasys_sched.errors import PortFailed, SlotTaken
from oasys_sched.people import Client
from oasys_sched.policies.access import Action
from oasys_sched.ports import Commit, Query, Repository, Wanted
from oasys_sched.testing.blame import blame
from oasys_sched.testing.children import child_context
from oasys_sched.testing.clinic import OPENING, Clinic
from oasys_sched.testing.closing import closed
from oasys_sched.testing.rows import appointment
from oasys_sched.times import LATEST
from oasys_sched.units.asks import AskBase

__all__ = ["Crashes", "crash"]

PATIENCE: Final = 60.0
# Three mornings' hours each weekday, inside the clinician's in summer and in winter.
A_DAY: Final = 3
DAYS: Final = 5


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Crashes:
    """What came of it. `acknowledged` bookings were answered before their process was killed.

    `lost` of them are not there. `partial` ones lack a part: the row, its time, its message, its outcome or its audit
    entry. `unknown` were stored though their process died before it could say so. Whatever was under way is asked
    again under its key, and so is the last one acknowledged: `changed` got another answer than the first, `doubled`
    were then stored twice.
    """

    rounds: int
    acknowledged: int
    lost: int
    partial: int
    unknown: int
    changed: int
    doubled: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether every booking is there exactly once, whole, as it was first answered."""
        return not (self.lost or self.partial or self.changed or self.doubled)

    def __str__(self) -> str:
        return (
            f"{self.rounds} kills, {self.acknowledged:,} acknowledged, {self.lost} lost, {self.partial} partial,"
            f" {self.unknown} stored but not acknowledged, {self.changed} answered differently when asked again,"
            f" {self.doubled} stored twice, {self.seconds:.1f} s"
        )


def crash(make: Callable[[], Repository], *, rounds: int = 20, longest: float = 0.1, seed: int = 0) -> Crashes:
    """Let a process book as fast as it can, and kill it with SIGKILL within `longest` seconds; so many `rounds`.

    `make` opens the storage, in each process; it must be picklable, such as `partial(MyRepository, path)`. The bookings
    go through the desk, each under an idempotency key of its own. Rows are stored in a new practice.

    Raises:
        PortFailed: a process could not write at all; the message says what it did, and the error's type and place.
    """
    began = monotonic()
    dice = random.Random(seed)  # noqa: S311 - reproducible, not secret
    clinic = Clinic(practice=f"crash-{token_hex(6)}")
    repository = make()
    repository.commit(clinic.opening)
    first: dict[int, str] = {}
    acknowledged = unknown = changed = number = 0
    for turn in range(rounds):
        whose = Client(
            practice=clinic.practice, id=f"client-{turn}", revision=1, clinicians=("dana",), email="c@example.org"
        )
        repository.commit(Commit(practice=clinic.practice, changes=(whose,)))
        told = _killed(make, clinic.practice, whose.id, number, dice.uniform(0, longest))
        acknowledged += len(told)
        # The one under way when the process died: stored or not, nobody was told.
        number = max(told) + 1
        stored = {row.starts_at: row.id for row in _stored(repository, clinic.practice)}
        unknown += time_of(number) in stored
        desk = _counter(repository, clinic.practice)
        for asked, known in (*sorted(told.items())[-1:], (number, stored.get(time_of(number)))):
            decision = _book(desk, whose.id, asked)
            answer = decision.value.id if isinstance(decision, Accepted) else "refused"
            changed += answer != (known or answer) or answer == "refused"
            told[asked] = known or answer
        first |= told
        number += 1
    lost, partial, doubled = _examined(repository, clinic.practice, first)
    closed(repository)
    return Crashes(
        rounds=rounds,
        acknowledged=acknowledged,
        lost=lost,
        partial=partial,
        unknown=unknown,
        changed=changed,
        doubled=doubled,
        seconds=monotonic() - began,
    )


def time_of(number: int) -> datetime:
    """Return the time of the booking of a number; no two share one."""
    day, hour = divmod(number, A_DAY)
    week, weekday = divmod(day, DAYS)
    return OPENING + timedelta(weeks=week + 1, days=weekday, hours=hour + 1)


def _counter(repository: Repository, practice: str) -> Counter:
    clinic = Clinic(practice=practice)
    desk = clinic.desk(repository, new_id=lambda: token_hex(16), new_nonce=lambda: token_hex(16))
    return desk.acting_as(_dana(practice))


def _dana(practice: str) -> Actor:
    return Actor.clinician("dana", practice=practice)


def _book(dana: Counter, client: str, number: int) -> Decision[Appointment]:
    return dana.create(
        client=client, service="therapy", mode="telehealth", starts_at=time_of(number), key=f"booking-{number}"
    )


def write(pipe: Connection, make: Callable[[], Repository], practice: str, client: str, number: int) -> None:
    """Book and tell, book and tell, until killed, or until nobody listens."""
    doing = "make"
    with pipe, suppress(BrokenPipeError):
        try:
            dana, doing = _counter(make(), practice), "create"
            while True:
                pipe.send((number, _book(dana, client, number).or_raise().value.id))
                number += 1
        except Exception as error:
            pipe.send(f"{doing}: {blame(error, make)}")
            raise


def _killed(
    make: Callable[[], Repository], practice: str, client: str, number: int, after: float, patience: float = PATIENCE
) -> dict[int, str]:
    """Start a writer, let it work a while, kill it; return what it told before."""
    context = child_context()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=write, args=(theirs, make, practice, client, number), daemon=True)
    child.start()
    theirs.close()
    answers: list[Any] = []
    with ours:
        why = "it ended without a word" if ours.poll(patience) else f"it said nothing for {patience:g} s"
        sleep(after)
        child.kill()
        child.join()
        with suppress(EOFError):
            while True:
                answers.append(ours.recv())
    told: dict[int, str] = dict(answer for answer in answers if not isinstance(answer, str))
    if not told:
        raise PortFailed(f"the process that should write could not: {next(iter(answers), why)}")
    return told


def _stored(repository: Repository, practice: str) -> tuple[Appointment, ...]:
    return repository.load(Wanted(practice=practice, queries=(Query(kind="appointment"),))).all(Appointment)


def _examined(repository: Repository, practice: str, first: dict[int, str]) -> tuple[int, int, int]:
    """Return how many are lost, partial, and stored twice."""
    rows = _stored(repository, practice)
    ids = {row.id for row in rows}
    messages = repository.claim(practice, now=LATEST, limit=1_000_000, lease=timedelta(minutes=5))
    told = {row.aggregate for row in messages}
    numbers = {id: number for number, id in first.items()}
    partial = sum(not _whole(repository, row, told, numbers.get(row.id)) for row in rows)
    orphans = {key for key in told if key.id not in ids}
    return len(set(numbers) - ids), partial + len(orphans), len(rows) - len({row.starts_at for row in rows})


def _whole(repository: Repository, row: Appointment, told: set[Key], number: int | None) -> bool:
    key, practice = Key(row.kind, row.id), row.practice
    ask = AskBase(command=Action.CREATE.value, action=Action.CREATE, key=f"booking-{number}")
    found = repository.load(Wanted(practice=practice, outcome=ask.stored_key(_dana(practice))))
    return (
        key in told
        and len(repository.audit(practice, key)) == row.revision
        and found.outcome is not None
        and _holds(repository, row)
    )


def _holds(repository: Repository, row: Appointment) -> bool:
    """Whether the storage itself refuses somebody else this time."""
    rival: Any = appointment(f"rival-{row.id}", practice=row.practice, clinician=row.clinician, starts_at=row.starts_at)
    try:
        repository.commit(Commit(practice=row.practice, changes=(rival,)))
    except SlotTaken:
        return True
    return False
