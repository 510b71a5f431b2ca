"""Every call of every port fails in every way it can, once: enumerated, not sampled (reliability 5.3).

After each fault the asker asks again, as people do. Then the practice must stand as if nothing had happened: each
thing once, each message out, nothing of the transcript left, and nothing but typed errors on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, TypeAlias, final

from oasys_sched.codec import dumps
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.errors import OasysError, PortFailed
from oasys_sched.ports import Repository
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.commands import COMMANDS, Choice, whose
from oasys_sched.testing.doubles import Inbox, Links, MemoryTranscripts
from oasys_sched.testing.faults import Fault, Plan, faults_of, faulty
from oasys_sched.testing.invariants import broken
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.world import World, world_of

__all__ = ["FaultReport", "MakeRepository", "every_fault"]

MakeRepository: TypeAlias = Callable[[Callable[[], datetime]], Repository]

_NUMBERS: Final = count(1)
_TRIES: Final = 4
_LEASE: Final = timedelta(minutes=6)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FaultReport:
    """How a command bore every fault: how many there were, and what went wrong, with the fault that led to it."""

    command: str
    faults: int
    violations: tuple[str, ...] = ()


def every_fault(command: str, make: MakeRepository) -> FaultReport:
    """Let every port call of a command fail in every way; `make` gives a repository that uses the clock it is given.

    Every run is a practice of its own, so that one database may serve for all of them; a repository with a `close`
    method is closed. The commands are those of `JOURNEYS`.
    """
    journey = JOURNEYS[command]
    plain = _Stage(make, journey.clinic)
    wanted = plain.play(command)
    violations = [f"{command}: refused without a fault: {wanted}"] if not wanted.endswith("accepted") else []
    faults = tuple(faults_of(plain.plan.calls))
    settled = plain.settle()
    for fault in faults:
        stage = _Stage(make, journey.clinic)
        try:
            stage.play(command, fault)
            after = stage.settle()
            if after != settled:
                violations.append(f"{command}, {fault}: {_difference(settled, after)}")
        except Exception as error:  # noqa: BLE001 - whatever comes through is what we are looking for
            violations.append(f"{command}, {fault}: {type(error).__name__} came through")
        finally:
            stage.close()
    plain.close()
    return FaultReport(command=command, faults=len(faults), violations=tuple(violations))


class _Stage:
    """One practice with all its ports, ready for one command."""

    def __init__(self, make: MakeRepository, clinic: Mapping[str, Any]) -> None:
        self.plan, self.inbox, self.store = Plan(), Inbox(), MemoryTranscripts()
        self.clinic = Clinic(practice=f"clinic-{next(_NUMBERS)}", **clinic)
        self.repository = make(self.clinic.clock)
        self.repository.commit(self.clinic.opening)
        self.desk = self.clinic.desk(
            faulty(self.repository, "repository", self.plan),
            notifier=faulty(self.inbox, "notifier", self.plan),
            video_links=faulty(Links(), "video_links", self.plan),
            transcripts=faulty(self.store, "transcripts", self.plan),
        )

    def play(self, command: str, fault: Fault | None = None) -> str:
        """Do what comes before, then the command under a fault, again until it is answered; return the answer."""
        journey = JOURNEYS[command]
        for number, name in enumerate(journey.before):
            answer = self._fate(name) if name.startswith("@") else self._ask(name, number)
            if not isinstance(answer, Accepted):
                return f"{name} came out as {answer!r}"
        number = len(journey.before) if journey.number is None else journey.number
        choice = self._choice(command, number)
        self.plan.calls.clear()
        self.plan.fault = fault
        for _ in range(_TRIES):
            try:
                answer = self._call(command, choice)
            except OasysError:
                continue
            return f"{command} was {answer.code if isinstance(answer, Refused) else 'accepted'}"
        raise PortFailed("never answered")

    def settle(self) -> tuple[str, ...]:
        """Let the workers do their rounds; return everything there is, without what may differ."""
        self.plan.fault = None
        for _ in range(2):
            self.clinic.now += _LEASE
            self.desk.deliver(self.clinic.practice)
            self._ask("purge_transcripts", 0)
        world = self._world()
        problems = [f"broken: {one.number} {one.why}" for one in broken(world)]
        left = [f"text of {id} is left" for id in self.store.texts if id in {row.id for row in world.aggregates
                if row.kind == "purge"}]  # fmt: skip
        mails = [f"mail {template} to {who}" for template, who in self.inbox.messages]
        return (*_canonical(world, self.clinic.practice), *mails, *problems, *left)

    def close(self) -> None:
        getattr(self.repository, "close", lambda: None)()

    def _world(self) -> World:
        return world_of(self.repository, self.clinic.practice, now=self.clinic.now, texts=self.store.texts)

    def _choice(self, command: str, number: int) -> Choice:
        kind = COMMANDS[command].about
        rows = [row for row in self._world().aggregates if row.kind == kind]
        newest = max(rows, key=lambda row: int(row.id.partition("-")[2]), default=None)
        day = self.clinic.now.replace(hour=14, minute=0) + timedelta(days=1 + number // 8)
        return Choice(newest, day + timedelta(minutes=30 * (number % 8)), number, f"key-{command}-{number}")

    def _ask(self, command: str, number: int) -> Any:
        return self._call(command, self._choice(command, number))

    def _call(self, name: str, choice: Choice) -> Any:
        command = COMMANDS[name]
        return command.call(self.desk.acting_as(whose(command, choice, self.clinic)), choice)

    def _fate(self, name: str) -> Accepted[None]:
        start = min((row.starts_at for row in self._world().aggregates if row.kind == "appointment"), default=None)  # type: ignore[attr-defined]
        if name == "@store fails":
            self.desk.transcripts = None
        elif name == "@store works":
            self.desk.transcripts = faulty(self.store, "transcripts", self.plan)
        elif start is not None:
            self.clinic.now = start - timedelta(hours=1 if name == "@hour before" else 0)
        return Accepted(None)


# What a second try may well change: ids and what is computed from them, how often something was tried. Asked again, a
# stretch of a transcript may be kept twice: rather that than lost.
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TRIED: Final = re.compile(r'"attempts": ?\d+|(?<="receipt":)\{[^}]*\}[^}]*\}|"segments": ?\d+')
_UNCOUNTED: Final = frozenset({"purge", "transcript"})
_ID: Final = re.compile(r"id-\d+")


def _canonical(world: World, practice: str) -> Iterable[str]:
    rows = sorted(world.aggregates, key=lambda row: (row.kind, [int(n) for n in re.findall(r"\d+", row.id)], row.id))
    names: dict[str, str] = {}
    for row in rows:
        text = dumps(replace(row, revision=0) if row.kind in _UNCOUNTED else row)  # type: ignore[type-var]
        text = _TRIED.sub("", _HASH.sub("#", text)).replace(practice, "north")
        yield _ID.sub(lambda found: names.setdefault(found.group(), f"name-{len(names)}"), text)


def _difference(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    missing, more = [row for row in wanted if row not in found], [row for row in found if row not in wanted]
    return (
        f"missing {[row[:600] for row in missing]}, instead {[row[:600] for row in more]}"
        if missing or more
        else (f"{len(wanted)} became {len(found)}")
    )
