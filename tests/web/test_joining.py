"""Whose a run is: its browser's, then its account's; and what becomes of what was done before signing in."""

from pathlib import Path

import pytest
from flask import Flask

from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.store import RunStore
from kb.database import Database
from kb.web.app import create_app
from tests import house_editions
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of

PAGE = "/house/moving-out/"


def new_browser(app: Flask) -> Browser:
    return Browser(app.test_client())


def start(browser: Browser) -> Browser:
    return browser.open(PAGE).submit("form.start")


def sign_in(browser: Browser, user: str = "pat", next: str = "/runs/") -> Browser:
    return browser.open(f"/sign-in?next={next}").submit("form.fields", user=user, password="right")


def sign_out(browser: Browser) -> Browser:
    return browser.open("/runs/").submit("form.out")


@pytest.fixture
def account_run(app: Flask) -> str:
    """The path of a run that pat started for the account ABCD in another browser, with one tick."""
    browser = start(sign_in(new_browser(app)))
    return browser.submit("#tick-pack", done="yes").path


def test_users_of_the_account_have_its_runs_in_every_browser(app: Flask, account_run: str) -> None:
    other = sign_in(new_browser(app), "kim")
    assert other.has(f'a[href="{account_run}"]')
    assert other.open(account_run).has("#done-pack[checked]")
    assert not sign_out(other).has(f'a[href="{account_run}"]')
    assert 404 == other.open(account_run).status


def test_users_of_another_account_have_nothing_of_it(app: Flask, account_run: str) -> None:
    other = sign_in(new_browser(app), "sam")
    assert not other.has(f'a[href="{account_run}"]')
    assert 404 == other.open(account_run).status


def test_who_did_it_is_written_down(app: Flask, account_run: str) -> None:
    other = sign_in(new_browser(app), "kim").open(account_run)
    other.submit("#tick-empty", done="yes")
    steps = other.client.get(account_run, headers={"Accept": "application/json"}).get_json()["steps"]
    assert ["ABCD/pat", "ABCD/kim"] == [step["told"]["by"] for step in steps[:2]]


def test_a_user_whose_role_changes_nothing_only_looks(app: Flask, account_run: str) -> None:
    viewer = sign_in(new_browser(app), "viewer")
    assert viewer.has(f'a[href="{account_run}"]')
    viewer.open(account_run)
    assert "You can look, and not change anything" in viewer.text()
    csrf = viewer.one("[name=csrf]")["value"]
    data = {"csrf": csrf, "kind": "untick", "step": "pack"}
    assert 403 == viewer.client.post(f"{account_run}events", data=data, headers=ORIGIN).status_code
    assert viewer.open(account_run).status_of("pack").startswith("Completed")


def test_signing_in_from_a_run_gives_it_to_the_account(app: Flask) -> None:
    run = start(new_browser(app)).submit("#tick-pack", done="yes")
    page = run.path
    assert page == sign_in(run, next=page).path
    assert sign_in(new_browser(app), "kim").open(page).status_of("pack").startswith("Completed")


def test_all_other_runs_of_the_browser_are_offered_and_not_taken(app: Flask) -> None:
    run = start(new_browser(app))
    page = run.path
    sign_in(run)
    assert 404 == sign_in(new_browser(app), "kim").open(page).status
    run.submit(f'form[action="{page}account"]')
    assert page == run.path
    assert 200 == sign_in(new_browser(app), "kim").open(page).status
    assert not run.open("/runs/").has(f'form[action="{page}account"]')


def test_what_was_done_before_signing_in_is_taken_over_by_the_accounts_run(app: Flask, account_run: str) -> None:
    mine = start(new_browser(app)).submit("#tick-empty", done="yes").submit("#question-lease", answer="no")
    page = mine.path
    sign_in(mine, next=page)
    assert account_run == mine.path
    assert "What you did before you signed in is here now" in mine.text()
    assert mine.has("#done-pack[checked]") and mine.has("#done-empty[checked]")
    assert mine.has("#question-lease [value=no][checked]")
    assert not mine.open("/runs/").has(f'a[href="{page}"]')
    assert account_run == mine.open(page).path
    sign_out(mine)
    assert "is part of your account’s now" in mine.open(page).text()
    assert mine.has("#done-empty[checked]")  # nothing is lost
    assert 404 == mine.open(account_run).status


