"""Diaries, slots and series show themselves in a notebook, briefly and escaped."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import oasys_sched as sched
from oasys_sched.markup import escape, html_table

FILE = Path(__file__).parents[1] / "data" / "notebook.json"
HOURS = sched.WeeklyHours.parse({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
SERVICE = sched.Service(id="hour", name="An hour", duration=timedelta(minutes=60), modes=(sched.Mode.IN_PERSON,))
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def test_a_diary_shows_hours_and_overrides_and_counts_the_rest() -> None:
    diary = sched.Diary(
        hours=HOURS,
        overrides=(
            sched.DateOverride.opening(date(2026, 4, 11), "10:00-12:00"),
            sched.DateOverride.closed(date(2026, 4, 6)),
        ),
        busy=(sched.Span(NOW, NOW + timedelta(hours=1)),),
    )

    shown = diary._repr_html_()

    assert "<tr><td>Fri</td><td>09:00-17:00</td></tr><tr><td>Sat</td><td>closed</td></tr>" in shown
    assert shown.index("Mon 06 Apr 2026</td><td>closed") < shown.index("Sat 11 Apr 2026</td><td>besides, 10:00-12:00")
    assert "2 overrides, 0 blocks, 1 busy times" in shown


def test_a_diary_without_hours_says_so() -> None:
    assert "no hours, so no slots" in sched.Diary(hours=None)._repr_html_()


def test_slots_show_a_fortnight_with_twelve_times_a_day() -> None:
    month = sched.Span(NOW, NOW + timedelta(days=30))
    policy = sched.BookingPolicy(slot_step=timedelta(minutes=15))
    slots = sched.bookable_slots(sched.Diary(hours=HOURS), SERVICE, within=month, policy=policy, now=NOW)

    shown = slots._repr_html_()

    assert shown.count("<tr><td>") == 14
    assert "Mon 02 Mar 2026</td><td>09:00 09:15" in shown
    assert "11:45 and 17 more" in shown
    assert "the first 14 of 22 days" in shown


def test_each_day_of_slots_shows_its_own_times() -> None:
    hours = sched.WeeklyHours.parse({"mon": "09:00-11:00", "tue": "12:00-15:00", "wed-sun": "16:00-17:00"}, zone="UTC")

    def shown(days: int) -> str:
        within = sched.Span(NOW, NOW + timedelta(days=days))
        return sched.bookable_slots(sched.Diary(hours=hours), SERVICE, within=within, now=NOW)._repr_html_()

    for row in ("02 Mar 2026</td><td>09:00 09:15", "03 Mar 2026</td><td>12:00 12:15", "04 Mar 2026</td><td>16:00</td>"):
        assert row in shown(3)
    assert "the first" not in shown(14)
    assert "the first 14 of 15 days" in shown(15)


def test_few_slots_are_all_shown() -> None:
    day = sched.Span(NOW, NOW + timedelta(hours=4))
    slots = sched.bookable_slots(sched.Diary(hours=HOURS), SERVICE, within=day, now=NOW)

    assert "more" not in slots._repr_html_()
    assert "first" not in slots._repr_html_()


def weekly(count: int) -> sched.Series:
    return sched.Series(
        start=datetime(2026, 3, 5, 15),
        zone="America/New_York",
        duration=timedelta(minutes=50),
        rule=sched.Rule.every(weeks=1, count=count),
    )


def test_a_series_shows_its_rule_and_ten_occurrences() -> None:
    series = weekly(12).without(date(2026, 3, 12))

    shown = series._repr_html_()

    assert shown.count("<tr><td>") == 10
    assert "<tr><th>meant for</th><th>starts</th></tr>" in shown
    assert "every week" in shown
    assert "1 exceptions" in shown
    assert "Thu 05 Mar 2026 15:00</td><td>2026-03-05 20:00 UTC" in shown
    assert "12 Mar" not in shown
    assert "Thu 19 Mar 2026 15:00</td><td>2026-03-19 19:00 UTC" in shown


def test_what_was_moved_or_added_before_the_start_is_shown_too() -> None:
    moved = weekly(3).moved(date(2026, 3, 5), to=datetime(2026, 2, 26, 15)).adding(datetime(2026, 1, 8, 15))

    shown = moved._repr_html_()

    assert shown.count("<tr><td>") == 4
    assert shown.index("2026-01-08 20:00 UTC") < shown.index("2026-02-26 20:00 UTC") < shown.index("2026-03-12")


def test_an_open_series_of_many_years_is_shown_in_no_time() -> None:
    series = sched.Series(
        start=datetime(2199, 6, 1, 9), zone="UTC", duration=timedelta(hours=1), rule=sched.Rule.every(days=1)
    )

    assert series._repr_html_().count("<tr><td>") == 10


def test_what_is_escaped_is_only_text() -> None:
    assert escape("<b>&\"'\x07\ud800") == "&lt;b&gt;&amp;&quot;&#39;"
    assert html_table(("a",), [("1",)], "c").startswith("<table><caption>c</caption>")


def test_everything_a_notebook_shows_is_written_down() -> None:
    """`OASYS_APPROVE=1 python -m pytest tests/calendar/test_notebooks.py` writes the file anew."""
    later = tuple(sched.DateOverride.opening(date(2026, 4, day), "18:00-19:00") for day in range(20, 0, -1))
    first = sched.DateOverride.parse(date(2026, 3, 30), "10:00-11:00, 12:00-13:00")
    long = sched.Service(duration=timedelta(minutes=90))
    shop = sched.Diary(hours=replace(HOURS, zone="Europe/Berlin"), overrides=(*later, first))
    two_weeks = sched.Span(NOW, NOW + timedelta(days=14))
    exactly = sched.WeeklyHours.parse({"mon": "09:00-15:00"}, zone="UTC")
    half = sched.BookingPolicy(slot_step=timedelta(minutes=30))
    found = {
        "a diary": shop._repr_html_(),
        "no hours": sched.Diary(hours=None, overrides=(first,))._repr_html_(),
        "no slots": sched.bookable_slots(sched.Diary(hours=None), SERVICE, within=two_weeks, now=NOW)._repr_html_(),
        "slots": sched.bookable_slots(shop, long, within=two_weeks, now=NOW)._repr_html_(),
        "a dozen": sched.bookable_slots(
            sched.Diary(hours=exactly), sched.Service(duration=timedelta(minutes=30)), within=two_weeks, policy=half,
            now=NOW,
        )._repr_html_(),
        "in words": repr(sched.bookable_slots(shop, long, within=two_weeks, now=NOW)),
        "no slots in words": repr(sched.bookable_slots(shop, long, within=two_weeks, now=NOW.replace(year=2027))),
    }  # fmt: skip
    if os.environ.get("OASYS_APPROVE") == "1":
        FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert found == json.loads(FILE.read_text())
