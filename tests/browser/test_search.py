"""Searching as readers do it: while typing, by keyboard alone, with a screen reader, and without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.closure import ARTICLE
from tests.browser.watch import Watch
from tests.served import Served, a_free_port, serving


@pytest.fixture(scope="module")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_library, tmp_path_factory.mktemp("data"), a_free_port()) as served:
        yield served


@pytest.fixture
def home(served: Served, page: Page) -> Page:
    page.goto(served.url)
    return page


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the articles")


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=re.compile(name))


def test_suggestions_come_while_typing_and_follow_what_is_typed(home: Page) -> None:
    box(home).press_sequentially("clos")
    expect(option(home, "Closing Your Account").locator("mark").first).to_have_text("Closing")
    expect(box(home)).to_have_attribute("aria-expanded", "true")
    box(home).fill("permissions")
    expect(option(home, "User Permissions")).to_be_visible()
    expect(option(home, "Closing Your Account")).to_have_count(0)
    box(home).fill("")
    expect(home.get_by_role("option")).to_have_count(0)
    expect(box(home)).to_have_attribute("aria-expanded", "false")


def test_a_suggestion_is_chosen_by_keyboard_alone(home: Page) -> None:
    home.keyboard.press("Tab")  # skip link
    for _ in range(9):
        if box(home).evaluate("box => box === document.activeElement"):
            break
        home.keyboard.press("Tab")
    home.keyboard.type("permissions")
    expect(option(home, "User Permissions")).to_be_visible()
    expect(box(home)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    home.keyboard.press("ArrowDown")
    chosen = home.locator('[role="option"][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    assert chosen.get_attribute("id") == box(home).get_attribute("aria-activedescendant")
    expect(box(home)).to_be_focused()
    title = chosen.locator("mark, span").first.text_content()
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_contain_text(title or "?")


def test_arrows_go_round_and_escape_closes_and_keeps_what_was_typed(home: Page) -> None:
    box(home).press_sequentially("account")
    expect(home.get_by_role("option").nth(1)).to_be_visible()
    home.keyboard.press("ArrowUp")
    expect(home.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    home.keyboard.press("ArrowDown")
    expect(home.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    home.keyboard.press("Escape")
    expect(home.get_by_role("listbox")).to_be_hidden()
    expect(box(home)).to_have_value("account")
    expect(box(home)).to_be_focused()
    home.keyboard.press("ArrowDown")
    expect(home.get_by_role("listbox")).to_be_visible()


def test_enter_without_a_choice_searches(home: Page) -> None:
    box(home).press_sequentially("closing")
    expect(home.get_by_role("option").first).to_be_visible()
    home.keyboard.press("Enter")
    expect(home).to_have_url(re.compile(r"/search\?(.*&)?q=closing\b"))
    expect(home.get_by_role("heading", level=3).first).to_have_text("Closing Your Account")


def test_a_suggestion_is_chosen_by_pointer(home: Page, served: Served) -> None:
    box(home).press_sequentially("clos")
    option(home, "Closing Your Account").click()
    expect(home).to_have_url(served.url + ARTICLE)


def test_a_suggestion_whose_title_has_none_of_the_words_leads_to_the_step_that_does(home: Page, served: Served) -> None:
    box(home).press_sequentially("openvpn")
    expect(option(home, "Closing Your Account.*Step 3")).to_be_visible()
    option(home, "Closing Your Account.*Step 3").click()
    expect(home).to_have_url(f"{served.url}{ARTICLE}#step-delete-services")


def test_a_screen_reader_hears_how_many_suggestions_there_are(home: Page) -> None:
    told = home.get_by_role("status")
    box(home).press_sequentially("naming convention")
    expect(told).to_have_text(re.compile(r"\d"))
    box(home).fill("qqqqzzzz")
    expect(told).to_have_text(re.compile(r"^No"))
    expect(home.get_by_role("listbox")).to_be_hidden()


def test_results_follow_what_is_typed_and_the_address_keeps_it(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/search?q=closing")
    field = page.get_by_role("searchbox")
    field.fill("naming")
    expect(page.get_by_role("heading", level=3).first).to_have_text("Server Naming Convention")
    expect(page).to_have_url(re.compile(r"/search\?(.*&)?q=naming\b"))
    expect(page.get_by_role("status")).to_have_text(re.compile("found"))
    expect(field).to_be_focused()
    page.reload()
    expect(field).to_have_value("naming")
    field.fill("qqqqzzzz")
    expect(page.locator("#found")).to_have_text("Nothing was found for “qqqqzzzz”")
    expect(page.get_by_role("status")).to_have_text("Nothing was found for “qqqqzzzz”")


def test_filters_act_at_once(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/search?q=account")
    hits = page.locator(".hits > li")
    expect(hits.nth(1)).to_be_visible()
    page.get_by_label("In", exact=True).select_option("servers")
    expect(page).to_have_url(re.compile("category=servers"))
    expect(hits.get_by_role("heading", name="Closing Your Account")).to_have_count(0)
    page.get_by_label("In", exact=True).select_option("")
    page.get_by_label("Older editions too").check()
    expect(page).to_have_url(re.compile("editions=all"))
    expect(page.get_by_text("Edition of 4 November 2015")).to_be_visible()
    page.get_by_label("Only with a checklist").check()
    expect(page).to_have_url(re.compile("checklist=1"))
    expect(hits.first).to_contain_text("Checklist")


def test_a_hit_leads_to_the_step_that_answers(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/search?q=platform naming conventions openvpn")
    page.locator(".places").get_by_role("link", name="Step 3").first.click()
    expect(page).to_have_url(f"{served.url}{ARTICLE}#step-delete-services")


def test_everything_works_without_javascript(served: Served, page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto(served.url)
    page.get_by_role("searchbox", name="Search the articles").fill("account")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?(.*&)?q=account\b"))
    page.get_by_label("In", exact=True).select_option("accounts-and-users")
    page.get_by_label("Only with a checklist").check()
    page.locator("form.search").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"category=accounts-and-users.*checklist=1"))
    page.get_by_role("link", name="Closing Your Account").first.click()
    expect(page).to_have_url(served.url + ARTICLE)


def test_the_box_of_a_wrong_address_holds_its_words(served: Served, page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto(f"{served.url}/accounts-and-users/close-acount/")
    field = page.locator("main").get_by_role("combobox")
    expect(field).to_have_value("close acount")
    field.press("Enter")
    expect(page.get_by_role("heading", level=3).first).to_have_text("Closing Your Account")
