"""Clients' answers to invites, read back from text and from mail."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import icalendar
import pytest
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, Span
from oasys_sched.adapters.ical import render_invite
from oasys_sched.adapters.itip import AnswerKind, InviteAnswer, find_answer, read_answer
from tests.adapters.fuzzing import TYPED, fuzz
from tests.adapters.test_ical import INVITE

UID = INVITE.uid


def answer(method: str, *lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


COUNTER = answer(
    "COUNTER",
    f"UID:{UID}",
    "SEQUENCE:1",
    "RECURRENCE-ID;TZID=America/New_York:20260312T150000",
    "DTSTART;TZID=Eastern Standard Time:20260313T110000",
    "DTEND;TZID=Eastern Standard Time:20260313T115000",
    "ATTENDEE;PARTSTAT=TENTATIVE:mailto:client@mail.example",
    "COMMENT:Friday suits me\\, thanks\\n",
)


def test_s34_a_counter_is_read_as_a_request_for_another_time() -> None:
    found = read_answer(COUNTER, zone="America/New_York")

    assert found == InviteAnswer(
        kind=AnswerKind.COUNTER,
        uid=UID,
        sequence=1,
        recurrence_id=datetime(2026, 3, 12, 19, tzinfo=UTC),
        proposed=Span(datetime(2026, 3, 13, 15, tzinfo=UTC), datetime(2026, 3, 13, 15, 50, tzinfo=UTC)),
        attendees=("client@mail.example",),
        comment="Friday suits me, thanks",
    )
    assert "client@" not in repr(found)
    assert "Friday" not in repr(found)


def test_s34_a_comment_is_read_letter_by_letter() -> None:
    text = COUNTER.replace("COMMENT:Friday suits me\\, thanks\\n", r"COMMENT:C:\\new\; a\,b\nc \x")
    assert read_answer(text, zone="America/New_York").comment == r"C:\new; a,b c \x"


@pytest.mark.parametrize(
    ("status", "kind"),
    [("ACCEPTED", AnswerKind.ACCEPTED), ("DECLINED", AnswerKind.DECLINED), ("tentative", AnswerKind.TENTATIVE)],
)
def test_b20_a_reply_says_accepted_declined_or_tentative(status: str, kind: AnswerKind) -> None:
    text = answer("REPLY", f"UID:{UID}", f"ATTENDEE;PARTSTAT={status}:MAILTO:client@mail.example")

    found = read_answer(text, zone="UTC")

    assert (found.kind, found.sequence, found.proposed, found.recurrence_id) == (kind, 0, None, None)


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("DTSTART:20260313T110000", "DURATION:PT50M"), datetime(2026, 3, 13, 11, 50, tzinfo=UTC)),
        (("DTSTART:20260313T110000", "DURATION:P1D"), datetime(2026, 3, 14, 11, tzinfo=UTC)),
    ],
)
def test_s34_a_counter_may_give_a_duration_and_floating_times(lines: tuple[str, ...], end: datetime) -> None:
    found = read_answer(answer("COUNTER", f"UID:{UID}", *lines), zone="UTC")

    assert found.proposed == Span(datetime(2026, 3, 13, 11, tzinfo=UTC), end)


def test_s34_what_we_send_comes_back_as_the_counter_of_a_client() -> None:
    """The round trip: our invite, moved by the client's calendar, read by us."""
    calendar = icalendar.Calendar.from_ical(render_invite(INVITE))
    calendar["METHOD"] = "COUNTER"
    (event,) = calendar.walk("VEVENT")
    moved = INVITE.starts_at + timedelta(days=1)
    for name, when in (("DTSTART", moved), ("DTEND", moved + INVITE.duration)):
        del event[name]
        event.add(name, when.astimezone(UTC))

    found = read_answer(calendar.to_ical(), zone="America/New_York")

    assert (found.uid, found.proposed) == (INVITE.uid, Span(moved, moved + INVITE.duration))


@pytest.mark.parametrize(
    "text",
    [
        "",
        answer("REQUEST", f"UID:{UID}"),
        "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        COUNTER + COUNTER,
        answer("COUNTER", "SEQUENCE:1"),
        answer("COUNTER", f"UID:{'x' * 300}"),
        answer("COUNTER", f"UID:{UID}", "SEQUENCE:one"),
        answer("COUNTER", f"UID:{UID}"),
        answer("COUNTER", f"UID:{UID}", "DTSTART:20260313T110000Z"),
        answer("COUNTER", f"UID:{UID}", "DTSTART:20260313T110000Z", "DTEND:20260313T100000Z"),
        answer("COUNTER", f"UID:{UID}", "DTSTART:20260313T110000Z", "DURATION:P70000W"),
        answer("COUNTER", f"UID:{UID}", "DTSTART:99991231T235959", "DURATION:P72000D"),
        answer("REPLY", f"UID:{UID}"),
        answer("REPLY", f"UID:{UID}", "ATTENDEE;PARTSTAT=DELEGATED:mailto:a@b.c"),
        answer("REPLY", f"UID:{UID}", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c\x0bBcc:d"),
        answer("REPLY", f"UID:{UID}", "ATTENDEE;PARTSTAT=ACCEPTED:urn:uuid:1"),
    ],
)
def test_s34_anything_else_is_no_answer(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_answer(text, zone="UTC")

    assert caught.value.code is Code.FEED_MALFORMED


def mail(body: bytes | None, subtype: str = "calendar") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "client@mail.example"
    message.set_content("Friday would be better.")
    if body is not None:
        message.add_attachment(body, maintype="text", subtype=subtype)
    return message.as_bytes()


def test_s34_the_answer_is_found_in_the_mail_that_carries_it() -> None:
    found = find_answer(mail(COUNTER.encode()))

    assert found is not None
    assert read_answer(found, zone="UTC").kind is AnswerKind.COUNTER


@pytest.mark.parametrize(
    "raw", [b"", mail(None), mail(b"x", "plain"), b"Content-Type: text/calendar; x=\r\nMIME-Version: 1.0\r\n\r\n"]
)
def test_s34_a_mail_without_an_answer_holds_none(raw: bytes) -> None:
    assert not find_answer(raw)


def nested(depth: int) -> bytes:
    lines = []
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "raw",
    [b"x" * 1_000_001, nested(2_000), b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 300],
)
def test_s34_a_mail_over_a_limit_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidValue) as caught:
        find_answer(raw)

    assert caught.value.code is Code.FEED_TOO_LARGE


def spoiled_lines(text: str) -> st.SearchStrategy[str]:
    lines = text.split("\r\n")
    junk = st.one_of(st.text(max_size=40), st.sampled_from(lines))
    return st.lists(st.one_of(st.sampled_from(lines), junk), max_size=3).flatmap(
        lambda extra: st.permutations(lines + extra) | st.just(lines + extra) | st.just([*extra, *lines])
    ).map("\r\n".join)  # fmt: skip


@fuzz(
    st.one_of(
        spoiled_lines(COUNTER),
        st.binary(max_size=200),
        st.just(COUNTER).flatmap(lambda t: st.integers(0, len(t)).map(lambda n: t[:n])),
    )
)
def test_s34_fuzzed_answers_are_read_or_refused(example: Any) -> None:
    try:
        found = read_answer(example, zone="America/New_York")
    except InvalidValue as error:
        if error.code not in TYPED:
            raise
    else:
        assert found.uid


@fuzz(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(mail(COUNTER.encode()).split(b"\r\n")), max_size=30).map(b"\r\n".join),
    )
)
def test_s34_fuzzed_mails_hold_an_answer_or_none(example: bytes) -> None:
    assert isinstance(find_answer(example), bytes | None)
