"""Colours: one for each client, the same everywhere and always; one for each status (S23, S26, A13).

The palette was searched for: every two colours stay at least 0.1 apart (OKLab) in normal sight and under simulated
protanopia, deuteranopia and tritanopia, and each carries its text at 4.5:1 or more. Tests compute both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final, final

__all__ = ["PALETTE", "STATUS_COLORS", "Color", "client_color"]

INK: Final = "#10131a"
WHITE: Final = "#ffffff"


@final
@dataclass(frozen=True, slots=True)
class Color:
    """A token for style sheets, a background, the ink that reads on it, and a sign for where there is no colour."""

    token: str
    background: str
    ink: str
    sign: str = ""


PALETTE: Final = tuple(
    Color(f"client-{n:02d}", background, ink)
    for n, (background, ink) in enumerate(
        (
            ("#f0e169", INK),
            ("#9678d2", INK),
            ("#3cd2a5", INK),
            ("#b47800", INK),
            ("#963c00", WHITE),
            ("#4b6987", WHITE),
            ("#b4a5ff", INK),
            ("#3c2d87", WHITE),
            ("#e1a52d", INK),
            ("#0fa587", INK),
            ("#5a2d3c", WHITE),
            ("#a5f0f0", INK),
        ),
        start=1,
    )
)

# Five, told apart by sign and word as well as by colour (S26).
STATUS_COLORS: Final[Mapping[str, Color]] = MappingProxyType(
    {
        "upcoming": Color("status-upcoming", "#1f5fbf", WHITE, "○"),
        "in_progress": Color("status-in-progress", "#f2b600", INK, "▶"),
        "completed": Color("status-completed", "#3fae8c", INK, "✓"),
        "cancelled": Color("status-cancelled", "#c9cdd6", INK, "✕"),
        "no_show": Color("status-no-show", "#8c1d40", WHITE, "!"),
    }
)


@lru_cache(maxsize=4096)
def _number(client: str) -> int:
    # Not hash(): it is salted in every process (S23).
    return int.from_bytes(sha256(client.encode("utf-8", "surrogatepass")).digest()[:8], "big") % len(PALETTE)


def client_color(client: str) -> str:
    """Return the token of a client's colour: from the id alone, the same in every process.

    >>> client_color("c-17") == client_color("c-17")
    True
    """
    return PALETTE[_number(client)].token


def color_of(token: str) -> Color:
    """Return a palette colour by its token."""
    return next(color for color in PALETTE if color.token == token)
