"""The whole suite for repositories, and what every part of it shares."""

from __future__ import annotations

from oasys_sched.testing.conformance.commits import Commits
from oasys_sched.testing.conformance.keys import Keys
from oasys_sched.testing.conformance.occupancies import Occupancies
from oasys_sched.testing.conformance.outboxes import Outboxes
from oasys_sched.testing.conformance.queries import Queries
from oasys_sched.testing.conformance.races import Races
from oasys_sched.testing.conformance.records import Records

__all__ = ["RepositoryConformance"]


class RepositoryConformance(Commits, Occupancies, Keys, Outboxes, Queries, Records, Races):
    """What `Repository` promises, test by test. Give it a fixture `repository`: an empty one for each test.

    `threads` says whether the repository may be called from several threads at once; set it to False if not, and the
    races are left out.
    """

    threads = True