def test_a_closed_run_takes_no_tick_any_more(app: Flask, account_run: str) -> None:
    mine = start(new_browser(app))
    page = mine.path
    sign_out(sign_in(mine, next=page))
    csrf = mine.open(page).one("[name=csrf]")["value"]
    data = {"csrf": csrf, "kind": "tick", "step": "pack", "done": "yes"}
    assert 409 == mine.client.post(f"{page}events", data=data, headers=ORIGIN).status_code


def test_two_runs_of_the_account_take_nothing_over(app: Flask, account_run: str) -> None:
    start(sign_in(new_browser(app)))
    mine = start(new_browser(app)).submit("#tick-empty", done="yes")
    page = mine.path
    assert page == sign_in(mine, next=page).path
    assert "Both are kept" in mine.text()


def test_a_run_of_another_account_is_left_alone(app: Flask, account_run: str) -> None:
    other = start(sign_in(new_browser(app), "sam")).submit("#tick-empty", done="yes")
    page = other.path
    sign_out(other)
    assert page == sign_in(other, "pat", next=page).path
    assert "belongs to another account" in other.text()
    assert not new_and_signed_in(app, account_run).has("#done-empty[checked]")


def new_and_signed_in(app: Flask, page: str) -> Browser:
    return sign_in(new_browser(app), "kim").open(page)


def test_what_was_confirmed_for_another_account_is_not_taken_over(app: Flask, account_run: str) -> None:
    mine = start(new_browser(app)).submit("#question-lease", answer="no")
    page = mine.path
    mine.submit('#step-hand-in form:has([value="word"])', said="done")
    mine.submit('#step-hand-in form:has([value="reveal"])').submit("form.confirm", alias="WXYZ")
    assert page == sign_in(mine, next=page).path
    assert not new_and_signed_in(app, account_run).status_of("hand-in").startswith("Completed")
    assert 404 == new_and_signed_in(app, page).status


def test_on_other_steps_both_runs_are_kept(database: Database, house: House, clock: Clock, tmp_path: Path) -> None:
    app = create_app(site_of(house_editions.write_old(tmp_path / "old"), database, house, clock))
    account = start(sign_in(new_browser(app))).submit("#tick-tell", done="yes").path
    app = create_app(site_of(house_editions.write_both(tmp_path / "new"), database, house, clock))
    mine = start(new_browser(app)).submit("#tick-photos", done="yes")
    page = mine.path
    assert page == sign_in(mine, next=page).path
    assert "Both are kept" in mine.text()
    assert mine.has("#done-photos[checked]")
    assert mine.open(account).has("#done-tell[checked]")


def test_a_machine_that_was_switched_off_between_the_halves_loses_nothing(
    app: Flask, account_run: str, database: Database, clock: Clock
) -> None:
    """The browser's run is closed first; whoever opens it then has it taken over."""
    mine = start(new_browser(app)).submit("#tick-empty", done="yes")
    page = mine.path
    closing = Draft("into", "merged", "ABCD/pat", body={"into": account_run.split("/")[2]})
    store = RunStore(database, clock, chain_of(b"key"))
    store.record(page.split("/")[2], closing.id, lambda _events: closing)
    sign_in(mine).open(page)
    assert account_run == mine.path and mine.has("#done-empty[checked]")
    mine.open(page)
    events = store.events(account_run.split("/")[2])
    assert 1 == [event.kind for event in events].count("merged")


def test_a_run_that_was_closed_for_one_account_is_nothing_to_another(app: Flask, account_run: str) -> None:
    mine = start(new_browser(app)).submit("#tick-empty", done="yes")
    page = mine.path
    sign_out(sign_in(mine, next=page))
    sign_in(mine, "sam").open(page)
    assert page == mine.path and "is part of your account" in mine.text()
    csrf = mine.one("[name=csrf]")["value"]
    assert 409 == mine.client.post(f"{page}account", data={"csrf": csrf}, headers=ORIGIN).status_code
    assert 404 == mine.open(account_run).status


def test_an_abandoned_run_stays_abandoned_when_its_reader_signs_in(app: Flask, account_run: str) -> None:
    mine = start(new_browser(app)).submit("#tick-empty", done="yes")
    page = mine.path
    mine.submit('form:has([value="abandoned"])', reason="Stayed.")
    assert page == sign_in(mine, next=page).path
    assert "You abandoned this checklist" in mine.text()
    assert not mine.open(account_run).has("#done-empty[checked]")
