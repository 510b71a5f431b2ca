"""Local midnights and starts, each asked of a new object: what was found before is remembered, right or wrong."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oasys_sched.availability._days import Midnights, Weeks
from oasys_sched.availability.starts import MaskStarts, RunStarts
from oasys_sched.times import EPOCH

ZONES = ("America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Nuuk", "America/Havana", "Africa/Monrovia")


def plain_midnight(day: date, zone: ZoneInfo) -> int | None:
    """Where the day begins; None when an hour of it, or the second before, shows other clocks."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    around = [start.astimezone(UTC) + timedelta(minutes=30 * n) for n in range(-2, 51)]
    if len({when.astimezone(zone).utcoffset() for when in around}) > 1:
        return None
    return int((start - EPOCH).total_seconds())


@pytest.mark.parametrize("key", ZONES)
def test_a34_midnights_are_where_the_zone_has_them_and_stay_there(key: str) -> None:
    zone = ZoneInfo(key)
    midnights = Midnights(zone)
    for year in (1971, 2008, 2011, 2026):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        expected = [plain_midnight(day, zone) for day in days]
        for _ in range(2):
            found = [midnights[day.toordinal()] for day in days]
            # Near a change it may look at the clocks one by one without need; never the other way round.
            assert all(one in (None, fine) for one, fine in zip(found, expected, strict=True))
            assert sum(one is None for one in found) <= 3 * sum(one is None for one in expected)


@pytest.mark.parametrize("key", ["America/New_York", "Asia/Kolkata"])
def test_a34_a_week_begins_on_its_monday_unless_clocks_change_in_it(key: str) -> None:
    zone = ZoneInfo(key)
    weeks, changes = Weeks(Midnights(zone)), 0
    for monday in range(date(2026, 1, 5).toordinal(), date(2026, 12, 21).toordinal(), 7):
        days = [plain_midnight(date.fromordinal(monday + n), zone) for n in range(7)]
        expected = None if None in days else days[0]
        assert [weeks[monday], weeks[monday]] == [expected, expected]
        changes += expected is None
    assert changes == (2 if key == "America/New_York" else 0)


def test_a_stretch_of_starts_ends_where_the_distance_is_no_longer_a_step() -> None:
    grid = [0, 30, 60, 100, 130, 200, 230, 260]
    for mask, expected in (
        (b"\1\1\1\1\1\1\1\1", [(0, 61), (100, 131), (200, 261)]),
        (b"\1\1\1\1\0\1\1\1", [(0, 61), (100, 101), (200, 261)]),
        (b"\0\0\1\1\1\1\0\0", [(60, 61), (100, 131), (200, 201)]),
        (b"\0\1\0\0\1\0\0\1", [(30, 31), (130, 131), (260, 261)]),
        (b"\0" * 8, []),
    ):
        # As a view into a longer grid too: what is asked about seldom begins where the grid does.
        for ahead in (0, 1, 3):
            longer = [*range(-ahead, 0), *grid, 10_000]
            starts = MaskStarts(longer, ahead, mask, 30)
            assert list(starts.runs()) == expected
            assert RunStarts(expected, 30).count() == starts.count()


def test_a_run_ends_before_its_stop_though_the_stop_is_on_the_grid() -> None:
    starts = RunStarts([(0, 60), (90, 91)], 30)

    assert [second for second in range(-30, 130) if starts.has(second)] == [0, 30, 90]
