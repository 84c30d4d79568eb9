"""What holds canaries: a backup, the vendors' answers, a plan's queries, and every variable."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.secrets.canaries import Canaries

# Each variable that holds a secret, but for those that a plan names.
VARIABLES = (
    *("TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET", "ELEVENLABS_API_KEY", "QDRANT_API_KEY"),
    *("SUPABASE_ACCESS_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_OAUTH_ACCESS_TOKEN", "AZURE_STORAGE_ACCOUNT_KEY"),
    *("AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_SECRET", "GITHUB_TOKEN", "GH_TOKEN"),
)
# What vendors' answers hold, by any of their names.
SAID = (
    *("message", "reason", "status", "result", "name", "agent_id", "agents", "conversation_config", "title"),
    *("phone_numbers", "incoming_phone_numbers", "voice_url", "sid", "friendly_name", "next_page_uri"),
    *("collections", "points", "backups", "version", "type", "time", "id", "more_info"),
)


@dataclass
class Vendor:
    """Every vendor at one address, each answer of which quotes secrets and rows. backup: what it stores.

    refuses: whether its answers have status 403; else 200, with other types than anybody expects.
    heard: what was sent to it, by path.
    """

    canary: Canaries
    backup: bytes
    refuses: bool = True
    url: str = ""
    heard: dict[str, bytes] = field(default_factory=dict)

    def __enter__(self) -> Vendor:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def said(self) -> bytes:
        quoted = {name: self.canary(f"answer-{name}") for name in SAID}
        return json.dumps({**quoted, "detail": quoted, "error": quoted, "code": 20003}).encode()


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            vendor.heard[self.path] = sent
            backup = self.path.startswith("/backup")
            refused = vendor.refuses and not backup
            body = vendor.backup if backup else vendor.said()
            self.send_response(403 if refused else 200, vendor.canary("answer-phrase") if refused else "OK")
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Told", vendor.canary("answer-header"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None: ...

    return Handler


def environment(canary: Canaries) -> dict[str, str]:
    """Every variable that may hold a secret, with one."""
    return {
        **{name: canary(name.lower()) for name in VARIABLES},
        "TWILIO_ACCOUNT_SID": "AC" + "0a" * 16,
        "AZURE_STORAGE_ACCOUNT_NAME": "account",
        "AWS_REGION": "eu-central-1",
    }


HEADER = """\
--
-- PostgreSQL database dump
--

-- Dumped from database version 17.4
-- Dumped by pg_dump version 17.6

SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
"""
FOOTER = """
--
-- PostgreSQL database dump complete
--
"""


def whole(canary: Canaries) -> bytes:
    """A dump of which nothing is wrong, whose rows, comments and code hold canaries."""
    rows = "".join(
        f"{n}\t{canary(f'row-{n}')}@example.com\t1\t2026-11-22 01:00:00+00\n" for n in range(1, 13)
    )
    return f"""{HEADER}
CREATE TABLE public.users (id integer NOT NULL, email text DEFAULT '{canary("default")}', parent integer,
    at timestamp with time zone);
COMMENT ON TABLE public.users IS '{canary("comment")}';
CREATE FUNCTION public.body() RETURNS text LANGUAGE sql AS $$ SELECT '{canary("body")}' $$;
CREATE VIEW public.seen AS SELECT '{canary("view")}'::text AS word, email FROM public.users;
COPY public.users (id, email, parent, at) FROM stdin;
{rows}\\.
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email CHECK (email <> '{canary("check")}');
ALTER TABLE ONLY public.users ADD CONSTRAINT users_parent FOREIGN KEY (parent) REFERENCES public.users(id);
CREATE UNIQUE INDEX users_emails ON public.users USING btree (email);
{FOOTER}""".encode()


def broken(canary: Canaries) -> bytes:
    """A dump whose rows, comments and code hold canaries, and which makes the server quote them."""
    return f"""{HEADER}
CREATE TABLE public.users (id integer NOT NULL, email text, parent integer, at timestamp with time zone);
COMMENT ON TABLE public.users IS '{canary("comment")}';
COMMENT ON COLUMN public.nowhere.email IS '{canary("comment-refused")}';
CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{canary("raised")} %', NEW.email USING DETAIL = '{canary("detail")}'; END $$;
CREATE FUNCTION public.body() RETURNS text LANGUAGE sql AS $$ SELECT '{canary("body")}' || nowhere $$;
CREATE VIEW public.seen AS SELECT '{canary("view")}'::text AS word, email::integer AS n FROM public.users;
CREATE TABLE public.few (code character(3));
CREATE TABLE public.heard (email text);
CREATE TRIGGER shout BEFORE INSERT ON public.heard FOR EACH ROW EXECUTE FUNCTION public.shout();
COPY public.users (id, email, parent, at) FROM stdin;
1\t{canary("row")}@example.com\t7\t2026-11-22 01:00:00+00
1\t{canary("row-too")}@example.com\t8\t2026-11-22 01:00:00+00
\\.
COPY public.few (code) FROM stdin;
{canary("row-too-long")}
\\.
COPY public.heard (email) FROM stdin;
{canary("row-heard")}
\\.
INSERT INTO public.few VALUES ('{canary("inserted")}');
DO $$ BEGIN RAISE EXCEPTION '{canary("done")}'; END $$;
DO $$ BEGIN RAISE WARNING '{canary("warned")}'; END $$;
SELECT '{canary("cast")}'::integer;
CREATE ROLE login PASSWORD '{canary("password-of-a-role")}' NONSENSE;
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email CHECK (email = '{canary("check")}');
ALTER TABLE ONLY public.users ADD CONSTRAINT users_parent FOREIGN KEY (parent) REFERENCES public.users(id);
CREATE UNIQUE INDEX users_at ON public.users USING btree (at);
{FOOTER}""".encode()


def asking(vendor: str, canary: Canaries) -> str:
    """A plan that asks all vendors, whose queries hold values and quote rows when they fail."""
    return f"""\
name = "secrets"
[objectives]
rto = "4h"
rpo = "100000h"
[backup]
source = "https:"
url_env = "BACKUP_URL"
identity_env = "BACKUP_IDENTITY"
[retention]
daily = {{ keep = 1, source = "s3://bucket/daily/" }}
[self_check]
enabled = true
[supabase]
project_ref = "abcdefghijklmnopqrst"
base_url = "{vendor}"
[tables.users]
min_rows = 3
recency = "email"
[[queries]]
name = "a value that is no number"
sql = "SELECT max(email) FROM public.users WHERE email <> '{canary("query")}'"
expect = "= 0"
[[queries]]
name = "a value that cannot be cast"
sql = "SELECT max(email::integer) FROM public.users"
expect = "= 0"
[twilio]
numbers = "SELECT email AS phone_number, '{vendor}/{canary("voice")}' AS voice_url FROM public.users"
webhook = "{vendor}/webhook"
base_url = "{vendor}"
[elevenlabs]
agents = "SELECT email AS agent_id, email AS name FROM public.users"
base_url = "{vendor}"
[qdrant]
url = "{vendor}"
locations = "SELECT email AS id FROM public.users"
collection = "location_{{id}}"
documents = "SELECT email AS id, email AS location_id FROM public.users"
[google_calendar]
integrations = "SELECT email AS id, email AS has_token, at AS expires_at, true AS has_refresh FROM users"
[[endpoints]]
name = "health"
url = "{vendor}/health"
json = {{ status = "ok" }}
"""
