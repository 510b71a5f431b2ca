import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, Mode, Money, Span
from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy
from oasys_sched.adapters.fhir import (
    APPOINTMENT_STATUS,
    appointment_to_fhir,
    busy_from_fhir,
    encounter_status,
    encounter_to_fhir,
    schedule_to_fhir,
    slot_to_fhir,
    status_from_fhir,
)
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Cancellation
from oasys_sched.policies.reasons import REASONS, Initiator
from tests.adapters.fuzzing import JSON, answers_or_refuses, fuzz, spoiled

START = datetime(2026, 3, 5, 20, tzinfo=UTC)
SPAN = Span(START, START + timedelta(minutes=50))
APPOINTMENT = Appointment(
    practice="north",
    id="a-1",
    clinician="ada",
    client="c-1",
    service="therapy-50",
    mode=Mode.TELEHEALTH,
    starts_at=START,
    duration=timedelta(minutes=50),
    zone="America/New_York",
    created_at=START - timedelta(days=7),
    price=Money(15000, "USD"),
)


@pytest.mark.parametrize("status", AppointmentStatus)
def test_b20_each_status_maps_to_fhir_and_back(status: AppointmentStatus) -> None:
    resource = appointment_to_fhir(replace(APPOINTMENT, status=status))

    assert status_from_fhir(str(resource["status"])) is status


def test_b20_the_status_table_is_the_one_of_the_rules() -> None:
    assert {ours.value: fhir for ours, fhir in APPOINTMENT_STATUS.items()} == {
        "pending": "pending",
        "upcoming": "booked",
        "in_progress": "checked-in",
        "completed": "fulfilled",
        "cancelled": "cancelled",
        "no_show": "noshow",
    }


@pytest.mark.parametrize("status", ["proposed", "arrived", "waitlist", "entered-in-error", "", "BOOKED"])
def test_b20_a_status_without_counterpart_is_refused(status: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        status_from_fhir(status)

    assert caught.value.field == "status"


def test_b20_an_appointment_names_time_people_and_channel_and_no_money() -> None:
    resource = appointment_to_fhir(APPOINTMENT, video_link="https://video.example/r")

    assert (resource["start"], resource["end"]) == ("2026-03-05T20:00:00Z", "2026-03-05T20:50:00Z")
    assert resource["minutesDuration"] == 50
    assert resource["participant"] == [
        {"actor": {"reference": "Practitioner/ada"}, "required": True, "status": "accepted"},
        {"actor": {"reference": "Patient/c-1"}, "required": True, "status": "accepted"},
    ]
    assert resource["virtualService"] == [
        {"channelType": {"code": "video"}, "addressUrl": "https://video.example/r"},
    ]
    assert "15000" not in json.dumps(resource)


def test_b20_a_pending_appointment_waits_for_the_clinician() -> None:
    resource: Any = appointment_to_fhir(replace(APPOINTMENT, status=AppointmentStatus.PENDING))

    assert [one["status"] for one in resource["participant"]] == ["needs-action", "accepted"]


@pytest.mark.parametrize(
    ("mode", "code", "virtual"),
    [(Mode.TELEHEALTH, "VR", "video"), (Mode.PHONE, "VR", "phone"), (Mode.IN_PERSON, "AMB", None)],
)
def test_b20_each_mode_has_its_class(mode: Mode, code: str, virtual: str | None) -> None:
    booked = replace(APPOINTMENT, mode=mode, status=AppointmentStatus.IN_PROGRESS)
    for resource in (
        appointment_to_fhir(booked, video_link="https://video.example/r"),
        encounter_to_fhir("s-1", booked, mode=mode, actual=(START, None), note_locked=False),
    ):
        found: Any = resource
        assert found["class"][0]["coding"][0]["code"] == code
        assert [one["channelType"]["code"] for one in found.get("virtualService", [])] == ([virtual] if virtual else [])
        assert ("addressUrl" in str(found)) == (mode is Mode.TELEHEALTH and found["resourceType"] == "Appointment")


@pytest.mark.parametrize("reason", [*REASONS, "of another time"])
def test_b1_a_cancellation_says_its_code_and_never_its_text(reason: str) -> None:
    cancellation = Cancellation(reason=reason, initiator=Initiator.CLIENT, requested_at=START, text="canary")

    resource: Any = appointment_to_fhir(
        replace(APPOINTMENT, status=AppointmentStatus.CANCELLED, cancellation=cancellation)
    )

    code = REASONS[reason].fhir if reason in REASONS else "other"
    assert resource["cancellationReason"]["coding"][0]["code"] == code
    assert resource["cancellationDate"] == "2026-03-05T20:00:00Z"
    assert "canary" not in json.dumps(resource)


@pytest.mark.parametrize(
    ("status", "locked", "expected"),
    [
        (AppointmentStatus.IN_PROGRESS, False, "in-progress"),
        (AppointmentStatus.COMPLETED, False, "discharged"),
        (AppointmentStatus.COMPLETED, True, "completed"),
        (AppointmentStatus.PENDING, False, None),
        (AppointmentStatus.UPCOMING, False, None),
        (AppointmentStatus.CANCELLED, False, None),
        (AppointmentStatus.NO_SHOW, False, None),
    ],
)
def test_b20_an_encounter_is_discharged_until_the_note_is_locked(
    status: AppointmentStatus, locked: bool, expected: str | None
) -> None:
    assert encounter_status(status, note_locked=locked) == expected


def test_b20_an_encounter_tells_what_happened() -> None:
    done = replace(APPOINTMENT, status=AppointmentStatus.COMPLETED)
    ended = START + timedelta(minutes=47)

    resource = encounter_to_fhir("s-1", done, mode=Mode.PHONE, actual=(START, ended), note_locked=True)

    assert (resource["status"], resource["actualPeriod"]) == (
        "completed",
        {"start": "2026-03-05T20:00:00Z", "end": "2026-03-05T20:47:00Z"},
    )


def test_b20_an_appointment_without_session_has_no_encounter() -> None:
    with pytest.raises(InvalidValue) as caught:
        encounter_to_fhir("s-1", APPOINTMENT, mode=Mode.PHONE, actual=(START, None), note_locked=False)

    assert caught.value.code is Code.SESSION_NOT_ACTIVE


@pytest.mark.parametrize("kind", FreeBusy)
def test_b20_slots_come_back_as_the_intervals_they_were(kind: FreeBusy) -> None:
    assert busy_from_fhir([slot_to_fhir(SPAN, schedule="ada", kind=kind)]) == (BusyTime(span=SPAN, kind=kind),)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (AppointmentStatus.PENDING, FreeBusy.TENTATIVE),
        (AppointmentStatus.UPCOMING, FreeBusy.BUSY),
        (AppointmentStatus.CANCELLED, None),
        (AppointmentStatus.NO_SHOW, None),
    ],
)
def test_b20_appointments_of_another_system_block_while_they_stand(
    status: AppointmentStatus, kind: FreeBusy | None
) -> None:
    found = busy_from_fhir([appointment_to_fhir(replace(APPOINTMENT, status=status))])

    assert found == (() if kind is None else (BusyTime(span=SPAN, kind=kind),))


