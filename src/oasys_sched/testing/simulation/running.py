"""A simulation from its seed to its report, and the shrinking of what broke it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, final

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.ports import Repository
from oasys_sched.testing.closing import closed
from oasys_sched.testing.simulation.episode import Episode
from oasys_sched.testing.simulation.ledger import Wrong
from oasys_sched.testing.simulation.moves import Move, moves, script_of, written
from oasys_sched.testing.stage import MakeRepository, new_practice

__all__ = ["Report", "Simulation", "Violation", "replay", "simulated"]

# A practice starts afresh after so many moves, so that a run stays fast and its script short.
EPISODE: Final = 1_500
_REPLAYS: Final = 400


def _in_memory(clock: Callable[[], datetime]) -> Repository:
    return MemoryRepository(clock=clock)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """The first thing that went wrong, and the shortest script found that still leads to it.

    `make` names the storage that a replay has to be given, where it was not the one in memory.
    """

    why: str
    seed: int
    setting: int
    script: str
    make: str = ""

    def __str__(self) -> str:
        make = f", make={self.make}" if self.make else ""
        return f"{self.why} (seed {self.seed}): replay({self.script!r}, setting={self.setting}{make})"


@final
@dataclass(slots=True, kw_only=True)
class Report:
    """What a run did. `answers` counts accepted, refusal codes and exceptions; `covered` command, state and outcome."""

    seed: int
    operations: int = 0
    episodes: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    covered: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    violation: Violation | None = None

    def __str__(self) -> str:
        asked = sum(self.answers.values())
        said, cells = len(self.answers), len(self.covered)
        lines = [
            f"seed {self.seed}: {self.operations:,} operations on {self.episodes:,} clinics",
            f"  {asked:,} questions answered, {self.answers['accepted']:,} of them yes; {said} kinds of answer",
            f"  {sum(self.faults.values()):,} faults of {len(self.faults)} kinds",
            f"  {cells:,} cells of command x state x outcome or fault",
            f"  {self.violation or 'no violation'}",
        ]
        return "\n".join(lines)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """`operations` steps by chance over the storage that `make` gives, each time an empty one on the given clock.

    A shared database serves as well: each clinic is a practice of its own.
    """

    seed: int
    operations: int = 10_000
    make: MakeRepository = _in_memory

    def run(self) -> Report:
        """Run until the operations are done or something is wrong."""
        report = Report(seed=self.seed)
        while report.operations < self.operations and report.violation is None:
            setting = report.episodes % 16
            script = tuple(moves(f"{self.seed}/{report.episodes}", EPISODE))
            episode, why = _played(self.make, script, setting)
            report.episodes += 1
            report.operations += episode.operations
            report.answers += episode.answers
            report.covered += episode.covered
            report.faults.update(episode.gate.fired)
            if why is not None:
                shortest, why = _shrunk(self.make, script, setting, why)
                report.violation = Violation(
                    why=why, seed=self.seed, setting=setting, script=written(shortest), make=_named(self.make)
                )
        return report


def _named(make: MakeRepository) -> str:
    """Return what to write for a storage: its name if it has one; whoever wrote it knows what `make` stood for."""
    name = getattr(make, "__name__", "make")
    return "" if make is _in_memory else name if name.isidentifier() else "make"


def simulated(seed: int, operations: int) -> Report:
    """Run one seed on memory, in a process of its own."""
    return Simulation(seed=seed, operations=operations).run()


def replay(script: str, *, setting: int = 0, make: MakeRepository = _in_memory) -> str | None:
    """Play the script of a violation; return what goes wrong, None when nothing does."""
    return _played(make, script_of(script), setting)[1]


def _played(make: MakeRepository, script: Sequence[Move], setting: int) -> tuple[Episode, str | None]:
    episode = Episode(make, new_practice(), setting)
    try:
        episode.play(script)
        episode.finish()
    except Wrong as wrong:
        return episode, str(wrong)
    finally:
        closed(episode.repository)
    return episode, None


def _shrunk(make: MakeRepository, script: Sequence[Move], setting: int, why: str) -> tuple[Sequence[Move], str]:
    """Leave out ever smaller pieces as long as the same thing goes wrong; return the script, and what it leads to.

    Quadratic at worst, and bounded.
    """
    # What comes before the colon is the invariant; after it stand ids, which differ from script to script.
    kind = why.partition(":")[0]
    tries, size = 0, len(script) // 2
    while size and tries < _REPLAYS:
        start = 0
        while start < len(script) and tries < _REPLAYS:
            shorter = [*script[:start], *script[start + size :]]
            tries += 1
            wrong = _played(make, shorter, setting)[1]
            if wrong is not None and wrong.partition(":")[0] == kind:
                script, why = shorter, wrong
            else:
                start += size
        size //= 2
    return script, why
