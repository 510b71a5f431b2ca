"""Limits of single services in the place of a policy's own (B18)."""

from __future__ import annotations

from dataclasses import Field, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar

from oasys_sched.errors import InvalidPolicy, InvalidValue

__all__ = ["check_limits", "limited"]


class _Limits(Protocol):
    """What one service has of its own: None keeps the policy's."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def service(self) -> str: ...


class _Policy(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def services(self) -> tuple[_Limits, ...]: ...


P = TypeVar("P", bound=_Policy)


def limited(policy: P, service: str) -> P:
    """Return the policy in force for one service."""
    limits = next((row for row in policy.services if row.service == service), None)
    return policy if limits is None else _with(policy, limits)


def check_limits(policy: _Policy) -> None:
    """Refuse two entries for one service, and one that contradicts the rest of the policy.

    Raises:
        InvalidPolicy: with the code of what is wrong, at `services.<number>`.
    """
    if len({limits.service for limits in policy.services}) != len(policy.services):
        raise InvalidPolicy("one entry per service", field="services")
    for number, limits in enumerate(policy.services):
        # Building the effective policy is the check.
        try:
            _with(policy, limits)
        except InvalidValue as error:
            raise InvalidPolicy(error.problem, field=f"services.{number}.{error.field}", code=error.code) from None


def _with(policy: P, limits: _Limits) -> P:
    own = {row.name: getattr(limits, row.name) for row in fields(limits) if row.name != "service"}
    return replace(policy, services=(), **{name: value for name, value in own.items() if value is not None})
