"""Adapters may be closed, if they can be."""

from __future__ import annotations

__all__ = ["closed"]


def closed(adapter: object) -> None:
    """Close an adapter that has a method `close`."""
    getattr(adapter, "close", lambda: None)()
