"""Read the library's values from plain dicts (JSON, YAML, TOML), with errors that name the path; export JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from oasys_sched.availability.diary import Diary
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.schema import forms
from oasys_sched.schema.records import shape
from oasys_sched.services import Service

__all__ = ["SCHEMAS", "from_dict", "json_schema"]

T = TypeVar("T")

# Name -> the class a document of that name becomes, and how pydantic reads it. Answers are written, never read.
_DOCUMENTS: Final[Mapping[str, tuple[type | None, Any]]] = {
    "service": (Service, shape(Service)),
    "fee-schedule": (FeeSchedule, shape(FeeSchedule)),
    "booking-policy": (BookingPolicy, shape(BookingPolicy)),
    "cancellation-policy": (CancellationPolicy, shape(CancellationPolicy)),
    "reminder-policy": (ReminderPolicy, shape(ReminderPolicy)),
    "hours": (WeeklyHours, forms.HOURS),
    "diary": (Diary, forms.DIARY),
    "slots": (forms.SlotsRequest, forms.SLOTS),
    "slots-answer": (None, forms.SlotsAnswer),
    "check-answer": (None, forms.CheckAnswer),
    "expand": (forms.ExpandRequest, forms.EXPAND),
    "expand-answer": (None, forms.ExpandAnswer),
}
SCHEMAS: Final = tuple(_DOCUMENTS)
_NAMES: Final = {kind: name for name, (kind, _) in _DOCUMENTS.items() if kind is not None}
_LONGEST_PART: Final = 60


@lru_cache(maxsize=64)
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_DOCUMENTS[name][1])


def from_dict(kind: type[T], data: object) -> T:
    """Read a value from what `json.load` or a YAML loader gives.

    Works for `Service`, `FeeSchedule`, `BookingPolicy`, `CancellationPolicy`, `ReminderPolicy`, `WeeklyHours` and
    `Diary`. Durations and periods are ISO 8601 text ("PT50M", "P3M"), instants carry their offset, money is
    "40.00 EUR". Fields that are left out take the class's defaults; fields that do not exist are refused.

    Raises:
        InvalidValue: `field` is the path to what is wrong, such as "service.duration" or "busy.3.end".
        TypeError: for any other class.

    >>> from oasys_sched.policies.booking import BookingPolicy
    >>> from_dict(BookingPolicy, {"minimum_notice": "PT24H", "slot_step": "PT30M"}).slot_step
    datetime.timedelta(seconds=1800)
    """
    name = _NAMES.get(kind)
    if name is None:
        raise TypeError(f"no JSON form for {kind.__name__}; there is one for {', '.join(k.__name__ for k in _NAMES)}")
    try:
        return cast("T", _adapter(name).validate_python(data))
    except ValidationError as error:
        raise _first(error) from None


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a document, one of `SCHEMAS`.

    Raises:
        InvalidValue: no document of that name.
    """
    if name not in _DOCUMENTS:
        raise InvalidValue(f"give one of {', '.join(SCHEMAS)}", field="name")
    mode: Any = "serialization" if _DOCUMENTS[name][0] is None else "validation"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _adapter(name).json_schema(mode=mode)


# What pydantic calls some things, in our words.
_WORDS: Final = {"missing": "is needed"}


def _first(error: ValidationError) -> InvalidValue:
    problems = error.errors(include_url=False, include_input=False)
    found = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    parts = [str(part) for part in found["loc"]]
    raised = found.get("ctx", {}).get("error")
    code, message = Code.INVALID_VALUE, _WORDS.get(found["type"], found["msg"])
    if isinstance(raised, InvalidValue):
        code, message = raised.code, raised.problem
        parts += [raised.field] if raised.field else []
    path = ".".join(_tidy(part) for part in parts)
    return InvalidValue(f"{message}{more}", field=path or None, code=code)


def _tidy(part: str) -> str:
    """Keep a path on one line, whatever the document's keys hold."""
    shown = part if part.isprintable() else ascii(part)[1:-1]
    return shown if len(shown) <= _LONGEST_PART else f"{shown[:_LONGEST_PART]}…"
