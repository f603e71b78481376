"""How many single rows a second a database itself makes durable: no program of ours, only its own client."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.queues import Queue

import psycopg
from sqlalchemy import make_url

from kb.database import open_database

PROCESSES = 2  # so that many share the work of talking to PostgreSQL
ROW = "INSERT INTO bare (run, version, id, at, actor, kind, step, seen, body) VALUES ({})"
TABLE = (
    "CREATE TABLE IF NOT EXISTS bare (run varchar(32) NOT NULL, version integer NOT NULL, id varchar(200) NOT NULL, "
    "at timestamp NOT NULL, actor varchar NOT NULL, kind varchar(32) NOT NULL, step varchar(64) NOT NULL, "
    "seen integer NOT NULL, body json NOT NULL, PRIMARY KEY (run, version), UNIQUE (run, id))"
)
ASKED = {
    "sqlite": ("PRAGMA", ("journal_mode", "synchronous")),
    "postgresql": ("SHOW", ("fsync", "synchronous_commit", "full_page_writes", "commit_delay", "server_version")),
}
Insert = Callable[[tuple[object, ...]], object]


def promises(url: str) -> str:
    """What this database says of its durability, on a connection as kb opens it."""
    database = open_database(url)
    try:
        with database.reading() as connection:
            ask, names = ASKED[database.engine.dialect.name]
            said = {name: connection.exec_driver_sql(f"{ask} {name}").scalar() for name in names}
    finally:
        database.close()
    return ", ".join(f"{name}={value}" for name, value in said.items())


def bare(url: str, writers: int, seconds: float) -> float:
    """Committed single rows a second by that many writers at once, each on its own connection."""
    parsed = make_url(url)
    _connect(url)  # makes the table
    processes = 1 if parsed.get_backend_name() == "sqlite" or writers == 1 else PROCESSES
    context = get_context("spawn")
    counts: Queue[float] = context.Queue()
    shares = [(url, writers // processes, seconds, counts) for _ in range(processes)]
    workers = [context.Process(target=_write, args=share) for share in shares]
    for worker in workers:
        worker.start()
    total = sum(counts.get() for _ in workers)
    for worker in workers:
        worker.join()
    return total


def _write(url: str, writers: int, seconds: float, counts: "Queue[float]") -> None:
    rates: list[float] = []
    threads = [threading.Thread(target=_insert, args=(_connect(url), seconds, rates)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.put(sum(rates))


def _insert(insert: Insert, seconds: float, rates: list[float]) -> None:
    run, done = secrets.token_urlsafe(16), 0
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        done += 1
        event = secrets.token_hex(16)
        insert((run, done, event, "2026-03-01 09:00:00.000000", "reader", "tick", "pack", done, '{"a": 1}'))
    rates.append(done / (time.monotonic() - began))


def _connect(url: str) -> Insert:
    """A connection of its own, with the settings that kb has; gives what inserts a row and commits it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        lite = sqlite3.connect(str(parsed.database), isolation_level=None, check_same_thread=False, timeout=30)
        lite.execute("PRAGMA synchronous=FULL")
        lite.execute(TABLE)
        row = ROW.format(", ".join("?" * 9))
        return lambda values: _committed(lite, row, values)
    host = str(parsed.query["host"])
    postgres = psycopg.connect(f"user=kb dbname=postgres host={host}", autocommit=True)
    postgres.execute(TABLE)
    values_of = ROW.format(", ".join(["%s"] * 9))
    return lambda values: postgres.execute(values_of, values, prepare=True)


def _committed(lite: sqlite3.Connection, row: str, values: tuple[object, ...]) -> None:
    lite.execute("BEGIN IMMEDIATE")
    lite.execute(row, values)
    lite.execute("COMMIT")
