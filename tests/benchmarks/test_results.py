"""RESULTS.md keeps what was measured before, until it is measured again."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.results import Measured, with_section

RESULTS = Path(__file__).with_name("RESULTS.md")


def staged(at: str, seconds: float) -> Measured:
    records = [{"width": 450, "bytes": 300_000_000, "seconds": {"whole pass": [seconds]}}]
    return Measured(at, "python -m tests.benchmarks --only staging", {"commit": "abc"}, records)


def sections(text: str) -> dict[str, str]:
    return {part.split("\n", 1)[0]: part for part in text.split("\n## ")[1:]}


def test_the_other_sections_stay_as_they_are():
    before = RESULTS.read_text(encoding="utf-8")
    after = with_section(before, "staging", staged("2026-11-22", 1.0))
    assert after != before
    assert sections(after).keys() == sections(before).keys() == {
        "Restores", "Claims", "Memory", "Staging", "Services", "Load",
    }  # fmt: skip
    for name in ("Restores", "Claims", "Memory", "Services", "Load"):
        assert sections(after)[name].strip() == sections(before)[name].strip()


def test_a_section_is_replaced_and_not_added():
    once = with_section("", "staging", staged("2026-11-22", 1.0))
    twice = with_section(once, "staging", staged("2026-11-23", 0.5))
    assert "| 450 bytes | whole pass | 300 | 300 | ≥ 300 | yes |" in once
    assert "| 450 bytes | whole pass | 600 | 600 | ≥ 300 | yes |" in twice
    assert "2026-11-22" not in twice
    assert "Not measured." in sections(twice)["Memory"]


def test_what_is_there_is_measured():
    assert "Not measured." not in RESULTS.read_text(encoding="utf-8")
