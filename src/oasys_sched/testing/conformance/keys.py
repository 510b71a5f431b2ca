"""An idempotency key keeps one outcome."""

from __future__ import annotations

from dataclasses import replace

from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, refuse
from oasys_sched.errors import KeyReused, StaleWrite
from oasys_sched.ports import Commit, Outcome, Repository, Wanted
from oasys_sched.testing.conformance.asserting import found, refused
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited

__all__ = ["Keys"]


def _outcome(decision: Decision[object], *, key: str = "k", digest: str = "d") -> Outcome:
    return Outcome(key=key, digest=digest, decision=decision, at=NOW)


def _kept(repository: Repository, key: str, practice: str = PRACTICE) -> Outcome | None:
    return repository.load(Wanted(practice=practice, outcome=key)).outcome


class Keys:
    """Outcomes: stored with their change, given back as they were, never replaced."""

    def test_an_unknown_key_has_no_outcome(self, repository: Repository) -> None:
        assert _kept(repository, "k") is None

    def test_an_accepted_outcome_is_given_back(self, repository: Repository) -> None:
        row = appointment("a")
        outcome = _outcome(Accepted(row))
        repository.commit(audited(row, outcome=outcome))
        assert _kept(repository, "k") == outcome

    def test_a_refused_outcome_is_given_back(self, repository: Repository) -> None:
        outcome = _outcome(refuse(Code.SLOT_UNAVAILABLE, "taken", field="starts_at", earliest="later"))
        repository.commit(Commit(practice=PRACTICE, outcome=outcome))
        assert _kept(repository, "k") == outcome

    def test_the_same_request_again_is_stale(self, repository: Repository) -> None:
        outcome = _outcome(Accepted("first"))
        repository.commit(Commit(practice=PRACTICE, outcome=outcome))
        refused(repository, Commit(practice=PRACTICE, outcome=outcome), StaleWrite)

    def test_another_request_under_the_key_is_told(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, outcome=_outcome(Accepted("first"))))
        other = _outcome(Accepted("second"), digest="e")
        refused(repository, Commit(practice=PRACTICE, outcome=other), KeyReused)
        assert _kept(repository, "k") == _outcome(Accepted("first"))

    def test_a_taken_key_stops_the_change(self, repository: Repository) -> None:
        outcome = _outcome(Accepted("first"))
        repository.commit(Commit(practice=PRACTICE, outcome=outcome))
        refused(repository, audited(appointment("a"), outcome=outcome), StaleWrite)
        assert found(repository, "appointment") == ()

    def test_keys_are_each_practices_own(self, repository: Repository) -> None:
        repository.commit(Commit(practice=PRACTICE, outcome=_outcome(Accepted("first"))))
        assert _kept(repository, "k", "elsewhere") is None
        other = replace(_outcome(Accepted("second")), digest="e")
        repository.commit(Commit(practice="elsewhere", outcome=other))
        assert _kept(repository, "k", "elsewhere") == other
