"""S22: whatever a zone's clocks do, a view shows each instant as the zone does, second readings too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", date(2026, 11, 1)), ("America/New_York", date(2026, 3, 8)), ("UTC", date(2026, 5, 5)),
        ("Australia/Lord_Howe", date(2026, 4, 5)), ("America/Havana", date(2026, 11, 1)),
        ("Asia/Beirut", date(2026, 3, 29)), ("Pacific/Apia", date(2011, 12, 30)),
        ("Africa/Casablanca", date(2026, 2, 15)),
        ("America/Sao_Paulo", date(2018, 2, 18)), ("Atlantic/Azores", date(2026, 10, 25)),
    ],
)  # fmt: skip
def test_s22_each_instant_is_shown_as_its_zone_shows_it(zone: str, day: date) -> None:
    key, noon = ZoneInfo(zone), datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    spans = [
        sched.Span(noon + timedelta(minutes=20 * n), noon + timedelta(minutes=20 * n + 10)) for n in range(-250, 250)
    ]
    others = tuple(sched.Entry.busy(span, id=f"b{n}") for n, span in enumerate(spans))

    for cell in sched.Calendar(zone=zone, others=others).week(day).days:
        for one in cell.placed:
            shown = max(one.entry.starts_at, cell.starts_at).astimezone(key)
            ended = min(one.entry.ends_at, cell.ends_at).astimezone(key)
            assert (one.starts_at, one.starts_at.fold, one.starts_at.utcoffset()) == (
                shown, shown.fold, shown.utcoffset()
            )  # fmt: skip
            assert (one.ends_at, one.ends_at.utcoffset()) == (ended, ended.utcoffset())
