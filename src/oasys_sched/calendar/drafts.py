"""Frozen objects made of parts that were judged before: filled first, frozen afterwards."""

from __future__ import annotations

from typing import Any

__all__ = ["draft_of"]


def draft_of(frozen: type) -> type[Any]:
    """Return a class with the slots of a frozen dataclass whose fields can still be set; `__class__` freezes it.

    A frozen dataclass sets each field by a call of its own, and a month on a page is made of thousands: this takes a
    seventh of the time. Nothing is judged and nothing has a default, so it is for what was read from judged objects.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Point:
    ...     x: int
    ...     y: int
    >>> draft = draft_of(Point)()
    >>> draft.x, draft.y = 1, 2
    >>> draft.__class__ = Point
    >>> draft
    Point(x=1, y=2)
    """
    return type(f"{frozen.__name__}Draft", (), {"__slots__": frozen.__slots__})  # type: ignore[attr-defined]
