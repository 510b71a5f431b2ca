import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from oasys_sched import Code, FeedUnavailable, InvalidValue, Span
from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy, blocking
from oasys_sched.adapters.google import GoogleFreeBusy, parse_google_events, parse_google_freebusy
from tests.adapters.fuzzing import JSON, answers_or_refuses, fuzz, spoiled

MARCH = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def span(start: str, end: str) -> Span:
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


FREEBUSY: dict[str, Any] = {
    "kind": "calendar#freeBusy",
    "timeMin": "2026-03-01T00:00:00Z",
    "timeMax": "2026-04-01T00:00:00Z",
    "calendars": {
        "ada@clinic.example": {
            "busy": [
                {"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T16:00:00Z"},
                {"start": "2026-03-04T09:00:00-05:00", "end": "2026-03-04T10:30:00-05:00"},
            ]
        },
        "home": {"busy": []},
    },
}
EVENTS: dict[str, Any] = {
    "kind": "calendar#events",
    "timeZone": "America/New_York",
    "items": [
        {
            "status": "confirmed",
            "summary": "Dentist about the root canal",
            "iCalUID": "a@google.com",
            "start": {"dateTime": "2026-03-05T10:00:00-05:00", "timeZone": "America/New_York"},
            "end": {"dateTime": "2026-03-05T11:00:00-05:00"},
        },
        {
            "status": "tentative",
            "start": {"dateTime": "2026-03-06T15:00:00Z"},
            "end": {"dateTime": "2026-03-06T16:00:00Z"},
        },
        {"status": "cancelled", "id": "gone"},
        {
            "transparency": "transparent",
            "start": {"dateTime": "2026-03-07T15:00:00Z"},
            "end": {"dateTime": "2026-03-07T16:00:00Z"},
        },
        {"eventType": "outOfOffice", "start": {"date": "2026-03-08"}, "end": {"date": "2026-03-09"}},
        {
            "iCalUID": "ours-1",
            "start": {"dateTime": "2026-03-10T15:00:00Z"},
            "end": {"dateTime": "2026-03-10T16:00:00Z"},
        },
        {
            "attendees": [{"email": "x"}, {"self": True, "responseStatus": "declined"}],
            "start": {"dateTime": "2026-03-11T15:00:00Z"},
            "end": {"dateTime": "2026-03-11T16:00:00Z"},
        },
    ],
}


def test_s85_google_freebusy_gives_the_busy_intervals_of_every_calendar_in_order() -> None:
    found = parse_google_freebusy(json.dumps(FREEBUSY).encode(), within=MARCH)

    assert found == (
        BusyTime(span=span("2026-03-04T14:00:00Z", "2026-03-04T15:30:00Z")),
        BusyTime(span=span("2026-03-05T15:00:00Z", "2026-03-05T16:00:00Z")),
    )


def test_s85_an_object_already_parsed_and_text_give_the_same() -> None:
    assert parse_google_freebusy(FREEBUSY, within=MARCH) == parse_google_freebusy(json.dumps(FREEBUSY), within=MARCH)


@pytest.mark.parametrize(
    "calendars",
    [
        {},
        {"home": {"errors": [{"domain": "global", "reason": "notFound"}]}},
        {"elsewhere": {"busy": []}},
    ],
    ids=["none", "an error", "another one"],
)
def test_s85_a_calendar_that_was_not_answered_is_not_free(calendars: object) -> None:
    with pytest.raises(FeedUnavailable) as caught:
        parse_google_freebusy({"calendars": calendars}, within=MARCH, calendars=("home",))

    assert caught.value.code is Code.FEED_UNAVAILABLE


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ([], "feed"),
        ({}, "calendars"),
        ({"calendars": {"a": 1}}, "calendars[0]"),
        ({"calendars": {"a": {}}}, "calendars[0].busy"),
        ({"calendars": {"a": {"busy": [1]}}}, "calendars[0].busy[0]"),
        ({"calendars": {"a": {"busy": [{"start": 7}]}}}, "calendars[0].busy[0].start"),
        ({"calendars": {"a": {"busy": [{"start": "2026-03-05"}]}}}, "calendars[0].busy[0].start"),
        ({"calendars": {"a": {"busy": [{"start": "2026-03-05T15:00:00"}]}}}, "calendars[0].busy[0].start"),
        ({"calendars": {"a": {"busy": [{"start": "2026-02-30T15:00:00Z"}]}}}, "calendars[0].busy[0].start"),
        (
            {"calendars": {"a": {"busy": [{"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T14:00:00Z"}]}}},
            "calendars[0].busy[0]",
        ),
    ],
)
def test_s85_one_bad_entry_refuses_the_whole_answer_and_names_the_place(spoil: object, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_google_freebusy(json.dumps(spoil), within=MARCH)

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, field)


