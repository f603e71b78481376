from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from kb.checklist.chain import chain_of
from kb.checklist.store import RunStore
from kb.database import Database
from kb.tables import metadata
from tests.checklist.samples import Clock
from tests.databases import new_postgres_database, new_postgres_url, postgres_database, sqlite_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from sqlite_database(tmp_path)
    else:
        yield from postgres_database(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database that only the tests of one file use."""
    if request.param == "sqlite":
        yield from sqlite_database(tmp_path_factory.mktemp("own"))
    else:
        yield from new_postgres_database(request.getfixturevalue("postgres_url"))


@pytest.fixture
def new_database(own_database: Database) -> Iterator[Database]:
    """A database that holds nothing yet."""
    yield own_database
    with own_database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database without tables is, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kb.sqlite3'}"
        return
    with new_postgres_url(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
def store(database: Database) -> RunStore:
    return RunStore(database, Clock(), chain_of(b"key"))
