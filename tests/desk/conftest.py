"""The practice, opened on each kind of storage."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from tests.desk import practice
from tests.desk.awaited import AwaitedDesk
from tests.postgres import empty_practice


@pytest.fixture(params=["memory", "awaited", "sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    made: list[SqliteRepository | SqlRepository] = []

    def postgresql(clock: practice.Clock) -> SqlRepository:
        kept = SqlRepository(empty_practice(request.getfixturevalue("postgres")), clock=clock)
        made.append(kept)
        return kept

    def sqlite(clock: practice.Clock) -> SqliteRepository:
        kept = SqliteRepository(tmp_path / "practice.db", clock=clock)
        made.append(kept)
        return kept

    stores = {"memory": lambda clock: MemoryRepository(clock=clock), "sqlite": sqlite, "postgresql": postgresql}
    if request.param == "awaited":
        yield partial(practice.opened, kind=AwaitedDesk)
    else:
        yield partial(practice.opened, store=stores[request.param])
    for repository in made:
        repository.close()
