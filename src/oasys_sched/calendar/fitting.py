"""Words in a box of a picture: cut with a sign that they are, never through a letter.

Nobody asks the reader's font; widths are those of the widest usual one, so that a line may end early but not late.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width, normalize

from oasys_sched.markup import printable

__all__ = ["cut", "wrapped"]

# Plain and bold, in em: as wide as any letter of its kind is in DejaVu Sans and in Arial.
SLIM: Final = (0.34, 0.39)
NARROW: Final = (0.42, 0.50)
USUAL: Final = (0.64, 0.72)
CAPITAL: Final = (0.79, 0.86)
WIDE: Final = (1.02, 1.11)
IDEOGRAPH: Final = (1.05, 1.05)
EMOJI: Final = (1.3, 1.3)
KINDS: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(" '.,/|Iijl", SLIM),
    **dict.fromkeys("!()-:;[]frt·’", NARROW),
    **dict.fromkeys("abcdeghknopqsuvxyz0123456789ßøłđðħþ", USUAL),
    # The signs of statuses and flags are as wide as capitals.
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZØŁÐÞ?○◐●✓✕✗⚑", CAPITAL),
}
# Below this many letters an ellipsis would take the place of the only ones there are.
FEW: Final = 4


@lru_cache(maxsize=4096)
def _kind(char: str) -> tuple[float, float]:
    if category(char) in {"Mn", "Me"}:
        return 0.0, 0.0
    if east_asian_width(char) in "WF":
        return EMOJI if category(char) == "So" else IDEOGRAPH
    # A letter with an accent is as wide as without; letters of other alphabets may be as wide as any.
    return KINDS.get(normalize("NFD", char)[0], WIDE)


def cut(words: str, room: float, size: int, *, bold: bool = False) -> str:
    """Return as much of a line as has room, in pixels, at a font size; an ellipsis says that there was more.

    O(what has room), beside reading the text once.
    """
    text, used, fitting = printable(words), 0.0, 0
    for char in text:
        used += _kind(char)[bold] * size
        if used > room:
            break
        fitting += 1
    if fitting == len(text):
        return text
    # The sign takes the place of the last letters, each with its marks.
    used -= _kind(text[fitting])[bold] * size
    kept = fitting
    while kept and (used + WIDE[bold] * size > room or _kind(text[kept])[bold] == 0):
        kept -= 1
        used -= _kind(text[kept])[bold] * size
    return text[:fitting] if kept < FEW - 1 else f"{text[:kept].rstrip()}…"


def wrapped(words: str, room: float, size: int, most: int) -> list[str]:
    """Break a bold text at its blanks into at most so many lines; what is too long for its line is cut."""
    lines: list[str] = []
    left = words.split()
    while left and len(lines) < most:
        taken = 1
        if len(lines) == most - 1:
            # The last line takes what is left, to be cut.
            taken = len(left)
        else:
            while taken < len(left) and _fits(" ".join(left[: taken + 1]), room, size):
                taken += 1
        lines.append(cut(" ".join(left[:taken]), room, size, bold=True))
        left = left[taken:]
    return lines


def _fits(line: str, room: float, size: int) -> bool:
    return cut(line, room, size, bold=True) == printable(line)
