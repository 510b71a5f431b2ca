"""Words in a box of a picture: cut with a sign that they are, never through a letter.

Nobody asks the reader's font; widths are those of the widest usual one, so that a line may end early but not late.
"""

from __future__ import annotations

from typing import Final
from unicodedata import combining, east_asian_width

from oasys_sched.markup import printable

__all__ = ["cut", "wrapped"]

PLAIN: Final = 0.58
BOLD: Final = 0.67
WIDE: Final = 1.05
# Below this many letters an ellipsis would take the place of the only ones there are.
FEW: Final = 4


def _width(char: str, em: float) -> float:
    return 0 if combining(char) else WIDE if east_asian_width(char) in "WF" else em


def cut(words: str, room: float, size: int, *, bold: bool = False) -> str:
    """Return as much of a line as has room, in pixels, at a font size; an ellipsis says that there was more."""
    em, used, fitting = BOLD if bold else PLAIN, 0.0, 0
    text = printable(words)
    for char in text:
        used += _width(char, em) * size
        if used > room:
            break
        fitting += 1
    if fitting == len(text):
        return text
    return text[:fitting] if fitting < FEW else f"{text[: fitting - 1].rstrip()}…"


def wrapped(words: str, room: float, size: int, most: int) -> list[str]:
    """Break a bold text at its blanks into at most so many lines; what is too long for its line is cut."""
    lines: list[str] = []
    left = words.split()
    while left and len(lines) < most:
        taken = len(left)
        # The last line takes what is left, to be cut; others take as many words as fit whole, one at least.
        if len(lines) < most - 1:
            while taken > 1 and cut(" ".join(left[:taken]), room, size, bold=True) != printable(" ".join(left[:taken])):
                taken -= 1
        lines.append(cut(" ".join(left[:taken]), room, size, bold=True))
        left = left[taken:]
    return lines
