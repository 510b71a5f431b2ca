"""What is only half set up: configurations that are legal and yet do not do what they seem to (S106)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal
from oasys_sched.policies.booking import BookingMode, BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.services import Service
from oasys_sched.times import Period

__all__ = ["fee_setup_problems", "problems"]

# Periods are compared back from here, over a month of 31 days.
_START: Final = datetime(2026, 1, 31, tzinfo=UTC)
_UTC: Final = ZoneInfo("UTC")


def fee_setup_problems(policy: CancellationPolicy, service: Service) -> tuple[Refusal, ...]:
    """Tell which half of a late cancellation fee is missing: the policy's threshold or the service's amount (S106).

    An explicit 0 is a choice, not a gap. With neither half there is nothing to tell.
    """
    return tuple(_fee_gaps(policy.for_service(service.id), service))


def _fee_gaps(policy: CancellationPolicy, service: Service) -> Iterator[Refusal]:
    amounts = {mode: service.late_cancel_fee.amount(mode) for mode in service.modes}
    priced = [mode for mode, amount in amounts.items() if amount is not None and amount.minor]
    if not policy.late_threshold:
        if priced:
            yield _problem(
                "late_threshold",
                "a late cancellation fee is set, but no threshold says what is late: it never applies",
                service,
            )
        return
    missing = [mode for mode, amount in amounts.items() if amount is None]
    if missing:
        yield _problem(
            f"services.{service.id}.late_cancel_fee",
            f"cancellations count as late, but no fee is set for {', '.join(missing)}: they cost nothing",
            service,
        )
    if policy.cut_off and not _shorter(policy.cut_off, policy.late_threshold):
        yield _problem(
            "cut_off", "clients cannot cancel inside the late threshold at all: no fee arises by itself", service
        )


def problems(
    policy: CancellationPolicy, services: Iterable[Service], *, booking: BookingPolicy | None = None
) -> tuple[Refusal, ...]:
    """List everything half configured over a clinician's policies and services, each with the field to look at."""
    return tuple(_problems(policy, tuple(services), booking))


def _problems(
    policy: CancellationPolicy, services: tuple[Service, ...], booking: BookingPolicy | None
) -> Iterator[Refusal]:
    known = {service.id for service in services}
    for service in services:
        yield from fee_setup_problems(policy, service)
    for limits in policy.services:
        if limits.service not in known:
            yield _problem(f"services.{limits.service}", "cancellation rules are set for a service that does not exist")
    if booking is None:
        return
    for row in booking.services:
        if row.service not in known:
            yield _problem(f"services.{row.service}", "booking rules are set for a service that does not exist")
    online = [
        service
        for service in services
        if service.bookable_by_clients
        and service.active
        and booking.for_service(service.id).mode is not BookingMode.OFF
    ]
    if booking.mode is not BookingMode.OFF and not online:
        yield _problem("services", "self-booking is on, but clients may book none of the services")
    for service in services:
        for name, most in (("daily", booking.daily_duration), ("weekly", booking.weekly_duration)):
            if service.duration > (most or service.duration):
                yield _problem(
                    f"{name}_duration", f"the service is longer than the {name} limit: never offered", service
                )


def _shorter(one: Period, other: Period) -> bool:
    return one.before(_START, _UTC) > other.before(_START, _UTC)


def _problem(field: str, message: str, service: Service | None = None) -> Refusal:
    return Refusal(Code.INVALID_POLICY, message, field, {"service": service.id} if service else {})
