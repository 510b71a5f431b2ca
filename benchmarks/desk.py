"""The desk: many threads after the same times, and what one booking costs, part by part."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from time import perf_counter, thread_time
from typing import Any

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.booking.appointment import Appointment
from oasys_sched.decisions import nothing_here
from oasys_sched.desk.counter import Counter as DeskCounter
from oasys_sched.errors import StaleWrite
from oasys_sched.ports import Commit, Query, Wanted
from oasys_sched.units.asks import Ask
from oasys_sched.units.booking import first_look, second_look, seen_booking, target_of
from oasys_sched.units.commits import Seen, commit_of

THREADS, ATTEMPTS, SLOTS = 32, 100_000, 20
ROUNDS = -(-ATTEMPTS // (THREADS * SLOTS))
NOW = datetime(2026, 2, 27, 12, tzinfo=UTC)
# Monday, 9:00 in New York.
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
CLINICIAN, SERVICE = "dana", "therapy"
BUSY = 500
WORDS = {"load": "load", "decide": "decide", "commit": "commit", "refuse": "decide: taken, name others"}


def practice_rows(practice: str, clients: Sequence[str], hours: dict[str, str], **service: Any) -> tuple[Any, ...]:
    """Return a practice of one clinician, one service and some clients."""
    offered = {"duration": timedelta(minutes=50), "modes": (sched.Mode.TELEHEALTH,), **service}
    return (
        sched.Practice(id=practice, revision=1, name="Practice"),
        sched.Clinician(practice=practice, id=CLINICIAN, revision=1, zone="America/New_York"),
        sched.Schedule(
            practice=practice,
            id=CLINICIAN,
            revision=1,
            hours=sched.WeeklyHours.parse(hours, zone="America/New_York"),
            booking=sched.BookingPolicy(minimum_notice=sched.Period.parse("PT24H"), slot_step=timedelta(minutes=30)),
        ),
        sched.ServiceRecord(
            practice=practice, revision=1, service=sched.Service(id=SERVICE, name="Therapy", **offered)
        ),
        *(sched.Client(practice=practice, id=id, revision=1, clinicians=(CLINICIAN,)) for id in clients),
    )


def desk_over(repository: MemoryRepository) -> sched.Desk:
    numbers = count(1)
    return sched.Desk(repository, clinician=CLINICIAN, clock=lambda: NOW, new_id=lambda: f"id-{next(numbers)}")


def rivals() -> None:
    """Let every thread want every time of a round, each in its own order, and count who got what."""
    repository = MemoryRepository(clock=lambda: NOW)
    clients = [f"client-{number}" for number in range(THREADS)]
    for number in range(ROUNDS):
        rows = practice_rows(f"round-{number}", clients, {"mon-fri": "09:00-13:00"})
        repository.commit(Commit(practice=f"round-{number}", changes=rows))
    starts = [MONDAY + timedelta(days=day, hours=hour) for day in range(5) for hour in range(4)]
    desk = desk_over(repository)
    barrier = threading.Barrier(THREADS)
    seen: list[Counter[str]] = []

    def work(client: str) -> None:
        tally: Counter[str] = Counter()
        dice = random.Random(client)
        for number in range(ROUNDS):
            counter = desk.acting_as(sched.Actor.client(client, practice=f"round-{number}"))
            barrier.wait()
            for start in dice.sample(starts, len(starts)):
                try:
                    answer = counter.book(service=SERVICE, starts_at=start)
                except StaleWrite:
                    # Somebody was faster five times in a row: the caller is told so, and asks again.
                    tally["overtaken five times"] += 1
                    answer = counter.book(service=SERVICE, starts_at=start)
                tally["booked" if isinstance(answer, sched.Accepted) else str(answer.code)] += 1
        seen.append(tally)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    before = sys.getswitchinterval()
    # Threads change places ten times as often as they otherwise would: within a booking, not between two.
    sys.setswitchinterval(before / 10)
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - began
    sys.setswitchinterval(before)

    tally = sum(seen, Counter())
    attempts, booked, doubles, empty = ROUNDS * THREADS * SLOTS, 0, 0, 0
    for number in range(ROUNDS):
        wanted = Wanted(practice=f"round-{number}", queries=(Query(kind="appointment"),))
        rows = sorted(repository.load(wanted).all(Appointment), key=lambda row: row.starts_at)
        booked += len(rows)
        doubles += sum(later.starts_at < row.ends_at for row, later in pairwise(rows))
        empty += len(set(starts) - {row.starts_at for row in rows})
    print(f"\n{THREADS} threads, {attempts:,} attempts to book, {ROUNDS} rounds of {SLOTS} times, memory repository")
    print(f"  booked                    {booked:>10,}")
    print(f"  double bookings           {doubles:>10,}")
    print(f"  wanted times left empty   {empty:>10,}")
    for name, number in sorted(tally.items()):
        print(f"  answers: {name:<20} {number:>6,}")
    print(f"  attempts a second         {attempts / seconds:>10,.0f}   ({seconds:.1f} s)")
    assert len(seen) == THREADS, "a thread failed"
    assert (booked, doubles, empty, tally["booked"]) == (ROUNDS * SLOTS, 0, 0, ROUNDS * SLOTS)


class Recorder:
    """Stands where a desk stands, and keeps what is asked."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.new_id, self.clinician = new_id, CLINICIAN
        self.asked: list[Ask] = []

    def decide(self, actor: sched.Actor, ask: Ask) -> sched.Refused:
        self.asked.append(ask)
        return nothing_here()


