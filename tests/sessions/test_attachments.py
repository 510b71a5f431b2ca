"""S54, A46: declared type, extension and bytes agree, or the file is refused; every verdict is typed."""

import os
import struct
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.sessions import attachments, headers
from oasys_sched.sessions.jpeg import jpeg as read_jpeg
from tests.sessions.clinic import DR, NOW, accepted, after, code, ended, written
from tests.sessions.files import box, heic, jpeg, pdf, png

FINE = {
    ("photo.jpg", "image/jpeg"): jpeg(),
    ("photo.JPEG", "Image/JPEG; q=1"): jpeg(frame=0xC2),
    ("scan.png", "image/png"): png(),
    ("letter.pdf", "application/pdf"): pdf(),
    ("phone.heic", "image/heic"): heic((4, 3), (40, 30)),
    ("phone.heif", "image/heif"): heic(brand=b"mif1", wide=True),
}


def judged(name: str, media_type: str, content: bytes, **limits: int) -> object:
    upload = attachments.Upload(name=name, media_type=media_type, content=content)
    return attachments.judge_file(upload, id="f1", limits=sched.AttachmentLimits(**limits), now=NOW)


@pytest.mark.parametrize(("claim", "content"), FINE.items(), ids=lambda row: row[0] if isinstance(row, tuple) else "")
def test_s54_a46_the_four_kinds_are_taken_under_a_name_of_our_own(claim: tuple[str, str], content: bytes) -> None:
    kept = accepted(judged(*claim, content)).value
    assert kept.name.startswith("attachment-")
    assert claim[0].partition(".")[0] not in kept.name
    assert kept.size == len(content)
    if not claim[1].startswith("application"):
        assert (kept.width, kept.height) in {(4, 3), (40, 30)}


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"])
@pytest.mark.parametrize("name", ["p.heic", "p.heif", "P.HEIC"])
@pytest.mark.parametrize("media_type", ["image/heic", "image/heif"])
def test_a46_the_whole_heic_family_is_one_kind(name: str, media_type: str, brand: bytes) -> None:
    kept = accepted(judged(name, media_type, heic((8, 6), brand=brand))).value

    assert (kept.width, kept.height) == (8, 6)


def test_a46_jpg_is_jpeg() -> None:
    kinds = {accepted(judged(name, "image/jpeg", jpeg())).value.media_type for name in ("a.jpg", "a.jpeg", "A.JPG")}

    assert len(kinds) == 1


@pytest.mark.parametrize(
    ("name", "media_type", "content", "refusal"),
    [
        ("a.png", "image/png", b"", "empty_file"),
        ("a.png", "image/png", bytes(2_000), "too_large"),
        ("a.mp3", "audio/mpeg", b"ID3", "recording_forbidden"),
        ("a.mov", "image/heic", heic(), "recording_forbidden"),
        ("a.png", "image/png", b"RIFF0000WAVE", "recording_forbidden"),
        ("a.heic", "image/heic", box(b"ftyp", b"isom00000000"), "recording_forbidden"),
        ("a.gif", "image/gif", b"GIF89a", "unsupported_file"),
        ("a", "image/png", png(), "unsupported_file"),
        ("a.jpg", "image/png", png(), "file_type_mismatch"),
        ("a.png", "image/png", jpeg(), "file_type_mismatch"),
        ("a.png", "image/png", png()[:40], "file_truncated"),
        ("a.png", "image/png", png(0, 3), "file_type_mismatch"),
        ("a.png", "image/png", png() + b"more", "file_type_mismatch"),
        ("a.png", "image/png", png(9_000, 9_000), "too_large"),
        ("a.jpg", "image/jpeg", jpeg()[:-2], "file_truncated"),
        ("a.jpg", "image/jpeg", jpeg(0, 3), "file_type_mismatch"),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xda\x00\x04", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x02\x00\x00\x00\x00", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 600, "file_type_mismatch"),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xc0\x00\x0b", "file_truncated"),
        ("a.pdf", "application/pdf", b"%PDF-x.7 %%EOF", "file_type_mismatch"),
        ("a.pdf", "application/pdf", b"%PDF-1.7 " + bytes(900), "file_truncated"),
        ("a.pdf", "application/pdf", b"%PDF-1", "file_truncated"),
        ("a.pdf", "application/pdf", b"hello %PDF-1.7 %%EOF", "file_type_mismatch"),
        ("a.pdf", "application/pdf", pdf() + b"PK\x05\x06" + bytes(18), "file_type_mismatch"),
        ("a.pdf", "application/pdf", pdf() + b"<script>1</script>%%EOF", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg()[:-2] + b"%PDF-1.4" + b"\xff\xd9", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg() + b"ID3\x03" + bytes(60), "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg() + b"Rar!\x1a\x07\x01\x00" + bytes(99), "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg() + bytes(99) + b"7z\xbc\xaf\x27\x1c\x00\x04", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg() + b"\x7fELF\x02\x01\x01\x00", "file_type_mismatch"),
        ("a.pdf", "application/pdf", b"%PDF-1.7\nThis program cannot be run in DOS mode%%EOF", "file_type_mismatch"),
        ("a.jpg", "image/jpeg", jpeg() + box(b"ftyp", b"mp42" + bytes(4)), "recording_forbidden"),
        ("a.heic", "image/heic", heic(brand=b"avif"), "file_type_mismatch"),
        ("a.heic", "image/heic", heic()[:60], "file_truncated"),
        ("a.heic", "image/heic", heic()[:12], "file_truncated"),
        ("a.heic", "image/heic", b"short", "file_type_mismatch"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000000") + box(b"meta", b"1"), "file_truncated"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000000") + b"\x00\x00\x00\x01wide", "file_truncated"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000000") + struct.pack(">I4s", 4, b"meta"), "file_type_mismatch"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000000") + box(b"free", b"") * 600, "file_type_mismatch"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000"), "file_type_mismatch"),
        ("a.heic", "image/heic", box(b"ftyp", b"heic00000000") + struct.pack(">I4s", 0, b"mdat"), "file_truncated"),
    ],
)  # fmt: skip
def test_s54_what_does_not_agree_is_refused_by_name(name: str, media_type: str, content: bytes, refusal: str) -> None:
    assert code(judged(name, media_type, content, bytes=1_000_000 if len(content) != 2_000 else 1_000)) == refusal


