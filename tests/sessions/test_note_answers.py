"""What is said about notes where the usual journey does not lead, word for word, held to a file that people read.

`OASYS_APPROVE=1 python -m pytest tests/sessions/test_note_answers.py` writes the file anew.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.actors import ActorKind
from oasys_sched.testing.stage import Stage
from tests.desk.test_answers import APPROVE, stage_of, told
from tests.sessions import files

FILE = Path(__file__).parents[1] / "data" / "note_answers.json"
PNG = sched.Upload(name="scan.png", media_type="image/png", content=files.png())
PDF = sched.Upload(name="letter.pdf", media_type="application/pdf", content=files.pdf())
BAD = sched.Upload(name="run.exe", media_type="application/x-msdownload", content=b"MZ")
PRIVATE = sched.NoteKind.PSYCHOTHERAPY
Scene = Callable[[Stage, Any, Callable[[str], Any]], list[Any]]


# The journey that leads there, and what is asked then; `who` opens the desk for somebody.
SCENES: dict[str, tuple[str, Scene]] = {
    "formats": ("write_note", lambda stage, c, who: [
        who("dana").switch_format(c.session, "novel", revision=c.revision),
        who("dana").switch_format(c.session, "soap", revision=c.revision),
        who("dana").write_note(c.session, {"plan": "rest", "subjective": "tired"}, revision=c.revision + 1),
        who("dana").write_note(c.session, {"nothing of ours": "x"}, revision=c.revision + 2),
        who("dana").insert_text(c.session, "more", revision=c.revision + 2, section="plan"),
        who("dana").insert_text(c.session, "more", revision=c.revision + 3, section="chorus"),
    ]),
    "stale writes": ("write_note", lambda stage, c, who: [
        who("dana").write_note(c.session, "newer", revision=c.revision),
        who("dana").write_note(c.session, "older", revision=c.revision),
        who("dana").switch_format(c.session, "soap", revision=c.revision),
        who("dana").attach(c.session, [PNG], revision=c.revision),
        who("dana").sign_and_lock(c.session, revision=c.revision),
    ]),
    "files": ("write_note", lambda stage, c, who: [
        who("dana").attach(c.session, [PNG, BAD, PDF], revision=c.revision),
        who("dana").attach(c.session, [BAD], revision=c.revision + 1),
        who("dana").attach(c.session, [PNG] * 60, revision=c.revision + 1),
        who("dana").detach(c.session, "nothing", revision=c.revision + 2),
        who("dana").detach(c.session, newest(stage).attachments[0].id, revision=c.revision + 2),
        who("sue").attach(c.session, [PNG], revision=c.revision + 3),
    ]),
    "reading": ("begin_note", lambda stage, c, who: [
        who("dana").read_note(c.id),
        who("dana").write_note(c.id, "mine alone", revision=0, purpose=PRIVATE),
        who("dana").read_note(c.id, purpose=PRIVATE),
        who("sue").read_note(c.id, purpose=PRIVATE),
        who("sue").read_note(c.id),
        who("erin").read_note(c.id),
        who("dana").verify_note(c.id),
    ]),
    "review": ("approve_note", lambda stage, c, who: [
        who("dana").sign_and_lock(c.session, revision=c.revision),
        who("sue").return_note(c.session, " ", revision=c.revision),
        who("sue").approve_note(c.session, revision=c.revision - 1),
        who("sue").approve_note(c.session, revision=c.revision, digest="0" * 64),
        who("sue").return_note(c.session, "say more", revision=c.revision),
        who("dana").write_note(c.session, "more is said", revision=newest(stage).revision),
        who("dana").submit_for_review(c.session, revision=newest(stage).revision, name="Dana D."),
        who("sue").approve_note(c.session, revision=newest(stage).revision, name="Sue S."),
        who("sue").verify_note(c.session),
    ]),
    "an unsupervised signature": ("sign_and_lock", lambda stage, c, who: [
        who("dana").sign_and_lock(c.session, revision=c.revision, digest="0" * 64),
        who("dana").sign_and_lock(c.session, revision=c.revision, name="Dana D., PhD"),
        who("dana").verify_note(c.session),
        who("dana").write_note(c.session, "late", revision=newest(stage).revision),
    ]),
    "addenda": ("approve_addendum", lambda stage, c, who: [
        who("dana").approve_addendum(c.session),
        who("sue").return_addendum(c.session, ""),
        who("sue").return_addendum(c.session, "say when"),
        who("sue").approve_addendum(c.session),
        who("sue").sign_addendum(c.session),
        who("dana").sign_addendum(c.session, name="Dana D."),
        who("sue").approve_addendum(c.session, name="Sue S."),
        who("sue").add_addendum(c.session, "from the supervisor"),
        who("sue").sign_addendum(c.session),
        who("dana").add_addendum(c.session, " "),
        who("dana").verify_note(c.session),
    ]),
    "addenda of one who works alone": ("sign_addendum", lambda stage, c, who: [
        who("dana").add_addendum(c.session, "and one more"),
        who("dana").sign_addendum(c.session),
        who("dana").add_addendum(c.session, "and another"),
        who("dana").sign_addendum(c.session, name="D."),
        who("dana").return_addendum(c.session, "no"),
        who("dana").verify_note(c.session),
    ]),
    "transcripts": ("append_segment", lambda stage, c, who: [
        who("dana").append_segment(c.session, c.id, " "),
        who("dana").append_segment(c.session, "nothing", "text"),
        who("dana").append_segment(c.session, c.id, "first"),
        who("dana").disable_transcription(c.session),
        who("dana").append_segment(c.session, c.id, "while off"),
        who("dana").disable_transcription(c.session),
        who("dana").enable_transcription(c.session),
        who("dana").start_dictation(c.session),
        who("dana").read_transcript(c.session, c.id),
        who("dana").delete_transcripts(c.session),
        who("dana").append_segment(c.session, c.id, "after all"),
        who("dana").read_transcript(c.session, c.id),
        who("dana").enable_transcription(c.session),
        who("system").expire_transcripts(c.session),
        who("system").overdue_purges(),
    ]),
}  # fmt: skip


def newest(stage: Stage) -> Any:
    return next(row for row in stage.world().all(sched.Note) if row.purpose == "progress")


def scene(name: str) -> list[Any]:
    command, play = SCENES[name]
    stage = stage_of(command)
    choice = stage.prepare()
    kinds = {"sue": ActorKind.SUPERVISOR, "system": ActorKind.SYSTEM}

    def who(id: str) -> Any:
        return stage.desk.acting_as(stage.clinic.actor(kinds.get(id, ActorKind.CLINICIAN), id))

    said = []
    for answer in play(stage, choice, who):
        if isinstance(answer, sched.Accepted) and isinstance(answer.value, tuple) and answer.value:
            parts = [told(one, whole=True) if isinstance(one, sched.Accepted | sched.Refused) else repr(one)
                     for one in answer.value]  # fmt: skip
            said.append([parts, [repr(event) for event in answer.events], [str(row.code) for row in answer.warnings]])
        else:
            said.append(told(answer, whole=True))
    return json.loads(json.dumps(said, default=str))


@pytest.mark.parametrize("name", SCENES)
def test_notes_are_answered_word_for_word(name: str) -> None:
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    found = scene(name)
    if APPROVE:
        text = json.dumps(known | {name: found}, indent=1, ensure_ascii=False)
        FILE.write_text(re.sub(r"\n {4,}", " ", text) + "\n")
        known[name] = found
    assert found == known[name]
