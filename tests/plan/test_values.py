"""Durations, sizes, schedules and expectations, as a person writes them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.errors import DrillError
from plugins.plan import Expectation
from plugins.plan.values import RefusedError, parse_duration, parse_duration_or_zero, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4h", 14_400),
        ("30m", 1_800),
        ("90s", 90),
        ("250ms", 0.25),
        ("35d", 35 * 86_400),
        ("1w", 7 * 86_400),
        ("1h30m", 5_400),
        ("1h 30m", 5_400),
        ("2 hours", 7_200),
        ("1.5h", 5_400),
        (" 1 day 2 min ", 86_520),
    ],
)
def test_a_duration_is_read_as_a_person_writes_it(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        *(
            4,
            4.0,
            "4",
            True,
            "",
            " ",
            "h",
            "-4h",
            "+4h",
            "0m",
            "0h0m",
            "4H",
            "4 parsecs",
            "1m1h",
            "1h1h",
            "nanh",
            "infs",
        ),
        *("1.0001ms", "101y", "5300w", "9" * 400 + "h", "٤h", "4h\n;", None, [], float("nan"), timedelta(1)),
    ],
)
def test_no_other_duration_is_read(value):
    with pytest.raises(RefusedError):
        parse_duration(value)


def test_zero_is_a_duration_only_where_it_makes_sense():
    assert parse_duration_or_zero("0m") == timedelta()


@given(st.lists(st.integers(0, 99), min_size=6, max_size=6).filter(any))
def test_a_duration_is_the_sum_of_its_parts(parts):
    written = "".join(
        f"{n}{unit}" for n, unit in zip(parts, ("w", "d", "h", "m", "s", "ms"), strict=True) if n
    )
    w, d, h, m, s, ms = parts
    assert parse_duration(written) == timedelta(
        weeks=w, days=d, hours=h, minutes=m, seconds=s, milliseconds=ms
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1 MB", 10**6),
        ("1 MiB", 2**20),
        ("500 kB", 500_000),
        ("10GB", 10**10),
        ("0 B", 0),
        ("1.5 KiB", 1536),
        ("2 TiB", 2**41),
    ],
)
def test_a_size_is_read_in_bytes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "value",
    [
        1,
        "1",
        "1.5 B",
        "-1 MB",
        "1 mb",
        "1 Mb",
        "1 XB",
        "MB",
        "",
        True,
        None,
        "1 MB 2 kB",
        "9999999 TB",
        "nan B",
    ],
)
def test_no_other_size_is_read(value):
    with pytest.raises(RefusedError):
        parse_size(value)


@pytest.mark.parametrize(
    ("text", "true_of", "false_of"),
    [
        ("= 0", [0, Decimal("0.00")], [1, -1]),
        ("> 0", [1], [0, -1]),
        (">= 3", [3, 4], [2, Decimal("2.99")]),
        ("< 5", [4], [5]),
        ("<= 5", [5], [6]),
        ("!= 0", [1], [0, Decimal("NaN")]),
        ("between 10 and 20", [10, 15, 20], [9, 21, Decimal("NaN")]),
        ("> -1.5", [-1], [-2, Decimal("NaN")]),
    ],
)
def test_an_expectation_holds(text, true_of, false_of):
    expectation = Expectation.parse(text)
    assert str(expectation) == text
    assert not expectation.needs_last
    assert [value for value in true_of if not expectation.holds(value)] == []
    assert [value for value in false_of if expectation.holds(value)] == []


@pytest.mark.parametrize(
    ("value", "last", "holds"),
    [
        (105, 100, True),
        (106, 100, False),
        (95, 100, True),
        (94, 100, False),
        (-105, -100, True),
        (0, 0, True),
        (1, 0, False),
        (10**40 + 1, 10**40, True),
        (Decimal("Infinity"), 1, False),
    ],
)
def test_an_expectation_compares_with_the_last_drill(value, last, holds):
    assert Expectation.parse("within 5% of last").holds(value, last) is holds


def test_an_expectation_without_a_last_drill_cannot_tell():
    expectation = Expectation.parse("within 5% of last")
    assert expectation.needs_last
    with pytest.raises(DrillError, match="no earlier drill has a value"):
        expectation.holds(5)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "== 0",
        "=",
        "=> 3",
        "> x",
        "between 20 and 10",
        "within 101% of last",
        "within -1% of last",
        0,
        None,
        "> 1e9",
    ],
)
def test_no_other_expectation_is_read(value):
    with pytest.raises(RefusedError):
        Expectation.parse(value)


NUMBERS = st.decimals(-(10**9), 10**9, places=3)


@given(
    st.one_of(
        st.builds("{} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS),
        st.tuples(NUMBERS, NUMBERS).map(lambda ends: f"between {min(ends)} and {max(ends)}"),
        st.builds("within {}% of last".format, st.decimals(0, 100, places=2)),
    )
)
def test_an_expectation_says_what_was_written(text):
    expectation = Expectation.parse(text)
    assert Expectation.parse(str(expectation)) == expectation
    assert str(expectation) == text
