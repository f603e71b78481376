"""Runs of a kb without accounts and lasting codes: they migrate, and what was linked or handed out goes on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from kb.checklist.ownership import Ownership
from kb.checklist.secret import digest
from kb.checklist.sharing import Codes
from kb.database import Database
from tests.checklist.samples import START, Clock
from tests.databases import older_database

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


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """A database that such a kb left, opened by this one."""
    yield from older_database(empty_url, "0003", _fill)


def test_a_run_that_was_linked_is_its_accounts(database: Database) -> None:
    ownership = Ownership(database, Clock())
    assert ("ABCD", "") == (ownership.account_of("linked"), ownership.account_of("free"))
    assert ("linked",) == ownership.runs_of("ABCD")


def test_a_code_that_was_handed_out_works_on_for_a_while(database: Database) -> None:
    codes = Codes(database, Clock())
    assert "free" == codes.redeem("code", "tick", "another")
    assert [("tick", START, 1)] == [(code.allows, code.made, code.browsers) for code in codes.of("free")]


def _fill(connection: Connection) -> None:
    for statement in OLDER.split(";\n")[:-1]:
        connection.exec_driver_sql(statement)