def test_b20_a_proposed_appointment_may_lack_its_time_and_an_empty_slot_takes_none() -> None:
    empty = {"resourceType": "Slot", "status": "busy", "start": "2026-03-05T20:00:00Z", "end": "2026-03-05T20:00:00Z"}

    assert busy_from_fhir([{"resourceType": "Appointment", "status": "proposed"}, empty]) == ()


@pytest.mark.parametrize(
    ("resource", "field"),
    [
        (1, "resources[0]"),
        ({"resourceType": "Patient"}, "resources[0].resourceType"),
        ({"resourceType": "Slot"}, "resources[0].status"),
        ({"resourceType": "Slot", "status": "asleep"}, "resources[0].status"),
        ({"resourceType": "Slot", "status": "busy"}, "resources[0].start"),
        ({"resourceType": "Slot", "status": "busy", "start": "2026-03-05T20:00:00Z"}, "resources[0].end"),
    ],
)
def test_b20_one_bad_resource_refuses_all_and_is_named(resource: Any, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        busy_from_fhir([resource])

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, field)


def test_b20_too_many_resources_are_too_large() -> None:
    with pytest.raises(InvalidValue) as caught:
        busy_from_fhir([slot_to_fhir(SPAN, schedule="ada")] * 2, limits=FeedLimits(intervals=1))

    assert caught.value.code is Code.FEED_TOO_LARGE


def test_b20_a_schedule_names_its_clinician_and_horizon() -> None:
    assert schedule_to_fhir("ada-1", clinician="ada", services=("therapy-50",), horizon=SPAN) == {
        "resourceType": "Schedule",
        "id": "ada-1",
        "active": True,
        "serviceType": [{"reference": {"reference": "HealthcareService/therapy-50"}}],
        "actor": [{"reference": "Practitioner/ada"}],
        "planningHorizon": {"start": "2026-03-05T20:00:00Z", "end": "2026-03-05T20:50:00Z"},
    }
    assert "planningHorizon" not in schedule_to_fhir("ada-1", clinician="ada")


@fuzz(st.one_of(spoiled([slot_to_fhir(SPAN, schedule="x"), appointment_to_fhir(APPOINTMENT)]), st.lists(JSON)))
def test_b20_fuzzed_resources_give_intervals_or_a_typed_error(example: Any) -> None:
    resources = example if isinstance(example, list) else [example]
    answers_or_refuses(lambda: busy_from_fhir(resources))
