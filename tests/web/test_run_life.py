"""A run as a whole: its name, the list of runs, starting again, giving up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from tests.web.samples import ORIGIN, SIDE_FILE, Browser, Clock, House, site_of
from tests.web.test_runs import cleared, no_lease, signed_in

PAGE = "/house/moving-out/"


def data_of(browser: Browser, path: str) -> Any:
    return browser.client.get(path, headers={"Accept": "application/json"}).json


def groups(browser: Browser) -> dict[str, list[str]]:
    """The names in the list of checklists, by group."""
    browser.open("/runs/")
    return {
        str(section.select_one("h2").contents[0]).strip(): [row.get_text(strip=True) for row in section.select("h3")]  # type: ignore[union-attr]
        for section in browser.page.select(".run-group")
    }


def abandoned(run: Browser, reason: str = "I stay") -> Browser:
    return run.submit("#abandon form", reason=reason)


def test_a_run_is_named_and_called_so_everywhere(run: Browser) -> None:
    page = run.submit("#rename form", name="  Flat in\tOak Street ").path
    assert "Flat in Oak Street" == run.text("h1")
    assert "Moving out" in run.text(".page-head .meta")
    assert {"In progress": ["Flat in Oak Street"]} == groups(run)
    run.open(page).submit("#rename form", name="")
    assert "Moving out" == run.text("h1")


def test_several_runs_of_one_article_are_told_apart(run: Browser) -> None:
    for _ in range(2):
        run.open(PAGE).submit("form.start")
    assert "Moving out (3)" == run.text("h1")
    assert {"Moving out", "Moving out (2)", "Moving out (3)"} == set(groups(run)["In progress"])


def test_runs_are_listed_by_how_they_stand_the_last_changed_first(run: Browser, clock: Clock) -> None:
    first = run.path
    clock.at += timedelta(hours=1)
    run.open(PAGE).submit("form.start")
    abandoned(run)
    clock.at += timedelta(hours=1)
    third = run.open(PAGE).submit("form.start").path
    clock.at += timedelta(hours=1)
    run.open(first).submit("#tick-pack", done="yes")
    assert {"In progress": ["Moving out", "Moving out (3)"], "Abandoned": ["Moving out (2)"]} == groups(run)
    assert "1 of 3 done" in run.text(".run-group li")
    assert "1 you told us" in run.text(".run-group li")
    assert "Next: step 2 : Empty all rooms." in run.text(".run-group li")
    assert "Last change 1 March 2026, 12:00 UTC" in run.text(".run-group li")
    assert "Edition of 1 February 2026" in run.text(".run-group li")
    assert run.has(f'.run-group a[href="{third}"]')


def test_the_list_tells_what_was_checked_from_what_was_told(run: Browser, house: House) -> None:
    cleared(run, house).submit("#tick-pack", done="yes")
    assert {"In progress": ["Moving out"]} == groups(run)
    assert "1 checked 1 you told us" in run.text(".run-progress")
    (row,) = data_of(run, "/runs/")["runs"]
    assert (1, 1, 0) == (row["checked"], row["told"], row["notNeeded"])
    assert ("in-progress", 2, 3, 3, "ABCD") == tuple(
        row[name] for name in ("state", "done", "total", "next", "account")
    )


def test_an_abandoned_run_says_why_and_can_only_be_read(run: Browser) -> None:
    page = run.submit("#tick-pack", done="yes").path
    old = run.page
    abandoned(run, "We stay here.")
    assert "1 March 2026, 09:00 UTC: We stay here." in run.text(".call")
    assert run.has("#done-pack[checked][disabled]")
    assert not run.has("#rename, #abandon, .more, #check-all, .question")
    run.page = old
    run.submit("#tick-pack", done=None)
    assert 409 == run.status
    assert "You abandoned this checklist" in run.text("#step-pack")
    assert {"Abandoned": ["Moving out"]} == groups(run)
    run.open(page).submit("#reopen")
    assert not run.has("#done-pack[disabled]")
    assert {"In progress": ["Moving out"]} == groups(run)


def test_an_abandoned_run_wants_a_reason(run: Browser) -> None:
    abandoned(run, "  ")
    assert 409 == run.status
    assert "Write down why" in run.text()


@pytest.mark.parametrize("way", ["verdicts", "answers", "steps/empty/follow"])
def test_an_abandoned_run_asks_nothing_of_the_account(run: Browser, house: House, way: str) -> None:
    house.slow = True
    page = run.path
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    run.submit("main form", alias="ABCD", target=["thing:sofa", "thing:lamp"])
    csrf = str(run.one("[name=csrf]")["value"])
    abandoned(run)
    before = data_of(run, page)["version"]
    data = {"csrf": csrf, "step": "empty", "answer-attic": "nothing"}
    assert 409 == run.client.post(f"{page}{way}", data=data, headers=ORIGIN).status_code
    assert ["sofa"] == house.sent
    assert before == data_of(run, page)["version"]


def test_starting_again_keeps_the_old_run_to_read_and_gives_a_new_one_of_the_same_name(run: Browser) -> None:
    old = run.submit("#tick-pack", done="yes").submit("#rename form", name="Oak Street").path
    run.submit("#again form")
    new = run.path
    assert old != new
    assert "Oak Street" == run.text("h1")
    assert "0 of 3 done" in run.text("#progress")
    run.open(old)
    assert run.has(f'.call a[href="{new}"]')
    assert run.has("#done-pack[checked][disabled]")
    assert {
        "In progress": ["Oak Street"],
        "Started again": ["Oak Street, 1 March 2026, 09:00 UTC"],
    } == groups(run)


def test_starting_again_twice_leads_to_one_new_run(run: Browser, app: Flask) -> None:
    page, csrf = run.path, str(run.one("[name=csrf]")["value"])
    cookie = f"kb_reader={run.client.get_cookie('kb_reader').value}"  # type: ignore[union-attr]

    def again(_number: int) -> str:
        client = app.test_client(use_cookies=False)
        answer = client.post(f"{page}restart", data={"csrf": csrf}, headers={**ORIGIN, "Cookie": cookie})
        return answer.headers.get("Location", str(answer.status_code))

    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(again, range(4)))
    places.discard("503")
    assert 1 == len(places)
    assert [places.pop()] == [row["url"] for row in data_of(run, "/runs/")["runs"] if row["state"] == "in-progress"]
    assert run.open(f"{page}restart").path == page


@pytest.fixture
def reopened(tmp_path: Path, database: Database, house: House, clock: Clock) -> Callable[[], Flask]:
    """The same site, started again after its articles were changed."""
    return lambda: create_app(site_of(tmp_path / "library", database, house, clock))


def again_in(app: Flask, run: Browser) -> Browser:
    other = Browser(app.test_client())
    other.client.set_cookie("kb_reader", run.client.get_cookie("kb_reader").value)  # type: ignore[union-attr]
    return other.open(run.path).submit("#again form")


def test_starting_again_follows_the_current_edition(
    run: Browser, tmp_path: Path, reopened: Callable[[], Flask]
) -> None:
    article = tmp_path / "library" / "House" / "moving-out.md"
    text = article.read_text()
    article.with_name("moving-out@2026-02-01.md").write_text(text)
    article.with_name("moving-out@2026-02-01.checklist.yaml").write_text(SIDE_FILE)
    article.write_text(text.replace("2026-02-01", "2026-02-20").replace("Pack your things", "Pack your things well"))
    new = again_in(reopened(), run)
    assert "2026-02-20" == data_of(new, new.path)["edition"]
    assert "Pack your things well" in new.text("#step-pack")


def test_a_run_whose_article_is_gone_cannot_start_again_and_says_so(
    run: Browser, tmp_path: Path, reopened: Callable[[], Flask]
) -> None:
    for file in (tmp_path / "library" / "House").iterdir():
        file.unlink()
    new = again_in(reopened(), run)
    assert 409 == new.status
    assert "The article of this checklist is not here any more" in new.text()


def test_a_note_keeps_its_lines_and_can_be_changed_and_removed(run: Browser) -> None:
    run.submit("#note-pack", text="  Two boxes\r\n<b>and</b> a bag\x00 ")
    assert "Two boxes\n<b>and</b> a bag" == run.one("#step-pack .own-note-text").get_text()
    assert "Your note of 1 March 2026, 09:00 UTC" in run.text("#step-pack .own-note")
    assert "Two boxes\n<b>and</b> a bag" == run.one("#note-text-pack").get_text().removeprefix("\n")
    run.submit("#note-pack", text="One box")
    assert "One box" == run.text("#step-pack .own-note-text")
    run.submit("#note-pack", text="")
    assert not run.has(".own-note")


def test_a_very_long_note_is_cut_and_still_an_answer(run: Browser) -> None:
    run.submit("#note-pack", text="é" * 20_000)
    assert 4000 == len(run.one("#step-pack .own-note-text").get_text())


def test_a_step_that_is_not_needed_says_why_and_counts(run: Browser) -> None:
    run.submit("#not-needed-pack", reason="Everything is the landlord's. Really.")
    assert "Not needed: Everything is the landlord's" == run.status_of("pack")
    assert "1 March 2026, 09:00 UTC that this step is not needed: Everything is the landlord's. Really." in run.text(
        "#step-pack .left-out"
    )
    assert "1 of 3 done" in run.text("#progress")
    assert not run.has("#done-pack[checked]")
    run.submit("#needed-pack")
    assert "Not started" == run.status_of("pack")


def test_ticking_a_step_that_was_not_needed_makes_it_done(run: Browser) -> None:
    run.submit("#not-needed-pack", reason="None").submit("#tick-pack", done="yes")
    assert run.status_of("pack").startswith("Completed, you told us")


@pytest.mark.parametrize(
    ("step", "words"), [("empty", "must pass"), ("hand-in", "abandon"), ("deposit", "waits for the landlord")]
)
def test_what_must_be_done_cannot_be_left_out_and_the_page_says_why(run: Browser, step: str, words: str) -> None:
    assert not run.has(f"#not-needed-{step}")
    data = {"kind": "not-needed", "step": step, "reason": "x", "csrf": str(run.one("[name=csrf]")["value"])}
    answer = run.client.post(f"{run.path}events", data=data, headers=ORIGIN)
    assert 409 == answer.status_code
    assert words in answer.text


def test_what_remains_is_said_when_the_run_is_finished(run: Browser) -> None:
    no_lease(run).submit("#not-needed-pack", reason="Nothing is mine")
    run.submit('#step-hand-in form:has([value="word"])', said="done")
    run.submit('#step-hand-in form:has([value="reveal"])').submit("form.confirm", alias="abcd")
    assert {"finished": True, "state": "finished", "done": 2} == {
        name: data_of(run, run.path)[name] for name in ("finished", "state", "done")
    }
    rest = run.text(".finished .rest")
    assert "Not done: step 2" in rest
    assert "Not needed, you told us: step 1" in rest
    assert "Done, you told us; nobody checked: step 3" in rest
    assert "Waiting for others: step 4" in rest
    assert {"Finished": ["Moving out"]} == groups(run)
    assert "1 step was left open. 1 step waits for others" in run.text(".run-group")


def test_the_next_open_step_is_named_and_open_steps_can_be_skipped_to(run: Browser) -> None:
    assert "#step-pack" == run.one("#progress a")["href"]
    run.submit("#tick-empty", done="yes")
    assert "#step-pack" == run.one("#progress a")["href"]
    assert "#step-hand-in" == run.one("#step-pack a.on")["href"]
    run.submit("#tick-pack", done="yes")
    assert "step 3 : Hand in the key." == run.text("#progress a")
    assert run.text("title").startswith("2 of 3 done: Moving out")


HOSTILE = "<script>alert(1)</script>%(x)s {{ 7*7 }}"


def test_what_readers_write_is_shown_as_they_wrote_it_and_never_run(run: Browser) -> None:
    run.submit("#rename form", name=HOSTILE).submit("#note-pack", text=HOSTILE)
    run.submit("#not-needed-pack", reason=HOSTILE)
    assert HOSTILE == run.text("h1")
    assert HOSTILE == run.text(".own-note-text")
    assert HOSTILE in run.text(".left-out")
    run.submit("#abandon form", reason=HOSTILE)
    assert HOSTILE in run.text(".call")
    assert not run.has("main script")
    run.open("/runs/")
    assert 2 == run.text().count(HOSTILE)
    assert not run.has("main script")
