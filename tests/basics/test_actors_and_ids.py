import pytest

import oasys_sched as sched


@pytest.mark.parametrize("kind", [kind for kind in sched.ActorKind if kind is not sched.ActorKind.SYSTEM])
def test_each_kind_of_actor_has_a_constructor_of_its_name(kind: sched.ActorKind) -> None:
    actor = getattr(sched.Actor, kind.value)("x-1", practice="p-1")

    assert (kind, "x-1", "p-1") == (actor.kind, actor.id, actor.practice)


def test_the_system_acts_under_a_name_of_its_own() -> None:
    assert sched.Actor.system(practice="p-1") == sched.Actor(sched.ActorKind.SYSTEM, "system", "p-1")


@pytest.mark.parametrize("bad", ["", "a\nb", "a\x00", "x" * 256, None, 7, "\u2028"])
def test_an_id_that_a_header_or_a_key_could_mangle_is_refused(bad: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Actor.client(bad, practice="p-1")  # type: ignore[arg-type]

    assert caught.value.field == "id"
