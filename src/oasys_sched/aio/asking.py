"""What every counter has: the desk behind it, the actor before it, and how one thing is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oasys_sched.actors import Actor
from oasys_sched.booking.facts import Facts
from oasys_sched.decisions import Decision
from oasys_sched.policies.access import Action
from oasys_sched.units import Ask, own_client

if TYPE_CHECKING:
    from oasys_sched.aio.core import AsyncDesk

__all__ = ["Asking"]


class Asking:
    """One actor at the desk."""

    def __init__(self, desk: AsyncDesk, actor: Actor) -> None:
        self.desk = desk
        self.actor = actor

    async def _ask(
        self,
        action: Action,
        decide: Callable[[Facts, datetime], Decision[Any]],
        *,
        key: str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        appointment: str | None = None,
        request: str | None = None,
        times: tuple[datetime | None, ...] = (),
        all_future: bool = False,
        **body: object,
    ) -> Decision[Any]:
        about = {"clinician": clinician, "client": client, "appointment": appointment, "request": request}
        ask = Ask(
            command=action.value,
            action=action,
            decide=decide,
            clinician=clinician,
            client=own_client(self.actor, client) if appointment is None and request is None else None,
            appointment=appointment,
            request=request,
            times=times,
            all_future=all_future,
            body={**about, **body, "times": times},
            key=key,
        )
        return await self.desk.decide(self.actor, ask)

    def own(self) -> str | None:
        """Return the clinician this actor is, if any."""
        return self.actor.id if self.actor.kind == "clinician" else None
