"""Feeding a reader garbage: a moderate number of examples each time, a minute each under OASYS_PROFILE=long."""

import os
import sys
from collections.abc import Callable
from itertools import count
from resource import RUSAGE_SELF, getrusage
from time import monotonic, process_time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oasys_sched import Code, FeedUnavailable, InvalidValue
from oasys_sched.adapters.busy import BusyTime

LONG = os.environ.get("OASYS_PROFILE") == "long"
SECONDS = float(os.environ.get("OASYS_FUZZ_SECONDS", "60"))
TYPED = {
    Code.FEED_MALFORMED,
    Code.FEED_TOO_LARGE,
    Code.FEED_UNAVAILABLE,
}


def fuzz(
    strategy: st.SearchStrategy[Any], examples: int = 100
) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Turn `check(example)` into a test that hypothesis drives."""

    def decorate(check: Callable[[Any], None]) -> Callable[[], None]:
        seen = count()

        def timed(example: Any) -> None:
            next(seen)
            began = process_time()
            check(example)
            if LONG:
                assert process_time() - began < 5, "one example took over 5 s of CPU"

        quiet = settings(
            max_examples=2000 if LONG else examples,
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        )

        def test() -> None:
            until, before = monotonic() + (SECONDS if LONG else 0), getrusage(RUSAGE_SELF).ru_maxrss
            while True:
                quiet(given(strategy)(timed))()
                if monotonic() >= until:
                    break
            if LONG:
                grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
                sys.stdout.write(f"\n{next(seen):,} examples, {grown:.0f} MB more at most: {check.__name__}\n")
                assert grown < 200, "memory grows"

        test.__name__ = check.__name__
        test.__doc__ = check.__doc__
        return test

    return decorate


def answers_or_refuses(read: Callable[[], tuple[BusyTime, ...]]) -> tuple[BusyTime, ...] | None:
    """Run a reader: intervals in order, or one of the three feed errors, and nothing else."""
    try:
        found = read()
    except (InvalidValue, FeedUnavailable) as error:
        if error.code not in TYPED:
            raise
        return None
    assert list(found) == sorted(found, key=lambda one: (one.span.start, one.span.end, one.kind))
    return found


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.sampled_from(
        [
            "2026-03-05T15:00:00Z",
            "2026-03-05T15:00:00",
            "0000-00-00T00:00:00Z",
            "9999-12-31T23:59:59+14:00",
            "0001-01-01T00:00:00+14:00",
            "2026-03-08T02:30:00.0000000",
            "2026-02-30",
            "9999-12-31",
            "0001-01-01",
            "Pacific Standard Time",
            "America/New_York",
            "../../etc/passwd",
            "\x00",
            "\ud800",
        ]
    ),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner)),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """A good JSON document with up to three places replaced, dropped or doubled."""
    document = draw(st.just(good))
    for _ in range(draw(st.integers(0, 3))):
        document = _spoil(draw, document)
    return document


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        if not draw(st.integers(0, 5)):
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: _spoil(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        index = draw(st.integers(0, len(value) - 1))
        if not draw(st.integers(0, 5)):
            return value[:index] + value[index:] * 2
        return [*value[:index], _spoil(draw, value[index]), *value[index + 1 :]]
    return draw(JSON)
