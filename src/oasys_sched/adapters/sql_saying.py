"""How a repository speaks to PostgreSQL without a connection: generators that yield statements and are sent answers.

A driver runs them, waiting or not; so the sync and the async repository are one text.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar, final

from sqlalchemy import TextClause, text

__all__ = ["Answer", "Say", "Steps", "sql"]

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True)
class Say:
    """One statement and its values."""

    statement: TextClause
    values: Mapping[str, object]


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """What the database answered: the rows, and how many were touched."""

    rows: Sequence[Sequence[Any]]
    count: int


Steps: TypeAlias = Generator[Say, Answer, T]


@cache
def sql(statement: str) -> TextClause:
    """Return a statement, made once."""
    return text(statement)
