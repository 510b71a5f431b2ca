"""How a repository speaks to PostgreSQL without a connection: generators that yield statements and are sent answers.

A driver runs them, waiting or not; so the sync and the async repository are one text.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar, final

__all__ = ["Answer", "Say", "Steps", "sql"]

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True)
class Say:
    """One statement, in the driver's own spelling, and its values."""

    statement: str
    values: Mapping[str, object]


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """What the database answered: the rows, and how many were touched."""

    rows: Sequence[Sequence[Any]]
    count: int


Steps: TypeAlias = Generator[Say, Answer, T]


_NAMED: Final = re.compile(r"(?<!:):(\w+)")


@cache
def sql(statement: str) -> str:
    """Return a statement with its `:names` as the driver spells them, made once: nothing is compiled at each call."""
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%"))
