"""What the site tells programs: site map, feeds, OpenSearch, robots, twins, structured data; and how answers travel."""

import gzip
import json
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from kb.article.library import Library
from kb.article.plain_markdown import markdown_of
from kb.database import Database
from kb.settings import Settings
from kb.web.app import create_app
from kb.web.xml_pages import ATOM, MOST_IN_MAP, OPENSEARCH, SITEMAP, feed, site_map
from tests.benchmarks.many_articles import many_articles
from tests.web.samples import Browser, Clock, House, site_of, write_library

MOVING = "/house/moving-out/"
OLD = f"{MOVING}2020-02-01/"
PUBLIC = (
    "/sitemap.xml",
    "/feed.xml",
    "/house/feed.xml",
    "/opensearch.xml",
    "/robots.txt",
    "/llms.txt",
    "/house/moving-out.md",
    "/house.md",
)
ROOF = """---
title: 'Roofs & "gutters"'
date: 2025-03-04
author: Pat
keywords: [rain]
---
`</script><script>alert(1)</script>` is above [the rooms](../moving-out.md), see <https://example.org/a?b=1&c=2>.

![A roof](roof.png)
"""


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock) -> Flask:
    library = tmp_path / "library"
    library.mkdir()
    write_library(library)
    (library / "House" / "moving-out@2020-02-01.md").write_text(
        "---\ntitle: Moving out\ndate: 2020-02-01\n---\nWrite a letter.\n"
    )
    (library / "House" / "Roof").mkdir()
    (library / "House" / "Roof" / "gutters.md").write_text(ROOF)
    (library / "House" / "Roof" / "roof.png").write_bytes(b"\x89PNG")
    return create_app(site_of(library, database, house, clock))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def xml(client: FlaskClient, path: str) -> Element:
    return fromstring(client.get(path).data)


def paths(top: Element, tag: str) -> list[str]:
    return [urlsplit(found.text or "").path for found in top.iter(tag)]


def data_of(browser: Browser, path: str) -> list[dict[str, Any]]:
    (found,) = browser.open(path).page.select('script[type="application/ld+json"]')
    graph: list[dict[str, Any]] = json.loads(found.get_text())["@graph"]
    return graph


def test_the_site_map_names_every_current_page_and_its_date(client: FlaskClient) -> None:
    top = xml(client, "/sitemap.xml")
    found = paths(top, f"{{{SITEMAP}}}loc")
    labels = {"/authors/", "/authors/pat/", "/keywords/", "/keywords/rain/"}
    assert {"/", "/house/", "/house/roof/", MOVING, "/house/roof/gutters/"} | labels == set(found)
    assert "2026-02-01" in [changed.text for changed in top.iter(f"{{{SITEMAP}}}lastmod")]
    assert all(200 == client.get(path).status_code for path in found)


def test_a_large_site_map_is_parted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    library = Library.load(tmp_path, Settings())
    large = Library(
        library.root,
        library.settings,
        (),
        (),
        tuple(many_articles(library.articles, MOST_IN_MAP + 5, seed=1)),
        (),
        _loaded=library._loaded,
        _by_address={},
        _category_at={},
    )
    root = "http://localhost/"
    index = site_map(large, root)
    assert index
    assert ["/sitemap-1.xml", "/sitemap-2.xml"] == paths(fromstring(index), f"{{{SITEMAP}}}loc")
    sizes = [len(paths(fromstring(site_map(large, root, part) or b""), f"{{{SITEMAP}}}loc")) for part in (1, 2)]
    assert [MOST_IN_MAP, 6] == sizes
    assert site_map(large, root, 3) is None
    assert site_map(library, root, 1) is None


@pytest.mark.parametrize(
    ("path", "entries"),
    [
        ("/feed.xml", ["Moving out", 'Roofs & "gutters"']),
        ("/house/feed.xml", ["Moving out", 'Roofs & "gutters"']),
        ("/house/roof/feed.xml", ['Roofs & "gutters"']),
    ],
)
def test_a_feed_has_the_articles_changed_last(client: FlaskClient, path: str, entries: list[str]) -> None:
    top = xml(client, path)
    assert entries == [found.findtext(f"{{{ATOM}}}title") for found in top.iter(f"{{{ATOM}}}entry")]
    (self_link,) = [link for link in top.findall(f"{{{ATOM}}}link") if link.get("rel") == "self"]
    assert f"http://localhost{path}" == self_link.get("href") == top.findtext(f"{{{ATOM}}}id")
    for entry in top.iter(f"{{{ATOM}}}entry"):
        assert date.fromisoformat((entry.findtext(f"{{{ATOM}}}updated") or "")[:10])
        assert entry.findtext(f"{{{ATOM}}}id")


