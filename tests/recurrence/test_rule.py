"""Rules as values and as text: what is accepted, what is refused and how, and how it reads."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from oasys_sched import Code, Frequency, InvalidValue, NthWeekday, Rule, Skip, Weekday
from oasys_sched.testing.strategies import rules

LONG = os.environ.get("OASYS_PROFILE") == "long"


@pytest.mark.parametrize(
    ("given", "text", "sentence"),
    [
        ({"weeks": 1}, "FREQ=WEEKLY", "every week"),
        (
            {"weeks": 2, "on": ("mon", "thu"), "count": 12},
            "FREQ=WEEKLY;COUNT=12;INTERVAL=2;BYDAY=MO,TH",
            "every 2 weeks on Monday and Thursday, 12 times",
        ),
        ({"days": 3, "count": 1}, "FREQ=DAILY;COUNT=1;INTERVAL=3", "every 3 days, once"),
        ({"days": 1, "count": 2}, "FREQ=DAILY;COUNT=2", "every day, 2 times"),
        ({"weeks": 1, "on": "Friday"}, "FREQ=WEEKLY;BYDAY=FR", "every week on Friday"),
        (
            {"months": 1, "days_of_month": (15, -1)},
            "FREQ=MONTHLY;BYMONTHDAY=15,-1",
            "every month on the 15th and last day",
        ),
        ({"months": 1, "days_of_month": (-2,)}, "FREQ=MONTHLY;BYMONTHDAY=-2", "every month on the 2nd last day"),
        ({"months": 1, "on": ("2nd tue",)}, "FREQ=MONTHLY;BYDAY=2TU", "every month on the 2nd Tuesday"),
        (
            {"months": 2, "on": ("last fri",), "until": date(2026, 12, 31)},
            "FREQ=MONTHLY;UNTIL=20261231;INTERVAL=2;BYDAY=-1FR",
            "every 2 months on the last Friday, until 31 December 2026",
        ),
        (
            {"years": 1, "in_months": (11,), "on": ("4th thu",), "until": datetime(2030, 1, 1, 9)},
            "FREQ=YEARLY;UNTIL=20300101T090000;BYMONTH=11;BYDAY=4TH",
            "every year in November on the 4th Thursday, until 1 January 2030 09:00",
        ),
        (
            {"months": 1, "on": ("mon", "tue", "wed"), "positions": (-1,), "week_start": "SU"},
            "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1;WKST=SU",
            "every month on Monday, Tuesday and Wednesday (the last of these)",
        ),
        (
            {"months": 1, "days_of_month": (13,), "on": ("fri",)},
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "every month on the 13th if a Friday",
        ),
    ],
)
def test_s10_patterns_have_readable_constructors_text_and_sentences(
    given: dict[str, Any], text: str, sentence: str
) -> None:
    rule = Rule.every(**given)

    assert (str(rule), rule.describe()) == (text, sentence)
    assert Rule.parse(text) == rule
    assert repr(rule) == f"Rule.parse('{text}')"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO", "every year in week 20 and the last week on Monday"),
        ("FREQ=YEARLY;BYWEEKNO=-2", "every year in the 2nd last week"),
        ("FREQ=YEARLY;BYWEEKNO=1", "every year in week 1"),
        ("FREQ=YEARLY;BYYEARDAY=111,-1", "every year on the 111th of the year and last day of the year"),
        ("FREQ=MONTHLY;BYDAY=MO,2WE", "every month on every Monday and the 2nd Wednesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR,1MO", "every month on the 13th if the 1st Monday or a Friday"),
        ("FREQ=YEARLY;BYYEARDAY=1,100", "every year on the 1st of the year and 100th of the year"),
        ("FREQ=DAILY;BYHOUR=9,13", "every day at 2 times of day"),
        ("FREQ=DAILY;BYHOUR=9;UNTIL=20260301T090000Z", "every day at 1 time of day, until 1 March 2026 09:00 UTC"),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", "every month, or the day before where there is none"),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD", "every month, or the day after where there is none"),
        ("FREQ=MONTHLY;BYMONTHDAY=11,12,13,21,22,23", "every month on the 11th, 12th, 13th, 21st, 22nd and 23rd"),
    ],
)
def test_imported_rules_read_as_sentences_too(text: str, sentence: str) -> None:
    assert Rule.parse(text).describe() == sentence
    assert Rule.parse(str(Rule.parse(text))) == Rule.parse(text)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, Code.INVALID_PATTERN, "every"),
        ({"weeks": 1, "days": 1}, Code.INVALID_PATTERN, "every"),
        ({"weeks": 0}, Code.INVALID_PATTERN, "interval"),
        ({"weeks": True}, Code.INVALID_PATTERN, "interval"),
        ({"weeks": 1001}, Code.INVALID_PATTERN, "interval"),
        ({"weeks": 1, "on": ("moonday",)}, Code.INVALID_PATTERN, "on"),
        ({"weeks": 1, "on": ("sixth mon",)}, Code.INVALID_PATTERN, "on"),
        ({"weeks": 1, "on": (3,)}, Code.INVALID_PATTERN, "on"),
        ({"weeks": 1, "on": ("2nd mon",)}, Code.INVALID_PATTERN, "by_day"),
        ({"months": 1, "on": ("6MO",)}, Code.INVALID_PATTERN, "by_day"),
        ({"years": 1, "on": ("54MO",)}, Code.INVALID_PATTERN, "by_day"),
        ({"weeks": 1, "week_start": "x"}, Code.INVALID_PATTERN, "week_start"),
        ({"weeks": 1, "days_of_month": (1,)}, Code.INVALID_PATTERN, "by_month_day"),
        ({"months": 1, "days_of_month": (0,)}, Code.INVALID_PATTERN, "by_month_day"),
        ({"months": 1, "days_of_month": tuple(range(1, 32)) * 3}, Code.INVALID_PATTERN, "by_month_day"),
        ({"months": 1, "in_months": (2,), "days_of_month": (30, 31)}, Code.INVALID_PATTERN, "by_month_day"),
        ({"months": 1, "in_months": (-1,)}, Code.INVALID_PATTERN, "by_month"),
        ({"weeks": 1, "positions": (1,)}, Code.INVALID_PATTERN, "by_set_pos"),
        ({"weeks": 1, "until": date(2026, 1, 1), "count": 3}, Code.END_AMBIGUOUS, "count"),
        ({"weeks": 1, "count": 0}, Code.INVALID_END, "count"),
        ({"weeks": 1, "count": 2.0}, Code.INVALID_END, "count"),
        ({"weeks": 1, "count": 5001}, Code.TOO_MANY_OCCURRENCES, "count"),
        ({"weeks": 1, "until": "2026-01-01"}, Code.INVALID_END, "until"),
        ({"weeks": 1, "until": datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))}, Code.INVALID_END, "until"),
    ],
)
def test_s10_s11_a_wrong_pattern_is_refused_by_code_and_field(given: dict[str, Any], code: Code, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Rule.every(**given)

    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.INVALID_PATTERN),
        ("COUNT=3", Code.INVALID_PATTERN),
        ("FREQ=SECONDLY", Code.INVALID_PATTERN),
        ("FREQ=MINUTELY;COUNT=2", Code.INVALID_PATTERN),
        ("FREQ=HOURLY", Code.INVALID_PATTERN),
        ("FREQ=FORTNIGHTLY", Code.INVALID_PATTERN),
        ("FREQ=DAILY;FREQ=DAILY", Code.INVALID_PATTERN),
        ("FREQ=DAILY;INTERVAL=0", Code.INVALID_PATTERN),
        ("FREQ=DAILY;INTERVAL=1.5", Code.INVALID_PATTERN),
        ("FREQ=DAILY;INTERVAL=99999999999", Code.INVALID_PATTERN),
        ("FREQ=DAILY;INTERVAL=\u0661", Code.INVALID_PATTERN),
        ("FREQ=DAILY;COUNT=1000000000", Code.TOO_MANY_OCCURRENCES),
        ("FREQ=DAILY;COUNT=3;UNTIL=20260101", Code.END_AMBIGUOUS),
        ("FREQ=DAILY;UNTIL=20260230", Code.INVALID_END),
        ("FREQ=DAILY;UNTIL=tomorrow", Code.INVALID_END),
        ("FREQ=DAILY;UNTIL=20261231T235961Z", Code.INVALID_END),
        ("FREQ=MONTHLY;BYSETPOS=;BYDAY=MO", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;BYDAY=", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;BYDAY=0MO", Code.INVALID_PATTERN),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", Code.INVALID_PATTERN),
        ("FREQ=WEEKLY;BYMONTHDAY=1", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;BYYEARDAY=1", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;BYWEEKNO=1", Code.INVALID_PATTERN),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", Code.INVALID_PATTERN),
        ("FREQ=DAILY;BYHOUR=24", Code.INVALID_PATTERN),
        (
            "FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60))) + ";BYHOUR=" + ",".join(map(str, range(24))),
            Code.INVALID_PATTERN,
        ),
        ("FREQ=DAILY;X-FOO=1", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;SKIP=BACKWARD", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=SIDEWAYS", Code.INVALID_PATTERN),
        ("FREQ=MONTHLY;RSCALE=HEBREW", Code.INVALID_PATTERN),
        ("FREQ=DAILY;" + "A" * 5000, Code.INVALID_PATTERN),
    ],
)
def test_s10_hostile_or_wrong_text_is_refused_at_once(text: str, code: Code) -> None:
    with pytest.raises(InvalidValue) as caught:
        Rule.parse(text)

    assert caught.value.code is code
    assert caught.value.field is not None


def test_text_is_read_as_the_world_writes_it() -> None:
    assert Rule.parse(" rrule:freq=weekly;byday=mo; ") == Rule.every(weeks=1, on="mon")
    assert Rule.parse("FREQ=DAILY;UNTIL=20261231T235960Z").until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert Rule.parse("FREQ=DAILY;UNTIL=20260301T090000").until == datetime(2026, 3, 1, 9)
    assert Rule.parse("FREQ=DAILY;RSCALE=GREGORIAN") == Rule.every(days=1)
    with pytest.raises(InvalidValue):
        Rule.parse(7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule(frequency=Frequency.MONTHLY, skip=Skip.BACKWARD), "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD"),
        (Rule(frequency=Frequency.YEARLY, skip=Skip.FORWARD), "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD"),
        (
            Rule.every(days=1, until=datetime(2026, 3, 1, 9, tzinfo=timezone(-timedelta(hours=5)))),
            "FREQ=DAILY;UNTIL=20260301T140000Z",
        ),
    ],
)
def test_text_is_written_as_the_rfcs_spell_it(rule: Rule, text: str) -> None:
    assert str(rule) == text


def test_a_rule_is_a_value_whatever_the_order_it_was_written_in() -> None:
    one = Rule(frequency=Frequency.MONTHLY, by_month_day=(31, -1, 1, 1))
    two = Rule.parse("BYMONTHDAY=1,31,-1;FREQ=MONTHLY")

    assert one == two
    assert hash(one) == hash(two)
    assert one.skip is Skip.OMIT
    with pytest.raises(InvalidValue):
        Rule(frequency="HOURLY")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue):
        Rule(frequency=Frequency.DAILY, by_day=(NthWeekday(Weekday.MON),) * 65)


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY", "HOURLY"])
def test_what_repeats_within_a_day_is_told_that_nothing_here_does(often: str) -> None:
    with pytest.raises(InvalidValue, match="nothing here repeats more often than daily"):
        Rule.parse(f"FREQ={often}")


def test_text_of_four_kilobytes_is_read_and_one_character_more_is_not() -> None:
    too_long = "give RFC 5545 text of at most 4096 characters"
    for size, told in ((4096, False), (4097, True)):
        with pytest.raises(InvalidValue) as refused:
            Rule.parse("X" * size)
        assert (refused.value.problem == too_long) is told


def test_what_is_no_frequency_or_weekday_is_told_which_there_are() -> None:
    with pytest.raises(InvalidValue, match="repeat DAILY, WEEKLY, MONTHLY or YEARLY"):
        Rule.parse("FREQ=NEVER")
    with pytest.raises(InvalidValue, match=r"^weekday: unknown weekday"):
        Weekday.parse("someday")


def test_weekdays_are_ordered_by_their_numbers_and_plain_ones_stand_at_nothing() -> None:
    mixed = [NthWeekday(Weekday.MON, n) for n in (2, 1, None, -1)]

    assert sorted(mixed, key=NthWeekday.sort_key) == mixed[::-1]


def test_a_plain_weekday_comes_before_its_numbered_ones() -> None:
    assert str(Rule.parse("FREQ=MONTHLY;BYDAY=1MO,MO")) == str(Rule.parse("FREQ=MONTHLY;BYDAY=MO,1MO"))
    assert str(Rule.parse("FREQ=MONTHLY;BYDAY=1MO,MO")).endswith("BYDAY=MO,1MO")


@pytest.mark.parametrize("number", [-53, -1, 1, 53])
def test_a_weekday_is_numbered_up_to_53_from_either_end(number: int) -> None:
    assert NthWeekday(Weekday.MON, number).nth == number
    with pytest.raises(InvalidValue):
        NthWeekday(Weekday.MON, 0)
    with pytest.raises(InvalidValue):
        NthWeekday(Weekday.MON, number * 54)


@given(rules())
def test_text_round_trips(rule: Rule) -> None:
    assert Rule.parse(str(rule)) == rule
    assert rule.describe()


WORDS = """FREQ= DAILY WEEKLY MONTHLY YEARLY ; , = : - + COUNT= UNTIL= 20260101 T090000 Z INTERVAL= BYDAY= MO 2TU -1FR
BYMONTH= BYMONTHDAY= BYSETPOS= BYYEARDAY= BYWEEKNO= BYHOUR= WKST= SU RSCALE= GREGORIAN SKIP=
FORWARD 0 1 31 -1 366 9999"""
_words = st.sampled_from(WORDS.split())


@settings(max_examples=20_000 if LONG else 200)
@given(st.lists(_words, max_size=25).map("".join) | st.text(max_size=200))
@example("FREQ=DAILY;COUNT=\u00b2")
@example("FREQ=DAILY;UNTIL=00000101")
def test_the_parser_only_ever_raises_typed_errors(text: str) -> None:
    try:
        rule = Rule.parse(text)
    except InvalidValue as caught:
        event(str(caught.code))
        return
    assert Rule.parse(str(rule)) == rule


def test_a_part_takes_as_many_values_as_the_limit_says() -> None:
    numbered = tuple(NthWeekday(Weekday.MON, n) for n in range(-53, 12) if n)
    days = tuple(range(1, 65))

    assert Rule(frequency=Frequency.YEARLY, by_year_day=days).by_year_day == days
    assert Rule(frequency=Frequency.YEARLY, by_day=numbered).by_day == numbered
    for field, values in (("by_year_day", (*days, 65)), ("by_day", (*numbered, NthWeekday(Weekday.TUE)))):
        with pytest.raises(InvalidValue, match="give at most 64") as caught:
            Rule(frequency=Frequency.YEARLY, **{field: values})  # type: ignore[arg-type]
        assert caught.value.field == field


@pytest.mark.parametrize(("given", "said"), [
    ({"frequency": "WEEKLY", "by_month_day": (1,)}, "cannot be combined with weekly repetition"),
    ({"frequency": "YEARLY", "by_month": (13,)}, "give numbers from 1 to 12"),
    ({"frequency": "MONTHLY", "by_month_day": (32,)}, "give numbers from 1 to 31, or negative from the end"),
])  # fmt: skip
def test_what_is_wrong_with_a_part_is_said_in_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Rule(**given)
    assert caught.value.problem == said


def test_an_aware_end_is_kept_in_utc() -> None:
    until = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    kept = Rule.every(days=1, until=until).until

    assert isinstance(kept, datetime)
    assert kept == until
    assert kept.tzinfo is UTC
