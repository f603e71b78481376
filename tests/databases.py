"""Both databases, real ones, for the tests that must hold on either."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from sqlalchemy import create_engine, make_url, text

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


def new_postgres_database(url: str) -> Iterator[Database]:
    """A database of its own on the server, for tests that look at all rows."""
    name = f"kb_{token_hex(8)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield from postgres_database(make_url(url).set(database=name).render_as_string(hide_password=False))
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()
