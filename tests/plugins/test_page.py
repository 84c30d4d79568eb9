"""The page of a drill: in a browser without a request or an error, of two A4 pages, and nobody's markup."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from plugins.evidence.composing import SCHEMA
from plugins.page import page
from plugins.page.__main__ import main
from plugins.pictures import draw

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HOUR = 3600.0
EVIL = (
    "<script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">"
)
WRITTEN: dict[str, Any] = {
    "schema": SCHEMA,
    "drill_id": "20261125T040000Z-abcdef",
    "sample": False,
    "scope": "full",
    "started_at": "2026-11-25T04:00:00Z",
    "finished_at": "2026-11-25T04:10:00Z",
    "now_overridden": False,
    "suite_version": "0.1.0",
    "suite_commit": "c" * 40,
    "plan": {"name": "acme-production", "sha256": "a" * 64},
    "backup": {
        "label": "acme-20261125T020000Z.dump",
        "source": "backups",
        "format": "custom",
        "compression": "gzip",
        "encryption": "none",
        "size_bytes": 1_000_000,
        "sha256": "b" * 64,
        "taken_at": "2026-11-25T02:00:00Z",
        "taken_at_from": "name",
        "recovery_point": "2026-11-25T02:00:00Z",
        "recovery_point_from": "name",
        "dumped_from": "17.4",
    },
    "catalogue": {"source": "backups", "backups": 12},
    "retention": {
        "daily": {
            "slots": [{"slot": f"2026-11-{n}", "backup": "x", "required": True} for n in range(25, 18, -1)]
        }
    },
    "server": {
        "kind": "container",
        "version": "17.6",
        "image": "postgres:17",
        "image_digest": "sha256:" + "d" * 64,
        "profile": "durable",
        "sealed": True,
        "destroyed": True,
    },
    "objectives": {"rto_seconds": 4 * HOUR, "rpo_seconds": 24 * HOUR, "manual_allowance_seconds": 1800.0},
    "measurements": {
        "restore_time_seconds": 600.0,
        "recovery_time_seconds": 2520.0,
        "data_loss_seconds": 2 * HOUR,
        "data_recency_seconds": None,
        "storage_bytes": 12_000_000,
        "phases": {"fetch": 60.0, "start": 40.0, "schema": 100.0, "data": 400.0},
        "services": {"twilio": 120.0},
        "connections": [],
    },
    "recovery": [
        {"step": "assess", "exercised": False, "measured_seconds": None, "covered_by": "manual_allowance"},
        {"step": "restore", "exercised": True, "measured_seconds": 600.0, "covered_by": "restore_time"},
    ],
    "tables": [
        {
            "name": f"public.table_{n}",
            "rows_in_backup": 1000 + n,
            "rows_restored": 1000 + n,
            "bytes_restored": 50_000 + n,
            "digest_in_backup": f"{n:032x}",
            "digest_restored": f"{n:032x}",
            "compared": True,
            "partitioned": False,
        }
        for n in range(40)
    ],
    "diagnoses": [
        {
            "rule": "role-exists",
            "severity": "benign",
            "object": f"role {n}",
            "message": "the role was there already",
            "hint": "",
            "count": 1,
            "exempted_until": None,
        }
        for n in range(30)
    ],
    "checks": [
        {"control": "recovery-time", "test": "suites/a.py::test_a", "verdict": "pass", "message": ""},
        {"control": "row-content", "test": "suites/b.py::test_b", "verdict": "pass", "message": ""},
    ],
    "exemptions": [],
    "self_check": {
        "applied": 6,
        "noticed": 5,
        "damages": [{"name": f"damage {n}", "control": "c", "noticed": n > 0} for n in range(6)],
    },
    "alerts": ["the backup is 26 h old"],
    "not_proven": [
        *(f"claim {n}: the plan has no qdrant" for n in range(40)),
        *(f"sentence {n} about what was not proven" for n in range(30)),
    ],
    "verdict": "pass",
    "allowed_unverified": [],
    "previous": {"drill_id": "20261025T040000Z-fedcba", "sha256": "e" * 64},
    "files": {},
}  # fmt: skip


def failing() -> dict[str, Any]:
    """A drill of which much went wrong, and whose every name is somebody else's."""
    written = copy.deepcopy(WRITTEN)
    written |= {
        "verdict": "fail",
        "scope": "partial",
        "sample": True,
        "now_overridden": "2026-11-25T12:00:00Z",
    }
    written["plan"]["name"] = written["backup"]["label"] = EVIL
    written["tables"][0] |= {"name": EVIL, "digest_restored": "f" * 32}
    written["not_proven"] += ["partial: suites/smoke did not run", EVIL]
    written["alerts"] = [EVIL]
    written["exemptions"] = [
        {
            "control": None,
            "rule": "role-exists",
            "object": EVIL,
            "reason": EVIL,
            "owner": EVIL,
            "until": "2026-12-01",
            "ended": False,
            "excused": [],
        }
    ]
    written["diagnoses"][0] |= {"severity": "loss", "object": EVIL, "message": EVIL}
    for check, verdict in zip(written["checks"], ("fail", "unverified"), strict=True):
        check |= {"verdict": verdict, "message": EVIL}
    return written


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed: no page was opened")
    from playwright.sync_api import sync_playwright

    # Its sandbox refuses root; what it opens here is ours.
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=found, args=["--no-sandbox"]) as browser,
    ):
        yield browser


