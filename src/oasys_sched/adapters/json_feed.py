"""Reading JSON answers of calendar services under limits, with errors that name the path and quote nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from oasys_sched.adapters.busy import FeedLimits, malformed, too_large

__all__ = ["Json", "as_list", "as_object", "as_text", "read_instant", "read_json", "read_wall"]

Json = Mapping[str, object]

_WALL: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def read_json(data: bytes | str | Json, limits: FeedLimits) -> Json:
    """Return a JSON object from text, bytes (UTF-8) or an object already parsed.

    Raises:
        InvalidValue: `feed_too_large` over the size or nesting limit, `feed_malformed` when it is not a JSON object.
    """
    if isinstance(data, Mapping):
        return data
    if len(data) > limits.octets:
        raise too_large(f"a feed holds at most {limits.octets} octets", "feed")
    try:
        found = json.loads(data, object_pairs_hook=_object)
    except RecursionError:
        raise too_large("nested too deeply", "feed") from None
    except ValueError:  # also UnicodeDecodeError and integers of thousands of digits
        raise malformed("not JSON text", "feed") from None
    return as_object(found, "feed")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):  # readers differ on which one counts, so neither is believed
        raise ValueError("a name twice in one object")
    return found


def as_object(value: object, field: str) -> Json:
    """Return a value that must be a JSON object."""
    if not isinstance(value, Mapping):
        raise malformed("expected an object", field)
    return value


def as_list(value: object, field: str, most: int) -> list[object]:
    """Return a value that must be a list of at most `most` entries."""
    if not isinstance(value, list):
        raise malformed("expected a list", field)
    if len(value) > most:
        raise too_large(f"at most {most} entries", field)
    return value


def as_text(value: object, field: str) -> str:
    """Return a value that must be text."""
    if not isinstance(value, str):
        raise malformed("expected text", field)
    return value


def read_wall(value: object, field: str) -> datetime:
    """Read 'YYYY-MM-DDThh:mm:ss' with an optional fraction (cut to microseconds) and an optional offset."""
    found = _WALL.fullmatch(as_text(value, field))
    if found is None:
        raise malformed("expected a time such as '2026-03-05T15:00:00Z'", field)
    seconds, fraction, offset = found.groups()
    try:
        return datetime.fromisoformat(f"{seconds}.{(fraction or '0')[:6]:0<6}{offset or ''}")
    except ValueError:
        raise malformed("no such date or time", field) from None


def read_instant(value: object, field: str) -> datetime:
    """Read an RFC 3339 instant; one without an offset is refused."""
    found = read_wall(value, field)
    if found.tzinfo is None:
        raise malformed("expected a time with an offset", field)
    return found
