"""The reference says what the code says."""

import ast
import re
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched import booking, sessions

DOCS = Path(__file__).parents[2] / "docs"


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


def test_every_row_of_the_source_is_a_feature(hooks: Any) -> None:
    assert [row for row, _, _ in hooks.features()] == [f"S{n}" for n in range(1, 116)]


def test_every_feature_names_something_public(hooks: Any) -> None:
    missing = []
    for row, _, dotted in hooks.features():
        try:
            hooks.api_of(dotted)
        except LookupError as error:
            missing.append(f"{row}: {error}")

    assert missing == []


def test_a_name_that_is_not_there_is_missed(hooks: Any) -> None:
    for dotted in ("Desk.unlock_note", "Nothing", "Rule.nothing"):
        with pytest.raises(LookupError):
            hooks.api_of(dotted)


def test_every_feature_is_shown_by_a_test(hooks: Any) -> None:
    tests = hooks.tests_by_row()

    assert [row for row, _, _ in hooks.features() if not tests.get(row)] == []


def test_every_row_of_the_feature_table_links_to_an_api_and_to_a_test_that_exists(hooks: Any) -> None:
    page, tests, pages = hooks.feature_table(), hooks.test_list(), hooks.api_pages()
    rows = re.findall(r"^\| (S\d+) \| .+ \| \[`[\w.]+`\]\((\S+?)#(\S+)\) \| (.+) \|$", page, re.MULTILINE)

    assert [row for row, *_ in rows] == [f"S{n}" for n in range(1, 116)]
    for row, api, anchor, test in rows:
        name = anchor.removeprefix("oasys_sched.")
        home = f"reference/{api}"
        assert any(f"::: oasys_sched.{name.rsplit('.', n)[0]}\n" in pages[home] for n in (0, 1)), (row, anchor)
        link = re.fullmatch(r"\[.+\]\(tests\.md#(\w+) \"([\w/.]+)::(\w+)\"\).*", test)
        assert link, (row, test)
        section, path, function = link.groups()
        assert f"{{#{section}}}" in tests
        defined = [
            node.name
            for node in ast.walk(ast.parse((DOCS.parent / path).read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert function in defined, (row, path, function)
        assert row.lower() in function.split("_")


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
