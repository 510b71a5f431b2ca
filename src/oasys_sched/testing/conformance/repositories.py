"""The whole suite for repositories, and what every part of it shares."""

from __future__ import annotations

from oasys_sched.testing.conformance.commits import Commits
from oasys_sched.testing.conformance.keys import Keys
from oasys_sched.testing.conformance.locks import Locks
from oasys_sched.testing.conformance.occupancies import Occupancies
from oasys_sched.testing.conformance.outboxes import Outboxes
from oasys_sched.testing.conformance.queries import Queries
from oasys_sched.testing.conformance.quoting import Quoting
from oasys_sched.testing.conformance.races import Races
from oasys_sched.testing.conformance.records import Records
from oasys_sched.testing.conformance.restarts import Restarts
from oasys_sched.testing.conformance.several import Several
from oasys_sched.testing.conformance.snapshots import Snapshots
from oasys_sched.testing.conformance.values import Values
from oasys_sched.testing.conformance.wholeness import Wholeness

__all__ = ["RepositoryConformance"]


class RepositoryConformance(
    Commits,
    Wholeness,
    Several,
    Occupancies,
    Keys,
    Outboxes,
    Queries,
    Records,
    Locks,
    Quoting,
    Restarts,
    Snapshots,
    Values,
    Races,
):
    """What `Repository` promises, test by test. Give it a fixture `repository`: an empty one for each test.

    What it can do is said in two flags; tests of the rest are skipped. `threads`: it may be called from several threads
    at once. `processes`: how another process opens the storage of the fixture's repository, as a function of it that
    returns a picklable call, such as `lambda repository: partial(MyRepository, repository.url)`, or a method that does;
    None if none can. The suite opens the storage again with it, to see what outlives the object that wrote it, and with
    `clock=` where the call takes one.
    """
