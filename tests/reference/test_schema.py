"""The schema reference: its file, and the differences to it."""

from __future__ import annotations

import pytest

from fixtures.reference.schema import Difference, SchemaReference, differences
from plugins.errors import PlanError
from plugins.schema_reference import FORMAT, names_of, read, write


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "schema.txt"
    lines = [
        'table public."a: b\\n c": row level security on',
        "user mapping a ON b:",
        "schema x: owner y: z",
    ]
    write(path, lines, made_by="drill 1")
    assert read(path) == {
        'table public."a: b\\n c"': "row level security on",
        "user mapping a ON b": "",
        "schema x": "owner y: z",
    }
    assert "# Written by drill 1.\n" in path.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["schema.txt"]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # as git gives it on other machines
    assert len(read(path)) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not begin as one"),
        ("schema x: owner y\n", "does not begin as one"),
        (FORMAT + "0\nschema x: owner y\n", "does not begin as one"),
        (f"{FORMAT}\n", "tells of no object"),
        (f"{FORMAT}\nschema x: owner y\n<<<<<<< HEAD\n", r"tells of no object \(line 3\)"),
        (f"{FORMAT}\nschema x\n", r"tells of no object \(line 2\)"),
        (f"{FORMAT}\nthing x: y\n", r"tells of no object \(line 2\)"),
        (f"{FORMAT}\nschema x: a\nschema x: b\n", r"tells of an object twice \(line 3\)"),
        (b"\xff", "cannot be read as text"),
        (None, "names no file"),
    ],
)
def test_a_file_that_is_no_reference(text, message, tmp_path):
    path = tmp_path / "schema.txt"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PlanError, match=message) as raised:
        read(path)
    assert "--drill-write-schema" in raised.value.hint


def test_differences_are_told_by_kind():
    reference = {
        "column public.t.a": "integer, not null, default 1",
        "table public.t": "x",
        "index public.i": "i",
    }
    now = {
        "column public.t.a": "bigint, not null",
        "index public.i": "i",
        "schema s": "owner o",
        "table a.b": "x",
    }
    found = list(differences(reference, now))
    assert [str(one) for one in found] == [
        "extra: schema s",
        "extra: table a.b",
        "missing: table public.t",
        "changed: column public.t.a: was integer, default 1, is bigint",
    ]
    assert found[-1].whole == (
        "changed: column public.t.a\n    was integer, not null, default 1\n    is  bigint, not null"
    )


def test_what_is_only_in_another_order_is_a_change_too():
    (one,) = differences({"type t": "enum ('a', 'b')"}, {"type t": "enum ('b', 'a')"})
    assert str(one).startswith("changed: type t: was enum ('a', 'b'), is enum ('b', 'a')")
    (one,) = differences({"view v": "a, b"}, {"view v": "b, a"})
    assert str(one) == "changed: view v: was a, b, is b, a"


def test_a_long_change_is_short_in_the_message_and_whole_in_the_report():
    one = Difference("policy p ON public.t", "x" * 1000, "y" * 1000)
    assert len(str(one)) < 400
    report = SchemaReference([one], [Difference("table public.u", "x", None)]).text
    assert "x" * 1000 in report
    assert "(exempt) missing: table public.u: x" in report
    assert SchemaReference([], []).text == "no difference"


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ("table public.t", ["table public.t", "public.t"]),
        ("extension x", ["extension x", "x"]),
        ('column public."T: x".a', ['column public."T: x".a', 'public."T: x".a', 'public."T: x"']),
        ("constraint c ON public.t", ["constraint c ON public.t", "c ON public.t", "public.t"]),
        ("foreign table public.t", ["foreign table public.t", "public.t"]),
        ("grant on table public.t to anon", ["grant on table public.t to anon", "public.t"]),
        ("function public.f(a)", ["function public.f(a)", "public.f(a)"]),
    ],
)
def test_what_an_exemption_may_call_an_object(described, names):
    assert list(names_of(described)) == names
