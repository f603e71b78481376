"""Two tabs that move one run, and a tick that comes in between. On both databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from kb.checklist.carry_over import carry_over
from kb.checklist.checklist import Checklist
from kb.checklist.destination import Destination
from kb.checklist.event import Draft, Event
from kb.checklist.progress import Progress, fold
from kb.checklist.store import RunStore
from kb.errors import Refused
from tests.checklist.samples import START, draft
from tests.checklist.test_carry_over import codes, destination, old_checklist


@pytest.fixture
def was(tmp_path: Path) -> Checklist:
    return old_checklist(tmp_path)


@pytest.fixture
def onto(tmp_path: Path, was: Checklist) -> Destination:
    return destination(tmp_path, was)


def seen(store: RunStore, run: str, was: Checklist) -> Progress:
    """What a tab knows when its page is opened."""
    return fold(was, store.events(run), START)


def move(store: RunStore, run: str, known: Progress, onto: Destination, event: str) -> Event | None:
    def decide(events: Sequence[Event]) -> Draft:
        return carry_over(known.again(events, START), onto).draft(event, "reader")

    return store.move(run, event, decide, onto.checklist)


def test_two_tabs_that_move_at_once_move_once(store: RunStore, was: Checklist, onto: Destination) -> None:
    run, together = store.start(was, "reader", "reader"), Barrier(2)

    def tab(number: int) -> str:
        known = seen(store, run, was)
        together.wait()
        try:
            move(store, run, known, onto, f"tab-{number}")
        except Refused as error:
            return str(error)
        return "moved"

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(tab, range(2)))
    assert said[1] == "moved" and "moved to another edition just now" in said[0]
    assert ["started", "moved"] == [event.kind for event in store.events(run)]
    assert onto.checklist == store.run(run).checklist


def test_a_tick_that_came_before_the_move_is_carried_over(store: RunStore, was: Checklist, onto: Destination) -> None:
    run = store.start(was, "reader", "reader")
    known, tick = seen(store, run, was), draft("tick", "tell")
    store.record(run, tick.id, lambda _events: tick)  # another tab, after this one was opened
    move(store, run, known, onto, "move")
    assert "done-said" == codes(fold(onto.checklist, store.events(run), START))["tell"]


def test_a_move_that_is_refused_leaves_the_run_where_it_was(store: RunStore, was: Checklist, onto: Destination) -> None:
    run = store.start(was, "reader", "reader")

    def no(_events: Sequence[Event]) -> Draft:
        raise Refused("no")

    with pytest.raises(Refused):
        store.move(run, "move", no, onto.checklist)
    assert was == store.run(run).checklist
    assert ["started"] == [event.kind for event in store.events(run)]
