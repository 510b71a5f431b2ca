"""Two practices that differ only in what is not Ana's: whatever she does, she reads the same in both, byte for byte.

`python -m oasys_sched.testing.noninterference --pairs 5000` runs it over the repository in memory.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, final

from oasys_sched.actors import ActorKind
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.testing.stage import MakeRepository, Stage
from oasys_sched.times import Span

__all__ = ["InterferenceReport", "noninterference"]

_PLACES: Final = 16
_ALL: Final = 10_000
_IDS: Final = 100
_ID: Final = re.compile(r"id-\d+")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class InterferenceReport:
    """How many pairs of practices were compared by how many questions, and where a client read something different."""

    pairs: int
    questions: int
    differences: tuple[str, ...] = ()


def noninterference(make: MakeRepository, *, pairs: int = 100, seed: int = 0) -> InterferenceReport:
    """Compare what a client reads in pairs of practices with equal free time; the same seed draws the same pairs."""
    questions, differences = 0, []
    for number in range(pairs):
        one, other = (_Practice(make, f"{seed}/{number}", variant) for variant in ("one", "other"))
        for asked in _questions(Random(f"{seed}/{number}/asked")):  # noqa: S311 - it wants to be repeated
            questions += 1
            read = [_read(practice, asked) for practice in (one, other)]
            if read[0] != read[1]:
                first = next((at for at, (a, b) in enumerate(zip(*read, strict=False)) if a != b), len(read[0]))
                parts = " and ".join(repr(text[max(first - 40, 0) : first + 80]) for text in read)
                differences.append(f"pair {seed}/{number}, {asked}: {parts}")
                break
        for practice in (one, other):
            practice.stage.close()
    return InterferenceReport(pairs=pairs, questions=questions, differences=tuple(differences))


@final
class _Practice:
    """A practice in which others have taken the same times, each variant in its own way."""

    def __init__(self, make: MakeRepository, seed: str, variant: str) -> None:
        common, own = Random(f"{seed}/common"), Random(f"{seed}/{variant}")  # noqa: S311
        self.stage = Stage(make, "book" if common.random() < 0.5 else "approve")
        self.base = self.stage.clinic.now.replace(hour=14, minute=0) + timedelta(days=1)
        self.week = Span(self.base - timedelta(days=1), self.base + timedelta(days=4))
        self.names: dict[str, str] = {}
        self.dana = self.stage.desk.acting_as(self.stage.clinic.actor(ActorKind.CLINICIAN, "dana"))
        for place in common.sample(range(_PLACES), common.randrange(1, 6)):
            self._taken(self.at(place), own)
        for _ in range(own.randrange(3)):
            self._left_over(own)
        self.ana = self.stage.desk.acting_as(self.stage.clinic.actor(ActorKind.CLIENT, "ana"))
        # What Ana makes has the same ids in both; what was there before has not.
        self.stage.clinic.ids = _IDS

    def at(self, place: int) -> datetime:
        """Return the start of a place: eight half hours on each of two days."""
        return self.base + timedelta(days=place // 8, minutes=30 * (place % 8))

    def _taken(self, start: datetime, own: Random) -> None:
        """Somebody else takes a time; who, how and for how much differs."""
        mode, price = own.choice((Mode.TELEHEALTH, Mode.IN_PERSON)), own.choice((None, Money.of("77.00", "USD")))
        made = self.dana.create(
            client=own.choice(("ben", "kim")), service="therapy", mode=mode, price=price, starts_at=start,
            allow_overlap=True,
        )  # fmt: skip
        if own.random() < 0.3:
            self.dana.edit(made.or_raise().value.id, price=Money.of("11.00", "USD"))

    def _left_over(self, own: Random) -> None:
        """Something of others that takes no time: a cancelled appointment, a place on the waitlist, a log."""
        who, start = own.choice(("ben", "kim")), self.at(own.randrange(_PLACES))
        kind = own.randrange(3)
        if kind == 0:
            made = self.dana.create(
                client=who, service="therapy", mode=Mode.TELEHEALTH, starts_at=start, allow_overlap=True
            )
            self.dana.cancel(made.or_raise().value.id, reason=own.choice(_REASONS))
        elif kind == 1:
            client = self.stage.desk.acting_as(self._acting(who))
            client.join_waitlist(service="therapy", mode=Mode.TELEHEALTH, client=who if who == "kim" else None)
        else:
            past = self.stage.clinic.now - timedelta(days=own.randrange(1, 9))
            self.dana.log_previous(client=who, service="therapy", mode=Mode.IN_PERSON, starts_at=past, walk_in=True)

    def _acting(self, who: str) -> Any:
        kind, id = (ActorKind.GUARDIAN, "mum") if who == "kim" else (ActorKind.CLIENT, who)
        return self.stage.clinic.actor(kind, id)


_REASONS: Final = ("clinician_illness", "weather")


def _questions(chance: Random) -> Iterator[tuple[str, int]]:
    """Draw what Ana does: a name and a number that decides the details."""
    yield "slots", 0
    for _ in range(6):
        yield chance.choice(tuple(_ASKS)), chance.randrange(1 << 16)
    yield "slots", 1
    yield "view", 0


def _read(practice: _Practice, asked: tuple[str, int]) -> str:
    """Return all that Ana reads, with ids named in the order in which she meets them."""
    name, number = asked
    text = repr(_ASKS[name](practice, number)).replace(practice.stage.clinic.practice, "north")
    return _ID.sub(lambda found: practice.names.setdefault(found.group(), f"name-{len(practice.names)}"), text)


def _slots(practice: _Practice, number: int) -> object:
    service, mode = (("therapy", Mode.TELEHEALTH), ("intake", None))[number % 2]
    return practice.ana.slots(service=service, mode=mode, within=practice.week).or_raise().value.first(_ALL)


def _view(practice: _Practice, _: int) -> object:
    seen = practice.ana.view(service="therapy", mode=Mode.TELEHEALTH, within=practice.week).or_raise().value
    return seen.slots.first(_ALL), seen.own


def _guessed(number: int) -> str:
    """An id that Ana may have guessed: of something there is in one practice, and perhaps not in the other."""
    return f"id-{1 + number % 12}"


_ASKS: Final[dict[str, Any]] = {
    "slots": _slots,
    "view": _view,
    "book": lambda practice, number: practice.ana.book(
        service="therapy", mode=Mode.TELEHEALTH, starts_at=practice.at(number % _PLACES)
    ),
    "intake": lambda practice, number: practice.ana.book(service="intake", starts_at=practice.at(number % _PLACES)),
    "quote": lambda practice, number: practice.ana.quote(_guessed(number)),
    "cancel": lambda practice, number: practice.ana.client_cancel(_guessed(number)),
    "move": lambda practice, number: practice.ana.request_reschedule(
        _guessed(number), to=practice.at(number % _PLACES)
    ),
    "join": lambda practice, number: practice.ana.join(_guessed(number)),
    "leave": lambda practice, number: practice.ana.leave_waitlist(_guessed(number)),
    "wait": lambda practice, _: practice.ana.join_waitlist(service="therapy", mode=Mode.TELEHEALTH),
}


def main(given: list[str]) -> int:
    """Run as a program; 1 when somebody learned something."""
    parser = ArgumentParser(prog="python -m oasys_sched.testing.noninterference")
    parser.add_argument("--pairs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(given)
    report = noninterference(lambda clock: MemoryRepository(clock=clock), pairs=options.pairs, seed=options.seed)
    sys.stdout.write(f"seed {options.seed}: {report.pairs:,} pairs, {report.questions:,} questions, ")
    sys.stdout.write(f"{len(report.differences)} differences\n")
    sys.stdout.writelines(f"{line}\n" for line in report.differences)
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
