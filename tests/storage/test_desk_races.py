"""Clients race through the desk for times that overlap or lie in each other's buffers; no rule is broken by haste."""

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.booking.appointment import Appointment
from oasys_sched.errors import StaleWrite
from oasys_sched.people import Client
from oasys_sched.ports import Commit, Query, Wanted
from oasys_sched.testing.clinic import OPENING, Clinic
from tests.postgres import empty_practice

CLIENTS = [f"client-{number}" for number in range(8)]
# The next three mornings, every half hour from 9 to 12 in New York: fifty minutes each, and ten after.
STARTS = [
    OPENING + timedelta(days=day, hours=1, minutes=30 * step) for day in range(1, 4) for step in range(7)
]  # fmt: skip
MORNINGS = sched.Span(OPENING + timedelta(days=1), OPENING + timedelta(days=4))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    if request.param == "memory":
        shared = MemoryRepository()
        return lambda: shared
    if request.param == "sqlite":
        return partial(SqliteRepository, tmp_path / "practice.db")
    return partial(SqlRepository, empty_practice(request.getfixturevalue("postgres")))


def desk(clinic: Clinic, repository: Any) -> sched.Desk:
    return sched.Desk(repository, clinician="dana", clock=clinic.clock, new_id=lambda: token_hex(16))


def test_b9_racing_clients_never_share_a_time_or_a_buffer(make: Callable[[], Any]) -> None:
    clinic, repository = Clinic(), make()
    clients = tuple(
        Client(practice=clinic.practice, id=id, revision=1, clinicians=("dana",), email=f"{id}@example.org")
        for id in CLIENTS
    )
    repository.commit(Commit(practice=clinic.practice, changes=(*clinic.rows, *clients)))
    answers: list[Any] = []
    ready = threading.Barrier(len(CLIENTS))

    def want(id: str) -> None:
        mine = make()
        client = desk(clinic, mine).acting_as(sched.Actor.client(id, practice=clinic.practice))
        ready.wait()
        answers.extend(asked(client, start) for start in random.Random(id).sample(STARTS, len(STARTS)))
        if hasattr(mine, "close"):
            mine.close()

    def asked(client: Any, start: datetime) -> Any:
        while True:
            try:
                return client.book(service="therapy", mode="telehealth", starts_at=start)
            except StaleWrite:
                pass

    threads = [threading.Thread(target=want, args=(id,)) for id in CLIENTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answers) == len(CLIENTS) * len(STARTS), "somebody never got an answer"

    found = repository.load(Wanted(practice=clinic.practice, queries=(Query(kind="appointment"),))).all(Appointment)
    booked = sorted(found, key=lambda row: row.starts_at)
    gaps = [after.starts_at - (row.starts_at + row.duration) for row, after in pairwise(booked)]
    assert len(booked) == sum(isinstance(answer, sched.Accepted) for answer in answers)
    assert min(gaps) >= timedelta(minutes=10)
    # Everybody wanted every time, so nothing that could still be booked is left.
    ana = desk(clinic, repository).acting_as(sched.Actor.client("ana", practice=clinic.practice))
    left = {
        slot.starts_at for slot in ana.slots(service="therapy", mode="telehealth", within=MORNINGS).or_raise().value
    }
    assert not left & set(STARTS)
    assert len(booked) >= 3 * 3
    if hasattr(repository, "close"):
        repository.close()
