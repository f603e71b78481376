from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kb.article.library import Library
from kb.database import Database
from kb.settings import read_settings
from kb.web.app import create_app
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of, write_library

SETTINGS = """
title = "House help"
languages = ["de", "ar"]
[translations.de]
title = "Haushilfe"
categories = {House = "Wohnung"}
"""
GERMAN = """---
title: Ausziehen
date: 2026-02-01
---
## Schritte
1. Packen Sie Ihre Sachen.
2. Räumen Sie alle Zimmer leer.
   - Der Keller zählt auch.
3. Geben Sie den Schlüssel ab.
4. Die Kaution kommt zurück.

Siehe [Einziehen](moving-in.md).
"""
IN = "---\ntitle: Moving in\ndate: 2026-01-05\n---\nCarry everything in.\n"
IN_ARABIC = "---\ntitle: الانتقال\ndate: 2025-01-05\n---\nاحمل كل شيء.\n"


@pytest.fixture
def app(tmp_path: Path, database: Database) -> Flask:
    folder = write_library(tmp_path)
    (folder / "kb.toml").write_text(SETTINGS)
    (folder / "House" / "moving-out.de.md").write_text(GERMAN)
    (folder / "House" / "moving-in.md").write_text(IN)
    (folder / "House" / "moving-in.ar.md").write_text(IN_ARABIC)
    site = site_of(folder, database, House(), Clock())
    return create_app(replace(site, library=Library.load(folder, read_settings(folder))))


@pytest.fixture
def get(app: Flask) -> Callable[..., TestResponse]:
    client = app.test_client()
    return lambda path, **headers: client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


Get = Callable[..., TestResponse]


def test_the_address_decides_on_a_reading_page_and_nothing_else(get: Get) -> None:
    plain = get("/house/moving-out/")
    asked = get("/house/moving-out/", Accept_Language="de", Cookie="kb_language=de")
    german = get("/de/house/moving-out/")

    assert '<html lang="en">' in plain.text
    assert plain.text == asked.text
    assert '<html lang="de">' in german.text
    assert "Diese Checkliste beginnen" in german.text
    assert "1. Februar 2026" in german.text
    assert "Cookie" not in str(plain.vary) + str(german.vary)
    assert german.cache_control.public


def test_a_library_in_another_language_has_its_own_home_categories_and_names(browser: Browser) -> None:
    browser.open("/de/")
    assert "Haushilfe" == browser.text("h1")
    assert "Wohnung" == browser.text('main [href="/de/house/"]')

    browser.open("/de/house/")
    assert {"/de/house/moving-out/", "/de/house/moving-in/"} <= {str(link["href"]) for link in browser.page.select("a")}
    assert ["/de/"] == [link["href"] for link in browser.page.select(".crumbs a")]


def test_an_article_names_its_other_languages_to_search_engines_and_to_readers(browser: Browser) -> None:
    browser.open("/house/moving-out/")

    alternates = {str(link["hreflang"]): str(link["href"]) for link in browser.page.select("link[hreflang]")}
    assert alternates == {
        "en": "http://localhost/house/moving-out/",
        "de": "http://localhost/de/house/moving-out/",
    }
    links = [(link["href"], link.get_text()) for link in browser.page.select(".languages a")]
    assert links == [
        ("/house/moving-out/", "English"),
        ("/de/house/moving-out/", "Deutsch"),
        ("/ar/house/moving-out/", "العربية"),
    ]
    assert "English" == browser.text(".languages [aria-current]")


def test_an_article_that_is_not_translated_is_shown_in_the_original_with_a_note(browser: Browser) -> None:
    browser.open("/de/house/moving-in/")

    assert 200 == browser.status
    assert "de" == browser.one("html")["lang"]
    assert "en" == browser.one("h1")["lang"] == browser.one(".prose")["lang"]
    assert "noch nicht übersetzt" in browser.text(".edition-note")
    assert "http://localhost/house/moving-in/" == browser.one("link[rel=canonical]")["href"]
    assert not browser.has("link[hreflang]")


def test_a_translation_that_is_behind_says_so_and_leads_to_the_original(browser: Browser) -> None:
    browser.open("/ar/house/moving-in/")

    note = browser.one(".edition-note")
    assert "5 January 2026" in note.get_text()
    assert "/house/moving-in/" == note.select("a")[0]["href"]


def test_a_language_from_right_to_left_turns_the_page(browser: Browser) -> None:
    browser.open("/ar/house/moving-in/")
    assert ("ar", "rtl") == (browser.one("html")["lang"], browser.one("html")["dir"])

    browser.open("/ar/house/moving-out/")
    assert ("en", "ltr") == (browser.one(".prose")["lang"], browser.one(".prose")["dir"])


def test_links_of_a_translation_stay_in_its_language(browser: Browser) -> None:
    browser.open("/de/house/moving-out/")

    assert "/de/house/moving-in/" == browser.one(".prose a[href*=moving-in]")["href"]


def test_a_run_started_in_german_is_the_german_text_with_the_same_step_ids(browser: Browser) -> None:
    browser.open("/de/house/moving-out/").submit("form.start")

    assert "de" == browser.one("html")["lang"]
    assert "Ausziehen" == browser.text("h1")
    assert ["pack", "empty", "hand-in", "deposit"] == [
        str(step["id"]).removeprefix("step-") for step in browser.page.select("li.step")
    ]
    browser.submit("#tick-pack", done="yes")
    assert "Erledigt nach Ihrer Angabe vom 1. März 2026, 09:00 UTC" == browser.status_of("pack")
    assert browser.status_of("hand-in").startswith("Noch nicht möglich: beantworten Sie zuerst die Frage")


