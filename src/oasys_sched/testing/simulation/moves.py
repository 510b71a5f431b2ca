"""What can happen next in a simulation, as small numbers that a script keeps and a shrunk script can leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

__all__ = ["Move", "moves", "script_of", "written"]

# How often, out of a hundred. Most of the time somebody's unit of work makes its next call of a port.
_CHANCES: Final[Mapping[str, int]] = {
    "ask": 11,
    "next": 6,
    "resume": 70,
    "again": 3,
    "fault": 3,
    "die": 1,
    "wait": 3,
    "begin": 1,
    "work": 2,
}
_LETTERS: Final = {kind: kind[0] if kind != "work" else "d" for kind in _CHANCES} | {
    "wait": "w",
    "die": "x",
    "again": "t",
}
_KINDS: Final = {letter: kind for kind, letter in _LETTERS.items()}
_MOST: Final = 1 << 20


class Move(NamedTuple):
    """One thing that happens; `number` decides every detail of it, modulo whatever there is to choose from."""

    kind: str
    number: int


def moves(seed: str, most: int) -> Iterator[Move]:
    """Draw moves; the same seed draws the same."""
    chance = Random(seed)  # noqa: S311 - a simulation wants to be repeated
    kinds, weights = tuple(_CHANCES), tuple(_CHANCES.values())
    for kind in chance.choices(kinds, weights, k=most):
        yield Move(kind, chance.randrange(_MOST))


def written(script: Sequence[Move]) -> str:
    """Write moves as one line, such as `a12 r0 r0`."""
    return " ".join(f"{_LETTERS[move.kind]}{move.number}" for move in script)


def script_of(line: str) -> tuple[Move, ...]:
    """Read what `written` wrote.

    Raises:
        ValueError: a word is not a letter of a move and a number.
    """
    if any(word[:1] not in _KINDS or not word[1:].isdigit() for word in line.split()):
        raise ValueError("give moves as letters and numbers, such as 'a12 r0 r0'")
    return tuple(Move(_KINDS[word[0]], int(word[1:])) for word in line.split())
