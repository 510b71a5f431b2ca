"""Who is asking. The caller's own authentication decides this, never the request's body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.ids import require_id

__all__ = ["CLIENT_SIDE", "Actor", "ActorKind"]


@unique
class ActorKind(StrEnum):
    """The roles of RULES 3.11 and B19."""

    CLINICIAN = "clinician"
    CLIENT = "client"
    GUARDIAN = "guardian"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SCHEDULER = "scheduler"
    SYSTEM = "system"


# Who sees what is their own and nothing else (S109).
CLIENT_SIDE: Final = frozenset({ActorKind.CLIENT, ActorKind.GUARDIAN})


@final
@dataclass(frozen=True, slots=True)
class Actor:
    """One authenticated person (or the system) in one practice.

    >>> Actor.client("c-17", practice="p-1").kind
    <ActorKind.CLIENT: 'client'>
    """

    kind: ActorKind
    id: str
    practice: str

    def __post_init__(self) -> None:
        require_id(self.id, "id")
        require_id(self.practice, "practice")

    @classmethod
    def clinician(cls, id: str, *, practice: str) -> Actor:
        """A clinician acting on the own calendar."""
        return cls(ActorKind.CLINICIAN, id, practice)

    @classmethod
    def client(cls, id: str, *, practice: str) -> Actor:
        """A client acting on the own appointments."""
        return cls(ActorKind.CLIENT, id, practice)

    @classmethod
    def guardian(cls, id: str, *, practice: str) -> Actor:
        """A guardian acting for the clients who name this guardian (O3)."""
        return cls(ActorKind.GUARDIAN, id, practice)

    @classmethod
    def supervisor(cls, id: str, *, practice: str) -> Actor:
        """A supervisor reviewing the notes assigned to them (S60)."""
        return cls(ActorKind.SUPERVISOR, id, practice)

    @classmethod
    def admin(cls, id: str, *, practice: str) -> Actor:
        """A practice administrator (B19)."""
        return cls(ActorKind.ADMIN, id, practice)

    @classmethod
    def scheduler(cls, id: str, *, practice: str) -> Actor:
        """A front-desk scheduler (B19): plans for every clinician, reads no note."""
        return cls(ActorKind.SCHEDULER, id, practice)

    @classmethod
    def system(cls, *, practice: str, id: str = "system") -> Actor:
        """The clockwork: expiries, reminders, purges."""
        return cls(ActorKind.SYSTEM, id, practice)
