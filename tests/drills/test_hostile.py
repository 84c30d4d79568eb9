"""A dump is a program: whatever it tries, nothing happens on this machine and nothing is sent."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from fixtures.server.software import installed, this_user


class Machine:
    """What a dump could reach if nothing held it: folders that all may write, a canary, listeners of ours."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder, self.word = folder, f"hostile-{secrets.token_hex(6)}"
        self.canary = folder / "canary"
        self.canary.write_text("sings")
        self.canary.chmod(0o666)
        self.places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home(), folder]
        self.listeners: list[socket.socket] = []
        tcp = stack.enter_context(socket.create_server(("0.0.0.0", 0)))
        self.port = tcp.getsockname()[1]
        for address in (f"\0{self.word}", str(folder / "socket")):
            self.listeners.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            self.listeners[-1].bind(address)
            self.listeners[-1].listen()
        (folder / "socket").chmod(0o777)
        self.listeners.append(tcp)
        for listener in self.listeners:
            listener.setblocking(False)

    @property
    def hosts(self) -> list[str]:
        """The addresses under which this machine reaches itself."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.connect(("192.0.2.1", 9))  # sends nothing: it only looks at the routes
            return ["127.0.0.1", asked.getsockname()[0]]
        return ["127.0.0.1"]

    @property
    def program(self) -> str:
        """A shell program that tries all this and ends well. It holds no quote."""
        touched = [f"touch {place / self.word}" for place in self.places]
        sent = [f"bash -c exec\\ 3\\<\\>/dev/tcp/{host}/{self.port}" for host in self.hosts]
        pack = (
            "perl -MSocket -e socket\\(S,AF_UNIX,SOCK_STREAM,0\\)\\;connect\\(S,pack_sockaddr_un\\({}\\)\\)"
        )
        sent += [
            pack.format(f"chr\\(0\\).q\\({self.word}\\)"),
            pack.format(f"q\\({self.folder / 'socket'}\\)"),
        ]
        return "; ".join([*touched, f"echo dead >{self.canary}", *sent, "true"])

    def happened(self) -> list[str]:
        """What a dump did here; empty when nothing. What was connected waits to be accepted."""
        found = [str(place / self.word) for place in self.places if (place / self.word).exists()]
        if self.canary.read_text() != "sings":
            found.append("the canary is changed")
        for listener in self.listeners:
            with contextlib.suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    found.append(f"connected to {listener.getsockname()!r}")
        return found


@pytest.fixture
def machine():
    folder = Path(tempfile.mkdtemp(prefix="hostile-", dir="/var/tmp"))
    folder.chmod(0o777)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        machine = Machine(folder, stack)
        yield machine
        for place in machine.places:
            (place / machine.word).unlink(missing_ok=True)


def test_what_is_tried_would_happen_where_nothing_holds_it(machine):
    os.system(f"({machine.program}) 2>/dev/null")
    assert len(machine.happened()) == len(machine.places) + 1 + len(machine.hosts) + 2


EVERYTHING = r"""
CREATE TABLE public.tried (line text);
CREATE TABLE public.passwd (line text);
COPY (SELECT 'x') TO PROGRAM '{program}';
DO $do$ BEGIN
    EXECUTE 'CO' || 'PY public.tried FROM PRO' || 'GRAM '
        || quote_literal($prog${program}; echo from pieces$prog$);
