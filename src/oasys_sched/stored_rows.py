"""Outbox rows and audit entries as JSON, for adapters that store text."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from oasys_sched.aggregates import Key
from oasys_sched.ports import AuditEntry, OutboxRow

__all__ = ["entry_from", "entry_text", "row_from", "row_text"]

_INSTANTS: Final = frozenset({"at", "due", "expires_at"})


def row_text(row: OutboxRow) -> str:
    """Return an outbox row as JSON. Its fields have to be JSON already; instants among them become ISO text."""
    return _text(row)


def row_from(text: str, attempts: int) -> OutboxRow:
    """Return the outbox row that `row_text` was given, with the attempts the storage counted."""
    return OutboxRow(**{**_read(text), "attempts": attempts})


def entry_text(entry: AuditEntry) -> str:
    """Return an audit entry as JSON."""
    return _text(entry)


def entry_from(text: str) -> AuditEntry:
    """Return the audit entry that `entry_text` was given."""
    facts = _read(text)
    return AuditEntry(**{**facts, "fields": tuple(facts["fields"])})


def _text(row: OutboxRow | AuditEntry) -> str:
    facts = {field.name: getattr(row, field.name) for field in fields(row)}
    facts["aggregate"] = [row.aggregate.kind, row.aggregate.id]
    return json.dumps(facts, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(text)
    facts["aggregate"] = Key(*facts["aggregate"])
    for name in _INSTANTS & facts.keys():
        if facts[name] is not None:
            facts[name] = datetime.fromisoformat(facts[name])
    return facts
