import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from kb.checklist.check import Target
from tests.web.samples import ORIGIN, Browser, Clock, House


def signed_in(run: Browser, user: str = "pat") -> Browser:
    page = run.path
    run.open(f"/sign-in?next={page}")
    return run.submit("form.fields", user=user, password="right")


def no_lease(run: Browser) -> Browser:
    return run.submit("#question-lease", answer="no")


def cleared(run: Browser, house: House) -> Browser:
    """Signed in, question answered, all rooms empty, checked."""
    house.rooms.clear()
    no_lease(signed_in(run)).submit("#check-all")
    return run.submit("#questions-empty", **{"answer-attic": "nothing"})


def test_anyone_can_start_a_run_and_tick(run: Browser) -> None:
    assert 200 == run.status
    assert "Not started" == run.status_of("pack")
    run.submit("#tick-pack", done="yes")
    assert "Completed, you told us 1 March 2026, 09:00 UTC" == run.status_of("pack")
    assert run.has("#done-pack[checked]")
    assert "1 of 3 done" in run.text("#progress")


def test_a_box_that_is_cleared_and_saved_takes_the_tick_back(run: Browser) -> None:
    run.submit("#tick-pack", done="yes").submit("#tick-pack", done=None)
    assert "Not started" == run.status_of("pack")


def test_ticks_are_there_in_another_tab_and_listed(run: Browser) -> None:
    page = run.submit("#tick-pack", done="yes").path
    assert run.open("/runs/").has(f'a[href="{page}"]')
    assert run.open(page).has("#done-pack[checked]")


def test_another_browser_sees_nothing_until_it_redeems_a_resume_link(run: Browser, app: Flask) -> None:
    page = run.submit("#tick-pack", done="yes").path
    other = Browser(app.test_client())
    assert 404 == other.open(page).status
    assert "private to the browser" in other.text()
    run.submit('form[action*="resume-codes"]')
    link = run.text("#resume-link")
    other.open("/resume").submit("main form", code=link)
    assert page == other.path
    assert other.has("#done-pack[checked]")


def test_opening_a_resume_link_alone_admits_nobody(run: Browser, app: Flask) -> None:
    page = run.path
    link = run.submit('form[action*="resume-codes"]').text("#resume-link")
    other = Browser(app.test_client()).open(re.sub("^http://[^/]+", "", link))
    assert 404 == other.open(page).status


def test_signed_out_the_reader_goes_on_by_a_word_that_is_kept_as_such(run: Browser) -> None:
    no_lease(run)
    assert run.status_of("hand-in").startswith("Cannot start yet: step 2 was not checked")
    run.submit('#step-hand-in form:has([value="word"])', said="left")
    assert "You told us" in run.text("#step-hand-in")
    run.submit('#step-hand-in form:has([value="reveal"])')
    assert run.has('#step-hand-in a[href="https://landlord.example/"]')
    run.submit("form.confirm", alias="abcd")
    assert run.status_of("hand-in").startswith("Completed, you told us")
    assert "The deposit is not back yet." in run.text(".finished")
    assert "It rests on: said-left." in run.text("#after")


def test_a_prepared_address_is_not_in_the_page_before_its_warning_was_confirmed(run: Browser) -> None:
    no_lease(run).submit('#step-hand-in form:has([value="word"])', said="done")
    assert "It acts at once." in run.text("#step-hand-in")
    assert "landlord.example" not in str(run.page)


def test_a_question_answered_yes_stops_the_run_and_can_be_changed(run: Browser) -> None:
    run.submit("#question-lease", answer="yes")
    assert "Talk to the landlord first." in run.text()
    assert "Cannot start yet: Talk to the landlord first" == run.status_of("pack")
    assert run.has("#done-pack[disabled]")
    no_lease(run)
    assert "Not started" == run.status_of("pack")


def test_signed_in_a_step_checks_itself_and_lists_what_is_left(run: Browser) -> None:
    signed_in(run).submit("#check-all")
    assert "There is a problem: 2 things are left" == run.status_of("empty")
    assert "Sofa" in run.text("#found-empty")
    assert run.has("#questions-empty")


