"""Take a good backup, damage one thing, and expect exactly the claims to fall that it belies."""

from __future__ import annotations

import re

# What cannot be said of a backup that was not restored.
RESTORED = {
    "restored-without-loss", "restore-time", "data-recency", "row-counts", "minimum-rows", "critical-queries",
    "recovery-time", "twilio-agreement", "twilio-call-settings", "elevenlabs-agreement", "qdrant-agreement",
    "qdrant-documents", "elevenlabs-exports", "elevenlabs-names", "elevenlabs-numbers",
    "elevenlabs-configuration", "qdrant-orphans", "qdrant-green", "qdrant-vectors", "qdrant-search",
    "qdrant-chunks", "qdrant-snapshots", "google-calendar-tokens",
    "reconfiguration-known", "physical-integrity", "foreign-keys", "check-constraints", "unique-keys",
    "exclusion-constraints", "indexes-valid", "constraints-valid",
    "sequences-ahead", "materialized-views", "views-run", "functions-compile", "triggers-enabled",
    "collation-versions", "vector-dimensions",
    "schema-complete", "row-level-security", "anonymous-access", "row-content", "rows-readable",
    "restored-manifest",
    "sequence-values", "login-works", "rows-since-last-drill", "tables-vanished", "self-check",
}  # fmt: skip


# What cannot be said of Twilio without its token.
TOKEN = {
    "twilio-account", "twilio-agreement", "twilio-call-settings", "twilio-webhook-answers", "recovery-time",
    "reconfiguration-known",
}  # fmt: skip


def rows_of(table: str) -> re.Pattern[str]:
    """A table's COPY, up to the line that ends it; `table` is a pattern."""
    return re.compile(rf"^(COPY {table} \([^\n]*\) FROM stdin;\n).*?(?=^\\\.$)", re.DOTALL | re.MULTILINE)


def without_rows(table: str):
    return lambda text: rows_of(table).sub(r"\1", text)


def cut(text: str) -> str:
    """End after three quarters of the calls, in the middle of a row."""
    match = rows_of("public.call_logs").search(text)
    return text[: match.start() + (match.end() - match.start()) * 3 // 4]


def test_the_undamaged_world_is_green(drill_world):
    run = drill_world()
    assert (run.code, run.not_green()) == (0, {}), run.output


def test_a_table_without_its_rows(world, drill_world):
    world.damage(without_rows("public.rag_documents"))
    run = drill_world()
    assert run.not_green() == dict.fromkeys({"minimum-rows", "qdrant-documents", "qdrant-chunks"}, "fail")
    assert run.code == 1


def test_a_calendar_without_its_refresh_token_and_a_document_that_was_deleted(world, drill_world):
    world.damage(
        lambda text: re.sub(
            r"^\S+\t[^\n]*\.pdf\t[^\n]*\n", "", re.sub(r"sample-token-refresh-\w+", r"\\N", text, count=1),
            count=1, flags=re.MULTILINE,
        )
    )  # fmt: skip
    run = drill_world()
    assert run.not_green() == dict.fromkeys({"google-calendar-tokens", "qdrant-documents"}, "fail")
    assert "documents that points name and the data does not hold: 1, [document " in run.output
    assert "calendar integrations that expired, without a refresh token: 1, [integration " in run.output


def test_users_without_their_rows(world, drill_world):
    world.damage(without_rows("public.users"))
    run = drill_world()
    assert run.not_green() == {"minimum-rows": "fail", "critical-queries": "fail"}
    assert run.code == 1


def test_the_text_ends_within_a_copy(world, drill_world):
    world.damage(cut)
    run = drill_world()
    assert run.not_green() == dict.fromkeys({"backup-complete", *RESTORED}, "fail")
    assert run.code == 1


def test_the_file_ends_within_a_copy(world, drill_world):
    data = world.newest.read_bytes()
    world.newest.write_bytes(data[: len(data) * 3 // 4])
    run = drill_world()
    assert "\n  the gzip data is truncated\n" in run.output
    assert run.not_green() == dict.fromkeys({"backup-complete", *RESTORED}, "fail")
    assert run.code == 1


def test_a_backup_of_two_days_ago(old_world, drill_run):
    run = drill_run("suites", "--drill-sample", "--drill-plan", old_world.plan, "--drill-server", "embedded")
    late = {"backup-recent", "data-loss", "backup-schedule", "retention-daily"}
    assert run.not_green() == dict.fromkeys(late, "fail")
    assert run.code == 1


def test_a_token_is_missing(drill_world):
    run = drill_world(env={"TWILIO_AUTH_TOKEN": ""})
    assert run.not_green() == dict.fromkeys(TOKEN, "unverified")
    assert (run.code, run.evidence["verdict"]) == (6, "unverified")
    assert run.output.count("TWILIO_AUTH_TOKEN is not set") == 1


def test_an_allowed_gap_exits_0_and_stays_unverified(drill_world):
    allowed = [f"--drill-allow-unverified={control}" for control in TOKEN]
    run = drill_world(*allowed, env={"TWILIO_AUTH_TOKEN": ""})
    assert (run.code, run.evidence["verdict"]) == (0, "unverified")
    assert run.evidence["allowed_unverified"] == sorted(TOKEN)
    assert f"UNVERIFIED (allowed: {', '.join(sorted(TOKEN))})" in run.output


def test_what_is_allowed_excuses_nothing_else(drill_world):
    run = drill_world("--drill-allow-unverified", "twilio-agreement", env={"TWILIO_AUTH_TOKEN": ""})
    assert (run.code, run.evidence["verdict"]) == (6, "unverified")


def test_a_backup_of_the_schema_only(world, drill_world):
    world.damage(without_rows(r"\w+\.\w+"))
    run = drill_world()
    # It restores without loss, and all that asks for rows says that there are none.
    asking = {"data-recency", "minimum-rows", "critical-queries"}
    services = {
        "twilio-agreement", "twilio-call-settings", "elevenlabs-agreement", "elevenlabs-names",
        "elevenlabs-exports", "qdrant-agreement", "qdrant-documents", "qdrant-chunks", "qdrant-orphans",
        "qdrant-green", "qdrant-vectors", "qdrant-search", "qdrant-snapshots", "google-calendar-tokens",
    }  # fmt: skip
    sizes = {"backup-size", "backup-size-usual"}
    assert run.not_green() == dict.fromkeys({"backup-holds-data", *sizes, *asking, *services}, "fail")
    assert "the backup holds no rows: its tables are all empty" in run.output


def test_a_statement_that_the_server_rejects(world, drill_world):
    world.damage(
        lambda text: text.replace(
            "\nCREATE VIEW public.reachable_numbers ",
            "\nCREATE VIEW public.broken AS SELECT id FROM public.nowhere;\n"
            "\nCREATE VIEW public.reachable_numbers ",
        )
    )
    run = drill_world()
    assert run.not_green() == {"restored-without-loss": "fail", "schema-complete": "fail"}
    assert run.code == 1
