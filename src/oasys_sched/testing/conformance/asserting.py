"""The few questions every test of a repository asks."""

from __future__ import annotations

from typing import Any

from oasys_sched.aggregates import Aggregate
from oasys_sched.ports import Commit, Query, Repository, Wanted
from oasys_sched.testing.rows import PRACTICE

__all__ = ["found", "refused", "stored"]


def refused(repository: Repository, commit: Commit, *how: type[Exception], tried: str = "") -> Exception:
    """Commit, and return the error it has to raise; `tried` says what is wrong with the commit."""
    names = " or ".join(one.__name__ for one in how)
    what = f"{tried}; {_told(commit)}" if tried else _told(commit)
    try:
        repository.commit(commit)
    except how as error:
        return error
    except Exception as error:
        raise AssertionError(f"it raised {type(error).__name__}, where it has to raise {names}: {what}") from error
    raise AssertionError(f"the storage took it, where it has to raise {names}: {what}")


def _told(commit: Commit) -> str:
    """Say what a commit holds: kinds, ids and versions, no content."""
    parts = {
        "rows": [f"{row.kind} {row.id} revision {row.revision}" for row in commit.changes],
        "guards": [f"{row.name} at {row.version}" for row in commit.guards],
        "key": [commit.outcome.key] if commit.outcome else [],
        "withdrawn": commit.withdraw,
        "messages": [row.id for row in commit.outbox],
        "audit entries": [f"{row.aggregate.kind} {row.aggregate.id} {row.seq}" for row in commit.audit],
    }
    return "; ".join(f"{name}: {', '.join(held)}" for name, held in parts.items() if held) or "an empty commit"


def found(repository: Repository, kind: str, *, practice: str = PRACTICE, **criteria: Any) -> tuple[str, ...]:
    """Return the ids a query finds, sorted."""
    query = Query(kind=kind, **criteria)
    return tuple(sorted(row.id for row in repository.load(Wanted(practice=practice, queries=(query,))).aggregates))


def stored(repository: Repository, kind: str, id: str) -> Aggregate:
    """Return one stored aggregate."""
    (row,) = repository.load(Wanted(practice=PRACTICE, queries=(Query(kind=kind, ids=(id,)),))).aggregates
    return row
