import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from kb.connecting import BUSY_MILLISECONDS
from kb.database import Database
from kb.errors import StoreError
from kb.tables import snapshots, unanswered
from tests.databases import new_postgres_database, sqlite_database

ADD = insert(unanswered)
ADD_AND_TELL = insert(unanswered).returning(unanswered.c.question)
ALL = select(unanswered).where(unanswered.c.count > bindparam("more_than"))
ROW = {"question": "how?", "count": 2, "last": datetime(2026, 3, 1, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from sqlite_database(tmp_path)
    else:
        yield from new_postgres_database(request.getfixturevalue("postgres_url"))


def test_values_and_rows_are_what_the_engine_makes_of_them(database: Database) -> None:
    with database.quick_writing() as connection:
        assert 1 == connection.run(ADD, ROW)
        assert 1 == connection.run(insert(snapshots), {"hash": "a", "body": {"steps": ["é", 1, None]}})
    with database.reading() as engine, database.quick_reading() as connection:
        asked = {"more_than": 0}
        assert [tuple(row) for row in engine.execute(ALL, asked)] == connection.rows(ALL, asked)
        assert [("how?", 2, datetime(2026, 3, 1, 9, 0, 0, 5, tzinfo=UTC))] == connection.rows(ALL, asked)
        assert [("a", {"steps": ["é", 1, None]})] == connection.rows(select(snapshots), {})


def test_a_block_that_fails_writes_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.quick_writing() as connection:
        connection.run(ADD, ROW)
        raise ZeroDivisionError
    assert [] == rows(database)


def test_a_rule_of_the_tables_is_told_as_the_engine_tells_it(database: Database) -> None:
    with database.quick_writing() as connection:
        connection.run(ADD, ROW)
    with pytest.raises(IntegrityError), database.quick_writing() as connection:
        connection.run(ADD, {**ROW, "question": "why?"})
        connection.run(ADD, ROW)
    assert ["how?"] == rows(database)


def test_a_failure_is_a_store_error_and_the_next_use_works(database: Database) -> None:
    with pytest.raises(StoreError), database.quick_reading() as connection:
        connection.rows(select(text("nothing")).select_from(text("nowhere")), {})
    assert [] == rows(database)


def rows(database: Database) -> list[str]:
    with database.quick_reading() as connection:
        return [row[0] for row in connection.rows(ALL, {"more_than": 0})]


def test_what_a_statement_that_writes_returns_comes_back(database: Database) -> None:
    with database.quick_writing() as connection:
        assert [("how?",)] == connection.rows(ADD_AND_TELL, ROW)
    assert ["how?"] == rows(database)


def test_a_writer_waits_for_one_in_another_process_and_no_longer(tmp_path: Path) -> None:
    """SQLite's own patience is for reading, and is back when the turn came."""
    file = tmp_path / "kb.sqlite3"
    for mine in sqlite_database(tmp_path):
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.2, other.execute, ("COMMIT",))
        ending.start()
        with mine.quick_writing() as connection:
            connection.run(ADD, ROW)
        ending.join()
        assert ["how?"] == rows(mine)
        with mine.reading() as connection_to_read:
            assert BUSY_MILLISECONDS == connection_to_read.exec_driver_sql("PRAGMA busy_timeout").scalar()
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Too many are writing"), mine.quick_writing():
            pass
        other.close()
        with mine.quick_writing() as connection:
            connection.run(ADD, {**ROW, "question": "why?"})
        assert ["how?", "why?"] == sorted(rows(mine))
