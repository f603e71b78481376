from datetime import timedelta

import pytest
from flask import Flask

from kb.checklist.event import Draft
from kb.web.search_log import SearchLog
from kb.web.site import Site
from kb.web.staff.looks import Looks
from kb.web.staff.stuck import stuck_runs
from tests.web.samples import ORIGIN, Browser, Clock
from tests.web.staff.team import sign_in


@pytest.fixture
def reader(app: Flask) -> Browser:
    """Somebody who has just started the checklist."""
    return Browser(app.test_client()).open("/house/moving-out/").submit("form.start")


def run_of(reader: Browser) -> str:
    return reader.path.split("/")[2]


def link(site: Site, run: str) -> None:
    draft = Draft("linked", "linked", "ABCD/pat", body={"account": "ABCD", "user": "pat"})
    site.runs.record(run, draft.id, lambda _events: draft)
    site.ownership.give(run, "ABCD")


@pytest.mark.parametrize(
    ("user", "pages"),
    [
        ("rea", ["Staff", "Library"]),
        ("ann", ["Staff", "Library", "Problems", "Searches"]),
        ("sue", ["Staff", "Library", "Checklists"]),
        ("oli", ["Staff", "Library", "Problems", "Searches", "Checklists", "State"]),
    ],
)
def test_each_role_is_led_to_what_it_may_see(browser: Browser, user: str, pages: list[str]) -> None:
    sign_in(browser, user)
    assert pages == [link.get_text() for link in browser.page.select(".crumbs a")]
    for tag in browser.page.select(".crumbs a"):
        assert 200 == browser.client.get(str(tag["href"])).status_code


def test_an_author_sees_what_readers_did_not_find(browser: Browser, site: Site) -> None:
    SearchLog(site.runs.database, site.clock).count("purple <b>walrus</b>")
    assert "walrus" in sign_in(browser, "ann").open("/staff/searches").text("table")
    assert not browser.has("table b")


def test_an_author_sees_the_faults_of_the_articles_with_place_and_mend(browser: Browser, site: Site) -> None:
    text = sign_in(browser, "ann").open("/staff/problems").text()
    for problem in site.library.problems:
        assert f"{problem.path}:{problem.line}" in text
        assert problem.code in text


def test_an_operator_sees_versions_and_counts(browser: Browser, reader: Browser) -> None:
    text = sign_in(browser, "oli").open("/staff/state").text("table")
    assert "Database sqlite" in text
    assert "Checklists started 1" in text


def test_support_finds_a_run_by_its_share_link_and_only_looks(browser: Browser, reader: Browser, site: Site) -> None:
    run = run_of(reader)
    sign_in(browser, "sue")
    assert 404 == browser.open(f"/staff/runs/{run}/").status
    code = site.codes.make(run, "see")
    browser.open("/staff/runs/").submit("form.fields", run=f"http://localhost/share#{code}")
    assert (200, f"/staff/runs/{run}/") == (browser.status, browser.path)
    assert "Pack your things" in browser.text()
    assert ["/staff/sign-out"] == [form["action"] for form in browser.page.select("main form")]
    site.codes.revoke(run, site.codes.of(run)[0].name)
    assert 404 == browser.open(f"/staff/runs/{run}/").status


def test_a_resume_code_is_no_key_for_support(browser: Browser, reader: Browser, site: Site) -> None:
    code = site.codes.make(run_of(reader), "tick")
    sign_in(browser, "sue").open("/staff/runs/").submit("form.fields", run=code)
    assert 404 == browser.status
    assert "Ask the reader for a new share link" in browser.text('[role="alert"]')


def test_what_one_was_let_into_another_was_not(browser: Browser, reader: Browser, site: Site, app: Flask) -> None:
    run, code = run_of(reader), site.codes.make(run_of(reader), "see")
    sign_in(browser, "sue").open("/staff/runs/").submit("form.fields", run=code)
    assert 200 == browser.status
    other = sign_in(Browser(app.test_client()), "oli")
    assert 404 == other.open(f"/staff/runs/{run}/").status


def test_a_run_that_is_linked_to_an_account_is_found_by_its_id(browser: Browser, reader: Browser, site: Site) -> None:
    link(site, run_of(reader))
    sign_in(browser, "sue").open("/staff/runs/").submit("form.fields", run=run_of(reader))
    assert "Account ABCD" in browser.text()


@pytest.mark.parametrize("sent", ["", " ", "x" * 100_000, "\x00", "../../", "' or 1=1 --", "é", "#", "/"])
def test_what_is_no_code_and_no_id_is_said_so(browser: Browser, sent: str) -> None:
    sign_in(browser, "sue").open("/staff/runs/").submit("form.fields", run=sent)
    assert 404 == browser.status


def test_every_look_is_written_down_and_shown(browser: Browser, reader: Browser, site: Site, app: Flask) -> None:
    link(site, run_of(reader))
    before = site.runs.events(run_of(reader))
    sign_in(browser, "sue").open(f"/staff/runs/{run_of(reader)}/")
    assert "local:sue" in browser.text()
    assert [("local:sue", run_of(reader), "account")] == [
        (look.staff, look.run, look.how) for look in Looks(site.runs.database, site.clock).last()
    ]
    assert before == site.runs.events(run_of(reader))
    operator = sign_in(Browser(app.test_client()), "oli").open("/staff/state")
    assert run_of(reader) in operator.text()


def test_support_sees_who_is_stuck_at_which_step_and_why(browser: Browser, reader: Browser, site: Site) -> None:
    reader.client.post(
        f"{reader.path}events",
        data={"kind": "answer", "question": "lease", "answer": "yes", "csrf": reader.one("[name=csrf]")["value"]},
        headers=ORIGIN,
    )
    text = sign_in(browser, "sue").open("/staff/runs/").text("table")
    assert "Talk to the landlord first." in text
    assert not browser.has("table a"), "a run that is not linked to an account can only be opened by a share link"


def test_a_reader_who_just_stopped_is_stuck_after_a_day(browser: Browser, reader: Browser, clock: Clock) -> None:
    assert not sign_in(browser, "sue").open("/staff/runs/").has("table")
    clock.at += timedelta(days=2)
    assert "Nothing was done since" in sign_in(browser, "sue").open("/staff/runs/").text("table")


def test_the_list_goes_on_with_those_who_started_before(site: Site, app: Flask, clock: Clock) -> None:
    for _ in range(3):
        Browser(app.test_client()).open("/house/moving-out/").submit("form.start")
        clock.at += timedelta(minutes=1)
    clock.at += timedelta(days=2)
    first = stuck_runs(site, None, most=2)
    rest = stuck_runs(site, first.before, most=2)
    assert (2, 1, None) == (len(first.stuck), len(rest.stuck), rest.before)


@pytest.mark.parametrize("before", ["x", "", "2026-01-01", "9999-99-99T00:00:00+00:00", "2026-01-01T00:00:00+00:00"])
def test_any_moment_may_be_asked_for(browser: Browser, before: str) -> None:
    sign_in(browser, "sue")
    assert 200 == browser.client.get("/staff/runs/", query_string={"before": before}).status_code