def full_diary(external: int) -> tuple[MemoryRepository, tuple[sched.Span, ...], list[datetime]]:
    """Return a diary of 500 busy times of 30 minutes within the four weeks that a booking in their middle looks at.

    The first `external` of them come from a connected calendar, the others are appointments. Every fifth half hour of
    the twelve hours of a day is free.
    """
    repository = MemoryRepository(clock=lambda: NOW)
    rows = practice_rows("practice", ["ana", "ben"], {"mon-sun": "08:00-20:00"}, duration=timedelta(minutes=30))
    rows = tuple(
        replace(row, calendar_connected=external > 0) if isinstance(row, sched.Schedule) else row for row in rows
    )
    first = datetime(2026, 3, 16, 12, tzinfo=UTC)
    halves = [first + timedelta(days=day, minutes=30 * half) for day in range(27) for half in range(24)]
    free = [start for number, start in enumerate(halves) if number % 5 == 1]
    taken = [start for start in halves if start not in set(free)][:BUSY]
    half = timedelta(minutes=30)
    booked = tuple(
        Appointment(
            practice="practice", id=f"a{number:04}", revision=1, clinician=CLINICIAN, client="ben", service=SERVICE,
            mode=sched.Mode.TELEHEALTH, starts_at=start, duration=half, zone="America/New_York", created_at=NOW,
        )
        for number, start in enumerate(taken[external:])
    )  # fmt: skip
    repository.commit(Commit(practice="practice", changes=(*rows, *booked)))
    middle = [start for start in free if timedelta(days=13) < start - first < timedelta(days=14)]
    return repository, tuple(sched.Span(start, start + half) for start in taken[:external]), middle


def parts(external: int, rounds: int = 200) -> None:
    """Print what one booking costs: each part timed by itself on the very facts of a booking, CPU time."""
    repository, busy, free = full_diary(external)
    ids = count(1)
    recorder = Recorder(lambda: f"b{next(ids)}")
    ana = sched.Actor.client("ana", practice="practice")
    spent: dict[str, list[float]] = {name: [] for name in WORDS}

    def asked(start: datetime) -> Ask:
        DeskCounter(recorder, ana).book(service=SERVICE, starts_at=start)  # type: ignore[arg-type]
        return recorder.asked.pop()

    def loaded(ask: Ask) -> Seen:
        target = target_of(ask, repository.load(first_look(ana, ask)), (), CLINICIAN, NOW)
        assert target is not None
        seen = seen_booking(repository.load(second_look(ana, ask, target)), ask, target, busy)
        assert seen is not None
        return seen

    size = 0
    for number in range(rounds):
        ask = asked(free[number % len(free)])
        marks = [thread_time()]
        seen = loaded(ask)
        marks.append(thread_time())
        decision = ask.decide(seen.facts, NOW)  # type: ignore[arg-type]
        marks.append(thread_time())
        commit = commit_of(ana, ask, seen, decision, links={}, now=NOW)
        assert isinstance(decision, sched.Accepted)
        assert commit is not None
        repository.commit(commit)
        marks.append(thread_time())
        size = len(seen.facts.agenda) + len(seen.facts.external)  # type: ignore[union-attr]
        again = loaded(ask)
        began = thread_time()
        refused = ask.decide(again.facts, NOW)  # type: ignore[arg-type]
        spent["refuse"].append(thread_time() - began)
        assert isinstance(refused, sched.Refused)
        for name, one, other in zip(spent, marks, marks[1:], strict=False):
            spent[name].append(other - one)
        # Off again, so that the next booking meets the same diary.
        desk_over(repository).acting_as(sched.Actor.clinician(CLINICIAN, practice="practice")).cancel(
            decision.value.id, reason="weather"
        ).or_raise()
    kind = f"{external} external busy times, {BUSY - external} appointments"
    print(f"\none booking, {size} busy times in its window ({kind}), CPU time of {rounds}: median, fastest tenth")
    for name, words in WORDS.items():
        ordered = sorted(spent[name])
        print(f"  {words:<28} {ordered[rounds // 2] * 1e6:>8.0f} µs {ordered[rounds // 10] * 1e6:>8.0f} µs")


def main() -> None:
    for external in (BUSY, BUSY // 2, 0):
        parts(external)
    rivals()
