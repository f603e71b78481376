from datetime import timedelta

import pytest
from sqlalchemy import select

from kb.checklist.audit import audit
from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.ownership import Ownership
from kb.checklist.purge import KEPT, Purge, tables_of_runs
from kb.checklist.sharing import Codes
from kb.checklist.store import RunStore
from kb.database import Database
from kb.tables import runs
from tests.checklist.samples import CHECKLIST, START, Clock

CHAIN = chain_of(b"key")
READER = "r" * 43
LEFT_OF_A_RUN = {"id", "snapshot", "article", "edition", "revision", "started", "purged"}  # names nobody


@pytest.fixture
def database(new_database: Database) -> Database:
    return new_database


def linked(store: RunStore, account: str) -> str:
    run = store.start(CHECKLIST, READER, "reader")
    record(store, run, Draft("linked", "linked", f"{account}/pat", body={"account": account}))
    return run


def record(store: RunStore, run: str, wanted: Draft) -> None:
    store.record(run, wanted.id, lambda _events: wanted)


def test_whoever_could_open_it_cannot_any_more(database: Database, store: RunStore) -> None:
    run = linked(store, "ABCD")
    Ownership(database, Clock()).give(run, "ABCD")
    codes = Codes(database, Clock())
    codes.redeem(codes.make(run, "see"), "see", "v" * 43)
    Purge(database, CHAIN).run(run, "", START)
    with database.reading() as connection:
        left = {
            table.name
            for table in tables_of_runs()
            if connection.execute(select(table).where(table.c.run == run)).first() is not None
        }
    assert {table.name for table in KEPT} == left


def test_nothing_that_names_somebody_is_kept_of_a_run() -> None:
    """A new column of `runs` must be thought of here, and erased by a purge if it tells of a person."""
    assert LEFT_OF_A_RUN == set(runs.c.keys())


def test_an_account_is_purged_with_what_was_taken_over_into_its_runs(database: Database, store: RunStore) -> None:
    own, before, other = linked(store, "ABCD"), store.start(CHECKLIST, READER, "reader"), linked(store, "WXYZ")
    record(store, own, Draft("merged", "merged", "ABCD/pat", body={"from": before, "events": [], "taken": []}))
    purge = Purge(database, CHAIN)
    assert {own, before} == set(purge.of_account("ABCD"))
    assert (own,) == purge.holders(before)
    assert (other,) == purge.of_account("WXYZ")
    assert () == purge.of_account("nobody")


def test_only_runs_without_events_since_then_are_old(database: Database, store: RunStore) -> None:
    old, used = (store.start(CHECKLIST, READER, "reader") for _ in range(2))
    later = START + timedelta(days=30)
    late = RunStore(database, lambda: later, CHAIN)
    record(late, used, Draft("tick", "tick", "reader", "pack"))
    assert (old,) == Purge(database, CHAIN).older_than(later)


def test_what_is_left_can_be_counted(database: Database, store: RunStore) -> None:
    run = linked(store, "ABCD")
    record(store, run, Draft("tick", "tick", "ABCD/pat", "pack"))
    Purge(database, CHAIN).run(run, "", START)
    left = store.events(run)
    assert [("started", ""), ("linked", ""), ("tick", "pack"), ("purged", "")] == [(one.kind, one.step) for one in left]
    assert all(one.at for one in left)
    assert [] == audit(database, CHAIN).findings
