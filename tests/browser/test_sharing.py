"""Links to a checklist and signing in, in a real browser, with and without JavaScript."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.closure import ADMIN, Reader
from tests.browser.watch import Watch
from tests.served import Served, a_free_port, serving

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"], scope="module")


@pytest.fixture(scope="module")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory, scripts: bool) -> Iterator[Served]:
    """A site of its own for each kind of browser: only one of its tests uses the account."""
    with serving(sample_library, tmp_path_factory.mktemp("data"), a_free_port(), "--sandbox") as served:
        yield served


@pytest.fixture
def open_reader(served: Served, open_page: Callable[..., Page], scripts: bool) -> Callable[[], Reader]:
    """A further reader, in a browser of their own."""
    return lambda: Reader(open_page(java_script_enabled=scripts), served.url, scripts)


def link(reader: Reader, kind: str) -> str:
    reader.page.get_by_role("button", name=f"Make a {kind} link").click()
    return reader.page.locator(f"#{kind}-link").inner_text()


def follow(reader: Reader, address: str, button: str) -> Page:
    reader.page.goto(address)
    field = reader.page.get_by_label("The link that you were given")
    if reader.scripts:
        expect(field).to_be_hidden()
        assert "#" not in reader.page.url  # nor is it in the history
    else:
        field.fill(address)
    reader.page.get_by_role("button", name=button).click()
    return reader.page


def test_support_looks_at_a_checklist_until_its_link_ends(open_reader: Callable[[], Reader], watch: Watch) -> None:
    reader, support = open_reader().start(), open_reader()
    reader.tick(1)
    run = reader.page.url.partition("#")[0]
    page = follow(support, link(reader, "share"), "Show the checklist")
    expect(page).to_have_url(run)
    expect(page.locator("main")).to_contain_text("You can look, and not change anything")
    expect(support.status(1)).to_contain_text("Completed, you told us")
    expect(page.locator("main").get_by_role("button")).to_have_count(0)
    expect(support.step(1).get_by_role("checkbox")).to_be_disabled()
    reader.page.goto(run)
    expect(reader.page.locator(".links")).to_contain_text("opened in 1 browser")
    reader.page.get_by_role("button", name=re.compile("End it")).click()
    expect(reader.page.locator(".links")).to_have_count(0)
    watch.expected.append("404")
    page.goto(run)
    expect(page.get_by_role("heading", level=1)).to_have_text("We could not find that")


def test_what_was_done_before_signing_in_is_in_the_accounts_checklist(open_reader: Callable[[], Reader]) -> None:
    first = open_reader().start()
    first.sign_in(*ADMIN)
    account = first.page.url.partition("#")[0].partition("?")[0]
    second = open_reader().start()
    second.no_commitment()
    second.tick(2)
    second.page.locator("#account").get_by_role("link", name="Sign in").click()
    second.page.get_by_label("User name").fill(ADMIN[0])
    second.page.get_by_label("Password").fill(ADMIN[1])
    second.page.locator("main").get_by_role("button", name="Sign in").click()
    expect(second.page).to_have_url(re.compile(re.escape(account)))
    expect(second.page.locator("main")).to_contain_text("What you did before you signed in is here now")
    expect(second.page.locator("#done-retrieve-data")).to_be_checked()
    first.page.goto(account)
    expect(first.page.locator("#done-retrieve-data")).to_be_checked()
    second.page.goto(f"{second.url}/runs/")
    expect(second.page.locator("ul.runs > li")).to_have_count(1)
