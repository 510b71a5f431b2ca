"""Overlapping entries side by side: which column, out of how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

__all__ = ["columns"]


def columns(times: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    """Return (column, columns) for each `(start, end)`, given in order of start; touching times share a column.

    Each takes the leftmost free column; all of one chain of overlaps share the count, which is the most that ever
    happen at once. O(n * columns).

    >>> nine, ten, eleven = (datetime(2026, 1, 5, hour) for hour in (9, 10, 11))
    >>> columns([(nine, eleven), (nine, ten), (ten, eleven), (eleven, datetime(2026, 1, 5, 12))])
    [(0, 2), (1, 2), (1, 2), (0, 1)]
    """
    placed: list[tuple[int, int]] = []
    chain: list[int] = []
    free_at: list[datetime] = []
    chain_end: datetime | None = None
    for start, end in times:
        if chain_end is not None and start >= chain_end:
            placed += [(column, len(free_at)) for column in chain]
            chain, free_at, chain_end = [], [], None
        column = 0
        for free in free_at:
            if free <= start:
                break
            column += 1
        free_at[column : column + 1] = [end]
        chain_end = end if chain_end is None else max(chain_end, end)
        chain.append(column)
    return placed + [(column, len(free_at)) for column in chain]
