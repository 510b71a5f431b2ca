"""Interleaved medians: each contender runs once a round, in rotating order; a busy machine is unfair to none."""

from __future__ import annotations

import gc
import math
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence

__all__ = ["exponent", "interleaved", "peak", "table"]


def interleaved(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int = 9, least: float = 0.005
) -> dict[str, float]:
    """Return median CPU seconds of one call of each; a call shorter than `least` is repeated within a round."""
    repeats: dict[str, int] = {}
    for name, call in contenders.items():
        call()
        began = time.process_time()
        call()
        repeats[name] = max(1, int(least / max(time.process_time() - began, 1e-7)))
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(rounds):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            call, times = contenders[name], repeats[name]
            gc.collect(0)
            began = time.process_time()
            for _ in range(times):
                call()
            spent[name].append((time.process_time() - began) / times)
    return {name: statistics.median(row) for name, row in spent.items()}


def peak(call: Callable[[], object]) -> int:
    """Return the bytes that what a call returns holds on to."""
    gc.collect()
    tracemalloc.start()
    kept = call()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the growth exponent over the last doubling of a series of sizes."""
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])


def table(title: str, rows: Mapping[str, float], *, base: str, unit: float = 1e6, name: str = "µs") -> None:
    """Print each contender's time and how many times faster than `base` it is."""
    print(f"\n{title}")
    for row, seconds in rows.items():
        print(f"  {row:<52} {seconds * unit:>12,.1f} {name} {rows[base] / seconds:>12,.1f}x")
