"""Whatever the file holds, it is a plan or one sentence that says why it is none."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.errors import PlanError
from plugins.plan import load
from tests.plan.texts import MINIMAL
from tests.worlds import ROOT

SHIPPED = (ROOT / "drill.toml").read_bytes()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "plan drill.toml is empty"),
        (b"\xef\xbb\xbf" + MINIMAL.encode(), "plan drill.toml starts with a byte order mark"),
        (b'\nname = "\xff"', "plan drill.toml is not UTF-8 (at line 2)"),
        (MINIMAL.encode("utf-16"), "plan drill.toml is not UTF-8 (at line 1)"),
        (b"a = " + b"[" * 9000, "plan drill.toml is not valid TOML: nested too deeply"),
        (b"a = " + b"9" * 9000, "plan drill.toml is not valid TOML: a number has too many digits"),
        (b"#" * 1_000_001, "plan drill.toml is larger than a megabyte"),
    ],
)
def test_a_file_that_is_no_plan_is_one_sentence(message, content, expected):
    assert message(content) == expected


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('name = "a"\nname = "b"\n', 2),
        ("[tables.users]\n[tables.users]\n", 2),
        ("[backup]\n\nsource = backups\n", 3),
    ],
)
def test_a_syntax_error_names_its_line(message, content, line):
    assert re.match(
        rf"plan drill\.toml is not valid TOML: [^A-Z].*\(at line {line}, column \d+\)$", message(content)
    )


def test_an_absent_plan_points_to_the_options(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (Path("drill.toml"), tmp_path / "drill.toml"):
        with pytest.raises(PlanError) as caught:
            load(path)
        assert caught.value.message == "plan drill.toml not found"
        assert "--drill-plan" in caught.value.hint
        assert "--drill-sample" in caught.value.hint


def test_what_is_no_file_is_no_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    for path, sentence in (
        (tmp_path, "is a folder"),
        (Path("pipe"), "is not a regular file"),
        (Path("/dev/zero"), "is not a regular file"),
        (Path("a\0b"), "cannot be read"),
        (Path("pipe/drill.toml"), "not found"),
        (Path("x" * 999), "cannot be read: file name too long"),
    ):
        with pytest.raises(PlanError, match=sentence):
            load(path)


def test_an_unreadable_plan_says_why(write, monkeypatch):
    path = write(MINIMAL)

    def denied(*_args, **_kwargs):  # root reads everything, so the mode of the file would not do
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(PlanError, match=r"plan drill\.toml cannot be read: permission denied"):
        load(path)


LINES = SHIPPED.splitlines(keepends=True)
VALUES = st.sampled_from(
    [
        *b'0|-1|nan|inf|1e400|true|""|"x"|[]|{}|[[]]|[{}]|{ a = 1 }|2026-01-01|2026-13-01|07:32:00'.split(
            b"|"
        ),
        b"2026-01-01T00:00:00Z",
        b'"\\u0000"',
        b'"https://[::1"',
        b"0x" + b"f" * 5000,
    ]
)


@st.composite
def mutated(draw):
    """The shipped plan with a few lines lost, doubled, exchanged, given another value, or damaged."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, draw(st.sampled_from(LINES)))
            case 2:
                key = lines[at].split(b"=")[0]
                lines[at] = key + b"= " + draw(VALUES) + b"\n"
            case 3:
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + draw(st.binary(max_size=4)) + lines[at][column + 1 :]
            case _:
                lines[at] = b"[" + lines[at].strip() + b"]\n"
    return b"".join(lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(mutated(), st.binary(max_size=200)))
def test_whatever_the_file_holds_it_is_a_plan_or_a_plan_error(write, content):
    path, refusal = write(content), None
    try:
        plan = load(path)
    except PlanError as error:
        refusal = error
    if refusal is None:
        assert plan.name
    else:
        assert refusal.message.startswith(("drill.toml: ", "plan drill.toml "))
        assert all(line.isprintable() for line in str(refusal).split("\n"))
