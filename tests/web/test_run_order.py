"""Steps that wait for others: fixed order, `after`, and gates that only warn."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from tests.web.samples import ARTICLE, ORIGIN, Browser, Clock, House, site_of
from tests.web.test_runs import signed_in

SIDE_FILE = """
procedures:
  - heading: Steps
    order: fixed
    steps:
      - {step: 1, starts: Pack your things, id: pack}
      - step: 2
        starts: Empty all rooms
        id: empty
        check: house.empty
        gate: should-pass
        order: free
        told: {done: All rooms are empty, left: The attic is full}
      - {step: 3, starts: Hand in the key, id: hand-in}
      - {step: 4, starts: The deposit, id: deposit, waits: for the landlord}
"""


@pytest.fixture
def side_file() -> str:
    return SIDE_FILE


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock, side_file: str) -> Flask:
    folder = tmp_path / "library" / "House"
    folder.mkdir(parents=True)
    (folder / "moving-out.md").write_text(ARTICLE)
    (folder / "moving-out.checklist.yaml").write_text(side_file)
    return create_app(site_of(tmp_path / "library", database, house, clock))


def sends(run: Browser, **fields: str) -> tuple[int, str]:
    data = {"csrf": str(run.one("[name=csrf]")["value"]), **fields}
    answer = run.client.post(f"{run.path}events", data=data, headers=ORIGIN)
    return answer.status_code, answer.text


def test_a_step_of_a_fixed_order_waits_for_those_before_it(run: Browser) -> None:
    run.submit("#tick-empty", done="yes")
    assert "Cannot start yet: step 1 first" == run.status_of("hand-in")
    assert run.has("#done-hand-in[disabled]")
    status, page = sends(run, kind="tick", step="hand-in", done="yes")
    assert 409 == status
    assert "Cannot start yet: step 1 first." in page
    run.submit("#tick-pack", done="yes").submit("#tick-hand-in", done="yes")
    assert run.status_of("hand-in").startswith("Completed, you told us")


def test_what_is_not_needed_holds_nothing_back(run: Browser) -> None:
    run.submit("#tick-empty", done="yes").submit("#not-needed-pack", reason="Nothing is mine")
    assert "Not started" == run.status_of("hand-in")


def test_a_soft_gate_warns_and_keeps_the_choice_to_go_on(run: Browser) -> None:
    signed_in(run.submit("#tick-pack", done="yes")).submit("#check-all")
    assert run.status_of("hand-in").startswith("Cannot start yet: step 2 is not done")
    assert "You can go on all the same" in run.text("#held-hand-in")
    assert "2 things are left." in run.text("#held-hand-in")
    run.submit("#held-hand-in form")
    assert "Not started" == run.status_of("hand-in")
    assert "You chose to go on anyway on 1 March 2026, 09:00 UTC." in run.text("#step-hand-in")
    assert run.submit("#tick-hand-in", done="yes").status_of("hand-in").startswith("Completed, you told us")


def test_a_soft_gate_is_satisfied_by_the_readers_tick_alone(run: Browser) -> None:
    run.submit("#tick-pack", done="yes")
    assert run.has("#held-hand-in")
    run.submit("#tick-empty", done="yes")
    assert not run.has("#held-hand-in")


@pytest.mark.parametrize("side_file", [SIDE_FILE.replace("should-pass", "must-pass")])
def test_a_hard_gate_before_an_ordinary_step_asks_for_a_word_signed_out_and_proof_signed_in(
    run: Browser, house: House, clock: Clock
) -> None:
    run.submit("#tick-pack", done="yes").submit("#tick-empty", done="yes")
    assert run.status_of("hand-in").startswith("Cannot start yet: step 2 was not checked")
    assert "The attic is full" in run.text("#held-hand-in")
    run.submit("#held-hand-in form", said="left")
    assert "You told us on 1 March 2026, 09:00 UTC: “The attic is full”." in run.text("#step-hand-in")
    signed_in(run).submit("#check-all")
    assert run.status_of("hand-in").startswith("Cannot start yet: step 2 is not done")
    assert not run.has("#held-hand-in form.question")
    house.rooms.clear()
    run.submit("#questions-empty", **{"answer-attic": "nothing"})
    clock.at += timedelta(hours=1)
    run.open(run.path)
    assert "that is too long ago" in run.text("#held-hand-in")
    run.submit("#held-hand-in form")
    assert "Not started" == run.status_of("hand-in")
