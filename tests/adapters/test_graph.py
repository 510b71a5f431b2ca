import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from oasys_sched import Code, FeedUnavailable, InvalidValue, Span
from oasys_sched.adapters.busy import BusyTime, FreeBusy
from oasys_sched.adapters.graph import GraphSchedule, parse_graph_schedule
from tests.adapters.fuzzing import JSON, answers_or_refuses, fuzz, spoiled

DAY = Span(datetime(2026, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 6, 8, tzinfo=UTC))
YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def span(start: str, end: str) -> Span:
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


def item(status: str, start: str, end: str, zone: str = "UTC") -> dict[str, Any]:
    return {
        "status": status,
        "subject": "Chemotherapy",
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
    }


def answer(*items: dict[str, Any], view: str = "", schedule: str = "ada@clinic.example") -> dict[str, Any]:
    return {"value": [{"scheduleId": schedule, "availabilityView": view, "scheduleItems": list(items)}]}


ITEM = "value[0].scheduleItems[0]"
SAMPLE = answer(
    item("busy", "2026-03-05T15:00:00.0000000", "2026-03-05T16:00:00.0000000"),
    item("tentative", "2026-03-05T17:00:00", "2026-03-05T18:00:00"),
    item("oof", "2026-03-05T10:00:00", "2026-03-05T11:00:00", "Eastern Standard Time"),
    item("free", "2026-03-05T19:00:00Z", "2026-03-05T20:00:00Z"),
    item("workingElsewhere", "2026-03-05T20:00:00", "2026-03-05T21:00:00"),
    item("unknown", "2026-03-05T21:00:00", "2026-03-05T22:00:00"),
)


def test_s85_graph_items_keep_their_kind_and_windows_zones_are_understood() -> None:
    found = parse_graph_schedule(json.dumps(SAMPLE).encode(), within=DAY)

    assert found == (
        BusyTime(span=span("2026-03-05T15:00:00Z", "2026-03-05T16:00:00Z")),
        BusyTime(span=span("2026-03-05T15:00:00Z", "2026-03-05T16:00:00Z"), kind=FreeBusy.UNAVAILABLE),
        BusyTime(span=span("2026-03-05T17:00:00Z", "2026-03-05T18:00:00Z"), kind=FreeBusy.TENTATIVE),
        BusyTime(span=span("2026-03-05T19:00:00Z", "2026-03-05T20:00:00Z"), kind=FreeBusy.FREE),
        BusyTime(span=span("2026-03-05T20:00:00Z", "2026-03-05T21:00:00Z"), kind=FreeBusy.FREE),
        BusyTime(span=span("2026-03-05T21:00:00Z", "2026-03-05T22:00:00Z")),
    )
    assert "Chemo" not in repr(found)


def test_a12_a_status_nobody_has_heard_of_blocks() -> None:
    found = parse_graph_schedule(answer(item("asleep", "2026-03-05T15:00:00", "2026-03-05T16:00:00")), within=DAY)

    assert [one.kind for one in found] == [FreeBusy.BUSY]


def test_s85_around_a_clock_change_the_widest_reading_counts() -> None:
    zone = "Eastern Standard Time"
    found = parse_graph_schedule(
        answer(
            item("busy", "2026-03-08T02:15:00", "2026-03-08T03:00:00", zone),
            item("busy", "2026-11-01T01:15:00", "2026-11-01T01:45:00", zone),
        ),
        within=YEAR,
    )

    assert [one.span for one in found] == [
        span("2026-03-08T06:15:00Z", "2026-03-08T07:00:00Z"),
        span("2026-11-01T05:15:00Z", "2026-11-01T06:45:00Z"),
    ]


