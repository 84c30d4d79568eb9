"""No secret and no value of a row is in anything that a drill writes, prints, or shows of its processes.

Canaries stand wherever a secret or a customer's value may stand; each holds the word of its run. They are
searched for in every file, in the terminal's text, in the processes and in the container's configuration. The
list of what to reconfigure (--drill-private) is the one place for values of rows.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.hardening.traces import wait_until
from tests.secrets.canaries import Watch
from tests.secrets.world import Vendor, asking, broken, environment, whole

AT = ("--drill-now", "2026-11-22T12:00:00Z")
# A defect of the drill: what nobody foresaw quotes a row, which a variable holds; in a fixture and a claim.
DEFECT = """
import fixtures.restore.content, fixtures.restore.findings
def fails(*given, **more):
    row = {row!r}
    raise ValueError("unforeseen: " + row)
fixtures.restore.content.examine = fixtures.restore.findings.Findings.all = fails
"""


@pytest.mark.parametrize(
    "form",
    [
        str.encode,
        lambda text: text.upper().encode(),
        lambda text: text[:12].encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"user:" + text.encode()),
        lambda text: text.encode().hex().encode(),
    ],
    ids=["as it is", "in capitals", "cut off", "base64", "base64 with a name", "hexadecimal"],
)
def test_a_canary_is_found_whatever_form_it_has(canaries, form):
    assert canaries.found_in(b'{"told": "' + form(canaries("row")) + b'"}')
    assert canaries.found_in(b"canary of somebody else, 616263") == set()


@pytest.fixture
def keys(canaries) -> dict[str, str]:
    """An identity of age and the evidence's key, which are canaries themselves."""
    identity = str(pyrage.x25519.Identity.generate())
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    canaries.literal |= {"identity": identity, "evidence-key": pem.decode().splitlines()[1]}
    return {"BACKUP_IDENTITY": identity, "DRILL_EVIDENCE_KEY": pem.decode()}


# A process that waits until it is told to end, by what starts it.
WAITS = "import sys; sys.stdin.read()"


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        ("import os, sys\nif os.fork() == 0: sys.stdin.read(); os._exit(0)\nos.wait()", False),
        (f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WAITS!r}])", True),
    ],
    ids=["a fork that is no other program yet", "a program"],
)
def test_the_environment_of_what_a_drill_starts_is_looked_at(canaries, tmp_path, starts, found):
    env = {**os.environ, "SECRET": canaries("secret")}
    process = subprocess.Popen([sys.executable, "-c", starts], env=env, stdin=subprocess.PIPE)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    watch = Watch(process.pid, tmp_path, canaries)
    try:
        assert wait_until(lambda: children.read_text())
        # It is looked at after those that were started before it.
        last = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        watch.start()
        assert wait_until(lambda: "cat" in watch.looked)
        assert not found or wait_until(lambda: watch.leaks)
        last.communicate()
        watch.end()
    finally:
        process.communicate()
    assert bool(watch.leaks) is found


@pytest.mark.parametrize(
    ("refuses", "args"),
    [(True, ()), (False, ("-n", "2"))],
    ids=["that refuse", "whose answers nobody expects, and two workers"],
)
def test_vendors_and_a_server_that_quote(search, canaries, tmp_path, refuses, args):
    """Whatever fails, and quotes what it was told or holds: vendors, a store, server, the plan's queries."""
    with Vendor(canaries, broken(canaries), refuses) as vendor:
        (tmp_path / "plan.toml").write_text(asking(vendor.url, canaries))
        (tmp_path / "defect.py").write_text(DEFECT.format(row=canaries("defect")) if refuses else "")
        env = {
            "PYTHONPATH": str(tmp_path),
            **environment(canaries),
            "BACKUP_URL": f"{vendor.url}/backup-20261122T020000Z.sql?signature={canaries('url-signature')}",
            "BACKUP_IDENTITY": canaries("identity"),
            "DRILL_EVIDENCE_KEY": canaries("evidence-key"),
            "AWS_ENDPOINT_URL": vendor.url,
        }
        plan = ("suites", "--drill-plan", tmp_path / "plan.toml", *AT)
        found = search(*plan, "--drill-server", "embedded", "-p", "defect", *args, env=env)
    assert found.leaks == set(), sorted(found.leaks)
    # The damage was done, and the vendors were asked.
    assert {"fail", "unverified"} <= set(found.run.verdicts().values())
    assert len(found.run.evidence["diagnoses"]) > 9
    assert len(vendor.heard) > 5
    assert "postgres" in found.looked


def test_a_drill_that_passes_and_tells_people(engine, search, canaries, keys, tmp_path):
    """The backup is encrypted, its URL signed; the evidence is signed and archived, and two are told."""
    public = pyrage.x25519.Identity.from_str(keys["BACKUP_IDENTITY"]).to_public()
    backup = pyrage.encrypt(whole(canaries), [public])
    with Vendor(canaries, backup, refuses=False) as vendor:
        (tmp_path / "plan.toml").write_text(
            'name = "secrets"\n[backup]\nsource = "https:"\nurl_env = "BACKUP_URL"\n'
            'identity_env = "BACKUP_IDENTITY"\n[self_check]\nenabled = true\n'
            '[evidence]\narchive = "written"\n'
            '[notify]\nurls_env = "DRILL_NOTIFY_URLS"\nping_env = "DRILL_PING_URL"\n'
            'on = ["fail", "unverified", "pass"]\n'
        )
        backup_url = f"{vendor.url}/backup-20261122T020000Z.sql.age"
        people = f"{vendor.url[7:]}/{canaries('notify-path')}"
        env = {
            **environment(canaries),
            **keys,
            "BACKUP_URL": f"{backup_url}?signature={canaries('url-signature')}",
            "DRILL_NOTIFY_URLS": f"json://user:{canaries('notify')}@{people}",
            "DRILL_PING_URL": f"{vendor.url}/{canaries('ping')}",
        }
        plan = ("suites", "--drill-plan", tmp_path / "plan.toml", *AT)
        found = search(*plan, "--drill-server", "container", env=env, shown=True)
    assert (found.run.code, found.run.not_green()) == (0, {}), found.run.output
    assert found.leaks == set(), sorted(found.leaks)
    assert found.run.evidence["self_check"]["noticed"] >= 4
    assert {"a container", "plugins.delivery"} <= found.looked
    told = {path: body for path, body in vendor.heard.items() if "notify-path" in path}
    assert len(told) == 1
    assert {place for body in told.values() for place in canaries.found_in(body)} == set()
