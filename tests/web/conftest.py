from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from tests.databases import sqlite_database
from tests.web.samples import Browser, Clock, House, site_of, write_library


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    yield from sqlite_database(tmp_path / "data")


@pytest.fixture
def app(tmp_path: Path, database: Database, house: House, clock: Clock) -> Flask:
    library = tmp_path / "library"
    library.mkdir()
    return create_app(site_of(write_library(library), database, house, clock))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def run(browser: Browser) -> Browser:
    """A reader who has just started the checklist."""
    return browser.open("/house/moving-out/").submit("form.start")
