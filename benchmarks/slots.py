"""Slots: job J1 against a careful loop, the libraries people reach for, and the floor that Python itself sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from itertools import cycle

import oasys_sched as sched
from benchmarks.slots_job import (
    DURATION,
    SERVICE,
    STEP,
    ZONE,
    Job,
    careful_naive,
    careful_naive_first,
    job,
    naive_per_day,
)
from benchmarks.slots_peers import PEERS
from benchmarks.timing import exponent, interleaved, peak, table

NAIVE = "careful naive loop"
Call = Callable[[], object]


def spans(job: Job) -> tuple[sched.Span, ...]:
    """The busy times as a caller holds them: one value each, checked and converted when it is made."""
    return tuple(sched.Span(start, end) for start, end in job.busy)


def fresh(job: Job, busy: tuple[sched.Span, ...]) -> Callable[[], sched.Slots]:
    """A question from scratch: nothing about the busy times is sorted, merged or remembered.

    What a process knows after its first question stays: where the zone's days begin, and the openings of plain weeks.
    """
    hours, within = job.diary.hours, job.within

    def ask() -> sched.Slots:
        diary = sched.Diary(hours=hours, busy=busy)
        return sched.bookable_slots(diary, SERVICE, within=within, policy=job.policy, now=job.now)

    return ask


def ready(job: Job) -> sched.PreparedDiary:
    """A diary prepared and asked once, so that everything it keeps is there."""
    prepared = job.diary.prepared(job.within)
    ask(job, prepared)
    return prepared


def anew(job: Job, busy: tuple[sched.Span, ...]) -> sched.PreparedDiary:
    return sched.Diary(hours=job.diary.hours, busy=busy).prepared(job.within)


def ask(job: Job, prepared: sched.PreparedDiary, service: sched.Service = SERVICE) -> sched.Slots:
    return sched.bookable_slots(prepared, service, within=prepared.within, policy=job.policy, now=job.now)


def other_services() -> Callable[[], sched.Service]:
    """One service after another, each unlike the last 400: nothing that was kept for one helps the next."""
    made = [
        sched.Service(duration=timedelta(minutes=20 + n % 40), buffer_after=timedelta(minutes=n // 40))
        for n in range(400)
    ]
    turn = cycle(made)
    return lambda: next(turn)


def floor(job: Job, count: int) -> Call:
    """What no library can do without: convert 1,000 busy edges to numbers, and make the slots that are handed out."""
    base = datetime(2026, 1, 5, 9, tzinfo=ZONE)
    moves = [timedelta(minutes=n) for n in range(count)]
    origin, new = job.start, partial(tuple.__new__, sched.Slot)

    def convert_and_make() -> object:
        for row in job.busy:
            for edge in row:
                moved = edge - origin
                moved.days * 86_400 + moved.seconds
        return list(map(new, zip(map(base.__add__, moves), map((base + DURATION).__add__, moves), strict=True)))

    return convert_and_make


def one_question(days: int) -> None:
    work = job(days)
    expected = careful_naive(work)
    busy, prepared, warm = spans(work), ready(work), work.diary
    lazy, other = fresh(work, busy), other_services()
    contenders: dict[str, Call] = {
        NAIVE: lambda: careful_naive(work),
        "naive, busy times of each day picked first": lambda: naive_per_day(work),
        "lazy, new diary": lazy,
        "lazy, new diary, and its length": lambda: len(lazy()),
        "lazy, busy times from datetimes": lambda: ask_diary(work, sched.Diary(hours=warm.hours, busy=spans(work))),
        "lazy, same diary asked again": lambda: ask_diary(work, warm),
        "eager, new diary": lambda: list(lazy()),
        "floor: convert 1,000 edges, make the slots": floor(work, len(expected)),
        "prepared, same service again": lambda: ask(work, prepared),
        "prepared, a service not asked before": lambda: ask(work, prepared, other()),
        "prepare a new diary, and ask": lambda: ask(work, anew(work, busy)),
    }
    assert list(lazy()) == list(ask(work, prepared)) == naive_per_day(work) == expected
    assert len(lazy()) == len(expected)
    took = interleaved(contenders, rounds=7)
    table(f"{days} days, {len(work.busy)} busy times, {len(expected)} slots", took, base=NAIVE)
    eager, least = took["eager, new diary"], took["floor: convert 1,000 edges, make the slots"]
    print(f"  eager costs {eager / least:.1f} times the floor")


def ask_diary(job: Job, diary: sched.Diary) -> sched.Slots:
    return sched.bookable_slots(diary, SERVICE, within=job.within, policy=job.policy, now=job.now)


def peers(days: int) -> None:
    work = job(days)
    expected = careful_naive(work)
    contenders: dict[str, Call] = {NAIVE: lambda: careful_naive(work)}
    for name, solve in PEERS.items():
        assert solve(work) == expected, name
        contenders[f"{name} {version(name)}"] = partial(solve, work)
    lazy = fresh(work, spans(work))
    contenders |= {"here, eager": lambda: list(lazy()), "here, lazy": lazy}
    table(f"{days} days, libraries on the same job", interleaved(contenders, rounds=3), base=NAIVE)


def first_free() -> None:
    work = job(400, busy=0, booked_days=360)
    busy, prepared = spans(work), ready(work)
    lazy = fresh(work, busy)
    expected = careful_naive_first(work)
    assert lazy()[0] == ask(work, prepared)[0] == expected
    contenders: dict[str, Call] = {
        NAIVE: lambda: careful_naive_first(work),
        "lazy, new diary": lambda: lazy()[0],
        "prepared": lambda: ask(work, prepared)[0],
    }
    title = f"first slot after 360 full days ({len(busy):,} busy times, 400 days asked)"
    table(title, interleaved(contenders, rounds=5), base=NAIVE)


def patching() -> None:
    work = job(90)
    prepared, start = ready(work), work.start + timedelta(days=40, hours=9)
    booking = sched.Span(start, start + DURATION)
    longer = (*work.diary.busy, booking)
    patched = prepared.adding(booking)
    assert list(ask(work, patched)) == list(ask(work, anew(work, longer)))
    assert list(ask(work, patched.removing(booking))) == list(ask(work, prepared))
    contenders: dict[str, Call] = {
        "prepare again, and ask": lambda: ask(work, anew(work, longer)),
        "patch one booking in, and ask": lambda: ask(work, prepared.adding(booking)),
        "patch one booking in": lambda: prepared.adding(booking),
        "patch one booking out": lambda: patched.removing(booking),
    }
    table("one booking more or less, 90 days", interleaved(contenders), base="prepare again, and ask")


def memory() -> None:
    work = job(90)
    busy = spans(work)
    held = {
        NAIVE: peak(lambda: careful_naive(work)),
        "lazy, new diary": peak(fresh(work, busy)),
        "eager": peak(lambda: list(fresh(work, busy)())),
    }
    print("\nmemory held by the answer, 90 days")
    for name, size in held.items():
        print(f"  {name:<52} {size / 1024:>12,.1f} KiB {size / held[NAIVE]:>12.2f} of naive")


def growth() -> None:
    print("\ngrowth exponent over the last doubling (0 is independent, 1 is linear)")
    windows = (45, 90, 180, 360)
    works = [job(days) for days in windows]
    show("lazy, over the window", windows, [fresh(work, spans(work)) for work in works])
    show("eager, over the window", windows, [lambda ask=fresh(work, spans(work)): list(ask()) for work in works])
    counts = (1_250, 2_500, 5_000, 10_000)
    works = [job(90, busy=count) for count in counts]
    show("lazy, over the busy times", counts, [fresh(work, spans(work)) for work in works])
    show("prepare and ask, over the busy times", counts,
         [lambda work=work, busy=spans(work): ask(work, anew(work, busy)) for work in works])  # fmt: skip
    asked = [partial(ask, work, ready(work)) for work in works]
    show("prepared, same service, over the busy times", counts, asked)
    fresh_services = [
        lambda work=work, held=ready(work), other=other_services(): ask(work, held, other()) for work in works
    ]
    show("prepared, another service, over the busy times", counts, fresh_services)


def show(name: str, sizes: tuple[int, ...], calls: list[Call]) -> None:
    took = interleaved({str(size): call for size, call in zip(sizes, calls, strict=True)})
    print(f"  {name:<52} {exponent(sizes, list(took.values())):>12.2f}")


def main() -> None:
    minutes = int(STEP.total_seconds()) // 60
    print(f"Mon-Fri 9-12 and 13-17 in {ZONE.key}, 50 minutes and 10 after, every {minutes} minutes; "
          "answers are compared before anything is timed")  # fmt: skip
    for days in (30, 90, 365):
        one_question(days)
    peers(90)
    first_free()
    patching()
    memory()
    growth()


if __name__ == "__main__":
    main()
