"""Reading the headers of PNG, PDF and HEIC files: a few bytes at bounded places, and one look for foreign marks.

Each reader raises `Wrong` when the bytes are not its format, `Truncated` when they stop being it too early.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Followed", "Header", "Truncated", "Wrong", "heic", "pdf", "png", "recorded", "smuggled"]

HEAD: Final = 4096
# A ZIP's end record lies at most this far from the end: 22 bytes and a comment of 65,535.
TAIL: Final = 65_557
_STEPS: Final = 512


class Wrong(Exception):
    """The bytes are not of this format."""


class Followed(Wrong):
    """The picture has an end, and then comes something that is none of it."""


class Truncated(Exception):
    """The bytes begin as this format and stop too early."""


class Header(NamedTuple):
    """Pixels as declared; zero for what has none."""

    width: int = 0
    height: int = 0


_PNG: Final = b"\x89PNG\r\n\x1a\n"
# A file at its size limit in chunks of 512 bytes; writers make them of 8 kB and more.
_CHUNKS: Final = 1 << 16


def png(content: bytes) -> Header:
    """Read IHDR, which comes first, and walk the chunks to IEND, which comes last: no byte may follow it."""
    if not content.startswith(_PNG):
        raise Truncated if _PNG.startswith(content) else Wrong
    if len(content) < 33:
        raise Truncated
    length, kind, width, height = struct.unpack_from(">I4sII", content, 8)
    if (length, kind) != (13, b"IHDR") or not (0 < width < 1 << 31 and 0 < height < 1 << 31):
        raise Wrong
    at = 8
    for _ in range(_CHUNKS):
        if at + 12 > len(content):
            raise Truncated
        length, kind = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        if kind == b"IEND":
            break
    if kind != b"IEND" or at > len(content):
        raise Wrong
    if at < len(content):
        raise Followed
    return Header(width, height)


_PDF: Final = re.compile(rb"%PDF-[12]\.\d")


def pdf(content: bytes) -> Header:
    """Insist on the version at the very first byte and on the end mark in the last kilobyte."""
    if not content.startswith(b"%PDF-"):
        raise Truncated if b"%PDF-".startswith(content) else Wrong
    if _PDF.match(content) is None:
        raise Truncated if len(content) < 8 else Wrong
    if b"%%EOF" not in content[-1024:]:
        raise Truncated
    return Header()


_HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"})
_NOT_HEIC: Final = frozenset({b"avif", b"avis", b"qt  ", b"crx "})


def heic(content: bytes) -> Header:
    """Read the brands of `ftyp`, walk the boxes, and take the largest size in meta / iprp / ipco / ispe (A46)."""
    if len(content) < 16:
        raise Truncated if content[4:8] == b"ftyp"[: len(content[4:8])] else Wrong
    size, kind = struct.unpack_from(">I4s", content)
    if kind != b"ftyp" or not 16 <= size <= 512 or size % 4:
        raise Wrong
    others = {content[at : at + 4] for at in range(16, min(size, len(content)), 4)}
    if content[8:12] not in _HEIC or not others.isdisjoint(_NOT_HEIC):
        raise Wrong
    inside = _box(content, 0, len(content), b"meta", skip=4)
    for name in (b"iprp", b"ipco"):
        inside = _box(content, *inside, name)
    sizes = [
        Header(*struct.unpack_from(">II", content, start + 4))
        for name, start, end in _boxes(content, *inside)
        if name == b"ispe" and end - start >= 12
    ]
    if not sizes or not all(row.width and row.height for row in sizes):
        raise Wrong  # a picture that does not say how large it is cannot be held to a limit
    return max(sizes, key=lambda row: row.width * row.height)


def _box(content: bytes, at: int, end: int, name: bytes, skip: int = 0) -> tuple[int, int]:
    """Return start and end of the first box of a name; a full box starts with four bytes more to `skip`."""
    found = [(start + skip, stop) for kind, start, stop in _boxes(content, at, end) if kind == name]
    if not found:
        raise Truncated
    return found[0]


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the content of each box; a box beyond its surroundings is a file cut short."""
    for _ in range(_STEPS):
        if at == end:
            return
        if at + 8 > end:
            raise Truncated
        size, name = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1:
            if at + 16 > end:
                raise Truncated
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        stop = end if size == 0 else at + size
        if stop > end:
            raise Truncated
        if stop < at + head or not name.isascii():
            raise Wrong
        yield name, at + head, stop
        at = stop
    raise Wrong


_SOUND: Final = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf3", b"#!AMR", b"FORM")
_MOVING: Final = frozenset({b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"M4A ", b"M4V ", b"avc1", b"3gp4", b"3gp5"})
_FILM: Final = re.compile(b"ftyp(?:" + b"|".join(sorted(_MOVING)) + b")")
# The sound that Samsung's cameras keep with a picture.
_SOUND_SHOT: Final = b"SoundShot_"


def recorded(content: bytes) -> bool:
    """Tell whether the bytes are sound or film, or a picture that a camera added sound or film to (S43, S111)."""
    if content.startswith(_SOUND) or (content[:4] == b"RIFF" and content[8:12] in {b"WAVE", b"AVI "}):
        return True
    return _SOUND_SHOT in content or _FILM.search(content) is not None


# A `body` with a namespace is the rich text of a PDF's own comments.
_MARKUP: Final = re.compile(
    rb"<(?:!doctype\s+html|html|script|svg|iframe|\?php|body(?!\s+xmlns=))[\s>/]", re.IGNORECASE
)
_ZIP_END: Final = b"PK\x05\x06\x00\x00\x00\x00"
# Archives and programs that are found wherever they begin, by bytes that no picture has by chance.
_ANYWHERE: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x7fELF\x01\x01\x01", b"\x7fELF\x02\x01\x01",
                    b"This program cannot be run in DOS mode")  # fmt: skip


def smuggled(content: bytes) -> bool:
    """Tell whether a second file hides in this one: an archive or a program, or markup or a PDF around it."""
    if _ZIP_END in content[-TAIL:] or _MARKUP.search(content, 0, HEAD) or _MARKUP.search(content[-HEAD:]):
        return True
    return content.find(b"%PDF-", 1, HEAD) > 0 or any(mark in content for mark in _ANYWHERE)
