"""The database: one engine, its guarantees and its migrations.

SQLite by default (WAL, `synchronous=FULL`, writers begin immediately), PostgreSQL by URL. Whatever is answered
to a reader was committed before; a connection that cannot promise that is refused.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from kb.connecting import BUSY_MILLISECONDS, Begin, connect
from kb.direct import Direct, Ready, Statement, as_the_engine_says, direct
from kb.errors import StoreError
from kb.outage import OUTAGES, at_start, outage_of

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine whose every connection keeps the promises above. Whoever writes in this process holds `turn`."""

    engine: Engine
    turn: threading.Lock = field(default_factory=threading.Lock)
    statements: dict[Statement, Ready] = field(default_factory=dict)  # as the driver takes them

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with; each statement sees what is committed when it begins. Raises StoreError."""
        with _mapped(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A connection whose statements all see one moment, however many they are. Raises StoreError."""
        with _mapped(), self.engine.connect() as connection, _begun(connection, "look"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends well.

        Raises StoreError; then nothing was written, or the error says that nobody knows.
        """
        with _mapped(), self._turn(), self.engine.connect() as connection, _begun(connection, "write"):
            yield connection

    @contextmanager
    def quick_reading(self) -> Iterator[Direct]:
        """As `reading`, for what is read with every tick."""
        with _mapped(), direct(self.engine, self.statements) as connection:
            yield connection

    @contextmanager
    def quick_writing(self) -> Iterator[Direct]:
        """As `writing`, for what is written with every tick."""
        with _mapped(), self._turn(), direct(self.engine, self.statements) as connection:
            connection.begin()
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            with _mapped(committing=True):
                connection.commit()

    @contextmanager
    def writing_at_once(self) -> Iterator[Direct]:
        """As `quick_writing`, for a single statement: it commits itself."""
        with (
            _mapped(),
            direct(self.engine, self.statements) as connection,
            _mapped(committing=True),
            as_the_engine_says(self.engine, connection.connection),
        ):
            yield connection

    @property
    def joins_statements(self) -> bool:
        """Whether one statement can change two tables here."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite takes one writer at a time, and lets those who wait sleep for long: a queue is fair and quick."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self.turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise OUTAGES["busy"].error()
        try:
            yield
        finally:
            self.turn.release()

    def upgrade(self) -> None:
        """Bring the tables to this version of kb. If many do that at once, one does it and the others wait."""
        with as_file(files("kb") / "migrations") as folder:
            config = _alembic(folder)
            if self._version() == _head(config):
                return
            with _mapped(), self.engine.connect() as connection, _begun(connection, "migrate"):
                _refuse_newer(MigrationContext.configure(connection).get_current_revision(), config)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        self.close()  # with the patience that only a migration has

    def require_current(self) -> None:
        """Raise StoreError if a shared database is behind or ahead of this version of kb."""
        with as_file(files("kb") / "migrations") as folder:
            config, found = _alembic(folder), self._version()
            _refuse_newer(found, config)
            head = _head(config)
        if found != head:
            raise StoreError(f"The database is at {found or 'no version'}, this kb needs {head}: run `kb db upgrade`.")

    def _version(self) -> str | None:
        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite:///file` or `postgresql+psycopg://…`.

    SQLite is brought up to date; a shared database must be up to date. Raises StoreError.
    """
    database = Database(connect(url))
    try:
        with _for_operators(database):
            database.upgrade() if database.engine.dialect.name == "sqlite" else database.require_current()
    except StoreError:
        database.close()
        raise
    return database


def database_at(url: str) -> Database:
    """The database that another process has opened before: nothing is asked of it yet, so it may be away just now."""
    return Database(connect(url))


def upgrade_database(url: str) -> None:
    """Bring the tables of this database to this version of kb. Raises StoreError."""
    database = Database(connect(url))
    try:
        with _for_operators(database):
            database.upgrade()
    finally:
        database.close()


@contextmanager
def _for_operators(database: Database) -> Iterator[None]:
    """Name the database and the cause: who opens it can do more about it than a reader."""
    try:
        yield
    except StoreError as error:
        if isinstance(error.__cause__, DBAPIError):
            raise StoreError(at_start(error.__cause__, database.engine.url)) from error
        raise


@contextmanager
def _begun(connection: Connection, how: Begin) -> Iterator[None]:
    """One transaction. A failure of its COMMIT is told apart: then nobody may know what was saved."""
    transaction = connection.execution_options(kb_begin=how).begin()
    try:
        yield
    except BaseException:
        transaction.rollback()
        raise
    with _mapped(committing=how != "look"):
        transaction.commit()


def _alembic(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


def _head(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


def _refuse_newer(found: str | None, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found and found not in known:
        raise StoreError(f"The database is of a newer kb (at {found}): use that one, or restore an older database.")


@contextmanager
def _mapped(*, committing: bool = False) -> Iterator[None]:
    try:
        yield
    except IntegrityError:  # a rule of the tables, not a failure: whoever wrote knows what it means
        raise
    except DBAPIError as error:
        _LOG.warning("the database did not take it: %s", error.orig)
        raise outage_of(error, committing=committing).error() from error
    except PoolExhausted as error:
        _LOG.warning("no connection to the database is free: %s", error)
        raise OUTAGES["busy"].error() from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database did not take it, nothing was changed: {error}") from error