def test_s85_a_view_without_items_is_read_digit_by_digit() -> None:
    window = Span(DAY.start, DAY.start + timedelta(hours=4))

    found = parse_graph_schedule(answer(view="01223409"), within=window)

    at = [DAY.start + timedelta(minutes=30 * step) for step in range(9)]
    assert found == (
        BusyTime(span=Span(at[0], at[1]), kind=FreeBusy.FREE),
        BusyTime(span=Span(at[1], at[2]), kind=FreeBusy.TENTATIVE),
        BusyTime(span=Span(at[2], at[4]), kind=FreeBusy.BUSY),
        BusyTime(span=Span(at[4], at[5]), kind=FreeBusy.UNAVAILABLE),
        BusyTime(span=Span(at[5], at[7]), kind=FreeBusy.FREE),
        BusyTime(span=Span(at[7], at[8]), kind=FreeBusy.BUSY),
    )


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({}, "value"),
        ({"value": [1]}, "value[0]"),
        ({"value": [{"scheduleItems": []}]}, "value[0].scheduleId"),
        ({"value": [{"scheduleId": "a"}]}, "value[0].availabilityView"),
        ({"value": [{"scheduleId": "a", "availabilityView": "000"}]}, "value[0].availabilityView"),
        ({"value": [{"scheduleId": "a", "scheduleItems": {"a": 1}}]}, "value[0].scheduleItems"),
        (answer(item("busy", "2026-03-05T15:00:00", "", "Nowhere Time")), f"{ITEM}.start.timeZone"),
        (answer(item("busy", "0001-01-01T00:00:00", "", "Tokyo Standard Time")), f"{ITEM}.start.dateTime"),
        (answer(item("busy", "15:00", "16:00")), f"{ITEM}.start.dateTime"),
        (answer(item("busy", "2026-03-05T15:00:00", "2026-03-05T14:00:00")), ITEM),
    ],
)
def test_s85_one_bad_entry_refuses_the_whole_answer_and_names_the_place(spoil: object, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_graph_schedule(json.dumps(spoil), within=DAY)

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, field)


@pytest.mark.parametrize(
    "value",
    [
        [],
        [{"scheduleId": "ada@clinic.example", "error": {"responseCode": "ErrorMailRecipientNotFound"}}],
        [{**SAMPLE["value"][0], "scheduleId": "bob@clinic.example"}],
    ],
    ids=["none", "an error", "another one"],
)
def test_s85_a_schedule_that_was_not_answered_is_not_free(value: object) -> None:
    with pytest.raises(FeedUnavailable):
        parse_graph_schedule({"value": value}, within=DAY, schedules=("Ada@clinic.example",))


def test_s85_an_empty_item_takes_no_time() -> None:
    assert parse_graph_schedule(answer(item("busy", "2026-03-05T15:00:00", "2026-03-05T15:00:00")), within=DAY) == ()


def test_s85_the_question_names_the_window_the_schedules_and_the_token() -> None:
    feed = GraphSchedule(schedules=("ada@clinic.example",), token=lambda: "secret-token")

    asked = feed.request(DAY)

    assert (asked.method, asked.url) == ("POST", "https://graph.microsoft.com/v1.0/me/calendar/getSchedule")
    assert ("Authorization", "Bearer secret-token") in asked.headers
    assert ("Prefer", 'outlook.timezone="UTC"') in asked.headers
    assert json.loads(asked.body) == {
        "schedules": ["ada@clinic.example"],
        "startTime": {"dateTime": "2026-03-05T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-03-06T08:00:00", "timeZone": "UTC"},
        "availabilityViewInterval": 30,
    }
    assert len(feed.read(json.dumps(SAMPLE).encode(), DAY)) == 6
    assert "secret" not in repr(asked) + repr(feed)


@pytest.mark.parametrize(("schedules", "code"), [((), Code.INVALID_VALUE), (("a",) * 21, Code.TOO_LARGE)])
def test_s85_a_question_holds_1_to_20_schedules(schedules: tuple[str, ...], code: Code) -> None:
    with pytest.raises(InvalidValue) as caught:
        GraphSchedule(schedules=schedules, token=str)

    assert (caught.value.code, caught.value.field) == (code, "schedules")


def test_s85_a_view_interval_outside_5_minutes_to_a_day_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_graph_schedule(SAMPLE, within=DAY, view_interval=timedelta(0))

    assert (caught.value.code, caught.value.field) == (Code.INVALID_DURATION, "view_interval")


@fuzz(st.one_of(spoiled(SAMPLE), spoiled(answer(view="0" * 48)), JSON))
def test_s85_fuzzed_schedules_give_intervals_or_a_typed_error(example: object) -> None:
    answers_or_refuses(lambda: parse_graph_schedule(json.dumps(example), within=DAY))
