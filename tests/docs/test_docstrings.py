"""The examples in docstrings are shown in the reference; they run, and print what they say."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"
SHOWING = sorted(
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    for path in SRC.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", SHOWING)
def test_the_examples_of_a_module_print_what_they_say(module: str) -> None:
    found = doctest.testmod(import_module(module))

    assert found.attempted > 0
    assert found.failed == 0
