"""The async desk, asked as if it were the other one: every journey of the tests runs over both."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from oasys_sched.actors import Actor
from oasys_sched.aio import AsyncDesk

PORTS = ("notifier", "video_links", "busy_source", "transcripts", "assistant")


class Awaitable:
    """A port of the sync desk with every method awaitable."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.port, name)
        if not callable(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            await asyncio.sleep(0)
            return found(*given, **named)

        return call


class Answered:
    """An awaitable thing whose methods answer at once."""

    def __init__(self, asked: Any) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._asked, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            answer = found(*given, **named)
            return asyncio.run(answer) if isawaitable(answer) else answer

        return call


class AwaitedDesk:
    """An `AsyncDesk` over sync ports, with the face of a `Desk`."""

    def __init__(self, repository: Any, *, pause: Callable[[float], None] = lambda _: None, **given: Any) -> None:
        async def paused(seconds: float) -> None:
            pause(seconds)

        ports = {name: Awaitable(given.pop(name)) for name in PORTS if given.get(name) is not None}
        self._desk = AsyncDesk(Awaitable(repository), pause=paused, **ports, **given)

    @property
    def repository(self) -> Any:
        return self._desk.repository.port  # type: ignore[attr-defined]

    @repository.setter
    def repository(self, repository: Any) -> None:
        self._desk.repository = Awaitable(repository)  # type: ignore[assignment]

    @property
    def transcripts(self) -> Any:
        return self._desk.transcripts

    @transcripts.setter
    def transcripts(self, store: Any) -> None:
        self._desk.transcripts = None if store is None else Awaitable(store)  # type: ignore[assignment]

    @property
    def assistant(self) -> Any:
        return self._desk.assistant

    @assistant.setter
    def assistant(self, assistant: Any) -> None:
        self._desk.assistant = None if assistant is None else Awaitable(assistant)  # type: ignore[assignment]

    def acting_as(self, actor: Actor) -> Any:
        return Answered(self._desk.acting_as(actor))

    def __getattr__(self, name: str) -> Any:
        return getattr(Answered(self._desk), name)
