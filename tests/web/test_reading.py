"""What surrounds an article: dates, attachments, related articles, neighbours; and lists that are long."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from kb.web.frames import WIDE
from kb.web.initials import LONG
from tests.repository import Repository
from tests.web.samples import ARTICLE, Browser, Clock, House, site_of, write_library

GARAGE = """---
title: Renting a garage
date: 2026-01-01
attachments:
  - {file_name: plan.pdf, url: plan.pdf, type: application/pdf}
  - {file_name: lost.pdf, url: "", type: application/pdf}
---
How to rent. First read [moving out](moving-out.md).
"""
WIDE_TABLE = "# Rights\n\n" + "| a " * WIDE + "|\n" + "|---" * WIDE + "|\n" + "| x " * WIDE + "|\n"


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock) -> Flask:
    library = tmp_path / "library"
    library.mkdir()
    house_folder = write_library(library) / "House"
    (house_folder / "moving-out@2020-02-01.md").write_text(ARTICLE.replace("2026-02-01", "2020-02-01"))
    (house_folder / "renting.md").write_text(GARAGE)
    (house_folder / "plan.pdf").write_bytes(b"x" * 2000)
    (house_folder / "rights.md").write_text(WIDE_TABLE)
    (library / "Beds").mkdir()
    (library / "Beds" / "pinned.md").write_text("---\ntitle: Read this first\nsticky: true\n---\nText.\n")
    for number in range(LONG):
        (library / "Beds" / f"{number}.md").write_text(f"# Making bed {number}\nDig.\n")
    steps = "\n".join(f"{number}. Open valve {number}." for number in range(1, 61))
    (library / "sixty.md").write_text(f"# Sixty\n\n## Steps\n\n{steps}\n")
    return create_app(site_of(library, database, house, clock))


def test_the_edition_is_named_apart_from_the_last_update_where_there_are_several(browser: Browser) -> None:
    assert "Last updated 1 January 2026" == browser.open("/house/renting/").text(".meta")
    current = browser.open("/house/moving-out/").text(".meta")
    assert "Last updated 1 February 2026" in current
    assert "Edition of 1 February 2026" in current
    older = browser.open("/house/moving-out/2020-02-01/").text(".meta")
    assert "Edition of 1 February 2020" in older
    assert "Last updated" not in older


def test_a_later_change_of_the_text_is_told_from_its_edition(tmp_path: Path, database: Database) -> None:
    repository = Repository(tmp_path / "repository")
    for text in ("Once.", "Twice."):
        repository.commit({"a.md": f"---\ntitle: A\ndate: 2019-09-10\n---\n{text}\n"})
    app = create_app(site_of(repository.folder, database, House(), Clock()))
    browser = Browser(app.test_client())
    browser.open("/a/")
    changed, edition = [str(time["datetime"]) for time in browser.page.select(".meta time")]
    assert "2019-09-10" == edition
    assert date(2019, 9, 10) < date.fromisoformat(changed)
    assert f"<lastmod>{changed}</lastmod>" in browser.client.get("/sitemap.xml").text


def test_attachments_are_listed_with_kind_and_size(browser: Browser) -> None:
    browser.open("/house/renting/")
    listed = [" ".join(item.get_text(" ", strip=True).split()) for item in browser.page.select(".attachments li")]
    assert ["plan.pdf PDF, 2.0 kB", "lost.pdf PDF"] == listed
    link = browser.one(".attachments a")
    with browser.client.get(str(link["href"])) as answer:
        assert 2000 == len(answer.data)


def test_related_articles_and_neighbours_lead_on(browser: Browser) -> None:
    browser.open("/house/renting/")
    assert browser.has('.related a[href="/house/moving-out/"]')
    assert "/house/moving-out/" == browser.one('.neighbours a[rel="prev"]')["href"]
    assert "/house/rights/" == browser.one('.neighbours a[rel="next"]')["href"]
    browser.open("/house/moving-out/")
    assert browser.has('.related a[href="/house/renting/"]')
    assert not browser.has('.neighbours a[rel="prev"]')


def test_an_older_edition_is_not_followed_by_related_articles(browser: Browser) -> None:
    assert not browser.open("/house/moving-out/2020-02-01/").has(".related")


def test_a_wide_table_has_the_width_of_the_page(browser: Browser) -> None:
    assert browser.open("/house/rights/").has(".reading.roomy .frame.broad[role=region] table")
    assert not browser.open("/house/renting/").has(".roomy")


def test_a_long_procedure_is_jumped_through_by_tens(browser: Browser) -> None:
    browser.open("/sixty/")
    links = browser.page.select(".procedure .jump a")
    assert ["1", "10", "20", "30", "40", "50", "60"] == [link.get_text().removeprefix("Step ") for link in links]
    assert all(browser.has(str(link["href"])) for link in links)
    assert not browser.open("/house/moving-out/").has(".jump")


def test_a_long_category_is_parted_and_searched(browser: Browser) -> None:
    browser.open("/beds/")
    assert ["/beds/pinned/"] == [link["href"] for link in browser.page.select(".rows a")]
    assert LONG + 1 == len(browser.page.select(".titles a"))
    assert all(browser.has(str(link["href"])) for link in browser.page.select(".jump a"))
    browser.submit(".within form", q="making")
    assert "/search" == browser.path
    assert "beds" == browser.one("#category option[selected]")["value"]


def test_a_short_category_shows_what_each_article_is_about(browser: Browser) -> None:
    browser.open("/house/")
    assert "How to rent." in browser.text(".rows")
    assert not browser.has(".titles, .jump, .within")


def test_a_wrong_address_offers_articles_and_its_words_to_search_for(browser: Browser) -> None:
    browser.open("/house/renting-garages/")
    assert 404 == browser.status
    assert browser.has('main a[href="/house/renting/"]')
    browser.submit("main form[role=search]")
    assert browser.has('.hits a[href="/house/renting/"]')


@pytest.mark.parametrize("path", ["/runs/secret-garage/", "/resume/garage", "/files/garage"])
def test_the_words_of_a_private_address_are_not_offered(browser: Browser, path: str) -> None:
    assert 404 == browser.open(path).status
    assert not browser.has("main form[role=search]")
    assert "garage" not in browser.text().lower()
