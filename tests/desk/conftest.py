"""The practice, opened on each kind of storage."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from tests.desk import practice


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    made: list[SqliteRepository] = []

    def sqlite(clock: practice.Clock) -> SqliteRepository:
        made.append(SqliteRepository(tmp_path / "practice.db", clock=clock))
        return made[-1]

    stores = {"memory": lambda clock: MemoryRepository(clock=clock), "sqlite": sqlite}
    yield partial(practice.opened, store=stores[request.param])
    for repository in made:
        repository.close()
