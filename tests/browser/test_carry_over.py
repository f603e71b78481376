"""A run moves to a newer edition, in a real browser: each row of the table, on the proving article and one made up."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import house_editions
from tests.browser.closure import OLD, Reader
from tests.served import Served, a_free_port, serving

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])

EDITION = "2015-11-04"


@pytest.fixture(scope="module")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_library, tmp_path_factory.mktemp("data"), a_free_port()) as served:
        yield served


@pytest.fixture
def reader(served: Served, open_page: Callable[..., Page], scripts: bool) -> Reader:
    return Reader(open_page(java_script_enabled=scripts), served.url, scripts)


def row(page: Page, how: str) -> Locator:
    return page.locator(f'#move [data-how="{how}"]')


def status(page: Page, step: str) -> Locator:
    return page.locator(f"#status-{step}")


def preview(reader: Reader) -> Page:
    reader.page.get_by_role("link", name="See what changes for you").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("What changes for you")
    return reader.page


def move(page: Page) -> None:
    page.get_by_role("button", name="Move my checklist").click()
    expect(page.locator("#moved")).to_contain_text("This checklist moved on")


def test_the_proving_article_with_nothing_done(reader: Reader) -> None:
    page = preview(reader.start(OLD))
    expect(page.locator("#move")).to_contain_text("4 November 2015. The current one is of 10 September 2019.")
    expect(page.locator("#move")).to_contain_text('The "Request to close" link is no longer used.')
    expect(row(page, "new")).to_contain_text("Ascertain all the services")
    expect(row(page, "same")).to_contain_text("It stays open")
    expect(row(page, "merged")).to_contain_text("It was several steps before")
    expect(row(page, "method-changed")).to_contain_text("done in another way")
    expect(row(page, "dropped")).to_contain_text("This is no step any more. See “Final Invoice” in the article.")
    page.get_by_role("link", name="Go back without moving").click()
    expect(status(page, "delete-servers")).to_have_text("Not started")
    preview(reader)
    move(page)
    expect(page.locator("ol.run-steps > li")).to_have_count(4)
    for step in ("list-services", "retrieve-data", "delete-services"):
        expect(status(page, step)).to_have_text("Not started")
    expect(page.locator("main")).to_contain_text("Edition of 10 September 2019")


def test_the_proving_article_half_done_and_done(reader: Reader) -> None:
    reader.start(OLD)
    reader.no_commitment()
    for number in (1, 2):
        reader.tick(number)
    kept = reader.status(1).inner_text()
    page = preview(reader)
    expect(row(page, "same")).to_contain_text("It stays done. Completed, you told us")
    expect(row(page, "merged")).to_contain_text("you had not done them all")
    page.get_by_role("link", name="Go back without moving").click()
    reader.tick(3)
    close_by_the_portal(reader)
    preview(reader)
    expect(row(page, "merged")).to_contain_text("you had done them all")
    expect(row(page, "method-changed")).to_contain_text("You did it in the earlier way, and that counts.")
    move(page)
    expect(status(page, "retrieve-data")).to_have_text(kept)
    expect(status(page, "delete-services")).to_have_text(re.compile("Check again"))
    expect(page.locator("#done-delete-services")).to_be_checked()
    expect(status(page, "request-closure")).to_have_text(re.compile("Completed, you told us"))
    expect(status(page, "list-services")).to_have_text("Not started")
    page.locator("#moved summary").first.click()
    expect(page.locator("#moved")).to_contain_text("Customer receives their final invoice")
    still_done(reader)
    expect(status(page, "delete-services")).to_have_text(re.compile("Completed, you told us"))


def close_by_the_portal(reader: Reader) -> None:
    reader.step(4).get_by_label("I know that something is left").check()
    reader.step(4).get_by_role("button", name="Go on").click()
    reader.step(4).get_by_role("button", name=re.compile("I understand")).click()
    reader.step(4).get_by_label(re.compile("alias of your account")).fill("ABCD")
    reader.step(4).get_by_role("button", name=re.compile("clicked")).click()
    expect(reader.status(4)).to_contain_text("Completed, you told us")


def still_done(reader: Reader) -> None:
    reader.page.get_by_role("button", name="It is still done").click()


@pytest.fixture
def served_again(tmp_path: Path, free_port: int) -> Callable[[Path], object]:
    return lambda library: serving(library, tmp_path / "data", free_port)


def test_all_kinds_of_changes_on_a_made_up_article(
    served_again: Callable[[Path], object], tmp_path: Path, open_page: Callable[..., Page], scripts: bool
) -> None:
    library = house_editions.write_old(tmp_path / "library")
    with served_again(library) as served:  # type: ignore[attr-defined]
        reader = Reader(open_page(java_script_enabled=scripts), served.url, scripts).start("/house/moving-out/")
        for number in range(1, 9):
            reader.tick(number)
        run = reader.page.url.partition("#")[0]
    house_editions.write_both(library)
    with served_again(library):  # type: ignore[attr-defined]
        page = reader.page
        page.goto(run)
        expect(page.locator("main")).to_contain_text("The article has changed since you started")
        preview(reader)
        expect(page.locator("#move")).to_contain_text("Photos of all rooms are needed now.")
        for how, said in HOUSE_ROWS.items():
            expect(row(page, how).first).to_contain_text(said)
        move(page)
        for step in ("tell", "power", "boxes", "letter"):
            expect(status(page, step)).to_have_text(re.compile("Completed, you told us"))
        for step in ("kitchen", "bath", "photos"):
            expect(status(page, step)).to_have_text("Not started")
        expect(status(page, "things")).to_have_text(re.compile("Check again: it is made of 2 steps that were done"))
        still_done(reader)
        expect(status(page, "things")).to_have_text(re.compile("Completed, you told us"))


HOUSE_ROWS = {
    "same": "It stays done.",
    "reworded": "Only its words changed.",
    "moved": "It stands at another place.",
    "merged": "you had done them all",
    "method-changed": "You did it in the earlier way, and that counts.",
    "split": "They were one step before.",
    "new": "This is new.",
    "dropped": "That you did it stays in the record. See “What you need not do” in the article.",
}