def test_a_feed_has_the_whole_text_with_whole_addresses(client: FlaskClient) -> None:
    (content,) = xml(client, "/house/roof/feed.xml").iter(f"{{{ATOM}}}content")
    assert "html" == content.get("type")
    text = content.text or ""
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for address in ("/house/moving-out/", "/files/House/Roof/roof.png"):
        assert f'="http://localhost{address}"' in text
    assert 'href="https://example.org/a?b=1&amp;c=2"' in text


def test_a_feed_of_nothing_is_a_feed() -> None:
    written = feed("T \x00\x08", "http://x/feed.xml", "http://x/", (), Settings())
    assert "T " == fromstring(written).findtext(f"{{{ATOM}}}title")


def test_browsers_learn_how_to_search(client: FlaskClient) -> None:
    urls = {url.get("type"): url.get("template") for url in xml(client, "/opensearch.xml").iter(f"{{{OPENSEARCH}}}Url")}
    assert "http://localhost/search?q={searchTerms}" == urls["text/html"]
    suggest = urls["application/x-suggestions+json"] or ""
    answer = client.get(suggest.removeprefix("http://localhost").replace("{searchTerms}", "gutt"))
    assert "application/x-suggestions+json" == answer.content_type
    assert ["gutt", ['Roofs & "gutters"'], ["House / Roof"], ["http://localhost/house/roof/gutters/"]] == answer.json


def test_robots_are_kept_from_what_is_a_readers_own(client: FlaskClient) -> None:
    told = client.get("/robots.txt").text
    assert "Disallow: /runs/" in told
    assert "Sitemap: http://localhost/sitemap.xml" in told


@pytest.mark.parametrize(
    ("path", "edition", "current"),
    [("/house/moving-out.md", "2026-02-01", True), ("/house/moving-out/2020-02-01.md", "2020-02-01", False)],
)
def test_the_twin_of_a_page_names_its_edition(client: FlaskClient, path: str, edition: str, current: bool) -> None:
    answer = client.get(path)
    assert "text/markdown" == answer.mimetype
    head = yaml.safe_load(answer.text.split("---\n")[1])
    assert (edition, current) == (head["edition"], head["current"])
    assert answer.text.split("---\n")[2].startswith("\n# Moving out\n")
    assert 200 == client.get(urlsplit(head["url"]).path).status_code


def test_the_twin_has_the_steps_and_whole_addresses(client: FlaskClient) -> None:
    assert (
        "2. Empty all rooms.\n\n   - The cellar counts too.\n3. Hand in the key."
        in client.get("/house/moving-out.md").text
    )
    text = client.get("/house/roof/gutters.md").text
    assert "[the rooms](http://localhost/house/moving-out/)" in text
    assert "(https://example.org/a?b=1&c=2)" in text
    assert "![A roof](http://localhost/files/House/Roof/roof.png)" in text


@pytest.mark.parametrize("path", ["/llms.txt", "/house.md", "/house/roof.md"])
def test_lists_lead_to_twins_that_are_there(client: FlaskClient, path: str) -> None:
    found = [line.split("](")[1].split(")")[0] for line in client.get(path).text.splitlines() if line.startswith("- [")]
    assert found
    assert all(200 == client.get(urlsplit(address).path).status_code for address in found)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.md",
        "/house/nothing.md",
        "/house/moving-out/2019-01-01.md",
        "/nothing/feed.xml",
        "/sitemap-1.xml",
        "/sitemap-0.xml",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert 404 == client.get(path).status_code


def test_an_old_address_leads_to_the_twin(client: FlaskClient) -> None:
    assert "/house/moving-out.md" == client.get("/House/Moving-Out.md").headers["Location"]


def test_an_article_names_its_twin_and_the_feeds(browser: Browser) -> None:
    for page, twin in ((MOVING, "/house/moving-out.md"), (OLD, "/house/moving-out/2020-02-01.md")):
        browser.open(page)
        assert twin == browser.one('link[rel="alternate"][type="text/markdown"]')["href"]
        assert browser.has('link[rel="search"][href="/opensearch.xml"]')
    assert browser.open("/house/").has('link[type="application/atom+xml"][href="/house/feed.xml"]')