@pytest.fixture
def opened(browser: Browser, tmp_path: Path):
    """Opens a page, and holds what it said and asked for against nothing."""
    heard: list[str] = []

    def open_(html: str, **screen: Any) -> Page:
        (tmp_path / "summary.html").write_text(html)
        opened = browser.new_page(**screen)
        opened.on("console", lambda message: heard.append(f"console: {message.text}"))
        opened.on("pageerror", lambda error: heard.append(f"error: {error}"))
        opened.on("request", lambda request: heard.append(request.url))
        opened.goto((tmp_path / "summary.html").as_uri())
        return opened

    yield open_
    assert [one for one in heard if not one.endswith("/summary.html")] == []


@cache
def pictures() -> dict[str, str]:
    return draw(WRITTEN, [])


def rendered(written: dict[str, Any]) -> str:
    return page(written, pictures=pictures() if written["measurements"]["phases"] else {})


SCREENS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


@pytest.mark.parametrize("screen", SCREENS)
def test_it_is_at_home_in_a_browser(opened, screen):
    page = opened(rendered(WRITTEN), **SCREENS[screen])
    assert page.title() == "PASS, unsigned: restore drill of acme-production, 2026-11-25"
    first = page.locator("main :text-is('PASS')").first
    assert first.bounding_box()["y"] < 100
    # Nothing but wide tables and pictures is scrolled sideways, and those in a box of their own.
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    ground = page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor")
    assert ground == ("rgb(20, 23, 28)" if screen == "dark" else "rgb(255, 255, 255)")
    # The pictures are drawn with the page's own tones.
    paper = page.evaluate("getComputedStyle(document.querySelector('figure svg > rect')).fill")
    assert paper == ground


def test_everything_has_a_name_for_who_cannot_see_it(opened):
    page = opened(rendered(WRITTEN))
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.locator("table").count() == page.locator("table:has(thead th[scope=col])").count()
    assert page.locator("section[aria-labelledby]").count() == page.locator("section > h2[id]").count()
    assert page.locator("figure svg[role=img] > title").count() == page.locator("figure").count() == 2
    ids = page.evaluate("Array.from(document.querySelectorAll('[id]'), node => node.id)")
    assert len(ids) == len(set(ids))


def test_on_paper_it_has_two_pages_and_says_what_is_left_out(opened):
    page = opened(rendered(WRITTEN), color_scheme="dark")
    # Chromium writes the number of pages into the tree of pages.
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    for rest in (
        "and 32 tables more, in evidence.json",
        "and 20 sentences more, in evidence.json",
        "30 benign",
    ):
        assert rest in shown
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(27, 34, 44)"


def test_what_others_wrote_is_text(opened):
    page = opened(rendered(failing()))
    assert "owned" not in page.title().partition("restore drill of")[0]
    assert page.locator("script, img").count() == 0
    assert page.locator("main").inner_text().count("<script>") >= 9


