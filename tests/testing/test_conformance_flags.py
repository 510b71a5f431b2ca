"""The suite opens a storage again where its author says how, and finds what is forgotten."""

from dataclasses import replace
from functools import partial
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.testing.conformance.flags import asked
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.doubles import Inbox


def test_how_a_storage_is_opened_may_be_said_in_a_method(tmp_path: Path) -> None:
    class Told(RepositoryConformance):
        def processes(self, repository: Any) -> Any:
            return partial(SqliteRepository, repository._path)

    opened = Told()._opening(SqliteRepository(tmp_path / "practice.db"))()
    assert isinstance(opened, SqliteRepository)
    opened.close()


@pytest.mark.parametrize(
    "said",
    [
        attrgetter("rows"),
        staticmethod(lambda inbox: inbox.rows),
        classmethod(lambda _, inbox: inbox.rows),
        lambda inbox: inbox.rows,
        lambda inbox, _more=(): inbox.rows,
        lambda _self, inbox: inbox.rows,
    ],
)
def test_a_flag_is_any_function_of_the_adapter_or_a_method(said: Any) -> None:
    inbox = Inbox()
    assert asked(type("Suite", (), {"delivered": said})(), "delivered", inbox) is inbox.rows


class Forgetful:
    """Keeps the outbox and guards in memory only, beside a file that keeps the rest."""

    def __init__(self, path: Path, clock: Any = None) -> None:
        self._path, self._file, self._memory = path, SqliteRepository(path), MemoryRepository()
        self.claim, self.settle, self.audit = self._memory.claim, self._memory.settle, self._file.audit

    def load(self, wanted: Any, /) -> Any:
        return replace(self._file.load(wanted), guards=self._memory.load(wanted).guards)

    def commit(self, commit: Any, /) -> None:
        self._file.commit(replace(commit, outbox=(), guards=(), withdraw=()))
        self._memory.commit(replace(commit, changes=(), outcome=None, audit=()))

    def close(self) -> None:
        self._file.close()


def test_what_a_storage_forgets_in_a_restart_is_found(tmp_path: Path) -> None:
    class Opened(RepositoryConformance):
        processes = lambda forgetful: partial(Forgetful, forgetful._path)

    files = count()
    for word in ("guards_have", "leases_run", "ended_messages", "failed_messages", "the_clock"):
        assert violations(Opened, lambda: Forgetful(tmp_path / f"{next(files)}.db"), only=f"test_{word}")


def test_a_storage_that_takes_no_clock_says_so() -> None:
    class Clockless(RepositoryConformance):
        processes = lambda _: lambda: MemoryRepository()

    with pytest.raises(SkipTest, match="clock="):
        Clockless().test_the_clock_it_was_given_decides_about_holds(MemoryRepository())
