"""What is true of the repository itself: locks without addresses, small files, no silencers without a reason."""

import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "oasys_sched"
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_pins_every_hash_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text()
    pinned = re.findall(r"^[a-z0-9][\w.\-]*(?:\[[\w,\-]+\])?==\S+", text, re.MULTILINE)

    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_keeps_the_extras_that_packages_ask_each_other_for(lock: Path) -> None:
    """Else pip looks for the newest release of the package, finds no hash for it, and sets nothing up."""
    pins = re.findall(r"^([a-z0-9][\w.\-]*)(?:\[([\w,\-]+)\])?==", lock.read_text(), re.MULTILINE)
    locked = {name: set(extras.split(",")) for name, extras in pins}
    for package in distributions():
        if canonicalize_name(package.name) not in locked:
            continue
        for wanted in map(Requirement, package.requires or ()):
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                assert wanted.extras <= locked.get(canonicalize_name(wanted.name), wanted.extras), str(wanted)


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: str(p.relative_to(SRC)))
def test_a_file_holds_one_idea(path: Path) -> None:
    # The public face is a table of names; it may be as long as the list is.
    longest = 900 if path == SRC / "__init__.py" else 340

    assert len(path.read_text().splitlines()) <= longest, "split it by idea"


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: str(p.relative_to(SRC)))
def test_every_silencer_says_what_it_silences(path: Path) -> None:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        assert not re.search(r"#\s*type:\s*ignore(?!\[)", line), f"{path.name}:{number}"
        assert not re.search(r"#\s*noqa(?!:)", line), f"{path.name}:{number}"
        assert "pragma: no cover" not in line, f"{path.name}:{number}"


def test_the_version_is_written_once_in_each_place_and_the_same() -> None:
    import oasys_sched

    pyproject = (ROOT / "pyproject.toml").read_text()

    assert f'version = "{oasys_sched.__version__}"' in pyproject
    assert f"version: {oasys_sched.__version__}" in (ROOT / "CITATION.cff").read_text()


def test_no_generated_file_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )

    assert not [name for name in tracked if name.startswith(("site/", "dist/", ".run/")) or name.endswith(".pyc")]
