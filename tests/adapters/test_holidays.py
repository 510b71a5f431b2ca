import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from oasys_sched import (
    BookingPolicy,
    Code,
    DateOverride,
    Diary,
    InvalidValue,
    MissingExtra,
    Mode,
    Service,
    Span,
    WeeklyHours,
    bookable_slots,
)
from oasys_sched.adapters.holidays import PublicHolidays, holiday_overrides

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class Local:
    """A practice's own calendar: the port is one method."""

    def holidays(self, first: date, last: date, /) -> Iterable[tuple[date, str]]:
        return [(date(2026, 8, 10), "Village Fair"), (date(2026, 1, 2), "Day off"), (date(2027, 1, 1), "Beyond")]


def test_b19_each_holiday_closes_its_date_in_order() -> None:
    assert holiday_overrides(Local(), *YEAR) == (
        DateOverride.closed(date(2026, 1, 2)),
        DateOverride.closed(date(2026, 8, 10)),
    )


@pytest.mark.parametrize("working", ["Village Fair", date(2026, 8, 10)])
def test_b19_a_practice_may_work_on_some_of_them(working: date | str) -> None:
    assert [one.on for one in holiday_overrides(Local(), *YEAR, working=(working,))] == [date(2026, 1, 2)]


def test_b19_a_practice_may_open_for_some_hours() -> None:
    (_, fair) = holiday_overrides(Local(), *YEAR, ranges="09:00-12:00")

    assert fair == DateOverride.parse(date(2026, 8, 10), "09:00-12:00")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), Code.INVALID_RANGE),
        (date(2026, 1, 1), date(2036, 2, 1), Code.TOO_LARGE),
    ],
)
def test_b19_a_window_that_cannot_be_right_is_refused(first: date, last: date, code: Code) -> None:
    with pytest.raises(InvalidValue) as caught:
        holiday_overrides(Local(), first, last)

    assert (caught.value.code, caught.value.field) == (code, "last")


def test_b19_the_public_holidays_of_a_country_close_the_diary() -> None:
    overrides = holiday_overrides(PublicHolidays("US", subdivision="NY"), *YEAR)
    diary = Diary(hours=WeeklyHours.parse({"mon-sun": "09:00-17:00"}, zone="America/New_York"), overrides=overrides)
    service = Service(id="s", name="S", duration=timedelta(minutes=50), modes=(Mode.PHONE,))

    slots = bookable_slots(
        diary,
        service,
        within=Span(datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC)),
        policy=BookingPolicy(),
        now=datetime(2026, 7, 1, tzinfo=UTC),
    )

    # The 4th of July is a Saturday in 2026 and observed on Friday the 3rd.
    assert {slot.starts_at.day for slot in slots} == {2, 5}
    assert date(2026, 11, 26) in {one.on for one in overrides}


def test_b19_a_part_of_a_country_has_holidays_of_its_own() -> None:
    whole, part = PublicHolidays("DE"), PublicHolidays("DE", subdivision="BY")

    assert date(2026, 1, 6) not in {day for day, _ in whole.holidays(*YEAR)}
    assert date(2026, 1, 6) in {day for day, _ in part.holidays(*YEAR)}


@pytest.mark.parametrize(
    ("country", "subdivision", "field"), [("Atlantis", None, "country"), ("DE", "Atlantis", "subdivision")]
)
def test_b19_an_unknown_place_is_refused_by_field(country: str, subdivision: str | None, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PublicHolidays(country, subdivision=subdivision)

    assert caught.value.field == field


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(MissingExtra, match=r"oasys-sched\[holidays\]"):
        PublicHolidays("US")
