"""A database gets the locale that the dump says, or the nearest, and what is different is said."""

from __future__ import annotations

import contextlib

import pytest

from fixtures.server import process
from fixtures.server.locales import Locale, asked, candidates, difference

SORTED = "SELECT string_agg(word, ' ' ORDER BY word) FROM (VALUES ('z'), ('ä'), ('B'), ('a')) AS w (word)"
MADE = """
SELECT datcollate, datctype, pg_encoding_to_char(encoding), to_jsonb(d) ->> 'datlocprovider',
       coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')
FROM pg_database d WHERE datname = 'asked'
"""


@pytest.fixture(scope="module", params=["embedded", "local", "container"])
def server(request, new_yard):
    if request.param == "container":
        request.getfixturevalue("engine")
    if request.param == "local" and not list(process.installed(process.this_user())):
        pytest.skip("no Postgres is installed on this machine: its locales were not tried")
    return new_yard().start(request.param, major=15 if request.param == "local" else 17)


@pytest.fixture
def ask(server):
    """Creates a database as asked; returns what was said, what was made, and how it sorts and folds case."""

    def ask(**said: str | None):
        with contextlib.closing(server.connect("postgres")) as connection:
            connection.execute("DROP DATABASE IF EXISTS asked WITH (FORCE)")
            told = server.create_database("asked", **said)
            made = connection.execute(MADE).fetchone()
        with contextlib.closing(server.connect("asked")) as connection:
            (order,) = connection.execute(SORTED).fetchone()
            (upper,) = connection.execute("SELECT upper('ä')").fetchone()
        return told, made, order, upper

    yield ask
    server.drop_database("asked")


def test_nothing_said_is_nothing_different(ask):
    assert ask()[0] is None
    assert ask(encoding="UTF8")[0] is None
    assert ask(encoding="LATIN1")[0] is None


def test_c_is_everywhere(ask):
    told, made, order, _ = ask(encoding="UTF8", provider="libc", collate="C", ctype="C")
    assert (told, made[:3], order) == (None, ("C", "C", "UTF8"), "B a z ä")


@pytest.mark.parametrize("name", ["C.UTF-8", "C.utf8"])
def test_another_spelling_is_the_same(ask, name):
    # Not every system has it; where it is not, one that goes by code points too stands in for it.
    told, _made, order, upper = ask(encoding="UTF8", collate=name, ctype=name)
    assert (order, upper) == ("B a z ä", "Ä")
    assert told is None or "tells letters by" in told


def test_a_locale_of_another_country_gets_the_nearest(server, ask):
    told, made, order, upper = ask(
        encoding="UTF8", provider="libc", collate="xx_XX.UTF-8", ctype="xx_XX.UTF-8"
    )
    assert made[2] == "UTF8"
    assert upper == "Ä"
    assert told.endswith(" here, and by xx_XX.UTF-8 in production")
    assert told.startswith("the database sorts by ")
    assert order == ("a ä B z" if "ICU" in told else "B a z ä")


def test_icu_or_what_stands_in_for_it(ask):
    told, made, order, upper = ask(
        encoding="UTF8", provider="icu", locale="de-CH", collate="de_CH.UTF-8", ctype="de_CH.UTF-8"
    )
    assert upper == "Ä"
    if made[3] == "i":
        assert (told, order) == (None, "a ä B z")
    else:
        assert told == "the database sorts by C here, and by ICU's de-CH in production"


def test_rules_of_icu(ask):
    told, made, _, _ = ask(
        encoding="UTF8", provider="icu", locale="und", rules="&a < z", collate="C", ctype="C"
    )
    if made[3] == "i" and told is not None:  # a server before 16
        assert (
            told
            == "the database sorts by ICU's und here, and by ICU's und with rules of its own in production"
        )


def test_builtin_or_what_stands_in_for_it(ask):
    told, made, order, upper = ask(
        encoding="UTF8", provider="builtin", locale="C.UTF-8", collate="en_US.UTF-8", ctype="en_US.UTF-8"
    )
    assert (order, upper) == ("B a z ä", "Ä")
    if made[3] == "b":
        assert told is None
    else:
        assert told.startswith("the database tells letters by ")


def test_the_encoding_is_kept_whatever_the_locale(ask):
    told, made, _, _ = ask(
        encoding="LATIN1", provider="libc", collate="de_CH.ISO8859-1", ctype="de_CH.ISO8859-1"
    )
    assert made[:3] == ("C", "C", "LATIN1")
    assert told == "the database sorts by C here, and by de_CH.ISO8859-1 in production"


# Without a server


def test_spellings_are_tried_first_and_c_last():
    wanted = asked(Locale("UTF8", None, None, "en_US.UTF-8", "en_US.UTF-8"))
    tried = list(dict.fromkeys(candidates(wanted, 17)))
    assert [locale.collate for locale in tried[:2]] == ["en_US.UTF-8", "en_US.utf8"]
    assert tried[2] == Locale("UTF8", "icu", "en-US", "C", "C")
    assert tried[3] == Locale("UTF8", "builtin", "C.UTF-8", "C", "C")
    assert tried[-1] == Locale("UTF8", "libc", None, "C", "C")
    assert difference(wanted, tried[1]) is None


def test_an_old_server_is_asked_for_nothing_that_it_does_not_know():
    tried = list(candidates(asked(Locale("UTF8", "libc", "de_CH.UTF-8")), 14))
    assert {locale.provider for locale in tried} == {"libc"}
    assert "PROVIDER" not in tried[0].options(14).as_string(None)