@pytest.mark.parametrize("way", ["request", "word"])
def test_signed_in_the_irreversible_step_is_refused_while_the_gate_fails(run: Browser, app: Flask, way: str) -> None:
    no_lease(signed_in(run)).submit("#check-all")
    assert run.status_of("hand-in").startswith("Cannot start yet: step 2 is not done")
    assert not run.has("#step-hand-in form.confirm, #step-hand-in form.question")
    csrf = run.one("[name=csrf]")["value"]
    data = {"kind": way, "step": "hand-in", "alias": "ABCD", "said": "done", "csrf": csrf}
    answer = run.client.post(f"{run.path}events", data=data, headers=ORIGIN)
    assert 409 == answer.status_code
    assert "2 things are left" in answer.text


def test_deleting_what_is_left_wants_a_confirmation_with_the_alias(run: Browser, house: House) -> None:
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    assert "gone for good" in run.text()
    run.submit("main form", alias="WRONG", target=["thing:sofa", "thing:lamp"])
    assert 422 == run.status
    assert [] == house.sent
    run.submit("main form", alias="abcd", target=["thing:sofa", "thing:lamp"])
    assert ["sofa", "lamp"] == house.sent
    assert [] == house.rooms


def test_only_what_was_chosen_is_deleted(run: Browser, house: House) -> None:
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    run.submit("main form", alias="ABCD", target=["thing:lamp"])
    assert ["lamp"] == house.sent
    assert "There is a problem: 1 things are left" == run.status_of("empty")


def test_a_confirmation_sent_twice_sends_each_request_once(run: Browser, house: House) -> None:
    house.slow = True
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    data = {
        "csrf": str(run.one("[name=csrf]")["value"]),
        "event": str(run.one("[name=event]")["value"]),
        "alias": "ABCD",
        "target": ["thing:sofa"],
    }
    for _ in range(2):
        run.client.post(run.path, data=data, headers=ORIGIN)
    assert ["sofa"] == house.sent


def test_operations_are_followed_to_their_end_and_the_step_is_checked_again(run: Browser, house: House) -> None:
    house.slow = True
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    run.submit("main form", alias="ABCD", target=["thing:sofa", "thing:lamp"])
    assert ["sofa"] == house.sent, "the lamp is of a later phase"
    while run.has("#step-empty form[data-follow]"):
        run.submit("#step-empty form[data-follow]")
    assert ["sofa", "lamp"] == house.sent
    run.submit("#questions-empty", **{"answer-attic": "nothing"})
    assert "Completed, checked 1 March 2026, 09:00 UTC; you told us: attic" == run.status_of("empty")


def test_the_irreversible_step_opens_after_a_fresh_pass_and_wants_the_alias(run: Browser, house: House) -> None:
    cleared(run, house).submit('#step-hand-in form:has([value="reveal"])')
    run.submit("form.confirm", alias="WXYZ")
    assert 409 == run.status
    assert "is not the alias of this account" in run.text("#step-hand-in")
    run.submit("form.confirm", alias="ABCD")
    assert run.status_of("hand-in").startswith("Completed, you told us")
    assert "It rests on: checked." in run.text("#after")


def test_a_verdict_that_is_too_old_is_taken_again_before_the_request(run: Browser, house: House, clock: Clock) -> None:
    cleared(run, house).submit('#step-hand-in form:has([value="reveal"])')
    clock.at += timedelta(minutes=20)
    house.rooms.append("forgotten chair")
    run.submit("form.confirm", alias="ABCD")
    assert 409 == run.status
    assert run.status_of("empty") == "There is a problem: 1 things are left"


def test_without_the_role_the_page_says_who_can(run: Browser, house: House) -> None:
    house.tenant = False
    cleared(run, house)
    assert "Only the tenant can hand in the key." in run.text("#account")
    assert "Cannot start yet: Only the tenant can hand in the key" == run.status_of("hand-in")


def test_out_of_reach_is_said_and_leaves_an_explicit_choice(run: Browser, house: House) -> None:
    house.reachable = False
    no_lease(signed_in(run)).submit("#check-all")
    assert "Could not check" in run.text("#step-empty")
    assert run.status_of("hand-in").startswith("Cannot start yet: we could not check step 2")
    run.submit('#step-hand-in form:has([value="word"])', said="done")
    assert not run.status_of("hand-in").startswith("Cannot start yet")


