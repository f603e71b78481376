"""A reader's way through the proving article, as clicks; the same with and without JavaScript."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

ARTICLE = "/accounts-and-users/closing-your-account/"
OLD = f"{ARTICLE}2015-11-04/"
ADMIN = ("alex.abcd", "demo-admin-1")
NO_ADMIN = ("sam.abcd", "demo-server-1")


@dataclass
class Reader:
    """`scripts` says whether this reader's browser runs JavaScript."""

    page: Page
    url: str
    scripts: bool

    def start(self, address: str = ARTICLE) -> "Reader":
        self.page.goto(self.url + address)
        self.page.locator("form.start button").first.click()
        expect(self.page).to_have_url(re.compile("/runs/.+/"))
        return self

    def step(self, number: int) -> Locator:
        return self.page.locator("ol.run-steps > li").nth(number - 1)

    def status(self, number: int) -> Locator:
        return self.step(number).locator(".status").first

    def tick(self, number: int, done: bool = True) -> None:
        box = self.step(number).get_by_role("checkbox").first
        box.set_checked(done)
        if not self.scripts:
            self.step(number).get_by_role("button", name=f"Save step {number}").click()
        words = re.compile("Completed") if done else re.compile("Not started|In progress")
        expect(self.status(number)).to_have_text(words)

    def sign_in(self, user: str, password: str) -> None:
        self.page.locator("#account").get_by_role("link", name="Sign in").click()
        self.page.get_by_label("User name").fill(user)
        self.page.get_by_label("Password").fill(password)
        self.page.locator("main").get_by_role("button", name="Sign in").click()
        expect(self.page.locator("#account")).to_contain_text("ABCD")

    def check(self) -> None:
        """Look at the account; with JavaScript the page has begun by itself."""
        if not self.scripts:
            self.page.get_by_role("button", name="Check my account now").click()

    def no_commitment(self) -> None:
        self.answer("Do you have a cloud term commitment?", "No")

    def answer(self, ask: str, option: str) -> None:
        group = self.page.get_by_role("group", name=ask)
        group.get_by_label(option, exact=True).check()
        if not self.scripts:
            group.locator("xpath=ancestor::form").get_by_role("button").click()

    def nothing_left(self, number: int) -> None:
        for box in self.step(number).get_by_label("No, nothing left").all():
            box.check()
        self.step(number).get_by_role("button", name="Save the answers").click()

    def delete_all(self, number: int, gone: str) -> None:
        """Delete everything that is left, and follow it to the end: the list is `gone` then."""
        self.step(number).get_by_role("button", name=re.compile("Delete")).click()
        self.page.get_by_label(re.compile("alias of your account")).fill("ABCD")
        self.page.locator("main").get_by_role("button", name=re.compile("Delete")).click()
        more = self.step(number).get_by_role("button", name="See how far it is")
        if not self.scripts:
            while more.is_visible():
                more.click()
        expect(more).to_have_count(0, timeout=60_000)
        expect(self.step(number)).to_contain_text(gone, timeout=60_000)
