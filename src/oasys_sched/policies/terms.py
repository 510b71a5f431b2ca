"""What a client agreed to at booking: a snapshot of the terms, and when they were accepted (B3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import final

from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.services import Service
from oasys_sched.times import Period

__all__ = ["Terms"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The version, threshold and fees in force at booking; `accepted_at` is None while nobody acknowledged them."""

    version: str
    late_threshold: Period | None
    late_cancel_fee: Money | None
    no_show_fee: Money | None
    accepted_at: datetime | None = None

    @classmethod
    def of(
        cls, policy: CancellationPolicy, service: Service, mode: Mode, *, accepted_at: datetime | None = None
    ) -> Terms:
        """Take the snapshot for one service and mode."""
        effective = policy.for_service(service.id)
        return cls(
            version=policy.version,
            late_threshold=effective.late_threshold,
            late_cancel_fee=service.late_cancel_fee.amount(mode),
            no_show_fee=service.no_show_fee.amount(mode),
            accepted_at=accepted_at,
        )

    def applied(self, policy: CancellationPolicy) -> CancellationPolicy:
        """Return a policy with the threshold agreed on at booking."""
        return replace(policy, services=(), late_threshold=self.late_threshold)

    def fees(self, service: Service) -> Service:
        """Return a service with the fees agreed on at booking."""
        return replace(
            service,
            late_cancel_fee=FeeSchedule(single=self.late_cancel_fee),
            no_show_fee=FeeSchedule(single=self.no_show_fee),
        )
