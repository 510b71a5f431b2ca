"""What a view makes of drafts is what the constructors make, judged and frozen like it."""

import dataclasses
import pickle
from datetime import date, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.calendar.drafts import draft_of
from tests.calendar.made import NEW_YORK, at, booked, calendar

DAY = date(2026, 6, 17)
BOOKED = [
    booked(f"{status}{n}", at(NEW_YORK, 2026, 6, 17, 23, 30), status=status, mode=mode, location="Room 2", series="s1")
    for n, mode in enumerate(sched.Mode)
    for status in sched.AppointmentStatus
]
GRID = calendar(*BOOKED, client_names={"c1": "Ana"}, service_names={"therapy-50": "Therapy"}).week(DAY)
PLACED = [one for day in GRID.days for one in day.placed]


@pytest.mark.parametrize("made", [*PLACED, *(one.entry for one in PLACED)], ids=lambda made: type(made).__name__)
def test_s22_what_a_view_makes_is_what_the_constructor_makes(made: Any) -> None:
    again = dataclasses.replace(made)

    assert (again, hash(again), repr(again)) == (made, hash(made), repr(made))
    assert pickle.loads(pickle.dumps(made)) == made
    for field in dataclasses.fields(made):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, field.name, None)


def test_s22_every_field_of_an_entry_is_its_appointments() -> None:
    start = at(NEW_YORK, 2026, 6, 17, 10)
    grid = calendar(booked(location="Room 2", series="s1"), client_names={"c1": "Ana"}, now=start).week(DAY)

    assert grid.day(DAY).placed[0].entry == sched.Entry(
        kind=sched.EntryKind.APPOINTMENT,
        id="a1",
        starts_at=start,
        ends_at=start + timedelta(minutes=50),
        status=sched.ShownStatus.UPCOMING,
        client="c1",
        client_name="Ana",
        service="therapy-50",
        mode=sched.Mode.TELEHEALTH,
        location="Room 2",
        series="s1",
    )


def test_a_draft_has_no_field_that_its_object_lacks() -> None:
    with pytest.raises(AttributeError):
        draft_of(sched.Entry)().colour = "red"
