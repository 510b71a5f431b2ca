"""The search for an order agrees with trying every order there is."""

import threading
from itertools import permutations
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import SlotTaken, StaleWrite
from oasys_sched.testing.broken.storages import STORAGES
from oasys_sched.testing.oracles import Attempt, linearizable
from oasys_sched.testing.rows import appointment, audited

attempts = st.builds(
    lambda place, act, won, asked, took: Attempt(place=place, act=act, won=won, asked=asked, answered=asked + took),
    st.sampled_from("ab"),
    st.sampled_from(("book", "book", "free")),
    st.sampled_from((True, False, None)),
    st.integers(0, 6),
    st.integers(0, 4),
)


def possible(order: tuple[Attempt, ...]) -> bool:
    """Whether one order at one place explains every answer."""
    if any(later.answered < earlier.asked for n, earlier in enumerate(order) for later in order[n + 1 :]):
        return False
    states = {False}
    for row in order:
        after = set()
        for taken in states:
            works = taken if row.act == "free" else not taken
            if row.won is None:
                after |= {taken, row.act == "book" if works else taken}
            elif row.won == works:
                after.add(row.act == "book" if works else taken)
        states = after
    return bool(states)


@given(st.lists(attempts, max_size=6))
def test_the_search_agrees_with_trying_every_order(history: list[Attempt]) -> None:
    places = {row.place for row in history}
    expected = all(any(map(possible, permutations([r for r in history if r.place == place]))) for place in places)

    assert linearizable(history) == expected


def test_an_unknown_outcome_may_explain_either() -> None:
    lost = Attempt(place="p", won=None, asked=0, answered=9)
    assert linearizable([lost, Attempt(place="p", won=True, asked=1, answered=2)])
    assert linearizable([lost, Attempt(place="p", won=False, asked=1, answered=2)])


def history_of(repository: object) -> list[Attempt]:
    """Eight threads and four places, everybody wants all of them."""
    seen: list[Attempt] = []
    ready = threading.Barrier(8)

    def work(name: int) -> None:
        ready.wait()
        for place in range(4):
            asked = monotonic()
            try:
                repository.commit(audited(appointment(f"{name}-{place}", 2 * place)))  # type: ignore[attr-defined]
                won = True
            except (SlotTaken, StaleWrite):
                won = False
            seen.append(Attempt(place=str(place), won=won, asked=asked, answered=monotonic()))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return seen


def test_a_sound_storage_gives_a_history_that_could_have_happened_one_by_one() -> None:
    history = history_of(MemoryRepository())
    assert len(history) == 32
    assert linearizable(history)


@pytest.mark.parametrize("name", ["guard_only_in_core", "snapshot_only", "locks_what_is_there"])
def test_a_broken_one_does_not(name: str) -> None:
    assert not linearizable(history_of(STORAGES[name]()))
