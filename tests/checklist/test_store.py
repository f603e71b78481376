from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kb.checklist.checklist import Checklist
from kb.checklist.event import Draft, Event
from kb.checklist.store import RunStore
from kb.errors import EventConflict, NotFound
from tests.checklist.samples import CHECKLIST, MANUAL, draft

READER = "r" * 43
NEWER = replace(CHECKLIST, edition="2026-03-01", revision="2" * 64)


def tick(store: RunStore, run: str, wanted: Draft) -> Event | None:
    return store.record(run, wanted.id, lambda _events: wanted, wanted)


def test_a_run_is_shown_from_its_snapshot(store: RunStore) -> None:
    run = store.start(CHECKLIST, READER, "reader")
    assert CHECKLIST == store.run(run).checklist


def test_equal_checklists_are_stored_once(store: RunStore) -> None:
    runs = [store.start(CHECKLIST, READER, "reader") for _ in range(2)]
    assert runs[0] != runs[1]
    assert [CHECKLIST, CHECKLIST] == [store.run(run).checklist for run in runs]


def test_events_come_back_in_order_with_who_and_when(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    tick(store, run, draft("tick", "one"))
    tick(store, run, draft("untick", "one"))
    events = store.events(run)
    assert [(1, "started"), (2, "tick"), (3, "untick")] == [(event.version, event.kind) for event in events]
    assert events[0].at < events[1].at < events[2].at
    assert {"reader"} == {event.actor for event in events}


def test_the_same_event_sent_again_changes_nothing(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    first, again = (tick(store, run, draft("tick", "one")) for _ in range(2))
    assert first == again
    assert 2 == len(store.events(run))


def test_the_same_event_id_with_another_content_is_a_conflict(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    tick(store, run, Draft("same", "tick", "reader", "one"))
    with pytest.raises(EventConflict):
        tick(store, run, Draft("same", "tick", "reader", "two"))
    assert 2 == len(store.events(run))


def test_many_writers_at_once_lose_nothing_and_leave_no_gap(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    wanted = [Draft(f"event-{number}", "tick", "reader", "one") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: tick(store, run, item), wanted))
    events = store.events(run)
    assert list(range(1, 42)) == [event.version for event in events]
    assert {item.id for item in wanted} == {event.id for event in events[1:]}


def test_whoever_decides_sees_all_events_before_its_own(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")

    def count(events: Sequence[Event]) -> Draft:
        return Draft(f"number-{len(events)}", "tick", "reader", "one", seen=len(events))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.record(run, f"any-{number}", count), range(20)))
    assert list(range(20 + 1)) == [event.seen for event in store.events(run)]


def test_only_readers_who_were_let_in_are_admitted(store: RunStore) -> None:
    run = store.start(MANUAL, READER, "reader")
    assert store.admits(run, READER)
    assert not store.admits(run, "another")
    store.admit(run, "another")
    store.admit(run, "another")
    assert store.admits(run, "another")


def test_a_reader_finds_their_runs_newest_first(store: RunStore) -> None:
    reader = f"reader of {id(store)}"
    started: list[str] = [store.start(one, reader, "reader") for one in (MANUAL, CHECKLIST)]
    found: list[Checklist] = [run.checklist for run in store.runs_of(reader)]
    assert [CHECKLIST, MANUAL] == found
    assert 2 == len(started)


def test_an_unknown_run_is_not_found(store: RunStore) -> None:
    with pytest.raises(NotFound):
        store.run("nothing")


def test_the_first_event_names_the_checklist_that_the_run_follows(store: RunStore) -> None:
    run = store.start(CHECKLIST, READER, "reader")
    assert {
        "article": "house/moving-out",
        "edition": "2026-02-01",
        "revision": "0" * 64,
        "snapshot": CHECKLIST.hash,
    } == store.events(run)[0].body


def test_a_moved_run_follows_the_new_checklist_and_the_old_one_stays_to_be_read(store: RunStore) -> None:
    run = store.start(CHECKLIST, READER, "reader")
    wanted = Draft("move", "tick", "reader", body={"weight": "content"})
    moved = store.move(run, "move", lambda _events: wanted, NEWER, wanted)
    assert moved is not None
    assert {"weight": "content", "snapshot": NEWER.hash, "edition": "2026-03-01"}.items() <= moved.body.items()
    stored = store.run(run)
    assert (NEWER, "2026-03-01", "2" * 64) == (stored.checklist, stored.edition, stored.revision)
    assert CHECKLIST == store.snapshot(CHECKLIST.hash)


def test_a_move_sent_again_is_made_once(store: RunStore) -> None:
    run = store.start(CHECKLIST, READER, "reader")
    wanted = Draft("move", "tick", "reader", body={"weight": "content"})
    first, again = (store.move(run, "move", lambda _events: wanted, NEWER, wanted) for _ in range(2))
    assert first == again
    assert 2 == len(store.events(run))


def test_a_move_that_is_not_wanted_any_more_changes_nothing(store: RunStore) -> None:
    run = store.start(CHECKLIST, READER, "reader")
    assert store.move(run, "move", lambda _events: None, NEWER) is None
    assert CHECKLIST == store.run(run).checklist


def test_an_unknown_snapshot_is_not_found(store: RunStore) -> None:
    with pytest.raises(NotFound):
        store.snapshot("nothing")
