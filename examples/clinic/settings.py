"""What can be set, all of it in the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`database` is a file for SQLite, or a `postgresql://` address; `embed` the one other site that may frame us."""

    database: str = "clinic.sqlite"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    https: bool = False
    embed: str = ""
    approval: bool = True
    clock: Callable[[], datetime] = _now

    @classmethod
    def from_environment(cls) -> Settings:
        """Read CLINIC_DATABASE, CLINIC_SECRET, CLINIC_HTTPS, CLINIC_EMBED and CLINIC_APPROVAL."""
        given = os.environ.get
        secret = given("CLINIC_SECRET", "")
        return cls(
            database=given("CLINIC_DATABASE", "clinic.sqlite"),
            secret=secret.encode() if secret else secrets.token_bytes(32),
            https=given("CLINIC_HTTPS", "") == "1",
            embed=given("CLINIC_EMBED", ""),
            approval=given("CLINIC_APPROVAL", "1") == "1",
        )
