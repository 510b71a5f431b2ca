"""The example clinic on PostgreSQL, by its one setting."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.examples.conftest import Served
from tests.postgres import new_database


def test_one_setting_keeps_the_clinic_in_postgresql(postgres: Path) -> None:
    asked = {"service": "therapy-50", "mode": "telehealth", "starts_at": "2026-03-05T15:00:00-05:00"}
    database = new_database(postgres)

    with (
        Served(database) as running,
        running.visitor("client:ana") as ana,
        running.visitor("client:bjorn") as bjorn,
        ThreadPoolExecutor() as pool,
    ):
        answers = [*pool.map(lambda one: one.post("/api/appointments", json=asked), (ana, bjorn))]
    assert sorted(answer.status_code for answer in answers) == [201, 409]

    # What was booked outlives the app.
    with Served(database) as again, again.visitor("client:ana") as ana, again.visitor("client:bjorn") as bjorn:
        assert sum(len(one.get("/api/appointments").json()) for one in (ana, bjorn)) == 1
