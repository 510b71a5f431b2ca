"""A practice with all its ports, on which journeys are played; every proof of this harness stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Any, Final, TypeAlias, final

from oasys_sched.actors import Actor
from oasys_sched.adapters.assistant import PlainAssistant
from oasys_sched.decisions import Accepted
from oasys_sched.errors import InvalidValue
from oasys_sched.ports import Repository, TranscriptStore
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.closing import closed
from oasys_sched.testing.commands import COMMANDS, Choice, whose
from oasys_sched.testing.doubles import Inbox, Links, MemoryTranscripts
from oasys_sched.testing.faults import Plan, faulty
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.world import World, world_of

__all__ = ["MakeRepository", "Stage", "new_practice"]

MakeRepository: TypeAlias = Callable[[Callable[[], datetime]], Repository]

# Names of practices: new ones in each run, so that a database may be used again.
_RUN: Final = token_hex(4)
_NUMBERS: Final = count(1)


def new_practice() -> str:
    """Return the name of a practice that no run has used."""
    return f"clinic-{_RUN}-{next(_NUMBERS)}"


@final
class Stage:
    """One practice, set up as the journey of `command` needs it.

    `make` gives a repository that uses the clock it is given. Every stage is a practice of its own, so that one
    database may serve for all of them. Calls of the ports go through `plan`, which may let one fail.

    Raises:
        InvalidValue: no journey leads to that command.
    """

    def __init__(
        self, make: MakeRepository, command: str, *, store: TranscriptStore | None = None, clinic: Clinic | None = None
    ) -> None:
        if command not in JOURNEYS:
            raise InvalidValue("give one of JOURNEYS, such as 'book'", field="command")
        self.command = command
        self.plan, self.inbox = Plan(), Inbox()
        self.store = MemoryTranscripts() if store is None else store
        self.clinic = clinic or Clinic(practice=new_practice(), **JOURNEYS[command].clinic)
        self.repository = make(self.clinic.clock)
        self.repository.commit(self.clinic.opening)
        self._store = faulty(self.store, "transcripts", self.plan)
        self.desk = self.clinic.desk(
            faulty(self.repository, "repository", self.plan),
            notifier=faulty(self.inbox, "notifier", self.plan),
            video_links=faulty(Links(), "video_links", self.plan),
            transcripts=self._store,
            assistant=faulty(PlainAssistant(), "assistant", self.plan),
        )

    def prepare(self) -> Choice:
        """Play what comes before the command; return what the command is about.

        Raises:
            AssertionError: a step was refused.
        """
        journey = JOURNEYS[self.command]
        for number, name in enumerate(journey.before):
            answer = self._fate(name) if name.startswith("@") else self.ask(name, self.choice(name, number))
            assert isinstance(answer, Accepted), f"{name} came out as {answer!r}"
        self.plan.calls.clear()
        return self.choice(self.command, len(journey.before) if journey.number is None else journey.number)

    def choice(self, command: str, number: int) -> Choice:
        """Return the newest thing a command can be about, and details that follow from a number."""
        asked = COMMANDS[command]
        about, beside = self._newest(asked.about), self._newest(asked.beside)
        day = self.clinic.now.replace(hour=14, minute=0) + timedelta(days=1 + number // 8)
        return Choice(about, day + timedelta(minutes=30 * (number % 8)), number, f"key-{command}-{number}", beside)

    def _newest(self, kind: str | None) -> Any:
        if kind is None:
            return None
        rows = [row for row in self.world().aggregates if row.kind == kind]
        return max(rows, key=lambda row: int(row.id.partition("-")[2]), default=None)

    def ask(self, name: str, choice: Choice, actor: Actor | None = None) -> Any:
        """Ask a command of the desk, as whoever it is the business of or as somebody else."""
        command = COMMANDS[name]
        return command.call(self.desk.acting_as(actor or whose(command, choice, self.clinic)), choice)

    def world(self, *, messages: bool = False) -> World:
        """Return everything the practice has; with its messages only of a repository that lists them, as ours do.

        The port has no such method, so that an adapter may call something of its own `outbox`.
        """
        repository: Any = self.repository
        outbox = repository.outbox(self.clinic.practice) if messages else ()
        texts: frozenset[str] = getattr(self.store, "texts", frozenset())
        return world_of(self.repository, self.clinic.practice, now=self.clinic.now, outbox=outbox, texts=texts)

    def close(self) -> None:
        """Close a repository that can be closed."""
        closed(self.repository)

    def _fate(self, name: str) -> Accepted[None]:
        return _FATES[name](self)

    def come_to(self, earlier: timedelta) -> Accepted[None]:
        """Let it be the first appointment's start, or a while before; nothing happens where there is none."""
        starts: list[datetime] = [row.starts_at for row in self.world().aggregates if row.kind == "appointment"]  # type: ignore[attr-defined]
        self.clinic.now = min(starts, default=self.clinic.now + earlier) - earlier
        return Accepted(None)

    def wait(self, time: timedelta) -> Accepted[None]:
        """Let time pass."""
        self.clinic.now += time
        return Accepted(None)

    def connect(self, store: bool) -> Accepted[None]:
        """Give the desk its transcript store, or take it away."""
        self.desk.transcripts = self._store if store else None
        return Accepted(None)


_FATES: Final[Mapping[str, Callable[[Stage], Accepted[None]]]] = {
    "@nothing": lambda _: Accepted(None),
    "@start": lambda stage: stage.come_to(timedelta(0)),
    "@hour before": lambda stage: stage.come_to(timedelta(hours=1)),
    "@month later": lambda stage: stage.wait(timedelta(days=31)),
    "@store fails": lambda stage: stage.connect(store=False),
    "@store works": lambda stage: stage.connect(store=True),
}
