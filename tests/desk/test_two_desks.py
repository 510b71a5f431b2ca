"""The two desks are one text: strip async, await and the word Async, and nothing differs."""

import ast
from pathlib import Path

import pytest

import oasys_sched
from tools.aio import awaited

ROOT = Path(oasys_sched.__file__).parent
# What has another name where it waits; everything else has to be the same to the letter.
WORDS = {"relay_async": "relay", "asyncio": "time", "Awaitable[None]": "None"}


class Plain(ast.NodeTransformer):
    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(ast.FunctionDef(**{name: getattr(node, name) for name in node._fields}), node)

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)


def plain(path: Path) -> list[str]:
    tree = ast.fix_missing_locations(Plain().visit(ast.parse(path.read_text())))
    body = [row for row in tree.body if not isinstance(row, ast.Import | ast.ImportFrom)]
    text = "\n".join(ast.unparse(row) for row in body[1:])
    for word, twin in WORDS.items():
        text = text.replace(word, twin)
    return text.replace("Async", "").replace("oasys_sched.aio", "oasys_sched.desk").splitlines()


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "desk").glob("*.py")))
def test_the_two_desks_are_equal_modulo_await(name: str) -> None:
    assert plain(ROOT / "desk" / name) == plain(ROOT / "aio" / name)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "desk").glob("*.py")))
def test_the_awaiting_one_is_what_the_tool_writes(name: str) -> None:
    written = ast.parse(awaited(name, (ROOT / "desk" / name).read_text()))
    kept = ast.parse((ROOT / "aio" / name).read_text())

    assert _statements(written) == _statements(kept)


def _statements(tree: ast.Module) -> list[str]:
    """Without the imports, whose order is ruff's."""
    return [ast.unparse(row) for row in tree.body if not isinstance(row, ast.Import | ast.ImportFrom)]


def test_neither_desk_has_a_file_of_its_own() -> None:
    assert {path.name for path in (ROOT / "desk").glob("*.py")} == {path.name for path in (ROOT / "aio").glob("*.py")}
