"""Stored bodies that this process has read before, as the aggregates they are: each booking reads the diary again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from oasys_sched.aggregates import Aggregate
from oasys_sched.codec import loads

__all__ = ["body_reader"]

# Frozen through and through, asked for again and again, and without a clinical word: what a diary is made of.
_KEPT: Final = frozenset({"practice", "clinician", "schedule", "service", "client", "appointment", "block", "series"})
MOST: Final = 4096


def body_reader() -> Callable[[str, str], Aggregate]:
    """Return what reads a body of a kind. It remembers by the whole text, so it is never out of date.

    At most 4,096 bodies, the longest unused goes first. Notes, sessions and transcripts are read anew each time.
    """
    known: Callable[[str], Aggregate] = lru_cache(MOST)(loads)

    def read(kind: str, body: str) -> Aggregate:
        found: Aggregate = known(body) if kind in _KEPT else loads(body)
        return found

    return read
