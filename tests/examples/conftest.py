"""The example clinic, served for real on loopback, with a clock that is set by hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx
import pytest
import uvicorn

from examples.clinic.app import create_app
from examples.clinic.settings import Settings


class Served:
    """A running app. `now` is its clock."""

    def __init__(self, database: Path | str, **settings: object) -> None:
        # Monday 2 March 2026, 09:00 in New York; the clocks change on the Sunday.
        self.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
        self.settings = Settings(database=str(database), clock=lambda: self.now, **settings)  # type: ignore[arg-type]
        config = uvicorn.Config(create_app(self.settings), port=0, log_level="error", ws="none", lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started and self._thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert self._server.started, "the app did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    @property
    def url(self) -> str:
        """Where it listens."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    @contextmanager
    def visitor(self, who: str | None = None) -> Iterator[httpx.Client]:
        """A program that uses the JSON API, signed in."""
        # No connection outlives its request, so that none is open when the server stops.
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=self.url, timeout=20, limits=limits) as client:
            if who is not None:
                assert client.post("/api/visitor", json={"who": who}).status_code == 204
            yield client


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path / "clinic.sqlite") as running:
        yield running
