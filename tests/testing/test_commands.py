"""The table of commands is whole: whatever can be asked at the desk, every proof of the harness asks."""

import inspect
from datetime import datetime, timedelta
from typing import Any

import pytest

from oasys_sched.actors import Actor
from oasys_sched.aio.counter import AsyncCounter
from oasys_sched.desk.counter import Counter
from oasys_sched.sessions.attachments import Upload
from oasys_sched.testing.clinic import OPENING, Clinic
from oasys_sched.testing.commands import COMMANDS, MARK, READING, SESSIONS, WORDS, By, Choice, whose
from oasys_sched.testing.journeys import JOURNEYS

# What asks by another name than its method's.
NAMED = {"begin_note": "write_note"}
# What a counter has and nobody asks: whose it is.
NOT_ASKED = {"own"}


def asked_for(counter: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(counter, callable) if not name.startswith("_")} - NOT_ASKED


@pytest.mark.parametrize("counter", [Counter, AsyncCounter])
def test_every_call_of_the_desk_is_in_the_table(counter: type) -> None:
    assert asked_for(counter) == set(COMMANDS) - set(NAMED)


def test_every_command_has_its_journey() -> None:
    assert set(JOURNEYS) == set(COMMANDS)


class Counted:
    """A counter that only notes what it is asked."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: self.asked.append((name, given, named))


def asking(command: str, number: int = 1) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    choice, clinic = Choice(None, OPENING, number, None), Clinic()
    at = Counted(whose(COMMANDS[command], choice, clinic))
    COMMANDS[command].call(at, choice)
    (once,) = at.asked
    return once


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_asks_what_it_is_called(command: str) -> None:
    method, given, named = asking(command)

    assert method == NAMED.get(command, command)
    inspect.signature(getattr(Counter, method)).bind(None, *given, **named)


def said(value: Any) -> list[str]:
    """Every text in what is given to the desk, whatever it is wrapped in."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bytes):
        return [value.decode()]
    if isinstance(value, Upload):
        return [value.name, value.content.decode()]
    if isinstance(value, (tuple, list)):
        return [text for one in value for text in said(one)]
    return said(value.value.reveal()) if hasattr(value, "value") and hasattr(value.value, "reveal") else []


# How many clinical texts each command says, and which say something in words of their own.
CLINICAL = {
    "chat": 1, "begin_note": 1, "write_note": 1, "insert_text": 1, "attach": 4, "return_note": 1, "add_addendum": 1,
    "return_addendum": 1, "append_segment": 1, "prepare_session": 2, "ask_assistant": 3, "scribe": 2,
}  # fmt: skip
IN_WORDS = {
    "decline", "reschedule", "cancel", "client_cancel", "mark_no_show", "undo_no_show", "reinstate_fee",
    "request_reschedule", "reschedule_future", "cancel_future",
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_clinical_text_that_is_said_can_be_looked_for(command: str) -> None:
    _, given, named = asking(command)

    texts = said([*given, *named.values()])
    assert sum(MARK in text for text in texts) == CLINICAL.get(command, 0)
    assert sum(WORDS in text for text in texts) == (command in IN_WORDS)


def test_who_reads_and_who_writes_are_two_tables() -> None:
    assert not set(READING) & set(SESSIONS)
    assert {COMMANDS[name].by for name in COMMANDS} == set(By)


def test_a_choice_about_nothing_names_what_nothing_has() -> None:
    nothing = Choice(None, datetime.fromisoformat("2026-03-02T13:00:00+00:00"), 5, None)

    assert {nothing.id, nothing.session, nothing.other} == {"nothing-there"}
    assert (nothing.revision, nothing.client) == (0, "kim")
    assert nothing.week.duration == timedelta(days=7)
