"""Judging one offered file: what it claims to be, what its name says, and what its bytes are (S54, A46).

Headers are read, nothing is decoded. A fitting header proves what a file claims to be, not that it is harmless:
scanning and re-encoding are the app's (reliability.md 4.10).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.sessions.headers import Followed, Header, Truncated, Wrong, heic, pdf, png, recorded, smuggled
from oasys_sched.sessions.jpeg import jpeg
from oasys_sched.sessions.note import Attachment
from oasys_sched.sessions.policy import AttachmentLimits

__all__ = ["Upload", "judge_file"]

_LIMITS: Final = AttachmentLimits()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file of a drop as it was offered; the name is read for its extension and then forgotten."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


@final
@dataclass(frozen=True, slots=True)
class _Kind:
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    read: Callable[[bytes], Header]


# The allow-list: declared types, extensions, and the reader that has to agree with both. The first names are ours.
_KINDS: Final = (
    _Kind(("image/jpeg",), ("jpg", "jpeg"), jpeg),
    _Kind(("image/png",), ("png",), png),
    _Kind(("application/pdf",), ("pdf",), pdf),
    _Kind(("image/heic", "image/heif"), ("heic", "heif"), heic),
)
_BY_TYPE: Final[Mapping[str, _Kind]] = {name: kind for kind in _KINDS for name in kind.media_types}
_RECORDINGS: Final = (
    *("aac", "aif", "aiff", "amr", "avi", "flac", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg"),
    *("oga", "ogg", "ogv", "opus", "wav", "webm", "wma", "wmv"),
)


def judge_file(upload: Upload, *, id: str, limits: AttachmentLimits = _LIMITS, now: datetime) -> Decision[Attachment]:
    """Accept a JPEG, PNG, PDF or HEIC whose declared type, extension and bytes agree, or say what is wrong (S54).

    Refusals: `empty_file`, `too_large` (bytes or pixels), `recording_forbidden`, `unsupported_file`,
    `file_type_mismatch`, `file_truncated`. O(size): the digest reads the content once, as does each mark of a second
    file.
    """
    name, content = upload.name, upload.content
    media_type = upload.media_type.partition(";")[0].strip().lower()
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not content:
        return refuse(Code.EMPTY_FILE, "the file has no bytes", field="content")
    if len(content) > limits.bytes:
        return refuse(Code.TOO_LARGE, f"a file has at most {limits.bytes} bytes", field="content", limit=limits.bytes)
    if media_type.startswith(("audio/", "video/")) or extension in _RECORDINGS or recorded(content):
        return refuse(Code.RECORDING_FORBIDDEN, "no recording of a session is ever kept", field="content")
    kind = _BY_TYPE.get(media_type)
    if kind is None or not any(extension in row.extensions for row in _KINDS):
        return refuse(Code.UNSUPPORTED_FILE, "attach a JPEG, PNG, PDF or HEIC", field="media_type")
    if extension not in kind.extensions:
        return refuse(Code.FILE_TYPE_MISMATCH, "extension and declared type disagree", field="name")
    header = _read(kind, content)
    if isinstance(header, Refused):
        return header
    if header.width * header.height > limits.pixels:
        most = limits.pixels
        return refuse(Code.TOO_LARGE, f"a picture has at most {most} pixels", field="content", limit=most)
    return Accepted(
        Attachment(
            id=id,
            name=f"attachment-{hashlib.sha256(id.encode()).hexdigest()[:16]}.{kind.extensions[0]}",
            media_type=kind.media_types[0],
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            width=header.width or None,
            height=header.height or None,
            added_at=now,
        )
    )


def _read(kind: _Kind, content: bytes) -> Header | Refused:
    """Read the header as the kind it claims to be, and look for a second kind hidden behind it."""
    try:
        header = kind.read(content)
    except Truncated:
        return refuse(Code.FILE_TRUNCATED, "the file ends too early", field="content")
    except Followed:
        return refuse(Code.FILE_TYPE_MISMATCH, "more follows the picture's end: save it anew", field="content")
    except Wrong:
        return refuse(Code.FILE_TYPE_MISMATCH, "the bytes are not what the file says", field="content")
    if smuggled(content):
        return refuse(Code.FILE_TYPE_MISMATCH, "the file is also something else", field="content")
    return header
