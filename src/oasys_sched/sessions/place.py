"""Whether the client is where the clinician may practise (B12)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused
from oasys_sched.modes import Mode
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.policy import PlaceCheck
from oasys_sched.sessions.session import PlaceStatement

__all__ = ["place_checked"]

_REMOTE: Final = frozenset({Mode.TELEHEALTH, Mode.PHONE})


def place_checked(
    facts: SessionFacts, mode: Mode, place: str | None, actor: Actor, now: datetime, *, required: bool
) -> Decision[tuple[PlaceStatement, ...]]:
    """Return the statement to keep, with a warning or a refusal when the place is none of the clinician's.

    Places are compared without case, as in 'US-NY' (ISO 3166-2). A clinician without jurisdictions is not checked.
    `required`: this is the moment to say it, so that saying nothing counts as being elsewhere.
    """
    if mode not in _REMOTE:
        return Accepted(())
    stated = (place or "").strip()
    allowed = {row.casefold() for row in facts.clinician.jurisdictions}
    fine = not allowed or stated.casefold() in allowed or not (stated or required)
    statement = (PlaceStatement(place=stated, stated_by=actor.id, at=now, authorised=fine),) if stated else ()
    check = facts.policy.place_check
    if fine or check is PlaceCheck.OFF:
        return Accepted(statement)
    finding = Refusal(
        Code.PLACE_NOT_AUTHORISED, "the clinician may practise only in some places: state where the client is", "place"
    )
    return Refused((finding,)) if check is PlaceCheck.REFUSE else Accepted(statement, (), (finding,))
