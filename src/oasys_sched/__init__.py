"""Every scheduling rule of an appointment practice.

Names load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from oasys_sched.actors import Actor, ActorKind
    from oasys_sched.codes import Code
    from oasys_sched.decisions import Accepted, Decision, Event, Refusal, Refused
    from oasys_sched.errors import (
        FeedUnavailable,
        InvalidPolicy,
        InvalidValue,
        KeyReused,
        MissingExtra,
        NotFound,
        NotifyFailed,
        OasysError,
        OutcomeUnknown,
        PortFailed,
        RequestRefused,
        SlotTaken,
        StaleWrite,
    )
    from oasys_sched.fees.schedule import FeeSchedule
    from oasys_sched.modes import Mode
    from oasys_sched.money import Money
    from oasys_sched.policies.booking import BookingMode, BookingPolicy, ServiceLimits
    from oasys_sched.services import Service
    from oasys_sched.times import Period, Span

__version__ = "0.1.0"

# One line a module: where each public name lives. A test holds this table, the imports above and `__all__` together.
_HOME: Final[dict[str, str]] = {
    name: module
    for module, names in {
        "actors": "Actor ActorKind",
        "codes": "Code",
        "decisions": "Accepted Decision Event Refusal Refused",
        "errors": "FeedUnavailable InvalidPolicy InvalidValue KeyReused MissingExtra NotFound NotifyFailed OasysError "
        "OutcomeUnknown PortFailed RequestRefused SlotTaken StaleWrite",
        "fees.schedule": "FeeSchedule",
        "modes": "Mode",
        "money": "Money",
        "policies.booking": "BookingMode BookingPolicy ServiceLimits",
        "services": "Service",
        "times": "Period Span",
    }.items()
    for name in names.split()
}

__all__ = [
    # answers
    "Accepted",
    "Code",
    "Decision",
    "Event",
    "Refusal",
    "Refused",
    # errors
    "FeedUnavailable",
    "InvalidPolicy",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "NotFound",
    "NotifyFailed",
    "OasysError",
    "OutcomeUnknown",
    "PortFailed",
    "RequestRefused",
    "SlotTaken",
    "StaleWrite",
    # who
    "Actor",
    "ActorKind",
    # time and money
    "Money",
    "Period",
    "Span",
    # what is offered, under which rules
    "BookingMode",
    "BookingPolicy",
    "FeeSchedule",
    "Mode",
    "Service",
    "ServiceLimits",
    # the package
    "__version__",
]


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
