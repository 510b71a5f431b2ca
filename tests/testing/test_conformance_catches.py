"""Small lies about a sound storage, each found by the test that is named after the truth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.ports import Commit, Delivery, OutboxRow, Query, Snapshot, Wanted
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.testing.conformance.running import violations


class Lying:
    """A sound storage; what is told to it, and what it tells, goes through these."""

    def __init__(self) -> None:
        self.kept = MemoryRepository()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kept, name)

    def load(self, wanted: Wanted, /) -> Snapshot:
        return self.kept.load(wanted)

    def commit(self, commit: Commit, /) -> None:
        self.kept.commit(commit)


class Torn(Lying):
    def load(self, wanted: Wanted, /) -> Snapshot:
        parts = [self.kept.load(replace(wanted, queries=(query,))) for query in wanted.queries]
        whole = self.kept.load(wanted)
        return replace(whole, aggregates=tuple(row for part in parts for row in part.aggregates))


class Paged(Lying):
    def load(self, wanted: Wanted, /) -> Snapshot:
        found = self.kept.load(wanted)
        return replace(found, aggregates=found.aggregates[:1_000])


class FirstIndex(Lying):
    """Fills its search columns when a row is inserted, and never again."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[str, Any] = {}

    def commit(self, commit: Commit, /) -> None:
        self.kept.commit(commit)
        for row in commit.changes:
            self.first.setdefault(row.id, row.index)

    def load(self, wanted: Wanted, /) -> Snapshot:
        found = self.kept.load(replace(wanted, queries=tuple(Query(kind=query.kind) for query in wanted.queries)))
        rows = [row for row in found.aggregates for query in wanted.queries if self._fits(query, row.id)]
        return replace(found, aggregates=tuple(rows))

    def _fits(self, query: Query, id: str) -> bool:
        index = self.first[id]
        pairs = ((query.clinician, index.clinician), (query.client, index.client), (query.parent, index.parent))
        return (
            all(wanted in {None, stored} for wanted, stored in pairs)
            and (query.statuses is None or index.status in query.statuses)
            and (query.within is None or (index.span.start < query.within.end and query.within.start < index.span.end))
        )


class Widened(Lying):
    """Leaves out one criterion where there are two."""

    def load(self, wanted: Wanted, /) -> Snapshot:
        queries = [replace(query, parent=None) if query.client else query for query in wanted.queries]
        return self.kept.load(replace(wanted, queries=tuple(queries)))


class Lower(Lying):
    def load(self, wanted: Wanted, /) -> Snapshot:
        return self.kept.load(replace(wanted, outcome=wanted.outcome and wanted.outcome.lower()))

    def commit(self, commit: Commit, /) -> None:
        outcome = commit.outcome and replace(commit.outcome, key=commit.outcome.key.lower())
        self.kept.commit(replace(commit, outcome=outcome))


class OneForAll(Lying):
    """Keeps the guards and messages of every practice together."""

    def __init__(self) -> None:
        super().__init__()
        self.all = MemoryRepository()

    def load(self, wanted: Wanted, /) -> Snapshot:
        return replace(self.kept.load(wanted), guards=self.all.load(replace(wanted, practice="all")).guards)

    def commit(self, commit: Commit, /) -> None:
        self.all.commit(Commit(practice="all", guards=commit.guards))
        self.kept.commit(replace(commit, guards=()))
        self.kept.commit(Commit(practice="conformance", withdraw=commit.withdraw))

    def settle(self, _practice: str, row: str, delivery: Delivery, /, *, now: datetime) -> None:
        self.kept.settle("conformance", row, delivery, now=now)


class Posting(Lying):
    """Changes messages as they are posted."""

    change: Callable[[OutboxRow], OutboxRow]

    def commit(self, commit: Commit, /) -> None:
        self.kept.commit(replace(commit, outbox=tuple(type(self).change(row) for row in commit.outbox)))


class Seconds(Posting):
    change = lambda row: replace(row, due=row.due.replace(microsecond=0))


class Letters(Posting):
    change = lambda row: replace(row, seq=ord(str(row.seq)[0]))


class Local(Posting):
    """Keeps the clock of New York, and which of two equal hours it was is lost."""

    change = lambda row: replace(row, due=row.due.astimezone(ZoneInfo("America/New_York")).replace(fold=0))


class Reposting(Lying):
    """Takes a row that is posted again for a new one."""

    def commit(self, commit: Commit, /) -> None:
        for row in commit.outbox:
            self.kept._outbox.pop((commit.practice, row.id), None)
            self.kept._open.pop((commit.practice, row.id), None)
        self.kept.commit(commit)


FOUND = (
    (Torn, "test_a_load_is_one_moment_while_others_write"),
    (Paged, "test_a_query_finds_every_row_however_many"),
    (FirstIndex, "test_a_cancelled_row_is_no_longer_upcoming"),
    (FirstIndex, "test_a_moved_row_is_found_at_its_new_time_only"),
    (FirstIndex, "test_a_changed_row_is_found_by_what_it_is_now_only"),
    (Widened, "test_each_criterion_counts_beside_each_other"),
    (Lower, "test_keys_that_look_alike_are_apart"),
    (OneForAll, "test_guards_are_each_practices_own"),
    (OneForAll, "test_a_group_is_withdrawn_in_its_own_practice"),
    (OneForAll, "test_a_row_is_settled_in_its_own_practice"),
    (Seconds, "test_due_is_meant_to_the_microsecond"),
    (Letters, "test_seq_is_a_number"),
    (Local, "test_a_message_is_due_within_the_hour_that_comes_twice"),
    (Reposting, "test_a_failed_row_posted_again_waits_and_counts_on"),
    (Reposting, "test_an_ended_row_posted_again_has_ended"),
)


@pytest.mark.parametrize(("storage", "test"), FOUND)
def test_a_lie_is_found(storage: type, test: str) -> None:
    assert violations(RepositoryConformance, storage, only=test) == (test,)


@pytest.mark.parametrize("test", sorted({test for _, test in FOUND}))
def test_the_truth_is_not(test: str) -> None:
    assert violations(RepositoryConformance, Lying, only=test) == ()
