"""The page of results, the same as data, and what is counted for authors."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from kb.database import Database
from kb.tables import unanswered
from kb.web.app import create_app
from kb.web.search_log import LONGEST, MOST, SearchLog
from tests.web.samples import Browser, Clock, House, site_of, write_library

DOCUMENT: dict[str, Any] = json.loads((files("kb.web") / "openapi.json").read_bytes())
GARAGE = "---\ntitle: Renting <b>a garage</b>\ndate: 2026-01-01\n---\nRooms & <i>garages</i> are not the same.\n"
OLD = "---\ntitle: Moving out\ndate: 2020-02-01\n---\nWrite to the janitor.\n"


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock) -> Flask:
    library = tmp_path / "library"
    library.mkdir()
    write_library(library)
    (library / "Garage").mkdir()
    (library / "Garage" / "renting.md").write_text(GARAGE)
    (library / "House" / "moving-out@2020-02-01.md").write_text(OLD)
    return create_app(site_of(library, database, house, clock))


@pytest.fixture
def log(database: Database, clock: Clock) -> SearchLog:
    return SearchLog(database, clock)


def test_the_box_on_every_page_leads_to_the_results(browser: Browser) -> None:
    for path in ("/", "/house/moving-out/", "/runs/", "/nothing/"):
        browser.open(path).submit("form[role=search]", q="pack")
        assert "/search" == browser.path
        assert browser.has('.hits a[href="/house/moving-out/"]')


def test_a_hit_shows_the_step_with_the_word_marked_and_leads_to_it(browser: Browser) -> None:
    browser.open("/search?q=cellar")
    assert "1 article found" == browser.text("#found")
    place = browser.one('.places a[href="/house/moving-out/#step-empty"]')
    assert "Step 2" == place.get_text()
    assert "cellar" == browser.text(".places mark")


def test_what_authors_and_readers_wrote_is_text_in_the_results(browser: Browser) -> None:
    browser.open("/search?q=%3Cscript%3Ealert(1)%3C/script%3E+garage")
    assert not browser.page.select("main script, main b, main i")
    assert "<script>" in str(browser.one("#q")["value"])


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("", ["/house/moving-out/", "/garage/renting/"]),
        ("&category=garage", ["/garage/renting/"]),
        ("&checklist=1", ["/house/moving-out/"]),
        ("&category=garage&checklist=1", []),
        ("&category=nothing", []),
        ("&page=2", []),
        ("&page=-7&limit=x", ["/house/moving-out/", "/garage/renting/"]),
    ],
)
def test_filters_limit_what_is_found(browser: Browser, fields: str, found: list[str]) -> None:
    browser.open(f"/search?q=rooms{fields}")
    assert 200 == browser.status
    assert set(found) == {str(link["href"]) for link in browser.page.select(".hits h3 a")}


def test_older_editions_are_found_if_asked_and_lead_to_their_own_page(browser: Browser) -> None:
    assert not browser.open("/search?q=janitor").has(".hits")
    browser.submit("form.search", editions="all")
    assert browser.has('.hits a[href="/house/moving-out/2020-02-01/"]')
    assert "Edition of 1 February 2020" in browser.text(".hits")


def test_filters_are_kept_in_the_form(browser: Browser) -> None:
    browser.open("/search?q=rooms&category=garage&checklist=1")
    assert "garage" == browser.one("#category option[selected]")["value"]
    assert browser.one("#checklist").has_attr("checked")


def test_nothing_found_is_a_page_that_helps(browser: Browser) -> None:
    browser.open("/search?q=qqqqqq&category=garage")
    assert "Nothing was found for “qqqqqq”" == browser.text("#found")
    assert browser.has('.nothing a[href="/"]')
    assert browser.has('nav a[href="/house/"]')


def test_where_only_filters_are_in_the_way_it_says_how_many_articles_there_are_without(browser: Browser) -> None:
    browser.open("/search?q=cellar&category=garage")
    assert "Search everywhere: 1 article there" in browser.text(".nothing")
    (link,) = [str(one["href"]) for one in browser.page.select(".nothing a") if "everywhere" in one.get_text()]
    assert browser.open(link).has('.hits a[href="/house/moving-out/"]')
    assert "Search everywhere" not in browser.open("/search?q=qqqqqq&category=garage").text(".nothing")


def test_a_misspelt_question_finds_and_proposes_the_right_words(browser: Browser) -> None:
    browser.open("/search?q=celler")
    assert browser.has(".hits")
    assert browser.has('.instead a[href="/search?q=cellar"]')


def test_results_are_not_for_search_engines_and_carry_no_user_data(browser: Browser) -> None:
    answer = browser.client.get("/search?q=rooms")
    assert "Set-Cookie" not in answer.headers
    assert answer.cache_control.public
    assert "noindex" == browser.open("/search?q=rooms").one('meta[name="robots"]')["content"]


@pytest.mark.parametrize("query", ["q=cellar", "q=qqqqqq", "q=muving+aut", "", "q=rooms&limit=1&page=2&editions=all"])
def test_the_answer_as_data_is_as_the_document_says(browser: Browser, query: str) -> None:
    data = browser.client.get(f"/api/search?{query}").json
    schema = DOCUMENT["paths"]["/api/search"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(data, {**schema, "components": DOCUMENT["components"]})


def test_the_data_name_the_places_with_their_addresses(browser: Browser) -> None:
    data = browser.client.get("/api/search?q=cellar").json
    assert data
    (place,) = data["hits"][0]["places"]
    assert ("step", "2", "/house/moving-out/#step-empty") == (place["kind"], place["label"], place["url"])
    assert ["cellar"] == [piece["text"] for piece in place["text_pieces"] if piece["marked"]]


def test_questions_without_an_answer_are_counted_for_authors(browser: Browser, log: SearchLog, clock: Clock) -> None:
    for question in ("Qqqqq  Zzzzz", "qqqqq zzzzz", "xxxxx", "rooms", ""):
        browser.open(f"/search?q={question}")
    assert [("qqqqq zzzzz", 2), ("xxxxx", 1)] == [(one.question, one.count) for one in log.unanswered()]
    assert clock() == log.unanswered()[0].last


@pytest.mark.parametrize("path", ["/search?typing=1&q=qqqqq", "/api/search?q=qqqqq"])
def test_what_is_only_being_typed_is_not_counted(browser: Browser, log: SearchLog, path: str) -> None:
    browser.open(path)
    assert [] == log.unanswered()


@pytest.mark.parametrize("question", ["mail from pat@example.org", "call 030 123 45 67", "4111 1111 1111 1111", "  "])
def test_what_may_name_a_person_is_not_kept(log: SearchLog, question: str) -> None:
    log.count(question)
    assert [] == log.unanswered()


def test_the_log_stays_small(log: SearchLog, database: Database) -> None:
    log.count("first " + "x" * 500)
    assert LONGEST == len(log.unanswered()[0].question)
    with database.writing() as connection:
        rows = [{"question": f"q{n}", "count": 1, "last": log.clock()} for n in range(MOST + 50)]
        connection.execute(unanswered.insert(), rows)
    log.count("the newest")
    assert MOST >= len(log.unanswered(MOST * 2))
