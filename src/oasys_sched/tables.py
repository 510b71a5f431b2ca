"""State machines as literal tables `state -> act -> next state`, and their one reader."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse

__all__ = ["mermaid", "step"]

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


def step(table: Mapping[S, Mapping[A, S]], state: S, act: A) -> S | Refused:
    """Return the state an act leads to, or refuse with `invalid_transition` when the table has no such cell."""
    after = table[state].get(act)
    if after is not None:
        return after
    return refuse(
        Code.INVALID_TRANSITION,
        f"cannot {act.replace('_', ' ')} what is {state.replace('_', ' ')}",
        act=str(act),
        state=str(state),
    )


def mermaid(table: Mapping[S, Mapping[A, S]]) -> str:
    """Draw a table as a Mermaid state diagram, for the docs; states without a way out end."""
    lines = ["stateDiagram-v2"]
    for state, row in table.items():
        lines += [f"    {state} --> {after}: {act}" for act, after in row.items()] or [f"    {state} --> [*]"]
    return "\n".join(lines)
