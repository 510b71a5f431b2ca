"""One practice's life in a simulation: tasks that run through each other, one port call at a time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.adapters.assistant import PlainAssistant
from oasys_sched.audit import verify_audit
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.errors import DeliveryFailed, OasysError, OutcomeUnknown, PortFailed, StaleWrite
from oasys_sched.ports import Repository
from oasys_sched.sessions.transcript import PurgeObligation, PurgeStatus
from oasys_sched.testing.blame import blame
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.commands import COMMANDS, Choice, whose
from oasys_sched.testing.doubles import Inbox, Links, MemoryTranscripts
from oasys_sched.testing.invariants import broken
from oasys_sched.testing.journeys import JOURNEYS, Journey
from oasys_sched.testing.simulation.ledger import Ledger, Wrong
from oasys_sched.testing.simulation.moves import Move
from oasys_sched.testing.simulation.stepped import Gate, stepped
from oasys_sched.testing.world import world_of

__all__ = ["Episode"]


def _last_command(journey: Journey) -> str | None:
    """Return what is asked right before the command that a journey leads to."""
    return next((step for step in reversed(journey.before) if step in COMMANDS), None)


_AT_ONCE: Final = 6
# Booking is what people mostly do.
_ASKED: Final = (*COMMANDS, *("book", "create") * 5, *("start", "end", "begin_note", "request_reschedule") * 3)
# What journeys ask after a command that was let through: the ways that chance alone hardly ever goes to their end.
_NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    step: tuple(name for name, journey in JOURNEYS.items() if _last_command(journey) == step) for step in COMMANDS
}
# An assistant may raise anything, after it has written its answer too.
_SILENT: Final = ((PortFailed, False), (TimeoutError, False), (ConnectionResetError, True))
# An error after the effect of a commit is an unknown outcome; a load has no effect to lose.
_FAULTS: Final[Mapping[str, tuple[tuple[type[Exception], bool], ...]]] = {
    "repository.load": ((PortFailed, False),),
    "repository.commit": ((PortFailed, False), (OutcomeUnknown, True), (StaleWrite, False), (OutcomeUnknown, False)),
    "notifier.deliver": ((DeliveryFailed, False), (PortFailed, True), (ConnectionResetError, True)),
    "assistant.prepare": _SILENT,
    "assistant.answer": _SILENT,
    "assistant.scribe": _SILENT,
}
_FAULT: Final = ((PortFailed, False), (PortFailed, True))
_FOREIGN: Final = frozenset({ActorKind.CLIENT, ActorKind.GUARDIAN})
_LEASE: Final = timedelta(minutes=6)


@dataclass(slots=True)
class _Task:
    coroutine: Coroutine[str, None, Any]
    name: str
    actor: Actor | None = None
    choice: Choice | None = None
    wrote: bool = False
    waits_for: str = ""


@final
class Episode:
    """Plays moves on one fresh clinic. `operations` counts those that did something."""

    def __init__(self, make: Callable[[Callable[[], datetime]], Repository], practice: str, setting: int) -> None:
        self.clinic = Clinic(
            practice=practice, approve=bool(setting & 1), late=bool(setting & 2), supervised=bool(setting & 4)
        )
        self.repository = make(self.clinic.clock)
        self.repository.commit(self.clinic.opening)
        self.store, self.gate = MemoryTranscripts(), Gate(self._heard)
        self.ledger = Ledger(self.clinic.opening, self.clinic.clock, lambda: self.store.texts)
        self.desk = self.clinic.async_desk(
            stepped(self.repository, "repository", self.gate),
            notifier=stepped(Inbox(), "notifier", self.gate) if setting & 8 else None,
            video_links=stepped(Links(), "video_links", self.gate),
            transcripts=stepped(self.store, "transcripts", self.gate),
            assistant=stepped(PlainAssistant(), "assistant", self.gate),
        )
        self.worker = self.clinic.async_desk(
            stepped(self.repository, "repository", self.gate), notifier=stepped(Inbox(), "notifier", self.gate)
        )
        self.operations = 0
        self.answers: Counter[str] = Counter()
        self.covered: Counter[tuple[str, str, str]] = Counter()
        self._tasks: list[_Task] = []
        self._accepted: deque[str] = deque(maxlen=6)
        self._unanswered: list[tuple[str, Actor, Choice]] = []
        self._running: _Task | None = None
        self._acts: dict[str, Callable[[int], bool]] = {
            "ask": self._ask, "next": self._next, "resume": self._resume, "again": self._again, "fault": self._fault,
            "die": self._die, "wait": self._wait, "begin": self._begin, "work": self._work,
        }  # fmt: skip

    def play(self, moves: Iterable[Move]) -> None:
        """Make the moves.

        Raises:
            Wrong: an invariant does not hold any more.
        """
        for move in moves:
            if self._acts[move.kind](move.number):
                self.operations += 1

    def finish(self) -> None:
        """Let everybody finish and the workers do their rounds; then the whole practice is looked at.

        Raises:
            Wrong: an invariant does not hold, or something is left over.
        """
        self.gate.armed = None
        while self._tasks:
            self._resume(0)
        for _ in range(2):
            self.clinic.now += _LEASE
            self._work(0)
            self._start(
                "purge_transcripts", Actor.system(practice=self.clinic.practice), Choice(None, self.clinic.now, 0, None)
            )
            while self._tasks:
                self._resume(0)
        world = world_of(self.repository, self.clinic.practice, now=self.clinic.now, texts=self.store.texts)
        for problem in broken(world):
            raise Wrong(f"invariant {problem.number}: {problem.why}")
        kept = {(row.kind, row.id): row for row in world.aggregates}
        if kept != {(row.kind, row.id): row for rows in self.ledger.rows.values() for row in rows.values()}:
            raise Wrong("the storage does not hold what was committed")
        for key in self.ledger.heads:
            problem_found = verify_audit(
                self.repository.audit(self.clinic.practice, key), revision=kept[key.kind, key.id].revision
            )
            if problem_found is not None:
                raise Wrong(f"I10: {problem_found.why}")
        if any(row.status is not PurgeStatus.PROVEN for row in world.all(PurgeObligation)):
            raise Wrong("I9: an erasure is still owed after the workers' rounds")

    def _ask(self, number: int) -> bool:
        if len(self._tasks) >= _AT_ONCE:
            return self._resume(number)
        number, pick = divmod(number, len(_ASKED))
        name = _ASKED[pick]
        command = COMMANDS[name]
        number, detail = divmod(number, 16)
        about = self.ledger.newest(command.about, number) if command.about else None
        beside = self.ledger.newest(command.beside, number // 12) if command.beside else None
        choice = self._choice(number, detail, about, beside)
        actor = whose(command, choice, self.clinic)
        if number % 11 == 0:
            kind, id = ((ActorKind.CLIENT, "ana"), (ActorKind.CLINICIAN, "erin"), (ActorKind.ADMIN, "amy"))[number % 3]
            actor = self.clinic.actor(kind, id)
        self._start(name, actor, choice)
        return True

    def _next(self, number: int) -> bool:
        """Go on from what was let through lately, about what changed last."""
        ways = [_NEXT[step] for step in self._accepted if _NEXT[step]]
        if not ways or len(self._tasks) >= _AT_ONCE:
            return self._ask(number)
        number, way = divmod(number, len(ways))
        number, pick = divmod(number, len(ways[way]))
        name = ways[way][pick]
        command = COMMANDS[name]
        about, beside = (self.ledger.latest.get(kind) if kind else None for kind in (command.about, command.beside))
        choice = self._choice(*divmod(number, 16), about, beside)
        self._start(name, whose(command, choice, self.clinic), choice)
        return True

    def _choice(self, number: int, detail: int, about: Any, beside: Any) -> Choice:
        day = self.clinic.now.replace(hour=14, minute=0, second=0, microsecond=0)
        when = day + timedelta(days=detail // 8 + number % 2, minutes=30 * (detail % 8))
        return Choice(about, when, detail % 8, f"key-{self.operations}" if number % 4 else None, beside)

    def _start(self, name: str, actor: Actor, choice: Choice) -> None:
        coroutine = COMMANDS[name].call(self.desk.acting_as(actor), choice)
        self._go_on(_Task(coroutine, name, actor, choice))

    def _go_on(self, task: _Task) -> None:
        """Run a task up to its next call of a port."""
        self._running, faults = task, len(self.gate.fired)
        try:
            task.waits_for = task.coroutine.send(None)
        except StopIteration as done:
            self._leave(task)
            self._answered(task, done.value, self.gate.fired[faults:])
        except OasysError as error:
            self._leave(task)
            self.answers[type(error).__name__] += 1
            self._remember(task)
        except Wrong:
            raise
        except Exception as error:
            raise Wrong(f"{task.name}: {blame(error, self.repository)} came through") from error
        else:
            if task not in self._tasks:
                self._tasks.append(task)
        if len(self.gate.fired) > faults:
            self.covered[task.name, _state(task), self.gate.fired[-1]] += 1

    def _leave(self, task: _Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)

    def _answered(self, task: _Task, answer: Any, fired: list[str]) -> None:
        if task.actor is None or task.choice is None:
            return
        outcome = str(answer.code) if isinstance(answer, Refused) else "accepted"
        self.answers[outcome] += 1
        self.covered[task.name, _state(task), outcome] += 1
        # A transcript destroyed between the commit and the store has counted a segment that it never got.
        gone = task.name == "append_segment" and outcome == Code.TRANSCRIPT_DELETED
        if isinstance(answer, Refused) and task.wrote and not gone:
            raise Wrong(f"I13: {task.name} was refused with {answer.code}, and changed something")
        if outcome == "accepted":
            self._accepted.append(task.name)
        silent = any(fault.startswith("assistant.") for fault in fired)
        if silent != (outcome == Code.ASSISTANT_UNAVAILABLE):
            raise Wrong(f"{task.name}: {outcome}, and the assistant {'failed' if silent else 'did not fail'}")
        client = getattr(task.choice.about, "client", None)
        mine = {"mum": "kim"}.get(task.actor.id, task.actor.id)
        if task.actor.kind in _FOREIGN and client not in (None, mine) and isinstance(answer, Accepted):
            raise Wrong(f"I12: {task.name} of another client's {task.choice.about.kind} was allowed")

    def _resume(self, number: int) -> bool:
        if not self._tasks:
            return False
        self._go_on(self._tasks[number % len(self._tasks)])
        return True

    def _again(self, number: int) -> bool:
        """Ask once more what was never answered, with the same key."""
        if not self._unanswered or len(self._tasks) >= _AT_ONCE:
            return False
        self._start(*self._unanswered.pop(number % len(self._unanswered)))
        return True

    def _remember(self, task: _Task) -> None:
        if task.actor is not None and task.choice is not None and task.choice.key is not None:
            self._unanswered.append((task.name, task.actor, task.choice))

    def _fault(self, number: int) -> bool:
        if not self._tasks:
            return False
        task = self._tasks[number % len(self._tasks)]
        choices = _FAULTS.get(task.waits_for, _FAULT)
        self.gate.armed = choices[number // 7 % len(choices)]
        self._go_on(task)
        return True

    def _die(self, number: int) -> bool:
        """A process dies: whatever it was doing stops between two calls, and its client hears nothing."""
        if not self._tasks:
            return False
        task = self._tasks.pop(number % len(self._tasks))
        task.coroutine.close()
        self._remember(task)
        return True

    def _wait(self, number: int) -> bool:
        self.clinic.now += timedelta(minutes=5 * (1 + number % 60))
        return True

    def _begin(self, number: int) -> bool:
        """Let time pass until the next appointment begins."""
        ahead = [row.starts_at for row in self.ledger.rows["appointment"].values()
                 if row.starts_at > self.clinic.now and row.status == "upcoming"]  # fmt: skip
        self.clinic.now = min(ahead, default=self.clinic.now + timedelta(minutes=number % 30))
        return True

    def _work(self, _: int) -> bool:
        self._go_on(_Task(self.worker.deliver(self.clinic.practice), "deliver"))
        return True

    def _heard(self, call: str, given: tuple[Any, ...], _: Any) -> None:
        if call == "repository.commit":
            (commit,) = given
            if self._running is not None and commit.changes:
                self._running.wrote = True
            self.ledger.committed(commit)
        elif call == "notifier.deliver":
            self.ledger.delivered(given[0])
        elif call == "repository.settle":
            self.ledger.settled(given[1], given[2])


def _state(task: _Task) -> str:
    about = None if task.choice is None else task.choice.about
    return "" if about is None else about.index.status
