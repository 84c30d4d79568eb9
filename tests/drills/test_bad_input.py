"""What is wrong with the input is said in one sentence, with what to do, and nothing is left behind."""

from __future__ import annotations

import re
import shutil

import pytest

from plugins.credentials import SERVICES, STORES

BARE = dict.fromkeys(
    name for known in (SERVICES, STORES) for rows in known.values() for row in rows for name in row
) | {"BACKUP_AGE_IDENTITY": None}


def sentences(run) -> list[str]:
    """Each message that has a hint: the line before it."""
    return [
        line.strip().removeprefix("ERROR: ")
        for line in re.findall(r"^(.*)\n *HINT: [A-Z-].*[.]$", run.output, re.MULTILINE)
    ]


def refused(run, code: int, fact: str) -> None:
    """One lower-case sentence with a hint; the exit code; no traceback; nothing left."""
    assert run.code == code, run.output
    assert "Traceback" not in run.output
    (sentence,) = sentences(run)
    assert fact in sentence
    # It may begin with a name, and a variable's is in capitals.
    assert re.match(r"[a-z0-9/.-]|[A-Z]+_", sentence), sentence
    assert not sentence.endswith("."), sentence
    assert run.output.count(sentence) == 1, run.output
    assert run.left() == []


# Of a new clone


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one", "workers"])
def test_the_shipped_plan_without_a_credential(drill_run, workers):
    run = drill_run("suites/restore", *workers, env=BARE)
    refused(run, 6, "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY")
    # Once for all claims with its hint, and once for the place where the evidence is kept.
    assert run.output.count("AWS_ACCESS_KEY_ID") <= 3
    assert "--drill-sample" in run.output
    assert run.evidence["verdict"] == "unverified"


# The plan


def test_a_plan_that_is_not_there(drill_run, tmp_path):
    refused(drill_run("suites", "--drill-plan", tmp_path / "none.toml"), 4, "none.toml")


@pytest.mark.parametrize(
    ("lines", "fact"),
    [
        ("[objectives]\nrpo = '1h'\nrtoo = '4h'\n", "rtoo"),
        ("[objectives]\nrto = '4 hourz'\n", "4 hourz"),
        ("[[queries]]\nname = 'q'\nsql = 'SELECT 1'\nexpect = '= 1'\n" * 2, "q"),
        ("[tables.users]\nmin_rows = 1\n[tables.users]\nmin_rows = 1\n", "users"),
        ("[objectives\n", "plan.toml"),
    ],
    ids=["unknown key", "bad duration", "duplicate name", "duplicate table", "no TOML"],
)
def test_a_plan_that_is_wrong(drill_run, small, lines, fact):
    small.write(plan=lines)
    run = drill_run(*small.args())
    refused(run, 4, fact)
    assert "plan.toml" in run.output
    assert run.evidence is None


# The source


@pytest.mark.parametrize("kind", ["missing", "empty", "no backup", "0 bytes", "no dump"])
def test_a_source_without_a_backup(drill_run, small, kind):
    source = small.folder / "source"
    fact = {
        "missing": "source does not exist",
        "empty": "no backup in",
        "no backup": "no backup in",
        "0 bytes": "0 bytes",
        "no dump": "backup-20261122T020000Z.sql",
    }[kind]
    if kind != "missing":
        source.mkdir()
    if kind == "no backup":
        (source / "README.md").write_text("Backups go here.\n")
    if kind == "0 bytes":
        (source / small.backup.name).touch()
    if kind == "no dump":
        (source / small.backup.name).write_bytes(bytes(range(256)) * 64)
    small.write(source="source")
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert (run.code, run.evidence["verdict"]) == (1, "fail")
    assert "Traceback" not in run.output
    assert fact in run.output
    assert all(re.match(r"[a-z0-9]", sentence) for sentence in sentences(run)), run.output
    assert len(sentences(run)) == len(set(sentences(run))) == 1, run.output
    assert run.left() == []


def test_an_unknown_label(drill_run, small):
    run = drill_run(*small.args("--drill-backup", "backup-of-yesterday", "--drill-server", "embedded"))
    refused(run, 6, "backup backup-of-yesterday not found in catalogue")
    assert "--drill-list" in run.output


def test_a_backup_that_is_later_than_now(drill_run, small):
    small.write(plan='[objectives]\nrpo = "24h"\n')
    args = ("--drill-now", "2026-11-20T02:00:00Z", "--drill-server", "embedded")
    run = drill_run(*small.args(*args))
    assert "taken 2026-11-22 02:00 UTC, 2 d after --drill-now by its name" in run.output
    assert run.code == 1, run.output


# The server


def test_an_unknown_kind_of_server(drill_run, small):
    refused(drill_run(*small.args("--drill-server", "mainframe")), 4, "'mainframe'")


def test_a_real_backup_without_docker(drill_run, small, dead_docker):
    run = drill_run(*small.args(), env=dead_docker)
    refused(run, 6, "no container engine answers")
    assert "--drill-server local" in run.output
    assert "embedded" in run.output
    assert "give up the sealed network" in " ".join(run.output.split())
    assert run.evidence["verdict"] == "unverified"


def test_a_container_without_docker(drill_run, small, dead_docker):
    run = drill_run(*small.args("--drill-server", "container"), env=dead_docker)
    refused(run, 6, "no container engine answers")


def test_a_server_that_does_not_answer(drill_run, small, tmp_path):
    url = f"postgresql://somebody:sesame@/postgres?host={tmp_path}"
    run = drill_run(*small.args("--drill-server", url))
    refused(run, 6, "the server does not let us into the database postgres")
    assert "sesame" not in run.output


@pytest.mark.parametrize("server", ["embedded", "local", "container"])
def test_a_dump_newer_than_every_server(drill_run, small, server, request):
    if server == "container":
        request.getfixturevalue("engine")
    if server == "local" and not shutil.which("pg_ctl") and not list_local():
        pytest.skip("no Postgres is installed on this machine: the local server was not tried")
    text = small.backup.read_text().replace("database version 17.4", "database version 19.1")
    small.backup.write_text(text)
    run = drill_run(*small.args("--drill-server", server))
    refused(run, 6, "19")
    assert run.evidence["verdict"] == "unverified"


def list_local() -> list[object]:
    from fixtures.server.software import installed, this_user

    return list(installed(this_user()))
