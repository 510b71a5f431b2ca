"""Weeks and months of local days (S22), entries on them (S77, A13, A31)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.calendar.layout import columns
from tests.calendar.made import NEW_YORK, at, booked, calendar, span

ZONES = st.sampled_from(
    ["America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo",
     "America/Santiago", "Asia/Beirut", "Pacific/Apia"]
)  # fmt: skip


def test_s22_a_week_is_seven_days_from_monday() -> None:
    grid = calendar().week(date(2026, 6, 17))

    assert [day.date for day in grid.days] == [date(2026, 6, 15) + timedelta(days=n) for n in range(7)]
    assert {day.duration for day in grid.days} == {timedelta(hours=24)}


@pytest.mark.parametrize("start", range(7))
def test_s22_the_week_starts_where_it_is_told_to(start: int) -> None:
    for n in range(7):
        day = date(2026, 6, 15) + timedelta(days=n)
        grid = calendar(week_start=start).week(day)

        assert grid.days[0].date.weekday() == start
        assert grid.day(day).date == day


def test_s22_a_month_is_padded_to_whole_weeks() -> None:
    grid = calendar().month(date(2026, 6, 17))

    assert grid.days[0].date == date(2026, 6, 1)
    assert grid.days[-1].date == date(2026, 7, 5)
    assert [len(week) for week in grid.weeks] == [7] * 5
    assert sum(day.in_month for day in grid.days) == 30


def test_s22_a_february_of_four_weeks_needs_no_padding() -> None:
    assert len(calendar().month(date(2027, 2, 10)).days) == 28


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_s22_days_last_as_long_as_they_do(zone: str, day: date, hours: float) -> None:
    assert calendar(zone=zone).week(day).day(day).duration == timedelta(hours=hours)


def test_s22_what_crosses_midnight_is_on_both_days() -> None:
    night = sched.Entry.block("b", span(at(NEW_YORK, 2026, 6, 17, 22), 240))
    grid = calendar(others=(night,)).week(date(2026, 6, 17))

    (evening,), (morning,) = grid.day(date(2026, 6, 17)).placed, grid.day(date(2026, 6, 18)).placed

    assert (evening.starts_at, evening.ends_at) == (at(NEW_YORK, 2026, 6, 17, 22), at(NEW_YORK, 2026, 6, 18))
    assert (morning.starts_at, morning.ends_at) == (at(NEW_YORK, 2026, 6, 18), at(NEW_YORK, 2026, 6, 18, 2))
    assert (evening.continues_before, evening.continues_after) == (False, True)
    assert (morning.continues_before, morning.continues_after) == (True, False)


def test_s22_what_ends_at_midnight_is_not_on_the_next_day() -> None:
    late = sched.Entry.block("b", span(at(NEW_YORK, 2026, 6, 17, 22), 120))

    assert calendar(others=(late,)).week(date(2026, 6, 17)).day(date(2026, 6, 18)).placed == ()


def test_s22_what_began_before_the_week_is_in_it() -> None:
    away = sched.Entry.block("b", sched.Span(at(NEW_YORK, 2026, 6, 10), at(NEW_YORK, 2026, 6, 16, 12)))
    first = sched.Entry.busy(span(at(NEW_YORK, 2026, 6, 16, 0), 30))
    grid = calendar(others=(first, away)).week(date(2026, 6, 17))

    assert [len(day.placed) for day in grid.days] == [1, 2, 0, 0, 0, 0, 0]
    assert [item.entry.id for item in grid.days[1].placed] == ["b", "busy"]


@pytest.mark.parametrize("name", ["day", "", "Week", "year", "../week"])
def test_s22_any_other_view_is_unknown(name: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        calendar().view(name, date(2026, 6, 17))

    assert (caught.value.code, caught.value.field) == (sched.Code.UNKNOWN_VIEW, "view")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1970, 6, 1), date(2199, 1, 1), date(9999, 12, 31)])
def test_s22_a_day_far_from_now_is_refused(day: date) -> None:
    for view in ("week", "month"):
        with pytest.raises(sched.InvalidValue) as caught:
            calendar().view(view, day)
        assert (caught.value.code, caught.value.field) == (sched.Code.OUT_OF_RANGE, "day")


@pytest.mark.parametrize("day", ["2026-06-17", None, datetime(2026, 6, 17, tzinfo=UTC)])
def test_s22_a_day_is_a_date(day: object) -> None:
    with pytest.raises(sched.InvalidValue, match="day: give a date"):
        calendar().week(day)  # type: ignore[arg-type]


def test_a_day_off_the_grid_is_refused() -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        calendar().week(date(2026, 6, 17)).day(date(2026, 6, 30))

    assert caught.value.code is sched.Code.OUT_OF_RANGE


@pytest.mark.parametrize("start", [-1, 7, "mon", True])
def test_a_week_starts_on_one_of_seven_days(start: object) -> None:
    with pytest.raises(sched.InvalidValue, match="week_start"):
        calendar(week_start=start)


def test_a_calendar_needs_a_zone_and_an_aware_now() -> None:
    with pytest.raises(sched.InvalidValue) as unknown:
        calendar(zone="Mars/Olympus")
    with pytest.raises(sched.InvalidValue) as naive:
        calendar(now=datetime(2026, 6, 17))

    assert (unknown.value.code, naive.value.code) == (sched.Code.UNKNOWN_ZONE, sched.Code.NAIVE_DATETIME)


def test_an_entry_ends_after_it_starts() -> None:
    start = at(NEW_YORK, 2026, 6, 17, 10)
    for end, code in ((start, sched.Code.INVALID_RANGE), (datetime(2026, 6, 17), sched.Code.NAIVE_DATETIME)):
        with pytest.raises(sched.InvalidValue) as caught:
            sched.Entry(kind=sched.EntryKind.BUSY, id="x", starts_at=start, ends_at=end)
        assert (caught.value.field, caught.value.code) == ("ends_at", code)


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_an_entry_lies_in_years_that_can_be_shown(year: int) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Entry(
            kind=sched.EntryKind.BUSY,
            id="x",
            starts_at=datetime(year, 1, 2, tzinfo=UTC),
            ends_at=datetime(year, 1, 3, tzinfo=UTC),
        )
    assert caught.value.code is sched.Code.OUT_OF_RANGE


def test_s77_a_block_is_on_the_grid_without_client_or_status_colour() -> None:
    block = sched.Entry.block("b", span(at(NEW_YORK, 2026, 6, 17, 12), 60))
    (item,) = calendar(others=(block,)).week(date(2026, 6, 17)).day(date(2026, 6, 17)).placed

    assert item.entry.kind is sched.EntryKind.BLOCK
    assert (item.entry.client_color, item.entry.status_color, item.entry.label) == (None, None, "Blocked")
    assert sched.Entry.block("b", block.span, title="Lunch").label == "Lunch"


def test_every_kind_of_entry_has_its_place_and_name() -> None:
    hour = span(at(NEW_YORK, 2026, 6, 17, 12), 60)
    others = (sched.Entry.block("b", hour), sched.Entry.hold("h", hour, client="c1"), sched.Entry.busy(hour),
              sched.Entry.slot(hour))  # fmt: skip
    day = calendar(booked(start=hour.start), others=others).week(date(2026, 6, 17)).day(date(2026, 6, 17))

    assert sorted(item.entry.label for item in day.placed) == ["Appointment", "Blocked", "Busy", "Free", "Held"]
    assert sorted(item.column for item in day.placed) == [0, 1, 2, 3, 4]
    assert {item.columns for item in day.placed} == {5}


def test_s61_a_logged_session_is_on_the_calendar_as_completed() -> None:
    entry = sched.Entry.session(
        "s1", span(at(NEW_YORK, 2026, 6, 17, 12), 50), client="c1", client_name="Ana", mode="phone"
    )
    (item,) = calendar(others=(entry,)).week(date(2026, 6, 17)).day(date(2026, 6, 17)).placed

    assert (item.entry.kind, item.entry.status, item.entry.mode) == ("session", "completed", sched.Mode.PHONE)
    assert (item.entry.label, item.entry.client_color) == ("Ana", sched.client_color("c1"))
    assert sched.Entry.session("s1", entry.span, client="c1").label == "Session"


def test_an_entry_may_say_its_kind_status_and_mode_as_text() -> None:
    when = span(at(NEW_YORK, 2026, 6, 17, 12), 50)
    given_ = {"id": "s1", "starts_at": when.start, "ends_at": when.end, "client": "c1"}
    entry = sched.Entry(kind="session", status="no_show", mode="phone", **given_)

    assert entry.kind is sched.EntryKind.SESSION
    assert (entry.status, entry.mode) == (sched.ShownStatus.NO_SHOW, sched.Mode.PHONE)
    assert calendar(others=(entry,)).for_client("c1").others == (entry,)
    for field, wrong in (
        ("kind", "party"),
        ("kind", None),
        ("status", "pending"),
        ("mode", "fax"),
        ("mode", ["phone"]),
    ):
        with pytest.raises(sched.InvalidValue, match="give one of") as caught:
            sched.Entry(**({"kind": "session"} | given_ | {field: wrong}))
        assert caught.value.field == field


def test_a13_the_list_shows_the_statuss_colour() -> None:
    shown = calendar(booked()).listing()._repr_html_()
    client = next(color for color in sched.PALETTE if color.token == sched.client_color("c1"))

    assert sched.STATUS_COLORS[sched.ShownStatus.UPCOMING].background in shown
    assert client.background not in shown


def test_a13_both_colours_are_on_every_appointment() -> None:
    (item,) = calendar(booked()).week(date(2026, 6, 17)).day(date(2026, 6, 17)).placed

    assert item.entry.client_color == sched.client_color("c1")
    assert item.entry.status_color == "status-upcoming"


@pytest.mark.parametrize("status", AppointmentStatus)
def test_s26_every_state_is_shown_as_one_of_five(status: AppointmentStatus) -> None:
    (item,) = calendar(booked(status=status)).week(date(2026, 6, 17)).day(date(2026, 6, 17)).placed
    pending = status is AppointmentStatus.PENDING

    assert item.entry.status == ("upcoming" if pending else status)
    assert item.entry.awaiting_approval is pending


@pytest.mark.parametrize(
    ("minute", "status", "needs"),
    [
        (49, AppointmentStatus.UPCOMING, False),
        (50, AppointmentStatus.UPCOMING, True),
        (500, AppointmentStatus.PENDING, False),
        (500, AppointmentStatus.COMPLETED, False),
        (500, AppointmentStatus.IN_PROGRESS, False),
    ],
)
def test_a31_a_past_appointment_never_started_needs_an_outcome(
    minute: int, status: AppointmentStatus, needs: bool
) -> None:
    appointment = booked(status=status)
    now = appointment.starts_at + timedelta(minutes=minute)
    (item,) = calendar(appointment, now=now).week(date(2026, 6, 17)).day(date(2026, 6, 17)).placed

    assert item.entry.needs_outcome is needs
    assert item.entry.status == ("upcoming" if needs else item.entry.status)


def test_a_late_cancellation_and_a_late_move_are_flagged() -> None:
    from oasys_sched.booking.appointment import Cancellation, Initiator

    asked = Cancellation(reason="client_illness", initiator=Initiator.CLIENT,
                         requested_at=at(NEW_YORK, 2026, 6, 17, 9), late=True)  # fmt: skip
    grid = calendar(
        booked("a1", status=AppointmentStatus.CANCELLED, cancellation=asked),
        booked("a2", late_notice=True),
        booked("a3"),
    ).week(date(2026, 6, 17))

    assert {i.entry.id: i.entry.late for i in grid.day(date(2026, 6, 17)).placed} == {
        "a1": True,
        "a2": True,
        "a3": False,
    }


def test_working_hours_lie_on_their_days() -> None:
    night = sched.Span(at(NEW_YORK, 2026, 6, 17, 20), at(NEW_YORK, 2026, 6, 18, 2))
    grid = calendar(open=(night,)).week(date(2026, 6, 17))

    assert grid.day(date(2026, 6, 17)).open == ((at(NEW_YORK, 2026, 6, 17, 20), at(NEW_YORK, 2026, 6, 18)),)
    assert grid.day(date(2026, 6, 18)).open == ((at(NEW_YORK, 2026, 6, 18), at(NEW_YORK, 2026, 6, 18, 2)),)
    assert grid.day(date(2026, 6, 19)).open == ()


def test_names_and_titles_are_not_in_the_repr() -> None:
    calendar_ = calendar(
        booked(), client_names={"c1": "Ana Ruiz"}, others=(sched.Entry.block("b", booked().span, title="Dentist"),)
    )

    shown = repr(calendar_) + repr(calendar_.week(date(2026, 6, 17))) + repr(calendar_.listing())

    assert "Ana" not in shown
    assert "Dentist" not in shown


@given(
    zone=ZONES,
    day=st.dates(date(2011, 1, 1), date(2030, 12, 31)),
    starts=st.lists(st.tuples(st.integers(-3000, 60 * 24 * 45), st.integers(1, 3000)), max_size=25),
    view=st.sampled_from(["week", "month"]),
    week_start=st.integers(0, 6),
)
def test_s22_every_minute_of_every_entry_is_on_the_grid_once(
    zone: str, day: date, starts: list[tuple[int, int]], view: str, week_start: int
) -> None:
    """What the days show of an entry adds up to the entry cut to the grid; days follow each other without a gap."""
    base = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=20)
    others = tuple(
        sched.Entry.block(f"b{n}", span(base + timedelta(minutes=start), length))
        for n, (start, length) in enumerate(starts)
    )
    grid = calendar(zone=zone, others=others, week_start=week_start).view(view, day)

    for one, other in zip(grid.days, grid.days[1:], strict=False):
        assert one.ends_at.astimezone(UTC) == other.starts_at.astimezone(UTC)
    first, last = grid.days[0].starts_at.astimezone(UTC), grid.days[-1].ends_at.astimezone(UTC)
    for entry in others:
        shown = sum(
            (
                item.ends_at.astimezone(UTC) - item.starts_at.astimezone(UTC)
                for cell in grid.days
                for item in cell.placed
                if item.entry is entry
            ),
            timedelta(),
        )
        assert shown == max(timedelta(), min(entry.ends_at, last) - max(entry.starts_at, first))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30))
def test_no_two_overlapping_entries_share_a_column(lengths: list[tuple[int, int]]) -> None:
    base = datetime(2026, 1, 5, tzinfo=UTC)
    times = sorted(
        (base + timedelta(minutes=start), base + timedelta(minutes=start + length)) for start, length in lengths
    )
    placed = columns(times)

    assert len(placed) == len(times)
    for n, (start, end) in enumerate(times):
        column, count = placed[n]
        assert 0 <= column < count
        for m, (other_start, other_end) in enumerate(times[:n]):
            if start < other_end and other_start < end:
                assert placed[m][0] != column
                assert placed[m][1] == count
    most = max((sum(s <= start < e for s, e in times) for start, _ in times), default=0)
    assert max((count for _, count in placed), default=0) == most
