"""The proving case for those who never sign in; they share one site, where they do not meet."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.closure import ARTICLE, Reader
from tests.served import Served, a_free_port, serving

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])


@pytest.fixture(scope="module")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_library, tmp_path_factory.mktemp("data"), a_free_port(), "--sandbox") as served:
        yield served


@pytest.fixture
def reader(served: Served, open_page: Callable[..., Page], scripts: bool) -> Reader:
    return Reader(open_page(java_script_enabled=scripts), served.url, scripts)


def test_reading_both_editions(reader: Reader) -> None:
    page = reader.page
    page.goto(reader.url)
    page.get_by_role("link", name="Closing Your Account").first.click()
    expect(page).to_have_url(reader.url + ARTICLE)
    expect(page.locator("ol.steps > li")).to_have_count(4)
    page.goto(f"{reader.url}{ARTICLE}#step-delete-services")
    page.locator("#editions").get_by_role("link", name="4 November 2015").click()
    expect(page.get_by_text("This is not the current edition")).to_be_visible()
    expect(page.locator("#step-request-closure img")).to_have_js_property(
        "naturalWidth", 900
    ) if reader.scripts else None
    page.locator("#step-delete-servers .step-now a").click()
    expect(page).to_have_url(re.compile(f"{ARTICLE}#step-delete-servers$"))
    assert page.locator("#step-delete-servers").evaluate("e => e.closest('li').id") == "step-delete-services"


def test_signed_out_the_reader_goes_on_by_an_explicit_choice(reader: Reader) -> None:
    reader.start()
    reader.no_commitment()
    expect(reader.status(4)).to_contain_text("Cannot start yet")
    reader.step(4).get_by_label("I know that something is left").check()
    reader.step(4).get_by_role("button", name="Go on").click()
    expect(reader.step(4)).to_contain_text("You told us")
    reader.step(4).get_by_label(re.compile("alias of your account")).fill("ABCD")
    reader.step(4).get_by_role("button", name=re.compile("sent")).click()
    expect(reader.page.locator("#after")).to_contain_text(re.compile(r"invoices for \w+ \d{4} .*and \w+ \d{4}"))


def test_a_term_commitment_ends_the_path(reader: Reader) -> None:
    reader.start()
    reader.answer("Do you have a cloud term commitment?", "Yes")
    expect(reader.page.locator("main")).to_contain_text("Contact your sales representative")
    expect(reader.status(1)).to_contain_text("Cannot start yet")
