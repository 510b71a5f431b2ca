"""The reference says what the code says."""

import ast
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched import booking, sessions

DOCS = Path(__file__).parents[2] / "docs"
# The rules: what the source says, how its open points are settled, what goes beyond it, what other pages add.
ROWS = [f"{letter}{n}" for letter, most in (("S", 115), ("A", 48), ("B", 20), ("O", 8)) for n in range(1, most + 1)]


@pytest.fixture(scope="module")
def hooks() -> Any:
    pytest.importorskip("mkdocs")
    sys.path.insert(0, str(DOCS))
    try:
        return import_module("site_hooks")
    finally:
        sys.path.remove(str(DOCS))


def test_every_refusal_code_has_one_entry() -> None:
    page = (DOCS / "reference" / "refusal-codes.md").read_text()

    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)

    assert sorted(listed) == sorted(code.value for code in sched.Code)


def test_every_row_of_the_rules_is_a_feature(hooks: Any) -> None:
    assert [feature.row for feature in hooks.features()] == ROWS


def test_every_feature_names_something_public(hooks: Any) -> None:
    missing = []
    for feature in hooks.features():
        try:
            hooks.api_of(feature.name)
        except LookupError as error:
            missing.append(f"{feature.row}: {error}")

    assert missing == []


def test_a_name_that_is_not_there_is_missed(hooks: Any) -> None:
    for dotted in ("Desk.unlock_note", "Nothing", "Rule.nothing", "audit.nothing", "adapters.nothing.at_all"):
        with pytest.raises(LookupError):
            hooks.api_of(dotted)


def test_a_name_of_a_module_is_found_in_it(hooks: Any) -> None:
    assert hooks.api_of("adapters.ical.render_invite") == ("adapters.ical", "render_invite")
    assert hooks.api_of("audit.verify_audit") == ("audit", "verify_audit")


def test_every_feature_is_shown_by_tests_named_after_it(hooks: Any) -> None:
    tests = hooks.tests_by_row()

    for feature in hooks.features():
        assert feature.tests
        assert len(set(feature.tests)) == len(feature.tests), feature.row
        assert set(feature.tests) <= set(tests[feature.row]), feature.row


def test_every_row_of_the_feature_table_links_to_an_api_and_to_tests_that_exist(hooks: Any) -> None:
    page, tests, pages = hooks.feature_table(), hooks.test_list(), hooks.api_pages()
    rows = re.findall(
        r"^\| \[([SABO]\d+)\]\(#(\w+)\)\{ #(\w+) \} \| .+ \| \[`[\w.]+`\]\((\S+?)#(\S+)\) \| (.+) \|$",
        page,
        re.MULTILINE,
    )

    assert [row for row, *_ in rows] == ROWS
    for row, link, anchor, api, place, shown in rows:
        assert link == anchor == row.lower()
        name = place.removeprefix("oasys_sched.")
        home = f"reference/{api}"
        assert any(f"::: oasys_sched.{name.rsplit('.', n)[0]}\n" in pages[home] for n in (0, 1)), (row, place)
        links = re.findall(r"\[[^\]]+\]\(tests\.md#(\w+) \"([\w/.]+)::(\w+)\"\)", shown)
        assert len(links) == shown.count("](") > 0, (row, shown)
        for section, path, function in links:
            assert f"{{#{section}}}" in tests
            assert function in defined(path), (row, path, function)
            assert row.lower() in function.split("_")


@cache
def defined(path: str) -> list[str]:
    """The functions of a file."""
    tree = ast.parse((DOCS.parent / path).read_text(encoding="utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_part_of_the_feature_table_is_headed_and_said_what_it_is(hooks: Any) -> None:
    page = hooks.feature_table()

    headings = re.findall(r"^## (\w): ", page, re.MULTILINE)
    assert headings == ["S", "A", "B", "O"]
    for letter in headings:
        assert f"- [**{letter}**](#{letter.lower()}): " in page
        assert f"{{#{letter.lower()}}}" in page


def test_what_a_docstring_names_of_the_rules_is_on_the_page(hooks: Any) -> None:
    """A reader who meets `A9` or `RULES 3.4` finds it."""
    rows, sections = set[str](), set[str]()
    for path in (DOCS.parent / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                said = ast.get_docstring(node) or ""
                rows |= set(re.findall(r"\b[SABO]\d{1,3}\b", said))
                sections |= set(re.findall(r"\bRULES (?:section )?([\d.]*\d)", said))

    assert rows <= set(ROWS)
    assert sections <= set(hooks.SECTIONS)
    assert all(f"\n| {section} | " in hooks.feature_table() for section in sections)


def test_every_public_name_has_a_place_in_the_reference(hooks: Any) -> None:
    pages = "\n".join(hooks.api_pages().values())

    missing = [
        name
        for name in sched.__all__
        if name in sched._HOME and f"::: oasys_sched.{sched._HOME[name]}.{name}\n" not in pages
    ]
    assert missing == []
    for package in (booking, sessions):
        page = hooks.api_pages()[f"reference/api/{package.__name__.rpartition('.')[2]}.md"]
        assert re.findall(r"^::: \S+\.(\w+)$", page, re.MULTILINE) == sorted(package.__all__)


def test_every_cell_of_every_state_table_is_on_its_page(hooks: Any) -> None:
    page = hooks.reference_pages.state_tables()

    for path in hooks.reference_pages.TABLES.values():
        for state, row in hooks.reference_pages.table(path).items():
            line = next(line for line in page.splitlines() if line.startswith(f"| **{state}** |"))
            assert line
            for act, after in row.items():
                assert f"    {state} --> {after}: {act}" in page


def test_every_notice_and_every_event_is_on_its_page(hooks: Any) -> None:
    notices, events = hooks.reference_pages.notices(), hooks.reference_pages.events()

    from oasys_sched.notices import NOTICES

    for event, made in NOTICES.items():
        assert f"| `{event.__name__}` |" in events
        for notice in made:
            assert f"| `{event.__name__}` | `{notice.template}` | {notice.to} |" in notices


def test_every_kind_of_actor_and_every_action_is_in_the_access_table(hooks: Any) -> None:
    page = hooks.reference_pages.access()

    for action in sched.Action:
        assert f"| {action} |" in page
    for kind in sched.ActorKind:
        assert f"| {kind} |" in page


def test_the_readmes_picture_is_the_one_the_library_makes(hooks: Any) -> None:
    committed = (DOCS / "images" / "week.svg").read_text(encoding="utf-8")

    assert committed == hooks.pictures.week(), "run: python docs/pictures.py"


def test_the_machines_summary_links_to_text_that_the_site_has(hooks: Any, tmp_path: Path) -> None:
    linked = re.findall(r"\]\(([\w/.-]+\.md)\)", (DOCS / "llms.txt").read_text())
    for folder in ("howto", "explanation", "reference"):
        (tmp_path / folder).mkdir()

    hooks.on_post_build(SimpleNamespace(site_dir=str(tmp_path)))

    assert linked
    assert [path for path in linked if not (tmp_path / path).read_text().startswith("# ")] == []


def test_a_page_of_the_reference_says_where_its_names_are_imported_from(hooks: Any) -> None:
    for path, page in hooks.api_pages().items():
        if path != "reference/api/desk.counter.md":
            (statement,) = re.findall("`(from .+?)`", page.splitlines()[2])
            exec(statement, {})
