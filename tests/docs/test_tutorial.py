"""The tutorial prints what it says it prints, also when it is pasted into an interpreter."""

import code
import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|text)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_each_block_prints_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "tutorial"}
    shown = []

    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "tutorial.md", "exec"), namespace)
            if printed := capsys.readouterr().out:
                shown.append(printed)
    namespace["repository"].close()  # type: ignore[attr-defined]

    assert shown == [block for kind, block in BLOCKS if kind == "text"]
    assert (tmp_path / "week.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_reader_may_paste_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__console__"}
    console = code.InteractiveConsole(namespace)
    out, wrong = StringIO(), StringIO()

    with redirect_stdout(out), redirect_stderr(wrong):
        for line in [line for kind, block in BLOCKS if kind == "python" for line in [*block.splitlines(), ""]]:
            console.push(line)
    namespace["repository"].close()  # type: ignore[attr-defined]

    assert wrong.getvalue() == ""
    for kind, block in BLOCKS:
        assert kind == "python" or block in out.getvalue()
