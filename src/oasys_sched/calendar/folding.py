"""Text as a search sees it: without case, accents and punctuation."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, normalize

__all__ = ["fold"]

# Letters that look accented but have no decomposition.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_GAPS: Final = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return text for comparing: two spellings that differ in case, accents or punctuation fold to the same.

    >>> fold("Zoë  O'Brien-Ångström"), fold("in_person")
    ('zoe o brien angstrom', 'in person')
    """
    if text.isascii():
        return _GAPS.sub(" ", text.lower()).strip()
    bare = "".join(char for char in normalize("NFKD", text.casefold()) if category(char) != "Mn")
    return _GAPS.sub(" ", bare.casefold().translate(_PLAIN)).strip()
