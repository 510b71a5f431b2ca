"""Change the code a little, in every way and place, and see whether mypy --strict or a test notices (mutmut 3).

`python tools/mutate.py [area ...]`: every area of the table, or the named ones. Each keeps its folder under
`.run/mutants`, so a run that was stopped goes on where it was, and a second one only looks at what changed. Survivors
that are known to be no fault of the tests stand in `survivors.toml`, each with its reason; the others are printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".run" / "mutants"
KNOWN = Path(__file__).with_name("survivors.toml")
# What the desk answers, word for word.
TOLD = ("tests/desk/test_answers.py", "tests/desk/test_scenes.py")
# Area: the tests that have to notice a change in the files of that folder.
AREAS: dict[str, tuple[str, ...]] = {
    "availability": ("tests/availability", "tests/calendar/test_notebooks.py"),
    "recurrence": ("tests/recurrence", "tests/calendar/test_notebooks.py"),
    "policies": ("tests/policies", "tests/booking"),
    "fees": ("tests/fees", "tests/booking", "tests/policies"),
    "booking": ("tests/booking", *TOLD),
    "sessions": ("tests/sessions", *TOLD),
}
# Part: the modules of an area that are counted apart, because more is asked of them.
PARTS: dict[str, tuple[str, ...]] = {
    "access": ("policies.access",),
    "signing": ("sessions.seal", "sessions.signing", "sessions.addenda", "sessions.writing"),
    "purging": ("sessions.purging", "sessions.transcribing", "sessions.transcript"),
    "conflicts": ("availability.verdict", "availability.series_check"),
}
NOTICED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
# It reads the names of our own functions, and a changed one is kept under another name.
READS_NAMES = "tests/sessions/test_calling.py::test_s43_no_recording_and_no_unlocking_operation_exists_anywhere"
CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/oasys_sched/{area}/*"]
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
    folder = PLACE / area
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("src", "tests", "docs", "examples", "schema", "benchmarks"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "CHANGELOG.md", "mkdocs.yml"):
        shutil.copy(ROOT / name, folder / name)
    listed = ", ".join(f'"{test}"' for test in AREAS[area])
    text = (ROOT / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(
        text + CONFIG.format(area=area, tests=listed, python=sys.executable, names=READS_NAMES)
    )
    return folder


def judged(folder: Path) -> dict[str, str]:
    """Run the mutants of an area that have no verdict yet, and those that survived last time. Return all verdicts."""
    mutmut = [sys.executable, "-m", "mutmut"]
    # A verdict is kept; but a survivor of last time may meet a new test.
    met = folder / "survivors.txt"
    again = met.read_text().split() if met.exists() else []
    brief = {**os.environ, "OASYS_PROFILE": "brief"}
    # Which test runs which function: kept, it would not know that an old test runs a new one.
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    with (folder / "run.log").open("w") as log:
        for chosen in ([], again) if again else ([],):
            run = [*mutmut, "run", *chosen]
            subprocess.run(run, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=brief, check=False)
    asked = [*mutmut, "results", "--all", "true"]
    shown = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True)
    ends = dict(re.findall(r"^\s+(\S+): (\w[\w ]*)$", shown.stdout, re.MULTILINE))
    met.write_text("".join(f"{name}\n" for name in sorted(ends) if ends[name] in {"survived", "no tests"}))
    return ends


def scored(name: str, ends: Mapping[str, str]) -> None:
    """Print how many of these mutants were noticed, and how many of them only by the time they took.

    On a busy machine a change that nobody notices may take too long as well: judge on a quiet one.
    """
    noticed = sum(end in NOTICED for end in ends.values())
    late = sum(end == "timeout" for end in ends.values())
    left = sum(end in {"survived", "no tests"} for end in ends.values())
    score = noticed / (noticed + left) if noticed + left else 0.0
    unjudged = len(ends) - noticed - left
    counted = f"{noticed:>5} of {noticed + left:>5} noticed  {score:7.1%}"
    print(f"{name:<14} {counted}, {late} by time  {unjudged} not judged", flush=True)


def change(folder: Path, mutant: str) -> tuple[str, str]:
    """Return what a mutant has instead of what, without indentation."""
    show = [sys.executable, "-m", "mutmut", "show", mutant]
    text = subprocess.run(show, cwd=folder, capture_output=True, text=True, check=True).stdout
    lines = [line for line in text.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    was, became = ("\n".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return was, became


def unexplained(folder: Path, ends: Mapping[str, str]) -> Iterator[str]:
    """Find the survivors that have no reason in `survivors.toml`, as entries to be filled in."""
    known = {(row["function"], row["was"], row["became"]) for row in tomllib.loads(KNOWN.read_text())["survivor"]}
    for mutant in sorted(name for name, end in ends.items() if end in {"survived", "no tests"}):
        module, _, function = mutant.removeprefix("oasys_sched.").rpartition(".")
        plain = function.partition("__mutmut_")[0].removeprefix("x_").replace("xǁ", "").replace("ǁ", ".")
        was, became = change(folder, mutant)
        if (f"{module}.{plain}", was, became) not in known:
            fields = {"function": f"{module}.{plain}", "was": was, "became": became, "why": ""}
            yield "[[survivor]]\n" + "".join(f"{field} = '''{text}'''\n" for field, text in fields.items())


def main(asked: list[str]) -> int:
    """Judge every area, or the named ones."""
    unknown = sorted(set(asked) - set(AREAS))
    if unknown:
        print(f"unknown area {unknown[0]}; there are {', '.join(AREAS)}", file=sys.stderr)
        return 2
    for area in asked or AREAS:
        folder = prepared(area)
        ends = judged(folder)
        scored(area, ends)
        for part, modules in PARTS.items():
            if modules[0].startswith(f"{area}."):
                patterns = [f"oasys_sched.{module}.*" for module in modules]
                scored(part, {name: end for name, end in ends.items() if any(fnmatch(name, row) for row in patterns)})
        for entry in unexplained(folder, ends):
            print(f"\n{entry}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
