"""What a rule answers: `Accepted` with the new state and events, or `Refused` with every reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeAlias, TypeVar, final

from oasys_sched.codes import Code
from oasys_sched.errors import RequestRefused

__all__ = ["Accepted", "Decision", "Event", "Refusal", "Refused", "nothing_here", "refuse"]

T_co = TypeVar("T_co", covariant=True)


class Event:
    """A past-tense fact about one aggregate: ids and facts only, never note text (B8)."""

    __slots__ = ()


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: a stable `code`, a sentence for people, the offending `field`, the figures as data."""

    code: Code
    message: str
    field: str | None = None
    details: Mapping[str, object] = dataclasses.field(default_factory=dict, hash=False)


@final
@dataclass(frozen=True, slots=True)
class Accepted(Generic[T_co]):
    """The request stands: `value` is the new state, `events` what happened, in order.

    `changes` holds every aggregate that has to be written (the value among them); `warnings` are findings that
    stopped nothing.
    """

    value: T_co
    events: tuple[Event, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    changes: tuple[object, ...] = ()

    def or_raise(self) -> Accepted[T_co]:
        """Return this acceptance, so that no event is lost by the convenient path."""
        return self

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision has no truth value: match on Accepted and Refused, or call .or_raise()")


@final
@dataclass(frozen=True, slots=True)
class Refused:
    """The request does not stand: every reason, the first one first. Nothing has changed."""

    refusals: tuple[Refusal, ...]

    def __post_init__(self) -> None:
        if not self.refusals:
            raise ValueError("a refusal needs at least one reason")

    @property
    def code(self) -> Code:
        """The first reason's code."""
        return self.refusals[0].code

    def or_raise(self) -> NoReturn:
        """Raise `RequestRefused` with every reason."""
        raise RequestRefused(self.refusals)

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision has no truth value: match on Accepted and Refused, or call .or_raise()")


Decision: TypeAlias = Accepted[T_co] | Refused


def refuse(code: Code, message: str, *, field: str | None = None, **details: object) -> Refused:
    """Refuse for one reason.

    >>> refuse(Code.TOO_SOON, "book at least 24 hours ahead", field="starts_at").code
    <Code.TOO_SOON: 'too_soon'>
    """
    return Refused((Refusal(code, message, field, details),))


def nothing_here() -> Refused:
    """Give the one answer about what is not there and about what is not the asker's, so that nobody tells them apart.

    >>> nothing_here().code
    <Code.NOT_FOUND: 'not_found'>
    """
    return refuse(Code.NOT_FOUND, "no such thing here")
