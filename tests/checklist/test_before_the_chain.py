"""Runs of a kb that had no chain: they migrate, are told apart, and are taken into the chain by their next event."""

import json
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from kb.checklist.audit import audit
from kb.checklist.chain import chain_of
from kb.checklist.purge import Purge
from kb.checklist.store import RunStore
from kb.database import Database, open_database, upgrade_database
from tests.checklist.samples import CHECKLIST, START, Clock, draft

CHAIN = chain_of(b"key")
RUN = "an-older-run"
AT = START.isoformat(sep=" ", timespec="microseconds")
ROWS: dict[str, list[dict[str, Any]]] = {
    "snapshots": [{"hash": CHECKLIST.hash, "body": json.dumps(CHECKLIST.as_json())}],
    "runs": [
        {
            "id": RUN,
            "snapshot": CHECKLIST.hash,
            "article": CHECKLIST.article,
            "edition": CHECKLIST.edition,
            "revision": CHECKLIST.revision,
            "started": AT,
        }
    ],
    "run_readers": [{"run": RUN, "reader": "r" * 64, "since": AT}],
    "events": [
        {
            "run": RUN,
            "version": version,
            "id": f"event-{version}",
            "at": AT,
            "actor": "reader",
            "kind": kind,
            "step": "pack" if kind == "tick" else "",
            "seen": 0,
            "body": "{}",
        }
        for version, kind in ((1, "started"), (2, "tick"))
    ],
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kb.sqlite3'}"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"kb_{token_hex(8)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    engine.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database that a kb without the chain left, opened by this one."""
    _make_older(url)
    upgrade_database(url)
    database = open_database(url)
    yield database
    database.close()


def test_older_runs_are_read_and_told_apart(database: Database) -> None:
    done = audit(database, CHAIN)
    assert (1, 2, 2, []) == (done.runs, done.events, done.before, done.findings)
    store = RunStore(database, Clock(), CHAIN)
    assert CHECKLIST == store.run(RUN).checklist
    assert ["started", "tick"] == [event.kind for event in store.events(RUN)]


def test_their_next_event_takes_them_into_the_chain(database: Database) -> None:
    wanted = draft("untick", "pack")
    RunStore(database, Clock(), CHAIN).record(RUN, wanted.id, lambda _events: wanted)
    done = audit(database, CHAIN)
    assert (3, 0, []) == (done.events, done.before, done.findings)


def test_they_can_be_purged(database: Database) -> None:
    assert 2 == Purge(database, CHAIN).run(RUN, "", START)
    done = audit(database, CHAIN)
    assert (1, []) == (done.purged, done.findings)


def _make_older(url: str) -> None:
    engine = create_engine(url)
    with as_file(files("kb") / "migrations") as folder, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for table, rows in ROWS.items():
            names = list(rows[0])
            values = ", ".join(f":{name}" for name in names)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)
    engine.dispose()
