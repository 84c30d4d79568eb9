# ruff: noqa: E501 - a table, one row a rule
"""The table of rules: each speaks of its own failure, and of no other that is near to it."""

from __future__ import annotations

import pytest

from fixtures.restore.diagnosis import (
    LENT_SERVER,
    NOT_RUN,
    OWN_ROLE,
    RULES,
    Failure,
    Severity,
    diagnose,
    gather,
)

# rule: what it speaks of, and what is near to it and is a loss.
CASES = {
    "role-exists": (
        [("42710", "CREATE ROLE", "anon"), ("42710", "CREATE USER", "anon")],
        [("42710", "CREATE TABLE", "anon"), ("42501", "CREATE ROLE", "anon"), ("42710", "CREATE TYPE", "anon")],
    ),
    "schema-exists": (
        [("42P06", "CREATE SCHEMA", "public")],
        [("42P07", "CREATE TABLE", "public.t"), ("42501", "CREATE SCHEMA", "public")],
    ),
    "language-exists": (
        [("42710", "CREATE LANGUAGE", "plpgsql")],
        [("0A000", "CREATE LANGUAGE", "plperl"), ("42704", "CREATE LANGUAGE", "plperl")],
    ),
    "session-parameter-unknown": (
        [("42704", "SET", "transaction_timeout"), ("42704", "SET", "default_with_oids")],
        [
            ("42704", "SET", "search_path"),
            ("42704", "SET", "transaction_timeout_of_ours"),
            ("42704", "SET", None),
            ("22023", "SET", "transaction_timeout"),
        ],
    ),
    "own-role-unchanged": (
        [(OWN_ROLE, "ALTER ROLE", "postgres"), (OWN_ROLE, "DROP ROLE", "postgres")],
        [("42501", "DROP ROLE", "postgres")],
    ),
    "role-statement-left-out": ([(LENT_SERVER, "GRANT ROLE", "anon")], [("22023", "GRANT ROLE", "anon")]),
    "database-statement-left-out": (
        [
            (NOT_RUN, tag, "prod")
            for tag in (
                "CREATE DATABASE",
                "ALTER DATABASE",
                "DROP DATABASE",
                "CREATE TABLESPACE",
                "DROP TABLESPACE",
                "ALTER SYSTEM",
            )
        ],
        [("42601", "CREATE DATABASE", "prod"), (NOT_RUN, "CREATE TABLE", "prod")],
    ),
    "extension-missing": (
        [("0A000", "CREATE EXTENSION", "pg_net"), ("58P01", "CREATE EXTENSION", "pg_net")],
        [("0A000", "CREATE FUNCTION", "f"), ("42710", "CREATE EXTENSION", "pg_net"), ("58P01", "LOAD", None)],
    ),
    "extension-comment": (
        [("42704", "COMMENT", "EXTENSION pg_net")],
        [("42704", "COMMENT", "public.t"), ("42704", "COMMENT", None), ("42P01", "COMMENT", "EXTENSION pg_net")],
    ),
    "extension-preload": (
        [(state, "CREATE EXTENSION", "pg_cron") for state in ("55000", "F0000", "38000", "XX000")],
        [("55000", "CREATE TABLE", "t"), ("XX000", "CREATE INDEX", "i"), ("42P06", "CREATE EXTENSION", "pg_cron")],
    ),
    "role-missing": (
        [("42704", "GRANT", "public.t"), ("42501", "REVOKE", None), ("42704", "REASSIGN OWNED", None)],
        [("42P01", "GRANT", "public.t"), ("42883", "GRANT", None)],
    ),
    "console-setting": (
        [(NOT_RUN, "\\echo", None), (NOT_RUN, "\\set", None), (NOT_RUN, "\\encoding", None)],
        [(NOT_RUN, "\\setenv", None), (NOT_RUN, "\\!", None), (NOT_RUN, "\\copy", None)],
    ),
    "command-refused": (
        [(NOT_RUN, tag, None) for tag in ("\\!", "\\copy", "\\i", "\\ir", "\\o", "\\w", "\\g", "\\setenv", "\\gexec")],
        [],
    ),
    "rows-lost": (
        [("23505", "COPY", "public.t"), ("22P02", "INSERT", "public.t"), ("42P01", "COPY", "public.t")],
        [("23505", "CREATE INDEX", "public.i")],
    ),
}  # fmt: skip
NEVER_BENIGN = {
    "42P01": "a table that is not there",
    "42P07": "a table that was there already",
    "42601": "a syntax error",
    "23503": "a broken foreign key",
    "22P02": "a value that is none",
    "": "nothing known",
}


