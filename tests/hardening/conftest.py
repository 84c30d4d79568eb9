"""A small company to kill the drills of, and what killing them needs."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hardening.traces import left, wait_until
from tests.hardening.wires import Engine

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterable

NOW = "2026-11-22T12:00:00Z"
# As pg_dump has it; {} are places for more before the rows, and after them. Any server from 15 on takes it.
BACKUP = """\
--
-- PostgreSQL database dump
--

-- Dumped from database version 15.4
-- Dumped by pg_dump version 15.4

CREATE FUNCTION public.slow(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_catalog.pg_sleep(600); RETURN $1; END $$;

CREATE TABLE public.users (
    id bigint NOT NULL,
    name text
);
ALTER TABLE public.users OWNER TO app_owner;

CREATE SEQUENCE public.users_id_seq START WITH 1 INCREMENT BY 1;
ALTER SEQUENCE public.users_id_seq OWNER TO app_owner;
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

CREATE TABLE public.calls (
    id bigint NOT NULL,
    user_id bigint,
    said text
);

CREATE VIEW public.talkers AS
 SELECT users.name, count(*) AS calls
   FROM (public.users JOIN public.calls ON ((calls.user_id = users.id)))
  GROUP BY users.name;
{before}
COPY public.users (id, name) FROM stdin;
{users}\\.


COPY public.calls (id, user_id, said) FROM stdin;
{calls}\\.


SELECT pg_catalog.setval('public.users_id_seq', 200, true);


ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (id);


CREATE INDEX calls_user ON public.calls USING btree (user_id);

{after}
ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- PostgreSQL database dump complete
--
"""
PLAN = """\
name = "small"
[backup]
source = "{source}"
[tables.users]
min_rows = 1
[tables.calls]
min_rows = 1
{more}
"""
USERS = "".join(f"{number}\tuser {number}\n" for number in range(1, 201))
CALLS = "".join(f"{number}\t{1 + number % 200}\t{'what was said ' * 5}\n" for number in range(1, 5001))


@dataclass(frozen=True)
class Company:
    """A folder with a plan and a backup."""

    folder: Path

    @property
    def plan(self) -> Path:
        return self.folder / "plan.toml"

    @property
    def backup(self) -> Path:
        return self.folder / "backup-20261122T020000Z.sql"

    def write(self, *, before: str = "", after: str = "", plan: str = "", source: str | None = None) -> None:
        """Write both. before, after: SQL around the rows. plan: more lines of it."""
        self.backup.write_text(BACKUP.format(before=before, after=after, users=USERS, calls=CALLS))
        self.plan.write_text(PLAN.format(source=source or self.backup.name, more=plan))

    def args(self, *more: object, suites: Iterable[str] = ("suites",)) -> tuple[object, ...]:
        return *suites, "--drill-plan", self.plan, "--drill-now", NOW, *more


@pytest.fixture
def company(tmp_path: Path) -> Company:
    folder = tmp_path / "company"
    folder.mkdir()
    company = Company(folder)
    company.write()
    return company


@pytest.fixture
def wired(engine):
    """An engine that can be made to fail."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        wired = Engine(Path(folder))
        yield wired
        wired.close()


class Killing:
    """Drills that get a signal at a moment, and what is left of them then."""

    def __init__(self, drills) -> None:
        self.drills = drills

    def __call__(
        self,
        args: Iterable[object],
        reached: Callable[[Path, str], object],
        *numbers: signal.Signals,
        env: dict[str, str | None] | None = None,
        then: Callable[[], None] = lambda: None,
    ):
        """Drill, send the signals once `reached(temporary folder, output)`, and wait until all is gone.

        then: what is done between the signals and the wait.
        """
        process, folder = self.drills.start(*args, env=env)
        temp = self.drills.temp / folder.name

        def said() -> str:
            return (folder / "output").read_text(errors="replace")

        try:
            assert wait_until(lambda: reached(temp, said()) or process.poll() is not None), said()
            assert process.poll() is None, said()
            for number in numbers:
                os.kill(process.pid, number)
            then()
            process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
        run = self.drills.ended(process, folder)
        wait_until(lambda: not left(temp))
        assert left(temp) == []
        assert run.code != 0
        assert run.evidence is None or run.evidence["verdict"] != "pass"
        assert "INTERNALERROR" not in run.output
        return run


@pytest.fixture
def killing(drill_run) -> Killing:
    return Killing(drill_run)