def test_a_failing_drill_says_so_first(opened):
    written = failing()
    page = opened(rendered(written))
    first = page.locator("header .first").inner_text().split()
    assert first[:2] == ["✕", "FAIL"]
    flags = ("SAMPLE", "partial", "unsigned")
    assert tuple(word for word in first if word in flags) == flags
    stands = page.locator(".stands").inner_text()
    assert "suites/smoke did not run" in stands
    assert "ages are judged as of 2026-11-25 12:00 UTC" in stands
    causes = page.locator("section:has(#causes) li").all_inner_texts()
    assert [cause.split()[1] for cause in causes] == ["fail", "unverified"]
    assert "ffffffff" in page.locator("tr:has-text('differs')").inner_text()


def test_the_least_that_a_drill_writes_is_shown(opened):
    written = copy.deepcopy(WRITTEN)
    for key in ("backup", "catalogue", "retention", "server", "previous"):
        written[key] = None
    for key in ("tables", "diagnoses", "checks", "alerts", "not_proven", "recovery"):
        written[key] = []
    written["measurements"] |= {
        "phases": {},
        "recovery_time_seconds": None,
        "restore_time_seconds": None,
        "data_loss_seconds": None,
    }
    written["verdict"] = "unverified"
    assert "Nothing was measured" in opened(rendered(written)).locator("main").inner_text()


def test_of_thousands_of_tables_the_page_has_some_and_first_those_that_differ():
    table, found = WRITTEN["tables"][0], WRITTEN["diagnoses"][0]
    tables = [{**table, "name": f"public.t{n}", "bytes_restored": n} for n in range(2_000, 0, -1)]
    tables[-1]["digest_restored"] = "f" * 32
    diagnoses = [{**found, "object": f"role {n}"} for n in range(3_000)]
    html = rendered({**WRITTEN, "tables": tables, "diagnoses": diagnoses})
    names = re.findall(r'<th scope="row" class="hex">(t\d+)</th>', html)
    assert (len(names), names[:2]) == (200, ["t1", "t2000"])
    assert "and 1,800 rows more" in html
    assert "and 2,800 rows more" in html
    assert len(html) < 400_000


# Made again


def bundle(folder: Path, written: dict[str, Any]) -> Path:
    folder.mkdir()
    for name, picture in pictures().items():
        (folder / name).write_text(picture)
    files = {name: hashlib.sha256(picture.encode()).hexdigest() for name, picture in pictures().items()}
    (folder / "evidence.json").write_text(json.dumps({**written, "files": files}))
    return folder


def listed(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_is_made_again_from_a_bundle_that_stays_as_it_is(tmp_path):
    folder = bundle(tmp_path / "bundle", WRITTEN)
    before = listed(folder)
    assert main([str(folder), "-o", str(tmp_path / "again.html")]) == 0
    again = (tmp_path / "again.html").read_text()
    assert again.count("<figure") == 2
    assert hashlib.sha256(before["evidence.json"]).hexdigest() in again
    assert listed(folder) == before


def test_a_picture_that_is_not_the_evidences_is_left_out(tmp_path, capsys):
    folder = bundle(tmp_path / "bundle", WRITTEN)
    (folder / "timeline.svg").write_text(f"<svg>{EVIL}</svg>")
    assert main([str(folder), "-o", str(tmp_path / "again.html")]) == 0
    assert "timeline.svg is not what the evidence names" in capsys.readouterr().err
    assert "owned" not in (tmp_path / "again.html").read_text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no evidence.json can be read"),
        ("{", "holds no evidence of schema"),
        ("[" * 100_000, "holds no evidence of schema"),
        ('{"schema": "restore-drill/evidence/9"}', "holds no evidence of schema"),
        (json.dumps({"schema": SCHEMA, "files": {}}), "the evidence lacks what the page shows"),
        (json.dumps({"schema": SCHEMA, "files": 7}), "the evidence lacks what the page shows"),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(content, said, tmp_path, capsys):
    if content is not None:
        (tmp_path / "evidence.json").write_text(content)
    assert main([str(tmp_path), "-o", str(tmp_path.parent / "again.html")]) == 4
    error = capsys.readouterr().err
    assert said in error
    assert "\nHINT: " in error
    assert "Traceback" not in error


def test_nothing_is_written_into_a_bundle(tmp_path, capsys):
    folder = bundle(tmp_path / "bundle", WRITTEN)
    before = listed(folder)
    assert main([str(folder), "-o", str(folder / "again.html")]) == 4
    assert "lies in the bundle" in capsys.readouterr().err
    assert listed(folder) == before
