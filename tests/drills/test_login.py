"""Triggers at login: those that only note who comes lock no drill out, one that refuses everybody is told."""

from __future__ import annotations

NOTES = """\
CREATE TABLE public.logins (who text);
CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO public.logins VALUES (session_user); END';
CREATE EVENT TRIGGER note ON login EXECUTE FUNCTION public.note();
"""


def test_a_trigger_that_notes_who_logs_in(small, drill_run):
    small.write(more=NOTES)
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert (run.code, run.not_green()) == (0, {}), run.output
    # The row of our own login is none that came back.
    assert {table["name"]: table["rows_restored"] for table in run.evidence["tables"]} == {
        "public.users": 2,
        "public.logins": 0,
    }
