"""S54, A46: each reader of file headers at its very edges; what lies one byte beyond is Wrong or Truncated."""

import struct

import pytest

import oasys_sched as sched
from oasys_sched.sessions import headers
from oasys_sched.sessions.headers import HEAD, Followed, Header, Truncated, Wrong
from oasys_sched.sessions.jpeg import jpeg as read_jpeg
from tests.sessions import files
from tests.sessions.clinic import NOW, accepted, code
from tests.sessions.files import box
from tests.sessions.test_attachments import judged

APP, END = b"\xff\xe0\x00\x02", b"\xff\xd9"


def frame(width: int, height: int) -> bytes:
    return b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"


def jpeg(*segments: bytes, width: int = 4, height: int = 3, end: bytes = END) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + frame(width, height) + end


def scanned(*scans: bytes) -> bytes:
    """A picture of several scans, with tables between them."""
    tables = b"\xff\xc4\x00\x06\xff\xd9\x00\x00"
    return jpeg(end=b"".join(tables + b"\xff\xda\x00\x04\x01\x00" + scan for scan in scans) + END)


def samsung(*blocks: bytes, first: int | None = None, count: int | None = None, version: bytes = b"k\0\0\0") -> bytes:
    """What a Samsung phone writes behind a picture: blocks, where each lies before the directory, how long that is."""
    body, rows, left = b"".join(blocks), b"", sum(map(len, blocks))
    for block in blocks:
        rows += b"\0\0" + block[2:4] + struct.pack("<II", left if first is None else first, len(block))
        left -= len(block)
    directory = b"SEFH" + version + struct.pack("<I", len(blocks) if count is None else count) + rows
    return body + directory + struct.pack("<I", len(directory)) + b"SEFT"


UTC_DATA = b"\0\0\x01\x0a" + struct.pack("<I", 14) + b"Image_UTC_Data1700000000000"
SHOT_INFO = b"\0\0\xd0\x0b" + struct.pack("<I", 15) + b"Watermark_Info\0"


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", bytes(4) + struct.pack(">II", width, height))


def heic(
    *boxes: bytes, brands: bytes = b"mif1", major: bytes = b"heic", kind: bytes = b"ftyp", tail: bytes = b""
) -> bytes:
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", b"".join(boxes))))
    return box(kind, major + bytes(4) + brands) + meta + tail


