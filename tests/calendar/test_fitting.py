"""Words in boxes: as much as fits, with a sign that there was more."""

from hypothesis import given
from hypothesis import strategies as st

from oasys_sched.calendar.fitting import cut, wrapped
from oasys_sched.markup import printable


def test_what_fits_stays_whole_and_what_does_not_says_so() -> None:
    assert cut("Chloé Martin", 120, 10) == "Chloé Martin"
    assert cut("Chloé Martin", 60, 10) == "Chloé M…"
    assert cut("Chloé Martin", 50, 10) == "Chloé…"
    assert cut("Chloé Martin", 20, 10) == "Chl"
    assert cut("Chloé Martin", 0, 10) == ""
    assert cut("王小明王小明", 42, 10) == "王小明…"
    assert cut("王小明王小明", 32, 10) == "王小明"


def test_wide_letters_take_the_room_that_they_have() -> None:
    assert cut("Mwamba Mwamba", 112, 11, bold=True) == "Mwamba Mwa…"
    assert cut("GWENDOLYN WOODWARD", 60, 11, bold=True) == "GWEN…"
    assert cut("illicit", 32, 10) == "illicit"
    assert len(cut("😀" * 9, 60, 10)) < len(cut("王" * 9, 60, 10))


def test_a_cut_takes_a_letter_with_its_accents_or_leaves_both() -> None:
    name = "Rene\u0301e Descartes"

    cuts = {cut(name, room, 10) for room in range(200)}
    assert "Rene\u0301…" in cuts
    assert not [one for one in cuts if one.rstrip("…").endswith("Rene")]


def test_a_very_long_text_is_cut_as_fast_as_it_is_read() -> None:
    """Each line looks at what it has room for: a text twice as long is not looked at four times as long."""
    for text in ("ab " * 300_000, "a" * 900_000, "ab\u200b " * 200_000):
        assert len(wrapped(text, 120, 11, 14)) in {1, 14}


def test_a_name_is_broken_at_its_blanks_before_it_is_cut() -> None:
    assert wrapped("Ana Ruiz", 100, 11, 2) == ["Ana Ruiz"]
    assert wrapped("Ana Maria Ruiz", 70, 11, 3) == ["Ana Maria", "Ruiz"]
    assert wrapped("Ana Maria Ruiz", 70, 11, 1) == ["Ana Mar…"]
    assert wrapped("Bartholomew Ruiz", 40, 11, 2) == ["Bar…", "Ruiz"]
    assert wrapped("  ", 40, 11, 2) == []


@given(st.text(), st.floats(0, 400), st.integers(6, 20), st.booleans())
def test_a_cut_text_is_a_beginning_and_wider_boxes_hold_no_less(text: str, room: float, size: int, bold: bool) -> None:
    narrow, wide = cut(text, room, size, bold=bold), cut(text, room + 50, size, bold=bold)

    assert printable(text).startswith(narrow.removesuffix("…")) or narrow == printable(text)
    assert len(wide) >= len(narrow.removesuffix("…"))


@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), max_size=6), st.integers(10, 200), st.integers(1, 4))
def test_lines_are_few_and_keep_the_words_in_order(words: list[str], room: int, most: int) -> None:
    lines = wrapped(" ".join(words), room, 11, most)

    assert len(lines) <= most
    later = iter(words)
    assert all(any(word[0] == line[0] for word in later) for line in lines)
    assert wrapped(" ".join(words), 1000, 11, most) == [" ".join(words)] * bool(words)
