"""What may be said of somebody else's error: its type and where it arose, never its message, which may quote a row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from traceback import walk_tb
from types import FrameType

from oasys_sched import errors

__all__ = ["blame", "place"]


def blame(error: BaseException, adapter: object) -> str:
    """Name an error and its place. The messages of this library's own errors hold no names and no notes: they are told.

    `adapter` is one, or what makes it.
    """
    name = type(error).__name__
    told = f"{name}: {error}" if type(error).__module__ == errors.__name__ else name
    where = place(walk_tb(error.__traceback__), adapter)
    return f"{told} ({where})" if where else told


def place(frames: Iterable[tuple[FrameType, int]], adapter: object) -> str:
    """Say which is the innermost of these frames within the adapter's package, or of all; outermost first."""
    every = [*frames]
    inside = [(frame, line) for frame, line in every if _home(frame.f_globals.get("__name__")) == _package(adapter)]
    return ", ".join(
        f"{Path(frame.f_code.co_filename).name}:{line}, in {frame.f_code.co_name}"
        for frame, line in (inside or every)[-1:]
    )


def _package(adapter: object) -> str:
    """Return the top package an adapter, or what makes one, is of."""
    return _home(getattr(adapter.func if isinstance(adapter, partial) else adapter, "__module__", None))


def _home(module: str | None) -> str:
    return (module or "").partition(".")[0]
