"""Journeys of the assistant: the rules build what it sees, and nothing it says is written by itself (S52, S53, O5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.desk.transcripts import Transcripts
from oasys_sched.policies.access import Action
from oasys_sched.ports import Query, Wanted
from oasys_sched.sessions.assistant import AssistantTask, HealthEntry, Suggestion, ask, prepare, scribe
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.session import Session

__all__ = ["Assisted"]

T = TypeVar("T")


class Assisted(Transcripts):
    """Suggestions for the session's own clinician. A failing assistant is a refusal, never a broken session."""

    def prepare_session(self, appointment: str, *, health: Iterable[HealthEntry] = ()) -> Decision[Suggestion]:
        """Summarise this client's history, health and themes before or during a session (S52, A44)."""
        actor, desk = self.actor, self.desk
        if desk.assistant is None:
            return _unavailable()
        # Nobody else's rows are read, whoever asks.
        mine = self.own()
        queries = () if mine is None else tuple(Query(kind=kind, clinician=mine) for kind in ("session", "note"))
        known = desk.repository.load(Wanted(practice=actor.practice, queries=queries))
        entries, sessions, notes = tuple(health), known.all(Session), known.all(Note)
        decision = self._ask_session(
            Action.ASK_ASSISTANT,
            lambda facts, _: prepare(facts, sessions=sessions, health=entries, notes=notes, actor=actor),
            appointment=appointment,
        )
        return self._suggested(decision, desk.assistant.prepare)

    def ask_assistant(
        self, session: str, task: AssistantTask | str, text: str, *, health: Iterable[HealthEntry] = ()
    ) -> Decision[Suggestion]:
        """Ask one of the three kinds of question during a session (S53)."""
        actor, desk, entries = self.actor, self.desk, tuple(health)
        if desk.assistant is None:
            return _unavailable()
        decision = self._ask_session(
            Action.ASK_ASSISTANT,
            lambda facts, _: ask(facts, task=task, text=text, health=entries, actor=actor),
            session=session,
        )
        return self._suggested(decision, desk.assistant.answer)

    def scribe(
        self, session: str, *, transcript: str | None = None, template: str = "", instructions: str = ""
    ) -> Decision[Suggestion]:
        """Suggest the text of a draft, from what is written and a transcript that may still be read (S71)."""
        actor, desk = self.actor, self.desk
        if desk.assistant is None:
            return _unavailable()
        heard = Accepted(()) if transcript is None else self.read_transcript(session, transcript)
        if isinstance(heard, Refused):
            return heard
        segments = tuple(heard.value)
        decision = self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, _: scribe(
                facts, transcript=segments, template=template, instructions=instructions, actor=actor
            ),
            session=session,
        )
        return self._suggested(decision, desk.assistant.scribe)

    def _suggested(self, request: Decision[T], door: Callable[[T], Any]) -> Decision[Suggestion]:
        if isinstance(request, Refused):
            return request
        try:
            return Accepted(door(request.value))
        except Exception as error:  # noqa: BLE001 - whatever it raised, the session goes on
            # Its type alone: what it says may quote the client.
            return _unavailable(error=type(error).__name__)


def _unavailable(**why: str) -> Refused:
    return refuse(Code.ASSISTANT_UNAVAILABLE, "no answer from the assistant: go on without it", **why)