@pytest.mark.parametrize("text", ["{", b"\xff{}", '{"calendars": {}, "calendars": {}}', "1" * 5000])
def test_s85_text_that_is_not_one_json_object_is_malformed(text: str | bytes) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_google_freebusy(text, within=MARCH)

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, "feed")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (" " * 101, FeedLimits(octets=100)),
        ("[" * 200_000, FeedLimits()),
        (json.dumps(FREEBUSY), FeedLimits(intervals=1)),
    ],
    ids=["octets", "depth", "intervals"],
)
def test_s85_an_answer_over_a_limit_is_too_large(text: str, limits: FeedLimits) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_google_freebusy(text, within=MARCH, limits=limits)

    assert caught.value.code is Code.FEED_TOO_LARGE


def test_s85_an_empty_interval_takes_no_time() -> None:
    nothing = {"start": "2026-03-05T15:00:00Z", "end": "2026-03-05T15:00:00Z"}

    assert parse_google_freebusy({"calendars": {"a": {"busy": [nothing]}}}, within=MARCH) == ()


def test_a12_events_block_by_status_and_transparency_and_all_day_ones_block_the_local_day() -> None:
    found = parse_google_events(EVENTS, within=MARCH, ours=lambda uid: uid.startswith("ours-"))

    assert found == (
        BusyTime(span=span("2026-03-05T15:00:00Z", "2026-03-05T16:00:00Z")),
        BusyTime(span=span("2026-03-06T15:00:00Z", "2026-03-06T16:00:00Z"), kind=FreeBusy.TENTATIVE),
        # The day the clocks go forward has 23 hours.
        BusyTime(span=span("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"), kind=FreeBusy.UNAVAILABLE),
    )
    assert len(blocking(found)) == 3


def test_a12_without_our_uid_pattern_the_mirror_is_somebody_elses_event() -> None:
    assert len(parse_google_events(EVENTS, within=MARCH)) == 4


def test_s85_titles_never_enter() -> None:
    found = parse_google_events(EVENTS, within=MARCH)

    assert "canal" not in repr(found)


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"nextPageToken": "more"}, "nextPageToken"),
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"items": None}, "items"),
        ({"items": [{"recurrence": ["RRULE:FREQ=DAILY"]}]}, "items[0].recurrence"),
        ({"items": [{"start": {"date": "2026-02-30"}}]}, "items[0].start.date"),
        ({"items": [{"start": {"date": "20260301"}}]}, "items[0].start.date"),
        ({"items": [{"start": {"date": "0001-01-01"}}]}, "items[0].start.date"),
        ({"items": [{"start": {}}]}, "items[0].start.date"),
    ],
)
def test_s85_a_listing_that_cannot_be_trusted_is_refused(spoil: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_google_events({**EVENTS, "timeZone": "Asia/Tokyo", **spoil}, within=MARCH)

    assert (caught.value.code, caught.value.field) == (Code.FEED_MALFORMED, field)


def test_s85_the_question_names_the_window_the_calendars_and_the_token() -> None:
    feed = GoogleFreeBusy(calendars=("ada@clinic.example", "home"), token=lambda: "secret-token")

    asked = feed.request(MARCH)

    assert (asked.method, asked.url) == ("POST", "https://www.googleapis.com/calendar/v3/freeBusy")
    assert ("Authorization", "Bearer secret-token") in asked.headers
    assert json.loads(asked.body) == {
        "timeMin": "2026-03-01T00:00:00Z",
        "timeMax": "2026-04-01T00:00:00Z",
        "timeZone": "UTC",
        "items": [{"id": "ada@clinic.example"}, {"id": "home"}],
    }
    assert len(feed.read(json.dumps(FREEBUSY).encode(), MARCH)) == 2
    assert "secret" not in repr(asked) + repr(feed)
    assert "ada@" not in repr(asked) + repr(feed)


@pytest.mark.parametrize(("calendars", "code"), [((), Code.INVALID_VALUE), (("a",) * 51, Code.TOO_LARGE)])
def test_s85_a_question_holds_1_to_50_calendars(calendars: tuple[str, ...], code: Code) -> None:
    with pytest.raises(InvalidValue) as caught:
        GoogleFreeBusy(calendars=calendars, token=str)

    assert (caught.value.code, caught.value.field) == (code, "calendars")


def test_s85_a_window_of_years_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_google_freebusy(FREEBUSY, within=Span(MARCH.start, MARCH.start + timedelta(days=401)))

    assert caught.value.code is Code.TOO_LARGE


@fuzz(st.one_of(spoiled(FREEBUSY), JSON, st.binary(max_size=60), st.text(max_size=60)))
def test_s85_fuzzed_freebusy_gives_intervals_or_a_typed_error(example: object) -> None:
    data = example if isinstance(example, bytes | str) else json.dumps(example)
    answers_or_refuses(lambda: parse_google_freebusy(data, within=MARCH))


@fuzz(st.one_of(spoiled(EVENTS), JSON))
def test_s85_fuzzed_events_give_intervals_or_a_typed_error(example: object) -> None:
    answers_or_refuses(lambda: parse_google_events(json.dumps(example), within=MARCH))
