"""The few questions every test of a repository asks."""

from __future__ import annotations

from typing import Any

from oasys_sched.aggregates import Aggregate
from oasys_sched.ports import Commit, Query, Repository, Wanted
from oasys_sched.testing.rows import PRACTICE

__all__ = ["found", "refused", "stored"]


def refused(repository: Repository, commit: Commit, *how: type[Exception]) -> Exception:
    """Commit, and return the error it has to raise."""
    try:
        repository.commit(commit)
    except how as error:
        return error
    names = " or ".join(one.__name__ for one in how)
    raise AssertionError(f"the storage took it, where it has to raise {names}")


def found(repository: Repository, kind: str, *, practice: str = PRACTICE, **criteria: Any) -> tuple[str, ...]:
    """Return the ids a query finds, sorted."""
    query = Query(kind=kind, **criteria)
    return tuple(sorted(row.id for row in repository.load(Wanted(practice=practice, queries=(query,))).aggregates))


def stored(repository: Repository, kind: str, id: str) -> Aggregate:
    """Return one stored aggregate."""
    (row,) = repository.load(Wanted(practice=PRACTICE, queries=(Query(kind=kind, ids=(id,)),))).aggregates
    return row
