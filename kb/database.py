"""The database: one engine, its guarantees and its migrations.

SQLite by default (WAL, `synchronous=FULL`, writers begin immediately), PostgreSQL by URL. Whatever is answered
to a reader was committed before; a connection that cannot promise that is refused.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from kb.errors import StoreError

_LOG = logging.getLogger(__name__)
BUSY_MILLISECONDS = 3_000  # a waiting writer holds a thread of the server


@dataclass(frozen=True, slots=True)
class Database:
    """An engine whose every connection keeps the promises above."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises StoreError."""
        with _mapped(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends well. Raises StoreError; then nothing was written."""
        with _mapped(), self.engine.connect() as connection:
            connection = connection.execution_options(kb_writes=True)
            with connection.begin():
                yield connection

    def upgrade(self) -> None:
        """Bring the tables to this version of kb."""
        with _mapped(), as_file(files("kb") / "migrations") as folder, self.engine.connect() as connection:
            config = _alembic(folder)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def require_current(self) -> None:
        """Raise StoreError if a shared database is behind or ahead of this version of kb."""
        with _mapped(), as_file(files("kb") / "migrations") as folder, self.engine.connect() as connection:
            head = ScriptDirectory.from_config(_alembic(folder)).get_current_head()
            found = MigrationContext.configure(connection).get_current_revision()
        if found != head:
            raise StoreError(f"The database is at {found or 'no version'}, this kb needs {head}: run `kb db upgrade`.")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite:///file` or `postgresql+psycopg://…`.

    SQLite is brought up to date; a shared database must be up to date. Raises StoreError.
    """
    database = _connect(url)
    try:
        database.upgrade() if database.engine.dialect.name == "sqlite" else database.require_current()
    except StoreError:
        database.close()
        raise
    return database


def upgrade_database(url: str) -> None:
    """Bring the tables of this database to this version of kb. Raises StoreError."""
    database = _connect(url)
    try:
        database.upgrade()
    finally:
        database.close()


def _connect(url: str) -> Database:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(
            f"The database address cannot be used: {error}. Use sqlite:///FILE or postgresql+psycopg://…"
        ) from error
    except OSError as error:
        raise StoreError(f"The folder for the database cannot be made: {error}. Name another with --data.") from error
    database = Database(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _keep_promises)
        event.listen(engine, "begin", _begin)
    return database


def _keep_promises(connection: Any, _record: object) -> None:
    """WAL lets readers and one writer go on together; FULL makes a commit survive a power cut."""
    connection.isolation_level = None  # pysqlite would begin lazily and too late; `_begin` does it
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: a read that turns into a write can fail with SQLITE_BUSY at any time."""
    writes = connection.get_execution_options().get("kb_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alembic(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except IntegrityError:  # a rule of the tables, not a failure: whoever wrote knows what it means
        raise
    except DBAPIError as error:
        _LOG.warning("the database did not take it: %s", error.orig)
        raise StoreError("It could not be saved just now; nothing was changed. Try again in a minute.") from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database did not take it, nothing was changed: {error}") from error
