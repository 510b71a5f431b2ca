"""Half-open intervals of integers: the algebra under every slot. Sorted, disjoint, without classes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import gt

__all__ = ["joined", "merged"]


def merged(starts: Sequence[int], ends: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the union of `[starts[i], ends[i])` as sorted disjoint starts and ends; touching intervals join.

    Two independent sorts: after them, a new interval begins exactly where the next start lies beyond the end of the
    same rank. O(n log n) in C, no Python loop.
    """
    return joined(sorted(starts), sorted(ends))


def joined(first: list[int], last: list[int]) -> tuple[list[int], list[int]]:
    """Return the same from starts and ends that are sorted already, each by itself."""
    if not first:
        return [], []
    later = first[1:]
    breaks = list(map(gt, later, last))
    union_starts = [first[0], *compress(later, breaks)]
    union_ends = [*compress(last, breaks), last[-1]]
    return union_starts, union_ends
