"""Links to a run: to go on with it, and to look at it; which end, are listed, and stand in no log."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kb.database import Database
from tests.web.samples import ORIGIN, Browser, Clock


def link_of(run: Browser, kind: str) -> str:
    return run.submit(f'form[action*="{kind}-codes"]').text(f"#{kind}-link")


@pytest.fixture
def helper(app: Flask, run: Browser) -> Browser:
    """Somebody who opened the reader's share link."""
    link = link_of(run, "share")
    return Browser(app.test_client()).open("/share").submit("main form", code=link)


def test_whoever_has_a_share_link_sees_the_checklist_and_no_form_of_it(run: Browser, helper: Browser) -> None:
    run.open(run.path.partition("share-codes")[0]).submit("#tick-pack", done="yes")
    helper.open(helper.path)
    assert helper.path.startswith("/runs/")
    assert "You can look, and not change anything" in helper.text()
    assert helper.status_of("pack").startswith("Completed, you told us")
    assert [] == helper.page.select("main button, main form:not(.tick)")
    assert [] == helper.page.select("main input:not([disabled], [type=hidden])")


@pytest.mark.parametrize(
    "way", ["events", "answers", "verdicts", "resume-codes", "share-codes", "move", "restart", "account", "codes/x/end"]
)
def test_whoever_may_look_changes_nothing(run: Browser, helper: Browser, way: str) -> None:
    before = helper.client.get(helper.path, headers={"Accept": "application/json"}).get_json()
    csrf = Browser(helper.client).open("/share").one("[name=csrf]")["value"]
    data = {"csrf": csrf, "kind": "tick", "step": "pack", "done": "yes"}
    answer = helper.client.post(f"{helper.path}{way}", data=data, headers=ORIGIN)
    assert 403 == answer.status_code
    assert before == helper.client.get(helper.path, headers={"Accept": "application/json"}).get_json()


def test_a_share_link_is_no_resume_link(app: Flask, run: Browser) -> None:
    link = link_of(run, "share")
    other = Browser(app.test_client()).open("/resume").submit("main form", code=link)
    assert 404 == other.status and "does not work" in other.text()


def test_links_are_listed_with_their_dates_and_end_at_once(app: Flask, run: Browser, helper: Browser) -> None:
    run.open(helper.path)
    assert "opened in 1 browser" in run.text(".links")
    assert "1 March 2026" in run.text(".links") and "8 March 2026" in run.text(".links")
    run.submit('form[action$="/end"]')
    assert not run.has(".links")
    assert 404 == helper.open(helper.path).status


def test_an_ended_resume_link_puts_its_browsers_out(app: Flask, run: Browser) -> None:
    link = link_of(run, "resume")
    other = Browser(app.test_client()).open("/resume").submit("main form", code=link)
    page = other.path
    assert 200 == other.submit("#tick-pack", done="yes").status
    run.open(page).submit('form[action$="/end"]')
    assert 404 == other.open(page).status
    assert run.open(page).status_of("pack").startswith("Completed")


def test_looking_ends_after_a_week(helper: Browser, clock: Clock) -> None:
    clock.at += timedelta(days=7, minutes=1)
    assert 404 == helper.open(helper.path).status


@pytest.mark.parametrize("sent", ["", "nothing", "#", "https://elsewhere.example/resume#x", "x" * 5000, "\x00"])
def test_what_is_no_code_is_answered_kindly(app: Flask, sent: str) -> None:
    other = Browser(app.test_client()).open("/resume").submit("main form", code=sent)
    assert 404 == other.status and "does not work" in other.text("#code-error")


@pytest.mark.parametrize("page", ["/resume", "/share"])
def test_the_page_of_a_link_leads_nowhere_else_and_tells_nobody(app: Flask, page: str) -> None:
    answer = app.test_client().get(page)
    assert "no-referrer" == answer.headers["Referrer-Policy"]
    assert "no-store" == answer.headers["Cache-Control"]
    opened = Browser(app.test_client()).open(page)
    links = [str(link["href"]) for link in opened.page.select("a[href]")]
    assert [] == [href for href in links if not href.startswith(("/", "#"))]


@pytest.mark.parametrize("kind", ["resume", "share"])
def test_no_address_that_a_browser_asks_for_and_no_log_has_the_code(
    app: Flask, run: Browser, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    app.wsgi_app = _remembering(asked, app.wsgi_app)  # type: ignore[method-assign]
    with caplog.at_level(logging.DEBUG):
        link = link_of(run, kind)
        code = link.partition("#")[2]
        Browser(app.test_client()).open(f"/{kind}").submit("main form", code=link)
    assert len(code) > 20
    assert not [line for line in (*asked, caplog.text) if code in line]


def test_only_the_hash_of_a_code_is_in_the_database(run: Browser, database: Database) -> None:
    code = link_of(run, "share").partition("#")[2]
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM run_codes").all()
    assert rows and code not in str(rows)


def _remembering(asked: list[str], app: Callable[..., Any]) -> Callable[..., Any]:
    def remembered(environ: dict[str, Any], start: Any) -> Any:
        asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} {environ.get('HTTP_REFERER')}")
        return app(environ, start)

    return remembered
