"""Laws of the slot search, over random hours, overrides, busy times and zones near the days their clocks change."""

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.testing.oracles import minute_grid
from oasys_sched.testing.strategies import Question as World
from oasys_sched.testing.strategies import instants
from oasys_sched.testing.strategies import questions as worlds
from oasys_sched.testing.strategies.zones import CHANGES


def listed(world: World, within: sched.Span | None = None) -> sched.Slots:
    diary, service, policy, whole, now = world
    return sched.bookable_slots(diary, service, within=within or whole, policy=policy, now=now)


@given(worlds())
def test_the_listing_is_what_asking_every_minute_gives(world: World) -> None:
    expected = minute_grid(world.diary, world.service, world.within, world.policy, world.now)

    assert expected == [slot.starts_at.astimezone(UTC) for slot in listed(world)]


NIGHT = st.tuples(st.integers(0, 16) | st.integers(80, 95), st.integers(1, 95))


@given(st.sampled_from(CHANGES), st.lists(NIGHT, min_size=1, max_size=3), st.integers(1, 96), st.data())
def test_a34_nights_that_run_on_are_what_asking_every_minute_gives(
    change: tuple[str, datetime], night: list[tuple[int, int]], length: int, data: st.DataObject
) -> None:
    """The same long night all week, in quarters of an hour: windows that hang on the day before, openings in gaps."""
    zone, day = change
    assume({quarter % 96 for opens, long in night for quarter in range(opens, opens + long)} != set(range(96)))
    text = ", ".join(str(sched.ClockRange(opens=opens * 15, closes=(opens + long) * 15)) for opens, long in night)
    start = data.draw(instants(day, days=1))
    world = World(
        diary=sched.Diary(hours=sched.WeeklyHours.parse({"mon-sun": text}, zone=zone)),
        service=sched.Service(duration=timedelta(minutes=15 * length)),
        policy=sched.BookingPolicy(
            slot_step=data.draw(st.sampled_from((timedelta(minutes=15), timedelta(minutes=50))))
        ),
        within=sched.Span(start, start + timedelta(hours=9)),
        now=start,
    )

    expected = minute_grid(world.diary, world.service, world.within, world.policy, world.now)
    assert expected == [slot.starts_at.astimezone(UTC) for slot in listed(world)]


@given(worlds(), st.data())
def test_listing_and_verdict_are_one_rule(world: World, data: st.DataObject) -> None:
    slots = listed(world)
    when = data.draw(
        st.integers(0, int(world.within.duration.total_seconds()) // 60 - 1).map(
            lambda n: world.within.start + timedelta(minutes=n)
        )
    )

    for start in (when, *(slot.starts_at for slot in slots.first(3))):
        reasons = sched.why_not(world.diary, world.service, start, policy=world.policy, now=world.now)

        assert (start in slots) == (not reasons)


@given(worlds())
def test_prepared_lazy_and_eager_answer_alike(world: World) -> None:
    slots, whole = listed(world), list(listed(world))
    ready = world.diary.prepared(sched.Span(world.within.start - timedelta(days=1), world.within.end))
    prepared = sched.bookable_slots(ready, world.service, within=world.within, policy=world.policy, now=world.now)

    assert slots == prepared
    assert hash(slots) == hash(prepared)
    for found in (slots, prepared):
        assert whole == list(found)
        assert len(whole) == len(found)
        assert bool(whole) == bool(found)
        assert whole == [found[at] for at in range(len(whole))]
        assert whole[1:4] == found[1:4]
        assert whole[:3] == found.first(3)
        assert all(slot in found and slot.starts_at in found for slot in whole)
        per_day: dict[object, int] = {}
        for slot in whole:
            per_day[slot.starts_at.date()] = per_day.get(slot.starts_at.date(), 0) + 1
        assert per_day == found.per_day()
        if whole:
            assert whole[-1] == found[-1]


@given(worlds(), st.data())
def test_a_patched_diary_answers_like_a_new_one(world: World, data: st.DataObject) -> None:
    at = world.within.start + timedelta(minutes=data.draw(st.integers(-200, 2000)))
    busy = sched.Busy(
        span=sched.Span(at, at + timedelta(minutes=data.draw(st.integers(1, 300)))),
        kind=data.draw(st.sampled_from(sched.BusyKind)),
        buffer_after=timedelta(minutes=data.draw(st.integers(0, 30))),
    )
    ready = world.diary.prepared(world.within)
    before = sched.bookable_slots(ready, world.service, within=world.within, policy=world.policy, now=world.now)
    before.first(1)

    patched = ready.adding(busy)
    after = sched.bookable_slots(patched, world.service, within=world.within, policy=world.policy, now=world.now)
    back = sched.bookable_slots(
        patched.removing(busy), world.service, within=world.within, policy=world.policy, now=world.now
    )

    anew = world._replace(diary=patched.diary)
    assert listed(anew) == after
    assert back == before


@given(worlds(), st.data())
def test_i5_adding_a_busy_time_never_adds_a_slot(world: World, data: st.DataObject) -> None:
    at = world.within.start + timedelta(minutes=data.draw(st.integers(-200, 2000)))
    more = sched.Busy(span=sched.Span(at, at + timedelta(minutes=90)), kind=data.draw(st.sampled_from(sched.BusyKind)))
    fuller = sched.Diary(
        hours=world.diary.hours,
        overrides=world.diary.overrides,
        blocks=world.diary.blocks,
        busy=(*world.diary.busy, more),
    )

    assert set(listed(world._replace(diary=fuller))) <= set(listed(world))


@given(worlds(), st.data())
def test_a_smaller_window_gives_the_restriction_of_the_larger(world: World, data: st.DataObject) -> None:
    length = int(world.within.duration.total_seconds()) // 60
    low = data.draw(st.integers(0, length - 1))
    high = data.draw(st.integers(low + 1, length))
    part = sched.Span(world.within.start + timedelta(minutes=low), world.within.start + timedelta(minutes=high))

    assert list(listed(world, part)) == [slot for slot in listed(world) if part.contains(slot.starts_at)]


@given(worlds(), st.sampled_from(sched.BusyKind), st.sampled_from(sched.BusyKind))
def test_s109_clients_cannot_tell_what_takes_a_time(world: World, kind: sched.BusyKind, other: sched.BusyKind) -> None:
    spans = [row.span if isinstance(row, sched.Busy) else row for row in world.diary.busy]
    policy = sched.BookingPolicy(slot_step=world.policy.slot_step)

    def client_view(kind: sched.BusyKind) -> bytes:
        diary = sched.Diary(
            hours=world.diary.hours,
            overrides=world.diary.overrides,
            busy=tuple(sched.Busy(span=span, kind=kind) for span in spans),
        )
        slots = sched.bookable_slots(diary, world.service, within=world.within, policy=policy, now=world.now)
        asked = [*spans, world.within]
        verdicts = [
            sched.why_not_for_client(diary, world.service, span.start, policy=policy, now=world.now) for span in asked
        ]
        return repr((list(slots), verdicts)).encode()

    assert client_view(kind) == client_view(other)
