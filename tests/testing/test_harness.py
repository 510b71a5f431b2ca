"""The harness where it finds something: each kind of finding, once."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from oasys_sched.adapters.assistant import PlainAssistant
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.decisions import Accepted, nothing_here
from oasys_sched.desk.core import Desk
from oasys_sched.errors import InvalidValue, PortFailed
from oasys_sched.ports import Commit
from oasys_sched.testing.conformance import NotifierConformance, RepositoryConformance, TranscriptStoreConformance
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.doubles import Inbox, MemoryTranscripts
from oasys_sched.testing.every_fault import _difference, every_fault
from oasys_sched.testing.faults import Fault
from oasys_sched.testing.invariants import Broken
from oasys_sched.testing.oracles.linearizable import linearizable
from oasys_sched.testing.simulation import Simulation, replay
from oasys_sched.testing.simulation.running import simulated

EPISODE = "oasys_sched.testing.simulation.episode"


def later(error: type[Exception]) -> Callable[[Callable[[], datetime]], Any]:
    """Make storages of which all but the first fail from their second commit on."""
    made: list[object] = []

    class Storage:
        def __init__(self, clock: Callable[[], datetime]) -> None:
            self.kept, self.commits = MemoryRepository(clock=clock), 0
            self.good = not made
            made.append(self)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.kept, name)

        def commit(self, commit: Any) -> None:
            self.commits += 1
            if not self.good and self.commits > 1:
                raise error("broken")
            self.kept.commit(commit)

    return Storage


def test_an_untyped_error_of_a_storage_is_found() -> None:
    report = every_fault("create", later(RuntimeError))
    assert len(report.violations) == report.faults
    assert all("RuntimeError (test_harness.py:" in found for found in report.violations[1:])


def test_a_storage_that_never_answers_again_is_found() -> None:
    report = every_fault("create", later(PortFailed))
    assert len(report.violations) == report.faults
    assert all("came through" in found for found in report.violations)


def test_a_storage_that_loses_messages_after_a_fault_is_found() -> None:
    made: list[object] = []

    class Mute:
        def __init__(self, clock: Callable[[], datetime]) -> None:
            self.kept, self.good = MemoryRepository(clock=clock), not made
            made.append(self)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.kept, name)

        def commit(self, commit: Commit) -> None:
            self.kept.commit(commit if self.good else replace(commit, outbox=()))

    report = every_fault("create", Mute)
    assert len(report.violations) == report.faults
    assert "mail appointment_created to ana" in report.violations[0]


def test_a_command_that_is_refused_without_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from oasys_sched.codes import Code
    from oasys_sched.decisions import refuse

    decide = Desk.decide
    monkeypatch.setattr(
        Desk,
        "decide",
        lambda desk, actor, ask: refuse(Code.FORBIDDEN, "no") if ask.command == "create" else decide(desk, actor, ask),
    )
    assert (
        "refused without a fault: forbidden" in every_fault("create", lambda c: MemoryRepository(clock=c)).violations[0]
    )


def test_an_assistant_whose_failure_is_told_as_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oasys_sched.desk.assistant._unavailable", lambda **_: nothing_here())
    report = every_fault("ask_assistant", lambda clock: MemoryRepository(clock=clock))
    assert len(report.violations) == 4
    assert all("(assistant.answer): came out as not_found" in found for found in report.violations)


def test_a_fault_says_what_it_is() -> None:
    fault = Fault(2, "repository.commit", PortFailed)
    assert str(fault) == "PortFailed before call 2 (repository.commit)"
    assert str(Fault(2, "repository.commit", PortFailed, after=True)).startswith("PortFailed after")


def test_a_difference_names_what_is_missing_or_how_many_there_are() -> None:
    assert _difference(("a", "b"), ("a", "c")) == "missing ['b'], instead ['c']"
    assert _difference(("a", "a"), ("a",)) == "2 became 1"


class Leaky(MemoryTranscripts):  # type: ignore[misc]
    """Forgets to forget."""

    def destroy_key(self, practice: str, transcript: str, /) -> None: ...


def test_a_store_that_reads_and_keeps_after_the_destruction_is_found() -> None:
    found = violations(TranscriptStoreConformance, Leaky)
    assert "test_a_destroyed_key_makes_it_unreadable_at_once" in found
    assert "test_nothing_is_appended_after_the_destruction" in found


class Alone(RepositoryConformance):
    threads = False


def test_without_threads_there_are_no_races() -> None:
    class Unfit:
        """Would fail any of them."""

    for race in ("test_twins", "test_crossing", "test_a_row_is_claimed", "test_one_of_many"):
        assert violations(Alone, Unfit, only=race) == ()


def test_what_arrived_is_only_compared_where_it_can_be_seen() -> None:
    assert violations(NotifierConformance, Inbox) == ()


def test_one_share_of_a_simulation_is_one_seed() -> None:
    report = simulated(9, 300)
    assert (report.seed, report.violation) == (9, None)
    assert report.operations >= 300


def simulation(operations: int = 4_000, **given: Any) -> str:
    return str(Simulation(seed=3, operations=operations, **given).run().violation)


class Wrapped:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.kept = MemoryRepository(clock=clock)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kept, name)


class Untyped(Wrapped):
    def load(self, wanted: Any) -> Any:
        if wanted.guards:
            raise ZeroDivisionError
        return self.kept.load(wanted)


class Shortened(Wrapped):
    """Loses the first entry of what it is asked for."""

    def audit(self, practice: str, key: Any) -> Any:
        return self.kept.audit(practice, key)[1:]


def test_the_shortest_script_leads_to_what_is_reported() -> None:
    found = Simulation(seed=3, operations=4_000, make=Untyped).run().violation
    assert found is not None
    assert replay(found.script, setting=found.setting, make=Untyped) == found.why


def test_a_database_may_be_used_by_many_runs() -> None:
    names = "from oasys_sched.testing.stage import new_practice; print(new_practice(), new_practice())"
    runs = [subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True).stdout.split()
            for _ in range(2)]  # fmt: skip
    assert len({*runs[0], *runs[1]}) == 4


def test_a_command_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(InvalidValue, match="command") as caught:
        every_fault("bok", lambda clock: MemoryRepository(clock=clock))
    assert caught.value.field == "command"


def test_a_simulation_finds_untyped_errors_and_cut_audits() -> None:
    assert "ZeroDivisionError (test_harness.py:" in simulation(make=Untyped)
    assert "I10" in simulation(make=Shortened)


def test_a_simulation_finds_what_is_broken_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{EPISODE}.broken", lambda _: (Broken(number=5, why="something"),))
    assert "invariant 5: something" in simulation()


def test_a_simulation_finds_an_erasure_that_is_never_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryTranscripts, "absent", lambda *_: False)
    assert "I9" in simulation(operations=20_000)


def test_a_simulation_finds_a_refusal_that_changed_something(monkeypatch: pytest.MonkeyPatch) -> None:
    from oasys_sched.aio.core import AsyncDesk
    from oasys_sched.codes import Code
    from oasys_sched.decisions import refuse

    decide = AsyncDesk.decide

    async def forgetful(desk: Any, actor: Any, ask: Any) -> Any:
        decision = await decide(desk, actor, ask)
        return refuse(Code.FORBIDDEN, "no") if isinstance(decision, Accepted) and ask.command == "create" else decision

    monkeypatch.setattr(AsyncDesk, "decide", forgetful)
    assert "I13" in simulation()


def test_a_simulation_finds_a_client_who_may_act_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    from oasys_sched.aio.core import AsyncDesk

    decide = AsyncDesk.decide

    async def generous(desk: Any, actor: Any, ask: Any) -> Any:
        decision = await decide(desk, actor, ask)
        foreign = actor.kind == "client" and getattr(decision, "code", None) == "not_found"
        return Accepted("yours") if foreign else decision

    monkeypatch.setattr(AsyncDesk, "decide", generous)
    assert "I12" in simulation()


def test_a_simulation_finds_an_assistant_that_is_told_to_be_unavailable_without_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PlainAssistant, "prepare", lambda *_: 1 / 0)
    assert "assistant_unavailable, and the assistant did not fail" in simulation()


def test_nothing_at_all_is_linearizable() -> None:
    assert linearizable([])
