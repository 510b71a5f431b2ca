"""The words of every refusal are approved ones; whoever changes one changes the file that people read."""

import json
from typing import Any

import pytest

from oasys_sched.codes import Code
from oasys_sched.decisions import refuse
from tests.refusal_words import APPROVED, Unapproved, require_approved, sentences

APPROVED_ONES = [
    ("too_large", "an addendum has at most 20 characters", "text", {"limit": 20}),
    ("not_found", "no such thing here", None, {}),
    ("buffer", "too close to an appointment", "starts_at", {"kind": "appointment", "id": "a"}),
]


def test_the_approved_words_are_those_of_the_code() -> None:
    again = "python -m tests.refusal_words, and read the diff"
    assert json.loads(APPROVED.read_text(encoding="utf-8")) == sentences(), again


@pytest.mark.parametrize(("code", "message", "field", "details"), APPROVED_ONES)
def test_what_was_approved_may_be_said(code: str, message: str, field: str | None, details: dict[str, Any]) -> None:
    require_approved(code, message, field, details)
    for other in (
        ("fee_changed", message, field, details),
        (code, message.upper(), field, details),
        (code, None, field, details),
        (code, message, "elsewhere" if field is None else None, details),
    ):
        with pytest.raises(Unapproved, match="not among the approved words"):
            require_approved(*other)


def test_no_figure_is_missing() -> None:
    code, message, field, _ = APPROVED_ONES[0]
    for details in ({}, {"limit": None}, {"most": 20}):
        with pytest.raises(Unapproved, match="an addendum has at most"):
            require_approved(code, message, field, details)


def test_a_rule_of_somebodys_own_says_what_it_likes() -> None:
    assert refuse(Code.CONFLICT, "the piano tuner is in", field="room").code is Code.CONFLICT


def test_the_library_is_watched() -> None:
    ours = {"__name__": "oasys_sched.booking.rooms", "refuse": refuse, "Code": Code}
    with pytest.raises(Unapproved, match="the piano tuner is in"):
        exec("refuse(Code.CONFLICT, 'the piano tuner is in', field='room')", ours)
