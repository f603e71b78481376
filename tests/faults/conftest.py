"""A site in this process on either database, both real, for faults that are brought about one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from kb.database import Database, open_database, upgrade_database
from kb.tables import events
from kb.web.app import create_app
from tests.databases import new_postgres_url
from tests.faults.readers import write_unlimited
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of, write_library

JSON = {**ORIGIN, "Accept": "application/json"}
LONG = "It is not as easy as it looks. " * 125  # needs room of its own in the file


@dataclass
class Writing:
    """A reader who writes a note to a step, always with the same event id, in a browser or as a program."""

    browser: Browser
    database: Database
    csrf: str
    run: str  # its path

    def write(self, *, as_program: bool = False) -> TestResponse:
        form = {"kind": "note", "step": "empty", "text": LONG, "event": "the-same", "csrf": self.csrf}
        return self.browser.client.post(f"{self.run}events", data=form, headers=JSON if as_program else ORIGIN)

    def stored(self) -> list[str]:
        """Kinds of all events of all runs."""
        with self.database.reading() as connection:
            return list(connection.scalars(select(events.c.kind).order_by(events.c.run, events.c.version)))


def writing_on(database: Database, folder: Path) -> Writing:
    """On a new database, one run that has just begun."""
    library = folder / "library"
    library.mkdir()
    site = site_of(write_library(library), database, House(), Clock())
    browser = Browser(create_app(site).test_client()).open("/house/moving-out/").submit("form.start")
    return Writing(browser, database, str(browser.one("[name=csrf]")["value"]), browser.path)


@pytest.fixture
def writing(database: Database, tmp_path: Path) -> Writing:
    return writing_on(database, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Empty, of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}"
    else:
        url = request.getfixturevalue("new_postgres")
        upgrade_database(url)
    made = open_database(url)
    yield made
    made.close()


@pytest.fixture
def new_postgres(postgres_url: str) -> Iterator[str]:
    """The URL of a database of its own on the PostgreSQL of these tests, without tables."""
    with new_postgres_url(postgres_url) as url:
        yield url


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """One article with a checklist, which may be used as often as readers like."""
    return write_unlimited(tmp_path / "library")
