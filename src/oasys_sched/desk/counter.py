"""The desk's methods for one actor, put together."""

from __future__ import annotations

from typing import final

from oasys_sched.desk.assistant import Assisted
from oasys_sched.desk.blocks import Blocks
from oasys_sched.desk.bookings import Bookings
from oasys_sched.desk.clockwork import Clockwork
from oasys_sched.desk.notes import Notes
from oasys_sched.desk.reading import Reading
from oasys_sched.desk.recurring import Recurring
from oasys_sched.desk.requests import Requests
from oasys_sched.desk.sessions import Sessions
from oasys_sched.desk.waitlist import Waitlist
from oasys_sched.units.arguments import arguments_judged

__all__ = ["Counter"]


@final
@arguments_judged
class Counter(Clockwork, Bookings, Recurring, Requests, Blocks, Waitlist, Reading, Sessions, Notes, Assisted):
    """Every journey for one authenticated actor. Each answers `Accepted` or `Refused`.

    An argument of a wrong type is `invalid_value`, by its name, before anything is loaded. `key` is an idempotency key:
    the same key and request give the first answer again, whatever happened in between.
    """
