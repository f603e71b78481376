"""Both databases, real ones, for the tests that must hold on either."""

from collections.abc import Iterator
from pathlib import Path

from kb.database import Database, open_database, upgrade_database


def sqlite_database(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder / 'kb.sqlite3'}")
    yield database
    database.close()


def postgres_database(url: str) -> Iterator[Database]:
    upgrade_database(url)
    database = open_database(url)
    yield database
    database.close()
