"""What a desk call is given, looked at before anything is loaded: each argument is of the type it is annotated with.

Times, dates, durations, prices, modes and rules of recurrence are not in the table: the rules themselves say what is
wrong with them, in their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from inspect import iscoroutinefunction
from types import NoneType
from typing import Any, Final, TypeVar

from oasys_sched.booking.waitlist import Preference
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse
from oasys_sched.fees.quote import Quote
from oasys_sched.recurrence.rule import Rule
from oasys_sched.sessions.assistant import HealthEntry
from oasys_sched.sessions.attachments import Upload
from oasys_sched.sessions.note import NoteKind
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.times import Span

__all__ = ["EXPECTED", "arguments_judged"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Expected:
    """What an argument may be, and what is said when it is not.

    `each` is what every one of several is; `named` the enumeration whose values may be given as text.
    """

    types: tuple[type, ...]
    said: tuple[Code, str]
    each: type | None = None
    named: type[StrEnum] | None = None

    def read(self, value: object) -> object:
        """Return the value, several as a tuple.

        Raises:
            ValueError: it does not fit.
        """
        if self.named is not None and isinstance(value, str):
            return self.named(value)
        if self.each is not None and isinstance(value, Iterable) and not isinstance(value, str):
            several = tuple(value)
            if all(isinstance(one, self.each) for one in several):
                return several
        # True is no whole number, whatever Python says.
        elif isinstance(value, self.types) and (type(value) is not bool or bool in self.types):
            return value
        raise ValueError


_TEXT: Final = (Code.INVALID_VALUE, "give text")
_FLAG: Final = (Code.INVALID_VALUE, "give true or false")

_OPTIONAL_TEXT: Final = Expected((str, NoneType), _TEXT)

# By the words of the annotation. Whether a text names anything is for the rules to say.
EXPECTED: Final[Mapping[str, Expected]] = {
    "str": Expected((str,), _TEXT),
    "str | None": _OPTIONAL_TEXT,
    "AssistantTask | str": Expected((str,), _TEXT),
    "Device | str": Expected((str,), _TEXT),
    "Scope | str | None": _OPTIONAL_TEXT,
    "Sensitive[str] | str": Expected((str, Sensitive), _TEXT),
    "WaiveReason | str": Expected((str,), _TEXT),
    "WaiveReason | str | None": _OPTIONAL_TEXT,
    "bool": Expected((bool,), _FLAG),
    "bool | None": Expected((bool, NoneType), _FLAG),
    "int": Expected((int,), (Code.INVALID_VALUE, "give a whole number")),
    "Span": Expected((Span,), (Code.INVALID_VALUE, "give a Span of two aware datetimes")),
    "Quote | None": Expected((Quote, NoneType), (Code.INVALID_VALUE, "give the quote you were given, or none")),
    "Rule | None": Expected((Rule, NoneType), (Code.INVALID_VALUE, "give a Rule, or none")),
    "Preference": Expected((Preference,), (Code.INVALID_VALUE, "give a Preference")),
    "NoteKind": Expected((NoteKind,), (Code.INVALID_VALUE, "give progress or psychotherapy"), named=NoteKind),
    "Sequence[Upload]": Expected((), (Code.INVALID_VALUE, "give each file as an Upload, in a list"), each=Upload),
    "Iterable[HealthEntry]": Expected((), (Code.INVALID_VALUE, "give each as a HealthEntry"), each=HealthEntry),
    "Sequence[datetime]": Expected((), (Code.INVALID_VALUE, "give the starts in a list"), each=object),
}


def arguments_judged(counter: type[T]) -> type[T]:
    """Let every public method refuse what cannot be meant: `invalid_value`, naming the argument (a class decorator)."""
    for name in dir(counter):
        method = getattr(counter, name)
        words = {} if name.startswith("_") else getattr(method, "__annotations__", {})
        expected = {field: EXPECTED[text] for field, text in words.items() if text in EXPECTED and field != "return"}
        if expected:
            setattr(counter, name, _judged(method, expected))
    return counter


def _judged(method: Callable[..., Any], expected: Mapping[str, Expected]) -> Callable[..., Any]:
    code = method.__code__
    fields = code.co_varnames[1 : code.co_argcount]

    def read(args: Sequence[Any], given: Mapping[str, Any]) -> tuple[Sequence[Any], Mapping[str, Any]] | Refused:
        told: dict[str, Any] = {}
        for field, value in (*zip(fields, args, strict=False), *given.items()):
            try:
                told[field] = expected[field].read(value) if field in expected else value
            except ValueError:
                return refuse(*expected[field].said, field=field)
        # Too many, or one twice: the call itself says so.
        return ((), told) if len(told) == len(args) + len(given) else (args, given)

    @wraps(method)
    def at_once(self: Any, *args: Any, **given: Any) -> Any:
        told = read(args, given)
        return told if isinstance(told, Refused) else method(self, *told[0], **told[1])

    @wraps(method)
    async def awaited(self: Any, *args: Any, **given: Any) -> Any:
        told = read(args, given)
        return told if isinstance(told, Refused) else await method(self, *told[0], **told[1])

    return awaited if iscoroutinefunction(method) else at_once
