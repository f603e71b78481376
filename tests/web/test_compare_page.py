from pathlib import Path

import pytest

from kb.database import Database
from kb.web.app import create_app
from tests.web.samples import ARTICLE, Browser, Clock, House, site_of, write_library

FRONT = "---\ntitle: Moving out\ndate: {day}\nauthor: Ann\n---\n"
OLDER = (
    FRONT.format(day="2024-02-01")
    + "## Steps\n1. Pack <b>your</b> boxes &amp; bags.\n2. Empty all rooms.\n"
    + "3. Hand in the key.\n4. The deposit comes back.\n"
)
OLDEST = OLDER.replace("2024", "2022")
SIDE = """
procedures:
  - heading: Steps
    steps:
      - {step: 1, starts: Pack, id: pack}
      - {step: 2, starts: Empty, id: empty}
"""
PAGE = "/house/moving-out/compare/2024-02-01...current/"


@pytest.fixture
def browser(tmp_path: Path, database: Database) -> Browser:
    library = tmp_path / "library"
    library.mkdir()
    write_library(library)
    (library / "House" / "moving-out@2024-02-01.md").write_text(OLDER)
    (library / "House" / "moving-out@2022-02-01.md").write_text(OLDEST)
    for day in ("2024-02-01", "2022-02-01"):
        (library / "House" / f"moving-out@{day}.checklist.yaml").write_text(SIDE)
    (library / "House" / "once.md").write_text(ARTICLE)
    (library / "House" / "compare.md").write_text(ARTICLE)
    site = site_of(library, database, House(), Clock())
    return Browser(create_app(site).test_client())


def test_the_page_says_what_became_of_each_step(browser: Browser) -> None:
    browser.open(PAGE)

    assert browser.status == 200
    assert [item.get_text(" ", strip=True) for item in browser.page.select(".fates a")] == [
        "2024 step 1 is 2026 step 1, in other words",
        "2024 step 2 is 2026 step 2, in other words",
        "2024 step 3 is 2026 step 3, unchanged",
        "2024 step 4 is 2026 step 4, unchanged",
    ]
    assert "New prerequisite: You are the tenant" in browser.text(".novelties")
    assert "1 February 2024" in browser.text(".about")


def test_each_sentence_leads_to_the_words(browser: Browser) -> None:
    browser.open(PAGE)

    for link in browser.page.select(".fates a"):
        assert browser.has(str(link["href"]))


def test_changed_words_are_marked_for_eyes_and_for_ears(browser: Browser) -> None:
    browser.open(PAGE)

    assert browser.text(".diff-old del") == "[removed: boxes & bags ]"
    assert browser.text(".diff-new ins") == "[new: things ]"


def test_unchanged_steps_hold_no_marked_words(browser: Browser) -> None:
    browser.open(PAGE)

    part = browser.one(str(browser.page.select(".fates a")[2]["href"]))
    assert part.select("ins, del, .diff") == []


def test_what_authors_wrote_is_text(browser: Browser) -> None:
    browser.open(PAGE)

    assert not browser.has(".diff-old b")
    assert "boxes &amp; bags" in str(browser.one(".diff-old"))


def test_a_proposal_is_called_so(browser: Browser) -> None:
    assert "may be wrong" in browser.open("/house/moving-out/compare/2022-02-01...2024-02-01/").text()


def test_editions_that_say_the_same_have_no_rows(browser: Browser) -> None:
    browser.open("/house/moving-out/compare/2022-02-01...2024-02-01/")

    assert not browser.has(".diff")


@pytest.mark.parametrize(
    "asked, path",
    [
        ("/house/moving-out/compare/.../", PAGE),
        (
            "/house/moving-out/compare/.../?from=2022-02-01&to=2024-02-01",
            "/house/moving-out/compare/2022-02-01...2024-02-01/",
        ),
        ("/house/moving-out/compare/current...2024-02-01/", PAGE),
        ("/house/moving-out/compare/2024-02-01...2024-02-01/", "/house/moving-out/2024-02-01/"),
        ("/house/once/compare/.../", "/house/once/"),
        ("/knowledge-base/house/moving-out/compare/2024-02-01...current/", PAGE),
    ],
)
def test_other_ways_to_ask_lead_to_the_one_address(browser: Browser, asked: str, path: str) -> None:
    browser.open(asked)

    assert (browser.status, browser.path) == (200, path)


@pytest.mark.parametrize("between", ["2024-02-01", "2020-01-01...current", "x...y", "2024-02-01..current"])
def test_editions_that_are_not_there_are_not_found(browser: Browser, between: str) -> None:
    assert browser.open(f"/house/moving-out/compare/{between}/").status == 404


def test_an_article_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.open("/house/nothing/compare/2024-02-01...current/").status == 404
    assert browser.open("/house/nothing/compare/.../").status == 404


def test_the_chosen_editions_are_chosen_in_the_form(browser: Browser) -> None:
    browser.open(PAGE).submit(".chooser", **{"from": "2022-02-01", "to": "2024-02-01"})

    assert browser.path == "/house/moving-out/compare/2022-02-01...2024-02-01/"
    assert [str(option["value"]) for option in browser.page.select("option[selected]")] == ["2022-02-01", "2024-02-01"]


def test_an_article_of_that_name_keeps_its_address(browser: Browser) -> None:
    browser.open("/house/compare/")

    assert (browser.status, browser.text("h1")) == (200, "Moving out")


def test_search_engines_are_asked_to_pass_by(browser: Browser) -> None:
    assert browser.open(PAGE).one("meta[name=robots]")["content"] == "noindex"
