"""What a reader is told while the database cannot write, and that sending it again afterwards saves it, once."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from werkzeug.test import TestResponse

from kb.database import Database, open_database, upgrade_database
from tests.faults.conftest import Writing, writing_on
from tests.faults.outages import Outage, cut_off, exhausted, full, locked, read_only
from tests.postgres import postgres_server

SAVED_ONCE = ["started", "note"]


@pytest.mark.parametrize(
    ("outage", "said"),
    [
        (full, "There is no room left to save anything; nothing was changed."),
        (read_only, "This site can be read but not written just now; nothing was changed."),
        (locked, "Too many are writing at this moment; nothing was changed."),
        (exhausted, "Too many are writing at this moment; nothing was changed."),
    ],
)
def test_what_cannot_be_saved_is_said_and_sending_it_again_saves_it_once(
    writing: Writing, outage: Outage, said: str
) -> None:
    with outage(writing.database):
        assert_told(writing.write(), said)
    assert ["started"] == writing.stored()
    assert (303, 303) == (writing.write().status_code, writing.write().status_code)
    assert SAVED_ONCE == writing.stored()


def test_programs_are_told_in_problem_details(writing: Writing) -> None:
    with read_only(writing.database):
        told = writing.write(as_program=True)
    assert (503, "application/problem+json") == (told.status_code, told.mimetype)
    assert told.json
    assert told.json["detail"].startswith("This site can be read but not written just now; nothing was changed.")
    assert told.headers["Retry-After"].isdigit()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_run_cannot_be_half_started(writing: Writing) -> None:
    """Its first event is refused after the run itself was written."""
    with full(writing.database):
        assert_told(writing.browser.client.post("/runs/", data={"article": "house/moving-out"}), "There is no room")
    assert [1, 1, 1] == [_count(writing.database, table) for table in ("runs", "heads", "run_readers")]
    assert 303 == writing.browser.client.post("/runs/", data={"article": "house/moving-out"}).status_code
    assert [2, 2, 2] == [_count(writing.database, table) for table in ("runs", "heads", "run_readers")]


def _count(database: Database, table: str) -> int:
    with database.reading() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("when", ["AFTER INSERT ON events", "AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED"])
def test_a_connection_lost_while_something_is_saved_is_told_as_not_known(writing: Writing, when: str) -> None:
    """In the middle of the change, or at its commit: who sends it again finds it saved once."""
    with cut_off(writing.database, when):
        answer = writing.write()
    assert_told(answer, "The database did not say whether it saved this. Send it again: nothing is saved twice.")
    assert ["started"] == writing.stored()
    assert 303 == writing.write().status_code
    assert SAVED_ONCE == writing.stored()


def test_while_the_database_is_away_reading_says_so_too_and_both_work_again_with_it(tmp_path: Path) -> None:
    with postgres_server() as postgres:
        upgrade_database(postgres.url)
        database = open_database(postgres.url)
        writing = writing_on(database, tmp_path)
        postgres.stop()
        page, shown = writing.write(), writing.browser.client.get(writing.run)
        postgres.start()
        assert_told(page, "The database does not answer just now; nothing was changed.")
        assert_told(shown, "The database does not answer just now; nothing was changed.")
        assert (303, 200) == (writing.write().status_code, writing.browser.client.get(writing.run).status_code)
        assert SAVED_ONCE == writing.stored()
        database.close()


def assert_told(page: TestResponse, said: str) -> None:
    """The answer is a page that says it, and when to come again."""
    assert 503 == page.status_code
    assert page.headers["Retry-After"].isdigit()
    lead = BeautifulSoup(page.text, "html.parser").select_one("main .lead")
    assert lead and said in lead.get_text()
