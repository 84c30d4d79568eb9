"""The schema reference: a file of one line for each object that the restored database should have.

It is written by --drill-write-schema, reviewed and kept by people beside the plan, and named there. A line is
kind and name of an object, a colon, and what else is to be known of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from plugins.drill import DRILL, is_drill
from plugins.errors import PlanError
from plugins.evidence import FACTS
from plugins.files import write_atomically
from plugins.plan import PLAN

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

FORMAT = "# Restore Drill schema reference, format 1"
# Where the evidence's facts hold that a reference was written.
WRITTEN = "schema_written"
# In the order in which differences are told: the others follow from the first ones.
KINDS = (
    "schema", "extension", "table", "foreign table", "view", "materialized view", "type", "domain", "column",
    "constraint", "index", "function", "procedure", "aggregate", "policy", "trigger", "event trigger", "rule",
    "sequence", "grant", "publication", "published table", "published schema", "subscription", "statistics",
    "collation", "conversion", "operator", "operator class", "operator family", "cast", "transform",
    "language", "access method", "foreign data wrapper", "server", "user mapping",
    "text search configuration", "text search dictionary", "text search parser", "text search template",
)  # fmt: skip
_KIND = "|".join(sorted(KINDS, key=len, reverse=True))
# A name may hold a colon between its quotes.
_LINE = re.compile(rf'(?P<object>(?:{_KIND}) (?:[^":]|"(?:[^"]++|"")*"(?!")|:(?! |$))+):(?: (?P<said>.*))?')
_HINT = "Write it anew with --drill-write-schema FILE, and review what changed."


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-write-schema",
        metavar="FILE",
        help="write the restored structure down, for schema.reference of the plan; compare nothing",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find a reference that cannot be used, or a place where none can be written, before anything runs."""
    if not is_drill(config):
        return
    path = write_to(config)
    if path is not None:
        if path.is_dir() or not path.parent.is_dir():
            raise pytest.UsageError(
                "--drill-write-schema names no file that can be written: "
                f"{config.getoption('--drill-write-schema')}\nHINT: Name a file in a folder that is there."
            )
        return
    named = named_by(config)
    if named is not None:
        try:
            read(named)
        except PlanError as error:
            raise pytest.UsageError(str(error)) from None


def write_to(config: pytest.Config) -> Path | None:
    """Where a reference is to be written, if it is."""
    given: str | None = config.getoption("--drill-write-schema")
    return None if given is None else config.invocation_params.dir / given


def named_by(config: pytest.Config) -> Path | None:
    """The reference that the plan names."""
    plan = config.stash[PLAN]
    named = plan.schema_.reference if plan.schema_ else None
    return None if named is None else plan.folder / named


def read(path: Path) -> dict[str, str]:
    """The objects of a reference, by kind and name, with what is said of each. Raises PlanError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlanError(f"schema.reference names no file: {path.name}", hint=_HINT) from None
    except (OSError, UnicodeDecodeError):
        raise PlanError(f"schema reference {path.name} cannot be read as text", hint=_HINT) from None
    # Not splitlines(): a name may hold what that takes for the end of a line.
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] != FORMAT:
        raise PlanError(f"schema reference {path.name} does not begin as one", hint=_HINT)
    objects: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise PlanError(
                f"schema reference {path.name} has a line that tells of no object (line {number})", hint=_HINT
            )
        if match["object"] in objects:
            raise PlanError(
                f"schema reference {path.name} tells of an object twice (line {number})", hint=_HINT
            )
        objects[match["object"]] = match["said"] or ""
    if not objects:
        raise PlanError(f"schema reference {path.name} tells of no object", hint=_HINT)
    return objects


def write(path: Path, lines: Iterable[str], *, made_by: str) -> None:
    """Write a reference. made_by: the drill that does. Raises DrillError on a full disk, OSError."""
    head = (
        FORMAT,
        "# The structure of a restored database: one line for each object, without a value of a row.",
        f"# Written by {made_by}.",
        '# Name it in the plan: [schema] reference = "...". Write it anew with --drill-write-schema FILE.',
    )
    write_atomically(path, "\n".join((*head, *lines, "")).encode(), mode=0o644)


def names_of(described: str) -> tuple[str, ...]:
    """What an exemption may call an object: its kind and name, its name, and the table that it belongs to."""
    match = re.match(rf"({_KIND}) ", described)
    kind = match[1] if match else ""
    name = described[len(kind) + 1 :]
    if kind == "grant":
        about = re.fullmatch(rf"on (?:{_KIND}) (.*) to (?:\w+|\"(?:[^\"]++|\"\")*\")", name)
        return (described, about[1] if about else name)
    table = name.rpartition(" ON ")[2] if " ON " in name else ""
    if kind == "column":
        parts = re.findall(r'"(?:[^"]++|"")*"|[^".]+', name)
        table = ".".join(parts[:-1])
    return tuple(dict.fromkeys(one for one in (described, name, table) if one))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    try:
        return (yield)
    finally:
        compared = getattr(item, "funcargs", {}).get("schema_reference")
        if compared is not None:
            import allure

            allure.attach(compared.text, "differences to the reference", allure.attachment_type.TEXT)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput"):
        return
    facts = config.stash[FACTS]
    if write_to(config) is not None and WRITTEN not in facts.known:
        facts.not_proven("the schema reference that --drill-write-schema asks for was not written")
