"""Invites, parsed back by `icalendar` and by our own reader; hostile text adds nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, MissingExtra
from oasys_sched.adapters.ical import Invite, InviteMethod, render_invite
from oasys_sched.adapters.mailbox import Mailbox
from oasys_sched.adapters.safe_text import one_line, require_address
from oasys_sched.adapters.uids import invite_uid, is_own_uid

NY = ZoneInfo("America/New_York")
PRACTICE = Mailbox(address="desk@clinic.example", name="North Practice")
CLIENT = Mailbox(address="client@mail.example", name="C. Lient")
THURSDAY = datetime(2026, 3, 5, 15, tzinfo=NY)

INVITE = Invite(
    uid=invite_uid("north", "a-1"),
    starts_at=THURSDAY,
    duration=timedelta(minutes=50),
    zone="America/New_York",
    stamped_at=datetime(2026, 3, 1, tzinfo=UTC),
    organizer=PRACTICE,
    attendee=CLIENT,
)


def parsed(invite: Invite) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(render_invite(invite))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_s7_an_invite_is_a_request_with_sequence_0_and_a_stable_opaque_uid() -> None:
    calendar, event = parsed(INVITE)

    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"]) == (INVITE.uid, 0)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (THURSDAY, THURSDAY + timedelta(minutes=50))
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:desk@clinic.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert is_own_uid(INVITE.uid)
    assert "a-1" not in INVITE.uid
    assert "north" not in INVITE.uid


def test_s7_an_invite_says_no_service_and_no_reason() -> None:
    _, event = parsed(INVITE)

    assert str(event["SUMMARY"]) == "Appointment"
    assert not {"DESCRIPTION", "CATEGORIES", "COMMENT"} & set(event)
    assert event["CLASS"] == "PRIVATE"


def test_s8_a_telehealth_invite_carries_the_link_and_a_cancelled_one_does_not() -> None:
    invite = replace(INVITE, link="https://video.example/r/abc?t=1;x,y")

    _, event = parsed(invite)
    _, cancelled = parsed(replace(invite, method=InviteMethod.CANCEL))

    assert str(event["CONFERENCE"]) == "https://video.example/r/abc?t=1;x,y"
    assert "CONFERENCE" not in cancelled


def test_s30_a_moved_appointment_keeps_its_uid_and_raises_its_sequence() -> None:
    _, first = parsed(INVITE)
    _, second = parsed(replace(INVITE, sequence=1, starts_at=THURSDAY + timedelta(days=1)))

    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)


def test_s32_a_cancelled_appointment_is_a_cancel_with_status_cancelled() -> None:
    calendar, event = parsed(replace(INVITE, method=InviteMethod.CANCEL, sequence=2))

    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)


def test_s33_a_series_is_one_invite_with_rule_exceptions_and_one_uid() -> None:
    invite = replace(
        INVITE,
        rule="FREQ=WEEKLY;UNTIL=20260430T150000",
        excluded=(datetime(2026, 3, 12, 15), datetime(2026, 3, 19, 15)),
        split_from=invite_uid("north", "s-0"),
    )

    _, event = parsed(invite)

    assert event["RRULE"]["UNTIL"] == [datetime(2026, 4, 30, 19, tzinfo=UTC)]
    assert [one.dt.replace(tzinfo=None) for line in event["EXDATE"] for one in line.dts] == list(invite.excluded)
    assert str(event["RELATED-TO"]) == invite_uid("north", "s-0")


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        ("FREQ=WEEKLY;UNTIL=20260430", datetime(2026, 5, 1, 3, 59, 59, tzinfo=UTC)),
        ("FREQ=WEEKLY;UNTIL=20260430T190000Z", datetime(2026, 4, 30, 19, tzinfo=UTC)),
    ],
)
def test_b20_until_is_written_in_utc(rule: str, until: datetime) -> None:
    _, event = parsed(replace(INVITE, rule=rule))

    assert event["RRULE"]["UNTIL"] == [until]


@pytest.mark.parametrize("onwards", [False, True])
def test_b20_one_occurrence_is_named_by_its_original_start(onwards: bool) -> None:
    _, event = parsed(replace(INVITE, recurrence_id=datetime(2026, 3, 12, 15), onwards=onwards))

    assert event["RECURRENCE-ID"].dt == datetime(2026, 3, 12, 15, tzinfo=NY)
    assert event["RECURRENCE-ID"].params.get("RANGE") == ("THISANDFUTURE" if onwards else None)
    assert "RRULE" not in event


def test_b20_an_unconfirmed_appointment_is_tentative() -> None:
    assert parsed(replace(INVITE, tentative=True))[1]["STATUS"] == "TENTATIVE"


def test_b20_hours_elapse_over_a_clock_change() -> None:
    _, event = parsed(replace(INVITE, starts_at=datetime(2026, 3, 8, 6, 30, tzinfo=UTC)))

    assert event.decoded("DTEND").astimezone(UTC) == datetime(2026, 3, 8, 7, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone",
    ["America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Asia/Beirut",
     "America/Santiago", "UTC"],
)  # fmt: skip
def test_b20_the_zone_written_is_the_zone_meant(zone: str) -> None:
    calendar, _ = parsed(replace(INVITE, zone=zone, rule="FREQ=WEEKLY;UNTIL=20291231"))
    written = calendar.walk("VTIMEZONE")
    if zone == "UTC":
        assert written == []
        return
    clock = written[0].to_tz(lookup_tzid=False)

    # Away from the changes themselves the two read every noon alike.
    for day in range(0, 5 * 365, 3):
        noon = datetime(2025, 6, 1, 12) + timedelta(days=day)
        assert noon.replace(tzinfo=clock).utcoffset() == noon.replace(tzinfo=ZoneInfo(zone)).utcoffset(), noon


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\t\u202e\"';:,\\^=")),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
)


def names(invite: Invite) -> list[str]:
    unfolded = render_invite(invite).replace(b"\r\n ", b"").decode()
    return [line.partition(":")[0].partition(";")[0] for line in unfolded.split("\r\n")]


@given(HOSTILE, HOSTILE, HOSTILE)
def test_b20_hostile_text_adds_no_line_and_no_property(summary: str, location: str, name: str) -> None:
    plain = replace(INVITE, summary="A", location="B", organizer=replace(PRACTICE, name="C"))
    invite = replace(INVITE, summary=summary, location="x" + location, organizer=replace(PRACTICE, name="C" + name))

    rendered = render_invite(invite)

    assert names(invite) == names(plain)
    assert rendered.decode().splitlines() == rendered.decode().removesuffix("\r\n").split("\r\n")
    assert all(len(line) <= 75 for line in rendered.split(b"\r\n"))
    _, event = parsed(invite)
    assert str(event["SUMMARY"]) == invite.summary
    assert str(event["LOCATION"]) == invite.location


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", "a\r\nX:1"),
        ("uid", ""),
        ("split_from", "a b"),
        ("sequence", -1),
        ("sequence", True),
        ("duration", timedelta(0)),
        ("duration", timedelta(hours=25)),
        ("zone", "Mars/Olympus"),
        ("starts_at", datetime(2026, 3, 5)),
        ("link", "javascript:alert(1)"),
        ("link", "https://a.example/\r\nX:1"),
        ("link", 7),
        ("rule", "FREQ=WEEKLY\r\nX:1"),
        ("recurrence_id", THURSDAY),
    ],
)
def test_b20_an_invite_that_cannot_be_right_is_refused_by_field(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        replace(INVITE, **{field: value})

    assert caught.value.field == field


def test_b20_an_end_that_is_no_date_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        render_invite(replace(INVITE, rule="FREQ=WEEKLY;UNTIL=20260231"))

    assert caught.value.code is Code.INVALID_PATTERN


@pytest.mark.parametrize(
    "address",
    [
        *("", "a", "a@", "@b", "a b@c.d", "a@b\r\nBcc: c@d", "a@b@c\n", "a,b@c.d", '"a b"@c.d', "a@-b.c", "<a@b.c>"),
        *("ü@b.c", "a@" + "b" * 64, "a@x\udcff.c", "a" * 65 + "@b.c", 7),
    ],
)
def test_an_address_that_could_break_a_header_is_refused_without_being_quoted(address: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        require_address(address, "email")

    assert caught.value.field == "email"
    assert str(caught.value) == "email: give a mail address such as 'name@example.org'"


def test_a_domain_in_another_script_is_written_in_ascii() -> None:
    assert require_address(" ann@bücher.example ", "email") == "ann@xn--bcher-kva.example"


@given(HOSTILE)
def test_text_on_one_line_stays_on_one_line(text: str) -> None:
    assert one_line(text).splitlines() in ([one_line(text)], [])
    assert one_line(one_line(text)) == one_line(text)


def test_without_icalendar_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from importlib import import_module

    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, "oasys_sched.adapters.ical")

    with pytest.raises(MissingExtra, match=r"oasys-sched\[ical\]"):
        import_module("oasys_sched.adapters.ical")


def test_b20_a_uid_differs_by_practice_and_by_id() -> None:
    assert len({invite_uid("n", "a"), invite_uid("n", "b"), invite_uid("s", "a")}) == 3
    assert not is_own_uid("somebody@else.example")


@pytest.mark.parametrize(
    "invites", [(), (INVITE, replace(INVITE, uid="another")), (INVITE, replace(INVITE, method=InviteMethod.CANCEL))]
)
def test_b20_one_message_is_about_one_entry(invites: tuple[Invite, ...]) -> None:
    with pytest.raises(InvalidValue) as caught:
        render_invite(*invites)

    assert caught.value.field == "invites"
