"""Every block of every page runs, page by page, top to bottom, as a reader would type it.

Python runs as it stands. In a `console` block, each `$ oasys-sched ...` line runs too, and prints what is below it;
`...` stands for any text. Each page starts in an empty directory.
"""

from __future__ import annotations

import doctest
import os
import shlex
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

from sybil import Example as Block
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.cli.example import Example
from tests.postgres import binaries, cluster, new_database

SRC = Path(__file__).parents[1] / "src"


def run_console(example: Block) -> str | None:
    """Run each of our own commands of a block; return what is wrong, or None."""
    for part in f"\n{example.parsed}".split("\n$ ")[1:]:
        command, _, expected = part.partition("\n")
        words = shlex.split(command)
        if words[0] != "oasys-sched":
            return f"only oasys-sched can be run here: {command}"
        printed = subprocess.run(
            [sys.executable, "-m", "oasys_sched", *words[1:]],
            env=os.environ | {"PYTHONPATH": str(SRC), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        got = printed.stdout + printed.stderr
        want = expected.rstrip() + "\n"
        if not doctest.OutputChecker().check_output(want, got.rstrip() + "\n", doctest.ELLIPSIS):
            return f"{command} printed\n{got}\nand not\n{want}"
    return None


def begin(namespace: dict[str, Any]) -> None:
    """Go where a page may leave files."""
    namespace["__name__"] = "__main__"
    namespace["_home"] = os.getcwd()
    namespace["_place"] = tempfile.TemporaryDirectory()
    os.chdir(namespace["_place"].name)


def end(namespace: dict[str, Any]) -> None:
    """Come back, and leave nothing behind."""
    os.chdir(namespace["_home"])
    for left in namespace.values():
        if isinstance(left, SqliteRepository):
            left.close()
        if isinstance(left, Example):
            left.__exit__()
    namespace["_place"].cleanup()


def begin_with_server(namespace: dict[str, Any]) -> None:
    """Give the page a PostgreSQL of its own; without one its blocks are skipped, and say so."""
    begin(namespace)
    namespace["_server"] = ExitStack()
    if binaries() is not None:
        url = new_database(namespace["_server"].enter_context(cluster()))
        namespace["_server"].enter_context(mock.patch.dict(os.environ, {"DATABASE_URL": url}))


def end_with_server(namespace: dict[str, Any]) -> None:
    """Stop the server."""
    namespace["_server"].close()
    end(namespace)


PARSERS = [PythonCodeBlockParser(), CodeBlockParser(language="console", evaluator=run_console), SkipParser()]
ON_A_SERVER = "howto/postgresql.md"
pytest_collect_file = (
    Sybil(parsers=PARSERS, patterns=["*.md"], excludes=[ON_A_SERVER], setup=begin, teardown=end)
    + Sybil(parsers=PARSERS, patterns=[ON_A_SERVER], setup=begin_with_server, teardown=end_with_server)
).pytest()
