from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, Span
from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy, blocking, clipped, interval, require_window

DAY = datetime(2026, 3, 5, tzinfo=UTC)


def hours(start: float, end: float) -> Span:
    return Span(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def at(start: float, end: float, kind: FreeBusy = FreeBusy.BUSY) -> BusyTime:
    return BusyTime(span=hours(start, end), kind=kind)


def test_a12_free_time_never_blocks_and_tentative_time_does() -> None:
    times = (at(9, 10, FreeBusy.FREE), at(10, 11, FreeBusy.TENTATIVE), at(12, 13), at(14, 15, FreeBusy.UNAVAILABLE))

    assert blocking(times) == (hours(10, 11), hours(12, 13), hours(14, 15))
    assert blocking(times, tentative=False) == (hours(12, 13), hours(14, 15))


def test_a12_the_mirror_of_an_own_appointment_never_blocks_itself() -> None:
    assert blocking((at(9, 10), at(11, 12)), ours=(hours(9, 10),)) == (hours(11, 12),)


def test_a12_only_an_interval_equal_to_an_own_appointment_is_its_mirror() -> None:
    assert blocking((at(9, 11),), ours=(hours(9, 10),)) == (hours(9, 11),)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=12))
def test_blocking_spans_are_the_union_in_order_and_apart(pairs: list[tuple[int, int]]) -> None:
    spans = blocking(at(start, start + length) for start, length in pairs)

    taken = {hour for start, length in pairs for hour in range(start, start + length)}
    assert {hour for hour in range(50) if any(span.overlaps(hours(hour, hour + 1)) for span in spans)} == taken
    assert all(first.end < second.start for first, second in pairwise(spans))


def test_intervals_are_clipped_to_the_window_and_those_outside_dropped() -> None:
    assert clipped((at(20, 30), at(1, 3), at(40, 41)), hours(2, 24)) == (at(2, 3), at(20, 24))


def test_an_interval_of_no_length_takes_no_time() -> None:
    assert interval(DAY, DAY, FreeBusy.BUSY, "x") is None


def test_an_interval_that_ends_before_it_starts_refuses_the_feed() -> None:
    with pytest.raises(InvalidValue) as caught:
        interval(DAY, DAY - timedelta(hours=1), FreeBusy.BUSY, "items[3]")

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, "items[3]")


def test_an_interval_until_the_end_of_time_ends_with_ours() -> None:
    found = interval(DAY, datetime(9999, 1, 1, tzinfo=UTC), FreeBusy.BUSY, "x")

    assert found is not None
    assert found.span.end.year == 2199


def test_a_question_about_too_much_time_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        require_window(hours(0, 49), FeedLimits(window=timedelta(days=2)))

    assert (caught.value.code, caught.value.field) == (Code.TOO_LARGE, "within")
