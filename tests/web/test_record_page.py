import json

from flask import Flask

from tests.web.samples import Browser
from tests.web.test_api import conforms


def record_of(run: Browser) -> str:
    return run.path + "record"


def test_the_record_tells_who_did_what_and_when(run: Browser) -> None:
    run.submit("li.step form.tick", done="yes")
    page = run.open(record_of(run))
    assert 200 == page.status
    told = [item.get_text(" ", strip=True) for item in page.page.select(".record-events > li")]
    assert 2 == len(told)
    assert "Started the checklist." in told[0]
    assert "Said that it is done." in told[1]
    assert "reader" in told[1]


def test_the_record_says_whether_it_can_be_trusted(run: Browser) -> None:
    page = run.open(record_of(run))
    assert "The only event is as it was recorded." in page.one(".record-facts").get_text()


def test_the_record_is_given_as_markdown_and_as_data_to_keep(run: Browser) -> None:
    answer = run.client.get(f"{record_of(run)}.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.data)["intact"]
    conforms(json.loads(answer.data), "/runs/{run}/record.json")
    told = run.client.get(f"{record_of(run)}.md")
    assert "text/markdown" in told.headers["Content-Type"]
    assert "## What happened" in told.get_data(as_text=True)


def test_a_record_is_private(run: Browser, app: Flask) -> None:
    address = record_of(run)
    assert "no-store" in run.client.get(address).headers["Cache-Control"]
    stranger = app.test_client()
    assert {404} == {stranger.get(f"{address}{form}").status_code for form in ("", ".md", ".json")}
