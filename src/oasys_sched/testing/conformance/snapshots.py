"""A load is one moment, however many queries it has and whoever writes meanwhile."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic

from oasys_sched.errors import StaleWrite
from oasys_sched.ports import Commit, Guard, Query, Repository, Wanted
from oasys_sched.testing.conformance.flags import Flags
from oasys_sched.testing.rows import PRACTICE, appointment

__all__ = ["Snapshots"]

# Seconds of reading while another writes.
READING = 0.8
# The pair is apart: before and after everything else that a unit of work asks for.
WANTED = Wanted(
    practice=PRACTICE,
    queries=(
        Query(kind="appointment", ids=("a",)),
        *(Query(kind=kind, clinician="dana") for kind in ("note", "request", "session", "claim", "block")),
        Query(kind="appointment", ids=("b",)),
    ),
    guards=("pair",),
)


def _pair(version: int) -> Commit:
    rows = tuple(appointment(id, hour, revision=version + 1) for id, hour in (("a", 0), ("b", 5)))
    return Commit(practice=PRACTICE, changes=rows, guards=(Guard("pair", version),))


class Snapshots(Flags):
    """A writer commits a pair of rows and a guard together; a reader never sees one without the others."""

    def test_a_load_is_one_moment_while_others_write(self, repository: Repository) -> None:
        self._needs_threads()
        repository.commit(_pair(0))
        enough = threading.Event()
        written: list[int] = []
        ended: list[bool] = []

        def write() -> None:
            while not enough.is_set():
                with suppress(StaleWrite):  # where the storage was busy; it is written the next time
                    repository.commit(_pair(len(written) + 1))
                    written.append(1)
            ended.append(True)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        try:
            until = monotonic() + READING
            while monotonic() < until or (writer.is_alive() and not written):
                seen = repository.load(WANTED)
                moments = {*(row.revision for row in seen.aggregates), seen.guards["pair"]}
                assert len(seen.aggregates) == 2
                assert len(moments) == 1, "a load saw a part of a commit"
        finally:
            enough.set()
            writer.join(60)
        assert ended, "the writer failed, or never came back"
