"""The outbox: due rows in order, leased to one worker, ended once."""

from __future__ import annotations

from datetime import datetime, timedelta

from oasys_sched.aggregates import Key
from oasys_sched.ports import Commit, Delivery, OutboxRow, Repository
from oasys_sched.testing.rows import NOW, PRACTICE, message

__all__ = ["Outboxes"]

LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
ELSEWHERE = "elsewhere"


def _post(repository: Repository, *rows: OutboxRow) -> None:
    repository.commit(Commit(practice=PRACTICE, outbox=rows))


def _claimed(repository: Repository, now: datetime = NOW, limit: int = 100) -> list[str]:
    return [row.id for row in repository.claim(PRACTICE, now=now, limit=limit, lease=LEASE)]


def _one_by_one(repository: Repository) -> list[str]:
    """Deliver whatever is due, as long as there is any; return the ids in order."""
    sent: list[str] = []
    while claimed := _claimed(repository):
        for id in claimed:
            repository.settle(PRACTICE, id, Delivery.SENT, now=NOW)
        sent += claimed
        assert len(sent) <= 100, "what was sent comes back"
    return sent


class Outboxes:
    """Claiming, leases, order, retries, parking, withdrawing."""

    def test_a_row_comes_back_as_it_was_written(self, repository: Repository) -> None:
        row = message(
            "m",
            fields={"starts_at": "2026-03-09T14:00:00+00:00", "times": ["x", "ü"], "late": True, "n": None},
            expires_at=NOW + timedelta(days=1, microseconds=1),
            group="reminders/a",
            immediate=True,
            role="guardian",
            channel="sms",
        )
        _post(repository, row)
        assert list(repository.claim(PRACTICE, now=NOW, limit=1, lease=LEASE)) == [row]

    def test_nothing_goes_before_it_is_due(self, repository: Repository) -> None:
        _post(repository, message("m", due=NOW + SECOND))
        assert _claimed(repository) == []
        assert _claimed(repository, NOW + SECOND) == ["m"]

    def test_a_row_is_leased_to_one_worker(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        assert _claimed(repository, NOW + LEASE - SECOND) == []

    def test_a_lost_worker_loses_its_lease(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        assert _claimed(repository, NOW + LEASE) == ["m"]

    def test_the_oldest_go_first_up_to_the_limit(self, repository: Repository) -> None:
        rows = [message(f"m{number}", of=Key("appointment", f"{number}"), due=NOW - number * SECOND)
                for number in range(4)]  # fmt: skip
        _post(repository, *rows)
        assert _claimed(repository, limit=3) == ["m3", "m2", "m1"]
        assert _claimed(repository) == ["m0"]

    def test_rows_of_one_appointment_go_one_after_the_other(self, repository: Repository) -> None:
        _post(repository, message("first"), message("second", seq=2))
        assert _claimed(repository) == ["first"]
        assert _claimed(repository) == []
        repository.settle(PRACTICE, "first", Delivery.SENT, now=NOW)
        assert _claimed(repository) == ["second"]

    def test_seq_decides_and_not_the_id(self, repository: Repository) -> None:
        _post(repository, message("a", seq=2), message("z"))
        assert _one_by_one(repository) == ["z", "a"]

    def test_seq_is_a_number(self, repository: Repository) -> None:
        _post(repository, *(message(f"m{seq}", seq=seq) for seq in (100, 10, 9)))
        assert _one_by_one(repository) == ["m9", "m10", "m100"]

    def test_as_many_go_as_are_asked_for(self, repository: Repository) -> None:
        _post(repository, *(message(f"m{number}", recipient=f"r{number}") for number in range(250)))
        assert len(_claimed(repository, limit=240)) == 240
        assert len(_claimed(repository, limit=240)) == 10

    def test_due_is_meant_to_the_microsecond(self, repository: Repository) -> None:
        _post(repository, message("m", due=NOW + SECOND - MICROSECOND))
        assert _claimed(repository, NOW + SECOND - 2 * MICROSECOND) == []
        assert _claimed(repository, NOW + SECOND - MICROSECOND) == ["m"]

    def test_a_lease_is_meant_to_the_microsecond(self, repository: Repository) -> None:
        now = NOW + SECOND - MICROSECOND
        _post(repository, message("m"))
        assert _claimed(repository, now) == ["m"]
        assert _claimed(repository, now + LEASE - MICROSECOND) == []
        assert _claimed(repository, now + LEASE) == ["m"]

    def test_other_recipients_do_not_wait(self, repository: Repository) -> None:
        _post(repository, message("first"), message("second", seq=2, recipient="dana", role="clinician"))
        assert sorted(_claimed(repository)) == ["first", "second"]

    def test_a_sent_row_never_goes_again(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        assert _claimed(repository, NOW + timedelta(days=30)) == []

    def test_a_failed_row_goes_again_later_and_counts(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        repository.settle(PRACTICE, "m", Delivery.FAILED, now=NOW)
        assert _claimed(repository, NOW) == []
        (row,) = repository.claim(PRACTICE, now=NOW + timedelta(days=1), limit=1, lease=LEASE)
        assert (row.id, row.attempts) == ("m", 1)

    def test_it_is_the_worker_who_gives_up_not_the_storage(self, repository: Repository) -> None:
        _post(repository, message("m"))
        now = NOW
        for _ in range(20):
            (row,) = repository.claim(PRACTICE, now=now, limit=1, lease=LEASE)
            repository.settle(PRACTICE, row.id, Delivery.FAILED, now=now)
            now += timedelta(days=1)
        (row,) = repository.claim(PRACTICE, now=now, limit=1, lease=LEASE)
        assert row.attempts == 20

    def test_parked_skipped_and_expired_rows_stay_where_they_are(self, repository: Repository) -> None:
        endings = (Delivery.PARKED, Delivery.SKIPPED, Delivery.EXPIRED)
        _post(repository, *(message(end.value, of=Key("appointment", end.value)) for end in endings))
        for end in endings:
            repository.settle(PRACTICE, end.value, end, now=NOW)
        assert _claimed(repository, NOW + timedelta(days=30)) == []

    def test_settling_twice_changes_nothing(self, repository: Repository) -> None:
        _post(repository, message("m"))
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        repository.settle(PRACTICE, "m", Delivery.FAILED, now=NOW)
        repository.settle(PRACTICE, "unknown", Delivery.SENT, now=NOW)
        assert _claimed(repository, NOW + timedelta(days=30)) == []

    def test_a_withdrawn_group_does_not_go(self, repository: Repository) -> None:
        _post(repository, message("m", group="reminders/a"), message("n", seq=2))
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",)))
        assert _claimed(repository, NOW + timedelta(days=1)) == ["n"]

    def test_a_commit_may_withdraw_and_plan_anew(self, repository: Repository) -> None:
        _post(repository, message("m", group="reminders/a"))
        repository.commit(
            Commit(practice=PRACTICE, withdraw=("reminders/a",), outbox=(message("n", group="reminders/a"),))
        )
        assert _claimed(repository) == ["n"]

    def test_a_withdrawn_row_goes_when_it_is_planned_anew(self, repository: Repository) -> None:
        later = message("m", group="reminders/a", seq=2, due=NOW + SECOND)
        _post(repository, message("m", group="reminders/a"))
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",), outbox=(later,)))
        assert _claimed(repository) == []
        assert list(repository.claim(PRACTICE, now=NOW + SECOND, limit=9, lease=LEASE)) == [later]

    def test_a_row_out_for_delivery_stays_leased_when_it_is_planned_anew(self, repository: Repository) -> None:
        row = message("m", group="reminders/a")
        _post(repository, row)
        assert _claimed(repository) == ["m"]
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",), outbox=(row,)))
        assert _claimed(repository) == []
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        assert _claimed(repository, NOW + LEASE) == []

    def test_a_sent_row_does_not_go_again_when_it_is_planned_anew(self, repository: Repository) -> None:
        row = message("m", group="reminders/a")
        _post(repository, row)
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",), outbox=(row,)))
        assert _claimed(repository, NOW + timedelta(days=1)) == []

    def test_the_same_row_twice_is_one_row(self, repository: Repository) -> None:
        _post(repository, message("m"))
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        _post(repository, message("m"))
        assert _claimed(repository, NOW + timedelta(days=1)) == []

    def test_a_failed_row_posted_again_waits_and_counts_on(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        repository.settle(PRACTICE, "m", Delivery.FAILED, now=NOW)
        _post(repository, message("m"))
        assert _claimed(repository) == []
        (row,) = repository.claim(PRACTICE, now=NOW + timedelta(days=1), limit=1, lease=LEASE)
        assert row.attempts == 1

    def test_a_waiting_row_posted_again_stays_as_it_was(self, repository: Repository) -> None:
        row = message("m", due=NOW + SECOND)
        _post(repository, row)
        _post(repository, message("m", due=NOW, seq=7, fields={"other": True}))
        assert _claimed(repository) == []
        assert list(repository.claim(PRACTICE, now=NOW + SECOND, limit=9, lease=LEASE)) == [row]

    def test_a_leased_row_posted_again_stays_leased(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert _claimed(repository) == ["m"]
        _post(repository, message("m"))
        assert _claimed(repository, NOW + LEASE - SECOND) == []
        assert _claimed(repository, NOW + LEASE) == ["m"]

    def test_an_ended_row_posted_again_has_ended(self, repository: Repository) -> None:
        for end in (Delivery.SENT, Delivery.PARKED, Delivery.EXPIRED):
            row = message(end.value, of=Key("appointment", end.value), group=f"reminders/{end.value}")
            _post(repository, row)
            repository.settle(PRACTICE, row.id, end, now=NOW)
            _post(repository, row)
            repository.commit(Commit(practice=PRACTICE, withdraw=(f"reminders/{end.value}",), outbox=(row,)))
            assert _claimed(repository, NOW + timedelta(days=30)) == [], end

    def test_an_ending_is_the_last(self, repository: Repository) -> None:
        for end in (Delivery.SENT, Delivery.PARKED, Delivery.EXPIRED, Delivery.SKIPPED):
            _post(repository, message(end.value, of=Key("appointment", end.value)))
            repository.settle(PRACTICE, end.value, end, now=NOW)
            repository.settle(PRACTICE, end.value, Delivery.FAILED, now=NOW)
            assert _claimed(repository, NOW + timedelta(days=30)) == [], end

    def test_a_row_withdrawn_while_it_was_out_does_not_go_again(self, repository: Repository) -> None:
        _post(repository, message("m", group="reminders/a"))
        assert _claimed(repository) == ["m"]
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",)))
        repository.settle(PRACTICE, "m", Delivery.FAILED, now=NOW)
        assert _claimed(repository, NOW + timedelta(days=30)) == []

    def test_practices_have_outboxes_of_their_own(self, repository: Repository) -> None:
        _post(repository, message("m"))
        assert list(repository.claim(ELSEWHERE, now=NOW, limit=9, lease=LEASE)) == []

    def test_one_id_in_two_practices_is_two_rows(self, repository: Repository) -> None:
        mine, theirs = message("m"), message("m", practice=ELSEWHERE, recipient="bob")
        _post(repository, mine)
        repository.commit(Commit(practice=ELSEWHERE, outbox=(theirs,)))
        assert list(repository.claim(PRACTICE, now=NOW, limit=9, lease=LEASE)) == [mine]
        assert list(repository.claim(ELSEWHERE, now=NOW, limit=9, lease=LEASE)) == [theirs]

    def test_a_row_is_settled_in_its_own_practice(self, repository: Repository) -> None:
        _post(repository, message("m"))
        repository.settle(ELSEWHERE, "m", Delivery.SENT, now=NOW)
        assert _claimed(repository) == ["m"]
        repository.commit(Commit(practice=ELSEWHERE, outbox=(message("m", practice=ELSEWHERE),)))
        repository.settle(ELSEWHERE, "m", Delivery.SENT, now=NOW)
        assert _claimed(repository, NOW + LEASE) == ["m"]
        assert list(repository.claim(ELSEWHERE, now=NOW + LEASE, limit=9, lease=LEASE)) == []

    def test_a_group_is_withdrawn_in_its_own_practice(self, repository: Repository) -> None:
        _post(repository, message("m", group="reminders/a"))
        repository.commit(Commit(practice=ELSEWHERE, withdraw=("reminders/a",)))
        assert _claimed(repository) == ["m"]

    def test_a_row_withdrawn_while_it_was_out_stays_sent(self, repository: Repository) -> None:
        row, anew = message("m", group="reminders/a"), message("m", group="reminders/a", seq=2)
        _post(repository, row)
        assert _claimed(repository) == ["m"]
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",)))
        repository.settle(PRACTICE, "m", Delivery.SENT, now=NOW)
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",), outbox=(anew,)))
        assert _claimed(repository, NOW + timedelta(days=1)) == []

    def test_a_row_withdrawn_while_it_was_out_and_not_sent_goes_when_planned_anew(self, repository: Repository) -> None:
        endings = (Delivery.FAILED, Delivery.PARKED, Delivery.SKIPPED, Delivery.EXPIRED)
        rows = tuple(message(end.value, of=Key("appointment", end.value), group="reminders/a") for end in endings)
        _post(repository, *rows)
        assert len(_claimed(repository)) == len(endings)
        repository.commit(Commit(practice=PRACTICE, withdraw=("reminders/a",)))
        for end in endings:
            repository.settle(PRACTICE, end.value, end, now=NOW)
        assert _claimed(repository, NOW + timedelta(days=1)) == []
        _post(repository, *rows)
        assert sorted(_claimed(repository, NOW + timedelta(days=1))) == sorted(end.value for end in endings)
