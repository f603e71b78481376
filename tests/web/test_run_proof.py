"""Whose word a status rests on: what was checked can be opened to its evidence, and grows old."""

from datetime import timedelta
from typing import Any

import pytest

from kb.account.overhear import overhear
from kb.checklist.chain import chain_of
from kb.checklist.store import RunStore
from kb.database import Database
from kb.web.checking import MOST_REQUESTS, shortened
from tests.web.samples import ORIGIN, Browser, Clock, House, link_to
from tests.web.test_api import conforms
from tests.web.test_run_life import data_of
from tests.web.test_runs import cleared, no_lease, signed_in


def step_of(browser: Browser, number: int) -> Any:
    data = browser.client.get(browser.path, headers={"Accept": "application/json"}).json
    assert data
    return data["steps"][number - 1]


def test_a_verdict_opens_to_what_was_asked_when_by_whom_and_how_long_it_counts(run: Browser, house: House) -> None:
    cleared(run, house)
    proof = run.text("#proof-empty")
    for words in (
        "Answer Passed",
        "Checked 1 March 2026, 09:00 UTC , less than a minute ago",
        "Counts Until 1 March 2026, 09:15 UTC, for what waits for this step.",
        "Asked The account ABCD house.empty",
        "Signed in pat",
        "You told us that nothing is left of: attic.",
    ):
        assert words in proof
    assert "It counts until 1 March 2026, 09:15 UTC." in run.text("#found-empty")


def test_a_verdict_that_failed_opens_to_it_too_and_shows_what_it_found(run: Browser) -> None:
    signed_in(run).submit("#check-all")
    assert "Answer Not passed" in run.text("#proof-empty")
    assert "Sofa" in run.text("#found-empty .things")


def test_a_prerequisite_opens_to_what_it_rests_on(run: Browser) -> None:
    signed_in(run).submit("#check-all")
    assert "Answer Passed" in run.text("#proof-tenant")
    assert "Asked The account ABCD house.is_tenant" in run.text("#proof-tenant")


def test_to_check_everything_asks_each_thing_once(run: Browser, database: Database, clock: Clock) -> None:
    signed_in(run)
    clock.at += timedelta(minutes=6)  # so that the prerequisites are too old
    name = run.path.split("/")[2]
    store = RunStore(database, clock, chain_of(b"key"))
    before = len(store.events(name))
    run.submit("#check-all")
    assert ["tenant", "empty"] == [event.step for event in store.events(name)[before:]]


def test_what_is_not_known_looks_like_neither_failure_nor_success(run: Browser, house: House) -> None:
    house.rooms.clear()
    no_lease(signed_in(run)).submit("#check-all")
    assert "In progress, not known yet: Tell us about the attic" == run.status_of("empty")
    assert run.has("#step-empty.is-unknown .status.unknown .icon.ask")
    assert "Answer Not known" in run.text("#proof-empty")
    assert not run.has("#step-empty .status.problem, #done-empty[checked]")


def test_what_could_not_be_checked_keeps_the_last_answer_with_its_age(run: Browser, house: House, clock: Clock) -> None:
    cleared(run, house)
    house.reachable = False
    clock.at += timedelta(minutes=5)
    run.submit("#check-all")
    assert run.status_of("empty").startswith("Completed, checked 1 March 2026, 09:00 UTC")
    assert run.has("#step-empty .call.unknown")
    assert "Answer Not known" in run.text("#proof-empty-tried")
    assert "Tried 1 March 2026, 09:05 UTC. The last answer is of 1 March 2026, 09:00 UTC." in run.text("#step-empty")
    assert "Checked 1 March 2026, 09:00 UTC, 5 minutes ago" in run.text("#found-empty")


def test_a_verdict_that_is_too_old_says_so(run: Browser, house: House, clock: Clock) -> None:
    cleared(run, house)
    clock.at += timedelta(hours=3)
    run.open(run.path)
    assert run.status_of("empty").endswith("; check again before you go on")
    assert run.has("#status-empty.stale")
    assert "This answer counted until 1 March 2026, 09:15 UTC." in run.text("#found-empty")
    assert "It counted until 1 March 2026, 09:15 UTC. Check again." in run.text("#proof-empty")
    assert "3 hours ago" in run.text("#proof-empty")
    assert True is step_of(run, 2)["checked"]["stale"]