def test_structured_data_name_the_article_its_place_and_its_steps(browser: Browser) -> None:
    article, trail, how_to = data_of(browser, MOVING)
    assert ("TechArticle", "Moving out", "2020-02-01", "2026-02-01") == tuple(
        article[name] for name in ("@type", "headline", "datePublished", "dateModified")
    )
    assert ["House help", "House", "Moving out"] == [item["name"] for item in trail["itemListElement"]]
    assert "HowTo" == how_to["@type"]
    assert [1, 2, 3, 4] == [step["position"] for step in how_to["step"]]
    assert f"http://localhost{MOVING}#step-empty" == how_to["step"][1]["url"]


def test_a_text_cannot_leave_the_structured_data(browser: Browser) -> None:
    article, _ = data_of(browser, "/house/roof/gutters/")
    assert 'Roofs & "gutters"' == article["headline"]
    assert article["description"].startswith("</script><script>alert(1)</script> is above")
    assert "http://localhost/files/House/Roof/roof.png" == article["image"]
    assert 1 == len(browser.page.select("head script:not([src])"))


def test_a_shared_link_has_title_picture_and_address(browser: Browser) -> None:
    browser.open("/house/roof/gutters/")
    told = {str(tag["property"]): str(tag["content"]) for tag in browser.page.select("meta[property]")}
    assert "article" == told["og:type"]
    assert "http://localhost/house/roof/gutters/" == told["og:url"]
    assert "http://localhost/files/House/Roof/roof.png" == told["og:image"]


@pytest.mark.parametrize("path", [*PUBLIC, "/", MOVING, "/house/", "/search?q=rooms", "/api/search?q=rooms"])
def test_public_answers_are_asked_for_conditionally(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.cache_control.public
    assert first.cache_control.max_age
    assert "Set-Cookie" not in first.headers
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert 304 == client.get(path, headers={"If-None-Match": etag}).status_code
    assert 304 == client.get(path, headers={"If-Modified-Since": changed}).status_code
    assert 200 == client.get(path, headers={"If-None-Match": '"other"'}).status_code
    assert parsedate_to_datetime(changed) == Clock()()


def test_public_answers_are_compressed_if_the_client_can_read_it(client: FlaskClient) -> None:
    for path in ("/", MOVING, "/api/search?q=rooms", "/static/style.css", "/static/kb.js"):
        with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as packed:
            assert "gzip" == packed.headers["Content-Encoding"]
            assert "Accept-Encoding" in packed.vary
            assert "Accept-Encoding" in plain.vary
            assert gzip.decompress(packed.data) == plain.data
            assert str(len(packed.data)) == packed.headers["Content-Length"]
            asked = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
            with client.get(path, headers=asked) as again:
                assert 304 == again.status_code


def test_a_readers_own_pages_are_not_compressed(run: Browser) -> None:
    answer = run.client.get(run.path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "Last-Modified" not in answer.headers


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", "\n"),
        ("<p>A <strong>b</strong> <em>c</em><br>d_e</p>", "A **b** *c*  \nd\\_e\n"),
        ("<p>1. not a list</p><p># not a heading</p>", "1\\. not a list\n\n\\# not a heading\n"),
        ("<h3>Head</h3><pre><code>a\n ```b\n</code></pre>", "### Head\n\n````\na\n ```b\n````\n"),
        ('<ol start="3"><li>x<ul><li>y</li></ul></li></ol>', "3. x\n\n   - y\n"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n>\n> r\n"),
        (
            "<table><tr><th>A|B</th><th>C</th></tr><tr><td>1</td></tr></table>",
            "| A\\|B | C |\n| --- | --- |\n| 1 |  |\n",
        ),
        ('<p><a href="x y">t</a> <code>a`b</code> &lt;b&gt;</p>', "[t](</x y>) `` a`b `` \\<b>\n"),
    ],
)
def test_html_becomes_plain_markdown(html: str, expected: str) -> None:
    assert expected == markdown_of(html, lambda address: f"/{address}")


def test_every_old_article_has_a_twin_with_its_words(corpus: Path) -> None:
    for article in Library.load(corpus, Settings()).articles:
        twin = markdown_of(article.current.html, lambda address: address).replace("\\", "")
        words = [word for word in article.current.text.split() if word.isalpha()]
        assert all(word in twin for word in words), article.address
