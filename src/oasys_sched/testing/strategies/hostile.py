"""What the world sends that nobody asked for: text, documents, feeds and files made to hurt."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from oasys_sched.sessions.attachments import Upload

__all__ = ["documents", "feeds", "hostile_text", "uploads"]

_NASTY: Final = (
    "", " ", "\x00", "\r\nBcc: everybody@example.org", "'; DROP TABLE appointment; --", "<script>alert(1)</script>",
    "{{ 7 * 7 }}", "%s%n", "\u202eevil", "a\u0301" * 40, "\U0001f4c5" * 20, "../../etc/passwd", "NaN", "-1", "1e999",
    "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "24:00", "PT-1S", "FREQ=SECONDLY", "\ufeff", "x" * 5_000,
)  # fmt: skip
_FEED_LINES: Final = (
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VFREEBUSY", "END:VFREEBUSY",
    "BEGIN:VTIMEZONE", "END:VTIMEZONE", "VERSION:2.0", "PRODID:-//x//y//EN", "UID:1", "DTSTAMP:20260101T000000Z",
    "DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "DTSTART;TZID=America/New_York:20260308T023000",
    "DTSTART;VALUE=DATE:20260302", "DURATION:PT1H", "DURATION:-P1D", "RRULE:FREQ=DAILY;COUNT=3",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=SECONDLY", "EXDATE:20260303T090000Z",
    "RECURRENCE-ID:20260303T090000Z", "TRANSP:TRANSPARENT", "STATUS:CANCELLED", "SUMMARY:private",
    "FREEBUSY;FBTYPE=BUSY:20260302T090000Z/PT1H", "FREEBUSY:20260302T090000Z/20260301T090000Z", " folded",
)  # fmt: skip
_BEGINNINGS: Final = (
    b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"%PDF-1.7\n", b"GIF89a",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", b"MZ\x90\x00", b"PK\x03\x04", b"<svg onload=",
)  # fmt: skip


def hostile_text() -> st.SearchStrategy[str]:
    """Text that breaks out of headers, queries, templates, numbers or dates, or only has no end."""
    return (
        st.sampled_from(_NASTY)
        | st.text(max_size=60)
        | st.tuples(st.text(max_size=8), st.sampled_from(_NASTY)).map("".join)
    )


def documents() -> st.SearchStrategy[Any]:
    """JSON-shaped values of any depth, hostile text among the keys and values."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | hostile_text()
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile_text(), inner, max_size=4),
        max_leaves=20,
    )


def feeds() -> st.SearchStrategy[str]:
    """Calendar feeds in any order, cut anywhere; and JSON that is none of Google's or Microsoft's."""
    lines = st.lists(st.sampled_from(_FEED_LINES) | hostile_text(), max_size=30).map("\r\n".join)
    whole = lines.map(lambda text: f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}\r\nEND:VCALENDAR\r\n")
    return lines | whole | documents().map(json.dumps)


def uploads() -> st.SearchStrategy[Upload]:
    """Files whose name, declared type and first bytes agree, or do not."""
    return st.builds(
        Upload,
        name=st.sampled_from(("scan.png", "scan.jpg", "letter.pdf", "photo.heic", "run.exe", "x", "a.png.exe"))
        | hostile_text(),
        media_type=st.sampled_from(("image/png", "image/jpeg", "application/pdf", "image/heic", "text/html", "")),
        content=st.builds(lambda head, rest: head + rest, st.sampled_from(_BEGINNINGS), st.binary(max_size=200)),
    )
