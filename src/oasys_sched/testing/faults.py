"""Ports that fail on demand: at a chosen call, before or after it took effect, with a chosen error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from oasys_sched.errors import OutcomeUnknown, PortFailed, StaleWrite

__all__ = ["Fault", "Plan", "faults_of", "faulty"]


@final
@dataclass(frozen=True, slots=True)
class Fault:
    """The `call`-th call of all ports, counted from 1, fails with `error`, `after` it took effect or before."""

    call: int
    port: str
    error: type[Exception]
    after: bool = False

    def __str__(self) -> str:
        when = "after" if self.after else "before"
        return f"{self.error.__name__} {when} call {self.call} ({self.port})"


@final
@dataclass(slots=True)
class Plan:
    """What was called so far, in order, and the one call that shall fail."""

    fault: Fault | None = None
    calls: list[str] = field(default_factory=list)

    def run(self, name: str, call: Callable[[], Any]) -> Any:
        """Make one call of a port, or fail as planned."""
        self.calls.append(name)
        due = self.fault if self.fault is not None and self.fault.call == len(self.calls) else None
        if due is not None and not due.after:
            raise due.error("planned")
        answer = call()
        if due is not None:
            raise due.error("planned")
        return answer


@final
class _Faulty:
    def __init__(self, port: object, name: str, plan: Plan) -> None:
        self._port, self._name, self._plan = port, name, plan

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found):
            return found
        return lambda *given, **named: self._plan.run(f"{self._name}.{method}", lambda: found(*given, **named))


def faulty(port: Any, name: str, plan: Plan) -> Any:
    """Return the port with every call going through a plan; `name` is what its calls are called in it."""
    return _Faulty(port, name, plan)


# What a call may raise, and whether after it took effect. An error nobody has typed is possible at every door.
_ANY: Final = ((PortFailed, False), (PortFailed, True), (TimeoutError, False))
_UNTYPED: Final = (*_ANY, (ConnectionResetError, True))
_HOW: Final[Mapping[str, tuple[tuple[type[Exception], bool], ...]]] = {
    "repository.load": ((PortFailed, False),),
    "repository.commit": ((PortFailed, False), (StaleWrite, False), (OutcomeUnknown, False), (OutcomeUnknown, True)),
    "repository.claim": ((PortFailed, False), (PortFailed, True)),
    "repository.settle": ((PortFailed, False), (PortFailed, True)),
    "notifier.deliver": _UNTYPED,
    "assistant.prepare": _UNTYPED,
    "assistant.answer": _UNTYPED,
    "assistant.scribe": _UNTYPED,
}


def faults_of(calls: list[str]) -> Iterator[Fault]:
    """Enumerate every way in which each of these calls can fail."""
    for number, port in enumerate(calls, start=1):
        for error, after in _HOW.get(port, _ANY[:2]):
            yield Fault(call=number, port=port, error=error, after=after)
