"""The public face is exactly what `__all__` says, importing it is cheap, and the type checker sees the same names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import oasys_sched

SRC = Path(oasys_sched.__file__)


@pytest.mark.parametrize("name", oasys_sched.__all__)
def test_every_public_name_is_importable(name: str) -> None:
    assert getattr(oasys_sched, name) is not None


def test_type_checkers_and_the_run_time_see_the_same_names() -> None:
    typed = {
        alias.asname or alias.name
        for node in ast.parse(SRC.read_text()).body
        if isinstance(node, ast.If)
        for child in node.body
        if isinstance(child, ast.ImportFrom)
        for alias in child.names
    }

    assert typed | {"__version__"} == set(oasys_sched.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Calender'"):
        oasys_sched.Calender


def test_dir_lists_the_public_names() -> None:
    assert set(oasys_sched.__all__) <= set(dir(oasys_sched))


def test_importing_the_package_loads_no_heavy_module() -> None:
    heavy = ["pydantic", "dateutil", "sqlite3", "asyncio", "logging", "sqlalchemy", "psycopg", "rich", "hypothesis"]
    code = f"import sys; import oasys_sched; print([m for m in {heavy!r} if m in sys.modules])"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"


def test_importing_the_package_loads_next_to_nothing() -> None:
    """The import budget as a list: what is not in it costs nothing until it is used."""
    code = "import sys; before = set(sys.modules); import oasys_sched; print(*sorted(set(sys.modules) - before))"

    printed = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True).stdout

    bootstrap = {"importlib", "importlib._bootstrap", "importlib._bootstrap_external"}
    budget = {"oasys_sched", "__future__", "warnings", *bootstrap}
    assert set(printed.split()) <= budget


def test_asking_for_slots_loads_no_third_party_module() -> None:
    heavy = ["pydantic", "dateutil", "sqlite3", "asyncio", "logging"]
    code = (
        f"import sys, oasys_sched as s; s.bookable_slots, s.Series; print([m for m in {heavy!r} if m in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"
