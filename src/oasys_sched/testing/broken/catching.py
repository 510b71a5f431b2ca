"""Which proof has to find which of the sixteen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import InvalidValue
from oasys_sched.ports import Repository
from oasys_sched.testing.broken.rules import RULES
from oasys_sched.testing.broken.storages import STORAGES
from oasys_sched.testing.broken.stores import ReceiptWithoutPurge, search
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.doubles import MemoryTranscripts
from oasys_sched.testing.purge_probe import purge_probe
from oasys_sched.testing.trespass import trespass

__all__ = ["BROKEN", "caught"]


def _sound(clock: Callable[[], datetime]) -> Repository:
    return MemoryRepository(clock=clock)


_PROOFS: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "purge_before_lock": lambda: purge_probe(_sound, MemoryTranscripts, lambda *_: False),
    "foreign_is_forbidden": lambda: trespass(_sound).learned,
    "replay_without_authorisation": lambda: trespass(_sound).learned,
}

BROKEN: Final = (*STORAGES, *RULES, "receipt_without_purge")


def caught(name: str) -> tuple[str, ...]:
    """Return what the harness finds wrong with one of `BROKEN`; it must be something.

    Raises:
        InvalidValue: none of them has that name.
    """
    if name not in BROKEN:
        raise InvalidValue("give one of BROKEN", field="name")
    if name in STORAGES:
        return violations(RepositoryConformance, STORAGES[name])
    if name in RULES:
        with RULES[name]():
            return _PROOFS[name]()
    return purge_probe(_sound, ReceiptWithoutPurge, search)
