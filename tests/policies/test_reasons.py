"""RULES 3.10, B1: why, by whom, and its FHIR code."""

import pytest

import oasys_sched as sched
from oasys_sched.policies.reasons import REASONS, find_reason

# http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason, the codes used here.
FHIR = {"pat", "pat-lt", "pat-mv", "pat-ucp", "prov-pers", "prov-dch", "oth-fin", "oth-weath", "oth-err", "other"}


def test_b1_every_reason_has_an_initiator_and_a_fhir_code() -> None:
    assert {row.fhir for row in REASONS.values()} == FHIR
    assert [row.code for row in REASONS.values() if row.initiator is None] == ["other"]
    assert len(REASONS) == 21


@pytest.mark.parametrize(
    ("code", "initiator", "fhir"),
    [
        ("client_transport", "client", "pat-lt"),
        ("client_moved", "client", "pat-mv"),
        ("client_changed_provider", "client", "pat-ucp"),
        ("insurance", "client", "oth-fin"),
        ("clinician_illness", "clinician", "prov-pers"),
        ("client_discharged", "clinician", "prov-dch"),
        ("weather", "practice", "oth-weath"),
        ("technical", "practice", "oth-err"),
        ("superseded", "system", "other"),
    ],
)
def test_b1_rows_of_the_taxonomy(code: str, initiator: str, fhir: str) -> None:
    assert (REASONS[code].initiator, REASONS[code].fhir) == (initiator, fhir)


def test_s31_a_reason_speaks_for_itself_and_a_stated_initiator_must_agree() -> None:
    assert find_reason("client_illness") == ("client_illness", sched.Initiator.CLIENT)
    assert find_reason("client_illness", initiator=sched.Initiator.CLIENT) == (
        "client_illness",
        sched.Initiator.CLIENT,
    )
    refused = find_reason("client_illness", initiator=sched.Initiator.CLINICIAN)
    assert isinstance(refused, sched.Refused)
    assert (refused.refusals[0].code, refused.refusals[0].field) == (sched.Code.INVALID_VALUE, "initiator")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"code": ""}, sched.Code.REASON_REQUIRED, "reason"),
        ({"code": "boredom"}, sched.Code.UNKNOWN_REASON, "reason"),
        ({"code": "superseded"}, sched.Code.UNKNOWN_REASON, "reason"),
        ({"code": "other"}, sched.Code.REASON_REQUIRED, "text"),
        ({"code": "other", "text": "  "}, sched.Code.REASON_REQUIRED, "text"),
        ({"code": "other", "text": "moved"}, sched.Code.REASON_REQUIRED, "initiator"),
        ({"code": "other", "text": "x", "initiator": sched.Initiator.SYSTEM}, sched.Code.REASON_REQUIRED, "initiator"),
        ({"code": "other", "text": "x", "initiator": "system"}, sched.Code.REASON_REQUIRED, "initiator"),
        ({"code": "other", "text": "x", "initiator": "neighbour"}, sched.Code.REASON_REQUIRED, "initiator"),
        ({"code": "weather", "initiator": "neighbour"}, sched.Code.INVALID_VALUE, "initiator"),
    ],
)
def test_s31_a_reason_is_one_of_the_taxonomy_or_told_in_words(
    given: dict[str, object], code: sched.Code, field: str
) -> None:
    refused = find_reason(**given)  # type: ignore[arg-type]

    assert isinstance(refused, sched.Refused)
    assert (refused.refusals[0].code, refused.refusals[0].field) == (code, field)


def test_s31_any_other_reason_is_told_in_words_by_somebody() -> None:
    assert find_reason("other", text="moved", initiator=sched.Initiator.PRACTICE) == (
        "other", sched.Initiator.PRACTICE,
    )  # fmt: skip


def test_a5_who_wanted_it_may_be_given_as_text() -> None:
    code, initiator = find_reason("other", text="moved", initiator="client")

    assert (code, initiator) == ("other", sched.Initiator.CLIENT)
    assert isinstance(initiator, sched.Initiator)
    assert find_reason("weather", initiator="practice") == ("weather", sched.Initiator.PRACTICE)
