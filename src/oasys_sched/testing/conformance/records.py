"""What was written is what is read, to the microsecond; audits only grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.booking.appointment import Appointment
from oasys_sched.errors import OasysError
from oasys_sched.ports import Commit, Repository
from oasys_sched.sessions.note import Note
from oasys_sched.testing.conformance.asserting import refused, stored
from oasys_sched.testing.rows import HOSTILE, NOW, PRACTICE, appointment, audited, entry, note

__all__ = ["Records"]


class Records:
    """Round trips and permanence."""

    def test_microseconds_survive(self, repository: Repository) -> None:
        row = appointment("a", created_at=datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC))
        repository.commit(audited(row))
        assert stored(repository, "appointment", "a") == row

    def test_instants_are_instants_whatever_zone_they_came_in(self, repository: Repository) -> None:
        local = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Paris"))
        row = appointment("a", starts_at=local)
        repository.commit(audited(row))
        back = stored(repository, "appointment", "a")
        assert isinstance(back, Appointment)
        assert back.starts_at == local.astimezone(UTC)
        assert back.starts_at.utcoffset() is not None

    def test_early_and_late_years_survive(self, repository: Repository) -> None:
        for id, year in (("early", 1971), ("late", 2199)):
            row = appointment(id, starts_at=datetime(year, 6, 1, 12, tzinfo=UTC))
            repository.commit(audited(row))
            assert stored(repository, "appointment", id) == row

    def test_any_text_survives(self, repository: Repository) -> None:
        row = note("n", HOSTILE)
        repository.commit(audited(row))
        back = stored(repository, "note", "n")
        assert isinstance(back, Note)
        assert back.body[0].text.reveal() == HOSTILE

    def test_long_text_survives(self, repository: Repository) -> None:
        row = note("n", "word " * 40_000)
        repository.commit(audited(row))
        assert stored(repository, "note", "n") == row

    def test_audits_are_read_in_order_and_verify(self, repository: Repository) -> None:
        before, previous = appointment("a"), ""
        written = entry(before)
        repository.commit(Commit(practice=PRACTICE, changes=(before,), audit=(written,)))
        for revision in range(2, 6):
            after, previous = appointment("a", revision, revision=revision), written.hash
            written = entry(after, before=before, previous=previous, act="Moved")
            repository.commit(Commit(practice=PRACTICE, changes=(after,), audit=(written,)))
            before = after
        chain = repository.audit(PRACTICE, Key("appointment", "a"))
        assert [row.seq for row in chain] == [1, 2, 3, 4, 5]
        assert verify_audit(tuple(chain)) is None

    def test_the_head_of_a_chain_comes_with_its_row(self, repository: Repository) -> None:
        from oasys_sched.ports import Query, Wanted

        row = appointment("a")
        repository.commit(audited(row))
        found_rows = repository.load(Wanted(practice=PRACTICE, queries=(Query(kind="appointment"),)))
        assert found_rows.audit_heads == {Key("appointment", "a"): entry(row).hash}

    def test_an_audit_of_another_practice_is_not_read(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        assert tuple(repository.audit("elsewhere", Key("appointment", "a"))) == ()

    def test_a_late_autosave_does_not_win(self, repository: Repository) -> None:
        repository.commit(audited(note("n", "first")))
        second = note("n", "second", revision=2)
        repository.commit(Commit(practice=PRACTICE, changes=(second,)))
        late = note("n", "late", revision=2, saved_at=NOW + timedelta(seconds=9))
        refused(repository, Commit(practice=PRACTICE, changes=(late,)), OasysError)
        assert stored(repository, "note", "n") == second
