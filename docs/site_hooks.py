"""What the site build makes from the code itself: the API pages, the feature table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import oasys_sched
from oasys_sched import _HOME

ROOT = Path(__file__).parents[1]


def api_pages() -> dict[str, str]:
    """One page for each module that holds public names."""
    pages: dict[str, str] = {}
    for module in sorted(set(_HOME.values())):
        names = [name for name in oasys_sched.__all__ if _HOME.get(name) == module]
        body = "\n".join(f"::: oasys_sched.{module}.{name}\n" for name in names)
        pages[f"reference/api/{module}.md"] = f"# {module}\n\n{', '.join(f'`{name}`' for name in names)}\n\n{body}"
    return pages


def tests_by_row() -> dict[str, list[str]]:
    """The tests named after each rules row."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, rest in re.findall(r"def test_([sab]\d+)_(\w+)", path.read_text()):
            found.setdefault(row.upper(), []).append(f"{path.relative_to(ROOT)}::test_{row}_{rest}")
    return found


def api_link(dotted: str) -> str:
    """A link to the page that documents a public name or a method of it."""
    name = dotted.partition(".")[0]
    module = _HOME.get(name)
    return f"[`{dotted}`](api/{module}.md#oasys_sched.{module}.{name})" if module else f"`{dotted}`"


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
    for line in (ROOT / "docs" / "reference" / "features.tsv").read_text().splitlines():
        row, phrase, dotted = line.split("\t")
        shown = tests.get(row, [])
        test = (
            f"`{shown[0].partition('::')[2]}`" + (f" and {len(shown) - 1} more" if len(shown) > 1 else "")
            if shown
            else ""
        )
        lines.append(f"| {row} | {phrase} | {api_link(dotted)} | {test} |")
    return "\n".join(lines) + "\n"


def generated() -> dict[str, str]:
    """Every page that is made, by its path."""
    return {"reference/features.md": feature_table()} | api_pages()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the API pages into the navigation."""
    nav: list[Any] = config.nav or []
    nav.append({"API": sorted(api_pages())})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for path, content in generated().items():
        files.append(File.generated(config, path, content=content))
    return files
