"""Documents as plain dicts: what is read, what is refused and where, and the schemas that are committed."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.schema.forms import ExpandRequest, SlotsRequest

COMMITTED = Path(__file__).parents[1] / "schema"
START, END = "2026-06-15T09:00:00-04:00", "2026-06-15T10:00:00-04:00"
DOCUMENT: dict[str, Any] = {
    "zone": "America/New_York",
    "hours": {"mon-fri": "09:00-12:00, 13:00-17:00"},
    "overrides": {"2026-12-25": ""},
    "blocks": [{"start": START, "end": END, "title": "Supervision", "id": "b1"}],
    "busy": [{"start": START, "end": END}],
    "service": {"duration": "PT50M"},
    "policy": {"minimum_notice": "PT24H", "maximum_advance": "P3M", "slot_step": "PT15M"},
    "now": "2026-06-01T00:00:00Z",
    "window": {"start": "2026-06-15T00:00:00Z", "end": "2026-06-16T00:00:00Z"},
}


def changed(path: str, value: object) -> dict[str, Any]:
    document = json.loads(json.dumps(DOCUMENT))
    at: Any = document
    *way, last = path.split(".")
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    at[int(last) if isinstance(at, list) else last] = value
    return document


def refused(kind: type, document: object) -> sched.InvalidValue:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.from_dict(kind, document)
    return caught.value


@pytest.mark.parametrize("name", sched.SCHEMAS)
def test_the_committed_schema_is_the_one_the_code_gives(name: str) -> None:
    committed = json.loads((COMMITTED / f"{name}.json").read_text())

    assert committed == sched.json_schema(name), "run: python -m oasys_sched schema NAME > schema/NAME.json"


def test_every_committed_schema_belongs_to_a_document() -> None:
    assert {path.stem for path in COMMITTED.glob("*.json")} == set(sched.SCHEMAS)


def test_a_schema_of_no_document_is_refused() -> None:
    with pytest.raises(sched.InvalidValue, match="name: give one of service"):
        sched.json_schema("diaries")


def test_a_question_becomes_the_librarys_own_values() -> None:
    request = sched.from_dict(SlotsRequest, DOCUMENT)

    assert request.service == sched.Service(duration=timedelta(minutes=50))
    assert request.policy == sched.BookingPolicy(
        minimum_notice=sched.Period.parse("PT24H"), maximum_advance=sched.Period.parse("P3M")
    )
    assert request.diary == sched.Diary(
        hours=sched.WeeklyHours.parse(DOCUMENT["hours"], zone="America/New_York"),
        overrides=(sched.DateOverride.closed(date(2026, 12, 25)),),
        blocks=(
            sched.TimeBlock(
                span=sched.Span(datetime.fromisoformat(START), datetime.fromisoformat(END)),
                title="Supervision",
                id="b1",
            ),
        ),
        busy=(sched.Span(datetime.fromisoformat(START), datetime.fromisoformat(END)),),
    )
    assert request.now == datetime(2026, 6, 1, tzinfo=UTC)
    assert (request.start, request.mode, request.location) == (None, None, None)


def test_what_is_left_out_takes_its_default() -> None:
    document = {key: DOCUMENT[key] for key in ("zone", "service", "now")}
    request = sched.from_dict(SlotsRequest, document)

    assert request.policy == sched.BookingPolicy()
    assert request.diary == sched.Diary(hours=sched.WeeklyHours.parse({}, zone="America/New_York"))
    assert request.window is None


def test_yamls_own_dates_and_times_are_taken() -> None:
    document = changed("overrides", {date(2026, 12, 25): "10:00-12:00"}) | {"now": datetime(2026, 6, 1, tzinfo=UTC)}
    document["blocks"] = [
        {
            "start": datetime.fromisoformat(START),
            "end": datetime.fromisoformat(END),
        },
        {"start": datetime(2026, 6, 15, 12), "end": datetime(2026, 6, 15, 13), "rule": "FREQ=DAILY"},
    ]
    request = sched.from_dict(SlotsRequest, document)

    assert request.diary.overrides == (sched.DateOverride.parse(date(2026, 12, 25), "10:00-12:00"),)
    assert len(request.diary.blocks) == 2


def test_a_block_can_repeat() -> None:
    lunch = {"start": "2026-06-15T12:00:00", "end": "2026-06-15T13:00:00", "rule": "FREQ=DAILY", "title": "Lunch"}
    (block,) = sched.from_dict(SlotsRequest, changed("blocks", [lunch])).diary.blocks

    assert isinstance(block, sched.RecurringBlock)
    assert (block.title, block.series.duration) == ("Lunch", timedelta(hours=1))


def test_an_empty_busy_time_takes_nothing() -> None:
    assert sched.from_dict(SlotsRequest, changed("busy", [{"start": START, "end": START}])).diary.busy == ()


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("zone", "Mars/Olympus", "zone", "unknown_zone"),
        ("zone", "../../etc/passwd", "zone", "unknown_zone"),
        ("zone", 3, "zone", "invalid_value"),
        ("hours", [1], "hours", "invalid_value"),
        ("hours", {"mon": "9-17"}, "hours.mon", "invalid_hours"),
        ("hours", {"moonday": "09:00-17:00"}, "hours.moonday", "invalid_hours"),
        ("hours", {"mon": 9}, "hours.mon", "invalid_value"),
        ("overrides", [], "overrides", "invalid_value"),
        ("overrides", {"2026-13-01": ""}, "overrides.2026-13-01", "invalid_value"),
        ("overrides", {"2026-12-01": "noon"}, "overrides.2026-12-01", "invalid_hours"),
        ("overrides", {str(n): "" for n in range(10_001)}, "overrides", "too_large"),
        ("blocks.0.end", START, "blocks.0.end", "invalid_range"),
        ("blocks.0.start", "2026-06-15T09:00:00", "blocks.0.start", "naive_datetime"),
        ("blocks.0.rule", "FREQ=DAILY", "blocks.0.start", "invalid_value"),
        ("blocks.0", {"start": "2026-06-15T12:00", "end": "2026-06-15T12:00", "rule": "FREQ=DAILY"},
         "blocks.0.end", "invalid_range"),
        ("blocks.0", {"start": "2026-06-15T12:00", "end": "2026-06-15T13:00", "rule": "FREQ=HOURLY"},
         "blocks.0.rule.FREQ", "invalid_pattern"),
        ("blocks.0", {"start": "noon", "end": "2026-06-15T13:00", "rule": "FREQ=DAILY"},
         "blocks.0.start", "invalid_value"),
        ("blocks.0", 7, "blocks.0", "invalid_value"),
        ("busy", 3, "busy", "invalid_value"),
        ("busy.0.end", "2026-06-15T10:00:00", "busy.0.end", "naive_datetime"),
        ("busy.0.end", "2026-06-15T08:00:00-04:00", "busy.0.end", "invalid_range"),
        ("busy.0.end", "0001-01-01T00:00:00Z", "busy.0.end", "out_of_range"),
        ("busy.0.end", "9999-12-31T23:59:59-12:00", "busy.0.end", "out_of_range"),
        ("busy.0.end", 1_750_000_000, "busy.0.end", "invalid_value"),
        ("busy.0.end", "x" * 101, "busy.0.end", "invalid_value"),
        ("busy.0", {"start": START}, "busy.0.end", "invalid_value"),
        ("busy", [{"start": START, "end": END}] * 250_001, "busy", "too_large"),
        ("service.duration", "PT0S", "service.duration", "invalid_duration"),
        ("service.duration", "-PT5M", "service.duration", "invalid_duration"),
        ("service.duration", "P1D", "service.duration", "invalid_duration"),
        ("service.duration", 50, "service.duration", "invalid_duration"),
        ("service", {}, "service.duration", "invalid_value"),
        ("service.modes", ["fax"], "service.modes.0", "invalid_value"),
        ("service.active", "yes", "service.active", "invalid_value"),
        ("service.price", "4.123 EUR", "service.price", "invalid_amount"),
        ("service.price", {"per_mode": {"fax": "1 EUR"}}, "service.price.per_mode", "invalid_value"),
        ("service.price", {"per_mode": {"phone": "EUR"}}, "service.price.per_mode.phone", "invalid_amount"),
        ("service.price", {"each": "1 EUR"}, "service.price", "invalid_value"),
        ("service.price", {"per_mode": 4}, "service.price", "invalid_value"),
        ("service.price", 40, "service.price", "invalid_value"),
        ("policy.slot_step", "PT0S", "policy.slot_step", "invalid_duration"),
        ("policy.minimum_notice", "1 day", "policy.minimum_notice", "invalid_duration"),
        ("policy.minimum_notice", "P4M", "policy.maximum_advance", "impossible_window"),
        ("policy.daily_count", "3", "policy.daily_count", "invalid_value"),
        ("policy.services", [{"service": "s", "slot_step": "soon"}], "policy.services.0.slot_step", "invalid_duration"),
        ("policy", None, "policy", "invalid_value"),
        ("now", None, "now", "invalid_value"),
        ("window", 5, "window", "invalid_value"),
        ("mode", "fax", "mode", "invalid_value"),
        ("surprise", 1, "surprise", "invalid_value"),
        ("service.prise", "1 EUR", "service.prise", "invalid_value"),
    ],
)  # fmt: skip
def test_an_error_names_the_path_to_the_field(path: str, value: object, field: str, code: str) -> None:
    error = refused(SlotsRequest, changed(path, value))

    assert (error.field, error.code) == (field, code)
    assert len(str(error)) < 300


def test_an_unknown_field_is_told_what_there_is() -> None:
    assert "there are start, end" in str(refused(SlotsRequest, changed("busy.0", {"begin": START})))


def test_several_errors_are_counted() -> None:
    assert str(refused(SlotsRequest, changed("busy.0", {}))) == "busy.0.start: is needed (and 1 more)"


@pytest.mark.parametrize("document", [None, 7, "text", [], True])
def test_a_document_is_an_object(document: object) -> None:
    for kind in (SlotsRequest, ExpandRequest, sched.Service, sched.WeeklyHours):
        assert refused(kind, document).field is None


def test_a_path_is_one_short_line_whatever_the_keys_hold() -> None:
    error = refused(SlotsRequest, DOCUMENT | {"\x1b[31m\n" + "x" * 500: 1})

    assert str(error).isprintable()
    assert len(str(error)) < 300


@pytest.mark.parametrize(
    ("kind", "document", "expected"),
    [
        (
            sched.Service,
            {
                "id": "t",
                "name": "Therapy",
                "duration": "PT1H30M",
                "modes": ["phone", "telehealth"],
                "default_mode": "phone",
                "price": "120.00 EUR",
                "no_show_fee": {"single": "60.00 EUR", "per_mode": {"phone": "0.00 EUR"}},
                "late_cancel_fee": {"per_mode": {"phone": "5 EUR"}},
                "clinicians": ["k"],
                "billing_codes": ["90834"],
            },
            sched.Service(
                id="t",
                name="Therapy",
                duration=timedelta(minutes=90),
                modes=(sched.Mode.PHONE, sched.Mode.TELEHEALTH),
                default_mode=sched.Mode.PHONE,
                price=sched.FeeSchedule(single=sched.Money(12000, "EUR")),
                no_show_fee=sched.FeeSchedule(
                    single=sched.Money(6000, "EUR"), per_mode=((sched.Mode.PHONE, sched.Money(0, "EUR")),)
                ),
                late_cancel_fee=sched.FeeSchedule(per_mode=((sched.Mode.PHONE, sched.Money(500, "EUR")),)),
                clinicians=("k",),
                billing_codes=("90834",),
            ),
        ),
        (sched.FeeSchedule, "5 USD", sched.FeeSchedule(single=sched.Money(500, "USD"))),
        (sched.FeeSchedule, {"single": None}, sched.FeeSchedule()),
        (
            sched.CancellationPolicy,
            {"late_threshold": "PT24H", "terms": "at_booking", "no_show_grace": "PT15M"},
            sched.CancellationPolicy(
                late_threshold=sched.Period.parse("PT24H"),
                terms=sched.TermsBasis.AT_BOOKING,
                no_show_grace=timedelta(minutes=15),
            ),
        ),
        (
            sched.ReminderPolicy,
            {"enabled": True, "offsets": ["PT2H", "P1D"], "quiet": {"opens": "09:00", "closes": "20:30"}},
            sched.ReminderPolicy(
                enabled=True,
                offsets=(sched.Period.parse("P1D"), sched.Period.parse("PT2H")),
                quiet=sched.QuietHours(opens=time(9), closes=time(20, 30)),
            ),
        ),
        (sched.ReminderPolicy, {"quiet": None}, sched.ReminderPolicy(quiet=None)),
        (
            sched.WeeklyHours,
            {"zone": "Europe/Paris", "hours": {"mon": "22:00-02:00"}, "modes": ["phone"], "locations": ["l1"]},
            sched.WeeklyHours.parse(
                {"mon": "22:00-02:00"}, zone="Europe/Paris", modes=(sched.Mode.PHONE,), locations=("l1",)
            ),
        ),
        (sched.Diary, {"zone": "UTC"}, sched.Diary(hours=sched.WeeklyHours.parse({}, zone="UTC"))),
    ],
)
def test_configuration_is_read_as_the_classes_themselves(kind: type, document: object, expected: object) -> None:
    assert sched.from_dict(kind, document) == expected


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"quiet": {"opens": "9 o'clock"}}, "quiet.opens: give a time of day"),
        ({"quiet": {"opens": "09:00+01:00"}}, "quiet.opens: give a time of day such as '08:00', without an offset"),
        ({"quiet": {"opens": "21:00", "closes": "08:00"}}, "quiet.closes: "),
        ({"enabled": True}, "offsets: reminders are on"),
    ],
)
def test_a_policy_that_contradicts_itself_says_where(document: object, problem: str) -> None:
    assert str(refused(sched.ReminderPolicy, document)).startswith(problem)


def test_a_date_is_read_as_a_date() -> None:
    from oasys_sched.schema.leaves import read_date

    assert read_date("2026-12-25") == read_date(date(2026, 12, 25)) == date(2026, 12, 25)


def test_a_class_without_a_document_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="no JSON form for Money; there is one for Service"):
        sched.from_dict(sched.Money, {})


def test_every_example_in_a_schema_is_of_its_pattern() -> None:
    pattern = sched.json_schema("fee-schedule")["anyOf"][0]

    assert all(re.fullmatch(pattern["pattern"], example) for example in pattern["examples"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATHS = ["zone", "hours", "overrides", "blocks", "blocks.0", "blocks.0.start", "blocks.0.rule", "busy", "busy.0",
         "busy.0.end", "service", "service.duration", "service.price", "service.modes", "policy", "policy.services",
         "policy.slot_step", "now", "window", "window.end", "start", "mode", "location"]  # fmt: skip


@given(path=st.sampled_from(PATHS), value=JSON)
def test_whatever_stands_in_a_document_it_is_read_or_refused(path: str, value: object) -> None:
    try:
        request = sched.from_dict(SlotsRequest, changed(path, value))
    except sched.InvalidValue as error:
        request = error
    assert isinstance(request, SlotsRequest) or str(request).isprintable()