END $do$;
COPY public.tried FROM PROGRAM '({program}) >/dev/null 2>&1; echo as it stands';
COPY public.passwd FROM '/etc/passwd' (DELIMITER E'\x01');
COPY (SELECT 'x') TO '{canary}';
COPY (SELECT 'x') TO '/var/tmp/{word}';
COPY (SELECT 'x') TO '/tmp/{word}';
SELECT pg_catalog.lo_from_bytea(4242, 'dead');
SELECT pg_catalog.lo_export(4242, '{canary}');
SELECT pg_catalog.lo_export(4242, '/var/tmp/{word}');
CREATE EXTENSION plpython3u;
CREATE FUNCTION public.snake() RETURNS void LANGUAGE plpython3u AS $$open('/var/tmp/{word}', 'w')$$;
SELECT public.snake();
CREATE FUNCTION public.system(cstring) RETURNS int LANGUAGE c AS 'libc.so.6', 'system';
SELECT public.system('touch /var/tmp/{word}');
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE public.program (line text) SERVER files OPTIONS (program '({program}) >&2');
SELECT count(*) FROM public.program;
CREATE EXTENSION pg_net;
SELECT net.http_post('http://127.0.0.1:{port}/', '{{}}');
CREATE EXTENSION dblink;
CREATE EXTENSION postgres_fdw;
ALTER SYSTEM SET archive_command = 'touch /var/tmp/{word}';
ALTER SYSTEM SET listen_addresses = '*';
DROP DATABASE restored;
DROP DATABASE postgres;
"""
AT_A_HOST = """
SELECT dblink_connect('host={host} port={port} dbname=x user=x password=x connect_timeout=2');
CREATE SERVER away{n} FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host '{host}', port '{port}', connect_timeout '2');
CREATE USER MAPPING FOR CURRENT_USER SERVER away{n} OPTIONS (user 'x', password 'x');
CREATE FOREIGN TABLE public.away{n} (line text) SERVER away{n};
SELECT count(*) FROM public.away{n};
CREATE SUBSCRIPTION away{n} CONNECTION 'host={host} port={port} connect_timeout=2' PUBLICATION x;
"""
TRIED = """
[[queries]]
name = "the programs ran in the server"
sql = "SELECT count(*) FROM public.tried"
expect = "= 2"
[[queries]]
name = "the server's own file was read"
sql = "SELECT count(*) FROM public.passwd"
expect = "> 0"
"""


def server_or_skip(server: str, request: pytest.FixtureRequest) -> str:
    """A kind of server; the test is skipped, and says so, where it or what is to hold it is not to be had."""
    if server == "container":
        request.getfixturevalue("engine")
        return server
    user = [] if os.getuid() == 0 else ["--user"]
    if subprocess.run(
        ["unshare", *user, "--net", "--mount", "--pid", "--fork", "true"], check=False
    ).returncode:
        pytest.skip("this system gives no namespaces: what they hold was not tried")
    if server == "local" and not list(installed(this_user())):
        pytest.skip("no Postgres is installed on this machine: the local server was not tried")
    return server


@pytest.fixture(params=["embedded", "local", "container"])
def any_server(request: pytest.FixtureRequest) -> str:
    return server_or_skip(request.param, request)


@pytest.fixture(params=["embedded", "container"])
def server(request: pytest.FixtureRequest) -> str:
    return server_or_skip(request.param, request)


def held(run, machine: Machine, server: str) -> None:
    """It came to an end that says what was, nothing was done or sent, and nothing is left."""
    assert machine.happened() == []
    assert run.code in (0, 1, 6), run.output
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    assert run.evidence is not None, run.output
    about = run.evidence["server"]
    assert (about["kind"], about["sealed"], about["destroyed"]) == (server, server == "container", True)
    if server == "container":
        assert "no network" in about["why"]
    else:
        assert "own network, process and mount namespaces" in about["why"]
    assert run.left() == []


def test_everything_at_once(drill_run, small, machine, any_server):
    known = {"word": machine.word, "canary": machine.canary, "port": machine.port}
    more = EVERYTHING.format(program=machine.program, **known)
    more += "".join(AT_A_HOST.format(host=host, n=n, **known) for n, host in enumerate(machine.hosts))
    small.write(more=more, plan=TRIED)
    if any_server == "local":
        small.backup.write_text(small.backup.read_text().replace("version 17.4", "version 9.6.1"))
    run = drill_run(*small.args("--drill-server", any_server))
    held(run, machine, any_server)
    assert run.code == 1
    assert run.verdicts()["critical-queries"] == "pass", run.output


# Each alone: what it does to the drill itself


@pytest.mark.parametrize(
    "command",
    ["\\! {0}", "\\copy public.users TO PROGRAM '{0}'", "\\o |{0}", "\\i {1}", "\\setenv PATH `{0}`"],
)
def test_a_command_of_psql_is_refused(drill_run, small, machine, command):
    touch = f"touch {machine.folder / machine.word}"
    (machine.folder / "included").write_text(f"\\! {touch}\n")
    small.write(more=command.format(touch, machine.folder / "included") + "\n")
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert machine.happened() == []
    assert (run.code, run.verdicts()["restored-without-loss"]) == (1, "fail"), run.output
    rules = {diagnosis["rule"] for diagnosis in run.evidence["diagnoses"]}
    assert "command-refused" in rules
    assert "Traceback" not in run.output
    assert run.left() == []


DISGUISED = (
    "DO $do$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ' || quote_literal($prog${}$prog$); END $do$;\n"
)

SELF_HARM = {
    "a superuser locked out": "DO $$ BEGIN EXECUTE 'ALTER ROLE postgres PASSWORD ''x'' NOLOGIN'; END $$;\n",
    "a superuser that is none": "DO $$ BEGIN EXECUTE 'ALTER ROLE postgres NOSUPERUSER'; END $$;\n",
    "the server's processes": DISGUISED.format("kill -9 -1"),
    "the server's files": DISGUISED.format("rm -rf ./* /var/run/postgresql/* ../socket/*"),
    "our own connection": "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());\n",
    "folders without a mode": DISGUISED.format(
        "mkdir -p a/b ../socket/a/b /var/run/postgresql/a/b; chmod 0 a ../socket/a /var/run/postgresql/a;"
        "echo lost >postmaster.pid; kill -9 $PPID"
    ),
    "who logs in": (
        "CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'sesame'; END $$;\n"
        "CREATE EVENT TRIGGER tell ON login EXECUTE FUNCTION public.tell();\n"
    ),
}


@pytest.mark.parametrize("what", SELF_HARM)
def test_a_dump_that_harms_its_server_ends_in_a_clear_word(drill_run, small, machine, server, what):
    small.write(more=SELF_HARM[what])
    run = drill_run(*small.args("--drill-server", server))
    held(run, machine, server)
    assert run.evidence["verdict"] in ("fail", "unverified"), run.output
    # What a server says may quote a row: it is no word of ours.
    assert "sesame" not in run.output + json.dumps(run.evidence)


def test_what_an_event_trigger_drops_is_missed(drill_run, small, machine, server):
    small.write(
        more="CREATE FUNCTION public.eat() RETURNS event_trigger LANGUAGE plpgsql AS "
        "$$ BEGIN DROP TABLE public.users; END $$;\n"
        "CREATE EVENT TRIGGER eat ON ddl_command_end WHEN TAG IN ('CREATE TABLE') "
        "EXECUTE FUNCTION public.eat();\n"
        "CREATE TABLE public.more (id int);\n"
    )
    run = drill_run(*small.args("--drill-server", server))
    held(run, machine, server)
    red = {"restored-without-loss", "schema-complete", "row-counts", "row-content"}
    assert run.not_green() == dict.fromkeys(red, "fail"), run.output


CRON = r"""
CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA pg_catalog;
CREATE TABLE public.ran (id int);
COPY cron.job (jobid, schedule, command, nodename, nodeport, database, username, active, jobname) FROM stdin;
1	1 second	TABLE public.ran	/var/run/postgresql	5432	restored	postgres	t	ours
2	1 second	COPY (SELECT 1) TO PROGRAM 'id'	localhost	5432	postgres	postgres	t	theirs
\.
SELECT pg_catalog.setval('cron.jobid_seq', 2, true);
SELECT cron.schedule('third', '1 second', 'INSERT INTO public.ran VALUES (3)');
-- Time enough for jobs that run every second.
SELECT pg_catalog.pg_sleep(4);
"""
NEVER_RAN = """
[[queries]]
name = "the jobs are there"
sql = "SELECT count(*) FROM cron.job WHERE active"
expect = "= 3"
[[queries]]
name = "none was tried"
sql = "SELECT count(*) FROM cron.job_run_details"
expect = "= 0"
[[queries]]
name = "none ran"
sql = "SELECT count(*) FROM public.ran"
expect = "= 0"
"""


def test_a_cron_job_comes_back_and_never_runs(drill_run, small, machine, engine):
    small.write(more=CRON, plan=NEVER_RAN)
    run = drill_run(*small.args("--drill-server", "container"))
    held(run, machine, "container")
    verdicts = run.verdicts()
    assert (verdicts["critical-queries"], verdicts["restored-without-loss"]) == ("pass", "pass"), run.output


def test_a_role_statement_of_our_own_superuser_is_left_out(drill_run, small, machine, server):
    small.write(
        more="ALTER ROLE postgres WITH NOSUPERUSER NOLOGIN PASSWORD 'md5x';\n"
        "ALTER USER CURRENT_USER NOLOGIN;\nDROP ROLE postgres;\n"
    )
    run = drill_run(*small.args("--drill-server", server))
    held(run, machine, server)
    assert (run.code, run.not_green()) == (0, {}), run.output


# A line of its own, which GitHub would take for a command; what clears a terminal; what turns a text around.
EVIL = "\n::warning::forged\r\x1b[2J\u202e"
NAMED = """
CREATE TABLE public.{t} (id bigint NOT NULL, {t} bigint, {n} text DEFAULT {nowhere}());
CREATE TABLE public.{rejected} (id bigint);
CREATE TABLE public.{child} (id bigint, parent bigint);
CREATE TABLE public.{mine} (id bigint);
ALTER TABLE public.{mine} OWNER TO {nobody};
CREATE TYPE public.{mood} AS ENUM ({literal}, {literal});
CREATE SEQUENCE public.{s} OWNED BY public.{t}.id;
CREATE EXTENSION {e};
CREATE SCHEMA {n};
CREATE VIEW public.{v} AS SELECT nothere.{n} FROM public.{t};
CREATE FUNCTION public.{f}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM {nowhere}({n}); END $$;
CREATE TRIGGER {g} BEFORE INSERT ON public.{child} FOR EACH ROW EXECUTE FUNCTION public.{f}();
CREATE POLICY {p} ON public.{child} USING ({nowhere}());
GRANT SELECT ON public.{child} TO {nobody};
COPY public.{t} (id, {t}) FROM stdin;
1	1
1	1
\\.
COPY public.{rejected} (id) FROM stdin;
x
\\.
COPY public.{child} (id, parent) FROM stdin;
1	7
\\.
COPY public.{gone} (id) FROM stdin;
1
\\.
ALTER TABLE ONLY public.{t} ADD CONSTRAINT {k} PRIMARY KEY (id);
ALTER TABLE ONLY public.{child} ADD CONSTRAINT {c} CHECK (parent < 7) NOT VALID;
ALTER TABLE ONLY public.{child} ADD CONSTRAINT {r} FOREIGN KEY (parent) REFERENCES public.{t}(id);
CREATE UNIQUE INDEX {u} ON public.{t} (id);
SELECT pg_catalog.setval('public.{s}', 1, true);
"""
NAMES = (
    *("t", "n", "nowhere", "rejected", "child", "mine", "nobody", "mood", "s", "e"),
    *("v", "f", "g", "p", "gone", "k", "c", "r", "u"),
)


def test_a_name_says_nothing_of_its_own(drill_run, small):
    names = {name: f'"{name}{EVIL}"' for name in NAMES}
    more = NAMED.format(**names, literal=f"'x{EVIL}'").replace("x'", "y'", 1)
    small.write(more=more, plan='[supabase]\nexposed_schemas = ["public"]\n')
    steps = small.folder / "steps.md"
    junit = small.folder / "junit.xml"
    args = small.args("--drill-server", "embedded", "--junitxml", junit, "-v")
    run = drill_run(*args, env={"GITHUB_STEP_SUMMARY": str(steps), "GITHUB_ACTIONS": "true"}, shown=True)
    assert run.code == 1
    assert len(run.evidence["diagnoses"]) >= 8, run.output
    assert "\\n::warning::forged\\r\\x1b[2J\\u202e" in run.output
    assert "forged" in steps.read_text() + junit.read_text()
    for text in (run.output, steps.read_text(), junit.read_text()):
        assert [line for line in text.splitlines() if line.lstrip().startswith("::warning::forged")] == []
        assert not {"\r", "\x1b", "\u202e"}.intersection(text)
