"""The reference says what the code says."""

import re
from pathlib import Path

import oasys_sched as sched

DOCS = Path(__file__).parents[2] / "docs"


def test_every_refusal_code_has_one_entry() -> None:
    page = (DOCS / "reference" / "refusal-codes.md").read_text()

    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)

    assert sorted(listed) == sorted(code.value for code in sched.Code)
