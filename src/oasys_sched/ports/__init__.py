"""The doors to the outside world, and what goes through them."""

from __future__ import annotations

from oasys_sched.ports.async_doors import (
    AsyncBusySource,
    AsyncNotifier,
    AsyncRepository,
    AsyncVideoLinks,
)
from oasys_sched.ports.doors import (
    Assistant,
    AsyncAssistant,
    AsyncTranscriptStore,
    BusySource,
    Notifier,
    Repository,
    TranscriptStore,
    VideoLinks,
)
from oasys_sched.ports.rows import (
    AuditEntry,
    Commit,
    Delivery,
    Guard,
    OutboxRow,
    Outcome,
    Query,
    Snapshot,
    Wanted,
)

__all__ = [
    "Assistant",
    "AsyncAssistant",
    "AsyncBusySource",
    "AsyncNotifier",
    "AsyncRepository",
    "AsyncTranscriptStore",
    "AsyncVideoLinks",
    "AuditEntry",
    "BusySource",
    "Commit",
    "Delivery",
    "Guard",
    "Notifier",
    "OutboxRow",
    "Outcome",
    "Query",
    "Repository",
    "Snapshot",
    "TranscriptStore",
    "VideoLinks",
    "Wanted",
]
