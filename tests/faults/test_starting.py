"""A database that is behind, ahead, away or no database at all, and many who bring one up to date at once."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from kb.database import open_database, upgrade_database
from kb.tables import metadata
from tests.typed import typed

STARTERS = 3


def refused(*words: str) -> str:
    """What the command says when it ends with 1, as it must."""
    done = typed(*words)
    assert 1 == done.returncode, done.stderr
    return done.stderr


def test_a_shared_database_that_is_behind_is_refused_until_it_is_upgraded(
    library: Path, new_postgres: str, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_DATABASE_URL", new_postgres)
    said = refused("serve", str(library), "--port", str(free_port))
    assert "kb: The database is at no version" in said
    assert "run `kb db upgrade`" in said
    assert 0 == typed("db", "upgrade", "--library", str(library)).returncode
    open_database(new_postgres).close()


def test_a_database_of_a_newer_kb_is_refused(library: Path, tmp_path: Path, free_port: int) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite3'}"
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    said = refused("serve", str(library), "--data", str(tmp_path), "--port", str(free_port))
    assert "newer kb (at 9999)" in said


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(library: Path, tmp_path: Path, free_port: int) -> None:
    file = tmp_path / "kb.sqlite3"
    file.write_text("These are my notes. " * 100)
    said = refused("serve", str(library), "--data", str(tmp_path), "--port", str(free_port))
    assert str(file) in said
    assert "not a database" in said
    assert file.read_text().startswith("These are my notes.")


def test_a_shared_database_that_is_away_is_named_without_its_password(
    library: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_DATABASE_URL", f"postgresql+psycopg://kb:open-sesame@127.0.0.1:{free_port}/help")
    said = refused("serve", str(library), "--port", str(free_port))
    assert f"127.0.0.1:{free_port}/help cannot be used" in said
    assert "Is the server running" in said
    assert "open-sesame" not in said


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_who_upgrade_at_once_make_one_upgrade(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Workers of one site that start together, or an operator in two windows."""
    sqlite = f"sqlite:///{tmp_path / 'kb.sqlite3'}"
    url = sqlite if kind == "sqlite" else str(request.getfixturevalue("new_postgres"))
    spawned = multiprocessing.get_context("spawn")
    together = spawned.Barrier(STARTERS)
    starters = [spawned.Process(target=_upgrade, args=(url, together)) for _ in range(STARTERS)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert [0] * STARTERS == [starter.exitcode for starter in starters]
    engine = create_engine(url)
    assert {*metadata.tables, "alembic_version"} == set(inspect(engine).get_table_names())
    engine.dispose()
    open_database(url).close()


def _upgrade(url: str, together: Barrier) -> None:
    together.wait()
    upgrade_database(url)
