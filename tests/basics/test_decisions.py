import pickle

import pytest

import oasys_sched as sched
from oasys_sched.decisions import refuse


def test_a_decision_has_no_truth_value() -> None:
    for decision in (sched.Accepted(1), refuse(sched.Code.TOO_SOON, "too soon")):
        with pytest.raises(TypeError, match="no truth value"):
            bool(decision)


def test_or_raise_returns_the_acceptance_whole() -> None:
    accepted = sched.Accepted("state", warnings=(sched.Refusal(sched.Code.NO_CONTACT, "no e-mail on file"),))

    assert accepted is accepted.or_raise()


def test_or_raise_raises_every_reason() -> None:
    first = sched.Refusal(sched.Code.TOO_SOON, "too soon")
    second = sched.Refusal(sched.Code.DAILY_CAP, "day is full")

    with pytest.raises(sched.RequestRefused, match="too_soon: too soon; daily_cap: day is full") as caught:
        sched.Refused((first, second)).or_raise()

    assert (first, second) == caught.value.refusals
    assert caught.value.code is sched.Code.TOO_SOON


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="at least one reason"):
        sched.Refused(())


def test_the_first_reason_gives_the_code() -> None:
    refused = refuse(sched.Code.TOO_FAR_AHEAD, "at most 3 months ahead", field="starts_at", months=3)

    assert refused.code is sched.Code.TOO_FAR_AHEAD
    assert refused.refusals[0].details == {"months": 3}


def test_decisions_are_values() -> None:
    refused = refuse(sched.Code.CONFLICT, "taken", field="starts_at", at="2026-01-01")

    assert refused == pickle.loads(pickle.dumps(refused))
    assert hash(refused) == hash(pickle.loads(pickle.dumps(refused)))


def test_every_code_is_its_own_name_in_lower_case() -> None:
    assert [code.name.lower() for code in sched.Code] == [code.value for code in sched.Code]
