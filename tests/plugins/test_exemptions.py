"""Exemptions: written, dated, and of one object: what they do, what they do not, and that both are said."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.evidence import Facts
from plugins.exemptions import Exemptions
from plugins.plan import Exemption

# A claim that finds something, and lets the plan excuse it.
CLAIMS = """
@bad
@pytest.mark.parametrize("name", ["public.users", "theirs.users"])
def test_it(exemptions, name):
    assert exemptions.until([name, "p ON " + name], control="bad"), name
@good
def test_other(exemptions):
    assert exemptions.until(["public.users"], control="good", rule="rows-lost") is None
"""
NOW = ("suites", "--drill-now", "2026-11-22T23:59:59Z")


def exemption(**changes) -> str:
    said = {
        "control": '"bad"',
        "object": '"users"',
        "reason": '"not ours"',
        "owner": '"team"',
        "until": "2026-11-22",
    }
    said |= changes
    return "\n[[exemptions]]\n" + "\n".join(f"{key} = {value}" for key, value in said.items() if value) + "\n"


@pytest.fixture
def drill(mini):
    """Runs the claims with these exemptions in the plan; returns what they said is not proven."""
    conftest = mini.path / "conftest.py"
    conftest.write_text(
        conftest.read_text().replace('"plugins.summary",', '"plugins.summary", "plugins.exemptions",')
    )
    plan = mini.path / "drill.toml"
    base = plan.read_text()

    def drill(*exemptions: str, args: tuple[str, ...] = NOW, claims: str = CLAIMS) -> list[str]:
        plan.write_text(base + "".join(exemptions))
        run = mini.run(claims, *args)
        assert run.ret in (0, 1), run.stdout.str()
        run.stdout.no_fnmatch_line("*Error*")
        return [text for text in mini.evidence["not_proven"] if " of users" in text or " of nothing" in text]

    return drill


def test_one_acts_on_its_object_up_to_its_last_day(mini, drill):
    said = drill(exemption())
    assert mini.verdicts == {
        "test_it[public.users]": "pass",
        "test_it[theirs.users]": "fail",
        "test_other": "pass",
    }
    assert said == ["bad of users: exempt until 2026-11-22 by team, because: not ours"]


def test_what_one_excused_is_said(mini, drill):
    """By the object's own name, which need not be the one that the exemption gives."""
    claims = """
@bad
def test_it(exemptions):
    for number in range(7):
        assert exemptions.until([f"public.t{number}", "extension of users"], control="bad")
@good
def test_other(exemptions):
    assert exemptions.until(["public.t7"], control="bad") is None
    assert exemptions.until(["p ON public.users", "public.users"], control="good")
    assert exemptions.until(["public.users"], control="good")
"""
    both = exemption(object='"extension of users"'), exemption(control='"good"')
    assert drill(*both, claims=claims) == [
        "bad of extension of users: exempt until 2026-11-22 by team, which excused public.t0, public.t1, "
        "public.t2, public.t3, public.t4 and 2 more, because: not ours",
        "good of users: exempt until 2026-11-22 by team, which excused p ON public.users, public.users, "
        "because: not ours",
    ]


def test_one_that_ended_excuses_nothing(mini, drill):
    said = drill(exemption(), args=("suites", "--drill-now", "2026-11-23T00:00:00Z"))
    assert mini.verdicts["test_it[public.users]"] == "fail"
    assert said == ["bad of users: its exemption ended on 2026-11-22 and does not act"]


def test_one_that_fits_nothing_is_said(mini, drill):
    said = drill(exemption(object='"nothing"'))
    assert mini.verdicts["test_it[public.users]"] == "fail"
    assert said == ["bad of nothing: its exemption fits nothing that was found, and can go"]


def test_one_of_a_claim_that_did_not_run_is_not_called_idle(drill):
    assert drill(exemption(object='"nothing"'), args=(*NOW, "-k", "test_other")) == []


def test_one_of_a_rule_or_of_another_control_excuses_no_control(mini, drill):
    said = drill(exemption(control="", rule='"bad"'), exemption(control='"good"', object='"nothing"'))
    assert mini.verdicts["test_it[public.users]"] == "fail"
    # Nothing was restored here, so that nothing fits a rule means nothing.
    assert said == ["good of nothing: its exemption fits nothing that was found, and can go"]


def test_the_longest_of_several_counts():
    today, facts = date(2026, 11, 22), Facts()
    days = [date(2026, 11, 1), date(2027, 1, 1), date(2026, 12, 1)]
    several = [Exemption(rule="rows-lost", object="users", reason="r", owner="o", until=day) for day in days]
    exemptions = Exemptions(several, today=today, facts=facts)
    assert exemptions.until(["public.users"], control="bad", rule="rows-lost") == date(2027, 1, 1)
    assert exemptions.until(["public.users"], control="bad", rule="table-lost") is None
    assert exemptions.until(["public.users"], control="rows-lost") is None


def test_a_control_that_there_is_not_is_an_error_of_the_plan(mini, drill):
    (mini.path / "drill.toml").write_text(
        (mini.path / "drill.toml").read_text() + exemption(control='"badd"')
    )
    run = mini.run(CLAIMS)
    assert run.ret == 4
    run.stderr.fnmatch_lines(
        ["*exemptions[[]0].control is no control: 'badd'", "HINT: The controls are bad, good."]
    )


def test_workers_tell_the_controller_what_they_used(mini, drill):
    said = drill(exemption(), args=(*NOW, "-n", "2"))
    assert mini.verdicts["test_it[public.users]"] == "pass"
    assert said == ["bad of users: exempt until 2026-11-22 by team, because: not ours"]


def test_workers_tell_the_controller_all_that_was_excused(mini, drill):
    claims = """
@pytest.mark.parametrize("name", "abcd")
@bad
def test_it(exemptions, name):
    assert exemptions.until([f"{name} ON public.users", "public.users"], control="bad")
"""
    (said,) = drill(exemption(), args=(*NOW, "-n", "2"), claims=claims)
    assert all(f"{name} ON public.users" in said for name in "abcd")