def test_s54_a_note_holds_only_so_many_files_and_each_of_a_drop_is_judged_alone() -> None:
    policy = sched.SessionPolicy(attachments=sched.AttachmentLimits(count=2))
    state = written(ended(policy=policy))
    files = {
        "f1": attachments.Upload(name="a.png", media_type="image/png", content=png()),
        "f2": attachments.Upload(name="b.png", media_type="image/png", content=jpeg()),
        "f3": attachments.Upload(name="c.pdf", media_type="application/pdf", content=pdf()),
        "f4": attachments.Upload(name="d.pdf", media_type="application/pdf", content=pdf()),
    }
    taken = sessions.attach(state, files=files, revision=1, actor=DR, now=NOW)
    verdicts = accepted(taken).value
    assert [isinstance(row, sched.Accepted) for row in verdicts] == [True, False, True, False]
    assert code(verdicts[3]) == "too_many_files"
    kept = after(state, taken)
    assert kept.note is not None
    assert [row.id for row in kept.note.attachments] == ["f1", "f3"]
    none = sessions.attach(kept, files={"f5": files["f2"]}, revision=2, actor=DR, now=NOW)
    assert accepted(none).changes == ()
    assert code(sessions.attach(kept, files=files, revision=1, actor=DR, now=NOW)) == "stale_revision"
    assert code(sessions.detach(kept, attachment="f9", revision=2, actor=DR, now=NOW)) == "not_found"
    assert code(sessions.detach(kept, attachment="f1", revision=1, actor=DR, now=NOW)) == "stale_revision"
    left = after(kept, sessions.detach(kept, attachment="f1", revision=2, actor=DR, now=NOW + timedelta(minutes=1)))
    assert left.note is not None
    assert [row.id for row in left.note.attachments] == ["f3"]


@settings(max_examples=100_000 if os.environ.get("OASYS_PROFILE") == "long" else 400)
@given(
    st.sampled_from(sorted(FINE)),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=12),
    st.integers(0, 200),
    st.binary(max_size=20),
)
@example(("phone.heic", "image/heic"), [], 200, struct.pack(">I4sQ", 1, b"mdat", 1 << 63))
def test_s54_any_bytes_get_a_typed_verdict(
    claim: tuple[str, str], changes: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    content = bytearray(FINE[claim])
    for place, byte in changes:
        content[place % len(content)] = byte
    verdict = judged(*claim, bytes(content[:cut]) + tail)
    assert isinstance(verdict, sched.Accepted | sched.Refused)


def test_the_reader_says_which_of_its_two_errors_it_is() -> None:
    with pytest.raises(headers.Truncated):
        headers.png(b"\x89PNG")
    with pytest.raises(headers.Truncated):
        read_jpeg(b"\xff")
    with pytest.raises(headers.Truncated):
        headers.pdf(b"%P")
