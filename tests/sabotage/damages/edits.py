"""How the text of a backup is changed: each edit fails where it finds nothing to change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

END = "\n-- PostgreSQL database dump complete\n"
INDEXES = "\nCREATE INDEX identities_email_idx "


def copy_of(table: str) -> re.Pattern[str]:
    """A table's COPY: its first line, its rows, and the line that ends it. table: a pattern."""
    return re.compile(rf"^(COPY {table} \([^\n]*\) FROM stdin;\n)(.*?)(^\\\.\n)", re.DOTALL | re.MULTILINE)


def lines_of(block: str) -> list[str]:
    """The rows of a COPY, each with its line's end; values may hold what ends lines elsewhere."""
    return [f"{line}\n" for line in block.split("\n")[:-1]]


def rows(text: str, table: str, change: Callable[[list[str]], Sequence[str]]) -> str:
    """The text with the rows of a table changed; each row ends its line."""
    match = copy_of(re.escape(table)).search(text)
    assert match, f"no rows of {table}"
    return text[: match.start(2)] + "".join(change(lines_of(match[2]))) + text[match.end(2) :]


def column(row: str, number: int, value: str | Callable[[str], str]) -> str:
    """A row with the value of a column, counted from 0, replaced."""
    values = row.removesuffix("\n").split("\t")
    values[number] = value if isinstance(value, str) else value(values[number])
    return "\t".join(values) + "\n"


def replaced(text: str, old: str, new: str) -> str:
    """The text with something that it holds once replaced."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def statement(text: str, begin: str) -> str:
    """The text without the statement that begins so, up to the line that ends with a semicolon."""
    found = re.findall(rf"^{re.escape(begin)}.*?;\n", text, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"{begin!r} begins {len(found)} statements"
    return text.replace(found[0], "")


def statements(text: str, *begins: str) -> str:
    """The text without several statements."""
    for begin in begins:
        text = statement(text, begin)
    return text


def with_more(text: str, sql: str, *, before: str = INDEXES) -> str:
    """The text with some SQL before something that it holds; the end of it: END."""
    place = text.rindex(before)
    return f"{text[:place]}\n{sql}\n{text[place:]}"
