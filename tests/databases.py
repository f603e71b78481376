"""Both databases, real ones, for the tests that must hold on either."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from secrets import token_hex

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, text

from kb.database import Database, open_database, upgrade_database


def sqlite_database(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder / 'kb.sqlite3'}")
    yield database
    database.close()


def postgres_database(url: str) -> Iterator[Database]:
    yield from _upgraded(url)


def new_postgres_database(url: str) -> Iterator[Database]:
    """A database of its own on the server, for tests that look at all rows."""
    with new_postgres_url(url) as own:
        yield from postgres_database(own)


def older_database(url: str, version: str, fill: Callable[[Connection], None]) -> Iterator[Database]:
    """What a kb whose tables had this version left, filled by it, and opened by this one."""
    engine = create_engine(url)
    with as_file(files("kb") / "migrations") as folder, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        fill(connection)
    engine.dispose()
    yield from _upgraded(url)


@contextmanager
def new_postgres_url(url: str) -> Iterator[str]:
    """Where a database of its own is on the server, without tables."""
    name = f"kb_{token_hex(8)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _upgraded(url: str) -> Iterator[Database]:
    upgrade_database(url)
    database = open_database(url)
    yield database
    database.close()
