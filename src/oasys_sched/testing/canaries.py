"""Clinical text with a marker in it, and a search for the marker everywhere it must never be (reliability 4.9).

Looked through: every answer and refusal, how it prints and each text in it that is not wrapped as `Sensitive`; every
error with its causes and its traceback, every log line, and of every commit the messages, the audit, the stored outcome
and the `repr` of what changed. What people say about a booking is looked for likewise: it may be stored, not printed.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.codec import dumps
from oasys_sched.ports import Commit
from oasys_sched.testing.blame import place
from oasys_sched.testing.commands import MARK, READING, WORDS, Choice
from oasys_sched.testing.faults import Fault, faults_of
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.stage import MakeRepository, Stage

__all__ = ["CanaryReport", "canaries"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryReport:
    """How many texts were looked through, of how many askings, and where clinical text was found.

    A leak names the command, and what it was in; a log line with its logger and place, an error with type and place.
    """

    asked: int
    looked_at: int
    leaks: tuple[str, ...] = ()


def canaries(make: MakeRepository, *, commands: Iterable[str] = tuple(JOURNEYS)) -> CanaryReport:
    """Play every journey, ask its command as everybody and under every fault, and look where clinical text went."""
    search = _Search()
    with search.listening():
        for command in commands:
            search.place = command
            for fault in (None, *_faults(make, command)):
                _play(make, command, search, fault)
    return CanaryReport(asked=search.asked, looked_at=search.looked_at, leaks=tuple(search.leaks))


def _faults(make: MakeRepository, command: str) -> tuple[Fault, ...]:
    stage = Stage(make, command)
    choice = stage.prepare()
    # What it raises is looked through when it is asked in earnest.
    with suppress(Exception):
        stage.ask(command, choice)
    stage.close()
    return tuple(faults_of(stage.plan.calls))


def _play(make: MakeRepository, command: str, search: _Search, fault: Fault | None) -> None:
    stage = Stage(make, command)
    committed = stage.desk.repository.commit
    stage.desk.repository = _Watched(stage.desk.repository, search, committed)
    search.adapter = stage.repository
    choice = stage.prepare()
    stage.plan.calls.clear()
    stage.plan.fault = fault
    everybody = _EVERYBODY if fault is None else ()
    search.ask(lambda: stage.ask(command, choice))
    for actor in (who(stage.clinic) for who in everybody):
        search.ask(lambda actor=actor: stage.ask(command, choice, actor))
        for name, about in _readable(stage):
            search.ask(lambda name=name, about=about, actor=actor: stage.ask(name, about, actor))
    for again in (choice, replace(choice, about=None, beside=None, key=None)):
        search.ask(lambda again=again: stage.ask(command, again))
    for row in stage.world().aggregates:
        search.look("a stored row", repr(row), f"{row}")
    stage.close()


def _readable(stage: Stage) -> Iterator[tuple[str, Choice]]:
    """Find what can be read on a stage; what there is nothing to ask about has a journey of its own."""
    for name, command in READING.items():
        about = stage.choice(name, 0)
        if command.about is None or about.about is not None:
            yield name, about


_EVERYBODY: Final = (
    lambda clinic: clinic.actor(ActorKind.CLIENT, "ana"),
    lambda clinic: clinic.actor(ActorKind.CLIENT, "ben"),
    lambda clinic: clinic.actor(ActorKind.GUARDIAN, "mum"),
    lambda clinic: clinic.actor(ActorKind.CLINICIAN, "dana"),
    lambda clinic: clinic.actor(ActorKind.CLINICIAN, "erin"),
    lambda clinic: clinic.actor(ActorKind.SUPERVISOR, "sue"),
    lambda clinic: clinic.actor(ActorKind.ADMIN, "amy"),
    lambda clinic: Actor.system(practice=clinic.practice),
    lambda _: Actor.client("ana", practice="another practice"),
)


@final
@dataclass(slots=True)
class _Search:
    asked: int = 0
    looked_at: int = 0
    place: str = ""
    adapter: object = None
    leaks: list[str] = field(default_factory=list)

    def look(self, where: str, *texts: str, marks: tuple[str, ...] = (MARK, WORDS)) -> None:
        self.looked_at += len(texts)
        if any(mark in text for text in texts for mark in marks):
            self.leaks.append(f"{self.place}: {where}")

    def ask(self, call: Any) -> None:
        """Ask, and look through the answer or the error; what is wrapped is let through on purpose."""
        self.asked += 1
        try:
            answer = call()
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises may quote what it was given
            chain = [error, error.__cause__, error.__context__]
            where = place(traceback.walk_tb(error.__traceback__), self.adapter)
            name = f"an error, {type(error).__name__} ({where})"
            self.look(name, *(f"{one!r} {one}" for one in chain if one), *traceback.format_exception(error))
        else:
            self.look("an answer", repr(answer), f"{answer}", *map(repr, getattr(answer, "events", ())))
            self.look("an answer's plain text", *_texts(answer), marks=(MARK,))

    def committed(self, commit: Commit) -> None:
        self.look("a commit", repr(commit))
        self.look("a message", *(_plain(row) for row in commit.outbox))
        self.look("the audit", *(_plain(row) for row in commit.audit))
        if commit.outcome is not None:
            self.look("a stored outcome", dumps(commit.outcome.decision), marks=(MARK,))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Look through everything that is logged meanwhile, at any level."""
        handler, root = _Ears(self), logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(1)
        try:
            yield
        finally:
            root.setLevel(level)
            root.removeHandler(handler)


def _texts(part: Any) -> Iterator[str]:
    """Find every text in an answer that nothing wraps, however deep it lies."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for one in fields(part):
            yield from _texts(getattr(part, one.name))
    elif isinstance(part, Mapping):
        yield from _texts((*part, *part.values()))
    elif isinstance(part, (tuple, list)):
        for item in part:
            yield from _texts(item)


def _plain(row: Any) -> str:
    """Return a row as plain text, with whatever a storage would see of it."""
    return str({name: getattr(row, name) for name in row.__dataclass_fields__})


@final
class _Ears(logging.Handler):
    def __init__(self, search: _Search) -> None:
        super().__init__(1)
        self._search = search

    def emit(self, record: logging.LogRecord) -> None:
        where = f"{record.name} ({record.filename}:{record.lineno}, in {record.funcName})"
        self._search.look(f"a log line of {where}", self.format(record))


@final
class _Watched:
    def __init__(self, repository: Any, search: _Search, committed: Any) -> None:
        self._repository, self._search, self._commit = repository, search, committed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._repository, name)

    def commit(self, commit: Commit, /) -> None:
        self._search.committed(commit)
        self._commit(commit)
