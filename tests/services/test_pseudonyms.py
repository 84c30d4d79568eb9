"""A pseudonym never shows what it stands for."""

from __future__ import annotations

import os
import subprocess
import sys

from fixtures.services.pseudonyms import Pseudonyms

NUMBER = "+12025550147"


def test_a_pseudonym_shows_its_kind_and_a_hash():
    shown = Pseudonyms(b"key").of("number", NUMBER)
    assert NUMBER not in f"{shown} {shown!r} {[shown]} {vars(type(shown))}"
    assert repr(shown).startswith("number ")
    assert len(repr(shown)) == len("number 123456")


def test_equal_values_have_equal_pseudonyms_and_others_do_not():
    pseudonyms = Pseudonyms(b"key")
    assert pseudonyms.of("number", NUMBER) == pseudonyms.of("number", NUMBER)
    assert repr(pseudonyms.of("number", NUMBER)) == repr(pseudonyms.of("number", NUMBER))
    assert pseudonyms.of("number", NUMBER) != pseudonyms.of("agent", NUMBER)
    assert pseudonyms.of("number", NUMBER) != NUMBER
    assert len({pseudonyms.of("number", NUMBER), pseudonyms.of("number", NUMBER)}) == 1


def test_another_drill_has_other_pseudonyms():
    assert repr(Pseudonyms(b"one").of("number", NUMBER)) != repr(Pseudonyms(b"two").of("number", NUMBER))


def test_the_value_is_there_for_who_may_act_on_it():
    assert Pseudonyms(b"key").of("number", NUMBER).reveal() == NUMBER


CLAIM = """
from fixtures.services.pseudonyms import Pseudonyms

def test_it():
    of = Pseudonyms(b"key").of
    one, two = of("number", "+" + str(1202)), of("number", "+" + str(1303))
    assert one == two
"""


def test_pytest_explains_nothing_more(tmp_path, pytestconfig):
    claim = tmp_path / "test_claim.py"
    claim.write_text(CLAIM, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-vv", "-l", "--tb=long", str(claim)]
    environ = {**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)}
    shown = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    ).stdout
    assert "1 failed" in shown
    assert "number " in shown
    assert "+1202" not in shown
    assert "+1303" not in shown
