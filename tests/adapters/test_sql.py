"""PostgreSQL itself refuses overlaps, edited notes and audits, whatever bypasses the desk; errors quote nothing."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

import oasys_sched as sched
from oasys_sched.adapters.sql import AsyncSqlRepository, SqlRepository
from oasys_sched.adapters.sql_saying import Say, sql
from oasys_sched.aggregates import Key
from oasys_sched.aio import AsyncDesk
from oasys_sched.errors import InvalidValue, KeyReused, OutcomeUnknown, PortFailed, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Delivery, Guard, Outcome, Query, Wanted
from tests.desk import practice
from tests.desk.practice import MONDAY, NORTH
from tests.postgres import new_database

DANA = sched.Actor.clinician("dana", practice=NORTH)
ANA = sched.Actor.client("ana", practice=NORTH)
START = MONDAY.replace(hour=15)


@pytest.fixture
def url(postgres: Path) -> str:
    return new_database(postgres)


@pytest.fixture
def repository(url: str) -> Iterator[SqlRepository]:
    made = SqlRepository(url)
    made.migrate()
    yield made
    made.close()


def desk_on(repository: SqlRepository) -> tuple[Any, practice.Clock]:
    made, clock, _ = practice.opened(store=lambda _: repository)
    return made, clock


def raw(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def kept(repository: SqlRepository) -> Any:
    desk, _ = desk_on(repository)
    decision = desk.acting_as(DANA).create(client="ana", service="therapy-50", mode="in_person", starts_at=START)
    return decision.or_raise().value


def test_raw_inserts_and_updates_cannot_overlap(repository: SqlRepository, url: str) -> None:
    kept(repository)
    # The same time for somebody else, an hour later, or a moved one.
    shifted = (
        "INSERT INTO oasys.occupancy SELECT practice, resource, kind, 'other', number, 'other', exclusive, seats, seat,"
        " tstzrange(lower(during) + %s * interval '1 s', upper(during) + %s * interval '1 s'), expires"
        " FROM oasys.occupancy WHERE resource = 'clinician:dana'"
    )
    moved = (
        "UPDATE oasys.occupancy SET during = (SELECT during FROM oasys.occupancy AS first"
        " WHERE first.resource = 'clinician:dana' AND first.id <> 'other') WHERE id = 'other'"
    )
    with raw(url) as connection:
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute(shifted, (60, 60))
        connection.execute(shifted, (3_600, 3_600))
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute(moved)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE oasys.occupancy SET during = 'empty'")


def test_raw_sql_cannot_edit_the_audit_or_a_locked_note(repository: SqlRepository, url: str) -> None:
    desk, clock = desk_on(repository)
    dana = desk.acting_as(DANA)
    appointment = dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=START).or_raise().value
    clock.now = START
    session = dana.start(appointment.id).or_raise().value.id
    dana.write_note(session, "text", revision=0).or_raise()
    clock.forward(minutes=50)
    dana.end(session).or_raise()
    dana.sign_and_lock(session, revision=1).or_raise()
    dana.add_addendum(session, "more").or_raise()
    dana.sign_addendum(session).or_raise()
    with raw(url) as connection:
        for statement in (
            "UPDATE oasys.aggregate SET status = 'draft' WHERE kind = 'note'",
            "UPDATE oasys.aggregate SET body = (body::jsonb || '{\"digest\": \"x\"}')::text WHERE kind = 'note'",
            "UPDATE oasys.aggregate SET body = (body::jsonb || '{\"addenda\": []}')::text WHERE kind = 'note'",
            "DELETE FROM oasys.aggregate WHERE kind = 'note'",
            "UPDATE oasys.audit SET body = ''",
            "DELETE FROM oasys.audit",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)  # type: ignore[arg-type]
    assert dana.verify_note(session).or_raise().value == ()


def test_a_lost_race_is_told_apart(repository: SqlRepository) -> None:
    row = kept(repository)
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, changes=(row,)))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, changes=(replace(row, revision=5),)))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice="south", changes=(replace(row, revision=2),)))
    with pytest.raises(SlotTaken):
        repository.commit(Commit(practice=NORTH, changes=(replace(row, id="other"),)))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, guards=(Guard("g", 3),)))
    repository.commit(Commit(practice=NORTH, guards=(Guard("g", 0),)))
    repository.commit(Commit(practice=NORTH, guards=(Guard("g", 1),)))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, guards=(Guard("g", 0),)))
    assert repository.load(Wanted(practice=NORTH, guards=("g", "h"))).guards == {"g": 2, "h": 0}
    (entry,) = repository.audit(NORTH, Key("appointment", row.id))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, audit=(entry,)))
    assert repository.load(Wanted(practice=NORTH)).aggregates == ()


def test_an_idempotency_key_is_kept_once(repository: SqlRepository) -> None:
    def outcome(digest: str) -> Outcome:
        return Outcome(key="k", digest=digest, decision=sched.Accepted("done"), at=START)

    repository.commit(Commit(practice=NORTH, outcome=outcome("a")))
    with pytest.raises(StaleWrite):
        repository.commit(Commit(practice=NORTH, outcome=outcome("a")))
    with pytest.raises(KeyReused):
        repository.commit(Commit(practice=NORTH, outcome=outcome("b")))
    found = repository.load(Wanted(practice=NORTH, outcome="k")).outcome
    assert found == outcome("a")
    assert repository.load(Wanted(practice=NORTH, outcome="other")).outcome is None


def test_the_outbox_is_leased_settled_and_parked(repository: SqlRepository) -> None:
    row = kept(repository)
    now = row.created_at + timedelta(days=400)
    lease = timedelta(minutes=5)
    first = repository.claim(NORTH, now=now, limit=10, lease=lease)
    assert [one.template for one in first] == ["appointment_created"]
    assert repository.claim(NORTH, now=now, limit=10, lease=lease) == ()
    repository.settle(NORTH, first[0].id, Delivery.FAILED, now=now)
    tried = {one.id: (one.attempts, state) for one, state in repository.outbox(NORTH)}
    assert tried[first[0].id] == (1, None)
    repository.settle(NORTH, first[0].id, Delivery.PARKED, now=now)
    repository.settle(NORTH, first[0].id, Delivery.SENT, now=now)
    states = {one.template: state for one, state in repository.outbox(NORTH)}
    assert states["appointment_created"] is Delivery.PARKED


def test_a_newer_schema_is_refused(repository: SqlRepository, url: str) -> None:
    repository.migrate()
    with raw(url) as connection:
        connection.execute("INSERT INTO oasys.migration VALUES (1000)")
    with pytest.raises(InvalidValue, match="newer version"):
        repository.migrate()


@pytest.mark.parametrize("database", ["", "practice.db", "sqlite:///practice.db", "mysql://secret@host/name", "://"])
def test_an_address_of_something_else_is_refused_without_repeating_it(database: str) -> None:
    for kind in (SqlRepository, AsyncSqlRepository):
        with pytest.raises(InvalidValue, match="postgresql://") as caught:
            kind(database)
        assert (caught.value.field, caught.value.__context__) == ("database", None)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_driver_need_not_be_named(repository: SqlRepository, url: str, prefix: str) -> None:
    other = SqlRepository(url.replace("postgresql+psycopg", prefix))
    kept(repository)
    assert len(other.load(Wanted(practice=NORTH, queries=(Query(kind="appointment"),))).aggregates) == 1
    other.close()


def test_a_forgetful_server_is_refused(url: str) -> None:
    forgetful = SqlRepository(f"{url}&options=-c%20synchronous_commit%3Doff")
    with pytest.raises(InvalidValue, match="turn it on"):
        forgetful.migrate()
    forgetful.close()


def test_no_database_is_a_failing_port(tmp_path: Path) -> None:
    nowhere = SqlRepository(f"postgresql+psycopg://oasys@/none?host={tmp_path}")
    for call in (
        lambda: nowhere.load(Wanted(practice=NORTH, queries=(Query(kind="client"),))),
        lambda: nowhere.commit(Commit(practice=NORTH)),
    ):
        with pytest.raises(PortFailed) as caught:
            call()
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_errors_quote_no_row(repository: SqlRepository) -> None:
    row = kept(repository)
    broken = replace(row, id="marker-in-an-id", revision=1)
    with pytest.raises(SlotTaken) as caught:
        repository.commit(Commit(practice=NORTH, changes=(broken,)))
    assert "marker" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_connection_lost_at_the_commit_is_an_unknown_outcome(repository: SqlRepository, url: str) -> None:
    desk_on(repository)

    def dying() -> Any:
        answer = yield Say(sql("SELECT pg_backend_pid()"), {})
        with raw(url) as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", (answer.rows[0][0],))

    with pytest.raises(OutcomeUnknown):
        repository._write(dying())

    async def again() -> None:
        waiting = AsyncSqlRepository(url)
        with pytest.raises(OutcomeUnknown):
            await waiting._write(dying())
        await waiting.close()

    asyncio.run(again())


def test_the_async_repository_serves_the_async_desk(url: str) -> None:
    async def story() -> None:
        repository = AsyncSqlRepository(url)
        await repository.migrate()
        _, clock, memory = practice.opened()
        people = memory.load(
            Wanted(practice=NORTH, queries=tuple(Query(kind=kind) for kind in
                   ("practice", "clinician", "schedule", "service", "client")))
        )  # fmt: skip
        await repository.commit(Commit(practice=NORTH, changes=people.aggregates))
        desk = AsyncDesk(repository, clock=clock)
        booked = (
            (await desk.acting_as(ANA).book(service="therapy-50", mode="in_person", starts_at=START, key="k"))
            .or_raise()
            .value
        )
        assert len(await repository.audit(NORTH, Key("appointment", booked.id))) == 1
        rows = await repository.claim(NORTH, now=clock.now, limit=5, lease=timedelta(minutes=1))
        await repository.settle(NORTH, rows[0].id, Delivery.SENT, now=clock.now)
        assert [state for _, state in await repository.outbox(NORTH)].count(Delivery.SENT) == 1
        with pytest.raises(StaleWrite):
            await repository.commit(Commit(practice=NORTH, changes=(booked,)))
        await repository.close()
        lost = AsyncSqlRepository(url.replace("practice_", "none_"))
        with pytest.raises(PortFailed):
            await lost.load(Wanted(practice=NORTH, outcome="k"))
        await lost.close()

    asyncio.run(story())
