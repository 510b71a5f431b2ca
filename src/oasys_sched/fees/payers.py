"""Payers and practices that forbid or cap fees, as data (B6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from oasys_sched.errors import InvalidPolicy
from oasys_sched.ids import require_id
from oasys_sched.money import Money

__all__ = ["NO_FEE_RULES", "FeeRules", "PayerRule"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRule:
    """One payer's rule: `prohibited` forbids every fee (Medicaid), `cap` is the most it allows."""

    payer: str
    prohibited: bool = False
    cap: Money | None = None

    def __post_init__(self) -> None:
        require_id(self.payer, "payer")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRules:
    """The practice's own cap over every fee, and the rules of payers.

    >>> rules = FeeRules(cap=Money(9000, "USD"), payers=(PayerRule(payer="medicaid", prohibited=True),))
    >>> rules.reduce(Money(12000, "USD"), payer=None)
    (Money(9000, 'USD'), ('practice_cap',))
    >>> rules.reduce(Money(12000, "USD"), payer="medicaid")
    (Money(0, 'USD'), ('payer_prohibits',))
    """

    cap: Money | None = None
    payers: tuple[PayerRule, ...] = ()

    def __post_init__(self) -> None:
        if len({rule.payer for rule in self.payers}) != len(self.payers):
            raise InvalidPolicy("one rule per payer", field="payers")

    def reduce(self, amount: Money, *, payer: str | None) -> tuple[Money, tuple[str, ...]]:
        """Return what may be charged, and the name of each reduction that bit.

        Raises:
            InvalidValue: `currency_mismatch` when a cap is in another currency.
        """
        rule = next((row for row in self.payers if row.payer == payer), None)
        if rule is not None and rule.prohibited:
            return Money(0, amount.currency), ("payer_prohibits",)
        reductions: list[str] = []
        for name, cap in (("payer_cap", rule.cap if rule else None), ("practice_cap", self.cap)):
            if cap is not None and cap < amount:
                amount = cap
                reductions.append(name)
        return amount, tuple(reductions)


NO_FEE_RULES: Final = FeeRules()