FINE = {
    "the smallest picture": (headers.png, files.png(1, 1), Header(1, 1)),
    "a picture as wide as may be": (headers.png, files.png((1 << 31) - 1, 1), Header((1 << 31) - 1, 1)),
    "an empty segment": (read_jpeg, jpeg(APP), Header(4, 3)),
    "more than 32767 pixels a side": (read_jpeg, jpeg(APP, width=40_000, height=50_000), Header(40_000, 50_000)),
    "another end mark before": (read_jpeg, jpeg(b"\xff\xe0\x00\x04\xff\xd9"), Header(4, 3)),
    "scans with restarts, stuffed bytes and fill": (
        read_jpeg, scanned(b"ab\xff\x00\xff\xd0\xff\xd7cd", b"\xff\xff\xff\x00"), Header(4, 3)),
    "an end mark in the tables between scans": (read_jpeg, scanned(b"", b"x"), Header(4, 3)),
    "zeros up to a camera's block": (read_jpeg, jpeg() + bytes(4096), Header(4, 3)),
    "the line's end of a careless writer": (read_jpeg, jpeg() + b"\r\n", Header(4, 3)),
    "a preview behind the picture": (read_jpeg, jpeg() + jpeg(width=2, height=1), Header(4, 3)),
    "padding before a gain map and after": (read_jpeg, jpeg() + bytes(7) + scanned(b"x") + bytes(2), Header(4, 3)),
    "as many pictures as a file may hold": (read_jpeg, jpeg() * 8, Header(4, 3)),
    "a Samsung phone's trailer": (read_jpeg, jpeg() + samsung(UTC_DATA, SHOT_INFO), Header(4, 3)),
    "a trailer that begins where the picture ends": (read_jpeg, jpeg() + samsung(b"k" + UTC_DATA), Header(4, 3)),
    "padding before a Samsung phone's trailer": (read_jpeg, jpeg() + bytes(5) + samsung(UTC_DATA), Header(4, 3)),
    "a preview before a Samsung phone's trailer": (read_jpeg, jpeg() * 2 + samsung(UTC_DATA), Header(4, 3)),
    "an end mark a kilobyte before the end": (headers.pdf, b"%PDF-1.7 %%EOF" + bytes(1019), Header()),
    "one brand": (headers.heic, heic(ispe(4, 3), brands=b""), Header(4, 3)),
    "three brands": (headers.heic, heic(ispe(4, 3), brands=b"mif1heicmiaf"), Header(4, 3)),
    "as many brands as fit": (headers.heic, heic(ispe(4, 3), brands=b"mif1" * 124), Header(4, 3)),
    "a forbidden brand only across two": (headers.heic, heic(ispe(4, 3), brands=b"xavifxxx"), Header(4, 3)),
    "the larger picture, not the wider one": (headers.heic, heic(ispe(100, 1), ispe(50, 50)), Header(50, 50)),
    "very many pixels": (headers.heic, heic(ispe(1 << 31, 1 << 31)), Header(1 << 31, 1 << 31)),
    "a size that is too short": (headers.heic, heic(box(b"ispe", bytes(8)), ispe(4, 3)), Header(4, 3)),
    "another box as long as a size": (headers.heic, heic(box(b"colr", b"\xff" * 12), ispe(4, 3)), Header(4, 3)),
    "an empty box of the long kind": (headers.heic, heic(ispe(4, 3), tail=box(b"free", b"", wide=True)), Header(4, 3)),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_lies_at_the_edge_is_read(name: str) -> None:
    read, content, header = FINE[name]
    assert read(content) == header


BAD = {
    "a width of 2^31": (headers.png, files.png(1 << 31, 1), Wrong),
    "a height of 2^31": (headers.png, files.png(1, 1 << 31), Wrong),
    "no width": (headers.png, files.png(0, 1), Wrong),
    "no height": (headers.png, files.png(1, 0), Wrong),
    "a second picture behind the first": (headers.png, files.png() + files.png(), Followed),
    "another end after what is somebody else's": (headers.png, files.png() + b"more" + files.png()[-12:], Followed),
    "no end": (headers.png, files.png()[:-12], Truncated),
    "an end without its check sum": (headers.png, files.png()[:-1], Truncated),
    "a chunk beyond the end": (headers.png, files.png()[:33] + struct.pack(">I4s", 1 << 31, b"IDAT"), Truncated),
    "an end with something in it": (
        headers.png, files.png()[:-12] + struct.pack(">I4s", 9, b"IEND") + bytes(4), Wrong),
    "a chunk that would lead back to its own start": (
        headers.png, files.png()[:33] + struct.pack(">I4s", (1 << 32) - 12, b"IDAT") + files.png()[33:], Truncated),
    "more chunks than a file can have": (
        headers.png, files.png()[:33] + (bytes(4) + b"tEXt" + bytes(4)) * 70_000 + files.png()[-12:], Wrong),
    "no JPEG at all": (read_jpeg, b"GIF89a", Wrong),
    "a segment without a name": (read_jpeg, jpeg(b"\xff\x00\x00\x02"), Wrong),
    "a second beginning": (read_jpeg, jpeg(b"\xff\xd8\x00\x02"), Wrong),
    "an end before the frame": (read_jpeg, jpeg(b"\xff\xd9\x00\x02"), Wrong),
    "a scan before the frame": (read_jpeg, jpeg(b"\xff\xda\x00\x02"), Wrong),
    "a segment shorter than its length": (read_jpeg, jpeg(b"\xff\xe0\x00\x01"), Wrong),
    "an end mark only before the frame": (read_jpeg, jpeg(b"\xff\xe0\x00\x04\xff\xd9", end=b""), Truncated),
    "a second end": (read_jpeg, jpeg() + END, Followed),
    "a song behind the picture": (read_jpeg, jpeg() + b"ID3\x03" + bytes(60), Followed),
    "a song behind the padding": (read_jpeg, jpeg() + bytes(9) + b"\xff\xfb\x90d" + bytes(400), Followed),
    "a letter behind the preview": (read_jpeg, jpeg() * 2 + b"Dear Sir", Followed),
    "one picture more than a file may hold": (read_jpeg, jpeg() * 9, Followed),
    "half a preview": (read_jpeg, jpeg() + jpeg()[:-2], Truncated),
    "a scan without an end": (read_jpeg, scanned(b"x")[:-2], Truncated),
    "a scan that stops within its head": (read_jpeg, jpeg(end=b"\xff\xda"), Truncated),
    "a picture that stops after a segment": (read_jpeg, b"\xff\xd8" + APP, Truncated),
    "a frame that stops within its size": (read_jpeg, b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x03\x00", Truncated),
    "a frame of no height that ends there": (read_jpeg, b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x04", Wrong),
    "more scans than a picture has": (read_jpeg, scanned(*(b"x",) * 300), Wrong),
    "a trailer that says nothing": (read_jpeg, jpeg() + b"SEFT", Followed),
    "a trailer without blocks": (read_jpeg, jpeg() + samsung(), Followed),
    "a trailer of more blocks than its directory": (read_jpeg, jpeg() + samsung(UTC_DATA, count=2), Followed),
    "a trailer that begins before the picture ends": (read_jpeg, jpeg() + samsung(UTC_DATA, first=999), Followed),
    "something before a trailer": (read_jpeg, jpeg() + b"ID3" + samsung(UTC_DATA), Followed),
    "a trailer without a directory": (
        read_jpeg, jpeg() + samsung(UTC_DATA).replace(b"SEFH", b"SEFX"), Followed),
    "a directory longer than the file": (
        read_jpeg, jpeg() + UTC_DATA + struct.pack("<I", 1 << 31) + b"SEFT", Followed),
    "a directory of nothing": (read_jpeg, jpeg() + UTC_DATA + b"SEFH" + struct.pack("<I", 4) + b"SEFT", Followed),
    "a trailer without its end": (read_jpeg, jpeg() + samsung(UTC_DATA)[:-1] + b"S", Followed),
    "a trailer whose only block is none": (
        read_jpeg, jpeg() + b"SEFHk\0\0\0" + struct.pack("<IIIII", 1, 0, 0, 0, 24) + b"SEFT", Followed),
    "a trailer that counts no block": (read_jpeg, jpeg() + samsung(UTC_DATA, count=0), Followed),
    "a trailer of two blocks more than its directory": (read_jpeg, jpeg() + samsung(UTC_DATA, count=3), Followed),
    "more behind a trailer": (read_jpeg, jpeg() + samsung(UTC_DATA) + b"more", Followed),
    "an unknown version": (headers.pdf, b"%PDF-9.9", Wrong),
    "half a version": (headers.pdf, b"%PDF-1.", Truncated),
    "an end mark more than a kilobyte before the end": (headers.pdf, b"%PDF-1.7 %%EOF" + bytes(1020), Truncated),
    "no ftyp": (headers.heic, heic(ispe(4, 3), kind=b"free"), Wrong),
    "no size at all": (headers.heic, heic(), Wrong),
    "a size of nothing": (headers.heic, heic(ispe(0, 0)), Wrong),
    "a picture without height beside another": (headers.heic, heic(ispe(4, 3), ispe(60_000, 0)), Wrong),
    "too many brands": (headers.heic, heic(ispe(4, 3), brands=b"mif1" * 125), Wrong),
    "half a brand": (headers.heic, heic(ispe(4, 3), brands=b"mi"), Wrong),
    "a film": (headers.heic, heic(ispe(4, 3), major=b"mp42"), Wrong),
    "a forbidden brand first": (headers.heic, heic(ispe(4, 3), brands=b"avifmif1miaf"), Wrong),
    "a forbidden brand second": (headers.heic, heic(ispe(4, 3), brands=b"mif1avif"), Wrong),
    "a forbidden brand last": (headers.heic, heic(ispe(4, 3), brands=b"mif1miafavif"), Wrong),
    "a meta box shorter than its head": (
        headers.heic, box(b"ftyp", b"heic" + bytes(8)) + box(b"meta", b"xx"), Truncated),
    "a size of four gigabytes": (
        headers.heic, heic(ispe(4, 3)) + struct.pack(">I4s", 0xFFFFFFF0, b"mdat"), Truncated),
    "a size of sixteen exabytes": (
        headers.heic, heic(ispe(4, 3)) + struct.pack(">I4sQ", 1, b"mdat", (1 << 64) - 16), Truncated),
    "half a long size": (headers.heic, heic(ispe(4, 3)) + struct.pack(">I4s4s", 1, b"mdat", b""), Truncated),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_lies_beyond_the_edge_is_not(name: str) -> None:
    read, content, problem = BAD[name]
    with pytest.raises(problem):
        read(content)


@pytest.mark.parametrize(("content", "found"), [
    (b"RIFF0000WAVEfmt ", True), (b"RIFF0000AVI LIST", True), (b"RIFF0000WEBPVP8 ", False),
    (b"LIST0000WAVEfmt ", False),
    (b"ID3\x03", True), (b"0000ftypM4A ", True), (b"0000ftypheic", False),
    (b"\xff\xd8\xff a picture that sounds \xff\xd9\x00\x00\x00\x01\x0d\0\0\0SoundShot_000", True),
    (b"\xff\xd8\xff a picture that moves \xff\xd9\x00\x00\x00\x18ftypmp42", True),
])  # fmt: skip
def test_s43_recordings_are_known_where_they_begin(content: bytes, found: bool) -> None:
    assert headers.recorded(content) is found


LONG = bytes(4 * HEAD)


@pytest.mark.parametrize(("content", "found"), [
    (b"<html>" + LONG, True), (LONG[: HEAD - 6] + b"<html>" + LONG, True), (LONG[: HEAD - 5] + b"<html>" + LONG, False),
    (LONG + b"<svg " + LONG[: HEAD - 5], True), (LONG + b"<svg " + LONG[: HEAD - 4], False), (LONG, False),
    (b"<?php system();" + LONG, True), (b"<?xpacket begin=''?>" + LONG, False),
    (b"x%PDF-" + LONG, True), (b"%PDF-1.7" + b"%PDF-" + LONG, True), (b"%PDF-1.7" + LONG, False),
    (LONG[: HEAD - 5] + b"%PDF-" + LONG, True), (LONG[: HEAD - 4] + b"%PDF-" + LONG, False),
    (LONG + b"PK\x05\x06\x00\x00\x00\x00", True), (b"PK\x05\x06\x00\x00\x00\x00" + bytes(65_549), True),
    (b"PK\x05\x06\x00\x00\x00\x00" + bytes(65_550), False),
])  # fmt: skip
def test_a46_a_second_file_is_looked_for_at_both_ends(content: bytes, found: bool) -> None:
    assert headers.smuggled(content) is found


@pytest.mark.parametrize(("name", "media_type", "verdict"), [
    ("a.b.png", "image/png", None), ("png", "image/png", "unsupported_file"), ("mp3", "image/png", "unsupported_file"),
    ("a.mp3", "image/png", "recording_forbidden"), ("a.png", "audio/mpeg", "recording_forbidden"),
    ("a.png", "VIDEO/mp4", "recording_forbidden"), ("a.png", "model/audio/", "unsupported_file"),
])  # fmt: skip
def test_s43_s54_name_and_declared_type_are_read(name: str, media_type: str, verdict: str | None) -> None:
    found = judged(name, media_type, files.png())
    assert (code(found) if isinstance(found, sched.Refused) else None) == verdict


def test_s54_a_file_may_be_as_large_as_the_limits_say() -> None:
    size = len(files.png(4, 3))

    assert accepted(judged("a.png", "image/png", files.png(4, 3), bytes=size, pixels=12)).value.added_at == NOW
    assert code(judged("a.png", "image/png", files.png(4, 3), bytes=size - 1)) == "too_large"
    assert code(judged("a.png", "image/png", files.png(4, 3), pixels=11)) == "too_large"
    assert sched.AttachmentLimits(bytes=1, pixels=1, count=1).count == 1


def test_s54_the_rich_text_of_a_comment_is_no_second_file() -> None:
    comment = b"<</RC(<?xml version='1.0'?><body xmlns='http://www.w3.org/1999/xhtml'><p>Hi</p></body>)>>\n%%EOF\n"

    accepted(judged("letter.pdf", "application/pdf", files.pdf() + comment))
    assert code(judged("letter.pdf", "application/pdf", files.pdf() + b"<body onload=x>\n%%EOF\n")) == (
        "file_type_mismatch"
    )
