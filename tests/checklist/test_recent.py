"""What a process remembers of a run never shows and never decides: two stores are two server processes here."""

from dataclasses import replace

import pytest

from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.purge import Purge
from kb.checklist.recent import LONGEST, MOST, Recent, Recents
from kb.checklist.store import RunStore
from kb.database import Database
from tests.checklist.samples import MANUAL, Clock, draft
from tests.checklist.test_store import tick

READER = "r" * 43


@pytest.fixture
def other(database: Database) -> RunStore:
    return RunStore(database, Clock(), chain_of(b"key"))


def seen(store: RunStore, run: str) -> Recent:
    """The run, looked at as a page does before the reader ticks in it."""
    assert store.run_admitting(run, READER)
    store.journal(run)
    found = store.recent(run, READER)
    assert found
    return found


def test_what_was_never_looked_at_is_not_known(store: RunStore, other: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    assert other.recent(run, READER) is None


def test_only_a_reader_who_was_admitted_is_known(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    seen(store, run)
    assert store.run_admitting(run, "s" * 43) is None
    assert store.recent(run, "s" * 43) is None


def test_ticks_follow_each_other_without_a_look(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    seen(store, run)
    for step in ("one", "two"):
        recent = store.recent(run, READER)
        assert recent
        assert store.follow(recent, draft("tick", step))
    assert ["started", "tick", "tick"] == [event.kind for event in store.events(run)]


def test_nothing_follows_what_another_process_has_added_to(store: RunStore, other: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    recent = seen(store, run)
    tick(other, run, draft("tick", "one"))
    assert not store.follow(recent, draft("tick", "two"))
    assert store.recent(run, READER) is None
    assert ["started", "tick"] == [event.kind for event in store.events(run)]


def test_a_run_that_moved_is_not_known_any_more(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    seen(store, run)
    newer, moved = replace(MANUAL, revision="3" * 64), draft("moved")
    store.move(run, moved.id, lambda _events: moved, newer)
    store.journal(run)
    assert store.recent(run, READER) is None


def test_nothing_follows_what_was_erased(store: RunStore, database: Database) -> None:
    run = store.start(MANUAL, READER, "reader")
    recent = seen(store, run)
    Purge(database, chain_of(b"key")).run(run, "asked for", Clock()())
    assert not store.follow(recent, draft("tick", "one"))
    store.journal(run)
    assert store.recent(run, READER) is None


def test_it_remembers_only_so_many_and_none_that_is_long(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    recent, recents = seen(store, run), Recents()
    event = recent.journal.events[0]
    for number in range(MOST + 1):
        one = f"run-{number}"
        recents.admitted(replace(recent.run, id=one), READER)
        recents.read(replace(recent.journal, events=(replace(event, run=one),)))
    assert recents.find("run-0", READER) is None
    assert recents.find(f"run-{MOST}", READER)
    long = tuple(replace(event, run="long", version=place + 1) for place in range(LONGEST + 1))
    recents.admitted(replace(recent.run, id="long"), READER)
    recents.read(replace(recent.journal, events=long))
    assert recents.find("long", READER) is None


def test_the_same_event_again_is_given_again(store: RunStore) -> None:
    """The long way, after the short one has added it."""
    run = store.start(MANUAL, READER, "reader")
    wanted = Draft("same", "tick", "reader", "one")
    assert store.follow(seen(store, run), wanted)
    known = tick(store, run, wanted)
    assert known
    assert (2, "same") == (known.version, known.id)
