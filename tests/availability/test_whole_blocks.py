"""Blocks to the last field: who makes them, what they keep, where their edges lie."""

from datetime import datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import Accepted, Actor, ActorKind, Code, Refusal, Refused, Rule
from tests.availability.week import NEW_YORK, at, span

HOUR = timedelta(hours=1)
NOON, ONE = datetime(2026, 6, 15, 12), datetime(2026, 6, 15, 13)


def block(kind: ActorKind = ActorKind.CLINICIAN, who: str = "dr", **given: object) -> object:
    asked = {"practice": "p", "clinician": "dr", "zone": NEW_YORK.key, "start": NOON, "end": ONE, **given}
    return sched.block_time(Actor(id=who, kind=kind, practice="p"), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "id", "may"), [
    (ActorKind.CLINICIAN, "dr", True), (ActorKind.CLINICIAN, "colleague", False), (ActorKind.SCHEDULER, "front", True),
    (ActorKind.ADMIN, "dr", True), (ActorKind.CLIENT, "dr", False), (ActorKind.SUPERVISOR, "dr", False),
])  # fmt: skip
def test_s75_a_clinician_blocks_the_own_time_and_no_colleagues(kind: ActorKind, id: str, may: bool) -> None:
    assert isinstance(block(kind, id), Accepted) is may


def test_a_block_keeps_what_it_is_called_whether_it_recurs_or_not() -> None:
    told: dict[str, object] = {"id": "b", "title": "Team", "details": "room 2"}
    once, often = block(**told), block(rule=Rule.every(days=1, count=3), **told)

    for made in (once, often):
        assert isinstance(made, Accepted)
        assert isinstance(made.value, sched.TimeBlock | sched.RecurringBlock)
        assert (made.value.id, made.value.title, made.value.details) == ("b", "Team", "room 2")
    unnamed = block(rule=Rule.every(days=1, count=3))
    assert isinstance(unnamed, Accepted)
    assert isinstance(unnamed.value, sched.RecurringBlock)
    assert (unnamed.value.id, unnamed.value.label) == (None, "Blocked")


def test_a_title_may_be_as_long_as_the_limit_says() -> None:
    most = next(n for n in range(1, 1000) if isinstance(block(rule=Rule.every(days=1), title="x" * (n + 1)), Refused))

    assert most == 200
    refused = block(rule=Rule.every(days=1), title="x" * 201)
    assert isinstance(refused, Refused)
    assert refused.refusals == (Refusal(Code.TOO_LARGE, "give at most 200 characters", "title"),)


def test_a32_appointments_in_the_first_year_are_named() -> None:
    taken = [span("06-15 12:30", "06-15 13:30"), span("06-15 13:00", "06-15 14:00"), span("06-16 12:00", "06-16 12:10")]
    year = timedelta(days=366)
    last = sched.Span(taken[0].start + year - HOUR / 2, taken[0].start + year)
    after = sched.Span(last.start + HOUR, last.end + HOUR)

    def found(*, rule: Rule | None = None) -> object:
        decision = block(rule=rule, appointments=[*taken, last, after])
        assert isinstance(decision, Accepted)
        (warning,) = decision.warnings
        assert (warning.code, warning.field) == (Code.OVERLAP, "start")
        return warning.details["appointments"]

    assert found() == (taken[0],)
    assert found(rule=Rule.every(days=1)) == (taken[0], taken[2])


def test_s77_instances_are_those_that_overlap_a_window_however_long_they_are() -> None:
    night = block(start=datetime(2026, 6, 15, 22), end=datetime(2026, 6, 17, 6), rule=Rule.every(days=3))
    assert isinstance(night, Accepted)
    assert isinstance(night.value, sched.RecurringBlock)

    def seen(low: str, high: str) -> list[str]:
        return [f"{one.original_start:%m-%d}" for one in night.value.instances(span(low, high))]  # type: ignore[attr-defined]

    assert seen("06-17 05:59", "06-17 06:30") == ["06-15"]
    assert seen("06-17 06:00", "06-17 06:30") == []
    assert seen("06-18 20:00", "06-18 22:00") == []
    assert seen("06-18 20:00", "06-18 22:01") == ["06-18"]


def test_s75_a34_the_clock_change_makes_a_block_as_long_as_its_walls() -> None:
    spring = block(start=datetime(2026, 3, 7, 1), end=datetime(2026, 3, 7, 4), rule=Rule.every(days=1, count=2))
    inside = block(start=datetime(2026, 3, 7, 2), end=datetime(2026, 3, 7, 3), rule=Rule.every(days=1, count=2))
    assert isinstance(spring, Accepted)
    assert isinstance(inside, Accepted)
    week = span("03-06 00:00", "03-10 00:00")

    def lengths(decision: Accepted[object]) -> list[timedelta]:
        return [one.duration for one in decision.value.instances(week)]  # type: ignore[attr-defined]

    assert lengths(spring) == [3 * HOUR, 2 * HOUR]
    # What lies wholly inside the skipped hour keeps its length.
    assert lengths(inside) == [HOUR, HOUR]
    assert at("03-08 03:00") in [one.start for one in inside.value.spans(week)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", [None, Rule.every(days=1)])
def test_s75_a_block_that_ends_as_it_starts_is_refused_by_its_end(rule: Rule | None) -> None:
    refused = block(end=NOON, rule=rule)

    assert isinstance(refused, Refused)
    assert refused.refusals == (Refusal(Code.INVALID_RANGE, "the end must be after the start", "end"),)
