"""Laws of a series with its exceptions, near the days clocks change: against a slow reading, and of its changes."""

from datetime import date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from oasys_sched import (
    OverrideKind,
    Series,
    Span,
    series_from_ical,
    series_from_jscalendar,
    series_to_ical,
    series_to_jscalendar,
)
from oasys_sched.times import find_zone, wall_to_utc
from tests.recurrence import worlds
from tests.recurrence.worlds import EXCLUDED

some = worlds.series()


@given(some)
def test_a_series_is_what_looking_at_every_day_gives(series: Series) -> None:
    assert list(series.all()) == worlds.occurrences(series)


@given(some, st.data())
def test_a_window_is_the_whole_walked_and_filtered(series: Series, data: st.DataObject) -> None:
    low, _, high = worlds.window(data, series.start)
    within = Span(low, high)

    assert series.occurrences(within) == worlds.inside(series.all(), within)


@given(some, st.data())
def test_invariant_17_windows_add_up_with_exceptions_too(series: Series, data: st.DataObject) -> None:
    low, middle, high = worlds.window(data, series.start)

    parts = series.occurrences(Span(low, middle)) + series.occurrences(Span(middle, high))
    assert parts == series.occurrences(Span(low, high))


@given(some, st.data())
def test_s14_both_halves_of_a_split_are_the_original(series: Series, data: st.DataObject) -> None:
    standing = [one.original_start for one in series.all() if one.original_start in worlds.walls(series)]
    assume(standing)
    pivot = data.draw(st.sampled_from(standing))

    parted = series.split(at=pivot)

    before = parted.before.all() if parted.before else ()
    assert sorted(before + parted.after.all()) == list(series.all())
    assert all(one.original_start < pivot for one in before)
    assert parted.before is None or all(one.original_start >= pivot for one in parted.after.all())
    assert len(parted.kept) == sum(one.kind is not EXCLUDED and one.original >= pivot for one in series.overrides)
    assert parted.dropped == parted.shifted == ()


@given(some, st.integers(1, 30))
def test_s81_extending_and_cutting_at_the_old_end_changes_nothing(series: Series, more: int) -> None:
    assume(isinstance(series.rule.until, date) and series.gap == "shift")
    later = series.extended(until=series.rule.until + timedelta(days=70 + more))  # type: ignore[operator]
    beyond = [wall for wall in worlds.walls(later) if wall.date() > series.rule.until]  # type: ignore[operator]
    assume(beyond and all(one.original < beyond[0] for one in series.overrides))

    back = later.cut(before=beyond[0])

    assert back is not None
    assert back.all() == series.all()
    assert back.overrides == series.overrides


@given(worlds.series(exceptions=False), st.data())
def test_a48_a_count_counts_what_was_deleted_and_moved(series: Series, data: st.DataObject) -> None:
    assume(series.rule.count)
    originals = [one.original_start for one in series.all()]
    assume(len(originals) > 1)
    gone = data.draw(st.lists(st.sampled_from(originals), unique=True, max_size=len(originals) - 1))

    changed = series
    for wall in gone:
        changed = changed.without(wall)

    assert len(originals) == series.rule.count
    assert [one.original_start for one in changed.all()] == [wall for wall in originals if wall not in gone]
    assert changed.last_start == series.last_start


@given(some)
def test_text_and_dicts_bring_the_series_back(series: Series) -> None:
    produced = worlds.walls(series)
    # What belongs to no occurrence says nothing, and is not kept in a text.
    assume(all(one.original in produced or one.kind is OverrideKind.ADDED for one in series.overrides))

    read = series_from_ical(series_to_ical(series))
    assert [one[:3] for one in read.all()] == [one[:3] for one in series.all()]
    if series.gap == "shift":
        assert series_from_jscalendar(series_to_jscalendar(series)).all() == series.all()


@given(some)
def test_every_occurrence_is_found_by_its_identity_in_any_zone(series: Series) -> None:
    produced = worlds.walls(series)
    zone, elsewhere = find_zone(series.zone), find_zone("Asia/Kathmandu")
    for one in series.all():
        assert series.find(one.original_start) == one
        if one.original_start in produced:
            assert series.find(wall_to_utc(one.original_start, zone).astimezone(elsewhere)) is not None
    for row in series.overrides:
        assert row.kind is not EXCLUDED or series.find(row.original) is None
    assert series.find(datetime(2050, 1, 1, 4, 4)) is None
