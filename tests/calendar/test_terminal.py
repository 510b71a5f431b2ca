"""A week and a month in a terminal: lines of one width, true times, and nothing that looks free but is not."""

import dataclasses
import re
from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.calendar.terminal import LEAST_WIDTH, Piece, fitted, month_lines, week_lines
from tests.calendar.made import NEW_YORK, at, booked, calendar, span
from tests.calendar.test_pictures import full_week

DAY = date(2026, 6, 17)
LORD_HOWE = "Australia/Lord_Howe"
TEN = at(NEW_YORK, 2026, 6, 15, 10)
# A name in each of many scripts, some with marks that have no column of their own.
NAMES = (
    "Ana Ruiz", "Zoe\u0301", "Björn Ødegård", "หมีที่นี่", "हिन्दी भाषा", "বাংলা", "தமிழ்", "മലയാളം", "ខ្មែរ", "မြန်မာ",
    "שָׁלוֹם", "مُحَمَّد", "王小明", "さくら", "ﾊﾝｶｸ", "한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8",
    "👍🏽👩\u200d👩\u200d👧", "❤\ufe0f", "1\ufe0f\u20e3",
    "ᠮᠣᠩᠭᠣᠯ", "བོད་", "a\u20dd", "\u0301lone", "e\u0301" * 9, "\ufeff\u00ad\u200e",
)  # fmt: skip


