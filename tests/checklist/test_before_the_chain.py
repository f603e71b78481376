"""Runs of a kb that had no chain: they migrate, are told apart, and are taken into the chain by their next event."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from kb.checklist.audit import audit
from kb.checklist.chain import chain_of
from kb.checklist.purge import Purge
from kb.checklist.store import RunStore
from kb.database import Database
from tests.checklist.samples import CHECKLIST, START, Clock, draft
from tests.databases import older_database

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


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """A database that a kb without the chain left, opened by this one."""
    yield from older_database(empty_url, "0002", _fill)


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


def _fill(connection: Connection) -> None:
    for table, rows in ROWS.items():
        names = list(rows[0])
        values = ", ".join(f":{name}" for name in names)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)