def test_a_run_of_one_account_is_not_mixed_with_another(run: Browser, app: Flask) -> None:
    signed_in(run).submit('form[action="/sign-out"]')
    page = next(str(link["href"]) for link in run.open("/runs/").page.select(".row-head a"))
    signed_in(run.open(page), "sam")
    assert "belongs to another account" in run.text()
    assert not run.has("#check-all")


def test_signing_out_takes_the_token_away(run: Browser) -> None:
    page = signed_in(run).path
    run.submit('form[action="/sign-out"]').open(page)
    assert "Sign in" in run.text("#account")


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"kind": "tick", "step": "nowhere", "done": "yes"}, 404, "no step"),
        ({"kind": "tick", "step": "deposit", "done": "yes"}, 409, "waits for the landlord"),
        ({"kind": "verdict", "step": "empty"}, 409, "nothing that a reader can do"),
        ({"kind": "", "step": "pack"}, 409, "nothing that a reader can do"),
        ({"kind": "tick", "step": "pack", "done": "yes", "csrf": "wrong"}, 409, "form is too old"),
    ],
)
def test_a_request_that_makes_no_sense_is_explained(
    run: Browser, data: dict[str, str], status: int, words: str
) -> None:
    fields = {"csrf": str(run.one("[name=csrf]")["value"]), **data}
    answer = run.client.post(f"{run.path}events", data=fields, headers=ORIGIN)
    assert status == answer.status_code
    assert words in answer.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"article": "house/nothing"}, "no such article"),
        ({"article": "house/moving-out", "edition": "2001-01-01"}, "no edition"),
        ({"article": "house/moving-out", "procedure": "7"}, "no such steps"),
    ],
)
def test_a_start_of_what_is_not_there_is_explained(browser: Browser, data: dict[str, str], words: str) -> None:
    answer = browser.client.post("/runs/", data=data, headers=ORIGIN)
    assert 404 == answer.status_code
    assert words in answer.text


@pytest.mark.parametrize("header", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_start_or_tick(browser: Browser, header: dict[str, str]) -> None:
    answer = browser.client.post("/runs/", data={"article": "house/moving-out"}, headers=header)
    assert 409 == answer.status_code
    assert "another site" in answer.text


def test_the_same_tick_sent_again_is_harmless_and_another_content_is_refused(run: Browser) -> None:
    fields = {
        "csrf": str(run.one("[name=csrf]")["value"]),
        "event": "same",
        "kind": "tick",
        "done": "yes",
        "step": "pack",
    }
    statuses = [
        run.client.post(f"{run.path}events", data={**fields, **more}, headers=ORIGIN).status_code
        for more in ({}, {}, {"step": "empty"})
    ]
    assert [303, 303, 409] == statuses


def test_progress_is_served_as_data(run: Browser) -> None:
    run.submit("#tick-pack", done="yes")
    data = run.client.get(run.path, headers={"Accept": "application/json"}).json
    assert data
    assert (1, 3, "2026-02-01") == (data["done"], data["total"], data["edition"])
    assert ["done-said", "todo", "blocked", "waiting"] == [step["status"] for step in data["steps"]]


def test_a_wrong_password_is_said_and_the_user_name_kept(run: Browser) -> None:
    run.open("/sign-in").submit("form.fields", user="pat", password="wrong")
    assert 401 == run.status
    assert "We do not know this user and password." in run.text()
    assert "pat" == run.one("#user")["value"]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "x"])
def test_signing_in_never_leads_to_another_site(run: Browser, target: str) -> None:
    csrf = run.one("[name=csrf]")["value"]
    data = {"user": "pat", "password": "right", "next": target, "csrf": csrf}
    answer = run.client.post("/sign-in", data=data, headers=ORIGIN)
    assert "/runs/" == answer.headers["Location"]


def test_parallel_confirmations_of_one_thing_send_one_request(run: Browser, house: House, app: Flask) -> None:
    house.slow = True
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    csrf, path = str(run.one("[name=csrf]")["value"]), run.path
    cookies = [f"{name}={run.client.get_cookie(name).value}" for name in ("kb_reader", "kb_account")]  # type: ignore[union-attr]

    def confirm(number: int) -> int:
        data = {"csrf": csrf, "event": f"tab-{number}", "alias": "ABCD", "chosen": "1", "target": ["thing:sofa"]}
        client = app.test_client(use_cookies=False)
        return client.post(path, data=data, headers={**ORIGIN, "Cookie": "; ".join(cookies)}).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(confirm, range(6)))
    assert ["sofa"] == house.sent
    assert 303 in statuses
    assert set(statuses) <= {303, 409, 503}, "taken, nothing left to choose, or told to try again"


