"""Runs of a kb without accounts and lasting codes: they migrate, and what was linked or handed out goes on."""

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from secrets import token_hex

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from kb.checklist.ownership import Ownership
from kb.checklist.sharing import Codes
from kb.checklist.store import digest
from kb.database import Database, open_database, upgrade_database
from tests.checklist.samples import START, Clock

AT = START.isoformat(sep=" ")
OLDER = f"""
INSERT INTO snapshots (hash, body) VALUES ('h', '{{}}');
INSERT INTO runs (id, snapshot, article, edition, revision, started) VALUES ('linked', 'h', 'a', '', 'r', '{AT}');
INSERT INTO runs (id, snapshot, article, edition, revision, started) VALUES ('free', 'h', 'a', '', 'r', '{AT}');
INSERT INTO run_readers (run, reader, since) VALUES ('free', '{digest("mine")}', '{AT}');
INSERT INTO resume_codes (code, run, made) VALUES ('{digest("code")}', 'free', '{AT}');
INSERT INTO events (run, version, id, at, actor, kind, step, seen, body)
    VALUES ('linked', 1, 'x', '{AT}', 'ABCD/pat', 'linked', '', 0, '{{"account": "ABCD", "user": "pat"}}');
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database that such a kb left, opened by this one."""
    url = f"sqlite:///{tmp_path / 'kb.sqlite3'}"
    if request.param == "postgresql":
        url = _new_database(request.getfixturevalue("postgres_url"))
    _make_older(url)
    upgrade_database(url)
    database = open_database(url)
    yield database
    database.close()


def test_a_run_that_was_linked_is_its_accounts(database: Database) -> None:
    ownership = Ownership(database, Clock())
    assert ("ABCD", "") == (ownership.account_of("linked"), ownership.account_of("free"))
    assert ("linked",) == ownership.runs_of("ABCD")


def test_a_code_that_was_handed_out_works_on_for_a_while(database: Database) -> None:
    codes = Codes(database, Clock())
    assert "free" == codes.redeem("code", "tick", "another")
    assert [("tick", START, 1)] == [(code.allows, code.made, code.browsers) for code in codes.of("free")]


def _new_database(url: str) -> str:
    name = f"kb_{token_hex(8)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _make_older(url: str) -> None:
    engine = create_engine(url)
    with as_file(files("kb") / "migrations") as folder, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in OLDER.split(";\n")[:-1]:
            connection.exec_driver_sql(statement)
    engine.dispose()
