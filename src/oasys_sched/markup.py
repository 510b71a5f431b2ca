"""The few pieces of markup that notebooks and pictures share. Everything from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from unicodedata import category

__all__ = ["DAY_NAMES", "escape", "html_table", "printable"]

DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def printable(value: str) -> str:
    """Return text without control characters, lone surrogates and other things no document may hold."""
    if value.isprintable():
        return value
    return "".join(" " if char.isspace() else char for char in value if char.isspace() or category(char)[0] != "C")


def escape(value: str) -> str:
    """Return text that is only text, wherever it stands in a document."""
    clean = printable(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return clean.replace('"', "&quot;").replace("'", "&#39;")


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return a plain table; cells and caption are markup already, so escape what comes from outside."""
    top = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>\n"
