"""The PostgreSQL schema as numbered migrations. Add to the end; never edit one that was released.

Every key begins with the practice, so that a sharded PostgreSQL can distribute all tables by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from oasys_sched.adapters.sql_saying import Say, Steps, sql
from oasys_sched.errors import InvalidValue

__all__ = ["MIGRATIONS", "migrating"]

MIGRATIONS: Final[tuple[str, ...]] = (
    """
    CREATE EXTENSION IF NOT EXISTS btree_gist;

    CREATE TABLE oasys.aggregate (
      practice text NOT NULL, kind text NOT NULL, id text NOT NULL, revision integer NOT NULL CHECK (revision > 0),
      clinician text, client text, parent text, starts timestamptz, ends timestamptz, status text NOT NULL,
      body text NOT NULL, PRIMARY KEY (practice, kind, id));
    CREATE INDEX aggregate_clinician ON oasys.aggregate (practice, kind, clinician, starts);
    CREATE INDEX aggregate_client ON oasys.aggregate (practice, kind, client);
    CREATE INDEX aggregate_parent ON oasys.aggregate (practice, kind, parent);

    CREATE TABLE oasys.occupancy (
      practice text NOT NULL, resource text NOT NULL, kind text NOT NULL, id text NOT NULL, number integer NOT NULL,
      grp text NOT NULL, exclusive boolean NOT NULL,
      seats integer NOT NULL CHECK (seats BETWEEN 1 AND 500), seat integer NOT NULL CHECK (seat BETWEEN 1 AND seats),
      during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
      expires timestamptz,
      PRIMARY KEY (practice, kind, id, number),
      CONSTRAINT slot_taken
        EXCLUDE USING gist (practice WITH =, resource WITH =, grp WITH <>, during WITH &&) WHERE (exclusive),
      CONSTRAINT seat_taken
        EXCLUDE USING gist (practice WITH =, resource WITH =, grp WITH =, seat WITH =, during WITH &&)
        WHERE (exclusive AND seats > 1));
    CREATE INDEX occupancy_expires ON oasys.occupancy (practice, expires) WHERE expires IS NOT NULL;

    CREATE TABLE oasys.guard (
      practice text NOT NULL, name text NOT NULL, version integer NOT NULL, PRIMARY KEY (practice, name));

    CREATE TABLE oasys.outcome (
      practice text NOT NULL, key text NOT NULL, digest text NOT NULL, at timestamptz NOT NULL, body text NOT NULL,
      PRIMARY KEY (practice, key));

    CREATE TABLE oasys.outbox (
      practice text NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY, id text NOT NULL, kind text NOT NULL,
      aggregate text NOT NULL, seq integer NOT NULL, recipient text NOT NULL, grp text, due timestamptz NOT NULL,
      state text, leased timestamptz, attempts integer NOT NULL DEFAULT 0, body text NOT NULL,
      PRIMARY KEY (practice, id));
    CREATE INDEX outbox_due ON oasys.outbox (practice, due, seq, position) WHERE state IS NULL;
    CREATE INDEX outbox_order ON oasys.outbox (practice, kind, aggregate, recipient, due) WHERE state IS NULL;
    CREATE INDEX outbox_group ON oasys.outbox (practice, grp) WHERE state IS NULL;

    CREATE TABLE oasys.audit (
      practice text NOT NULL, kind text NOT NULL, id text NOT NULL, seq integer NOT NULL, previous text NOT NULL,
      hash text NOT NULL, body text NOT NULL, PRIMARY KEY (practice, kind, id, seq));

    CREATE FUNCTION oasys.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON oasys.audit
      FOR EACH ROW EXECUTE FUNCTION oasys.refuse_change();

    CREATE FUNCTION oasys.keep_locked_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        before jsonb := OLD.body::jsonb;
        after jsonb;
        added jsonb;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          after := NEW.body::jsonb;
          added := coalesce(before -> 'addenda', '[]'::jsonb);
          IF (NEW.practice, NEW.kind, NEW.id, NEW.status) = (OLD.practice, OLD.kind, OLD.id, OLD.status)
            AND before - 'addenda' - 'pending' - 'revision' = after - 'addenda' - 'pending' - 'revision'
            AND NOT EXISTS (
              SELECT 1 FROM jsonb_array_elements(added) WITH ORDINALITY AS signed (addendum, place)
              WHERE addendum IS DISTINCT FROM after -> 'addenda' -> (place - 1)::integer)
          THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'note locked' USING ERRCODE = 'restrict_violation';
      END $$;
    CREATE TRIGGER note_locked BEFORE UPDATE OR DELETE ON oasys.aggregate
      FOR EACH ROW WHEN (OLD.kind = 'note' AND OLD.status = 'locked') EXECUTE FUNCTION oasys.keep_locked_note();
    """,
    # A text may hold U+0000, which jsonb cannot: a private character stands for it where two texts are compared.
    r"""
    CREATE FUNCTION oasys.comparable(body text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
      SELECT replace(body, '\u0000', '\ue000')::jsonb $$;

    CREATE OR REPLACE FUNCTION oasys.keep_locked_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        before jsonb := oasys.comparable(OLD.body);
        after jsonb;
        added jsonb;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          after := oasys.comparable(NEW.body);
          added := coalesce(before -> 'addenda', '[]'::jsonb);
          IF (NEW.practice, NEW.kind, NEW.id, NEW.status) = (OLD.practice, OLD.kind, OLD.id, OLD.status)
            AND before - 'addenda' - 'pending' - 'revision' = after - 'addenda' - 'pending' - 'revision'
            AND NOT EXISTS (
              SELECT 1 FROM jsonb_array_elements(added) WITH ORDINALITY AS signed (addendum, place)
              WHERE addendum IS DISTINCT FROM after -> 'addenda' -> (place - 1)::integer)
          THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'note locked' USING ERRCODE = 'restrict_violation';
      END $$;
    """,
)


def migrating() -> Steps[None]:
    """Bring the schema to this version, one process at a time; refuse a server that forgets what it acknowledged."""
    answer = yield Say(sql("SELECT current_setting('synchronous_commit')"), {})
    if answer.rows[0][0] == "off":
        raise InvalidValue("with this setting off a crash loses bookings: turn it on", field="synchronous_commit")
    yield Say(sql("SELECT pg_advisory_xact_lock(hashtext('oasys_sched.migrate'))"), {})
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS oasys",
        "CREATE TABLE IF NOT EXISTS oasys.migration (number integer PRIMARY KEY)",
    ):
        yield Say(sql(statement), {})
    answer = yield Say(sql("SELECT coalesce(max(number), 0) FROM oasys.migration"), {})
    stored = int(answer.rows[0][0])
    if stored > len(MIGRATIONS):
        raise InvalidValue("written by a newer version of this library", field="database")
    for number, migration in enumerate(MIGRATIONS[stored:], stored + 1):
        for statement in _statements(migration):
            yield Say(statement.replace("%", "%%"), {})
        yield Say(sql("INSERT INTO oasys.migration VALUES (:number)"), {"number": number})


def _statements(script: str) -> Iterable[str]:
    """Split at semicolons outside dollar quotes."""
    part = ""
    for piece in script.split(";"):
        part += piece + ";"
        if part.count("$$") % 2 == 0:
            if part.strip(" \n;"):
                yield part
            part = ""
