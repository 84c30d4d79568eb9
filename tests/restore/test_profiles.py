"""Both profiles give the same database: compared by pg_dump, which sees all that a dump can hold."""

from __future__ import annotations

import re

import pytest

from fixtures.restore import schedule
from fixtures.restore.diagnosis import NOT_RUN, Severity, judge

WORLD = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.said := 'x'; RETURN NEW; END$$;

CREATE TABLE org (id int PRIMARY KEY, name short, m mood, boss int);
CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org int REFERENCES org, mail text NOT NULL,
    said text, twice int GENERATED ALWAYS AS (org * 2) STORED, "Odd "" Name" text, doc jsonb,
    CONSTRAINT mail_once UNIQUE (mail) INCLUDE (said) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT positive CHECK (org > 0) NOT VALID,
    CONSTRAINT nulls UNIQUE NULLS NOT DISTINCT (said, mail) WITH (fillfactor = 70)
);
ALTER TABLE org ADD FOREIGN KEY (boss) REFERENCES person DEFERRABLE;
CREATE INDEX ON person USING gin (doc);
CREATE INDEX "by upper" ON person (upper(mail)) WHERE org > 1;
CREATE UNIQUE INDEX ON person (twice(org), id);
CREATE TABLE stay (room int, during tsrange, EXCLUDE USING gist (during WITH &&));
CREATE TABLE booked (rooms int4range, during tsrange, PRIMARY KEY (rooms, during WITHOUT OVERLAPS));
CREATE TABLE "Odd.Table" (id serial PRIMARY KEY, t text);
CREATE UNLOGGED TABLE quick (i int UNIQUE);
CREATE TABLE parent (i int, t text);
CREATE TABLE child (j int) INHERITS (parent);

CREATE TABLE event (id int, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE INDEX event_note ON event (note);
CREATE TABLE seen (id int, at date, FOREIGN KEY (id, at) REFERENCES event);

INSERT INTO org SELECT i, 'o' || i, 'ok' FROM generate_series(1, 50) i;
INSERT INTO person (org, mail, said, doc)
    SELECT 1 + i % 50, 'm' || i, E'tab\\there \\\\. ' || i, jsonb_build_object('k', i)
    FROM generate_series(1, 5000) i;
UPDATE org SET boss = id;
INSERT INTO stay VALUES (1, '[2026-01-01,2026-01-02)'), (2, '[2026-01-03,2026-01-04)');
INSERT INTO booked VALUES ('[1,3)', '[2026-01-01,2026-01-02)'), ('[3,4)', '[2026-01-01,2026-01-02)');
INSERT INTO "Odd.Table" (t) VALUES (NULL), (''), (E'line\\nend');
INSERT INTO parent VALUES (1, 'p'); INSERT INTO child VALUES (2, 'c', 3); INSERT INTO quick VALUES (1);
INSERT INTO event SELECT i, date '2026-01-01' + i % 50, 'n' || i FROM generate_series(1, 500) i;
INSERT INTO seen SELECT id, at FROM event;
SELECT lo_from_bytea(4711, 'a large object'), lo_from_bytea(4712, decode(repeat('00ff', 20000), 'hex'));

CREATE VIEW by_key AS SELECT p.id, p.mail, count(*) FROM person p JOIN org o ON o.id = p.org GROUP BY p.id;
CREATE VIEW by_mood AS SELECT id, m, count(*) FROM org GROUP BY id;
CREATE MATERIALIZED VIEW counted AS SELECT org, count(*) FROM person GROUP BY org;
CREATE UNIQUE INDEX ON counted (org);
CREATE MATERIALIZED VIEW never AS SELECT * FROM by_key WITH NO DATA;
CREATE STATISTICS both_of_them ON org, mail FROM person;
CREATE RULE quiet AS ON DELETE TO quick DO INSTEAD NOTHING;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE person DISABLE TRIGGER touched;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON person FOR SELECT USING (org = 1);
ALTER TABLE person CLUSTER ON mail_once;
ALTER TABLE org REPLICA IDENTITY USING INDEX org_pkey;
COMMENT ON CONSTRAINT mail_once ON person IS 'once';
COMMENT ON INDEX "by upper" IS 'an index';
CREATE PUBLICATION orgs FOR TABLE org;
GRANT SELECT ON org TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION seen();
"""
FORMS = {
    "plain": [],
    "inserts": ["--inserts", "--rows-per-insert=7"],
    "one insert a row": ["--column-inserts"],
    "through the root": ["--load-via-partition-root"],
    "create": ["--create"],
    "clean": ["--clean", "--if-exists"],
    "clean, whatever exists": ["--clean"],
    "session authorization": ["--use-set-session-authorization"],
}
EXPECTED = {
    "create": [(NOT_RUN, "CREATE DATABASE", "source")],
    # --if-exists does not reach a view that is emptied, so that what its query needs can be dropped.
    "clean": [("42704", "DROP RULE", '"_RETURN" ON public.by_mood')],
}


def comparable(text: str) -> list[str]:
    """The lines of a dump; the rows of a COPY sorted, for a table has no order."""
    lines, rows = [], None
    for line in text.splitlines():
        if rows is not None and line == "\\.":
            lines += sorted(rows)
            rows = None
        if rows is not None:
            rows.append(line)
        elif not re.match(r"\\(un)?restrict", line):
            lines.append(line)
        if line.startswith("COPY "):
            rows = []
    return lines


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("profile", ["durable", "fast"])
def test_what_is_restored_is_what_was_dumped(
    profile, form, server, database, other, pg_dump, restore, monkeypatch
):
    # So that a table comes in pieces, which is for large ones.
    monkeypatch.setattr(schedule, "PIECE_BYTES", 1)
    with server.connect(other) as connection:
        connection.execute(WORLD)
    before = pg_dump(other).decode()
    result = restore(pg_dump(other, *FORMS[form]), profile=profile, jobs=3)
    failures = [(failure.sqlstate, failure.tag, failure.subject) for failure in result.failures]
    if form == "clean, whatever exists":
        # Each thing that it drops first is missing then, and nothing else is amiss.
        assert {found.rule for found in judge(result.failures)} == {"nothing-to-drop"}
        assert {"DROP TABLE", "DROP CONSTRAINT", "DROP DEFAULT", "DROP LARGE OBJECT", "DROP RULE"} <= {
            tag for _, tag, _ in failures
        }
    else:
        assert failures == EXPECTED.get(form, [])
    assert {found.severity for found in judge(result.failures)} <= {Severity.BENIGN}
    assert comparable(pg_dump(database.name).decode()) == comparable(before)
