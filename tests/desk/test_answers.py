"""What every command answers, word for word: values, events, messages and refusals, held to a file that people read.

`OASYS_APPROVE=1 python -m pytest tests/desk/test_answers.py` writes the file anew; its diff says what has changed.
"""

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.availability.slots import Slots
from oasys_sched.booking.own_view import ClientView
from oasys_sched.codec import encode
from oasys_sched.decisions import Accepted
from oasys_sched.errors import OasysError
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.stage import Stage

FOLDER = Path(__file__).parents[1] / "data" / "answers"
APPROVE = os.environ.get("OASYS_APPROVE") == "1"
HOUR = timedelta(hours=1)
# Other circumstances of the same command: a while before and after, and every number that details follow from.
SHIFTS = {"a month before": -24 * 30 * HOUR, "an hour later": HOUR, "a month later": 24 * 30 * HOUR}
EVERYBODY = (
    (ActorKind.CLIENT, "ana"), (ActorKind.CLIENT, "ben"), (ActorKind.GUARDIAN, "mum"), (ActorKind.CLINICIAN, "dana"),
    (ActorKind.CLINICIAN, "erin"), (ActorKind.SUPERVISOR, "sue"), (ActorKind.ADMIN, "amy"),
    (ActorKind.SCHEDULER, "sam"), (ActorKind.SYSTEM, "system"),
)  # fmt: skip


def stage_of(command: str) -> Stage:
    clinic = Clinic(practice="north", **JOURNEYS[command].clinic)
    return Stage(lambda clock: MemoryRepository(clock=clock), command, clinic=clinic)


def told(answer: Any, *, whole: bool) -> Any:
    """An answer as plain data: refusals always whole, what was accepted where it is asked for."""
    if isinstance(answer, Accepted):
        warnings = [[str(row.code), row.message, row.field, row.details] for row in answer.warnings]
        if not whole:
            return ["accepted", *warnings]
        events = [repr(event) for event in answer.events]
        # Slots are found and never stored: of them it is what they print.
        found = isinstance(answer.value, (Slots, ClientView))
        value = repr(answer.value) if found else encode(answer.value)
        return {"value": value, "events": events, "warnings": warnings}
    return [[str(row.code), row.message, row.field, encode(dict(row.details))] for row in answer.refusals]


def asked(stage: Stage, choice: Any, actor: Actor | None = None, *, whole: bool = False) -> Any:
    try:
        return told(stage.ask(stage.command, choice, actor), whole=whole)
    except OasysError as error:
        return f"{type(error).__name__}: {error}"


def answers(command: str) -> dict[str, Any]:
    """Everything one command says, in every circumstance."""
    stage = stage_of(command)
    choice = stage.prepare()
    said = {"asked": asked(stage, choice, whole=True)}
    said["outbox"] = [repr(row) for row, _ in stage.repository.outbox("north")]  # type: ignore[attr-defined]
    said["asked again"] = asked(stage, replace(choice, key=None))
    for number in range(8):
        stage = stage_of(command)
        choice = stage.prepare()
        said[f"number {number}"] = asked(stage, replace(choice, number=number))
    for name, shift in SHIFTS.items():
        stage = stage_of(command)
        choice = stage.prepare()
        stage.clinic.now += shift
        said[name] = asked(stage, choice)
    for kind, id in EVERYBODY:
        stage = stage_of(command)
        choice = stage.prepare()
        said[f"as {kind} {id}"] = asked(stage, choice, Actor(kind=kind, id=id, practice="north"))
    stage = stage_of(command)
    said["about nothing"] = asked(stage, replace(stage.prepare(), about=None))
    return json.loads(json.dumps(said, default=str))


@pytest.mark.parametrize("command", JOURNEYS)
def test_a_command_answers_word_for_word(command: str) -> None:
    path = FOLDER / f"{command}.json"
    found = answers(command)
    if APPROVE:
        text = json.dumps(found, indent=1, ensure_ascii=False)
        path.write_text(re.sub(r"\n {4,}", " ", text) + "\n")
    assert found == json.loads(path.read_text())


def test_there_is_no_file_of_a_command_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(JOURNEYS)
