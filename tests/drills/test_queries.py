"""Critical queries of a plan, well and badly written, against one small backup: what becomes of each."""

from __future__ import annotations

import json

# What becomes of each query: its SQL, what is expected of it, its verdict, and a part of what is said.
QUERIES = {
    "met": ("SELECT count(*) FROM users", "= 2", "pass", ""),
    "met by a lower end": ("SELECT count(*) FROM users", "between 2 and 3", "pass", ""),
    "met by an upper end": ("SELECT count(*) FROM users", "between 1 and 2", "pass", ""),
    "met by a fraction": ("SELECT 1.5::float8", "between 1 and 2", "pass", ""),
    "met by a boolean": ("SELECT count(*) = 2 FROM users", "= 1", "pass", ""),
    "not met": ("SELECT count(*) FROM users", "between 3 and 4", "fail", "the answer is not between 3 and 4"),
    "null": ("SELECT max(id) FROM users WHERE id > 2", "> 0", "fail", "the answer is NULL, and not > 0"),
    "not a number": ("SELECT 'NaN'::float8", "> 0", "fail", "the answer is not > 0"),
    "no table": ("SELECT count(*) FROM canary", "> 0", "fail", "names is not in the restored database"),
    "no end": ("SELECT count(*) FROM pg_sleep(60)", "> 0", "fail", "was stopped: it took ten times"),
    "too slow": ("SELECT count(*) FROM pg_sleep(0.1)", "> 0", "fail", "took 0:00:0"),
    "text": ("SELECT 'canary'", "> 0", "unverified", "gives no number"),
    "text of digits": ("SELECT '5'::text", "> 0", "unverified", "gives no number"),
    "no row": ("SELECT id FROM users WHERE id > 2", "> 0", "unverified", "does not give one value"),
    "two rows": ("SELECT id FROM users", "> 0", "unverified", "does not give one value"),
    "two columns": ("SELECT id, id FROM users WHERE id = 1", "> 0", "unverified", "does not give one value"),
    "fails": ("SELECT 'canary'::int", "> 0", "unverified", "could not be run (SQLSTATE 22P02)"),
    "writes": ("DELETE FROM users RETURNING id", "> 0", "unverified", "wants to write"),
}


def test_what_becomes_of_a_query(small, drill_run):
    plan = ""
    for name, (text, expected, _, _) in QUERIES.items():
        within = "\nwithin = '0.05s'" if "pg_sleep" in text else ""
        plan += f'[[queries]]\nname = "{name}"\nsql = "{text}"\nexpect = "{expected}"{within}\n'
    small.write(plan=plan)
    run = drill_run(*small.args("--drill-server", "embedded"))
    checks = {
        check["test"].partition("[")[2].rstrip("]"): check
        for check in run.evidence["checks"]
        if check["control"] == "critical-queries"
    }
    assert {name: check["verdict"] for name, check in checks.items()} == {
        name: verdict for name, (_, _, verdict, _) in QUERIES.items()
    }
    for name, (_, _, verdict, said) in QUERIES.items():
        assert said in checks[name]["message"]
        assert verdict == "pass" or name in checks[name]["message"]
    assert run.code == 1
    # Neither what a query selects nor what the server says of it.
    assert "canary" not in run.output + json.dumps(run.evidence)