def test_a_request_on_its_way_is_left_to_whoever_sends_it(run: Browser, house: House, clock: Clock) -> None:
    """Another tab asks how far it is, while the first one's request has no answer yet."""
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    seen: list[str] = []

    def asked_meanwhile(target: Target) -> None:
        seen.append(target.id)
        run.client.post(run.path.replace("/action", "/follow"), data={"csrf": csrf}, headers=ORIGIN)

    csrf = str(run.one("[name=csrf]")["value"])
    house.meanwhile = asked_meanwhile
    run.submit("main form", alias="ABCD", target=["thing:sofa"])
    assert ["thing:sofa"] == seen
    assert ["sofa"] == house.sent
    assert [] == house.looked


def test_after_a_crash_the_thing_is_looked_at_again_and_never_sent_twice(
    run: Browser, house: House, clock: Clock
) -> None:
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    house.crashes = True
    run.submit("main form", alias="ABCD", target=["thing:sofa"])
    assert 500 == run.status
    house.crashes = False
    run.open(run.path.partition("steps/")[0])
    run.submit("#step-empty form[data-follow]")
    assert ([], ["sofa"]) == (house.looked, house.sent), "it may still be on its way"
    clock.at += timedelta(minutes=1)
    run.submit("#step-empty form[data-follow]")
    assert (["thing:sofa"], ["sofa"]) == (house.looked, house.sent)


def test_a_role_that_one_user_has_does_not_count_for_another(run: Browser, house: House) -> None:
    page = cleared(run, house).path
    house.tenants = {"pat"}
    signed_in(run.open("/runs/"), "kim")
    run.open(page)
    assert run.status_of("hand-in").startswith("Cannot start yet: we have not checked yet: You are the tenant")
    csrf = str(run.one("[name=csrf]")["value"])
    data = {"kind": "request", "step": "hand-in", "alias": "ABCD", "csrf": csrf}
    assert 409 == run.client.post(f"{page}events", data=data, headers=ORIGIN).status_code


def test_nothing_ticked_means_nothing_chosen(run: Browser, house: House) -> None:
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    assert not run.has("main form [name=target][checked]")
    run.submit("main form", alias="ABCD", target=[])
    assert 409 == run.status
    assert "Nothing was chosen" in run.text("#step-empty")
    assert [] == house.sent


def test_signed_out_in_the_middle_the_page_says_how_to_go_on(run: Browser, house: House) -> None:
    house.slow = True
    no_lease(signed_in(run)).submit("#check-all").submit("#act-empty")
    page = run.path.partition("steps/")[0]
    run.submit("main form", alias="ABCD", target=["thing:sofa", "thing:lamp"])
    run.submit('form[action="/sign-out"]').open(page)
    assert "Sign in to go on. 1 of these 2 are not sent yet." in run.text("#going-empty")
    assert not run.has("[data-follow]")


def test_going_back_to_the_answer_of_a_form_shows_the_checklist(run: Browser) -> None:
    page = run.path
    for name in ("events", "answers", "verdicts", "resume-codes"):
        assert page == run.open(f"{page}{name}").path


@pytest.mark.parametrize("field", ["seen", "event", "step", "said"])
def test_absurd_values_are_no_failure_of_ours(run: Browser, field: str) -> None:
    csrf = str(run.one("[name=csrf]")["value"])
    data = {"kind": "tick", "step": "pack", "done": "yes", "csrf": csrf, field: "9" * 5000}
    assert run.client.post(f"{run.path}events", data=data, headers=ORIGIN).status_code < 500


def test_a_planted_reader_cookie_is_not_taken(browser: Browser) -> None:
    browser.client.set_cookie("kb_reader", "A" * 64)
    browser.open("/runs/")
    cookie = browser.client.get_cookie("kb_reader")
    assert cookie
    assert "A" * 64 != cookie.value


def test_a_browser_that_others_use_forgets_its_checklists(run: Browser) -> None:
    page = run.path
    run.open("/runs/").submit("form.forget")
    assert "You have not started a checklist" in run.text()
    assert 404 == run.open(page).status
