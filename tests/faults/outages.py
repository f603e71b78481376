"""What can keep a database from writing, brought about in the database itself for as long as a block lasts."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import event, text

from kb.connecting import CONNECTIONS, OVERFLOW
from kb.database import Database

Outage = Callable[[Database], AbstractContextManager[None]]
HOLDER = """
import sqlite3, sys
lite = sqlite3.connect(sys.argv[1], isolation_level=None)
lite.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
FUNCTION = "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {}; RETURN NULL; END$$"
FULL = "RAISE 'no' USING ERRCODE = '53100'"
CUT = "PERFORM pg_terminate_backend(pg_backend_pid())"
TRIGGER = "CREATE CONSTRAINT TRIGGER fails {} FOR EACH ROW EXECUTE FUNCTION fails()"


@contextmanager
def full(database: Database) -> Iterator[None]:
    """SQLite may not add a page to its file; PostgreSQL says what it says when its disk is full."""
    if database.engine.dialect.name == "sqlite":
        with _told(database, "PRAGMA max_page_count=1"):
            yield
        return
    with _failing(database, FULL, "AFTER INSERT ON events"):
        yield


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    """As after a disk was mounted again without writing, or on the standby of a PostgreSQL."""
    sqlite = database.engine.dialect.name == "sqlite"
    with _told(database, "PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on"):
        yield


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process writes, for longer than anybody waits."""
    if database.engine.dialect.name == "sqlite":
        command = [sys.executable, "-c", HOLDER, str(database.engine.url.database)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            yield
            process.communicate()
        return
    with database.writing() as other:
        other.execute(text("LOCK TABLE events IN EXCLUSIVE MODE"))
        yield


@contextmanager
def cut_off(database: Database, when: str) -> Iterator[None]:
    """PostgreSQL ends each connection at this moment of a transaction."""
    with _failing(database, CUT, when):
        yield


@contextmanager
def exhausted(database: Database) -> Iterator[None]:
    """All connections of this process are in use."""
    with ExitStack() as stack:
        for _ in range(CONNECTIONS + OVERFLOW):
            stack.enter_context(database.engine.connect())
        yield


@contextmanager
def _told(database: Database, order: str) -> Iterator[None]:
    """Each connection is given this order when it is opened."""

    def tell(connection: object, _record: object) -> None:
        connection.cursor().execute(order)  # type: ignore[attr-defined]

    database.engine.dispose()
    event.listen(database.engine, "connect", tell)
    yield
    event.remove(database.engine, "connect", tell)
    database.engine.dispose()


@contextmanager
def _failing(database: Database, how: str, when: str) -> Iterator[None]:
    """PostgreSQL does this whenever that happens."""
    with database.writing() as connection:
        connection.execute(text(FUNCTION.format(how)))
        connection.execute(text(TRIGGER.format(when)))
    yield
    with database.writing() as connection:
        connection.execute(text("DROP FUNCTION fails CASCADE"))
