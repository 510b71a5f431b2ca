"""Whether concurrent bookings could have happened one after the other (Wing and Gong's search, with a memory)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

__all__ = ["Attempt", "linearizable"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call that was seen from outside: `asked` and `answered` are readings of one monotonic clock.

    `act` is "book", which takes a free place, or "free", which gives a taken one back; `won` is what it answered. An
    attempt whose answer never came has `won=None`: it may or may not have taken effect.
    """

    place: str
    act: str = "book"
    won: bool | None
    asked: float
    answered: float


def linearizable(history: Iterable[Attempt]) -> bool:
    """Tell whether some order of the attempts explains every answer, none moved before or after its own interval.

    Places are judged apart, as no booking of one concerns another. Exponential in the attempts that overlap in time,
    so for histories of some dozens of overlapping attempts at a place.

    >>> early = Attempt(place="9:00", won=True, asked=0.0, answered=1.0)
    >>> linearizable([early, Attempt(place="9:00", won=False, asked=0.5, answered=2.0)])
    True
    >>> linearizable([early, Attempt(place="9:00", won=True, asked=0.5, answered=2.0)])
    False
    """
    places: dict[str, list[Attempt]] = {}
    for attempt in history:
        places.setdefault(attempt.place, []).append(attempt)
    return all(_explained(tuple(sorted(rows, key=lambda row: row.asked))) for rows in places.values())


def _explained(rows: tuple[Attempt, ...]) -> bool:
    """Search for an order of the attempts at one place, depth first; what failed once is not tried again."""
    everybody = (1 << len(rows)) - 1
    failed: set[tuple[int, bool]] = set()
    stack = [(0, False)]
    while stack:
        done, taken = stack.pop()
        if done == everybody:
            return True
        if (done, taken) in failed:
            continue
        failed.add((done, taken))
        waiting = [(number, row) for number, row in enumerate(rows) if not done >> number & 1]
        # Nobody may go before somebody whose answer had come before the other one asked.
        first_answer = min(row.answered for _, row in waiting)
        for number, row in waiting:
            if row.asked <= first_answer:
                stack += [(done | 1 << number, after) for after in _outcomes(row, taken)]
    return False


def _outcomes(row: Attempt, taken: bool) -> list[bool]:
    """Return what the place may be after this attempt; nothing when its answer cannot be true now."""
    works = taken if row.act == "free" else not taken
    changed = not taken if works else taken
    if row.won is None:
        return [taken, changed]
    return [changed] if row.won == works else []
