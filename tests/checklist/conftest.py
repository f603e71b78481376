from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.checklist.store import RunStore
from kb.database import Database
from tests.checklist.samples import Clock
from tests.databases import postgres_database, sqlite_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from sqlite_database(tmp_path)
    else:
        yield from postgres_database(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(database: Database) -> RunStore:
    return RunStore(database, Clock())
