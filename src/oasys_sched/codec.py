"""Aggregates and decisions as JSON for storage, and back: every public dataclass, nothing else.

Values that JSON lacks are tagged: `{"$": "Money", ...}` is a dataclass, `{"$dt": ...}` an instant or a wall time.
Only classes of this package that are in the registry are ever built, so a stored row cannot name a class of its own.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, Final

from oasys_sched.errors import InvalidValue

__all__ = ["decode", "dumps", "encode", "loads"]

_HALF: Final = re.compile("[\ud800-\udfff]")
# Where the classes live that may be stored.
_HOMES: Final = (
    "money", "times", "modes", "codes", "actors", "services", "people", "decisions", "aggregates", "recurrence",
    "fees", "policies", "availability", "booking", "sessions",
)  # fmt: skip


@cache
def _registry() -> dict[str, type[Any]]:
    found: dict[str, type[Any]] = {}
    for home in _HOMES:
        module = import_module(f"oasys_sched.{home}")
        names = [module.__name__]
        if hasattr(module, "__path__"):
            names += [f"{module.__name__}.{row.name}" for row in pkgutil.iter_modules(module.__path__)]
        for name in names:
            for value in vars(import_module(name)).values():
                storable = isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum))
                if storable and value.__module__.startswith("oasys_sched."):
                    found[value.__name__] = value
    return found


@cache
def _name(kind: type[Any]) -> str:
    if _registry().get(kind.__name__) is not kind:
        raise InvalidValue(f"{kind.__name__} is not stored", field="body")
    return kind.__name__


@cache
def _stored_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(row.name for row in fields(kind) if row.init)


def encode(value: object) -> Any:
    """Return a value as what JSON has, tagged where JSON lacks it. Sensitive text is written out: storage is its home.

    Raises:
        InvalidValue: something that is not stored.
    """
    if value is None or type(value) in {bool, int, float, str}:
        return value
    kind: Any = type(value)
    if isinstance(value, Enum):
        return {"$e": _name(kind), "v": value.value}
    if isinstance(value, tuple | list):
        return [encode(row) for row in value]
    if is_dataclass(value) and not isinstance(value, type):
        body: dict[str, Any] = {"$": _name(kind)}
        body.update((name, encode(getattr(value, name))) for name in _stored_fields(kind))
        return body
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return simple(value)
    if isinstance(value, Mapping):
        return {"$map": [[encode(key), encode(row)] for key, row in value.items()]}
    if isinstance(value, frozenset | set):
        return {"$set": sorted((encode(row) for row in value), key=repr)}
    reveal = getattr(value, "reveal", None)
    if reveal is not None:
        return {"$s": encode(reveal())}
    raise InvalidValue(f"{kind.__name__} is not stored", field="body")


def _instant(value: datetime) -> dict[str, str]:
    return {"$dt": (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()}


_SIMPLE: Final[dict[type[Any], Callable[[Any], Any]]] = {
    datetime: _instant,
    date: lambda value: {"$d": value.isoformat()},
    time: lambda value: {"$t": value.isoformat()},
    timedelta: lambda value: {"$td": [value.days, value.seconds, value.microseconds]},
    bytes: lambda value: {"$b": value.hex()},
}


def decode(body: Any) -> Any:
    """Return what `encode` was given; lists come back as tuples.

    Raises:
        InvalidValue: a body that this version does not know.
    """
    if isinstance(body, list):
        return tuple(decode(row) for row in body)
    if not isinstance(body, dict):
        return body
    for tag, read in _READERS.items():
        if tag in body:
            return read(body)
    raise InvalidValue("unknown stored form", field="body")


def _class(name: object) -> type[Any]:
    found = _registry().get(str(name))
    if found is None:
        raise InvalidValue("unknown stored class", field="body")
    return found


def _dataclass(body: dict[str, Any]) -> Any:
    kind: Any = _class(body["$"])
    known = _stored_fields(kind)
    # A row written by another version may have fields more or fewer; defaults fill in.
    return kind(**{name: decode(body[name]) for name in known if name in body})


def _sensitive(body: dict[str, Any]) -> Any:
    wrapper: Any = import_module("oasys_sched.sessions.sensitive").Sensitive
    return wrapper(decode(body["$s"]))


_READERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "$": _dataclass,
    "$e": lambda body: _class(body["$e"])(body["v"]),
    "$dt": lambda body: datetime.fromisoformat(body["$dt"]),
    "$d": lambda body: date.fromisoformat(body["$d"]),
    "$t": lambda body: time.fromisoformat(body["$t"]),
    "$td": lambda body: timedelta(*body["$td"]),
    "$b": lambda body: bytes.fromhex(body["$b"]),
    "$map": lambda body: {decode(key): decode(row) for key, row in body["$map"]},
    "$set": lambda body: frozenset(decode(row) for row in body["$set"]),
    "$s": _sensitive,
}


def dumps(value: object) -> str:
    """Return a value as one line of JSON.

    Raises:
        InvalidValue: a text in it has half a character (a lone surrogate), which no storage can hold.
    """
    text = json.dumps(encode(value), separators=(",", ":"), ensure_ascii=False)
    # Looked for rather than tried: the error of an encoder would carry the whole text.
    if _HALF.search(text):
        raise InvalidValue("a text with half a character cannot be stored", field="text")
    return text


def loads(text: str) -> Any:
    """Return what `dumps` was given."""
    return decode(json.loads(text))
