"""The same doors, awaited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from oasys_sched.aggregates import Key
from oasys_sched.ports.rows import AuditEntry, Commit, Delivery, OutboxRow, Snapshot, Wanted
from oasys_sched.times import Span

__all__ = [
    "AsyncBusySource",
    "AsyncNotifier",
    "AsyncRepository",
    "AsyncVideoLinks",
]


class AsyncRepository(Protocol):
    """`Repository`, awaited."""

    async def load(self, wanted: Wanted, /) -> Snapshot: ...

    async def commit(self, commit: Commit, /) -> None: ...

    async def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]: ...

    async def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]: ...

    async def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None: ...


class AsyncNotifier(Protocol):
    """`Notifier`, awaited."""

    async def deliver(self, row: OutboxRow, /) -> None: ...


class AsyncVideoLinks(Protocol):
    """`VideoLinks`, awaited."""

    async def issue(self, practice: str, appointment: str, /) -> str: ...

    async def revoke(self, practice: str, appointment: str, /) -> None: ...


class AsyncBusySource(Protocol):
    """`BusySource`, awaited."""

    async def busy(self, practice: str, clinician: str, within: Span, /) -> Iterable[Span]: ...
