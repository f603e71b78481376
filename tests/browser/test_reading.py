"""Reading in a real browser: contents that follow, wide tables and code, long lists, paper."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.long_article import COLUMNS, write_long_article, write_long_category
from tests.served import Served, a_free_port, serving

PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    library = tmp_path_factory.mktemp("library")
    write_long_article(library)
    (library / "Extremes" / "small.md").write_text("# Small\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nshort\n```\n")
    write_long_category(library)
    with serving(library, tmp_path_factory.mktemp("data"), a_free_port()) as served:
        yield served


@pytest.fixture
def article(served: Served) -> str:
    return f"{served.url}/extremes/far-too-long/"


def test_the_contents_follow_what_is_read(article: str, page: Page) -> None:
    page.goto(article)
    marked = page.locator(".contents [aria-current]")
    expect(marked).to_have_text("Part 1")
    for heading in ("Part 7", "Part 3"):
        page.get_by_role("heading", name=heading, exact=True).evaluate("heading => heading.scrollIntoView()")
        expect(marked).to_have_text(heading)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(marked).to_have_text("Every step")
    expect(marked).to_have_count(1)


def test_a_wide_table_scrolls_by_keyboard_and_keeps_its_head_and_first_column(
    article: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(article)
    region = page.get_by_role("region", name="Part 12")
    region.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.frame').scrollLeft > 100", timeout=10_000)
    page.wait_for_function("() => document.querySelector('.frame').scrollTop > 100", timeout=10_000)
    for cell in (region.locator("th").first, region.locator("tbody tr").nth(30).locator("td").first):
        left = cell.evaluate("cell => cell.getBoundingClientRect().left - cell.closest('.frame').offsetLeft")
        assert abs(left) < 2
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(COLUMNS)


def test_what_fits_is_no_stop_for_the_keyboard(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/extremes/small/")
    expect(page.locator(".frame")).to_have_attribute("role", "group")
    assert 0 == page.locator(".frame[tabindex], pre[tabindex]").count()


def test_without_javascript_whatever_may_scroll_takes_the_focus(article: str, page_without_javascript: Page) -> None:
    page_without_javascript.goto(article)
    expect(page_without_javascript.get_by_role("region", name="Part 12")).to_have_attribute("tabindex", "0")
    expect(page_without_javascript.locator(".prose pre")).to_have_attribute("tabindex", "0")


def test_code_is_copied(article: str, open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(article)
    page.locator(".prose pre").hover()
    button = page.locator(".code-frame").get_by_role("button")
    expect(button).to_have_text("Copy")
    button.click()
    expect(button).not_to_have_text("Copy")
    assert page.evaluate("navigator.clipboard.readText()").startswith("kb check --select everything")


def test_a_long_list_is_reached_by_its_letters_on_a_phone(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{served.url}/many/")
    last = page.get_by_role("navigation", name="Jump to a letter").get_by_role("link").last
    letter = last.inner_text()
    last.click()
    expect(page.get_by_role("heading", name=letter, exact=True)).to_be_in_viewport()


def test_steps_are_jumped_to_by_tens(article: str, page: Page) -> None:
    page.goto(article)
    page.get_by_role("navigation", name="Jump to a step").get_by_role("link", name=re.compile("40")).click()
    expect(page.get_by_text("Open valve 40 and")).to_be_in_viewport()


def test_paper_has_boxes_the_address_the_date_and_nothing_that_needs_a_screen(article: str, page: Page) -> None:
    page.goto(article)
    page.emulate_media(media="print")
    expect(page.get_by_text(article)).to_be_visible()
    expect(page.locator(".meta time").first).to_be_visible()
    box = page.locator(".prose .step").first.evaluate("step => getComputedStyle(step, '::after').width")
    assert float(box.removesuffix("px")) > 10
    for gone in (".top", ".foot", ".beside", ".jump", ".related", ".neighbours", ".start", ".code-frame .button"):
        expect(page.locator(gone).filter(visible=True)).to_have_count(0)
    page.set_viewport_size({"width": 720, "height": 1000})  # about the width of a sheet
    assert 0 >= page.evaluate("document.documentElement.scrollWidth - innerWidth")
