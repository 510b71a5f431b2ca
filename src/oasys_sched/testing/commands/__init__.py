"""Everything that can be asked at the desk, as one table: who usually asks, about what, and the call itself.

The same calls serve `Desk`, where they answer, and `AsyncDesk`, where they have to be awaited. `begin_note` is the
first `write_note` of a session; every other name is the method's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oasys_sched.testing.commands.asking import MARK, WORDS, By, Choice, Command, whose
from oasys_sched.testing.commands.booking import BOOKING, REQUESTS
from oasys_sched.testing.commands.reading import READING
from oasys_sched.testing.commands.sessions import SESSIONS

__all__ = ["COMMANDS", "MARK", "READING", "SESSIONS", "WORDS", "By", "Choice", "Command", "whose"]

COMMANDS: Final[Mapping[str, Command]] = {**BOOKING, **REQUESTS, **SESSIONS, **READING}
