"""The UIDs our own calendar entries carry: stable, opaque, and recognisable when they come back in a feed."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

__all__ = ["invite_uid", "is_own_uid"]

_OWN: Final = re.compile(r"oasys-[0-9a-f]{32}", re.ASCII)


def invite_uid(practice: str, id: str) -> str:
    """Return the UID of an appointment's or a series' calendar entry: the same for ever, telling nobody anything.

    >>> invite_uid("north", "a-1") == invite_uid("north", "a-1") != invite_uid("south", "a-1")
    True
    """
    return "oasys-" + sha256(f"{practice}\0{id}".encode()).hexdigest()[:32]


def is_own_uid(uid: str) -> bool:
    """Tell whether a calendar entry is the mirror of one of ours, which never blocks itself (A12)."""
    return _OWN.fullmatch(uid.strip()) is not None
