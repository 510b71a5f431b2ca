"""Everybody tries what is not theirs: the answer must be the one about things that do not exist (RULES 3.11, S109)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.aggregates import Key
from oasys_sched.decisions import Accepted
from oasys_sched.people import Client
from oasys_sched.ports import Commit
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.commands import COMMANDS, READING, Choice
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.stage import MakeRepository, Stage

__all__ = ["TrespassReport", "trespass"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TrespassReport:
    """How often somebody tried what is not theirs, and what they learned by it."""

    tries: int
    learned: tuple[str, ...] = ()


def trespass(make: MakeRepository) -> TrespassReport:
    """Let other clients, guardians and practices try every command on what there is, and a former guardian one."""
    tries, learned = 0, []
    for command in JOURNEYS:
        stage = Stage(make, command)
        choice = stage.prepare()
        for name in (command, *(READING.keys() - {command})):
            about = choice if name == command else stage.choice(name, 0)
            if about.about is None:
                continue
            for actor in _strangers(stage.clinic, about):
                tries += 1
                got, nothing = (_answer(stage, name, one, actor) for one in (about, replace(about, about=None)))
                if got != nothing:
                    learned.append(f"{name}: a {actor.kind} got {got}, and {nothing} about nothing")
        stage.close()
    learned += _former_guardian(make)
    return TrespassReport(tries=tries + 1, learned=tuple(learned))


# Who comes for whom: clients by themselves, a child through its guardian.
_CLIENTS: Final = (
    (ActorKind.CLIENT, "ana", "ana"),
    (ActorKind.CLIENT, "ben", "ben"),
    (ActorKind.GUARDIAN, "mum", "kim"),
)


def _strangers(clinic: Clinic, choice: Choice) -> list[Actor]:
    mine = getattr(choice.about, "client", None)
    others = [clinic.actor(kind, id) for kind, id, whose in _CLIENTS if whose != mine]
    return [*others, Actor.client(mine or "ana", practice="another practice")]


def _answer(stage: Stage, name: str, choice: Choice, actor: Actor) -> str:
    """Return the whole answer; without its key, so that asking about nothing is not the same request again."""
    return repr(stage.ask(name, replace(choice, key=None), actor))


def _former_guardian(make: MakeRepository) -> list[str]:
    """A request that was answered once is answered again, but only to somebody who may still ask (reliability 4.4)."""
    stage = Stage(make, "book")
    mum, choice = stage.clinic.actor(ActorKind.GUARDIAN, "mum"), stage.prepare()
    first = COMMANDS["book"].call(stage.desk.acting_as(mum), choice)
    assert isinstance(first, Accepted), f"book came out as {first!r}"
    kim: Any = stage.world().by_key[Key(Client.kind, "kim")]
    changed = replace(kim, guardian="dad", revision=kim.revision + 1)
    stage.repository.commit(Commit(practice=stage.clinic.practice, changes=(changed,)))
    again = COMMANDS["book"].call(stage.desk.acting_as(mum), choice)
    stage.close()
    return ["book: a former guardian got the stored answer"] if isinstance(again, Accepted) else []
