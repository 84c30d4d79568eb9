"""From a file to a Plan, and from everything that can be wrong with it to one sentence."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from plugins.errors import PlanError
from plugins.plan.models import Origin, Plan
from plugins.plan.places import SECRET, holds_secret
from plugins.plan.shape import dotted, fields_in, look_up, quoted
from plugins.plan.values import RefusedError
from plugins.words import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST = 1_000_000  # bytes; a plan is a few kilobytes, a larger file is something else
MOST_PROBLEMS = 10

_HINT = "The comments in the drill.toml that came with the suite say what each key is for."
_ABSENT_HINT = (
    "Name the plan with --drill-plan PATH, "
    "or drill a made-up company with --drill-sample, which needs no plan."
)
# What is allowed, for the errors that pydantic finds by itself, where the field says no more.
_ALLOWED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "date_type": "a date such as 2026-09-01",
    "model_type": "a table",
    "mapping_type": "a table",
    "tuple_type": "a list",
    "list_type": "a list",
}


def load(path: Path) -> Plan:
    """Read the plan in a file.

    Raises PlanError with every fault found: file, key, what was found and what is allowed. No value that may
    be a secret is in it.
    """
    shown = _shown_path(path)
    content = _read(path, shown)
    document = _parse(content, shown)
    origin = Origin(path.absolute(), hashlib.sha256(content).hexdigest())
    try:
        return Plan.model_validate(document, context=origin)
    except ValidationError as error:
        # `from None`: pydantic's own message quotes the values.
        raise _plan_error(error, document, shown) from None


def _shown_path(path: Path) -> str:
    absolute = path.absolute()
    here = Path.cwd()
    text = str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)
    return visible(text)


def _read(path: Path, shown: str) -> bytes:
    try:
        if path.is_dir():
            raise PlanError(f"plan {shown} is a folder", hint="Name the file in it with --drill-plan PATH.")
        if path.exists() and not path.is_file():
            raise PlanError(f"plan {shown} is not a regular file", hint=_ABSENT_HINT)
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise PlanError(f"plan {shown} not found", hint=_ABSENT_HINT) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise PlanError(f"plan {shown} cannot be read: {reason.lower()}", hint=_ABSENT_HINT) from None
    if len(content) > LARGEST:
        raise PlanError(f"plan {shown} is larger than a megabyte", hint="Name a plan, not a backup.")
    return content


def _parse(content: bytes, shown: str) -> dict[str, Any]:
    if not content.strip():
        raise PlanError(f"plan {shown} is empty", hint=_HINT)
    if content.startswith(b"\xef\xbb\xbf"):
        raise PlanError(f"plan {shown} starts with a byte order mark", hint="Save it as UTF-8 without one.")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PlanError(f"plan {shown} is not UTF-8 (at line {line})", hint="Save it as UTF-8.") from None
    except RecursionError:
        raise PlanError(f"plan {shown} is not valid TOML: nested too deeply", hint=_HINT) from None
    except ValueError as error:  # TOMLDecodeError, and what Python says of a number with thousands of digits
        known = isinstance(error, tomllib.TOMLDecodeError)
        reason = _printable(str(error)) if known else "a number has too many digits"
        reason = reason[:1].lower() + reason[1:]
        raise PlanError(f"plan {shown} is not valid TOML: {reason}", hint=_HINT) from None


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:300]


def _plan_error(error: ValidationError, document: Mapping[str, Any], shown: str) -> PlanError:
    problems: list[str] = []
    hint = _HINT
    for found in error.errors(include_url=False):
        refused = found.get("ctx", {}).get("error")
        if isinstance(refused, RefusedError) and refused.hint:
            hint = refused.hint
        way = found["loc"] + (refused.at if isinstance(refused, RefusedError) else ())
        problems.append(_sentence(found["type"], way, refused, document))
    if len(problems) == 1:
        return PlanError(f"{shown}: {problems[0]}", hint=hint)
    lines = [f"{shown}: {len(problems)} errors", *(f"  {problem}" for problem in problems[:MOST_PROBLEMS])]
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"  and {len(problems) - MOST_PROBLEMS} more")
    return PlanError("\n".join(lines), hint=hint)


def _sentence(kind: str, way: Sequence[str | int], refused: object, document: Mapping[str, Any]) -> str:
    key = dotted(way) or "the plan"
    value = _value_at(document, way)
    if kind == "extra_forbidden":
        return _unknown(way, value)
    field, _ = look_up(Plan, way)
    allowed = field.description if field and field.description else _ALLOWED.get(kind, "another value")
    why = ""
    hidden = False
    if isinstance(refused, RefusedError):
        allowed, why, hidden = refused.allowed or allowed, refused.why, refused.hidden
    if value is _ABSENT:
        return f"{key} is missing; allowed is {allowed}"
    if hidden:
        return f"{key} {why} and is not shown here; allowed is {allowed}"
    return f"{key} is {_shown(way, value)}{', ' + why if why else ''}; allowed is {allowed}"


def _unknown(way: Sequence[str | int], value: object) -> str:
    *section, last = way
    _, model = look_up(Plan, section)
    names = list(fields_in(model))
    if section[:1] == ["tables"] and isinstance(value, dict):
        # [tables.auth.users] is TOML for a table in a table.
        name = quoted(f"{section[-1]}.{last}")
        return f"{dotted(way)} is not a key of a table; a table of another schema is written [tables.{name}]"
    nearest = difflib.get_close_matches(str(last), names, n=1)
    nearby = f" (nearest: {nearest[0]})" if nearest else ""
    return f"{dotted(way)} is not a key of the plan{nearby}; allowed are {', '.join(names)}"


_ABSENT = object()


def _value_at(document: object, way: Sequence[str | int]) -> object:
    value: Any = document
    for part in way:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return _ABSENT
    return value


def _shown(way: Sequence[str | int], value: object) -> str:
    names = [part for part in way if isinstance(part, str)]
    text = value if isinstance(value, str) else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if (names and SECRET.search(names[-1])) or holds_secret(text) or re.search("://.*[@?]", text):
        return "not shown here"
    if isinstance(value, str):
        return quoted(value) if value else "empty"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
