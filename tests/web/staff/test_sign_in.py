import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from kb.web.site import Site
from kb.web.staff.passwords import Passwords
from kb.web.staff.users import UserFile
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of, write_library
from tests.web.staff.team import PASSWORD, QUICK, sign_in


def test_a_member_signs_in_and_out(browser: Browser) -> None:
    assert "Your roles: author" in sign_in(browser, "ann").text()
    browser.submit('form[action="/staff/sign-out"]')
    assert "/staff/sign-in" == browser.path
    assert "/staff/sign-in" == browser.open("/staff/").path


@pytest.mark.parametrize("user", ["ann", "nobody", "", "ann\x00", "ann " * 500, "ａｎｎ"])
def test_a_wrong_password_says_the_same_for_every_name(browser: Browser, user: str) -> None:
    answer = sign_in(browser, user, "wrong horse battery").text('[role="alert"]')
    assert 401 == browser.status
    assert "There is a problem. We do not know this user and password." == answer


@pytest.mark.parametrize("user", ["ANN", " ann ", "ａｎｎ"])
def test_a_name_is_the_same_however_it_is_typed(browser: Browser, user: str) -> None:
    assert "author" in sign_in(browser, user).text()


def test_who_has_no_role_is_told_so_and_sees_nothing(browser: Browser) -> None:
    assert "no role yet" in sign_in(browser, "nob").text()
    assert 403 == browser.open("/staff/library").status


def test_signing_in_leads_to_the_page_that_was_asked_for(browser: Browser) -> None:
    browser.open("/staff/searches").submit("form.fields", user="ann", password=PASSWORD)
    assert "/staff/searches" == browser.path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/staff/../runs/",
        "/runs/",
        "/staff/\r\nX: y",
        "/staff//@evil",
    ],
)
def test_signing_in_leads_nowhere_else(browser: Browser, elsewhere: str) -> None:
    browser.open("/staff/sign-in")
    token = browser.one("input[name=csrf]")["value"]
    form = {"csrf": token, "user": "ann", "password": PASSWORD, "next": elsewhere}
    answer = browser.client.post("/staff/sign-in", data=form, headers=ORIGIN)
    assert (303, "/staff/") == (answer.status_code, answer.headers["Location"])


def test_a_key_that_somebody_planted_is_worth_nothing_after_the_sign_in(browser: Browser) -> None:
    browser.client.set_cookie("kb_staff", "planted")
    sign_in(browser, "ann")
    cookie = browser.client.get_cookie("kb_staff")
    assert cookie
    assert "planted" != cookie.value


def test_whoever_was_signed_in_before_is_not_any_more(app: Flask, browser: Browser) -> None:
    sign_in(browser, "ann")
    cookie = browser.client.get_cookie("kb_staff")
    assert cookie
    other = Browser(app.test_client())
    other.client.set_cookie("kb_staff", cookie.value)
    assert "author" in other.open("/staff/").text()
    form = {"csrf": _token(other), "user": "sue", "password": PASSWORD}
    other.client.post("/staff/sign-in", data=form, headers=ORIGIN)
    assert "/staff/sign-in" == browser.open("/staff/").path


def test_the_form_of_another_browser_is_refused(app: Flask, browser: Browser) -> None:
    """Nobody can be signed in by a form that somebody else fetched."""
    other = Browser(app.test_client()).open("/staff/sign-in")
    browser.open("/staff/sign-in")
    form = {"csrf": other.one("input[name=csrf]")["value"], "user": "ann", "password": PASSWORD}
    assert 409 == browser.client.post("/staff/sign-in", data=form, headers=ORIGIN).status_code
    assert browser.client.get_cookie("kb_staff") is None


def test_a_form_without_our_cookie_is_refused(app: Flask) -> None:
    form = {"csrf": "", "user": "ann", "password": PASSWORD}
    assert 409 == app.test_client().post("/staff/sign-in", data=form, headers=ORIGIN).status_code


def test_the_cookie_is_for_this_host_alone_and_for_no_script(browser: Browser) -> None:
    token = browser.open("/staff/sign-in").one("input[name=csrf]")["value"]
    form = {"csrf": token, "user": "ann", "password": PASSWORD}
    answer = browser.client.post("/staff/sign-in", data=form, headers=ORIGIN)
    (cookie,) = (line for line in answer.headers.getlist("Set-Cookie") if line.startswith("kb_staff="))
    assert re.fullmatch(r"kb_staff=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_a_new_password_or_a_removed_user_ends_the_sign_in(browser: Browser, site: Site) -> None:
    assert site.users
    file = UserFile(site.users)
    sign_in(browser, "ann")
    file.change("ann", QUICK.hash("another horse battery"))
    assert "/staff/sign-in" == browser.open("/staff/").path
    sign_in(browser, "sue")
    file.remove("sue")
    assert "/staff/sign-in" == browser.open("/staff/").path


def test_a_hash_made_with_old_parameters_is_made_anew_and_the_sign_in_goes_on(site: Site) -> None:
    assert site.users
    stricter = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    browser = Browser(create_app(replace(site, passwords=stricter)).test_client())
    before = UserFile(site.users).find("ann")
    assert "author" in sign_in(browser, "ann").text()
    after = UserFile(site.users).find("ann")
    assert before and after
    assert before.hash != after.hash
    assert "m=16,t=2,p=1" in after.hash
    assert before.stamp == after.stamp
    assert "author" in browser.open("/staff/").text()


def test_a_sign_in_ends_after_its_hours(browser: Browser, clock: Clock) -> None:
    sign_in(browser, "ann")
    clock.at += timedelta(hours=12)
    assert "/staff/sign-in" == browser.open("/staff/").path


def test_after_ten_wrong_passwords_the_user_waits_and_others_do_not(browser: Browser) -> None:
    for _ in range(10):
        assert 401 == sign_in(browser, "ann", "wrong horse battery").status
    assert 429 == sign_in(browser, "ann").status
    assert "author" not in browser.text()
    assert "Your roles: support" in sign_in(browser, "sue").text()


def test_right_passwords_are_not_counted(browser: Browser) -> None:
    for _ in range(12):
        sign_in(browser, "ann")
        browser.submit('form[action="/staff/sign-out"]')
    assert "author" in sign_in(browser, "ann").text()


def test_a_file_that_others_may_write_to_lets_nobody_in(browser: Browser, site: Site) -> None:
    assert site.users
    site.users.chmod(0o666)
    assert 401 == sign_in(browser, "ann").status


def test_a_reader_who_is_signed_in_is_not_staff(browser: Browser) -> None:
    browser.open("/sign-in").submit("form.fields", user="pat", password="right")
    assert "/staff/sign-in" == browser.open("/staff/").path


def test_a_site_without_staff_has_no_such_pages(tmp_path: Path, database: Database, clock: Clock) -> None:
    folder = tmp_path / "without"
    folder.mkdir()
    client = create_app(site_of(write_library(folder), database, House(), clock)).test_client()
    assert [404] * 3 == [client.get(path).status_code for path in ("/staff/", "/staff/sign-in", "/staff/state")]


def _token(browser: Browser) -> str:
    """Of the form that a browser gets which is signed in: signing out of it in another tab shows it again."""
    key = browser.client.get_cookie("kb_staff")
    assert key
    browser.client.delete_cookie("kb_staff")
    token = str(browser.open("/staff/sign-in").one("input[name=csrf]")["value"])
    browser.client.set_cookie("kb_staff", key.value)
    return token
