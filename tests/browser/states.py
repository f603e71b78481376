"""Every page in every state that matters, and how a reader gets there."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.closure import ADMIN, ARTICLE, OLD, Reader

CATEGORY = "/accounts-and-users/"
LONG = "/extremes/far-too-long/"
STAFF = ("olga", "a-long-password-for-olga")


def at(address: str) -> Callable[[Reader], None]:
    """Just open this address."""

    def arrive(reader: Reader) -> None:
        reader.page.goto(reader.url + address)

    return arrive


def started(reader: Reader) -> None:
    reader.start()


def signed_in(reader: Reader) -> None:
    """A run that was checked: things are left, nothing was answered."""
    reader.start()
    reader.sign_in(*ADMIN)
    expect(reader.status(3)).to_contain_text("There is a problem")


def ticked(reader: Reader) -> None:
    reader.start()
    reader.tick(1)
    reader.tick(2)


def blocked(reader: Reader) -> None:
    ticked(reader)
    reader.no_commitment()
    expect(reader.status(4)).to_contain_text("Cannot start yet")


def confirming(reader: Reader) -> None:
    signed_in(reader)
    reader.step(3).get_by_role("button", name=re.compile("Delete")).click()
    expect(reader.page.get_by_label(re.compile("alias of your account"))).to_be_visible()


def misspelt(reader: Reader) -> None:
    confirming(reader)
    reader.page.get_by_label(re.compile("alias of your account")).fill("WRONG")
    reader.page.locator("main").get_by_role("button", name=re.compile("Delete")).click()
    expect(reader.page.locator("main")).to_contain_text("Type ABCD")


def finished(reader: Reader) -> None:
    reader.start(LONG)
    for number in range(1, 4):
        reader.tick(number)


def resuming(reader: Reader) -> None:
    reader.start()
    reader.page.get_by_role("button", name="Make a resume link").click()
    link = reader.page.locator("#resume-link").inner_text()
    reader.page.goto(link)


def refused(reader: Reader) -> None:
    at("/sign-in")(reader)
    reader.page.get_by_label("User name").fill("nobody")
    reader.page.get_by_label("Password").fill("nothing")
    reader.page.locator("main").get_by_role("button", name="Sign in").click()
    expect(reader.page.get_by_role("alert").or_(reader.page.locator("[aria-invalid=true]")).first).to_be_visible()


def listed(reader: Reader) -> None:
    ticked(reader)
    at("/runs/")(reader)


def suggesting(reader: Reader) -> None:
    at("/")(reader)
    reader.page.get_by_role("combobox").first.press_sequentially("clos")
    expect(reader.page.get_by_role("option").first).to_be_visible()


def moving(reader: Reader) -> None:
    reader.start(OLD)
    reader.tick(1)
    at(f"{path_of(reader)}move")(reader)


def recorded(reader: Reader) -> None:
    signed_in(reader)
    at(f"{path_of(reader)}record")(reader)


def entering_to_look(reader: Reader) -> None:
    reader.start()
    reader.page.get_by_role("button", name="Make a share link").click()
    link = reader.page.locator("#share-link").inner_text()
    reader.page.context.clear_cookies()
    reader.page.goto(link)


def looking(reader: Reader) -> None:
    entering_to_look(reader)
    reader.page.get_by_role("button", name="Show the checklist").click()
    expect(reader.page.locator("main")).to_contain_text("You can look")


def as_staff(address: str) -> Callable[[Reader], None]:
    """Open it as an operator."""

    def arrive(reader: Reader) -> None:
        at("/staff/sign-in")(reader)
        reader.page.get_by_label("User name").fill(STAFF[0])
        reader.page.get_by_label("Password").fill(STAFF[1])
        reader.page.locator("main").get_by_role("button", name="Sign in").click()
        expect(reader.page).to_have_url(re.compile("/staff/$"))
        at(address)(reader)

    return arrive


def helping(reader: Reader) -> None:
    """A checklist of an account, as support sees it."""
    signed_in(reader)
    run = path_of(reader)
    as_staff("/staff/")(reader)
    at(f"/staff{run}")(reader)
    expect(reader.page.locator("main")).to_contain_text("ABCD")


def path_of(reader: Reader) -> str:
    """The path of the run that is shown."""
    return urlsplit(reader.page.url).path


# state -> (template, how to get there)
STATES: dict[str, tuple[str, Callable[[Reader], None]]] = {
    "home": ("home.html", at("/")),
    "suggestions": ("home.html", suggesting),
    "category": ("category.html", at(CATEGORY)),
    "article": ("article.html", at(ARTICLE)),
    "old edition": ("article.html", at(OLD)),
    "long article": ("article.html", at(LONG)),
    "compare": ("compare.html", at(f"{ARTICLE}compare/2015-11-04...2019-09-10/")),
    "authors": ("labels.html", at("/authors/")),
    "keyword": ("label.html", at("/keywords/account/")),
    "long category": ("category.html", at("/many/")),
    "found": ("search.html", at("/search?q=account")),
    "nothing found": ("search.html", at("/search?q=zzzxqj")),
    "no such page": ("error.html", at("/accounts-and-users/closing-account/")),
    "sign in": ("sign_in.html", at("/sign-in")),
    "sign in refused": ("sign_in.html", refused),
    "no runs": ("runs.html", at("/runs/")),
    "runs": ("runs.html", listed),
    "new run": ("run.html", started),
    "ticked run": ("run.html", ticked),
    "checked run": ("run.html", signed_in),
    "blocked run": ("run.html", blocked),
    "long run": ("run.html", finished),
    "confirmation": ("run_action.html", confirming),
    "confirmation refused": ("run_action.html", misspelt),
    "resume link": ("resume.html", resuming),
    "a new edition": ("move.html", moving),
    "record": ("record.html", recorded),
    "share link": ("share.html", entering_to_look),
    "shared run": ("seen.html", looking),
    "staff sign in": ("staff_sign_in.html", at("/staff/sign-in")),
    "staff": ("staff_home.html", as_staff("/staff/")),
    "staff library": ("staff_library.html", as_staff("/staff/library")),
    "staff problems": ("staff_problems.html", as_staff("/staff/problems")),
    "staff searches": ("staff_searches.html", as_staff("/staff/searches")),
    "staff runs": ("staff_runs.html", as_staff("/staff/runs")),
    "staff run": ("staff_run.html", helping),
    "staff state": ("staff_state.html", as_staff("/staff/state")),
    "German home": ("home.html", at("/de/")),
}
PROVOKED = {"no such page": "404", "sign in refused": "401", "confirmation refused": "422"}
