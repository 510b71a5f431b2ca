"""Whole stories at the desk: what each step answers, tells and stores, held to a file that people read.

`OASYS_APPROVE=1 python -m pytest tests/desk/test_scenes.py` writes the files anew; their diff says what has changed.
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
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.codec import encode
from oasys_sched.errors import OasysError
from oasys_sched.people import Client, Practice
from oasys_sched.ports import Commit
from oasys_sched.testing.clinic import OPENING, Clinic
from oasys_sched.testing.stage import Stage
from tests.desk.scenes import SCENES, Scene
from tests.desk.test_answers import told

FOLDER = Path(__file__).parents[1] / "data" / "scenes"
APPROVE = os.environ.get("OASYS_APPROVE") == "1"
KINDS = {
    "dana": ActorKind.CLINICIAN, "erin": ActorKind.CLINICIAN, "sue": ActorKind.SUPERVISOR, "mum": ActorKind.GUARDIAN,
    "ana": ActorKind.CLIENT, "ben": ActorKind.CLIENT, "sam": ActorKind.SCHEDULER, "amy": ActorKind.ADMIN,
    "system": ActorKind.SYSTEM,
}  # fmt: skip


def opened(scene: Scene) -> Stage:
    """The clinic of the harness, with the scene's own policies."""
    stage = Stage(
        lambda clock: MemoryRepository(clock=clock), "create", clinic=Clinic(practice="north", **scene.clinic)
    )
    for row in stage.world().aggregates:
        after = changed(row, scene)
        if after != row:
            stage.repository.commit(Commit(practice="north", changes=(replace(after, revision=2),)))
    return stage


def changed(row: Any, scene: Scene) -> Any:
    """A row of the clinic as the scene wants it."""
    match row:
        case Practice():
            return replace(row, **scene.practice)
        case Client(id="ana"):
            return replace(row, **scene.ana)
        case ServiceRecord():
            return replace(row, service=replace(row.service, **scene.services.get(row.id, {})))
        case Schedule(id="dana"):
            return replace(row, **{name: replace(getattr(row, name), **given) for name, given in scene.rules.items()})
    return row


def played(scene: Scene) -> list[dict[str, Any]]:
    stage, said = opened(scene), []
    for who, command, given in scene.steps:
        if who == "at":
            stage.clinic.now = OPENING + timedelta(hours=command)
            continue
        before = stored(stage)
        named = {name: resolved(stage, value) for name, value in given.items()}
        about = [named.pop("_")] if "_" in named else []
        desk = stage.desk.acting_as(Actor(kind=KINDS[who], id=who, practice="north"))
        try:
            answer = shown(getattr(desk, command)(*about, **named))
        except OasysError as error:
            answer = f"{type(error).__name__}: {error}"
        said.append({"asked": f"{who}: {command}", "answer": answer, "stored": changes(before, stored(stage))})
    said.append({"messages": [repr(row) for row, _ in stage.repository.outbox("north")]})  # type: ignore[attr-defined]
    return json.loads(json.dumps(said, default=str))


def shown(answer: Any) -> Any:
    """Slots as their starts, everything else as it is written down."""
    value = getattr(answer, "value", None)
    if isinstance(value, Slots):
        return [str(slot.starts_at) for slot in value]
    if isinstance(value, ClientView):
        return [repr(replace(value, slots=None)), [str(slot.starts_at) for slot in value.slots]]
    return told(answer, whole=True)


def resolved(stage: Stage, value: Any) -> Any:
    """`$request` is the newest request, `$appointment.2` the third appointment ever made."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    kind, _, number = value[1:].partition(".")
    rows = [row for row in stage.world().aggregates if row.kind == kind]
    rows.sort(key=lambda row: int(row.id.partition("-")[2].partition("/")[0] or 0))
    nth = int(number or -1)
    return rows[nth].id if nth < len(rows) else "nothing-there"


def stored(stage: Stage) -> dict[str, dict[str, Any]]:
    return {
        f"{row.kind} {row.id}": json.loads(json.dumps(encode(row), default=str)) for row in stage.world().aggregates
    }


def changes(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A new row whole, of a known one only what is different."""
    different = {key: row for key, row in after.items() if row != before.get(key)}
    return {
        key: {name: value for name, value in row.items() if before.get(key, {}).get(name, ...) != value}
        for key, row in different.items()
    }


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_played_word_for_word(name: str) -> None:
    path = FOLDER / f"{name}.json"
    found = played(SCENES[name])
    if APPROVE:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(re.sub(r"\n {4,}", " ", json.dumps(found, indent=1, ensure_ascii=False)) + "\n")
    assert found == json.loads(path.read_text())


def test_there_is_no_file_of_a_scene_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SCENES)
