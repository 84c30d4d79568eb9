"""What is said of damages, and of a missing credential. Which claims each turns red: tests/sabotage."""

from __future__ import annotations

import re

# What cannot be said of Twilio without its token.
TOKEN = {
    "twilio-account", "twilio-agreement", "twilio-call-settings", "twilio-webhook-answers", "recovery-time",
    "reconfiguration-known",
}  # fmt: skip


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
    rows = re.compile(r"^(COPY \w+\.\w+ \([^\n]*\) FROM stdin;\n).*?(?=^\\\.$)", re.DOTALL | re.MULTILINE)
    world.damage(lambda text: rows.sub(r"\1", text))
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
