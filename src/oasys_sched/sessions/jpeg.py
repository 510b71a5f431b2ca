"""Reading a JPEG to its end: the size that its frame header says, and that nothing foreign follows the picture."""

from __future__ import annotations

import re
import struct
from typing import Final

from oasys_sched.sessions.headers import Followed, Header, Truncated, Wrong

__all__ = ["jpeg"]

_START: Final = b"\xff\xd8\xff"
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA
# Start-of-frame markers carry the size: C0 to CF but for tables (C4), an extension (C8) and arithmetic (CC).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# What in a scan is neither a stuffed byte nor a restart: the next segment.
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FILL: Final = re.compile(rb"\xff*")
_PADDING: Final = re.compile(rb"[\x00\r\n]*")
# Of one picture: progressive ones have some twenty, depth maps and profiles come in pieces of 64 kB.
_SEGMENTS: Final = 512
# In one file: a preview, a gain map, a depth map.
_PICTURES: Final = 8


def jpeg(content: bytes) -> Header:
    """Return the size of the first picture, which has to have an end.

    After it may come what cameras put there: padding, further pictures, and Samsung's trailer. Anything else is a
    second file. O(size).
    """
    if not content.startswith(_START):
        raise Truncated if _START.startswith(content) else Wrong
    header, end = _picture(content, 0)
    for _ in range(_PICTURES):
        at = _past(_PADDING, content, end)
        if at == len(content) or _is_samsung_trailer(content, end, at):
            return header
        if not content.startswith(_START, at):
            break
        _, end = _picture(content, at)
    raise Followed


def _past(run: re.Pattern[bytes], content: bytes, at: int) -> int:
    found = run.match(content, at)
    return at if found is None else found.end()


def _picture(content: bytes, start: int) -> tuple[Header, int]:
    """Walk the segments of the picture that starts here. Return its size and where it ends."""
    header, at = None, start + 2
    for _ in range(_SEGMENTS):
        if header is not None:
            # As decoders do: up to the next segment everything is picture.
            following = _MARKER.search(content, at)
            if following is None:
                raise Truncated
            at = following.start()
        elif content[at : at + 1] != b"\xff":
            raise Wrong if at < len(content) else Truncated
        at = _past(_FILL, content, at)
        if content[at : at + 1] == bytes((_END_OF_IMAGE,)) and header is not None:
            return header, at + 1
        if at + 3 > len(content):
            raise Truncated
        marker, length = struct.unpack_from(">BH", content, at)
        if length < 2 or marker in {0x00, _START_OF_IMAGE, _END_OF_IMAGE} or (marker == _START_OF_SCAN and not header):
            raise Wrong
        if marker in _FRAMES and header is None:
            header = _frame(content, at)
        at += 1 + length
    raise Wrong


def _frame(content: bytes, at: int) -> Header:
    if at + 8 > len(content):
        raise Truncated
    height, width = struct.unpack_from(">HH", content, at + 4)
    if not height or not width:
        raise Wrong
    return Header(width, height)


def _is_samsung_trailer(content: bytes, end: int, at: int) -> bool:
    """Tell whether all the rest is one trailer: blocks, a directory of how far before it each begins, its length.

    The first block lies right after the picture and what fills it up, `[end, at]`; its own first bytes are zeros.
    """
    if not content.endswith(b"SEFT"):
        return False
    length = _number(content, len(content) - 8)
    directory = len(content) - 8 - length
    if directory <= at or not content.startswith(b"SEFH", directory):
        return False
    count = _number(content, directory + 8)
    if not 0 < 12 * count <= length - 12:
        return False
    first = max(_number(content, directory + 16 + 12 * n) for n in range(count))
    return end <= directory - first <= at


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little")
