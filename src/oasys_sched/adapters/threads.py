"""Blocking adapters for an async app: each call runs in a worker thread, so that the event loop never waits.

The adapters of this library may be called from several threads at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast, final

from oasys_sched.ports import (
    Assistant,
    AsyncAssistant,
    AsyncBusySource,
    AsyncNotifier,
    AsyncRepository,
    AsyncTranscriptStore,
    AsyncVideoLinks,
    BusySource,
    Notifier,
    Repository,
    TranscriptStore,
    VideoLinks,
)

__all__ = [
    "assistant_in_threads",
    "busy_source_in_threads",
    "notifier_in_threads",
    "repository_in_threads",
    "transcript_store_in_threads",
    "video_links_in_threads",
]


@final
class _InThreads:
    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return _awaited(found) if callable(found) else found


def _awaited(call: Callable[..., Any]) -> Callable[..., Any]:
    async def run(*arguments: Any, **named: Any) -> Any:
        return await asyncio.to_thread(call, *arguments, **named)

    return run


def repository_in_threads(repository: Repository) -> AsyncRepository:
    """Return a repository for `AsyncDesk`."""
    return cast("AsyncRepository", _InThreads(repository))


def notifier_in_threads(notifier: Notifier) -> AsyncNotifier:
    """Return a notifier for `AsyncDesk`."""
    return cast("AsyncNotifier", _InThreads(notifier))


def transcript_store_in_threads(store: TranscriptStore) -> AsyncTranscriptStore:
    """Return a transcript store for `AsyncDesk`."""
    return cast("AsyncTranscriptStore", _InThreads(store))


def assistant_in_threads(assistant: Assistant) -> AsyncAssistant:
    """Return an assistant for `AsyncDesk`."""
    return cast("AsyncAssistant", _InThreads(assistant))


def busy_source_in_threads(source: BusySource) -> AsyncBusySource:
    """Return external busy times for `AsyncDesk`."""
    return cast("AsyncBusySource", _InThreads(source))


def video_links_in_threads(links: VideoLinks) -> AsyncVideoLinks:
    """Return video links for `AsyncDesk`."""
    return cast("AsyncVideoLinks", _InThreads(links))
