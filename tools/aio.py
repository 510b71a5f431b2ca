"""Write the async desk from the sync one: `python tools/aio.py`, then ruff.

`desk/` is what is edited; `aio/` is the same text with `async`, `await` and the async ports. A test holds the two equal
modulo await, so whatever this script missed is noticed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "oasys_sched"
NAMES = ("Desk", "Counter", "Repository", "Notifier", "VideoLinks", "BusySource", "TranscriptStore", "Assistant")
Change = tuple[str, str]

EVERYWHERE: tuple[Change, ...] = (
    (r"oasys_sched\.desk", "oasys_sched.aio"),
    *((rf"\b{name}\b", f"Async{name}") for name in NAMES),
)
# What waits in each file: the methods that become coroutines, and the calls that are awaited.
CORE: tuple[Change, ...] = (
    (r"    def (decide|deliver|_seen|_seen_session|_external|_links|_announce)\(", r"    async def \1("),
    (r"(?<!def )(self\.(?:repository\.(?:load|commit)|_seen|_seen_session|_external|_links|_announce)\()", r"await \1"),
    (r"(self\.(?:video_links\.(?:issue|revoke)|busy_source\.busy|_pause)\()", r"await \1"),
    (r"import RelayRules, relay\n", "import RelayRules, relay_async\n"),
    (r"\brelay\(self\.repository", "await relay_async(self.repository"),
    (r"pause: Callable\[\[float\], None\] = time\.sleep", "pause: Callable[[float], Awaitable[None]] = asyncio.sleep"),
    (r"import random\nimport time\n", "import asyncio\nimport random\n"),
    (r"abc import Callable, Mapping", "abc import Awaitable, Callable, Mapping"),
    (r"The same text as `aio\.core`", "The same text as `desk.core`"),
)
ASKING: tuple[Change, ...] = (
    (r"    def (_ask|_ask_session|_erase|_work_off|_erase_one|_readable)\(", r"    async def \1("),
    (r"(?<!def )self\.(desk\.decide|desk\.repository\.load|_work_off|_erase_one|_readable)\(", r"await self.\1("),
    (r"(?<=[ =(])store\.(destroy_key|purge|absent|read)\(", r"await store.\1("),
)
JOURNEYS: tuple[Change, ...] = (
    (r"(?m)^    def (?!own\b|_clockwork\b|_ids\b)", "    async def "),
    (
        (
            r"(?<!def )\bself\.(_ask|_ask_session|_erase|_work_off|_expire_aged|_suggested|read_transcript|expire"
            r"|expire_request|expire_offer|_swept|desk\.repository\.(?:load|audit))\("
        ),
        r"await self.\1(",
    ),
    (r"(?<![\w.])(desk\.repository\.load|store\.(?:append|read)|door)\(", r"await \1("),
)
OF_FILE = {"core.py": CORE, "asking.py": ASKING}


def awaited(name: str, text: str) -> str:
    """Return the async text of one file of the desk."""
    for pattern, replacement in (*EVERYWHERE, *OF_FILE.get(name, JOURNEYS)):
        text = re.sub(pattern, replacement, text)
    return text


def main() -> int:
    """Write every file; import order and line breaks are ruff's."""
    target = SOURCE / "aio"
    for path in sorted((SOURCE / "desk").glob("*.py")):
        (target / path.name).write_text(awaited(path.name, path.read_text()))
    for command in (["check", "--select", "I", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, str(target)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
