"""Money as integer minor units and a currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = ["Money"]

# ISO 4217 minor units that are not 2, among the currencies a practice is likely to charge in.
_EXPONENT: Final = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "UGX": 0, "XAF": 0, "XOF": 0, "PYG": 0,
                    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}  # fmt: skip


@final
@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in integer minor units (cents) of one ISO 4217 currency. Never negative: RULES section 0.

    >>> Money(4000, "EUR")
    Money(4000, 'EUR')
    >>> str(Money.of("40.00", "EUR"))
    '40.00 EUR'
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise InvalidValue(
                "give whole minor units (cents) as an int, never a float", field="minor", code=Code.INVALID_AMOUNT
            )
        if self.minor < 0:
            raise InvalidValue("an amount is 0 or more", field="minor", code=Code.INVALID_AMOUNT)
        code = self.currency
        if not (isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise InvalidValue(
                "give a three-letter ISO 4217 code, such as 'EUR'", field="currency", code=Code.INVALID_AMOUNT
            )

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Read a decimal amount exactly; more digits than the currency has are refused, never rounded.

        >>> Money.of("12.5", "USD").minor
        1250
        """
        if isinstance(amount, float):
            raise InvalidValue(
                "give a string, an int or a Decimal, never a float", field="amount", code=Code.INVALID_AMOUNT
            )
        try:
            exact = Decimal(amount)
            # Twenty digits hold any fee; more would make a hostile "1e999999" cost memory before it is refused.
            if not exact.is_finite() or abs(exact.adjusted()) > 20 or len(exact.as_tuple().digits) > 20:
                raise ValueError
            minor = exact.scaleb(_EXPONENT.get(currency, 2))
            whole = int(minor)
        except (InvalidOperation, ValueError, TypeError):
            raise InvalidValue("not a decimal number", field="amount", code=Code.INVALID_AMOUNT) from None
        if minor != whole:
            raise InvalidValue(
                f"more decimals than {currency} has; round it first", field="amount", code=Code.INVALID_AMOUNT
            )
        return cls(whole, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-_EXPONENT.get(self.currency, 2))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise InvalidValue(
                f"cannot mix {self.currency} and {other.currency}", field="currency", code=Code.CURRENCY_MISMATCH
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def capped(self, at: Money) -> Money:
        """Return the smaller of the two."""
        self._same(at)
        return self if self.minor <= at.minor else at

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money({self.minor}, {self.currency!r})"
