"""What the site build makes from the code itself: API pages, the feature table, reference tables, pictures."""

from __future__ import annotations

import pkgutil
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import pictures  # noqa: E402 - beside this file
import reference_pages  # noqa: E402

import oasys_sched  # noqa: E402
from oasys_sched import _HOME  # noqa: E402
from oasys_sched.desk.counter import Counter  # noqa: E402

# Public beside the face: what is imported by its module. All of `adapters` and `testing` too.
BESIDE = ("ports", "audit", "codec", "stored_rows", "relay", "aggregates", "notices")
PACKAGES = ("adapters", "testing")
# Packages whose functions are imported from the package itself, wherever in it they stand.
DECISIONS = {
    "booking": "Every decision about bookings, as a pure function of facts, an actor and `now`.",
    "sessions": "Every decision about sessions and notes, as a pure function of facts, an actor and `now`.",
}
COUNTER = "desk.counter"

# The parts of the feature table: the letter of its rows, the heading, and what the rows are.
PARTS: Final = {
    "S": (
        "What the article asks",
        "The sentences of the help article, in its order; each is a promise of the library.",
    ),
    "A": (
        "How its open points were settled",
        "Where the article can be read in two ways, or says nothing: what counts here.",
    ),
    "B": ("What goes beyond it", "What the article lacks and practices count on."),
    "O": ("What the app's other pages add", "As far as scheduling and sessions rest on it."),
}
ROW_NAMES: Final = """
Docstrings, and with them the API pages, and the names of tests say which rule they keep: `S18`, `A9`, `B7`. The letter
says where the rule comes from.

- [**S**](#s): the help article *Scheduling & conducting sessions* of Oasys, an app for therapists; the library was
  written from it.
- [**A**](#a): a point that the article leaves open, and how it was settled.
- [**B**](#b): goes beyond the article.
- [**O**](#o): from other help pages of the same app.

The name of a row is its anchor: `features.md#a9`.

`RULES` with a number, as in `RULES 3.4`, is a section of the list that these rows are from; in brackets the number may
stand alone: `(3.4)`. What the sections settle stands here:

| RULES | what it settles | where it stands |
|---|---|---|
"""
# Sections of the rules that docstrings name: what each settles, and the page of it.
SECTIONS: Final = {
    "0": ("what holds everywhere, such as money in whole cents", "[`Money`](api/money.md#oasys_sched.money.Money)"),
    "3.1": ("the same things in FHIR and iCalendar", "[Glossary](../glossary.md)"),
    "3.2": ("states of an appointment", "[State tables](state-tables.md#appointment)"),
    "3.3": ("series of appointments and of blocks", "[How a series works](../explanation/series.md)"),
    "3.4": ("states of a request to move or to cancel", "[State tables](state-tables.md#change-request)"),
    "3.5": ("states of a session", "[State tables](state-tables.md#session)"),
    "3.6": ("states of a note", "[State tables](state-tables.md#note)"),
    "3.7": ("states of a transcript", "[State tables](state-tables.md#transcript)"),
    "3.8": ("states of a fee", "[State tables](state-tables.md#charge)"),
    "3.9": ("states of a reminder", "[State tables](state-tables.md#reminder)"),
    "3.10": (
        "reasons for a cancellation",
        "[`REASONS`](api/policies.reasons.md#oasys_sched.policies.reasons.REASONS)",
    ),
    "3.11": ("who may do what", "[Who may do what](access.md)"),
    "6": ("twenty invariants", "[`testing.invariants`](api/testing.invariants.md)"),
}


def module_page(module: str, names: list[str], begins: str, options: str = "") -> str:
    """One page for some names of a module."""
    body = "\n".join(f"::: oasys_sched.{module}.{name}\n{options}" for name in names)
    return f"# {module}\n\n{begins}\n\n{body}"


def importing(module: str, names: list[str]) -> str:
    """How a reader gets at the names of a module: those of the public face from the package itself."""
    home = "oasys_sched" if _HOME.get(names[0]) == module else f"oasys_sched.{module}"
    return f"`from {home} import {', '.join(names)}`"


def api_pages() -> dict[str, str]:
    """One page for each module that holds public names."""
    found: dict[str, list[str]] = {}
    for name in oasys_sched.__all__:
        if name in _HOME:
            found.setdefault(_HOME[name], []).append(name)
    for module in (*BESIDE, *(name for package in PACKAGES for name in modules_of(package))):
        names = list(getattr(import_module(f"oasys_sched.{module}"), "__all__", ()))
        if names and module not in found:
            found[module] = names
    pages = {
        f"reference/api/{module}.md": module_page(module, names, importing(module, names))
        for module, names in sorted(found.items())
    }
    for package, says in DECISIONS.items():
        names = sorted(import_module(f"oasys_sched.{package}").__all__)
        begins = f"{says} `from oasys_sched import {package}`, then `{package}.{names[0]}(...)`."
        pages[f"reference/api/{package}.md"] = f"# {package}\n\n{begins}\n\n" + "\n".join(
            f"::: {home_of(package, name)}.{name}\n" for name in names
        )
    inherited = "    options:\n      inherited_members: true\n"
    begins = "What `Desk.acting_as(actor)` returns: every journey of a practice as one method."
    pages[f"reference/api/{COUNTER}.md"] = module_page(COUNTER, ["Counter"], begins, inherited)
    return pages


def home_of(package: str, name: str) -> str:
    """The module that a package's function is written in."""
    return str(getattr(import_module(f"oasys_sched.{package}"), name).__module__)


def modules_of(package: str) -> list[str]:
    """The public modules of a package, by their names below `oasys_sched`."""
    home = import_module(f"oasys_sched.{package}")
    return sorted(
        info.name.removeprefix("oasys_sched.")
        for info in pkgutil.walk_packages(home.__path__, f"{home.__name__}.")
        if "._" not in info.name
    )


