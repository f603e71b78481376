"""Connections to a database: how each is opened, what it promises, and how its transactions begin.

The drivers never begin a transaction by themselves: `_begin` does, with the words that fit what is wanted.
"""

import time
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError

from kb.errors import StoreError

BUSY_MILLISECONDS = 3_000  # a waiting writer holds a thread of the server
CONNECT_SECONDS = 5
POOL_SECONDS = 3
CONNECTIONS, OVERFLOW = 8, 12  # of one process, which has 16 threads
RESTED_SECONDS = 1.0  # a connection that was used since then is not asked whether it lives
Begin = Literal["look", "write", "migrate"]
BEGIN: dict[tuple[str, Begin], tuple[str, ...]] = {
    ("sqlite", "look"): ("BEGIN",),
    # a read that turns into a write can fail with SQLITE_BUSY at any time: writers take their lock at once
    ("sqlite", "write"): ("BEGIN IMMEDIATE",),
    ("sqlite", "migrate"): ("PRAGMA busy_timeout=60000", "BEGIN IMMEDIATE"),
    ("postgresql", "look"): ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
    ("postgresql", "write"): ("BEGIN",),
    ("postgresql", "migrate"): ("BEGIN", "SET LOCAL lock_timeout = 0", "SELECT pg_advisory_xact_lock(7310518126)"),
}
# WAL lets readers and one writer go on together; FULL makes a commit survive a power cut
SQLITE = (
    f"PRAGMA busy_timeout={BUSY_MILLISECONDS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)
POSTGRESQL = (
    f"SET lock_timeout = {BUSY_MILLISECONDS}",
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
)


def connect(url: str) -> Engine:
    """The engine for `sqlite:///file` or `postgresql+psycopg://…`. Raises StoreError."""
    try:
        engine = _engine(make_url(url))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(
            f"The database address cannot be used: {error}. Use sqlite:///FILE or postgresql+psycopg://…"
        ) from error
    except OSError as error:
        raise StoreError(f"The folder for the database cannot be made: {error}. Name another with --data.") from error
    event.listen(engine, "connect", _keep_sqlite if engine.dialect.name == "sqlite" else _keep_postgresql)
    event.listen(engine, "begin", _begin)
    return engine


def _engine(url: URL) -> Engine:
    pool: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": OVERFLOW, "pool_timeout": POOL_SECONDS}
    if url.get_backend_name() != "sqlite":
        network = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000}  # seconds, milliseconds
        engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=network, **pool)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _ask_rested(engine))
        return engine
    if not url.database or url.database == ":memory:":
        return create_engine(url)
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return create_engine(url, **pool)


def _keep_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for promise in SQLITE:
        cursor.execute(promise)
    cursor.close()


def _keep_postgresql(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for promise in POSTGRESQL:
        cursor.execute(promise)
    cursor.close()


def _begin(connection: Connection) -> None:
    wanted: Begin | None = connection.get_execution_options().get("kb_begin")
    if wanted:
        for words in BEGIN[connection.dialect.name, wanted]:
            connection.exec_driver_sql(words)


def _note_use(_connection: object, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ask_rested(engine: Engine) -> Any:
    """A question to the database before each use would cost as much as the use."""

    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", time.monotonic()) < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise DisconnectionError from error  # the pool opens another in its place

    return ask
