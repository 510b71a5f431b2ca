"""What a practice offers: a service sets the default duration, modes, price, fees and buffers (S3-S5, S98)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidPolicy, InvalidValue
from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.ids import require_id
from oasys_sched.modes import Mode

__all__ = ["Service"]

LONGEST: Final = timedelta(hours=24)
ALL_MODES: Final = tuple(Mode)
NO_FEES: Final = FeeSchedule()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service type. Durations and buffers are elapsed time; buffers bind clients only (B9).

    Raises:
        InvalidValue: `invalid_duration` when the duration is not above 0 and at most 24 hours, or a buffer is
            negative or above 24 hours.
        InvalidPolicy: `mode_not_supported` when a fee or the default names a mode the service lacks (S99).
    """

    id: str = "service"
    name: str = ""
    duration: timedelta
    modes: tuple[Mode, ...] = ALL_MODES
    default_mode: Mode | None = None
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    price: FeeSchedule = NO_FEES
    no_show_fee: FeeSchedule = NO_FEES
    late_cancel_fee: FeeSchedule = NO_FEES
    active: bool = True
    bookable_by_clients: bool = True
    clinicians: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    requires_payment_method: bool = False
    billing_codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.id, "id")
        if not isinstance(self.duration, timedelta) or not timedelta(0) < self.duration <= LONGEST:
            raise InvalidValue(
                "give a duration above 0 and up to 24 hours", field="duration", code=Code.INVALID_DURATION
            )
        for field, value in (("buffer_before", self.buffer_before), ("buffer_after", self.buffer_after)):
            if not isinstance(value, timedelta) or not timedelta(0) <= value <= LONGEST:
                raise InvalidValue("give a buffer of 0 to 24 hours", field=field, code=Code.INVALID_DURATION)
        object.__setattr__(self, "modes", tuple(Mode(mode) for mode in self.modes))
        if not self.modes or len(set(self.modes)) != len(self.modes):
            raise InvalidPolicy("give at least one mode, each once", field="modes")
        if self.default_mode is not None and self.default_mode not in self.modes:
            raise InvalidPolicy(
                "the default mode is not one of the modes", field="default_mode", code=Code.MODE_NOT_SUPPORTED
            )
        for field, fees in (("price", self.price), ("no_show_fee", self.no_show_fee),
                            ("late_cancel_fee", self.late_cancel_fee)):  # fmt: skip
            stray = [mode for mode, _ in fees.per_mode if mode not in self.modes]
            if stray:
                raise InvalidPolicy(
                    f"the service has no {stray[0]} mode", field=f"{field}.per_mode", code=Code.MODE_NOT_SUPPORTED
                )

    def with_modes(self, *modes: Mode) -> Service:
        """Return the service with other modes; fee rows of a removed mode go with it (S115)."""
        return replace(
            self,
            modes=modes,
            default_mode=self.default_mode if self.default_mode in modes else None,
            price=self.price.limited_to(modes),
            no_show_fee=self.no_show_fee.limited_to(modes),
            late_cancel_fee=self.late_cancel_fee.limited_to(modes),
        )