def tests_by_row() -> dict[str, list[str]]:
    """The tests named after each rules row."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for rows, rest in re.findall(r"def test((?:_[sabo]\d+)+)_(\w+)", path.read_text(encoding="utf-8")):
            for row in rows.upper().split("_")[1:]:
                found.setdefault(row, []).append(f"{path.relative_to(ROOT)}::test{rows}_{rest}")
    return found


class Feature(NamedTuple):
    """One row of the rules: what it does, the name that keeps it, and the tests that show it best."""

    row: str
    phrase: str
    name: str
    tests: tuple[str, ...]


def features() -> list[Feature]:
    """Every row, as `features.tsv` has it."""
    lines = (ROOT / "docs" / "reference" / "features.tsv").read_text(encoding="utf-8").splitlines()
    return [
        Feature(row, phrase, name, tuple(tests.split(" ")))
        for row, phrase, name, tests in (line.split("\t") for line in lines)
    ]


def api_of(dotted: str) -> tuple[str, str]:
    """The module and the path in it of a public name or of a method; the desk's methods are its counter's.

    What is not in the package itself is named with its module, as in `audit.verify_audit`.

    Raises:
        LookupError: there is no such name.
    """
    name, _, member = dotted.partition(".")
    if name == "Desk" and hasattr(Counter, member):
        return COUNTER, f"Counter.{member}"
    home, _, last = dotted.rpartition(".")
    if home in BESIDE or (name in PACKAGES and home in modules_of(name)):
        if last in import_module(f"oasys_sched.{home}").__all__:
            return home, last
        raise LookupError(f"no public name {dotted}")
    module = _HOME.get(name, "ports")
    thing: Any = getattr(import_module(f"oasys_sched.{module}"), name, None)
    if thing is None or (member and not hasattr(thing, member)):
        raise LookupError(f"no public name {dotted}")
    return module, dotted


def feature_table() -> str:
    """Every row of the rules, part by part, with the API that keeps it and the tests that show it."""
    tests = tests_by_row()
    lines = ["# Features", "", "Every rule the library keeps, the name that keeps it, and tests that show it."]
    lines += ["", "## What the row names mean", *ROW_NAMES.splitlines()]
    lines += [f"| {section} | {what} | {where} |" for section, (what, where) in SECTIONS.items()]
    for letter, (title, begins) in PARTS.items():
        lines += ["", f"## {letter}: {title} {{#{letter.lower()}}}", "", begins, ""]
        lines += ["| row | what it does | API | tests |", "|---|---|---|---|"]
        for feature in features():
            if not feature.row.startswith(letter):
                continue
            module, path = api_of(feature.name)
            api = f"[`{feature.name}`](api/{module}.md#oasys_sched.{module}.{path})"
            anchor = feature.row.lower()
            row = f"[{feature.row}](#{anchor}){{ #{anchor} }}"
            lines.append(f"| {row} | {feature.phrase} | {api} | {shown(feature.tests, tests[feature.row])} |")
    return "\n".join(lines) + "\n"


def shown(chosen: tuple[str, ...], named: list[str]) -> str:
    """Links to the tests chosen for a row, and how many more are named after it."""
    links = []
    for test in chosen:
        path, _, name = test.partition("::")
        # The name without its rows is a sentence, and a sentence breaks at its words.
        said = re.sub(r"^test(_[sabo]\d+)+_", "", name).replace("_", " ")
        links.append(f'[{said}](tests.md#{path.replace("/", "").replace(".", "")} "{test}")')
    more = len(named) - len(chosen)
    return "; ".join(links) + (f"; and {more} more" if more else "")


def test_list() -> str:
    """Every test that is named after a row, file by file."""
    files: dict[str, list[str]] = {}
    for rows in tests_by_row().values():
        for test in rows:
            path, _, name = test.partition("::")
            files.setdefault(path, []).append(name)
    lines = ["# Tests by rule", "", "Run one with `python -m pytest FILE -k NAME`.", ""]
    for path, names in sorted(files.items()):
        lines += [f"## {path} {{#{path.replace('/', '').replace('.', '')}}}", ""]
        lines += [f"- `{name}`" for name in dict.fromkeys(names)] + [""]
    return "\n".join(lines)


@cache
def generated() -> dict[str, str]:
    """Every page that is made, by its path."""
    pages = {"reference/features.md": feature_table(), "reference/tests.md": test_list()}
    pages |= {path: make() for path, make in reference_pages.PAGES.items()}
    pages |= {f"images/made/{name}.svg": make() for name, make in pictures.PICTURES.items()}
    return pages | api_pages()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the API pages into the navigation, and how-tos that have no place in it yet."""
    nav: list[Any] = config.nav or []
    howto: list[Any] = next(part["How to"] for part in nav if isinstance(part, dict) and "How to" in part)
    named = str(howto)
    there = sorted(f"howto/{path.name}" for path in (ROOT / "docs" / "howto").glob("*.md"))
    outside: list[Any] = next(part["The world outside"] for part in howto if "The world outside" in part)
    outside += [page for page in there if page not in named]
    nav.append({"API": sorted(api_pages())})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages and pictures."""
    for path, content in generated().items():
        files.append(File.generated(config, path, content=content))
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """Put the Markdown that `llms.txt` links to where its links lead."""
    for path in re.findall(r"\]\(([\w/.-]+\.md)\)", (ROOT / "docs" / "llms.txt").read_text(encoding="utf-8")):
        written = generated().get(path) or (ROOT / "docs" / path).read_text(encoding="utf-8")
        Path(config.site_dir, path).write_text(written, encoding="utf-8")
