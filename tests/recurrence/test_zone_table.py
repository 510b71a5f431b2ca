"""The zone table against `zoneinfo`, asked one time at a time."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oasys_sched.recurrence.zone_table import (
    EPOCH,
    EPOCH_UTC,
    ZoneTable,
    seconds_of,
    utc_seconds,
    wall_of,
    zone_table,
)
from oasys_sched.times import WallTime, local_kind, wall_to_utc

ZONES = (
    *("America/New_York", "Europe/London", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Cairo"),
    *("America/Havana", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC", "Asia/Gaza"),
    "Pacific/Tongatapu",
)
walls = st.datetimes(datetime(1985, 1, 1), datetime(2080, 1, 1)).map(lambda when: when.replace(microsecond=0))


@given(st.sampled_from(ZONES), st.lists(walls, min_size=1, max_size=8))
def test_a34_every_wall_is_read_as_zoneinfo_reads_its_first_fold(zone: str, times: list[datetime]) -> None:
    key, table = ZoneInfo(zone), ZoneTable(ZoneInfo(zone))
    ordered = sorted({seconds_of(when) for when in times})
    expected = [wall_to_utc(wall_of(wall), key) for wall in ordered]

    instants, adjusted = table.instants(ordered)
    assert [EPOCH_UTC + timedelta(seconds=instant) for instant in instants] == expected
    assert adjusted == [wall for wall in ordered if local_kind(wall_of(wall), key) is WallTime.SKIPPED]
    assert [table.instant(wall) for wall in ordered] == list(instants)


@pytest.mark.parametrize("zone", ZONES)
def test_thirteen_every_change_of_twenty_years_by_the_quarter_hour(zone: str) -> None:
    key = ZoneInfo(zone)
    table = ZoneTable(key)
    for bound in table.covering(seconds_of(datetime(2005, 1, 1)), seconds_of(datetime(2025, 1, 1))).bounds:
        about = bound // 900 * 900
        near = sorted((*range(about - 3 * 3600, about + 3 * 3600, 900), about - 1))
        found, adjusted = table.instants(near)
        assert [EPOCH_UTC + timedelta(seconds=one) for one in found] == [wall_to_utc(wall_of(w), key) for w in near]
        assert adjusted == [wall for wall in near if local_kind(wall_of(wall), key) is WallTime.SKIPPED]


@pytest.mark.parametrize("hour", range(0, 72, 6))
@pytest.mark.parametrize("year", [2003, 2026])
def test_a_change_is_found_wherever_the_probing_ends(year: int, hour: int) -> None:
    """It goes on for some 400 days beyond what was asked for: at some hour it ends on the very day of the change."""
    key = ZoneInfo("Europe/Berlin")
    table, change = ZoneTable(key), datetime(year, 3, 31 - (datetime(year, 3, 31).weekday() + 1) % 7)
    away = timedelta(days=403) - timedelta(hours=hour)
    table.instant(seconds_of(change - away if year > 2010 else change + away))

    for wall in range(seconds_of(change - timedelta(days=1)), seconds_of(change + timedelta(days=2)), 1800):
        assert EPOCH_UTC + timedelta(seconds=table.instant(wall)) == wall_to_utc(wall_of(wall), key)


def test_instants_are_rounded_up_to_seconds() -> None:
    assert [utc_seconds(EPOCH_UTC + timedelta(microseconds=part)) for part in (0, 1, 10**6)] == [0, 1, 1]


def test_every_reading_of_an_instant_is_known() -> None:
    table = zone_table(ZoneInfo("America/New_York"))
    gap = utc_seconds(datetime(2026, 3, 8, 7, 30, tzinfo=UTC))
    second = utc_seconds(datetime(2026, 11, 1, 6, 30, tzinfo=UTC))

    assert [wall_of(wall) for wall in table.walls(gap)] == [datetime(2026, 3, 8, 3, 30), datetime(2026, 3, 8, 2, 30)]
    assert [wall_of(wall) for wall in table.walls(second)] == [datetime(2026, 11, 1, 1, 30)]


def test_tables_are_shared_grown_both_ways_and_survive_pickling() -> None:
    table = zone_table(ZoneInfo("Europe/Paris"))
    for year in (2030, 2000, 2015):
        wall = datetime(year, 7, 1, 12)
        assert wall_of(table.instant(seconds_of(wall))) == wall - timedelta(hours=2)

    assert pickle.loads(pickle.dumps(table)) is table
    assert table.instants(()) == ((), [])


def test_the_edges_of_the_calendar_do_not_overflow() -> None:
    table = ZoneTable(ZoneInfo("Pacific/Kiritimati"))

    for wall in (datetime(1, 1, 1), datetime(9999, 12, 31, 23)):
        assert abs(table.instant(seconds_of(wall)) - seconds_of(wall)) < 86_400
    key = ZoneInfo("America/New_York")
    for when in (datetime(1850, 7, 1), datetime(2300, 1, 1), datetime(2300, 7, 1)):
        assert EPOCH_UTC + timedelta(seconds=ZoneTable(key).instant(seconds_of(when))) == wall_to_utc(when, key)


# What a table knows after it was asked once reaches this much further.
AHEAD = 402


@pytest.mark.parametrize("days", range(-3, 4))
@pytest.mark.parametrize("change", [datetime(2007, 3, 11), datetime(2007, 11, 4), datetime(2012, 3, 11)])
def test_a_change_right_beyond_what_is_known_is_looked_for(change: datetime, days: int) -> None:
    key, away = ZoneInfo("America/New_York"), timedelta(days=AHEAD + days)
    asked = change + away if change < EPOCH else change - away
    for hours in range(-36, 60, 12):
        wall = change + timedelta(hours=hours)
        for walls_asked in ([wall], [wall, wall + timedelta(days=9)]):
            table = ZoneTable(key)
            table.instant(seconds_of(asked))
            instants, _ = table.instants([seconds_of(one) for one in walls_asked])
            assert EPOCH_UTC + timedelta(seconds=instants[0]) == wall_to_utc(wall, key)


def test_a_change_on_the_eve_of_all_that_is_known_is_looked_for() -> None:
    # Dhaka put its clocks back as 2010 began, which is where every table begins.
    key, eve = ZoneInfo("Asia/Dhaka"), datetime(2009, 12, 31, 12)
    instants, _ = ZoneTable(key).instants((seconds_of(eve), seconds_of(eve + timedelta(days=9))))

    assert EPOCH_UTC + timedelta(seconds=instants[0]) == wall_to_utc(eve, key)
