"""What one call at the desk is made of: whose business it is, what it is about, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Any, Final, final
from zoneinfo import ZoneInfo

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.modes import Mode
from oasys_sched.testing.clinic import Clinic
from oasys_sched.times import Span

__all__ = ["CLIENTS", "MARK", "WORDS", "By", "Choice", "Command", "cared_for", "offered", "whose"]

# In every clinical text that a command says, so that it can be looked for where none belongs.
MARK: Final = "canary-5b1e"
# In every other free text, such as why somebody cancels: kept where it was said, printed and passed on nowhere.
WORDS: Final = "canary-7c2d"
CLIENTS: Final = ("ana", "ben", "kim")
_NOTHING: Final = "nothing-there"


@unique
class By(StrEnum):
    """Whose business a command is."""

    CLINICIAN = "clinician"
    CLIENT = "client"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


@final
@dataclass(frozen=True, slots=True)
class Choice:
    """What one asking is about: a stored thing as its asker saw it, a start, a number to vary by, a key.

    `beside` is a second stored thing, for what takes two.
    """

    about: Any
    when: datetime
    number: int
    key: str | None
    beside: Any = None

    @property
    def id(self) -> str:
        """The id of what it is about, or one that nothing has."""
        return _NOTHING if self.about is None else self.about.id

    @property
    def other(self) -> str:
        """The id of what is beside it, or one that nothing has."""
        return _NOTHING if self.beside is None else self.beside.id

    @property
    def session(self) -> str:
        """The session a note or transcript belongs to."""
        return _NOTHING if self.about is None else self.about.session

    @property
    def client(self) -> str:
        """The client it is about; of what is about nobody, anyone."""
        return CLIENTS[self.number % 3] if self.about is None else self.about.client

    @property
    def revision(self) -> int:
        """The revision its asker saw."""
        return 0 if self.about is None else self.about.revision

    @property
    def wall(self) -> datetime:
        """The start on the clinician's clock."""
        return self.when.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)

    @property
    def day(self) -> date:
        """The start's day."""
        return self.wall.date()

    @property
    def week(self) -> Span:
        """The days around the start."""
        return Span(self.when - timedelta(days=3), self.when + timedelta(days=4))


@final
@dataclass(frozen=True, slots=True)
class Command:
    """One call. `about` is the kind of thing it needs, if any, and `beside` the kind of a second one."""

    by: By
    about: str | None
    call: Callable[[Any, Choice], Any]
    beside: str | None = None


def whose(command: Command, choice: Choice, clinic: Clinic) -> Actor:
    """Return whose business a command on this thing is; what is about nothing goes round."""
    if command.by is By.SYSTEM:
        return Actor.system(practice=clinic.practice)
    if command.by is By.SUPERVISOR:
        return clinic.actor(ActorKind.SUPERVISOR, "sue")
    if command.by is By.CLINICIAN:
        return clinic.actor(ActorKind.CLINICIAN, getattr(choice.about, "clinician", "dana"))
    client = getattr(choice.about, "client", CLIENTS[choice.number % 3])
    return clinic.actor(ActorKind.GUARDIAN, "mum") if client == "kim" else clinic.actor(ActorKind.CLIENT, client)


def offered(number: int) -> dict[str, Any]:
    """Return a service, with a mode where it has more than one."""
    return {"service": "intake"} if number % 3 == 2 else {"service": "therapy", "mode": Mode.TELEHEALTH}


def cared_for(at: Any) -> str | None:
    """Return whom a guardian asks for."""
    return "kim" if at.actor.kind is ActorKind.GUARDIAN else None