def test_an_original_shown_among_german_articles_can_be_started(browser: Browser) -> None:
    browser.open("/ar/house/moving-out/").submit("form.start")

    assert "Moving out" == browser.text("h1")
    assert ("ar", "rtl") == (browser.one("html")["lang"], browser.one("html")["dir"])
    assert ("en", "ltr") == (browser.one("h1")["lang"], browser.one("h1")["dir"])
    assert "Pack your things." == browser.text("label [lang=en]")


def test_who_only_looks_at_a_run_is_told_the_language_of_its_title(app: Flask, browser: Browser) -> None:
    browser.open("/de/house/moving-out/").submit("form.start").submit('form[action*="share-codes"]')
    other = Browser(app.test_client()).open("/share").submit("main form", code=browser.text("#share-link"))

    assert ("en", "de") == (other.one("html")["lang"], other.one("h1")["lang"])


def test_browsers_are_told_how_to_search_in_a_language(get: Get) -> None:
    described = get("/de/opensearch.xml").text

    assert "<Description>Haushilfe durchsuchen</Description>" in described
    assert "/search?q={searchTerms}&amp;language=de" in described


def test_translations_are_data_too(get: Get) -> None:
    articles = (get("/api/articles").json or {})["articles"]

    assert ("de", "Ausziehen") == next(
        (article["language"], article["editions"][0]["title"])
        for article in articles
        if article["address"] == "de/house/moving-out"
    )
    one = get("/api/articles/de/house/moving-out").json or {}
    assert "House/moving-out.de.md" == one["path"]


def test_the_same_run_is_data_in_english_whoever_reads_it(browser: Browser) -> None:
    browser.open("/de/house/moving-out/").submit("form.start").submit("#tick-pack", done="yes")

    says = browser.client.get(browser.path, headers={"Accept": "application/json"}).json
    assert says
    assert "Completed, you told us 1 March 2026, 09:00 UTC" == says["steps"][0]["says"]


def test_pages_without_a_language_in_their_address_follow_the_browser_until_the_reader_chooses(
    browser: Browser, get: Get
) -> None:
    assert "Ihre Checklisten" in get("/runs/", Accept_Language="de-CH,de;q=0.9,en;q=0.5").text
    assert "Your checklists" in get("/runs/", Accept_Language="fr").text

    browser.open("/runs/")
    assert "Your checklists" == browser.text("h1")
    browser.client.post("/language", data={"language": "de", "next": "/runs/"}, headers=ORIGIN)
    assert "Ihre Checklisten" == browser.open("/runs/").text("h1")
    assert "Deutsch" == browser.text(".languages [aria-current]")
    assert "/de/" == browser.one(".brand")["href"]


def test_choosing_leads_back_and_never_to_another_site(app: Flask) -> None:
    client = app.test_client()

    def led(next: str) -> str | None:
        return client.post("/language", data={"language": "de", "next": next}, headers=ORIGIN).location

    assert ["/search?q=key", "/", "/"] == [led("/search?q=key"), led("//evil.example/"), led("https://evil.example/")]
    assert ["/search?q=key", "/search?q=key", "/search"] == [
        led("/search?q=key&language=en"),
        led("/search?language=en&q=key"),
        led("/search?language=en"),
    ]


def test_a_page_that_follows_the_reader_is_not_given_to_others_from_a_cache(get: Get) -> None:
    assert {"Cookie", "Accept-Language"} <= set(get("/search?q=key").vary)


def test_search_answers_in_the_language_that_the_address_asks_for(browser: Browser, get: Get) -> None:
    browser.open("/search?q=schlüssel&language=de")
    assert "de" == browser.one("html")["lang"]
    assert ["/de/house/moving-out/"] == [link["href"] for link in browser.page.select(".hits h3 a")]

    assert [] == (get("/api/search?q=schlüssel").json or {})["hits"]
    hits = (get("/api/search?q=schlüssel&language=de").json or {})["hits"]
    assert ["/de/house/moving-out/"] == [hit["url"] for hit in hits]
    originals = (get("/api/search?q=carry&language=de").json or {})["hits"]
    assert ["/de/house/moving-in/"] == [hit["url"] for hit in originals]


def test_an_error_is_told_in_the_language_of_the_address(browser: Browser) -> None:
    browser.open("/de/house/nowhere/")

    assert 404 == browser.status
    assert "Diese Seite konnten wir nicht finden" == browser.text("h1")


def test_the_site_map_names_translations_with_their_originals(get: Get) -> None:
    sitemap = get("/sitemap.xml").text

    assert "<loc>http://localhost/de/house/moving-out/</loc>" in sitemap
    assert '<xhtml:link rel="alternate" hreflang="de" href="http://localhost/de/house/moving-out/"' in sitemap
    assert "<loc>http://localhost/de/house/moving-in/</loc>" not in sitemap


def test_a_library_of_one_language_offers_no_choice(tmp_path: Path, database: Database) -> None:
    site = site_of(write_library(tmp_path), database, House(), Clock())
    page = Browser(create_app(site).test_client()).open("/house/moving-out/")

    assert not page.has(".languages")
    assert not page.has("[name=language]")
    assert 404 == page.open("/de/house/moving-out/").status
