import copy
import inspect
import pickle

import pytest

import oasys_sched as sched
from oasys_sched import errors
from oasys_sched.codes import Code

EVERY = [
    sched.InvalidValue("end before start", field="end", code=Code.INVALID_RANGE),
    sched.InvalidPolicy("contradicts itself", field="maximum_advance"),
    sched.NotFound("no such appointment"),
    sched.StaleWrite("someone wrote first"),
    sched.SlotTaken("taken"),
    sched.KeyReused("another body"),
    sched.PortFailed("down"),
    sched.OutcomeUnknown("broke while committing"),
    sched.RequestRefused((sched.Refusal(Code.TOO_SOON, "book at least 24 hours ahead", "starts_at"),)),
    sched.MissingExtra("rich", "cli"),
    sched.DeliveryFailed("mailbox unknown", permanent=True),
    sched.FeedUnavailable("no answer"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_every_exception_has_one_base_and_a_code(error: sched.OasysError) -> None:
    assert isinstance(error, sched.OasysError)
    assert isinstance(error.code, Code)


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_every_exception_survives_pickle_and_copy_with_its_facts(error: sched.OasysError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(error) is type(twin)
        assert str(error) == str(twin)
        assert error.code == twin.code


def test_the_tree_in_the_docstring_names_every_exception() -> None:
    drawn = inspect.getdoc(errors) or ""

    for name in errors.__all__:
        assert name in drawn


def test_an_invalid_value_is_a_value_error_that_names_its_field() -> None:
    error = sched.InvalidValue("give a duration", field="duration")

    assert isinstance(error, ValueError)
    assert str(error) == "duration: give a duration"
    assert str(sched.InvalidValue("give a duration")) == "give a duration"


def test_a_failed_notification_carries_the_decision_that_stands() -> None:
    decision = sched.Accepted("booked")

    assert sched.NotifyFailed("mail server down", decision).decision is decision


def test_a_delivery_may_be_tried_again_unless_it_says_otherwise() -> None:
    assert not sched.DeliveryFailed("busy").permanent
    assert sched.DeliveryFailed("no such mailbox", permanent=True).permanent


def test_a_missing_extra_says_how_to_get_it() -> None:
    error = sched.MissingExtra("rich", "cli")

    assert isinstance(error, ImportError)
    assert "pip install 'oasys-sched[cli]'" in str(error)
