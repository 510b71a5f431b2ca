"""Queries find by every criterion, together, and in one moment."""

from __future__ import annotations

from datetime import timedelta

from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.ports import Query, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, moving, note
from oasys_sched.times import Span

__all__ = ["Queries"]

DAY = timedelta(days=1)


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
