"""Light: what one page costs the reader's line, and that nothing jumps while it comes."""

import gzip
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.closure import ARTICLE, Reader
from tests.served import Served, a_free_port, serving

HTML, CSS, JS = 15_000, 10_000, 10_000  # bytes, compressed; CSS and JS of all files of a page in sum
SHIFTS = """() => new Promise(done => {
    let sum = 0
    new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
        .observe({ type: "layout-shift", buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)))
})"""


@pytest.fixture(scope="module")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_library, tmp_path_factory.mktemp("data"), a_free_port(), "--sandbox") as served:
        yield served


def test_the_proving_article_and_its_run_are_light(served: Served, open_page: Callable[..., Page]) -> None:
    reader = Reader(open_page(), served.url, scripts=True).start()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in reader.page.context.cookies())
    for address in (served.url + ARTICLE, reader.page.url):  # pages with secrets of a reader are not compressed
        html = fetch(address, cookies)
        page = html.decode()
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
        assert styles and scripts
        assert HTML >= len(gzip.compress(html)), address
        assert CSS >= sum(compressed(served.url + style) for style in styles), address
        assert JS >= sum(compressed(served.url + script) for script in scripts), address


@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_jumps_while_a_page_comes(served: Served, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    for address in ("/", "/accounts-and-users/", ARTICLE, f"{ARTICLE}2015-11-04/", "/search?q=account"):
        page.goto(served.url + address, wait_until="networkidle")
        assert page.evaluate(SHIFTS) < 0.001, address


def test_a_tick_is_large_enough_for_a_thumb(served: Served, open_page: Callable[..., Page]) -> None:
    reader = Reader(open_page(viewport={"width": 320, "height": 640}, has_touch=True), served.url, scripts=True).start()
    target = (
        reader.step(1).get_by_role("checkbox").first.locator("xpath=ancestor-or-self::*[self::label or self::input][1]")
    )
    box = target.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 44


def fetch(address: str, cookies: str = "") -> bytes:
    """What a page says."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookies}), timeout=30) as answer:
        body: bytes = answer.read()
    return body


def compressed(address: str) -> int:
    """The bytes of a file as they go over the line."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", address
        return len(answer.read())
