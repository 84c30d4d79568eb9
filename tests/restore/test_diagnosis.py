# ruff: noqa: E501 - a table, one row a rule
"""The table of rules: each speaks of its own failure, and of no other that is near to it."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from fixtures.restore.diagnosis import (
    LENT_SERVER,
    NO_DUMP,
    NOT_RUN,
    OWN_ROLE,
    Failure,
    Severity,
    diagnose,
    judge,
    missing_object,
)
from fixtures.restore.extensions import extension_of
from fixtures.restore.rules import RULES

# What a failure follows from is no matter of the failure alone: those rules are tested further down.
ALONE = [rule for rule in RULES if not rule.causes]
# rule: what it speaks of, and what is near to it and is a loss.
CASES = {
    "role-exists": (
        [("42710", "CREATE ROLE", "anon"), ("42710", "CREATE USER", "anon")],
        [("42710", "CREATE TABLE", "anon"), ("42501", "CREATE ROLE", "anon"), ("42710", "CREATE TYPE", "anon")],
    ),
    "schema-exists": (
        [("42P06", "CREATE SCHEMA", "public")],
        [("42P07", "CREATE TABLE", "public.t"), ("42501", "CREATE SCHEMA", "public"), ("42P06", "CREATE SCHEMA", "app")],
    ),
    "language-exists": (
        [("42710", "CREATE LANGUAGE", "plpgsql")],
        [("0A000", "CREATE LANGUAGE", "plperl"), ("42710", "CREATE LANGUAGE", "plperl"), ("42704", "CREATE LANGUAGE", "plpgsql")],
    ),
    "session-parameter-unknown": (
        [("42704", "SET", "transaction_timeout"), ("42704", "SET", "default_with_oids")],
        [("42704", "SET", "search_path"), ("42704", "SET", "transaction_timeout_of_ours"), ("42704", "SET", None), ("22023", "SET", "transaction_timeout")],
    ),
    "own-role-unchanged": (
        [(OWN_ROLE, "ALTER ROLE", "postgres"), (OWN_ROLE, "DROP ROLE", "postgres")],
        [("42501", "DROP ROLE", "postgres")],
    ),
    "nothing-to-drop": (
        [("42P01", "DROP TABLE", "public.t"), ("42883", "DROP FUNCTION", "public.f"), ("42704", "DROP ROLE", "app"), ("3F000", "DROP VIEW", "app.v"), ("42704", "DROP", None), ("42P01", "DROP CONSTRAINT", "fk ON public.t"), ("42703", "DROP DEFAULT", "public.t"), ("42704", "DROP LARGE OBJECT", "4711"), ("42704", "DROP RULE", '"_RETURN" ON public.v')],
        [("2BP01", "DROP TABLE", "public.t"), ("42809", "DROP VIEW", "public.t"), ("42501", "DROP TABLE", "public.t"), ("P0001", "DROP TABLE", "public.t"), ("25P02", "DROP TABLE", "public.t"), ("42P01", "ALTER TABLE", "public.t"), ("42P01", "TRUNCATE TABLE", "public.t"), ("42P01", "DELETE", "public.t")],
    ),
    "database-statement-left-out": (
        [(NOT_RUN, tag, "prod") for tag in ("CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE", "CREATE TABLESPACE", "DROP TABLESPACE", "ALTER SYSTEM", "GRANT", "ALTER ROLE")],
        [("42601", "CREATE DATABASE", "prod"), (NOT_RUN, "CREATE TABLE", "prod")],
    ),
    "console-setting": (
        [(NOT_RUN, "\\echo", None), (NOT_RUN, "\\set", None), (NOT_RUN, "\\r", None)],
        [(NOT_RUN, "\\setenv", None), (NOT_RUN, "\\!", None), (NOT_RUN, "\\copy", None), (NOT_RUN, "\\encoding", None)],
    ),
    "not-a-dump": ([(NO_DUMP, "", None)], [("42601", "", None)]),
    "role-statement-left-out": ([(LENT_SERVER, "GRANT ROLE", "anon")], [("22023", "GRANT ROLE", "anon")]),
    "database-not-given-away": (
        [(LENT_SERVER, "ALTER DATABASE", "app")],
        [("42501", "ALTER TABLE", "app"), (LENT_SERVER, "ALTER TABLE", "app")],
    ),
    "extension-missing": (
        [("0A000", "CREATE EXTENSION", "pg_net"), ("58P01", "CREATE EXTENSION", "pg_net"), ("42704", "CREATE EXTENSION", "earthdistance")],
        [("0A000", "CREATE FUNCTION", "f"), ("42710", "CREATE EXTENSION", "pg_net"), ("58P01", "LOAD", None)],
    ),
    "extension-preload": (
        [(state, "CREATE EXTENSION", "pg_cron") for state in ("55000", "F0000", "38000", "P0001", "XX000")],
        [("55000", "CREATE TABLE", "t"), ("XX000", "CREATE INDEX", "i"), ("42P06", "CREATE EXTENSION", "pg_cron")],
    ),
    "extension-comment": (
        [("42704", "COMMENT", "EXTENSION pg_net"), ("42501", "COMMENT", "EXTENSION plpgsql")],
        [("42704", "COMMENT", "public.t"), ("42704", "COMMENT", None), ("42P01", "COMMENT", "EXTENSION pg_net")],
    ),
    "role-missing": (
        [("42704", "GRANT", "public.t", "role: app"), ("42704", "ALTER TABLE", "public.t", "role: app"), ("42501", "ALTER FUNCTION", "public.f", "role: app"), ("42704", "REASSIGN OWNED", None, "role: app")],
        [("42704", "ALTER TABLE", "public.t", "type: public.role"), ("42704", "GRANT", "public.t"), ("42704", "CREATE POLICY", "p ON public.t", "role: app"), ("42704", "ALTER POLICY", "p ON public.t", "role: app"), ("42P01", "GRANT", "public.t", "relation: public.t")],
    ),
    "owner-not-set": (
        [("42501", "ALTER TABLE", "public.t", "right on schema: public")],
        [("42501", "ALTER TABLE", "fk ON public.t", "right on schema: public"), ("42501", "ALTER TABLE", "public.t"), ("42501", "CREATE TABLE", "public.t", "right on schema: public")],
    ),
    "right-forbidden": (
        [("42501", "GRANT", "public.t"), ("42501", "REVOKE", None), ("42501", "ALTER DEFAULT PRIVILEGES", None)],
        [("42883", "GRANT", None), ("42501", "ALTER TABLE", "public.t")],
    ),
    "membership-not-granted": (
        [("42501", "GRANT ROLE", None), ("42704", "GRANT ROLE", None, "role: x"), ("0LP01", "GRANT ROLE", None)],
        [("42601", "GRANT ROLE", None), ("0LP01", "GRANT", None)],
    ),
    "setting-not-made": (
        [("42704", "ALTER ROLE", "anon"), ("22023", "ALTER DATABASE", "postgres")],
        [("42601", "ALTER ROLE", "anon"), ("22023", "ALTER TABLE", "public.t")],
    ),
    "tablespace-missing": (
        [("22023", "SET", "default_tablespace"), ("42704", "SET", "default_tablespace")],
        [("22023", "SET", "default_table_access_method"), ("22023", "CREATE TABLE", "default_tablespace")],
    ),
    "security-label-missing": (
        [("22023", "SECURITY LABEL", None)],
        [("42P01", "SECURITY LABEL", None), ("22023", "SELECT", None)],
    ),
    "in-failed-transaction": ([("25P02", "CREATE TABLE", "t"), ("25P02", "COPY", "t")], [("25P01", "COPY", "t")]),
    "command-refused": (
        [(NOT_RUN, tag, None) for tag in ("\\!", "\\copy", "\\i", "\\ir", "\\o", "\\w", "\\g", "\\setenv", "\\gexec", "\\")],
        [],
    ),
    "rows-lost": (
        [("23505", "COPY", "public.t"), ("22P02", "INSERT", "public.t"), ("42P01", "COPY", "public.t")],
        [("23505", "CREATE INDEX", "public.i")],
    ),
    "large-object-lost": (
        [(state, "SELECT", "large objects") for state in ("23505", "42P01", "55000", "22003", "42501")],
        [("23505", "SELECT", None), ("42P01", "SELECT", "public.s")],
    ),
    "sequence-value-lost": ([("42P01", "SELECT", "public.s")], [("22012", "SELECT", "public.s"), ("42P01", "SELECT", None)]),
    "constraint-broken": (
        [("23503", "ALTER TABLE", "fk ON public.t"), ("23505", "CREATE INDEX", "public.i"), ("23514", "ALTER TABLE", "c ON public.t")],
        [("42830", "ALTER TABLE", "fk ON public.t"), ("23505", "COPY", "public.t")],
    ),
    "already-there": (
        [("42P07", "CREATE TABLE", "t"), ("42723", "CREATE FUNCTION", "f"), ("42710", "CREATE EXTENSION", "x"), ("42P16", "ALTER TABLE", "pk ON t")],
        [("42P07", "COPY", "t"), ("42701", "CREATE TABLE", "t")],
    ),
    "table-lost": ([("42704", "CREATE TABLE", "t"), ("42P01", "CREATE TABLE AS", "t")], [("42704", "CREATE TABLESPACE", "t")]),
    "constraint-lost": ([("42830", "ALTER TABLE", "fk ON public.t")], [("42830", "ALTER TABLE", "public.t")]),
    "index-lost": ([("42704", "CREATE INDEX", "i")], [("42704", "REINDEX", "i")]),
    "function-lost": ([("42704", "CREATE FUNCTION", "f"), ("42704", "CREATE AGGREGATE", "f")], [("42704", "CREATE CAST", None)]),
    "view-lost": ([("42P01", "CREATE VIEW", "v"), ("42P01", "CREATE MATERIALIZED VIEW", "v")], [("42P01", "ALTER VIEW", "v")]),
    "view-not-filled": ([("22012", "REFRESH MATERIALIZED VIEW", "v")], [("22012", "SELECT", "v")]),
    "policy-lost": ([("42883", "CREATE POLICY", "p ON t"), ("42704", "ALTER POLICY", "p ON t", "role: app")], [("2BP01", "DROP POLICY", "p ON t")]),
    "trigger-lost": ([("42883", "CREATE TRIGGER", "g ON t"), ("42883", "CREATE EVENT TRIGGER", "e")], [("42883", "ALTER TRIGGER", "g ON t")]),
    "sequence-lost": ([("42704", "CREATE SEQUENCE", "s"), ("42P01", "ALTER SEQUENCE", "s")], [("2BP01", "DROP SEQUENCE", "s")]),
    "type-lost": ([("42704", "CREATE TYPE", "y"), ("42704", "CREATE DOMAIN", "d"), ("42501", "CREATE SCHEMA", "s")], [("42704", "ALTER TYPE", "y")]),
}  # fmt: skip
NEVER_BENIGN = {
    "42P01": "a table that is not there",
    "42P07": "a table that was there already",
    "42601": "a syntax error",
    "23503": "a broken foreign key",
    "22P02": "a value that is none",
    "42710": "something that was there already",
    "": "nothing known",
}


def failure(sqlstate: str, tag: str, subject: str | None, missing: str = "", *, line: int = 7) -> Failure:
    return Failure(sqlstate, tag, subject, line, missing)


def test_every_rule_has_a_case():
    assert [rule.name for rule in ALONE] == list(CASES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.name)
def test_a_rule_speaks_of_its_own(rule):
    for case in CASES[rule.name][0]:
        diagnosis = diagnose(failure(*case))
        assert (diagnosis.rule, diagnosis.severity) == (rule.name, rule.severity), case
        assert (diagnosis.sqlstate, diagnosis.count, diagnosis.because) == (case[0], 1, "")
        assert diagnosis.hint == rule.hint
        assert "{" not in diagnosis.message


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.name)
def test_what_is_near_to_a_rule_is_a_loss(rule):
    for case in CASES[rule.name][1]:
        diagnosis = diagnose(failure(*case))
        assert diagnosis.rule != rule.name, case
        assert diagnosis.severity is Severity.LOSS, case


@pytest.mark.parametrize("sqlstate", NEVER_BENIGN, ids=NEVER_BENIGN.values())
@pytest.mark.parametrize(
    "tag",
    [
        "CREATE TABLE",
        "CREATE FUNCTION",
        "CREATE POLICY",
        "ALTER TABLE",
        "SELECT",
        "DO",
        "",
        "A TAG OF TOMORROW",
    ],
)
def test_what_no_rule_excuses_is_a_loss(sqlstate, tag):
    diagnosis = diagnose(failure(sqlstate, tag, "public.t"))
    assert diagnosis.severity is Severity.LOSS
    assert diagnosis.hint


def test_what_no_rule_knows_is_a_loss_that_can_be_found():
    diagnosis = diagnose(failure("P0001", "A TAG OF TOMORROW", None, line=41))
    assert (diagnosis.rule, diagnosis.severity) == ("statement-rejected", Severity.LOSS)
    assert "A TAG OF TOMORROW at line 41 with SQLSTATE P0001" in diagnosis.message


def test_the_sentences_are_ours():
    for rule in RULES:
        assert rule.message[0].islower()
        assert not rule.message.endswith(".")
        assert not rule.hint or rule.hint.endswith(".")


def test_a_diagnosis_reads_as_a_sentence():
    told = diagnose(failure("22P02", "COPY", "public.t"))
    assert str(told) == "rows-lost: the server rejected the rows (public.t)"
    (thrice,) = judge([failure("22P02", "COPY", "public.t")] * 3)
    assert repr(thrice).endswith("(public.t), 3 times")


def test_an_extension_is_called_one_wherever_it_is_named():
    """So that an exemption of it can say what it is about."""
    comment = failure("42704", "COMMENT", 'EXTENSION "uuid-ossp"')
    assert {
        diagnose(told).object for told in (failure("0A000", "CREATE EXTENSION", '"uuid-ossp"'), comment)
    } == {"extension uuid-ossp"}


def test_a_table_is_named_by_what_is_on_it():
    assert diagnose(failure("42830", "ALTER TABLE", "fk ON public.t")).names == ("fk ON public.t", "public.t")


def test_an_exemption_of_a_lost_object_does_not_reach_what_needs_it():
    """Only one of an extension does, also by way of what else it took along."""
    failures = [
        failure("42601", "CREATE FUNCTION", "public.is_member"),
        failure("42883", "CREATE POLICY", "p ON public.users", "function: public.is_member"),
        failure("0A000", "CREATE EXTENSION", "vector"),
        failure("42704", "CREATE TABLE", "public.embeddings", "type: public.vector"),
        failure("42P01", "CREATE INDEX", "public.i", "relation: public.embeddings"),
    ]
    found = judge(failures, extensions=frozenset({"vector"}))
    assert {diagnosis.names for diagnosis in found} == {
        ("public.is_member",),
        ("p ON public.users", "public.users"),
        ("extension vector",),
        ("public.embeddings", "extension vector"),
        ("public.i", "extension vector"),
    }
    assert "public.is_member" in {diagnosis.because for diagnosis in found}


def test_what_loses_nothing_is_nobodys_to_excuse():
    """An exemption that fits nothing else can go."""
    assert diagnose(failure("42P01", "DROP TABLE", "public.t")).names == ()


def test_equal_ones_are_counted_and_losses_come_first():
    benign = failure("42P06", "CREATE SCHEMA", "public")
    degraded = failure("0A000", "CREATE EXTENSION", "pg_net")
    loss, other = (failure("23505", "COPY", name) for name in ("public.a", "public.b"))
    found = judge([benign, degraded, loss, benign, other, loss])
    assert [(diagnosis.object, diagnosis.count) for diagnosis in found] == [
        ("public.a", 2),
        ("public.b", 1),
        ("extension pg_net", 1),
        ("public", 2),
    ]
    assert judge([]) == ()


def test_on_a_lent_server_what_we_may_not_do_is_no_loss():
    for tag in ("CREATE EVENT TRIGGER", "COPY", "CREATE TABLE", "SET"):
        assert [told.severity for told in judge([failure("42501", tag, "x")], ours=False)] == [
            Severity.UNTOLD
        ]
        assert [told.severity for told in judge([failure("42501", tag, "x")])] == [Severity.LOSS]
    assert judge([failure("22P02", "COPY", "t")], ours=False)[0].severity is Severity.LOSS


def test_on_a_lent_server_what_needs_what_we_may_not_make_is_no_loss_either():
    failures = [
        failure("42704", "ALTER EVENT TRIGGER", "e", "event trigger: e"),
        failure("42501", "CREATE EVENT TRIGGER", "e"),
    ]
    assert [told.severity for told in judge(failures, ours=False)] == [Severity.UNTOLD] * 2
    assert [told.severity for told in judge(failures)] == [Severity.LOSS] * 2


# What follows from what


def told(failures, **options) -> list[tuple[str, str | None, str]]:
    return [(diagnosis.rule, diagnosis.object, diagnosis.because) for diagnosis in judge(failures, **options)]


def test_what_a_lost_table_takes_along_follows_it():
    failures = [
        failure("42P01", "COPY", "public.t", "relation: public.t"),
        failure("42P01", "ALTER TABLE", "t_pkey ON public.t", "relation: public.t"),
        failure("42P01", "CREATE INDEX", "public.i", "relation: public.t"),
        failure("42704", "CREATE TABLE", "public.t", "type: public.nowhere"),
        failure("22P02", "COPY", "public.u"),
    ]
    assert told(failures) == [
        ("table-lost", "public.t", ""),
        ("rows-lost", "public.u", ""),
        ("follows-a-loss", "public.t", "public.t"),
        ("follows-a-loss", "t_pkey ON public.t", "public.t"),
        ("follows-a-loss", "public.i", "public.t"),
    ]
    assert {found.severity for found in judge(failures)} == {Severity.LOSS}


def test_the_first_cause_of_a_chain_is_told():
    failures = [
        failure("0A000", "CREATE EXTENSION", "vector"),
        failure("42704", "CREATE TABLE", 'public."Odd One"', "type: extensions.vector"),
        failure("42P01", "COPY", 'public."Odd One"', "relation: public.Odd One"),
        failure("42883", "CREATE VIEW", "public.v", "function: extensions.cosine_distance"),
    ]
    assert told(failures, extensions=frozenset({"vector"})) == [
        ("needs-missing-extension", 'public."Odd One"', "extension vector"),
        ("follows-a-loss", 'public."Odd One"', "extension vector"),
        ("needs-missing-extension", "public.v", "extension vector"),
        ("extension-missing", "extension vector", ""),
    ]
    lost, rows, *_ = judge(failures)
    assert lost.message == "it needs extension vector, which the server does not have"
    assert rows.message == 'it needs public."Odd One", which was lost before it'
    assert "--drill-image" in lost.hint


def test_an_extension_that_the_dump_leaves_out_is_told_apart():
    lost = failure("42704", "CREATE TABLE", "public.t", "type: extensions.geometry")
    assert told([lost]) == [("needs-extension-not-in-dump", "public.t", "extension postgis")]


def test_an_extension_that_is_there_is_no_cause():
    lost = failure("42883", "CREATE VIEW", "public.v", "function: extensions.st_tomorrow")
    assert told([lost], extensions=frozenset({"postgis"})) == [("view-lost", "public.v", "")]


def test_a_right_on_a_missing_extension_is_no_loss():
    failures = [
        failure("0A000", "CREATE EXTENSION", "supabase_vault"),
        failure("42883", "GRANT", "vault.create_secret", "function: vault.create_secret"),
        failure("42883", "GRANT", "public.ours", "function: public.ours"),
    ]
    assert told(failures, extensions=frozenset({"supabase_vault"}))[1:] == [
        ("extension-missing", "extension supabase_vault", ""),
        ("right-on-missing-extension", "vault.create_secret", "extension supabase_vault"),
    ]
    assert judge(failures)[0].severity is Severity.LOSS


def test_a_drop_of_nothing_is_not_blamed_on_what_is_lost_after_it():
    failures = [
        failure("42P01", "DROP TABLE", "public.t"),
        failure("42601", "CREATE TABLE", "public.t"),
    ]
    assert told(failures) == [("table-lost", "public.t", ""), ("nothing-to-drop", "public.t", "")]


def test_what_we_lost_ourselves_is_not_blamed_on_an_extension():
    failures = [
        failure("42601", "CREATE FUNCTION", "public.digest"),
        failure("42883", "CREATE VIEW", "public.v", "function: public.digest"),
    ]
    assert told(failures)[1] == ("follows-a-loss", "public.v", "public.digest")


def test_losses_in_a_circle_end():
    failures = [
        failure("42P01", "CREATE VIEW", "public.a", "relation: public.b"),
        failure("42P01", "CREATE VIEW", "public.b", "relation: public.a"),
    ]
    assert {rule for rule, _, _ in told(failures)} <= {"follows-a-loss", "view-lost"}


# What the server really says


@pytest.mark.parametrize(
    ("statement", "missing", "extension"),
    [
        ("CREATE TABLE x (a extensions.vector(3))", "schema: extensions", ""),
        ("CREATE TABLE x (a public.geometry(Point, 4326))", "type: public.geometry", "postgis"),
        ("CREATE TABLE x (a citext)", "type: citext", "citext"),
        ("CREATE INDEX ON t USING gin (said public.gin_trgm_ops)", "operator class: public.gin_trgm_ops", "pg_trgm"),
        ("CREATE INDEX ON t USING hnsw (said)", "access method: hnsw", "vector"),
        ("CREATE INDEX ON t USING gin (n)", "default operator class: gin", "btree_gin"),
        ("ALTER TABLE t ADD EXCLUDE USING gist (n WITH =)", "default operator class: gist", "btree_gist"),
        ("CREATE VIEW x AS SELECT public.st_area(1)", "function: public.st_area", "postgis"),
        ("CREATE VIEW x AS SELECT 'a'::text % 'b'::text", "operator: %", "pg_trgm"),
        ("CREATE VIEW x AS SELECT 'a'::text OPERATOR(public.<%) 'b'::text", "operator: <%", "pg_trgm"),
        ("CREATE FUNCTION x() RETURNS int LANGUAGE plv8 AS ''", "language: plv8", "plv8"),
        ("SELECT count(*) FROM cron.job", "relation: cron.job", "pg_cron"),
        ("CREATE FUNCTION net.x() RETURNS int LANGUAGE sql AS 'SELECT 1'", "schema: net", "pg_net"),
        ("ALTER TABLE t OWNER TO absent_one", "role: absent_one", ""),
        ("GRANT SELECT ON t TO absent_one", "role: absent_one", ""),
        ("SELECT count(*) FROM public.\"Odd One\"", "relation: public.Odd One", ""),
        ("SELECT 1/0", "", ""),
    ],
)  # fmt: skip
def test_what_the_server_says_is_missing(server, database, statement, missing, extension):
    with closing(server.connect(database.name)) as connection:
        connection.execute("CREATE TABLE t (said text, n int)")
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(statement)
    found = missing_object(caught.value)
    assert found == missing
    assert extension_of(found.partition(": ")[2]) == extension
    assert missing not in repr(failure("42P01", "X", None, found)) or not missing
