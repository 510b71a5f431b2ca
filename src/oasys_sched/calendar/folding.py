"""Text as a search sees it: without case, accents and punctuation."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, combining, normalize

__all__ = ["bare", "fold"]

# Letters that look accented but have no decomposition.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_GAPS: Final = re.compile(r"[\W_]+")
# What only says how a sign is to be drawn: variation selectors and the joiner of graphemes.
_STYLE: Final = re.compile(r"[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def bare(text: str) -> str:
    """Return text without what nobody sees: soft hyphens, joiners, marks of direction, variation selectors."""
    if text.isascii():
        return text
    seen = "".join(char for char in text if char.isspace() or category(char)[0] != "C")
    return _STYLE.sub("", seen)


def fold(text: str) -> str:
    """Return text for comparing: two spellings that differ in case, accents or punctuation fold to the same.

    >>> fold("Zoë  O'Brien-Ångström"), fold("in_person")
    ('zoe o brien angstrom', 'in person')
    """
    if text.isascii():
        return _GAPS.sub(" ", text.lower()).strip()
    # An accent has a place above or below its letter; a vowel sign of an Indic script has none, and is a letter.
    plain = "".join(char for char in normalize("NFKD", bare(text).casefold()) if not combining(char))
    folded = plain.casefold().translate(_PLAIN)
    return " ".join("".join(char if char.isalnum() or category(char)[0] == "M" else " " for char in folded).split())
