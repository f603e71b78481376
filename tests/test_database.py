from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from kb.database import Database, open_database, upgrade_database
from kb.errors import StoreError
from kb.tables import metadata


def test_every_pooled_sqlite_connection_is_durable(tmp_path: Path) -> None:
    """WAL and synchronous=FULL hold on each connection of the pool, not only on the first."""
    database = open_database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")
    with ExitStack() as stack:
        for _ in range(12):  # more than the pool keeps: overflow connections too
            connection = stack.enter_context(database.engine.connect())
            assert "wal" == connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            assert 2 == connection.exec_driver_sql("PRAGMA synchronous").scalar()
            assert 1 == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    database.close()


def test_a_failed_block_writes_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")
    with pytest.raises(ZeroDivisionError):
        _write_half(database)
    with database.reading() as connection:
        assert 0 == connection.execute(text("SELECT count(*) FROM snapshots")).scalar()
    database.close()


def _write_half(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO snapshots VALUES ('a', '{}')"))
        raise ZeroDivisionError


def test_writers_of_one_process_take_turns_and_none_is_refused(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")
    with ThreadPoolExecutor(32) as readers:
        list(readers.map(lambda number: _add(database, number), range(320)))
    with database.reading() as connection:
        assert 320 == connection.execute(text("SELECT count(*) FROM snapshots")).scalar()
    database.close()


def _add(database: Database, number: int) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO snapshots VALUES (:hash, '{}')"), {"hash": str(number)})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_long_look_sees_one_moment(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite3'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    upgrade_database(url)
    database = open_database(url)
    count = text("SELECT count(*) FROM snapshots")
    with database.looking() as connection:
        before = connection.execute(count).scalar_one()
        with database.writing() as other:
            other.execute(text("INSERT INTO snapshots VALUES ('seen later', '{}')"))
        assert before == connection.execute(count).scalar_one()
    with database.writing() as connection:
        assert before + 1 == connection.execute(count).scalar_one()
        connection.execute(text("DELETE FROM snapshots WHERE hash = 'seen later'"))
    database.close()


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")
    with database.reading() as connection:
        found = inspect(connection)
        made = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
    made.pop("alembic_version")
    assert {name: {column.name for column in table.columns} for name, table in metadata.tables.items()} == made
    database.close()


def test_a_shared_database_that_is_behind_is_refused_with_the_command(postgres_url: str) -> None:
    url = f"{postgres_url}&options=-csearch_path%3Dpg_temp"  # a schema of its own: empty for every connection
    with pytest.raises(StoreError, match="kb db upgrade"):
        open_database(url)


def test_a_shared_database_is_brought_up_to_date_by_command(postgres_url: str) -> None:
    upgrade_database(postgres_url)
    open_database(postgres_url).close()


@pytest.mark.parametrize("url", ["nonsense", "mysql+nothing://x/y", "sqlite:////proc/none/kb.sqlite3"])
def test_a_database_that_cannot_be_opened_is_a_clear_error(url: str) -> None:
    with pytest.raises(StoreError):
        open_database(url)
