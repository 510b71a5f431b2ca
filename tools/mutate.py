"""Change the code a little, in every way and place, and see whether mypy --strict or a test notices (mutmut 3).

`python tools/mutate.py [area ...]`: every area of the table, or the named ones. Each keeps its folder under
`.run/mutants`, so a run that was stopped goes on where it was, and a second one only looks at what changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".run" / "mutants"
# What the desk answers, word for word.
TOLD = ("tests/desk/test_answers.py", "tests/desk/test_scenes.py")
# Area: the files that are changed, and the tests that have to notice.
AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "access": (
        ("policies/access",),
        ("tests/policies/test_access.py", "tests/booking", "tests/testing/test_broken.py"),
    ),
    "fees": (("fees/*",), ("tests/fees", "tests/booking", "tests/policies")),
    "signing": (
        ("sessions/seal", "sessions/signing", "sessions/addenda", "sessions/writing"),
        ("tests/sessions", *TOLD),
    ),
    "purging": (
        ("sessions/purging", "sessions/transcribing", "sessions/transcript"),
        ("tests/sessions", *TOLD),
    ),
    "conflicts": (("availability/verdict", "availability/series_check"), ("tests/availability", "tests/booking")),
    "availability": (("availability/*",), ("tests/availability", "tests/calendar/test_notebooks.py")),
    "recurrence": (("recurrence/*",), ("tests/recurrence", "tests/calendar/test_notebooks.py")),
    "policies": (("policies/*",), ("tests/policies", "tests/booking")),
    "booking": (("booking/*",), ("tests/booking", *TOLD)),
    "sessions": (("sessions/*",), ("tests/sessions", *TOLD)),
}
NOTICED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
# It reads the names of our own functions, and a changed one is kept under another name.
READS_NAMES = "tests/sessions/test_calling.py::test_s43_no_recording_and_no_unlocking_operation_exists_anywhere"
CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = [{files}]
pytest_add_cli_args_test_selection = [{tests}]
pytest_add_cli_args = ["-q", "-x", "-p", "no:cacheprovider", "--deselect={names}"]
# A loop that never ends has had its chance after twice the time of its tests.
timeout_multiplier = 2.0
# Each change of an __init__ is a copy that declares the same attributes again: no fault of the change.
type_check_command = [
  "{python}", "-m", "mypy", "--config-file=", "--strict", "--no-warn-unused-ignores", "--disable-error-code=no-redef",
  "--output=json", "src",
]
also_copy = ["docs", "examples", "schema", "benchmarks", "README.md", "CHANGELOG.md", "mkdocs.yml"]
"""


def prepared(area: str) -> Path:
    """Bring an area's folder up to date; what mutmut knows of it stays."""
    files, tests = AREAS[area]
    folder = PLACE / area
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("src", "tests", "docs", "examples", "schema", "benchmarks"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "CHANGELOG.md", "mkdocs.yml"):
        shutil.copy(ROOT / name, folder / name)
    chosen = ", ".join(f'"src/oasys_sched/{file}{"" if file.endswith("*") else ".py"}"' for file in files)
    listed = ", ".join(f'"{test}"' for test in tests)
    text = (ROOT / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(
        text + CONFIG.format(files=chosen, tests=listed, python=sys.executable, names=READS_NAMES)
    )
    return folder


def judged(area: str) -> float:
    """Run an area; print its score and write down what survived. Return the score."""
    folder = prepared(area)
    mutmut = [sys.executable, "-m", "mutmut"]
    # A verdict is kept; but a survivor of last time may meet a new test.
    known = folder / "survivors.txt"
    again = known.read_text().split() if known.exists() else []
    brief = {**os.environ, "OASYS_PROFILE": "brief"}
    with (folder / "run.log").open("w") as log:
        for chosen in ([], again) if again else ([],):
            run = [*mutmut, "run", *chosen]
            subprocess.run(run, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=brief, check=False)
    asked = [*mutmut, "results", "--all", "true"]
    shown = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True)
    ends = dict(re.findall(r"^\s+(\S+): (\w[\w ]*)$", shown.stdout, re.MULTILINE))
    noticed = sum(end in NOTICED for end in ends.values())
    left = sorted(name for name, end in ends.items() if end in {"survived", "no tests"})
    known.write_text("".join(f"{name}\n" for name in left))
    judged_ones = noticed + len(left)
    score = noticed / judged_ones if judged_ones else 0.0
    unjudged = len(ends) - judged_ones
    print(f"{area:<14} {noticed:>5} of {judged_ones:>5} noticed  {score:7.1%}  {unjudged} not judged", flush=True)
    return score


def main(asked: list[str]) -> int:
    """Judge every area, or the named ones."""
    unknown = sorted(set(asked) - set(AREAS))
    if unknown:
        print(f"unknown area {unknown[0]}; there are {', '.join(AREAS)}", file=sys.stderr)
        return 2
    for area in asked or AREAS:
        judged(area)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
