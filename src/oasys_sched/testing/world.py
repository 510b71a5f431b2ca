"""Everything one practice has stored, as one value, and one step from it to the next: what invariants are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar, final

from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.ports import Delivery, OutboxRow, Query, Repository, Wanted
from oasys_sched.times import Span

__all__ = ["Step", "World", "world_of"]

A = TypeVar("A", bound=Aggregate)

KINDS: Final = (
    "practice", "clinician", "schedule", "service", "client", "appointment", "series", "request", "block", "waitlist",
    "session", "note", "transcript", "purge",
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All of a practice at one moment.

    `outbox` are the rows of every message with how each ended (None: still to go), where the storage tells.
    `texts` are the ids of the transcripts whose text the transcript store still holds, `external` the busy times that
    a connected calendar reports.
    """

    now: datetime
    aggregates: tuple[Aggregate, ...]
    outbox: tuple[tuple[OutboxRow, Delivery | None], ...] = ()
    texts: frozenset[str] = frozenset()
    external: tuple[Span, ...] = ()

    def all(self, kind: type[A]) -> tuple[A, ...]:
        """Return every aggregate of one type."""
        return tuple(row for row in self.aggregates if isinstance(row, kind))

    def get(self, kind: type[A], id: str | None) -> A | None:
        """Return one aggregate, or None."""
        return next((row for row in self.aggregates if isinstance(row, kind) and row.id == id), None)

    @property
    def by_key(self) -> dict[Key, Aggregate]:
        """Every aggregate by its name."""
        return {Key(row.kind, row.id): row for row in self.aggregates}

    def facts(self, clinician: str, client: str | None = None, appointment: str | None = None) -> Facts | None:
        """Return what a decision about these would see; None where no such clinician has a schedule."""
        practice, about = next(iter(self.all(Practice)), None), self.get(Appointment, appointment)
        who, schedule = self.get(Clinician, clinician), self.get(Schedule, clinician)
        if practice is None or who is None or schedule is None:
            return None
        rows = self.all(Appointment)
        return Facts(
            practice=practice,
            clinician=who,
            schedule=schedule,
            client=self.get(Client, about.client if about else client),
            services=tuple(row.service for row in self.all(ServiceRecord)),
            appointment=about,
            series=tuple(row for row in rows if about and about.series and row.series == about.series),
            agenda=tuple(row for row in rows if row.clinician == clinician),
            client_agenda=tuple(row for row in rows if row.client == client),
            requests=tuple(row for row in self.all(ChangeRequest) if row.is_open),
            blocks=tuple(row.block for row in self.all(BlockRecord) if row.clinician == clinician and not row.deleted),
            external=self.external,
            waitlist=tuple(row for row in self.all(WaitlistEntry) if row.clinician == clinician),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing somebody asked for: the world before and after, and the answer (None: it failed with an exception)."""

    before: World
    after: World
    answer: Accepted[object] | Refused | None

    @property
    def changed(self) -> tuple[tuple[Aggregate | None, Aggregate | None], ...]:
        """Every aggregate that is new, gone or different, as it was and as it is."""
        old, new = self.before.by_key, self.after.by_key
        return tuple((old.get(key), new.get(key)) for key in old | new if old.get(key) != new.get(key))


def world_of(
    repository: Repository,
    practice: str,
    *,
    now: datetime,
    outbox: Iterable[tuple[OutboxRow, Delivery | None]] = (),
    texts: Iterable[str] = (),
    external: Iterable[Span] = (),
) -> World:
    """Read everything a practice has in one load."""
    wanted = Wanted(practice=practice, queries=tuple(Query(kind=kind) for kind in KINDS))
    found = repository.load(wanted)
    return World(
        now=now,
        aggregates=found.aggregates,
        outbox=tuple(outbox),
        texts=frozenset(texts),
        external=tuple(external),
    )
