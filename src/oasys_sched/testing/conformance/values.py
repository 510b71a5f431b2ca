"""Ids and keys are told apart letter by letter, instants hour by hour; counters are numbers, and a practice's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.decisions import Accepted
from oasys_sched.errors import StaleWrite
from oasys_sched.ports import Commit, Guard, Outcome, Query, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found, refused
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, claim, entry, message
from oasys_sched.times import Span

__all__ = ["Values"]

HOUR = timedelta(hours=1)
ELSEWHERE = "elsewhere"
LONG = "k" * 200
# What a storage may take for the same: case, accents, their two spellings, blanks, digits, the end of a long one.
ALIKE = ("k", "K", "e", "é", "e\u0301", "ß", "ss", "k ", " k", "1", "01", "1.0", LONG, f"{LONG}1", f"{LONG}2")
# Days on which clocks change somewhere, in UTC.
CHANGES = {
    "America, in spring": datetime(2026, 3, 8, tzinfo=UTC),
    "Europe, in spring": datetime(2026, 3, 29, tzinfo=UTC),
    "Australia, by an hour and by half of one": datetime(2026, 4, 4, tzinfo=UTC),
    "Chile": datetime(2026, 4, 5, tzinfo=UTC),
    "Europe, in autumn": datetime(2026, 10, 25, tzinfo=UTC),
    "America, in autumn": datetime(2026, 11, 1, tzinfo=UTC),
}


def _outcome(key: str, said: str) -> Outcome:
    return Outcome(key=key, digest=f"digest of {said}", decision=Accepted(said), at=NOW)


def _versions(repository: Repository, practice: str, *guards: str) -> dict[str, int]:
    return dict(repository.load(Wanted(practice=practice, guards=guards)).guards)


class Values:
    """What looks alike and is not the same."""

    def test_ids_that_look_alike_are_apart(self, repository: Repository) -> None:
        rows = [claim(id, 2 * hour) for hour, id in enumerate(ALIKE)]
        for row in rows:
            repository.commit(audited(row))
        for row in rows:
            query = Query(kind="claim", ids=(row.id,))
            assert repository.load(Wanted(practice=PRACTICE, queries=(query,))).aggregates == (row,)

    def test_people_who_look_alike_are_apart(self, repository: Repository) -> None:
        rows = [appointment(f"a{place}", 2 * place, clinician=id, client=id) for place, id in enumerate(ALIKE)]
        for row in rows:
            repository.commit(audited(row))
        for row in rows:
            assert found(repository, "appointment", clinician=row.clinician) == (row.id,)
            assert found(repository, "appointment", client=row.client) == (row.id,)

    def test_people_who_look_alike_have_times_of_their_own(self, repository: Repository) -> None:
        for place, id in enumerate(ALIKE):
            repository.commit(audited(appointment(f"a{place}", clinician=id, client=id)))

    def test_keys_that_look_alike_are_apart(self, repository: Repository) -> None:
        for key in ALIKE:
            repository.commit(Commit(practice=PRACTICE, outcome=_outcome(key, key)))
        for key in ALIKE:
            assert repository.load(Wanted(practice=PRACTICE, outcome=key)).outcome == _outcome(key, key)

    def test_guards_that_look_alike_are_apart(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, guards=(Guard("k", 0),)))
        assert _versions(repository, PRACTICE, *ALIKE) == {name: int(name == "k") for name in ALIKE}
        repository.commit(Commit(practice=PRACTICE, guards=tuple(Guard(name, int(name == "k")) for name in ALIKE)))
        assert _versions(repository, PRACTICE, *ALIKE) == {name: 1 + int(name == "k") for name in ALIKE}

    def test_messages_that_look_alike_are_apart(self, repository: Repository) -> None:
        rows = [message(id, recipient=f"r{place}") for place, id in enumerate(ALIKE)]
        for row in rows:
            repository.commit(Commit(practice=PRACTICE, outbox=(row,)))
        claimed = repository.claim(PRACTICE, now=NOW, limit=99, lease=HOUR)
        assert sorted(row.id for row in claimed) == sorted(ALIKE)

    def test_guards_are_each_practices_own(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, guards=(Guard("day", 0),)))
        assert _versions(repository, ELSEWHERE, "day") == {"day": 0}
        repository.commit(Commit(practice=ELSEWHERE, guards=(Guard("day", 0),)))
        repository.commit(Commit(practice=ELSEWHERE, guards=(Guard("day", 1),)))
        assert _versions(repository, PRACTICE, "day") == {"day": 1}
        refused(repository, Commit(practice=PRACTICE, guards=(Guard("day", 2),)), StaleWrite)

    def test_a_long_audit_is_read_in_order_of_numbers(self, repository: Repository) -> None:
        before, previous = None, ""
        for revision in range(1, 13):
            after = appointment("a", revision=revision)
            written = entry(after, before=before, previous=previous)
            repository.commit(Commit(practice=PRACTICE, changes=(after,), audit=(written,)))
            before, previous = after, written.hash
        chain = tuple(repository.audit(PRACTICE, Key("appointment", "a")))
        assert [row.seq for row in chain] == [*range(1, 13)]
        assert verify_audit(chain) is None

    def test_every_hour_of_the_days_on_which_clocks_change_is_kept_apart(self, repository: Repository) -> None:
        starts = {f"{name}, hour {hour}": day + (hour + 0.5) * HOUR
                  for name, day in CHANGES.items() for hour in range(24)}  # fmt: skip
        gone = AppointmentStatus.CANCELLED
        rows = {id: appointment(id, starts_at=start, created_at=start, status=gone) for id, start in starts.items()}
        repository.commit(Commit(practice=PRACTICE, changes=tuple(rows.values())))
        query = Query(kind="appointment")
        back = repository.load(Wanted(practice=PRACTICE, queries=(query,))).aggregates
        assert {row.id: row.starts_at for row in back if isinstance(row, Appointment)} == starts
        assert {row.id: row for row in back} == rows
        for id, start in starts.items():
            assert found(repository, "appointment", within=Span(start + HOUR / 4, start + HOUR / 2)) == (id,)

    def test_a_message_is_due_within_the_hour_that_comes_twice(self, repository: Repository) -> None:
        day = CHANGES["America, in autumn"]
        hours = [day + hour * HOUR for hour in range(24)]
        repository.commit(
            Commit(
                practice=PRACTICE,
                outbox=tuple(message(f"m{place}", recipient=f"r{place}", due=due) for place, due in enumerate(hours)),
            )
        )
        for place, now in enumerate(hours):
            claimed = repository.claim(PRACTICE, now=now, limit=99, lease=90 * HOUR)
            assert [(row.id, row.due) for row in claimed] == [(f"m{place}", now)]
