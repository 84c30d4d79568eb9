"""What is written quotes no unforeseen exception, no operand of a claim, nothing of the machine."""

from __future__ import annotations

import socket


def test_an_unforeseen_exception_is_named_and_not_quoted(mini):
    run = mini.run("""
@pytest.fixture
def away():
    secret = 'canary-local'
    raise RuntimeError('Key (email)=(canary-row@example.com) already exists')
@bad
def test_a(away): pass
@bad
def test_b():
    try:
        raise ValueError('canary-cause')
    except ValueError as error:
        raise KeyError('canary-key') from error
""")
    for text in (run.stdout.str(), run.stderr.str(), mini.written()):
        assert "canary" not in text
    run.stdout.fnmatch_lines(["*unexpected RuntimeError*"])


def test_a_claim_tells_its_fact_and_not_how_it_came_to_it(mini):
    run = mini.run("""
class Facts:
    def holds(self, value): return False
@bad
def test_a(): assert Facts().holds('canary-operand'), 'the answer is not = 0'
@bad
def test_b(): assert timedelta(hours=49) <= timedelta(hours=24)
""")
    assert "canary" not in run.stdout.str() + mini.written()
    run.stdout.fnmatch_lines(["*the answer is not = 0", "*2 d 1 h is more than 24 h"])


def test_what_differs_of_two_mappings_is_told_by_its_key(mini):
    run = mini.run("""
@bad
def test_a(): assert {"t": 0, "u": None, "w": 3} == {"t": 2_000, "u": 7, "w": 3}
@bad
def test_b(): assert {"an agent": ["a voice", "a tool"]} == {}
""")
    run.stdout.fnmatch_lines(["  t: 0, and not 2,000; u is missing", "  an agent: a voice, a tool"])


def test_a_full_disk_is_no_defect(mini):
    run = mini.run("@good\ndef test_a():\n    raise OSError(28, 'No space left on device', '/canary')\n")
    assert "canary" not in run.stdout.str() + mini.written()
    run.stdout.fnmatch_lines(["*no space is left on the disk", "*HINT: Free disk space, or set TMPDIR*"])
    assert mini.verdicts == {"test_a": "unverified"}


def test_the_results_name_no_host_and_no_path(mini):
    mini.run(
        "from plugins.errors import NothingToCheckError\n"
        "@good\ndef test_a(): pass\n@bad\ndef test_b(): raise ValueError\n"
        '@good\ndef test_c(): raise NothingToCheckError("there\'s (nothing, here)")\n'
    )
    results = "\n".join(path.read_text() for path in mini.allure.glob("*.json"))
    assert "good" in results
    assert '"message": "nothing to check: there\'s (nothing, here)"' in results
    assert str(mini.path) not in results
    assert f'"{socket.gethostname()}"' not in results
