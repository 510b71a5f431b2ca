"""Imports run downwards only. The table is the rule; the walk below it is the proof."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "oasys_sched"

# Lowest first. A module may import from layers above it in this list and from its own package, never sideways.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("codes", "markup"),
    ("errors",),
    ("decisions", "formats", "money", "ids", "modes", "times"),
    ("actors", "aggregates", "tables"),
    ("recurrence", "fees"),
    ("services",),
    ("policies",),
    ("availability",),
    ("people",),
    ("booking",),
    ("sessions",),
    ("calendar",),
    ("ports",),
    ("invites",),
    ("audit", "notices", "links", "relay"),
    ("units",),
    ("desk", "aio"),
    ("schema", "codec", "stored_rows"),
    ("adapters",),
    ("testing",),
    ("cli",),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
PURE = {name for name in LEVEL if LEVEL[name] < LEVEL["ports"]}
BANNED_IN_PURE = {
    "pydantic",
    "dateutil",
    "sqlite3",
    "logging",
    "asyncio",
    "random",
    "uuid",
    "time",
    "threading",
    "socket",
}
# The guarded door to imported rules outside our own engine (DESIGN.md, Recurrence).
DATEUTIL_DOOR = {"recurrence/_dateutil.py"}


def modules() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.py") if path != SRC / "__init__.py")


def imported(tree: ast.AST) -> list[str]:
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    names: list[str] = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            names.append(node.module or "")
            if node.module == "oasys_sched":
                names += [f"oasys_sched.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SRC)))
def test_imports_run_downwards(path: Path) -> None:
    relative = path.relative_to(SRC)
    own = relative.parts[0].removesuffix(".py")
    assert own in LEVEL, f"give {own} a layer"
    for name in imported(ast.parse(path.read_text())):
        head, _, rest = name.partition(".")
        if head == "oasys_sched" and rest:
            target = rest.partition(".")[0]
            if target in LEVEL:
                assert target == own or LEVEL[target] < LEVEL[own], f"{relative} imports {target} from above or beside"
        elif own in PURE and str(relative) not in DATEUTIL_DOOR:
            assert head not in BANNED_IN_PURE, f"{relative} imports {head}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SRC)))
def test_the_pure_layers_read_no_clock_and_wait_for_nothing(path: Path) -> None:
    own = path.relative_to(SRC).parts[0].removesuffix(".py")
    if own not in PURE:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await), f"{path} waits"
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            owner = node.value
            assert not (isinstance(owner, ast.Name) and owner.id in {"datetime", "date"}), f"{path} reads the clock"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "open", "input"}, f"{path} does I/O"
