from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from kb.database import Database
from kb.tables import metadata
from kb.web.app import create_app
from tests.databases import new_postgres_database, sqlite_database
from tests.web.samples import Browser, Clock, House, site_of, write_library


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def clock() -> Clock:
    return Clock()


STORING = ("durability", "joining", "moving", "run_life", "run_order", "run_proof", "runs", "sharing")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is about storing runs is asked of both databases; the other pages only read them as these do."""
    about = metafunc.module.__name__.rpartition(".test_")[2]
    if about in STORING and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database; SQLite, where a test does not say which."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield from sqlite_database(tmp_path / "data")
        return
    shared: Database = request.getfixturevalue("postgres_of_pages")
    yield shared
    with shared.writing() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))


@pytest.fixture(scope="session")
def postgres_of_pages(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database that is emptied after each test."""
    yield from new_postgres_database(postgres_url)


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
