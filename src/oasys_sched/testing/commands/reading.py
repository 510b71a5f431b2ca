"""What is asked at the desk and writes nothing: what there is, what can be done, and what an assistant would say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from oasys_sched.modes import Mode
from oasys_sched.sessions.assistant import AssistantTask, HealthEntry
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.testing.commands.asking import CLIENTS, MARK, By, Choice, Command, cared_for

__all__ = ["READING"]

_TASKS: Final = tuple(AssistantTask)
_THERAPY: Final[Mapping[str, Any]] = {"service": "therapy", "mode": Mode.TELEHEALTH}


def _health(c: Choice) -> list[HealthEntry]:
    """Return one value of the client and one of somebody else, which nobody may be told."""
    return [
        HealthEntry(client=client, measure="PHQ-9", at=c.when, value=Sensitive(f"{MARK} {client} scored {c.number}"))
        for client in (c.client, "somebody else")
    ]


def _scribe(at: Any, c: Choice) -> Any:
    transcript = None if c.beside is None else c.beside.id
    return at.scribe(c.session, transcript=transcript, template=f"{MARK} briefly", instructions=f"{MARK} no names")


READING: Final[Mapping[str, Command]] = {
    "slots": Command(By.CLIENT, None, lambda at, c: at.slots(**_THERAPY, within=c.week, client=cared_for(at))),
    "view": Command(By.CLIENT, None, lambda at, c: at.view(**_THERAPY, within=c.week, client=cared_for(at))),
    "quote": Command(By.CLIENT, "appointment", lambda at, c: at.quote(c.id)),
    "actions": Command(By.CLINICIAN, "appointment", lambda at, c: at.actions(c.id)),
    "agenda": Command(By.CLINICIAN, None, lambda at, c: at.agenda(c.week)),
    "billable": Command(By.CLINICIAN, None, lambda at, c: at.billable(require_signed_note=c.number % 2 == 1)),
    "history": Command(By.CLINICIAN, None, lambda at, c: at.history(CLIENTS[c.number % 3])),
    "read_note": Command(By.CLINICIAN, "note", lambda at, c: at.read_note(c.session)),
    "verify_note": Command(By.CLINICIAN, "note", lambda at, c: at.verify_note(c.session)),
    "note_actions": Command(By.CLINICIAN, "session", lambda at, c: at.note_actions(c.id)),
    "overdue_notes": Command(By.CLINICIAN, None, lambda at, _: at.overdue_notes()),
    "read_transcript": Command(By.CLINICIAN, "transcript", lambda at, c: at.read_transcript(c.session, c.id)),
    "overdue_purges": Command(By.SYSTEM, None, lambda at, _: at.overdue_purges()),
    "prepare_session": Command(By.CLINICIAN, "appointment", lambda at, c: at.prepare_session(c.id, health=_health(c))),
    "ask_assistant": Command(By.CLINICIAN, "session", lambda at, c: at.ask_assistant(
        c.id, _TASKS[c.number % 3], f"{MARK} what now?", health=_health(c))),
    "scribe": Command(By.CLINICIAN, "note", _scribe, beside="transcript"),
}  # fmt: skip
