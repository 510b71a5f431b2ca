"""The README's calls run, top to bottom, as a reader would type them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_six_calls_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    namespace: dict[str, object] = {"__name__": "readme"}

    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)

    namespace["repository"].close()  # type: ignore[attr-defined]
    printed = capsys.readouterr().out
    assert len(blocks) == 6
    assert "pending" in printed
    assert "late, it may cost 50.00 USD" in printed
    assert "an external busy time lies there" in printed


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"\]\(((?!https?:)[^)#]+)", README))

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_path_that_contributors_are_told_of_is_there() -> None:
    told = re.findall(r"`((?:docs|src|tests|tools)/[\w/.-]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert told
    assert [path for path in told if not (ROOT / path).exists()] == []
