"""The formats a clinical note may have, as data (O5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oasys_sched.errors import InvalidValue

__all__ = ["FORMATS", "note_formats", "require_format"]

# The sections of each format, in reading order. Text without a section goes into the first.
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "progress": ("note",),
    "soap": ("subjective", "objective", "assessment", "plan"),
    "dap": ("data", "assessment", "plan"),
    "birp": ("behavior", "intervention", "response", "plan"),
    "girp": ("goals", "intervention", "response", "plan"),
}


def note_formats() -> Mapping[str, tuple[str, ...]]:
    """Return every note format with its sections in reading order (O5)."""
    return FORMATS


def require_format(format: str, field: str) -> None:
    """Insist on one of the formats.

    Raises:
        InvalidValue: there is no such format.
    """
    if format not in FORMATS:
        raise InvalidValue(f"give one of {', '.join(FORMATS)}", field=field)
