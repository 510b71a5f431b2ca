"""Ports that stop before each call until the simulation lets them go on, and fail when it says so."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, final

__all__ = ["Gate", "stepped"]


@final
class _Turn:
    """Awaiting it gives the turn back to the simulation; no event loop is needed."""

    __slots__ = ("call",)

    def __init__(self, call: str) -> None:
        self.call = call

    def __await__(self) -> Generator[str, None, None]:
        yield self.call


@final
class Gate:
    """What the simulation knows of the calls: it may arm one fault, and hears of every call that took effect."""

    def __init__(self, heard: Callable[[str, tuple[Any, ...], Any], None]) -> None:
        self.armed: tuple[type[Exception], bool] | None = None
        self.fired: list[str] = []
        self._heard = heard

    def through(self, name: str, call: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Make the call, or fail before or after it took effect."""
        armed, self.armed = self.armed, None
        if armed is not None:
            self.fired.append(f"{name} {armed[0].__name__} {'after' if armed[1] else 'before'}")
            if not armed[1]:
                raise armed[0]("planned")
        answer = call(*given, **named)
        self._heard(name, given, answer)
        if armed is not None:
            raise armed[0]("planned")
        return answer


@final
class _Stepped:
    def __init__(self, port: object, name: str, gate: Gate) -> None:
        self._port, self._name, self._gate = port, name, gate

    def __getattr__(self, method: str) -> Any:
        found, name, gate = getattr(self._port, method), f"{self._name}.{method}", self._gate
        if not callable(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            await _Turn(name)
            return gate.through(name, found, given, named)

        setattr(self, method, call)
        return call


def stepped(port: Any, name: str, gate: Gate) -> Any:
    """Return an asynchronous port over a synchronous one."""
    return _Stepped(port, name, gate)
