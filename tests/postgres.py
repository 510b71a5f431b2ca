"""A real PostgreSQL for the tests: a throwaway cluster on a socket, or one visible reason why there is none."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_NUMBERS = count(1)
_MIGRATED: dict[Path, str] = {}
MISSING = "no PostgreSQL server binaries on this machine (Debian: apt-get install postgresql)"


def binaries() -> Path | None:
    """Where initdb and postgres are."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def cluster() -> Iterator[Path]:
    """Start a server on a socket in a folder of its own; stop and remove it afterwards."""
    tools = binaries()
    if tools is None:
        # Imported here: benchmarks start a server too, where there is no pytest.
        import pytest

        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="oasys-pg-"))
    # The server refuses to run as root.
    user = [] if os.geteuid() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    if user:
        shutil.chown(folder, "nobody", "nogroup")

    def run(tool: str, *arguments: str) -> None:
        subprocess.run([*user, str(tools / tool), *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=120 -c fsync=off"
    run("initdb", "-D", data, "-U", "oasys", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield folder
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(folder: Path) -> str:
    """Make an empty database; return its URL."""
    import psycopg

    name = f"practice_{next(_NUMBERS)}"
    with psycopg.connect(host=str(folder), user="oasys", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"postgresql+psycopg://oasys@/{name}?host={folder}"


def empty_practice(folder: Path) -> str:
    """Return the URL of a migrated database without a row: always the same one, which is much faster than a new one."""
    import psycopg

    from oasys_sched.adapters.sql import SqlRepository

    if folder not in _MIGRATED:
        _MIGRATED[folder] = new_database(folder)
        made = SqlRepository(_MIGRATED[folder])
        made.migrate()
        made.close()
    with psycopg.connect(_MIGRATED[folder].replace("+psycopg", ""), autocommit=True) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'oasys'")
            if row[0] != "migration"
        ]
        names = ", ".join(f"oasys.{table}" for table in sorted(tables))
        connection.execute(f"TRUNCATE {names}")  # type: ignore[arg-type]
    return _MIGRATED[folder]
