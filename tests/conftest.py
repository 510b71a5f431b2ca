"""Hypothesis profiles: moderate by default, thorough with OASYS_PROFILE=long. One PostgreSQL for the whole session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import cluster
from tests.refusal_words import watch

watch()

settings.register_profile(
    "default", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# For what runs them a thousand times over: mutation testing.
settings.register_profile(
    "brief", max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=20_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("OASYS_PROFILE", "default"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The folder of a running PostgreSQL's socket."""
    with cluster() as folder:
        yield folder