def test_an_answer_that_was_changed_since_makes_the_verdict_worth_nothing(run: Browser, house: House) -> None:
    cleared(run, house).submit('form[action="/sign-out"]')
    page = str(run.open("/runs/").one(".row-head a")["href"])
    run.open(page).submit("#questions-empty", **{"answer-attic": "something"})
    assert "Check again: you changed an answer" == run.status_of("empty")
    assert "This answer does not count any more." in run.text("#found-empty")
    assert True is step_of(run, 2)["checked"]["void"]


def test_what_the_reader_answered_has_its_own_date(run: Browser, house: House, clock: Clock) -> None:
    cleared(run, house)
    clock.at += timedelta(minutes=7)
    run.submit("#check-all")
    assert "You told us 1 March 2026, 09:00 UTC." in run.text("#answers-empty")
    assert run.status_of("empty").startswith("Completed, checked 1 March 2026, 09:07 UTC")
    assert [{"question": "attic", "answer": "nothing", "at": "2026-03-01T09:00:00Z"}] == step_of(run, 2)["answers"]


def test_told_and_checked_are_drawn_apart(run: Browser, house: House) -> None:
    cleared(run, house).submit("#tick-pack", done="yes")
    assert run.has("#status-pack.done-said .icon.tick")
    assert run.has("#status-empty.done-seen .icon.seen")
    assert run.has("#done-pack:not([disabled])")
    assert run.has("#done-empty[checked][disabled]"), "what was proven is not the reader's to untick"


def test_data_tells_what_was_told_from_what_was_checked(run: Browser, house: House) -> None:
    cleared(run, house).submit("#tick-pack", done="yes").submit("#note-pack", text="One box")
    pack, empty = step_of(run, 1), step_of(run, 2)
    told = {"at": "2026-03-01T09:00:00Z", "by": "ABCD/pat"}
    assert (told, None, {"text": "One box", **told}) == (pack["told"], pack["checked"], pack["note"])
    assert empty["told"] is None
    assert {
        "outcome": "passed",
        "at": "2026-03-01T09:00:00Z",
        "by": "ABCD/pat",
        "until": "2026-03-01T09:15:00Z",
        "stale": False,
        "void": False,
        "check": "house.empty",
        "told": ["attic"],
    }.items() <= empty["checked"].items()
    assert "must-pass" == empty["gate"]


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ([], ()),
        (["GET /a", "GET /b", "GET /a"], ("GET /a (2 times)", "GET /b")),
        ([f"GET /{number}" for number in range(100)], (*(f"GET /{n}" for n in range(MOST_REQUESTS)), "and 40 more")),
    ],
)
def test_each_request_is_named_once_and_of_many_the_first(heard: list[str], expected: tuple[str, ...]) -> None:
    assert expected == shortened(heard)


def test_requests_are_heard_without_their_secrets(house: House, clock: Clock) -> None:
    link = link_to(house, clock)
    with link.open(link.sign_in("pat", "right")) as account:
        with overhear(account) as heard:
            sent = account.client.change("GET", "/v2/groups/ABCD?token=secret")
        account.client.change("GET", "/v2/not-heard")
    assert "not sent" == sent.fate
    assert ["GET /v2/groups/ABCD"] == heard


def test_data_of_every_state_is_as_the_document_says(run: Browser, house: House) -> None:
    page = cleared(run, house).submit("#note-pack", text="One box").path
    run.submit("#not-needed-pack", reason="Nothing is mine")
    conforms(data_of(run, page), "/runs/{run}/")
    csrf = str(run.one("[name=csrf]")["value"])
    headers = {**ORIGIN, "Accept": "application/json"}
    for kind in ("tick", "not-needed", "abandoned", "tick"):
        data = {"csrf": csrf, "kind": kind, "step": "empty", "reason": "x"}
        answer = run.client.post(f"{page}events", data=data, headers=headers)
        conforms(answer.json, "/runs/{run}/events", str(answer.status_code), "post")
    conforms(data_of(run, "/runs/"), "/runs/")
