"""The storage itself refuses what may not be taken twice, without any help from the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.errors import SlotTaken
from oasys_sched.modes import Mode
from oasys_sched.ports import Commit, Repository
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.testing.conformance.asserting import found, refused, stored
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, claim, moving, note

__all__ = ["Occupancies"]

ROWS = 4
MICROSECOND = timedelta(microseconds=1)


class Occupancies:
    """Overlaps, touching times, holds, seats, swaps."""

    def test_an_overlap_is_refused(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        for hour in (-0.9, -0.5, 0, 0.5, 0.9):
            refused(repository, audited(appointment("b", hour)), SlotTaken)
        assert found(repository, "appointment") == ("a",)

    def test_a_time_around_or_within_is_refused(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, audited(appointment("b", -1, duration=timedelta(hours=3))), SlotTaken)
        refused(repository, audited(appointment("b", 0.4, duration=timedelta(minutes=5))), SlotTaken)

    def test_one_second_of_overlap_is_refused(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        refused(repository, audited(appointment("b", 3_599 / 3_600)), SlotTaken)

    def test_one_microsecond_of_overlap_is_refused(self, repository: Repository) -> None:
        odd = timedelta(microseconds=456_789)
        row = appointment("a")
        for id, start in (("even", row.starts_at), ("odd", row.starts_at + timedelta(days=1) + odd)):
            repository.commit(audited(appointment(id, starts_at=start)))
            for shift in (row.duration - MICROSECOND, MICROSECOND - row.duration):
                refused(repository, audited(appointment("b", starts_at=start + shift)), SlotTaken, tried=f"by {shift}")
            short = appointment("b", starts_at=start + odd, duration=MICROSECOND)
            refused(repository, audited(short), SlotTaken, tried="a microsecond within")

    def test_times_that_touch_within_a_second_are_fine(self, repository: Repository) -> None:
        odd = appointment("odd", starts_at=appointment("a").starts_at + timedelta(microseconds=456_789))
        repository.commit(audited(odd))
        repository.commit(audited(appointment("b", starts_at=odd.starts_at + odd.duration)))
        repository.commit(audited(appointment("c", starts_at=odd.starts_at - odd.duration)))
        assert found(repository, "appointment") == ("b", "c", "odd")

    def test_touching_times_are_fine(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(audited(appointment("b", 1)))
        repository.commit(audited(appointment("c", -1)))
        assert found(repository, "appointment") == ("a", "b", "c")

    def test_a_pending_booking_takes_its_time(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a", status=AppointmentStatus.PENDING)))
        refused(repository, audited(appointment("b", 0.5)), SlotTaken)

    def test_another_clinician_is_free(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(audited(appointment("b", clinician="erin")))

    def test_a_client_is_at_one_place(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a", client="ana")))
        refused(repository, audited(appointment("b", clinician="erin", client="ana")), SlotTaken)

    def test_another_practice_is_free(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        other = replace(appointment("b"), practice="elsewhere")
        repository.commit(Commit(practice="elsewhere", changes=(other,)))

    def test_a_cancelled_row_frees_its_time(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        gone = appointment("a", revision=2, status=AppointmentStatus.CANCELLED)
        repository.commit(Commit(practice=PRACTICE, changes=(gone,)))
        repository.commit(audited(appointment("b", 0.5)))

    def test_a_moved_row_frees_its_old_time_and_takes_the_new(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(Commit(practice=PRACTICE, changes=(appointment("a", 2, revision=2),)))
        repository.commit(audited(appointment("b")))
        refused(repository, audited(appointment("c", 2)), SlotTaken)

    def test_a_row_may_move_within_its_own_time(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(Commit(practice=PRACTICE, changes=(appointment("a", 0.5, revision=2),)))

    def test_a_move_onto_another_is_refused(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), appointment("b", 2)))
        refused(repository, Commit(practice=PRACTICE, changes=(appointment("b", 0.5, revision=2),)), SlotTaken)

    def test_two_rows_swap_in_one_commit(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a"), appointment("b", 2)))
        swapped = (appointment("a", 2, revision=2), appointment("b", revision=2))
        repository.commit(Commit(practice=PRACTICE, changes=swapped))
        refused(repository, audited(appointment("c", 2)), SlotTaken)

    def test_two_rows_of_one_commit_may_not_overlap(self, repository: Repository) -> None:
        refused(repository, audited(appointment("a"), appointment("b", 0.5)), SlotTaken)
        assert found(repository, "appointment") == ()

    def test_every_row_of_a_commit_is_compared_with_what_is_stored(self, repository: Repository) -> None:
        repository.commit(audited(appointment("stored")))
        free = tuple(appointment(f"free-{place}", 10 + 2 * place) for place in range(ROWS - 1))
        for place in range(ROWS):
            rows = (*free[:place], appointment("taken", 0.5), *free[place:])
            refused(repository, audited(*rows), SlotTaken)
        assert found(repository, "appointment") == ("stored",)

    def test_every_moved_row_of_a_commit_is_compared_with_what_is_stored(self, repository: Repository) -> None:
        rows = tuple(appointment(f"row-{place}", 10 + 2 * place) for place in range(ROWS))
        repository.commit(audited(appointment("stored"), *rows))
        later = tuple(appointment(row.id, 100 + 2 * place, revision=2) for place, row in enumerate(rows))
        for place, row in enumerate(rows):
            onto = appointment(row.id, 0.5, revision=2)
            changes = (*later[:place], onto, *later[place + 1 :])
            refused(repository, Commit(practice=PRACTICE, changes=changes), SlotTaken)
            assert stored(repository, "appointment", row.id) == row

    def test_every_time_a_row_takes_is_compared(self, repository: Repository) -> None:
        moved = appointment("moved", 50)
        repository.commit(audited(appointment("stored"), moved))
        hours = (0.5, 20, 30)
        for first, *others in (hours, (20, 0.5, 30), (20, 30, 0.5)):
            times = tuple(NOW + timedelta(days=7, hours=hour) for hour in (first, *others))
            refused(repository, audited(moving("r", moved, 0, proposed=times)), SlotTaken)
        repository.commit(audited(moving("r", moved, 0, proposed=tuple(times[:2]))))
        for number, hour in enumerate((20.5, 30.5)):
            refused(repository, audited(appointment(f"new-{number}", hour)), SlotTaken)

    def test_a_request_may_hold_a_time_over_its_own_appointment(self, repository: Repository) -> None:
        row = appointment("a")
        repository.commit(audited(row))
        repository.commit(audited(moving("r", row, 0.5)))
        refused(repository, audited(appointment("b", 1.2)), SlotTaken)

    def test_one_open_request_an_appointment(self, repository: Repository) -> None:
        row = appointment("a")
        repository.commit(audited(row, moving("r", row, 5)))
        refused(repository, audited(moving("s", row, 9)), SlotTaken)

    def test_an_override_is_kept_beside_the_other(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a")))
        repository.commit(audited(appointment("b", 0.5, overlap_allowed=True)))
        assert found(repository, "appointment") == ("a", "b")

    def test_a_stored_override_is_in_nobodys_way(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a", overlap_allowed=True)))
        repository.commit(audited(appointment("b", 0.5)))
        repository.commit(audited(appointment("c", overlap_allowed=True)))
        refused(repository, audited(appointment("d", -0.4)), SlotTaken, tried="over the booking, not the override")
        assert found(repository, "appointment") == ("a", "b", "c")

    def test_an_override_that_ends_takes_its_time(self, repository: Repository) -> None:
        repository.commit(audited(appointment("a", overlap_allowed=True)))
        repository.commit(Commit(practice=PRACTICE, changes=(appointment("a", revision=2),)))
        refused(repository, audited(appointment("b", 0.5)), SlotTaken)

    def test_one_active_session_a_clinician(self, repository: Repository) -> None:
        repository.commit(audited(_session("s")))
        refused(repository, audited(_session("t")), SlotTaken)
        repository.commit(audited(_session("t", clinician="erin")))

    def test_one_note_of_each_kind_a_session(self, repository: Repository) -> None:
        repository.commit(audited(note("n")))
        refused(repository, audited(note("m", session="session-n")), SlotTaken)

    def test_a_hold_that_ran_out_is_in_nobodys_way(self, repository: Repository) -> None:
        repository.commit(audited(claim("h", expires_at=NOW - timedelta(days=36_500))))
        repository.commit(audited(claim("i")))

    def test_a_hold_that_runs_is_respected(self, repository: Repository) -> None:
        repository.commit(audited(claim("h", expires_at=NOW + timedelta(days=36_500))))
        refused(repository, audited(claim("i")), SlotTaken)

    def test_a_group_has_its_seats_and_no_more(self, repository: Repository) -> None:
        for id in ("a", "b"):
            repository.commit(audited(claim(id, group="yoga", seats=2)))
        refused(repository, audited(claim("c", group="yoga", seats=2)), SlotTaken)

    def test_a_seat_that_was_left_is_free_again(self, repository: Repository) -> None:
        for id in ("a", "b"):
            repository.commit(audited(claim(id, group="yoga", seats=2)))
        repository.commit(Commit(practice=PRACTICE, changes=(claim("a", revision=2, free=True),)))
        repository.commit(audited(claim("c", group="yoga", seats=2)))

    def test_seats_are_counted_at_their_time_only(self, repository: Repository) -> None:
        for hour in (0, 24, 24 * 7):
            for number in range(2):
                repository.commit(audited(claim(f"at-{hour}-{number}", hour, group="yoga", seats=2)))
        for hour in (0, 24, 24 * 7):
            refused(repository, audited(claim("c", hour, group="yoga", seats=2)), SlotTaken)
        repository.commit(audited(claim("before", -1, group="yoga", seats=2), claim("after", 1, group="yoga", seats=2)))

    def test_a_second_group_does_not_fit_in(self, repository: Repository) -> None:
        repository.commit(audited(claim("a", group="yoga", seats=2)))
        refused(repository, audited(claim("b", group="choir", seats=2)), SlotTaken)
        refused(repository, audited(claim("b")), SlotTaken)


def _session(id: str, **given: Any) -> Session:
    return Session(
        **{
            "practice": PRACTICE,
            "id": id,
            "revision": 1,
            "clinician": "dana",
            "client": "ana",
            "service": "therapy",
            "mode": Mode.IN_PERSON,
            "zone": "Europe/Paris",
            "duration": timedelta(hours=1),
            "status": SessionStatus.ACTIVE,
            "created_at": NOW,
            **given,
        }
    )
