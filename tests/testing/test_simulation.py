"""The simulated clinic: it finds nothing in our rules, and finds what is wrong in wrong storages, as a short script."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Snapshot, Wanted
from oasys_sched.testing.simulation import Simulation, Violation, replay
from oasys_sched.testing.simulation.__main__ import main
from oasys_sched.testing.simulation.episode import Episode
from oasys_sched.testing.simulation.moves import moves, script_of, written
from oasys_sched.testing.simulation.running import _named

Clock = Callable[[], datetime]


class Wrapped:
    """A storage in memory, to be made wrong."""

    def __init__(self, clock: Clock) -> None:
        self.kept = MemoryRepository(clock=clock)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kept, name)


class Forgetful(Wrapped):
    """Keeps no outcome, so that a request asked again takes effect again."""

    def load(self, wanted: Wanted) -> Snapshot:
        return self.kept.load(Wanted(practice=wanted.practice, queries=wanted.queries, guards=wanted.guards))

    def commit(self, commit: Commit) -> None:
        try:
            self.kept.commit(commit)
        except StaleWrite:
            parts = {name: getattr(commit, name) for name in ("changes", "guards", "outbox", "withdraw", "audit")}
            self.kept.commit(Commit(practice=commit.practice, **parts))


class Polite(Wrapped):
    """Lets everybody in."""

    def commit(self, commit: Commit) -> None:
        try:
            self.kept.commit(commit)
        except SlotTaken:
            self.kept._buckets.clear()
            self.kept.commit(commit)

    def load(self, wanted: Wanted) -> Snapshot:
        found = self.kept.load(wanted)
        guards = dict.fromkeys(found.guards, 0)
        self.kept._guards.clear()
        rows = tuple(row for row in found.aggregates if row.kind != "appointment" or len(wanted.queries) < 3)
        return Snapshot(aggregates=rows, guards=guards, outcome=found.outcome, audit_heads=found.audit_heads)


class Absent(Wrapped):
    """Says that a commit went through, and forgets every tenth."""

    commits = 0

    def commit(self, commit: Commit) -> None:
        self.commits += 1
        if self.commits % 10:
            self.kept.commit(commit)


@pytest.mark.parametrize("seed", range(4))
def test_a_simulated_clinic_breaks_no_invariant(seed: int) -> None:
    report = Simulation(seed=seed, operations=4_000).run()
    assert report.violation is None, str(report)
    assert report.operations >= 4_000
    assert report.answers["accepted"] > 100
    assert len(report.faults) > 10
    assert "no violation" in str(report)


def test_the_same_seed_is_the_same_run() -> None:
    one, other = (Simulation(seed=11, operations=2_000).run() for _ in range(2))
    assert (one.answers, one.covered, one.faults) == (other.answers, other.covered, other.faults)
    assert Simulation(seed=12, operations=2_000).run().answers != one.answers


# What it was, the script, how the clinic was set up, and what has to be asked for it: the numbers of a script choose
# from the table of commands, so they mean something else when that grows.
FOUND_ONCE = {
    # Both were stored, and approving failed with a KeyError.
    "a session begins while its client asks to cancel": (
        """b450070 w124586 b128962 w486534 b1019219 w806196 b465515 a742591 r539665 r882568 r767742 a1071635 a960381
        r552851 r494743 r915251 r453640 a783549 r975066 a864596""",
        11,
        {"create", "start", "client_cancel", "book", "approve_request"},
    ),
}


@pytest.mark.parametrize("name", FOUND_ONCE)
def test_what_a_simulation_once_found_stays_mended(name: str) -> None:
    script, setting, asked = FOUND_ONCE[name]
    assert replay(script, setting=setting) is None
    episode = Episode(lambda clock: MemoryRepository(clock=clock), "once", setting)
    episode.play(script_of(script))
    episode.finish()
    assert {command for command, _, _ in episode.covered} >= asked


@pytest.mark.parametrize("make", [Forgetful, Polite, Absent])
def test_a_wrong_storage_is_found_out_by_a_short_script(make: Callable[[Clock], Any]) -> None:
    report = Simulation(seed=3, operations=30_000, make=make).run()
    found = report.violation
    assert found is not None
    assert len(found.script.split()) < 60
    assert replay(found.script, setting=found.setting, make=make) is not None
    assert replay(found.script, setting=found.setting) is None
    printed = str(found)
    assert printed.endswith(f"replay({found.script!r}, setting={found.setting}, make={make.__name__})")
    assert eval(printed[printed.index("replay(") :]) == found.why


def test_an_error_of_a_storage_is_told_with_its_place_and_without_its_words() -> None:
    class Quoting(Wrapped):
        def commit(self, commit: Commit) -> None:
            if any(row.revision == 2 for row in commit.changes):
                raise KeyError("what the client said")
            self.kept.commit(commit)

    found = Simulation(seed=3, operations=3_000, make=Quoting).run().violation
    assert found is not None
    assert re.fullmatch(r"\w+: KeyError \(test_simulation.py:\d+, in commit\) came through", found.why), found.why


@pytest.mark.parametrize(
    "make", [lambda clock: Absent(clock), partial(MemoryRepository)], ids=["a lambda", "a partial"]
)
def test_a_replay_of_a_storage_without_a_name_says_that_it_has_to_be_given(make: Callable[[Clock], Any]) -> None:
    assert _named(make) == "make"


def test_a_replay_in_memory_needs_no_storage() -> None:
    simulation = Simulation(seed=1)
    assert str(Violation(why="x", seed=1, setting=2, script="a1", make=_named(simulation.make))).endswith(
        "replay('a1', setting=2)"
    )


def test_a_script_is_a_line_that_can_be_read_back() -> None:
    script = tuple(moves("a seed", 200))
    assert script_of(written(script)) == script
    with pytest.raises(ValueError, match="letters and numbers"):
        script_of("a1 zz")


def test_the_command_prints_its_seeds_and_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--operations", "2000", "--seed", "5", "--processes", "1"]) == 0
    printed = capsys.readouterr().out
    assert "seed 5:" in printed
    assert "0 violations" in printed
