"""RULES S95, S97, B11: the reminder policy and quiet hours."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched

ZONE = ZoneInfo("America/New_York")
DAY, TWO = sched.Period.parse("PT24H"), sched.Period.parse("PT2H")


def test_s97_offsets_are_merged_and_ordered() -> None:
    assert sched.ReminderPolicy(enabled=True, offsets=(TWO, DAY, TWO)).offsets == (DAY, TWO)


def test_s97_an_offset_is_above_zero() -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.ReminderPolicy(enabled=True, offsets=(sched.Period(),))
    assert caught.value.code is sched.Code.INVALID_OFFSET


@pytest.mark.parametrize(("fields", "field"), [({}, "offsets"), ({"offsets": (DAY,), "channels": ()}, "channels")])
def test_s97_enabled_without_a_when_or_a_how_is_a_configuration_error(fields: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        sched.ReminderPolicy(enabled=True, **fields)
    assert caught.value.field == field
    sched.ReminderPolicy(enabled=False, **fields)


def test_b11_quiet_hours_close_after_they_open() -> None:
    with pytest.raises(sched.InvalidPolicy):
        sched.QuietHours(opens=time(21), closes=time(8))


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        (datetime(2026, 3, 5, 8, 0), datetime(2026, 3, 5, 8, 0)),
        (datetime(2026, 3, 5, 20, 59), datetime(2026, 3, 5, 20, 59)),
        (datetime(2026, 3, 5, 21, 0), datetime(2026, 3, 5, 20, 59)),
        (datetime(2026, 3, 5, 7, 59), datetime(2026, 3, 4, 20, 59)),
        (datetime(2026, 3, 8, 3, 0), datetime(2026, 3, 7, 20, 59)),
    ],
)
def test_b11_a_reminder_at_night_moves_to_the_evening_before(due: datetime, moved: datetime) -> None:
    assert sched.QuietHours().moved(due.replace(tzinfo=ZONE), ZONE) == moved.replace(tzinfo=ZONE)


@given(st.integers(0, 60 * 24 * 365), st.sampled_from(["America/New_York", "Asia/Kathmandu", "Pacific/Apia"]))
def test_b11_it_only_ever_moves_earlier_and_into_the_day(minutes: int, zone: str) -> None:
    there = ZoneInfo(zone)
    due = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=minutes)

    moved = sched.QuietHours().moved(due, there)

    assert due - timedelta(hours=12) <= moved <= due
    assert time(8) <= moved.astimezone(there).time() < time(21)
