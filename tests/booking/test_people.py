"""RULES O1-O4, O6-O8: clients, clinicians, the practice, as far as the rules need them."""

from dataclasses import replace

import pytest

import oasys_sched as sched
from tests.booking.clinic import ANN

DR = sched.Clinician(practice="p", id="dr", name="Dr. Who", zone="America/New_York", supervisor="sup")


def test_o1_a_billing_type_is_chosen_with_the_client() -> None:
    added = [replace(ANN, billing_type=kind) for kind in sched.BillingType]

    assert [client.billing_type for client in added] == ["cash_pay", "insurance", "not_billed"]


def test_o3_the_guardian_is_a_childs_only_contact() -> None:
    child = replace(ANN, guardian="mum", guardian_email="mum@example.org")

    assert (ANN.contact, child.contact) == ("ann@example.org", "mum@example.org")
    assert child.index.parent == "mum"


def test_o4_a_client_is_found_by_the_primary_clinician() -> None:
    assert replace(ANN, clinicians=("dr", "other")).index.clinician == "dr"
    assert replace(ANN, clinicians=()).index.clinician is None
    assert ANN.occupancies == ()


def test_o7_a_clinician_is_found_by_status_and_supervisor() -> None:
    assert (DR.index.clinician, DR.index.parent, DR.index.status) == ("dr", "sup", "active")
    assert DR.occupancies == ()


def test_o6_a_practice_has_each_location_once_and_one_default() -> None:
    practice = sched.Practice(id="p", locations=(sched.Location(id="a", default=True), sched.Location(id="b")))

    assert practice.practice == "p"
    assert practice.index == sched.Practice(id="q").index
    assert practice.occupancies == ()
    for places in (("a", "a"), ("a", "b")):
        with pytest.raises(sched.InvalidPolicy) as caught:
            sched.Practice(id="p", locations=tuple(sched.Location(id=place, default=True) for place in places))
        assert caught.value.field == "locations"


def test_names_and_addresses_never_show() -> None:
    shown = repr((replace(ANN, name="Ann Smith", phone="+1555", payer="plan"), DR))

    for secret in ("Ann Smith", "example.org", "+1555", "Who", "plan"):
        assert secret not in shown


@pytest.mark.parametrize(
    "build",
    [
        lambda: replace(ANN, id=""),
        lambda: replace(ANN, zone="Mars/Olympus"),
        lambda: replace(DR, zone="nowhere"),
        lambda: replace(DR, practice="\n"),
        lambda: sched.Location(id=""),
        lambda: sched.Practice(id=""),
    ],
)
def test_o6_a_bad_id_or_zone_is_refused(build: object) -> None:
    with pytest.raises(sched.InvalidValue):
        build()


def test_o2_a_zone_of_the_clients_own_is_kept() -> None:
    assert replace(ANN, zone="Europe/Paris").zone == "Europe/Paris"


def test_o5_a_clinicians_default_format_is_one_of_the_five() -> None:
    made = lambda name: sched.Clinician(practice="p", id="dr", zone="UTC", note_format=name)
    assert [made(name).note_format for name in sched.note_formats()] == ["progress", "soap", "dap", "birp", "girp"]
    with pytest.raises(sched.InvalidValue, match="note_format: give one of progress"):
        made("SOAP")
