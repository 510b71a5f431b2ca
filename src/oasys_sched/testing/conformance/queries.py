"""Queries find by every criterion, together, and in one moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

from oasys_sched.aggregates import ALL_TIME, Index
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.booking.table import RequestStatus
from oasys_sched.ports import Commit, Query, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, claim, moving, note
from oasys_sched.times import Span

__all__ = ["Queries"]

DAY = timedelta(days=1)


# More than a page of any storage.
MANY = 1_100


def _criteria(id: str, index: Index) -> dict[str, Any]:
    """Return every criterion there is, so that it finds a row."""
    return {
        "ids": (id,),
        "clinician": index.clinician,
        "client": index.client,
        "parent": index.parent,
        "statuses": (str(index.status),),
        "within": index.span,
    }


class Queries:
    """Ids, people, parents, spans and statuses."""

    def _filled(self, repository: Repository) -> None:
        first = appointment("a")
        repository.commit(
            audited(
                first,
                appointment("b", 24, clinician="erin"),
                appointment("c", 48, status=AppointmentStatus.PENDING),
                moving("r", first, 100),
            )
        )

    def test_by_kind(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "appointment") == ("a", "b", "c")
        assert found(repository, "request") == ("r",)
        assert found(repository, "note") == ()

    def test_by_ids(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "appointment", ids=("c", "a", "nobody")) == ("a", "c")
        assert found(repository, "appointment", ids=()) == ()

    def test_by_people(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "appointment", clinician="dana") == ("a", "c")
        assert found(repository, "appointment", client="client-b") == ("b",)

    def test_by_parent(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "request", parent="a") == ("r",)
        assert found(repository, "request", parent="b") == ()

    def test_by_status(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "appointment", statuses=("pending",)) == ("c",)
        assert found(repository, "appointment", statuses=("pending", "upcoming")) == ("a", "b", "c")
        assert found(repository, "appointment", statuses=()) == ()

    def test_by_span_touching_is_outside(self, repository: Repository) -> None:
        self._filled(repository)
        start = NOW + 7 * DAY
        assert found(repository, "appointment", within=Span(start, start + DAY)) == ("a",)
        assert found(repository, "appointment", within=Span(start + timedelta(minutes=59), start + 2 * DAY)) == (
            "a",
            "b",
        )
        assert found(repository, "appointment", within=Span(start + timedelta(hours=1), start + DAY)) == ()

    def test_criteria_hold_together(self, repository: Repository) -> None:
        self._filled(repository)
        assert found(repository, "appointment", clinician="dana", statuses=("pending",)) == ("c",)
        assert found(repository, "appointment", clinician="erin", statuses=("pending",)) == ()

    def test_each_criterion_counts_beside_each_other(self, repository: Repository) -> None:
        one, other = appointment("a"), appointment("b", 24, clinician="erin")
        asks, unlike = moving("r", one, 100), moving("s", other, 200, status=RequestStatus.DECLINED)
        repository.commit(audited(one, other, asks, unlike))
        right, wrong = _criteria(asks.id, asks.index), _criteria(unlike.id, unlike.index)
        assert found(repository, "request", **right) == ("r",)
        assert found(repository, "request", **wrong) == ("s",)
        for name, mate in permutations(right, 2):
            assert found(repository, "request", **{name: right[name], mate: right[mate]}) == ("r",)
            assert found(repository, "request", **{name: right[name], mate: wrong[mate]}) == ()

    def test_a_row_without_a_time_is_within_none(self, repository: Repository) -> None:
        repository.commit(audited(claim("timeless", free=True), claim("timed")))
        assert found(repository, "claim", within=ALL_TIME) == ("timed",)
        repository.commit(Commit(practice=PRACTICE, changes=(claim("timed", revision=2, free=True),)))
        assert found(repository, "claim", within=ALL_TIME) == ()
        assert found(repository, "claim") == ("timed", "timeless")

    def test_a_query_finds_every_row_however_many(self, repository: Repository) -> None:
        ids = tuple(sorted(f"c{number}" for number in range(MANY)))
        repository.commit(Commit(practice=PRACTICE, changes=tuple(claim(id, free=True) for id in ids)))
        assert found(repository, "claim") == ids
        assert found(repository, "claim", statuses=("free",)) == ids
        assert found(repository, "claim", ids=ids) == ids

    def test_a_cancelled_row_is_no_longer_upcoming(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        gone = appointment("a", revision=2, status=AppointmentStatus.CANCELLED)
        repository.commit(Commit(practice=PRACTICE, changes=(gone,)))
        assert found(repository, "appointment", statuses=("upcoming",)) == ()
        assert found(repository, "appointment", statuses=("cancelled",)) == ("a",)

    def test_a_moved_row_is_found_at_its_new_time_only(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        for revision, hour in ((2, 24), (3, 48)):
            repository.commit(Commit(practice=PRACTICE, changes=(appointment("a", hour, revision=revision),)))
        week = NOW + 7 * DAY
        assert found(repository, "appointment", within=Span(week, week + 2 * DAY)) == ()
        assert found(repository, "appointment", within=Span(week + 2 * DAY, week + 3 * DAY)) == ("a",)

    def test_a_changed_row_is_found_by_what_it_is_now_only(self, repository: Repository) -> None:
        one, other = appointment("a"), appointment("b", 24, clinician="erin")
        before, after = moving("r", one, 100), moving("r", other, 200, revision=2, status=RequestStatus.DECLINED)
        repository.commit(audited(one, other, before))
        repository.commit(Commit(practice=PRACTICE, changes=(after,)))
        assert found(repository, "request", ids=("r",)) == ("r",)
        was, now = _criteria("r", before.index), _criteria("r", after.index)
        for name in was.keys() - {"ids"}:
            assert found(repository, "request", **{name: was[name]}) == (), name
            assert found(repository, "request", **{name: now[name]}) == ("r",), name

    def test_several_queries_make_one_snapshot(self, repository: Repository) -> None:
        self._filled(repository)
        repository.commit(audited(note("n")))
        wanted = Wanted(
            practice=PRACTICE,
            queries=(Query(kind="appointment", ids=("a",)), Query(kind="appointment"), Query(kind="note")),
        )
        rows = repository.load(wanted).aggregates
        assert sorted((row.kind, row.id) for row in rows) == [
            ("appointment", "a"),
            ("appointment", "b"),
            ("appointment", "c"),
            ("note", "n"),
        ]

    def test_a_hostile_id_is_only_an_id(self, repository: Repository) -> None:
        self._filled(repository)
        for id in ("a' OR '1'='1", "%", "a; DROP TABLE appointment", "*"):
            assert found(repository, "appointment", ids=(id,)) == ()
            assert found(repository, "appointment", clinician=id) == ()
