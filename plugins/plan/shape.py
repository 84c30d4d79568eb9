"""The shape of the plan: which keys there are, and which of them a plan uses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from plugins.words import visible

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def model_in(annotation: object) -> type[BaseModel] | None:
    """The section inside an annotation such as `Retention | None` or `Mapping[str, Table]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := model_in(arg))), None)


def is_mapping(annotation: object) -> bool:
    """Whether the keys under this field are a person's, not ours."""
    return get_origin(annotation) is Mapping


def fields_in(model: type[BaseModel] | None) -> dict[str, tuple[FieldInfo, str]]:
    """The fields of a section by the keys that they have in the file, each with its attribute's name."""
    fields = model.model_fields.items() if model else ()
    return {field.alias or name: (field, name) for name, field in fields}


def look_up(
    root: type[BaseModel], way: Sequence[str | int]
) -> tuple[FieldInfo | None, type[BaseModel] | None]:
    """The field, and the section in it, that a way such as ("queries", 2, "within") leads to."""
    field: FieldInfo | None = None
    model: type[BaseModel] | None = root
    own_key = False
    for part in way:
        if isinstance(part, int):
            continue
        if own_key:  # the section stays: it is what each of the person's keys holds
            own_key, field = False, None
            continue
        field = fields_in(model).get(part, (None, ""))[0]
        if field is None:
            return None, None
        model, own_key = model_in(field.annotation), is_mapping(field.annotation)
    return field, model


def asked(plan: BaseModel, name: str) -> bool:
    """Whether `plan` has anything at a dotted name; lists and tables are looked through.

    Raises ValueError for a name that no plan can have: a claim would be out of scope for ever, unnoticed.
    """
    model: type[BaseModel] | None = type(plan)
    values: list[Any] = [plan]
    for part in name.split("."):
        found = fields_in(model).get(part)
        if found is None:
            raise ValueError(f"no plan has a section {name!r}")
        model = model_in(found[0].annotation)
        values = [getattr(value, found[1]) for each in values for value in _each(each)]
    return any(_says_something(value) for value in values)


def _each(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, tuple):
        return list(value)
    return [] if value is None else [value]


def _says_something(value: Any) -> bool:
    if isinstance(value, BaseModel):
        # Only what the file says: `exercise = false` and a default ask for nothing.
        return any(_says_something(getattr(value, name)) for name in value.model_fields_set)
    if isinstance(value, bool):
        return value
    return value is not None and value not in ("", ()) and (not isinstance(value, Mapping) or bool(value))


def dotted(way: Sequence[str | int]) -> str:
    """A way as a person writes it: objectives.rto, tables."auth.users".min_rows, queries[2].within."""
    text = ""
    for part in way:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            text += ("." if text else "") + (part if bare and len(part) <= 40 else quoted(part))
    return text


def quoted(text: str) -> str:
    """A text between double quotes, at most 40 characters of it, nothing in it that a terminal would obey."""
    short = text if len(text) <= 40 else text[:37] + "..."
    escaped = short.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{visible(escaped)}"'
