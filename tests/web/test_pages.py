from pathlib import Path

import pytest
from flask import Flask

from kb.article.library import Library
from kb.database import Database
from kb.settings import read_settings
from kb.web.app import create_app
from kb.web.site import Site
from tests.web.samples import Browser, Clock, House, site_of, write_library

ARTICLE = "/accounts-and-users/closing-your-account/"
OLD = f"{ARTICLE}2015-11-04/"


@pytest.fixture(scope="module")
def library(sample_library: Path) -> Library:
    return Library.load(sample_library, read_settings(sample_library))


@pytest.fixture
def site(library: Library, tmp_path: Path, database: Database) -> Site:
    folder = tmp_path / "made-up"
    folder.mkdir()
    made_up = site_of(write_library(folder), database, House(), Clock())
    return Site(library, made_up.runs, made_up.link, made_up.sign_ins, made_up.key, made_up.clock)


@pytest.fixture
def pages(site: Site) -> Browser:
    return Browser(create_app(site).test_client())


def test_home_shows_sticky_articles_first_and_marked_and_the_categories(pages: Browser) -> None:
    pages.open("/")
    first = pages.one(f'main a[href="{ARTICLE}"]').find_parent("li")
    assert first
    assert "Pinned" in first.get_text()
    for category in ("accounts-and-users", "servers", "support"):
        assert pages.has(f'a[href="/{category}/"]')


def test_the_clean_address_shows_the_current_edition(pages: Browser) -> None:
    pages.open(ARTICLE)
    assert "10 September 2019" in pages.text()
    assert 4 == len(pages.page.select("ol.steps > li"))
    assert not pages.has('meta[name="robots"]')
    assert "not the current edition" not in pages.text()


def test_an_older_edition_says_so_and_leads_to_the_current_one(pages: Browser) -> None:
    pages.open(OLD)
    assert "This is not the current edition" in pages.text()
    assert pages.has(f'.call a[href="{ARTICLE}"]')
    assert "noindex" == pages.one('meta[name="robots"]')["content"]
    assert f"http://localhost{ARTICLE}" == pages.one('link[rel="canonical"]')["href"]
    assert 5 == len(pages.page.select("ol.steps > li"))


def test_the_picture_belongs_to_the_fourth_step_and_is_served(pages: Browser) -> None:
    pages.open(OLD)
    address = str(pages.one("#step-request-closure img")["src"])
    with pages.client.get(address) as answer:
        assert "image/png" == answer.content_type


@pytest.mark.parametrize(
    ("here", "fragment", "there"),
    [
        (OLD, "step-retrieve-data", ARTICLE),
        (OLD, "step-delete-servers", ARTICLE),
        (OLD, "step-delete-other-services", ARTICLE),
        (OLD, "step-request-closure", ARTICLE),
        (OLD, "step-receive-final-invoice", ARTICLE),
        (ARTICLE, "step-retrieve-data", OLD),
        (ARTICLE, "step-delete-services", OLD),
        (ARTICLE, "step-request-closure", OLD),
    ],
)
def test_the_fragment_of_a_step_lands_on_the_matching_step_of_the_other_edition(
    pages: Browser, here: str, fragment: str, there: str
) -> None:
    assert pages.open(here).has(f"#{fragment}")
    assert pages.open(there).has(f"#{fragment}")


def test_links_to_the_old_addresses_of_this_base_resolve_inside(pages: Browser) -> None:
    pages.open(ARTICLE)
    for address in ("accounts-and-users/user-permissions", "servers/server-naming-convention"):
        assert pages.has(f'.prose a[href="/{address}/"]')
        assert 200 == pages.client.get(f"/{address}/").status_code
    assert pages.has('.prose a[href="https://www.ctl.io/api-docs"]')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/knowledge-base/accounts-&-users/closing-your-account/", ARTICLE),
        ("/Accounts-And-Users/Closing-Your-Account/", ARTICLE),
        ("/accounts-and-users/closing-your-account", ARTICLE),
    ],
)
def test_old_addresses_lead_on(pages: Browser, old: str, new: str) -> None:
    answer = pages.client.get(old)
    assert answer.status_code in (301, 308)
    assert answer.headers["Location"].removeprefix("http://localhost") == new


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        f"{ARTICLE}2014-01-01/",
        f"{ARTICLE}2015-13-99/",
        "/files/kb.toml",
        "/files/../pyproject.toml",
        "/files/%2e%2e/pyproject.toml",
        "/files/Accounts%20%26%20Users/closing-your-account.md",
        "/static/nothing.css",
        "/runs/nothing/",
        "/resume/nothing",
    ],
)
def test_what_is_not_there_is_a_page_that_helps(pages: Browser, path: str) -> None:
    pages.open(path)
    assert 404 == pages.status
    assert pages.has('main a[href="/"]')


def test_a_misspelt_address_suggests_the_right_one(pages: Browser) -> None:
    assert pages.open("/accounts-and-users/closing-yuor-acount/").has(f'main a[href="{ARTICLE}"]')


def test_programs_get_problem_details(pages: Browser) -> None:
    answer = pages.client.get("/nothing/", headers={"Accept": "application/json"})
    assert "application/problem+json" == answer.content_type
    assert answer.json
    assert 404 == answer.json["status"]


def test_article_pages_carry_no_user_data_and_are_revalidated(pages: Browser) -> None:
    answer = pages.client.get(ARTICLE)
    assert "Set-Cookie" not in answer.headers
    assert answer.cache_control.public
    again = pages.client.get(ARTICLE, headers={"If-None-Match": answer.headers["ETag"]})
    assert 304 == again.status_code


def test_no_page_allows_inline_code(pages: Browser) -> None:
    for path in ("/", ARTICLE, "/runs/", "/sign-in", "/nothing/"):
        answer = pages.client.get(path)
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        pages.open(path)
        assert not pages.page.select("[style], [onclick], script:not([src], [type='application/ld+json']), style")


def test_an_attachment_opened_by_itself_cannot_act_as_a_page_of_ours(pages: Browser) -> None:
    with pages.client.get("/files/images/close-your-account.png") as answer:
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_request_that_is_too_large_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/runs/", data={"article": "x" * 300_000}, headers={"Origin": "http://localhost"})
    assert 413 == answer.status_code


def test_an_unexpected_failure_is_logged_and_shown_without_its_details(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/broken", "broken", lambda: str(1 // 0))
    answer = app.test_client().get("/broken")
    assert 500 == answer.status_code
    assert "ZeroDivision" not in answer.text
    assert "ZeroDivisionError" in caplog.text
