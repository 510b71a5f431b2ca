"""Who asks, in which practice, and whole runs of what can happen there."""

from __future__ import annotations

from hypothesis import strategies as st

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.testing.clinic import Clinic
from oasys_sched.testing.simulation.moves import Move, written

__all__ = ["actors", "clinics", "scripts"]

_PEOPLE = (
    (ActorKind.CLIENT, "ana"), (ActorKind.CLIENT, "ben"), (ActorKind.GUARDIAN, "mum"), (ActorKind.CLINICIAN, "dana"),
    (ActorKind.CLINICIAN, "erin"), (ActorKind.SUPERVISOR, "sue"), (ActorKind.ADMIN, "amy"),
    (ActorKind.SCHEDULER, "sam"), (ActorKind.SYSTEM, "system"),
)  # fmt: skip
_KINDS = ("ask", "resume", "resume", "resume", "again", "fault", "die", "wait", "begin", "work")


def actors(practice: str = "north") -> st.SearchStrategy[Actor]:
    """Everybody of the harness's clinic, and a client of another practice with the id of one of its own."""
    own = st.sampled_from(_PEOPLE).map(lambda row: Actor(kind=row[0], id=row[1], practice=practice))
    return own | st.just(Actor.client("ana", practice="somewhere else"))


def clinics() -> st.SearchStrategy[Clinic]:
    """The harness's clinic under each of its policies; `Clinic.opening` is the commit that sets it up."""
    return st.builds(Clinic, approve=st.booleans(), late=st.booleans(), supervised=st.booleans())


def scripts(*, most: int = 60) -> st.SearchStrategy[str]:
    """Sequences of commands, faults, deaths and waits, as `simulation.replay` plays them."""
    moves = st.builds(Move, st.sampled_from(_KINDS), st.integers(0, 1 << 16))
    return st.lists(moves, max_size=most).map(written)
