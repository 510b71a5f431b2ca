"""Every call of every port fails in every way it can, once: enumerated, not sampled (reliability 5.3).

After each fault the asker asks again, as people do. Then the practice must stand as if nothing had happened: each
thing once, each message out, nothing of the transcript left, and nothing but typed errors on the way. An assistant
that fails is refused as unavailable, and is not asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, final

from oasys_sched.codec import dumps
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused
from oasys_sched.errors import OasysError, PortFailed
from oasys_sched.testing.blame import blame
from oasys_sched.testing.faults import Fault, faults_of
from oasys_sched.testing.invariants import broken
from oasys_sched.testing.stage import MakeRepository, Stage
from oasys_sched.testing.world import World

__all__ = ["FaultReport", "MakeRepository", "every_fault"]

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
    plain = Stage(make, command)
    wanted = _played(plain, None)
    violations = [] if wanted == "accepted" else [f"{command}: refused without a fault: {wanted}"]
    faults = tuple(faults_of(plain.plan.calls))
    settled = _settled(plain)
    for fault in faults:
        stage = Stage(make, command)
        try:
            answer = _played(stage, fault)
            if fault.port.startswith("assistant.") != (answer == Code.ASSISTANT_UNAVAILABLE):
                violations.append(f"{command}, {fault}: came out as {answer}")
            after = _settled(stage)
            if after != settled:
                violations.append(f"{command}, {fault}: {_difference(settled, after)}")
        except Exception as error:  # noqa: BLE001 - whatever comes through is what we are looking for
            violations.append(f"{command}, {fault}: {blame(error, stage.repository)} came through")
        finally:
            stage.close()
    plain.close()
    return FaultReport(command=command, faults=len(faults), violations=tuple(violations))


def _played(stage: Stage, fault: Fault | None) -> str:
    """Play the journey; the command under a fault, again until it is answered. Return the answer."""
    choice = stage.prepare()
    stage.plan.fault = fault
    why = ""
    for _ in range(_TRIES):
        try:
            answer = stage.ask(stage.command, choice)
        except OasysError as error:
            why = blame(error, stage.repository)
            continue
        return str(answer.code) if isinstance(answer, Refused) else "accepted"
    raise PortFailed(f"never answered, at last {why}")


def _settled(stage: Stage) -> tuple[str, ...]:
    """Let the workers do their rounds; return everything there is, without what may differ."""
    stage.plan.fault = None
    for _ in range(2):
        stage.clinic.now += _LEASE
        stage.desk.deliver(stage.clinic.practice)
        stage.ask("purge_transcripts", stage.choice("purge_transcripts", 0))
    world = stage.world()
    owed = {row.id for row in world.aggregates if row.kind == "purge"}
    problems = [f"broken: {one.number} {one.why}" for one in broken(world)]
    left = [f"text of {id} is left" for id in world.texts if id in owed]
    mails = [f"mail {template} to {who}" for template, who in stage.inbox.messages]
    return (*_canonical(world, stage.clinic.practice), *mails, *problems, *left)


# What a second try may well change: ids and what is computed from them, how often something was tried. Asked again, a
# stretch of a transcript may be kept twice: rather that than lost.
_HASH: Final = re.compile(r"[0-9a-f]{64}|(?<=attachment-)[0-9a-f]{16}")
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
