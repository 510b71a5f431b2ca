"""The cases that at least two independent engines agree on."""

import json
from pathlib import Path
from typing import Any

import pytest

from oasys_sched.recurrence.expand import expand

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "recurrence.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rrule']} {case['dtstart']} {case['tzid']}")
def test_the_case_expands_as_agreed(case: dict[str, Any]) -> None:
    found = expand(case["dtstart"], case["tzid"], case["rrule"], case["exdate"], case["rdate"], case["limit"])

    assert [one["start"] for one in found["occurrences"]] == case["expected"]
    if "expected_utc" in case:
        assert [one["utc"] for one in found["occurrences"]] == case["expected_utc"]
