"""Events of many runs in one transaction, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from kb.checklist.append import Addition, add_all
from kb.checklist.audit import audit
from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.journal import sealed
from kb.checklist.store import RunStore
from kb.database import Database
from tests.checklist.samples import MANUAL

CHAIN = chain_of(b"key")
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def started(store: RunStore, number: int) -> list[str]:
    return [store.start(MANUAL, "r" * 43, "reader") for _ in range(number)]


def addition(store: RunStore, run: str, event_id: str = "first", at: datetime = NOW) -> Addition:
    """A tick after the events that the run has now."""
    journal = store.journal(run)
    draft = Draft(event_id, "tick", "reader", "one", 1, {"text": "Grüße „“ \\ \u2028 'x' {}"})
    _, row, mac = sealed(CHAIN, (run, journal.version + 1, journal.mac or ""), draft, at, journal.snapshot or "")
    version, before = journal.version, journal.mac or ""
    return Addition(row, CHAIN.seal(run, version, before), CHAIN.seal(run, version + 1, mac))


def kinds(store: RunStore, runs: Sequence[str]) -> list[list[str]]:
    return [[event.kind for event in store.events(run)] for run in runs]


def test_all_are_added_and_each_says_what_was_sent(store: RunStore, database: Database) -> None:
    runs = started(store, 3)
    batch = [addition(store, run) for run in runs]
    assert [True] * 3 == add_all(database, batch)
    assert [["started", "tick"]] * 3 == kinds(store, runs)
    for run, one in zip(runs, batch, strict=True):
        event = store.events(run)[-1]
        told = (event.id, event.at, event.actor, event.step, event.seen, event.body)
        assert (one.row["id"], NOW, "reader", "one", 1, one.row["body"]) == told


def test_the_chain_of_each_holds(store: RunStore, database: Database) -> None:
    runs = started(store, 3)
    for turn in range(3):
        assert all(add_all(database, [addition(store, run, f"event-{turn}") for run in runs]))
    assert [] == [found for found in audit(database, CHAIN).findings if found.run in runs]


def test_only_those_whose_run_is_as_it_was_read_are_added(store: RunStore, database: Database) -> None:
    runs = started(store, 3)
    batch = [addition(store, run) for run in runs]
    assert [True] == add_all(database, [addition(store, runs[1], "quicker")])
    assert [True, False, True] == add_all(database, batch)
    assert ["first", "quicker", "first"] == [store.events(run)[-1].id for run in runs]
    assert [2, 2, 2] == [len(store.events(run)) for run in runs]


def test_of_two_for_the_same_place_one_is_added(store: RunStore, database: Database) -> None:
    (run,) = started(store, 1)
    added = add_all(database, [addition(store, run, "one"), addition(store, run, "two")])
    assert [False, True] == sorted(map(bool, added))
    assert ["one", "two"][list(added).index(True)] == store.events(run)[-1].id
    assert 2 == len(store.events(run))


def test_what_breaks_a_rule_of_the_tables_spoils_no_others(store: RunStore, database: Database) -> None:
    runs = started(store, 3)
    batch = [addition(store, run) for run in runs]
    taken = store.events(runs[1])[0].id
    batch[1] = replace(batch[1], row={**batch[1].row, "id": taken})
    first, wrong, last = add_all(database, batch)
    assert (True, True) == (first, last)
    assert isinstance(wrong, IntegrityError)
    assert [["started", "tick"], ["started"], ["started", "tick"]] == kinds(store, runs)
    assert isinstance(add_all(database, [batch[1]])[0], IntegrityError)


@pytest.mark.parametrize("at", [NOW.replace(microsecond=1), NOW.replace(microsecond=999_999)])
def test_times_keep_their_microseconds(store: RunStore, database: Database, at: datetime) -> None:
    (run,) = started(store, 1)
    add_all(database, [addition(store, run, at=at)])
    assert at == store.events(run)[-1].at
