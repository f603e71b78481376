"""Moving a run to another edition: what its page offers, the preview, the move, and what is never lost."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from tests import house_editions
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of

ALL = ("tell", "power", "boxes", "books", "clothes", "letter", "clean", "card")
DOCUMENT: dict[str, Any] = json.loads((files("kb.web") / "openapi.json").read_bytes())
Serve = Callable[[Path], Flask]


@pytest.fixture
def serve(database: Database, house: House, clock: Clock) -> Serve:
    """The site with this library; all of them have the same runs."""
    return lambda library: create_app(site_of(library, database, house, clock))


@pytest.fixture
def started(serve: Serve, tmp_path: Path) -> Browser:
    """A reader who has just started the old edition, when it was the current one."""
    app = serve(house_editions.write_old(tmp_path / "old"))
    run = Browser(app.test_client()).open("/house/moving-out/").submit("form.start")
    return run.submit("#question-lease", answer="no")


def later(run: Browser, app: Flask, path: str = "") -> Browser:
    """The same browser when the library has changed."""
    client, known = app.test_client(), run.client.get_cookie("kb_reader")
    assert known
    client.set_cookie("kb_reader", known.value)
    return Browser(client).open(path or run.path)


def test_the_run_is_shown_from_its_snapshot_until_it_moves(started: Browser, serve: Serve, tmp_path: Path) -> None:
    run = later(started.submit("#tick-books", done="yes"), serve(house_editions.write_both(tmp_path / "new")))
    assert run.has("#step-books") and not run.has("#step-things")
    assert "The article has changed since you started" in run.text()
    assert run.status_of("books").startswith("Completed, you told us")
    assert run.submit("#tick-clothes", done="yes").status_of("clothes").startswith("Completed")


def test_the_preview_tells_it_in_the_readers_own_terms_and_changes_nothing(
    started: Browser, serve: Serve, tmp_path: Path
) -> None:
    for name in ("tell", "books", "card"):
        started.submit(f"#tick-{name}", done="yes")
    page = started.path
    run = later(started, serve(house_editions.write_both(tmp_path / "new")), f"{page}move")
    assert "Photos of all rooms are needed now." in run.text()
    assert "It stays done. Completed, you told us" in run.text(".move.kept")
    assert "Only its words changed" in run.text('[data-how="reworded"]')
    assert "you had not done them all" in run.text('[data-how="merged"]')
    assert "is done in another way" in run.text('[data-how="method-changed"]')
    assert "stands at another place" in run.text('[data-how="moved"]')
    assert "They were one step before" in run.text('[data-how="split"]')
    assert "This is new" in run.text('[data-how="new"]')
    assert "stays in the record. See “What you need not do” in the article." in run.text('[data-how="dropped"]')
    assert "Do you have pets?" in run.text()
    assert run.has(f'a[href$="compare/{house_editions.OLD_DAY}...current/"]')
    assert run.open(page).has("#step-books")


def test_moving_keeps_what_it_said_and_shows_what_became_of_each_step(
    started: Browser, serve: Serve, tmp_path: Path
) -> None:
    for name in ALL:
        started.submit(f"#tick-{name}", done="yes")
    run = later(started, serve(house_editions.write_both(tmp_path / "new")), f"{started.path}move")
    run.submit("form.confirm")
    assert 200 == run.status and started.path == run.path
    for name in ("tell", "power", "boxes", "letter"):
        assert run.status_of(name).startswith("Completed, you told us"), name
    for name in ("kitchen", "bath", "photos"):
        assert "Not started" == run.status_of(name), name
    assert run.status_of("things").startswith("Check again")
    assert "This checklist moved on" in run.text("#moved")
    assert "Return the card of the library." in run.text("#moved")
    assert "Completed, you told us" in run.text('#moved [data-how="merged"]')
    assert "changed since you started" not in run.text()
    assert run.submit("#question-pets", answer="no").has("#question-lease [value=no][checked]")


def test_sending_the_move_again_moves_once(started: Browser, serve: Serve, tmp_path: Path) -> None:
    run = later(started, serve(house_editions.write_both(tmp_path / "new")), f"{started.path}move")
    form = dict(_fields(run))
    for _ in range(3):
        run.client.post(f"{started.path}move", data=form, headers=ORIGIN)
    assert 1 == len(run.open(started.path).page.select(".moved, .earlier-move"))


def test_a_preview_of_what_is_not_current_any_more_does_not_move(
    started: Browser, serve: Serve, tmp_path: Path
) -> None:
    run = later(started, serve(house_editions.write_both(tmp_path / "new")), f"{started.path}move")
    form = dict(_fields(run)) | {"target": "0" * 64}
    answer = run.client.post(f"{started.path}move", data=form, headers=ORIGIN)
    assert 409 == answer.status_code and "Look at it once more" in answer.text
    assert run.open(started.path).has("#step-books")


def test_moving_needs_the_forms_own_key(started: Browser, serve: Serve, tmp_path: Path) -> None:
    run = later(started, serve(house_editions.write_both(tmp_path / "new")), f"{started.path}move")
    form = dict(_fields(run)) | {"csrf": "guessed"}
    assert 409 == run.client.post(f"{started.path}move", data=form, headers=ORIGIN).status_code
    assert run.open(started.path).has("#step-books")


def test_a_dangerous_edition_keeps_what_cannot_be_undone_waiting_until_moved(
    started: Browser, serve: Serve, tmp_path: Path
) -> None:
    assert started.has("#step-hand-in form.confirm")
    run = later(started, serve(house_editions.write_both(tmp_path / "new", "danger")))
    assert "Do not go on with this edition" in run.text()
    assert run.status_of("hand-in").startswith("Cannot start yet: this edition is not safe")
    assert not run.has("form.confirm")
    sent = {"kind": "request", "step": "hand-in", "alias": "ABCD", "csrf": run.one("[name=csrf]")["value"]}
    assert 409 == run.client.post(f"{started.path}events", data=sent, headers=ORIGIN).status_code
    assert run.submit("#tick-books", done="yes").status_of("books").startswith("Completed")  # all else goes on
    run.open(f"{started.path}move").submit("form.confirm").submit("#question-pets", answer="no")
    assert run.has("#step-hand-in form.confirm")


def test_a_mere_change_of_words_moves_by_itself_and_is_recorded(started: Browser, serve: Serve, tmp_path: Path) -> None:
    started.submit("#tick-books", done="yes")
    folder = house_editions.write_old(tmp_path / "revised")
    file = folder / "House" / "moving-out.md"
    file.write_text(file.read_text() + "\nGood luck.\n")
    app = serve(folder)
    run = later(started, app)
    assert run.status_of("books").startswith("Completed, you told us")
    assert "moved along by itself" in run.text("#moved")
    assert 1 == len(later(started, app).page.select(".moved, .earlier-move"))


def test_a_corrected_text_is_offered_and_not_forced(started: Browser, serve: Serve, tmp_path: Path) -> None:
    folder = house_editions.write_old(tmp_path / "revised")
    file = folder / "House" / "moving-out.md"
    file.write_text(file.read_text().replace("Order twenty boxes.", "Order twenty boxes and tape."))
    run = later(started, serve(folder))
    assert "Its text was corrected" in run.text()
    assert "tape" not in run.text("#step-boxes")
    run.open(f"{started.path}move").submit("form.confirm")
    assert "tape" in run.text("#step-boxes")


@pytest.mark.parametrize("current", [True, False])
def test_a_withdrawn_edition_is_said_with_its_reason(
    started: Browser, serve: Serve, tmp_path: Path, current: bool
) -> None:
    folder = house_editions.write_both(tmp_path / "new")
    file = folder / "House" / ("moving-out.md" if current else f"moving-out@{house_editions.OLD_DAY}.md")
    file.write_text(file.read_text().replace("\ndate:", "\nstate: withdrawn\nwithdrawn_reason: It was wrong.\ndate:"))
    run = later(started, serve(folder))
    assert "was withdrawn" in run.text() and "It was wrong." in run.text()
    assert run.has("#step-books")
    assert run.has(f'a[href="{started.path}move"]') is not current


def test_a_run_whose_article_is_gone_is_still_shown(started: Browser, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = later(started.submit("#tick-books", done="yes"), serve(tmp_path / "empty"))
    assert 200 == run.status and "The article is not here any more" in run.text()
    assert run.status_of("books").startswith("Completed")


def test_a_tick_on_the_steps_of_before_is_refused_once_another_tab_has_moved(
    started: Browser, serve: Serve, tmp_path: Path
) -> None:
    run = later(started, serve(house_editions.write_both(tmp_path / "new")))
    form = {"kind": "tick", "done": "yes", "step": "books", "csrf": run.one("[name=csrf]")["value"]}
    run.open(f"{started.path}move").submit("form.confirm")
    assert run.client.post(f"{started.path}events", data=form, headers=ORIGIN).status_code in (404, 409)


def test_an_abandoned_run_does_not_move(started: Browser, serve: Serve, tmp_path: Path) -> None:
    started.submit('form:has([value="abandoned"])', reason="Stayed.")
    run = later(started, serve(house_editions.write_both(tmp_path / "new")))
    assert not run.has(f'a[href="{started.path}move"]')
    run.open(f"{started.path}move").submit("form.confirm")
    assert 409 == run.status


def test_the_preview_as_data(started: Browser, serve: Serve, tmp_path: Path) -> None:
    run = later(started, serve(house_editions.write_both(tmp_path / "new")))
    data = run.client.get(f"{started.path}move", headers={"Accept": "application/json"}).get_json()
    jsonschema.validate(data, {"$ref": "#/components/schemas/Move", "components": DOCUMENT["components"]})
    progress = run.client.get(started.path, headers={"Accept": "application/json"}).get_json()
    jsonschema.validate(progress, {"$ref": "#/components/schemas/Progress", "components": DOCUMENT["components"]})
    assert ("content", f"{started.path}move") == (progress["move"]["weight"], progress["move"]["url"])
    assert ("content", "2024-05-01", "2026-02-01") == (data["weight"], data["from"]["edition"], data["to"]["edition"])
    assert {
        "how": "merged",
        "effect": "open",
        "older": ["books", "clothes"],
        "newer": ["things"],
        "proposed": False,
    } in (data["steps"])


def test_without_a_move_in_sight_the_preview_leads_back(started: Browser) -> None:
    assert "/move" not in started.open(f"{started.path}move").path


def _fields(run: Browser) -> list[tuple[str, str]]:
    return [(str(field["name"]), str(field["value"])) for field in run.one("form.confirm").select("input")]
