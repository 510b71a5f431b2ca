"""Every port call of every command fails in every way, on every storage; then the practice stands as it should."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.errors import PortFailed, StaleWrite
from oasys_sched.ports import Commit, Snapshot, Wanted
from oasys_sched.testing.commands import READING
from oasys_sched.testing.every_fault import every_fault
from oasys_sched.testing.journeys import JOURNEYS
from tests.postgres import empty_practice

Make = Callable[[Callable[[], datetime]], Any]


class Shared:
    """One open storage for every run, on the clock of the run at hand."""

    def __init__(self, kind: Callable[..., Any], where: Any) -> None:
        self._clock: Callable[[], datetime] | None = None
        self._kept = kind(where, clock=lambda: self._clock and self._clock())

    def at(self, clock: Callable[[], datetime]) -> "Shared":
        self._clock = clock
        return self

    def __getattr__(self, name: str) -> Any:
        return (lambda: None) if name == "close" else getattr(self._kept, name)

    def shut(self) -> None:
        self._kept.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"], scope="module")
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Each run is a practice of its own."""
    if request.param == "memory":
        yield lambda clock: MemoryRepository(clock=clock)
        return
    if request.param == "sqlite":
        shared = Shared(SqliteRepository, tmp_path_factory.mktemp("faults") / "practices.db")
    else:
        shared = Shared(SqlRepository, empty_practice(request.getfixturevalue("postgres")))
    yield shared.at
    shared.shut()


@pytest.mark.parametrize("command", JOURNEYS)
def test_no_fault_of_any_port_does_harm(command: str, make: Make) -> None:
    report = every_fault(command, make)
    # What is said in the chat is kept by nobody, so it is not committed either.
    assert report.faults >= (1 if command in {*READING, "chat"} else 4)
    assert report.violations == ()


def test_a_storage_that_writes_half_is_found_out() -> None:
    class Half:
        """Tells of a stale write, but has written."""

        def __init__(self, clock: Callable[[], datetime]) -> None:
            self._kept, self._lied = MemoryRepository(clock=clock), False

        def __getattr__(self, name: str) -> Any:
            return getattr(self._kept, name)

        def commit(self, commit: Commit) -> None:
            self._kept.commit(Commit(practice=commit.practice, changes=commit.changes))
            if commit.audit and not self._lied:
                self._lied = True
                raise StaleWrite("somebody was faster")

    assert every_fault("create", Half).violations


class Wrapped:
    """A storage in memory, to be made wrong."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.kept = MemoryRepository(clock=clock)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kept, name)


def test_an_error_is_told_with_its_place_and_without_its_words() -> None:
    class Quoting(Wrapped):
        def load(self, wanted: Wanted) -> Snapshot:
            found = self.kept.load(wanted)
            if found.outcome:
                raise KeyError("what the client said")
            return found

    found = every_fault("book", Quoting).violations
    told = re.compile(r"book, .*: KeyError \(test_every_fault.py:\d+, in load\) came through")
    assert found
    assert [one for one in found if not told.fullmatch(one)] == []


def test_a_question_that_is_never_answered_is_told_with_the_last_error() -> None:
    class Stubborn(Wrapped):
        def commit(self, commit: Commit) -> None:
            if commit.outcome:
                raise PortFailed("no disk")
            self.kept.commit(commit)

    with pytest.raises(PortFailed, match="never answered, at last PortFailed: no disk"):
        every_fault("book", Stubborn)


def test_a_storage_may_call_something_of_its_own_an_outbox() -> None:
    class Mine(Wrapped):
        outbox = 3

    assert every_fault("book", Mine).violations == ()