def test_every_rule_has_a_case():
    assert set(CASES) == {rule.name for rule in RULES}
    assert len(RULES) == len(CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_speaks_of_its_own(rule):
    for sqlstate, tag, subject in CASES[rule.name][0]:
        diagnosis = diagnose(Failure(sqlstate, tag, subject, 7))
        assert (diagnosis.rule, diagnosis.severity) == (rule.name, rule.severity)
        assert (diagnosis.object, diagnosis.sqlstate, diagnosis.count) == (subject, sqlstate, 1)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_near_to_a_rule_is_a_loss(rule):
    for sqlstate, tag, subject in CASES[rule.name][1]:
        diagnosis = diagnose(Failure(sqlstate, tag, subject, 7))
        assert diagnosis.rule != rule.name
        assert diagnosis.severity is Severity.LOSS


@pytest.mark.parametrize("sqlstate", NEVER_BENIGN, ids=NEVER_BENIGN.values())
@pytest.mark.parametrize(
    "tag", ["CREATE TABLE", "CREATE FUNCTION", "CREATE POLICY", "SELECT", "DO", "", "A TAG OF TOMORROW"]
)
def test_what_no_rule_knows_is_a_loss(sqlstate, tag):
    diagnosis = diagnose(Failure(sqlstate, tag, "public.t", 41))
    assert (diagnosis.rule, diagnosis.severity) == ("statement-rejected", Severity.LOSS)
    assert f"{tag} at line 41 with SQLSTATE {sqlstate}" in diagnosis.message
    assert diagnosis.hint


@pytest.mark.parametrize("sqlstate", ["42501", "42704"])
def test_what_a_table_lost_by_an_alteration_is_no_missing_role(sqlstate):
    """ALTER TABLE ... ADD COLUMN c missing_type fails with the state of a role that is not there."""
    assert diagnose(Failure(sqlstate, "ALTER TABLE", "public.t", 7)).severity is not Severity.BENIGN


def test_the_sentences_are_ours():
    for rule in RULES:
        assert rule.message[0].islower()
        assert not rule.message.endswith(".")
        assert not rule.hint or rule.hint.endswith(".")


def test_a_diagnosis_reads_as_a_sentence():
    diagnosis = diagnose(Failure("0A000", "CREATE EXTENSION", "pg_net", 7))
    assert str(diagnosis) == "extension-missing: the server does not have the extension (pg_net)"
    assert repr(gather([diagnosis] * 3)[0]).endswith("(pg_net), 3 times")


def test_equal_ones_are_counted_and_losses_come_first():
    benign = diagnose(Failure("42P06", "CREATE SCHEMA", "public", 1))
    degraded = diagnose(Failure("0A000", "CREATE EXTENSION", "pg_net", 2))
    loss, other = (diagnose(Failure("23505", "COPY", name, 3)) for name in ("public.a", "public.b"))
    gathered = gather([benign, degraded, loss, benign, other, loss])
    assert [(diagnosis.object, diagnosis.count) for diagnosis in gathered] == [
        ("public.a", 2),
        ("public.b", 1),
        ("pg_net", 1),
        ("public", 2),
    ]
    assert gather([]) == ()
