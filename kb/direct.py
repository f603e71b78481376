"""Statements given straight to the driver: for what each tick does, the engine's bookkeeping costs more than the work.

The statements are the engine's own, and values go through the types of the tables; only what is needed for any
statement and any result is left out.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Engine, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.dml import Delete, Insert

from kb.connecting import BEGIN, BUSY_MILLISECONDS

PAUSE = 0.0005  # seconds between two looks whether another process has ended its transaction
Statement = Select[Any] | Insert | Update | Delete
Processor = Callable[[Any], Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement as the driver takes it. `order` are its values' names, None if the driver takes them by name."""

    sql: str
    order: tuple[str, ...] | None
    into: Mapping[str, Processor]
    out: tuple[Processor | None, ...]

    def values(self, given: Values) -> Values | tuple[Any, ...]:
        """The values as the driver takes them."""
        into = self.into
        taken = {name: into[name](value) if name in into else value for name, value in given.items()}
        return taken if self.order is None else tuple(taken[name] for name in self.order)

    def row(self, found: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row as the types of its columns give it."""
        return tuple([make(value) if make else value for make, value in zip(self.out, found, strict=True)])


def ready(statement: Statement, dialect: Dialect) -> Ready:
    """Make a statement ready for this kind of database."""
    compiled = statement.compile(dialect=dialect)
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    columns = statement.selected_columns if isinstance(statement, Select) else compiled.effective_returning or ()
    return Ready(
        sql=str(compiled),
        order=tuple(compiled.positiontup) if compiled.positional and compiled.positiontup else None,
        into={name: process for name, process in into.items() if process},
        out=tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
    )


@dataclass(frozen=True, slots=True)
class Direct:
    """A connection of the engine's pool. `known` are the statements that were made ready, each once."""

    engine: Engine
    connection: PoolProxiedConnection
    known: dict[Statement, Ready]

    def rows(self, statement: Statement, values: Values) -> list[tuple[Any, ...]]:
        """All rows, of a statement that writes those that it returns."""
        with self._executed(statement, values) as (known, cursor):
            return [known.row(row) for row in cursor.fetchall()]

    def run(self, statement: Insert | Update | Delete, values: Values) -> int:
        """How many rows it touched."""
        with self._executed(statement, values) as (_, cursor):
            return int(cursor.rowcount)

    @contextmanager
    def _executed(self, statement: Statement, values: Values) -> Iterator[tuple[Ready, Any]]:
        known = self.known.get(statement)
        if known is None:
            known = self.known[statement] = ready(statement, self.engine.dialect)
        cursor = self.connection.cursor()
        try:
            cursor.execute(known.sql, known.values(values))
            yield known, cursor
        finally:
            cursor.close()

    def begin(self) -> None:
        """Begin a transaction that writes."""
        cursor = self.connection.cursor()
        if self.engine.dialect.name == "sqlite":
            _wait_for_turn(cursor)
        else:
            for words in BEGIN[self.engine.dialect.name, "write"]:
                cursor.execute(words)
        cursor.close()

    def commit(self) -> None:
        """End it: what was written stays."""
        with as_the_engine_says(self.engine, self.connection):
            self.connection.commit()

    def rollback(self) -> None:
        """End it: nothing was written. A connection that is broken has ended it already."""
        with suppress(self.engine.dialect.loaded_dbapi.Error):
            self.connection.rollback()


def _wait_for_turn(cursor: DBAPICursor) -> None:
    """Begin to write as soon as no other process does: SQLite itself would sleep longer and longer between looks."""
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while not _began(cursor, patient=time.monotonic() < until):
            time.sleep(PAUSE)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _began(cursor: DBAPICursor, *, patient: bool) -> bool:
    try:
        for words in BEGIN["sqlite", "write"]:
            cursor.execute(words)
    except sqlite3.OperationalError as error:
        if patient and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


@contextmanager
def direct(engine: Engine, known: dict[Statement, Ready]) -> Iterator[Direct]:
    """A connection whose failures are those of the engine; a broken one is not used again."""
    connection = _connected(engine)
    try:
        with as_the_engine_says(engine, connection):
            yield Direct(engine, connection, known)
    finally:
        connection.close()


@contextmanager
def as_the_engine_says(engine: Engine, connection: PoolProxiedConnection) -> Iterator[None]:
    """Raise the driver's failures as DBAPIError of their kind."""
    try:
        yield
    except engine.dialect.loaded_dbapi.Error as error:
        lost = engine.dialect.is_disconnect(error, connection.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
            engine.dispose()  # the others are as old
        raise _told(engine, error, lost=lost) from error


def _connected(engine: Engine) -> PoolProxiedConnection:
    try:
        return engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _told(engine, error, lost=True) from error


def _told(engine: Engine, error: Exception, *, lost: bool) -> Exception:
    base = engine.dialect.loaded_dbapi.Error
    return DBAPIError.instance(None, None, error, base, connection_invalidated=lost, dialect=engine.dialect)
