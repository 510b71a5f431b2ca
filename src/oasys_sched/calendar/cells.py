"""Text in a terminal's columns: pieces of one style, cut or padded to an exact width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final
from unicodedata import category, east_asian_width

from oasys_sched.calendar.colours import PALETTE
from oasys_sched.calendar.entries import Entry, EntryKind
from oasys_sched.markup import printable

__all__ = ["FILL", "Piece", "beside", "fitted", "inked", "stacked"]

FILL: Final = {EntryKind.BLOCK: "▒", EntryKind.BUSY: "░", EntryKind.HOLD: "┊", EntryKind.SLOT: "┆"}
STYLES: Final = {color.token: (color.background, color.ink) for color in PALETTE}

# What has no column of its own besides marks: vowels and final consonants of Hangul, its fillers, skin colours.
JOINING: Final = (
    range(0x1160, 0x1200),
    range(0xD7B0, 0xD800),
    range(0x3164, 0x3165),
    range(0xFFA0, 0xFFA1),
    range(0x1F3FB, 0x1F400),
)
# Text or emoji: terminals do not agree how wide these make a sign, so they are left out.
SELECTORS: Final = {0xFE0E: None, 0xFE0F: None}


@final
@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style: a background and an ink as #rrggbb, or none; `dim` is less important."""

    text: str
    background: str | None = None
    ink: str | None = None
    dim: bool = False


def _columns(char: str) -> int:
    if category(char)[0] == "M" or any(ord(char) in stretch for stretch in JOINING):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """Return text of exactly so many terminal columns: cut or padded, without control characters.

    Letters keep their marks; marks that have no letter are left out.
    """
    shown, used = [], 0
    for char in printable(text).translate(SELECTORS):
        wide = _columns(char)
        if used + wide > width:
            break
        if wide or used:
            shown.append(char)
            used += wide
    return "".join(shown) + " " * (width - used)


def stacked(words: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return the words of each column on as few lines as have room; each column has equally many words, or ''."""
    count = len(words[0])
    for together in range(count, 0, -1):
        lines = [[" ".join(filter(None, column[:together])) for column in words]]
        lines += [[column[n] for column in words] for n in range(together, count)]
        if all(len(text) <= width for line in lines for text in line):
            break
    return [line for line in lines if any(line)]


def inked(text: str, entry: Entry) -> Piece:
    """Return text in the colours of an entry's client; what stands for nobody's appointment has none."""
    token = entry.client_color
    return Piece(text) if token is None or entry.kind in FILL else Piece(text, *STYLES[token])


def beside(cells: Iterable[Iterable[Piece]]) -> list[Piece]:
    """Return cells as one line, with a blank after each."""
    return [piece for cell in cells for piece in (*cell, Piece(" "))]
