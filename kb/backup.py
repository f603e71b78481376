"""Backups: all that a database keeps, in one SQLite file, of which either kind of database can be made again.

PostgreSQL is copied row by row as it was at one moment, not by pg_dump: no program beside this one is needed, its
version need not fit the server's, and the file can be verified and restored anywhere.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from kb.database import Database, open_database
from kb.errors import StoreError, UsageError
from kb.tables import metadata, rate_limits, sign_ins, staff_sessions

TRANSIENT = (sign_ins, staff_sessions, rate_limits)  # a sign-in that was ended must not come to life again
ROWS = 500  # copied at once


def write_backup(database: Database, file: Path) -> None:
    """Write the database as it is at one moment, while others go on writing; `file` is there whole or not at all.

    Raises StoreError, UsageError.
    """
    try:
        number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # nobody else may read it
        os.close(number)
        aside = Path(name)
        try:
            _copy_pages(database, aside) if database.engine.dialect.name == "sqlite" else _copy_rows(database, aside)
            _finish(aside)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise StoreError(f"The backup could not be written: {error}.") from error


@contextmanager
def reading_backup(file: Path) -> Iterator[Database]:
    """What a backup holds, brought to this version of kb. The file itself is only read. Raises StoreError."""
    with tempfile.TemporaryDirectory(prefix="kb-restore-") as folder:
        copied = Path(folder) / "backup.sqlite3"
        _refuse_foreign(file, copied)
        database = open_database(f"sqlite:///{copied}")
        try:
            yield database
        finally:
            database.close()


def holds_anything(database: Database) -> bool:
    """Whether there is anything in it that a restore would replace. Raises StoreError."""
    with database.looking() as connection:
        kept = (table for table in metadata.sorted_tables if table not in TRANSIENT)
        return any(connection.execute(select(table).limit(1)).first() is not None for table in kept)


def replace_all(database: Database, source: Database) -> None:
    """Put what `source` holds in the place of all that is here, in one transaction. Raises StoreError."""
    with source.looking() as read, database.writing() as written:
        if written.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            written.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        for table in reversed(metadata.sorted_tables):
            written.execute(delete(table))
        _copy(read, written)


def _copy_pages(database: Database, aside: Path) -> None:
    """In one step: a backup in several would begin again whenever somebody else writes."""
    with closing(sqlite3.connect(aside)) as target, database.reading() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101
        driver.backup(target)


def _copy_rows(database: Database, aside: Path) -> None:
    target = open_database(f"sqlite:///{aside}")
    try:
        with database.looking() as read, target.writing() as written:
            _copy(read, written)
    finally:
        target.close()


def _copy(read: Connection, written: Connection) -> None:
    for table in metadata.sorted_tables:
        if table in TRANSIENT:
            continue
        for rows in read.execution_options(yield_per=ROWS).execute(select(table)).mappings().partitions():
            written.execute(insert(table), [dict(row) for row in rows])
        _go_on_counting(written, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter of its own, which knows nothing of rows that bring their number."""
    counted = table.autoincrement_column
    if connection.dialect.name != "postgresql" or counted is None:
        return
    counter = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": counted.name})
    if counter:
        last = connection.scalar(select(func.max(counted)))
        connection.execute(select(func.setval(counter, last or 1, last is not None)))


def _finish(aside: Path) -> None:
    """One file, without sign-ins, on the disk."""
    with closing(sqlite3.connect(aside, isolation_level=None)) as written:
        for table in TRANSIENT:
            written.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 (names of ours)
        written.execute("PRAGMA journal_mode=DELETE")
        written.execute("VACUUM")
    with aside.open("rb") as done:
        os.fsync(done.fileno())


def _refuse_foreign(file: Path, copied: Path) -> None:
    try:
        shutil.copyfile(file, copied)
        with closing(sqlite3.connect(copied)) as looked:
            looked.execute("SELECT version_num FROM alembic_version").fetchone()
            looked.execute("SELECT count(*) FROM events").fetchone()
            broken = looked.execute("PRAGMA integrity_check").fetchone()[0]
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise UsageError(f"{file} is no backup of kb: {error}.") from error
    if broken != "ok":
        raise StoreError(f"{file} is damaged: {broken}.")
