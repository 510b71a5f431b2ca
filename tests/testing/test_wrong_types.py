"""Whatever is given to a desk call, of whatever type: a decision or a typed error, and nothing stored by halves."""

import inspect
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.aio.counter import AsyncCounter
from oasys_sched.desk.counter import Counter
from oasys_sched.testing.commands import COMMANDS, whose
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.stage import Stage
from oasys_sched.units.arguments import EXPECTED

WRONG = (
    None, True, 5, -1.5, float("nan"), "", "nonsense", "2026-03-03T14:00", b"x", (), [], [5], {}, {"a": 1}, {5},
    datetime(2026, 3, 3, 14), date(2026, 3, 3), timedelta(days=-1), timedelta.max, object(), object, sched,
)  # fmt: skip


# What of these may be meant.
MEANT = {
    ("block_time", "ends_at", datetime), ("cut_block", "before", date), ("delete_block_instance", "instance", date),
    ("begin_note", "text", dict), ("write_note", "text", dict),
}  # fmt: skip
# Annotations whose values the rules judge in words of their own, for each of their types.
JUDGED_BY_RULES = {
    "Initiator | str | None", "Mode", "Mode | None", "Mode | str | None", "Money | None", "Rule | str",
    "Rule | str | None", "Source | str", "Text", "date | None", "date | datetime", "datetime", "datetime | None",
    "object", "timedelta | None",
}  # fmt: skip


class Recorder:
    """Takes down the one call that a command makes, instead of making it."""

    def __init__(self, actor: sched.Actor) -> None:
        self.actor = actor
        self.call: tuple[str, inspect.BoundArguments] | None = None

    def __getattr__(self, name: str) -> Callable[..., None]:
        def take_down(*args: Any, **given: Any) -> None:
            bound = inspect.signature(getattr(Counter, name)).bind(self, *args, **given)
            self.call = name, bound

        return take_down


def memory(clock: Callable[[], datetime]) -> MemoryRepository:
    return MemoryRepository(clock=clock)


def set_out(command: str) -> tuple[Callable[..., Any], dict[str, Any], Stage]:
    """Play what comes before a command; return its call, with what it is asked, and where."""
    stage = Stage(memory, command)
    choice = stage.prepare()
    actor = whose(COMMANDS[command], choice, stage.clinic)
    recorder = Recorder(actor)
    COMMANDS[command].call(recorder, choice)
    assert recorder.call is not None
    name, bound = recorder.call
    # Without its key: with it, any other request would be refused for being another.
    given = {field: value for field, value in bound.arguments.items() if field not in {"self", "key"}}
    return getattr(stage.desk.acting_as(actor), name), given, stage


@pytest.mark.parametrize("command", JOURNEYS)
def test_a_value_of_any_type_gets_a_decision_or_a_typed_error(command: str) -> None:
    call, given, stage = set_out(command)
    untyped = []
    for field in inspect.signature(call).parameters:
        for wrong in WRONG:
            before = stage.world(messages=True)
            try:
                answer = call(**{**given, field: wrong})
            except sched.OasysError:
                assert stage.world(messages=True) == before
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                untyped.append(f"{field}={wrong!r}: {type(error).__name__}: {error}")
            else:
                assert isinstance(answer, sched.Accepted | sched.Refused)
                if stage.world(messages=True) != before:
                    assert isinstance(wrong, int | str | None) or (command, field, type(wrong)) in MEANT
                    stage.close()
                    call, given, stage = set_out(command)
    stage.close()
    assert untyped == []


@pytest.mark.parametrize("counter", [Counter, AsyncCounter])
def test_every_argument_is_judged_by_the_table_or_by_a_rule(counter: type) -> None:
    methods = [getattr(counter, name) for name in dir(counter) if not name.startswith("_")]
    words = {words for method in methods for field, words in method.__annotations__.items() if field != "return"}

    assert words - JUDGED_BY_RULES == set(EXPECTED)


def test_an_argument_given_by_place_is_judged_too() -> None:
    add, given, stage = set_out("add_addendum")
    session = given["session"]

    refused = add(session, b"bytes")
    assert (refused.code, refused.refusals[0].field) == ("invalid_value", "text")
    with pytest.raises(TypeError):
        add(session, "text", "one more")
    with pytest.raises(TypeError):
        add(session, "text", text="once more")
    stage.close()
