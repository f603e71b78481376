"""Authors and keywords have pages of their own, and articles lead to them."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from kb.web.initials import LONG
from tests.web.samples import Browser, Clock, House, site_of

HEAD = "---\ntitle: {title}\ndate: 2026-01-01\nauthor: {author}\nkeywords: [{keywords}]\n---\nAbout {title}.\n"


def write(folder: Path, name: str, title: str, author: str, keywords: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(HEAD.format(title=title, author=author, keywords=keywords))


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock) -> Flask:
    library = tmp_path / "library"
    write(library / "House", "attic", "The attic", "Ann Lee", "E-mail, <b>roof</b>")
    write(library / "House", "cellar", "The cellar", "Bob", "email")
    write(library / "Garden", "shed", "The shed", "Ann Lee and Bob")
    for number in range(LONG + 1):
        write(library / "Garden", f"bed-{number}", f"Bed {number}", "Cid")
    return create_app(site_of(library, database, house, clock))


def test_an_article_leads_to_its_authors_and_keywords(browser: Browser) -> None:
    browser.open("/garden/shed/")
    assert "by Ann Lee and Bob" in browser.text(".meta")
    assert ["/authors/ann-lee/", "/authors/bob/"] == [link["href"] for link in browser.page.select(".meta a[rel]")]
    browser.open("/house/attic/")
    assert ["E-mail", "<b>roof</b>"] == [link.get_text() for link in browser.page.select(".keywords a")]
    for link in browser.page.select(".keywords a"):
        assert 200 == browser.client.get(str(link["href"])).status_code


@pytest.mark.parametrize(
    ("path", "title", "articles"),
    [
        ("/authors/bob/", "Bob", ["/house/cellar/", "/garden/shed/"]),
        ("/keywords/e-mail/", "E-mail", ["/house/attic/", "/house/cellar/"]),
    ],
)
def test_a_label_lists_its_articles(browser: Browser, path: str, title: str, articles: list[str]) -> None:
    browser.open(path)
    assert title == browser.text("h1")
    assert articles == [link["href"] for link in browser.page.select(".row-head a")]


def test_many_articles_of_an_author_are_parted(browser: Browser) -> None:
    browser.open("/authors/cid/")
    assert f"{LONG + 1} articles" == browser.text(".meta")
    assert LONG + 1 == len(browser.page.select(".titles a"))


@pytest.mark.parametrize(
    ("path", "there"), [("/keywords/email/", "/keywords/e-mail/"), ("/authors/AnnLee/", "/authors/ann-lee/")]
)
def test_another_spelling_leads_to_the_page(browser: Browser, path: str, there: str) -> None:
    answer = browser.client.get(path)
    assert (301, there) == (answer.status_code, answer.headers["Location"])


def test_all_of_them_are_listed_and_in_the_site_map(browser: Browser) -> None:
    lists = [browser.open(path).page.select(".titles a") for path in ("/authors/", "/keywords/")]
    links = [str(link["href"]) for one in lists for link in one]
    assert {"/authors/ann-lee/", "/authors/bob/", "/authors/cid/", "/keywords/e-mail/"} < set(links)
    assert "<b>roof</b>" in [link.get_text() for link in lists[1]]
    told = browser.client.get("/sitemap.xml").text
    for path in [*links, "/authors/", "/keywords/"]:
        assert f"<loc>http://localhost{path}</loc>" in told


@pytest.mark.parametrize("path", ["/authors/nobody/", "/keywords/nothing/", "/keywords/%20/", "/authors/bob/x/"])
def test_what_nobody_bears_is_not_found(browser: Browser, path: str) -> None:
    assert 404 == browser.open(path).status


def test_a_library_without_them_has_no_such_pages(tmp_path: Path, database: Database) -> None:
    library = tmp_path / "bare"
    library.mkdir()
    (library / "a.md").write_text("# A\nText.\n")
    browser = Browser(create_app(site_of(library, database, House(), Clock())).test_client())
    assert [404, 404] == [browser.open(path).status for path in ("/authors/", "/keywords/")]
    assert not browser.open("/").has('a[href="/authors/"], a[href="/keywords/"]')


def test_these_pages_are_public_and_asked_for_conditionally(browser: Browser) -> None:
    for path in ("/authors/", "/authors/bob/"):
        answer = browser.client.get(path)
        assert answer.cache_control.public
        assert "Set-Cookie" not in answer.headers
        assert 304 == browser.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code


def test_these_pages_have_twins_too(browser: Browser) -> None:
    for path in ("/authors/", "/keywords/", "/authors/bob/", "/keywords/e-mail/"):
        twin = str(browser.open(path).one('link[rel="alternate"][type="text/markdown"]')["href"])
        answer = browser.client.get(twin)
        assert "text/markdown" == answer.mimetype
        links = [line.split("](")[1].split(")")[0] for line in answer.text.splitlines() if line.startswith("- [")]
        assert links
        assert all(200 == browser.client.get(urlsplit(link).path).status_code for link in links)
    assert "/authors/ann-lee.md" in browser.client.get("/authors/AnnLee.md").headers["Location"]
    assert 404 == browser.client.get("/authors/nobody.md").status_code
