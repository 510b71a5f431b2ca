"""What the site build makes from the code itself: API pages, the feature table, reference tables, pictures."""

from __future__ import annotations

import pkgutil
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

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
BESIDE = ("ports", "audit", "codec", "relay", "aggregates", "notices")
PACKAGES = ("adapters", "testing")
# Packages whose functions are imported from the package itself, wherever in it they stand.
DECISIONS = {
    "booking": "Every decision about bookings, as a pure function of facts, an actor and `now`.",
    "sessions": "Every decision about sessions and notes, as a pure function of facts, an actor and `now`.",
}
COUNTER = "desk.counter"


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
        for rows, rest in re.findall(r"def test((?:_[sab]\d+)+)_(\w+)", path.read_text(encoding="utf-8")):
            for row in rows.upper().split("_")[1:]:
                found.setdefault(row, []).append(f"{path.relative_to(ROOT)}::test{rows}_{rest}")
    return found


def features() -> list[tuple[str, str, str]]:
    """Row, what it does, and the name that keeps it."""
    lines = (ROOT / "docs" / "reference" / "features.tsv").read_text().splitlines()
    return [(row, phrase, dotted) for row, phrase, dotted in (line.split("\t") for line in lines)]


def api_of(dotted: str) -> tuple[str, str]:
    """The module and the path in it of a public name or of a method; the desk's methods are its counter's.

    Raises:
        LookupError: there is no such name.
    """
    name, _, member = dotted.partition(".")
    if name == "Desk" and hasattr(Counter, member):
        return COUNTER, f"Counter.{member}"
    module = _HOME.get(name, "ports")
    thing: Any = getattr(import_module(f"oasys_sched.{module}"), name, None)
    if thing is None or (member and not hasattr(thing, member)):
        raise LookupError(f"no public name {dotted}")
    return module, dotted


def feature_table() -> str:
    """Every sentence of the source, with the API that keeps it and a test that shows it."""
    tests = tests_by_row()
    lines = [
        "# Features",
        "",
        "Every rule the library keeps, the name that keeps it, and a test that shows it.",
        "",
        "| row | what it does | API | test |",
        "|---|---|---|---|",
    ]
    for row, phrase, dotted in features():
        module, path = api_of(dotted)
        api = f"[`{dotted}`](api/{module}.md#oasys_sched.{module}.{path})"
        lines.append(f"| {row} | {phrase} | {api} | {shown(phrase, tests.get(row, []))} |")
    return "\n".join(lines) + "\n"


def shown(phrase: str, tests: list[str]) -> str:
    """A link to the test of a row that shares most words with what is said of it, and how many more there are."""
    if not tests:
        return ""
    words = set(re.findall(r"\w{4,}", phrase.lower()))
    path, _, name = max(tests, key=lambda test: len(words.intersection(test.split("_")))).partition("::")
    # The name without its rows is a sentence, and a sentence breaks at its words.
    said = re.sub(r"^test(_[sab]\d+)+_", "", name).replace("_", " ")
    link = f'[{said}](tests.md#{path.replace("/", "").replace(".", "")} "{path}::{name}")'
    return link + (f" and {len(tests) - 1} more" if len(tests) > 1 else "")


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
