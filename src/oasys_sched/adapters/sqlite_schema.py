"""The SQLite schema as numbered migrations. Add to the end; never edit one that was released."""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS"]

_OVERLAP: Final = """
    SELECT RAISE(ABORT, 'slot taken') WHERE EXISTS (
      SELECT 1 FROM occupancy AS held
      WHERE held.practice = NEW.practice AND held.resource = NEW.resource AND held.grp <> NEW.grp
        AND held.exclusive AND held.starts < NEW.ends AND NEW.starts < held.ends
        AND (held.expires IS NULL OR held.expires > NEW.as_of)
        AND (NEW.expires IS NULL OR NEW.expires > NEW.as_of));
    SELECT RAISE(ABORT, 'slot taken') WHERE NEW.seats > 1 AND NEW.seats <= (
      SELECT count(*) FROM occupancy AS held
      WHERE held.practice = NEW.practice AND held.resource = NEW.resource AND held.grp = NEW.grp
        AND held.exclusive AND held.seats > 1 AND held.starts < NEW.ends AND NEW.starts < held.ends
        AND (held.kind, held.id, held.number) <> (NEW.kind, NEW.id, NEW.number)
        AND (held.expires IS NULL OR held.expires > NEW.as_of));
"""

_ONTO_LOCKED: Final = """NEW.kind = 'note' AND EXISTS (
        SELECT 1 FROM aggregate AS kept WHERE kept.practice = NEW.practice AND kept.kind = NEW.kind
          AND kept.id = NEW.id AND kept.status = 'locked')"""

# Instants are integer microseconds since 1970, UTC. Every key begins with the practice.
MIGRATIONS: Final[tuple[str, ...]] = (
    f"""
    CREATE TABLE aggregate (
      practice TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL CHECK (revision > 0),
      clinician TEXT, client TEXT, parent TEXT, starts INTEGER, ends INTEGER, status TEXT NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (practice, kind, id)) STRICT, WITHOUT ROWID;
    CREATE INDEX aggregate_clinician ON aggregate (practice, kind, clinician, starts);
    CREATE INDEX aggregate_client ON aggregate (practice, kind, client);
    CREATE INDEX aggregate_parent ON aggregate (practice, kind, parent);

    CREATE TABLE occupancy (
      practice TEXT NOT NULL, resource TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,
      grp TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL CHECK (starts < ends),
      exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)), seats INTEGER NOT NULL CHECK (seats BETWEEN 1 AND 500),
      expires INTEGER, as_of INTEGER NOT NULL,
      PRIMARY KEY (practice, kind, id, number)) STRICT, WITHOUT ROWID;
    CREATE INDEX occupancy_resource ON occupancy (practice, resource, starts, ends);
    CREATE TRIGGER occupancy_insert BEFORE INSERT ON occupancy WHEN NEW.exclusive BEGIN {_OVERLAP} END;
    CREATE TRIGGER occupancy_update BEFORE UPDATE ON occupancy WHEN NEW.exclusive BEGIN {_OVERLAP} END;

    CREATE TRIGGER note_locked_update BEFORE UPDATE ON aggregate
      WHEN OLD.kind = 'note' AND OLD.status = 'locked' AND (
        NEW.kind <> OLD.kind OR NEW.id <> OLD.id OR NEW.practice <> OLD.practice OR NEW.status <> OLD.status OR
        json_remove(NEW.body, '$.addenda', '$.pending', '$.revision')
          IS NOT json_remove(OLD.body, '$.addenda', '$.pending', '$.revision') OR
        EXISTS (SELECT 1 FROM json_each(OLD.body, '$.addenda') AS signed
          WHERE signed.value IS NOT json_extract(NEW.body, '$.addenda[' || signed.key || ']')))
      BEGIN SELECT RAISE(ABORT, 'note locked'); END;
    CREATE TRIGGER note_locked_delete BEFORE DELETE ON aggregate WHEN OLD.kind = 'note' AND OLD.status = 'locked'
      BEGIN SELECT RAISE(ABORT, 'note locked'); END;

    CREATE TABLE guard (
      practice TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (practice, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outcome (
      practice TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (practice, key)) STRICT, WITHOUT ROWID;

    CREATE TABLE outbox (
      position INTEGER PRIMARY KEY, practice TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
      aggregate TEXT NOT NULL, seq INTEGER NOT NULL, recipient TEXT NOT NULL, grp TEXT, due INTEGER NOT NULL,
      state TEXT, leased INTEGER,
      attempts INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL, UNIQUE (practice, id)) STRICT;
    CREATE INDEX outbox_due ON outbox (practice, due) WHERE state IS NULL;
    CREATE INDEX outbox_group ON outbox (practice, grp) WHERE state IS NULL;

    CREATE TABLE audit (
      practice TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, previous TEXT NOT NULL,
      hash TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (practice, kind, id, seq)) STRICT, WITHOUT ROWID;
    CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    """,  # noqa: S608 - constants only
    # REPLACE removes the row in its way without asking the triggers of DELETE: these ask whose place is taken.
    f"""
    CREATE TRIGGER note_locked_insert BEFORE INSERT ON aggregate WHEN {_ONTO_LOCKED}
      BEGIN SELECT RAISE(ABORT, 'note locked'); END;
    CREATE TRIGGER note_locked_moved_onto BEFORE UPDATE ON aggregate
      WHEN (NEW.practice, NEW.kind, NEW.id) <> (OLD.practice, OLD.kind, OLD.id) AND {_ONTO_LOCKED}
      BEGIN SELECT RAISE(ABORT, 'note locked'); END;
    CREATE TRIGGER audit_insert BEFORE INSERT ON audit WHEN EXISTS (
        SELECT 1 FROM audit AS kept WHERE kept.practice = NEW.practice AND kept.kind = NEW.kind AND kept.id = NEW.id
          AND kept.seq = NEW.seq)
      BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    """,  # noqa: S608 - constants only
)