def plain(lines: Iterable[Iterable[Piece]]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def blocks(count: int, title: str = "") -> sched.Calendar:
    return calendar(others=tuple(sched.Entry.block(f"b{n}", span(TEN, 60), title=title) for n in range(count)))


def appointments(count: int, apart: int = 0) -> sched.Calendar:
    return calendar(
        *(booked(f"a{n}", TEN + timedelta(minutes=n * apart), client=f"c{n}", duration=timedelta(minutes=60))
          for n in range(count))
    )  # fmt: skip


def test_the_terminal_shows_a_week_in_lines_of_one_width() -> None:
    lines = plain(week_lines(full_week().week(DAY), width=90))

    assert "Mon 15" in lines[0]
    assert len({len(line) for line in lines}) == 1
    assert any("? Ana" in line for line in lines)
    assert any(":15" in line for line in lines)
    assert any("░" in line for line in lines)
    assert any("▒" in line for line in lines)
    assert any("·" in line for line in lines)


def test_a31_the_terminal_flags_what_needs_an_outcome_as_pictures_do() -> None:
    lines = plain(week_lines(full_week().week(DAY), width=90))

    assert any("○⚑ Björn" in line for line in lines)


def test_the_terminal_parts_what_stands_side_by_side() -> None:
    two = [booked(f"a{n}", at(NEW_YORK, 2026, 6, 15, 10), client=f"c{n}") for n in range(2)]
    names = {"c0": "Bartholomew", "c1": "Wilhelmina"}
    lines = plain(week_lines(calendar(*two, client_names=names).week(DAY)))

    assert [line.rstrip() for line in lines[1:]] == ["10:00  ○ Bar ○ Wil", "       │││││ │││││"]


def test_the_terminal_colours_by_client() -> None:
    pieces = [piece for line in week_lines(full_week().week(DAY)) for piece in line if piece.background]
    color = next(color for color in sched.PALETTE if color.token == sched.client_color("c0"))

    assert (color.background, color.ink) in {(piece.background, piece.ink) for piece in pieces}


def test_the_terminal_dots_hours_that_do_not_exist_and_repeats_those_that_come_twice() -> None:
    busy = sched.Entry.busy(span(at(NEW_YORK, 2026, 11, 1, 0), 240))
    lines = plain(week_lines(calendar(others=(busy,)).week(date(2026, 11, 1))))

    assert "Sun 1 25h" in lines[0]
    assert [line[:5] for line in lines[1:7]] == ["00:00", "     ", "01:00", "     ", "01:00", "     "]
    assert lines[5].count(".") == 12 * 6
    assert lines[3].count(".") == 0


def test_an_empty_week_in_the_terminal_is_working_time() -> None:
    assert len(week_lines(calendar().week(DAY))) == 1 + 16


@given(st.text() | st.sampled_from(NAMES), st.integers(0, 20))
def test_a_text_is_fitted_to_the_column_as_rich_counts_it(text: str, width: int) -> None:
    cells = pytest.importorskip("rich.cells")
    shown = fitted(text, width)

    # The tables of Unicode that Python and rich have are of different years.
    if text in NAMES or text.isascii():
        assert cells.cell_len(shown) == width
    assert "\x1b" not in shown
    assert "\n" not in shown


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_has_the_width_that_rich_gives_it(name: str) -> None:
    cells = pytest.importorskip("rich.cells")

    assert [cells.cell_len(fitted(name, width)) for width in range(30)] == list(range(30))


def test_a_letter_keeps_its_marks_and_no_mark_stands_alone() -> None:
    assert fitted("หมีที่นี่", 2) == "หมี"
    assert fitted("e\u0301e\u0301e\u0301", 2) == "e\u0301e\u0301"
    assert fitted("\u1112\u1161\u11ab\u1100\u116e\u11a8", 3) == "\u1112\u1161\u11ab "
    assert fitted("\u0301a", 0) == ""
    assert fitted("\u0301a", 2) == "a "


@pytest.mark.parametrize("name", NAMES)
def test_no_name_shifts_the_days_beside_it(name: str) -> None:
    cells = pytest.importorskip("rich.cells")
    shown = calendar(booked("a1", TEN), booked("a2", TEN), client_names={"c1": name})

    for lines in (week_lines(shown.week(DAY), width=60), month_lines(shown.month(DAY), width=60)):
        assert len({cells.cell_len(line) for line in plain(lines)}) == 1


@pytest.mark.parametrize("width", [*range(LEAST_WIDTH, 64), 80, 100, 120, 160])
@pytest.mark.parametrize("day", [DAY, date(2026, 3, 8), date(2026, 11, 1)])
def test_no_line_is_wider_than_asked_and_all_are_equal(width: int, day: date) -> None:
    shown = full_week()
    for lines in (week_lines(shown.week(day), width=width), month_lines(shown.month(day), width=width)):
        (wide,) = {len(line) for line in plain(lines)}
        assert width - 7 < wide <= width


@pytest.mark.parametrize("width", [LEAST_WIDTH - 1, 20, 0, -1, 80.0, "80", True, None])
def test_a_width_that_cannot_work_is_refused(width: Any) -> None:
    with pytest.raises(sched.InvalidValue, match="width: give a whole number from 49"):
        week_lines(calendar().week(DAY), width=width)
    with pytest.raises(sched.InvalidValue, match="width: give a whole number from 49"):
        month_lines(calendar().month(DAY), width=width)


def test_a_grid_of_the_other_view_is_refused_with_what_would_work() -> None:
    with pytest.raises(sched.InvalidValue, match="grid: give a week; month_lines draws a month"):
        week_lines(calendar().month(DAY))
    with pytest.raises(sched.InvalidValue, match="grid: give a month; week_lines draws a week"):
        month_lines(calendar().week(DAY))


@pytest.mark.parametrize(
    "step", [timedelta(0), timedelta(minutes=-30), timedelta(seconds=90), timedelta(days=1, minutes=1), 30, None]
)
def test_a_step_that_is_no_whole_minutes_of_a_day_is_refused(step: Any) -> None:
    with pytest.raises(sched.InvalidValue, match="step: give whole minutes, from one minute to a day"):
        week_lines(calendar().week(DAY), step=step)


def test_a_step_may_be_a_minute_or_a_day() -> None:
    assert len(week_lines(calendar().week(DAY), step=timedelta(minutes=1))) == 1 + 8 * 60
    assert len(week_lines(calendar().week(DAY), step=timedelta(days=1))) == 1 + 1


def test_days_names_stand_on_as_many_lines_as_they_need() -> None:
    autumn = calendar().week(date(2026, 3, 29))

    assert plain(week_lines(autumn, width=56))[0].split() == ["Mon", "23", "Tue", "24", "Wed", "25", "Thu", "26", "Fri",
                                                              "27", "Sat", "28", "Sun", "29"]  # fmt: skip
    half = calendar(zone=LORD_HOWE).week(date(2026, 4, 5))
    assert plain(week_lines(half))[0].endswith("Sun 5 24.5h  ")
    assert [line.split() for line in plain(week_lines(half, width=60))[:2]] == [
        ["Mon", "30", "Tue", "31", "Wed", "1", "Thu", "2", "Fri", "3", "Sat", "4", "Sun", "5"],
        ["24.5h"],
    ]
    assert [line.split()[-1] for line in plain(week_lines(half, width=49))[:3]] == ["Sun", "5", "24.5h"]


def test_a_length_that_fits_no_column_is_cut() -> None:
    odd = plain(week_lines(calendar(zone="Africa/Monrovia").week(date(1972, 1, 7)), width=49))

    assert odd[2].split() == ["23.25"]
    assert {len(line) for line in odd} == {49}


@pytest.mark.parametrize(("width", "room"), [(60, 6), (80, 9), (100, 12)])
def test_busy_time_never_looks_free(width: int, room: int) -> None:
    for count in range(1, 30):
        for shown in (blocks(count), blocks(count, "会议"), blocks(count, " "), appointments(count)):
            for line in plain(week_lines(shown.week(DAY), width=width))[1:]:
                cell = line[7 : 7 + room].rstrip()
                assert cell
                assert ("+" in cell) == (count > room)


def test_each_of_many_beside_each_other_has_a_column_and_the_rest_is_counted() -> None:
    def first(shown: sched.Calendar) -> list[str]:
        return [line[:14].rstrip() for line in plain(week_lines(shown.week(DAY), width=60))[1:]]

    assert first(blocks(3, "Lunch")) == ["10:00  L L L", "       ▒ ▒ ▒"]
    assert first(blocks(5, "Lunch")) == ["10:00  LuLLLL", "       ▒▒▒▒▒▒"]
    assert first(blocks(6, "会议")) == ["10:00  ▒▒▒▒▒▒", "       ▒▒▒▒▒▒"]
    assert first(appointments(7)) == ["10:00  ○○○○+3", "       ││││+3"]
    assert first(appointments(16)) == ["10:00  ○○○+13", "       │││+13"]
    assert first(blocks(1001)) == ["10:00  BB+999", "       ▒▒+999"]
    assert plain(week_lines(blocks(1001).week(DAY), width=49))[2:4] == [
        f"{label:<7}+1001{' ' * 37}" for label in ("10:00", "")
    ]


def test_those_that_have_a_column_have_their_clients_colour() -> None:
    line = week_lines(appointments(7).week(DAY), width=60)[2]

    assert [piece.background is not None for piece in line[1:6]] == [True, True, True, True, False]
    assert line[5].text == "+3"


def test_a_line_is_labelled_with_the_time_it_begins_at() -> None:
    shown = calendar(
        booked("a1", at(NEW_YORK, 2026, 6, 15, 9, 45)),
        booked("a2", at(NEW_YORK, 2026, 6, 15, 11, 10)),
        open=(span(at(NEW_YORK, 2026, 6, 15, 9), 180),),
        service_names={"therapy-50": "X"},
    )

    def lines(minutes: int) -> list[str]:
        return [
            line[:19].rstrip() for line in plain(week_lines(shown.week(DAY), step=timedelta(minutes=minutes)))[1:]
        ]  # fmt: skip

    assert lines(45) == ["09:00  ·", "09:45  ○ X", "10:30  │││││ :10 ○", "11:15  ││││││││││││"]
    assert lines(60) == ["09:00  :45 ○ X", "10:00  ││││││││││││", "11:00  :10 ○ X"]
    assert lines(90) == ["09:00  09:45 ○ X", "10:30  │││││ ○ X"]
    assert lines(15)[:5] == ["09:00  ·", "       ·", "       ·", "       ○ X", "10:00  ││││││││││││"]


def test_what_starts_in_a_later_hour_of_its_line_says_the_hour() -> None:
    shown = calendar(booked("a1", at(NEW_YORK, 2026, 6, 15, 10, 15)), open=(span(at(NEW_YORK, 2026, 6, 15, 9), 90),))

    assert plain(week_lines(shown.week(DAY), step=timedelta(minutes=90)))[1].startswith("09:00  10:15 ○ App")


def test_lines_are_true_after_a_half_hour_that_came_twice() -> None:
    block = sched.Entry.block("b", span(at(LORD_HOWE, 2026, 4, 5, 2, 30), 60), title="B")
    shown = calendar(others=(block,), open=(span(at(LORD_HOWE, 2026, 4, 5), 240),), zone=LORD_HOWE)

    assert [
        (line[:5], line[-13:].rstrip())
        for line in plain(week_lines(shown.week(date(2026, 4, 5)), step=timedelta(minutes=60)))[1:]
    ] == [("00:00", "·"), ("01:00", "·"), ("01:30", "·"), ("02:00", ":30 B"), ("03:00", "▒▒▒▒▒▒▒▒▒▒▒▒")]


def test_a_day_that_begins_an_hour_late_and_one_of_26_hours_are_labelled_by_the_clock() -> None:
    night = sched.Entry.block("b", span(at("Antarctica/Troll", 2026, 10, 25), 6 * 60), title="B")
    labels = [
        line[:5].strip()
        for line in plain(week_lines(calendar(others=(night,), zone="Antarctica/Troll").week(date(2026, 10, 25)),
                                     step=timedelta(minutes=45)))[1:]
    ]  # fmt: skip

    assert labels == ["00:00", "00:45", "01:30", "02:15", "01:00", "01:45", "02:30", "03:00", "03:45"]


@pytest.mark.parametrize("seconds", [(0, 40), (0.5, 1), (59, 60), (30, 70), (1790, 1820)])
def test_what_takes_seconds_is_drawn_on_the_lines_it_touches(seconds: tuple[float, float]) -> None:
    start, end = (TEN + timedelta(seconds=second) for second in seconds)
    shown = calendar(others=(sched.Entry.block("b", sched.Span(start, end), title="B"),))
    cells = [line[7:19].strip() for line in plain(week_lines(shown.week(DAY)))[1:]]

    assert cells == [":29 B" if seconds[0] > 1000 else "B", "▒" * 12 if seconds[1] > 1800 else ""]


@given(st.lists(st.tuples(st.integers(0, 167 * 3600), st.integers(1, 90_000)), min_size=1, max_size=4),
       st.sampled_from([7, 30, 45, 60, 90]),
       st.sampled_from(["2026-03-08", "2026-11-01", "2026-06-17"]))  # fmt: skip
def test_everything_on_a_day_is_drawn_on_a_line(times: list[tuple[int, int]], step: int, day: str) -> None:
    monday = calendar().week(date.fromisoformat(day)).days[0].starts_at
    utc = monday.astimezone(UTC)
    spans = [sched.Span(utc + timedelta(seconds=at), utc + timedelta(seconds=at + long)) for at, long in times]
    grid = calendar(others=tuple(sched.Entry.busy(one) for one in spans)).week(date.fromisoformat(day))
    lines = plain(week_lines(grid, step=timedelta(minutes=step)))[1:]

    for n, cell in enumerate(grid.days):
        column = "".join(line[7 + 13 * n : 7 + 13 * n + 12] for line in lines).replace(".", "")
        assert bool(column.strip()) == bool(cell.placed)


def test_s22_a_month_is_a_page_of_weeks_by_weekdays() -> None:
    shown = plain(month_lines(full_week().month(DAY), width=120))

    assert [line.rstrip() for line in shown[:2]] == [
        "June 2026  ·  America/New_York",
        "Mon              Tue              Wed              Thu              Fri              Sat              Sun",
    ]
    assert [line[:5].rstrip(" ─") for line in shown if "─" in line] == ["1", "8", "15", "22", "29"]
    # A quiet week is two lines, the fullest day makes a week taller.
    assert len(shown) == 2 + 4 * 2 + 5
    week = [[line[17 * n : 17 * n + 16].rstrip(" ─") for line in shown[6:11]] for n in range(7)]
    assert week[0] == ["15", "10:00 ? Ana", "", "", ""]
    assert week[1] == ["16", "10:00 ○⚑ Björn", "13:00 Busy", "15:00 Ana", "16:00 Free"]
    # What comes over from the day before has no start here.
    assert [week[5][1], week[6][1]] == ["10:00 ! Individu", "On call"]
    assert week[5][2] == "22:00 On call"


def test_days_of_other_months_stand_in_brackets_and_are_dim() -> None:
    last = next(line for line in month_lines(calendar().month(DAY)) if line[0].text.startswith("29"))

    assert [piece.text.split()[0] for piece in last[::2]] == ["29", "30", "(1)", "(2)", "(3)", "(4)", "(5)"]
    assert [piece.dim for piece in last[::2]] == [False, False, True, True, True, True, True]


def test_what_has_no_room_in_a_months_day_is_counted() -> None:
    names = {f"c{n}": f"C{n}" for n in range(6)}

    def day(count: int) -> list[str]:
        shown = dataclasses.replace(appointments(count, 15), client_names=names)
        return [line[:13].rstrip(" ─") for line in plain(month_lines(shown.month(DAY)))[6:-4]]

    assert day(4) == ["15", "10:00 ○ C0", "10:15 ○ C1", "10:30 ○ C2", "10:45 ○ C3"]
    assert day(5) == ["15", "10:00 ○ C0", "10:15 ○ C1", "10:30 ○ C2", "+2"]
    assert day(6)[-1] == "+3"


def test_s23_a_month_is_coloured_by_client() -> None:
    color = next(color for color in sched.PALETTE if color.token == sched.client_color("c1"))
    pieces = [piece for line in month_lines(calendar(booked()).month(DAY)) for piece in line if piece.background]

    assert pieces == [Piece("10:00 ○ Appoi", color.background, color.ink)]


def test_a_month_marks_days_of_other_lengths() -> None:
    def marked(zone: str, day: date, width: int = 100) -> list[str]:
        return [
            line
            for line in plain(month_lines(calendar(zone=zone).month(day), width=width))
            if re.search("[0-9]h", line)
        ]

    assert "8 23h ─" in marked(NEW_YORK, date(2026, 3, 5))[0]
    assert "1 25h ─" in marked(NEW_YORK, date(2026, 11, 5))[0]
    assert marked(LORD_HOWE, date(2026, 4, 5), 49)[-1].split() == ["24.5h"]
    apia = plain(month_lines(calendar(zone="Pacific/Apia").month(date(2011, 12, 8))))
    assert "30 0h ─" in apia[-2]
    assert apia[-1].split() == ["." * 13]
