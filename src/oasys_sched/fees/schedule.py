"""What a service costs: one amount, or one per mode (S4, S98, S99)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidPolicy
from oasys_sched.modes import Mode
from oasys_sched.money import Money

__all__ = ["FeeSchedule"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """A single amount, amounts per mode, or both: an entry for the mode wins, then the single one, then nothing.

    An explicit 0 for a mode means no fee for that mode; it does not fall back (A16).

    >>> fees = FeeSchedule(single=Money(4000, "USD"), per_mode=((Mode.PHONE, Money(0, "USD")),))
    >>> fees.amount(Mode.PHONE), fees.amount(Mode.TELEHEALTH)
    (Money(0, 'USD'), Money(4000, 'USD'))
    """

    single: Money | None = None
    per_mode: tuple[tuple[Mode, Money], ...] = ()

    def __post_init__(self) -> None:
        rows = tuple(sorted((Mode(mode), money) for mode, money in self.per_mode))
        if len({mode for mode, _ in rows}) != len(rows):
            raise InvalidPolicy("one amount per mode", field="per_mode")
        currencies = {money.currency for _, money in rows} | ({self.single.currency} if self.single else set())
        if len(currencies) > 1:
            raise InvalidPolicy("one currency per fee schedule", field="per_mode", code=Code.CURRENCY_MISMATCH)
        object.__setattr__(self, "per_mode", rows)

    def amount(self, mode: Mode) -> Money | None:
        """Return the amount for a mode, or None when nothing is configured (S99)."""
        return next((money for row, money in self.per_mode if row is mode), self.single)

    def limited_to(self, modes: tuple[Mode, ...]) -> FeeSchedule:
        """Return the schedule without rows for modes a service no longer has (S115)."""
        return FeeSchedule(single=self.single, per_mode=tuple(row for row in self.per_mode if row[0] in modes))
