"""Workers who want the same at once, in threads or in processes, and who of them never comes back."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, MutableSequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final, TypeAlias, final

from oasys_sched.testing.children import child_context
from oasys_sched.testing.closing import closed

__all__ = ["Once", "Processes", "Tally", "Threads", "answer"]

# How often is looked who has ended, and how long those may take to end who only waited for somebody stuck.
TICK: Final = 0.1
LAST: Final = 5.0


@final
@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of one worker."""

    booked: list[str] = field(default_factory=list)
    again: int = 0
    errors: Counter[str] = field(default_factory=Counter)


# What a worker does: its number, the barrier and everybody's steps are given, its tally and its adapter come back. The
# number of its steps grows as long as it gets on, and is odd while it waits for the others.
Work: TypeAlias = Callable[[int, Any, MutableSequence[int]], tuple[Tally, object]]


@final
class Once:
    """Closes each adapter once, however many share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: list[object] = []

    def close(self, adapter: object) -> None:
        """Close it, unless that was done."""
        with self._lock:
            if any(adapter is one for one in self._done):
                return
            self._done.append(adapter)
        closed(adapter)


class Crew(ABC):
    """Workers, and what is known of them; they differ in how one hears of them."""

    barrier: Any
    steps: MutableSequence[int]

    def __init__(self, workers: int) -> None:
        self.once = Once()
        self.working = set(range(workers))
        self.tallies: list[Tally] = []

    def work(self, patience: float) -> list[Tally]:
        """Wait until all have ended, or nothing has moved for a while; return what came of it."""
        seen, since = [*self.steps], monotonic()
        while self.working and monotonic() - since < patience:
            self.hear()
            if seen != [*self.steps]:
                seen, since = [*self.steps], monotonic()
        stuck = {worker for worker in self.working if seen[worker] % 2 == 0}
        if self.working:
            self.barrier.abort()
        until = monotonic() + LAST
        while self.working - stuck and monotonic() < until:
            self.hear()
        return [*self.tallies, Tally(errors=Counter(stuck=len(stuck)))]

    def ended(self, worker: int, tally: Tally) -> None:
        self.working.remove(worker)
        self.tallies.append(tally)

    @abstractmethod
    def hear(self) -> None:
        """Wait a little for somebody to end."""
        ...

    @abstractmethod
    def leave(self) -> None:
        """Let everybody go home."""
        ...


@final
class Threads(Crew):
    """Threads of this process; those that are stuck are left behind."""

    def __init__(self, work: Work, workers: int) -> None:
        super().__init__(workers)
        self.barrier, self.steps = threading.Barrier(workers), [0] * workers
        self._answers: SimpleQueue[tuple[int, Tally]] = SimpleQueue()
        self._read = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(work, worker), daemon=True) for worker in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, work: Work, worker: int) -> None:
        tally, adapter = work(worker, self.barrier, self.steps)
        self._answers.put((worker, tally))
        # Others may share it. Each closes in its own thread, as some storages ask for.
        self._read.wait()
        _close(self.once, adapter, tally)

    def hear(self) -> None:
        """Wait a little for the next to end."""
        with suppress(Empty):
            self.ended(*self._answers.get(timeout=TICK))

    def leave(self) -> None:
        """Let everybody close what is theirs."""
        self._read.set()
        until = monotonic() + LAST
        for worker, thread in enumerate(self._threads):
            thread.join(0 if worker in self.working else max(0, until - monotonic()))


@final
class Processes(Crew):
    """A process each; those that are stuck are killed."""

    def __init__(self, work: Work, workers: int) -> None:
        super().__init__(workers)
        context = child_context()
        self.barrier, self.steps = context.Barrier(workers), context.RawArray("Q", workers)
        self._pipes: dict[Any, int] = {}
        self._children = []
        for worker in range(workers):
            ours, theirs = context.Pipe(duplex=False)
            child = context.Process(target=answer, args=(theirs, work, worker, self.barrier, self.steps), daemon=True)
            child.start()
            theirs.close()
            self._pipes[ours] = worker
            self._children.append(child)

    def hear(self) -> None:
        """Wait a little for some to end."""
        ready: list[Any] = wait([*self._pipes], TICK)
        for pipe in ready:
            try:
                tally: Tally = pipe.recv()
            except EOFError:
                # It died; the others need not wait for it.
                self.barrier.abort()
                tally = Tally(errors=Counter(["died"]))
            pipe.close()
            self.ended(self._pipes.pop(pipe), tally)

    def leave(self) -> None:
        """Kill whoever is left."""
        for child in self._children:
            child.kill()
            child.join()
        for pipe in self._pipes:
            pipe.close()


def answer(
    pipe: Connection,
    work: Work,
    worker: int,
    barrier: Any,
    steps: MutableSequence[int],
) -> None:
    """Work in a process of its own, and send what came of it."""
    with pipe:
        tally, adapter = work(worker, barrier, steps)
        _close(Once(), adapter, tally)
        pipe.send(tally)


def _close(once: Once, adapter: object, tally: Tally) -> None:
    try:
        once.close(adapter)
    except Exception as error:  # noqa: BLE001 - the report tells of it
        tally.errors[type(error).__name__] += 1
