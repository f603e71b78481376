"""What goes wrong while readers work: servers, their workers and the database are killed at random."""

import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kb.database import open_database
from kb.tables import events, runs
from tests.faults.readers import Reader, progress, readers_of
from tests.faults.servers import PATIENCE, Server, wait_for

READERS = 64
ASKED = 3  # on a new connection each time
BETWEEN = (20, 120)  # changes from one fault to the next
SECONDS = float(os.environ.get("KB_STORM_SECONDS", "0"))  # 0: each fault comes once
SEED = int(os.environ.get("KB_STORM_SEED", "20190910"))
Fault = Callable[[], None]


@dataclass(frozen=True)
class Weathered:
    """What the readers hold to be true after the storm."""

    readers: Sequence[Reader]

    @property
    def acknowledged(self) -> dict[str, list[str]]:
        """Event ids by run, as they were acknowledged."""
        found: dict[str, list[str]] = {}
        for reader in self.readers:
            for path, ids in reader.acknowledged.items():
                found.setdefault(path.split("/")[2], []).extend(ids)
        return found


def weather(servers: list[Server], faults: Sequence[Fault]) -> Weathered:
    """Let the readers work while each fault comes at least once; then let all servers come back."""
    chance, stop = random.Random(SEED), threading.Event()
    readers = readers_of([server.url for server in servers], READERS, chance, stop)
    for reader in readers:
        reader.start()
    until = time.monotonic() + SECONDS
    while True:
        for fault in chance.sample(faults, len(faults)):
            _let_work(readers, chance.randint(*BETWEEN), servers)
            fault()
        if time.monotonic() > until:
            break
    wait_for(servers)
    _let_work(readers, BETWEEN[1], servers)
    stop.set()
    for reader in readers:
        reader.join(timeout=60)
    assert [] == [wrong for reader in readers for wrong in reader.wrong]
    assert not any(reader.is_alive() for reader in readers)
    return Weathered(readers)


def _let_work(readers: Sequence[Reader], changes: int, servers: Sequence[Server]) -> None:
    """Wait for that many changes; servers that ended are started again."""
    until = time.monotonic() + PATIENCE
    before = sum(map(len, readers))
    while sum(map(len, readers)) < before + changes and not any(reader.wrong for reader in readers):
        assert time.monotonic() < until, "nothing is acknowledged any more"
        for server in servers:
            server.keep()
        time.sleep(0.05)


def assert_nothing_is_lost(url: str, weathered: Weathered) -> None:
    """Each acknowledged event is there once, in its reader's order, and nothing else; versions have no gaps."""
    database = open_database(url)
    with database.looking() as connection:
        query = select(events.c.run, events.c.version, events.c.id, events.c.kind)
        kept: dict[str, list[tuple[int, str, str]]] = {}
        for run, version, event, kind in connection.execute(query.order_by(events.c.run, events.c.version)):
            kept.setdefault(run, []).append((version, event, kind))
        known = set(connection.scalars(select(runs.c.id)))
    database.close()
    for run, mine in kept.items():
        assert [version for version, _, _ in mine] == list(range(1, len(mine) + 1)), run
    assert known == set(kept), "a run without its first event"
    for run, ids in weathered.acknowledged.items():
        assert sorted(ids) == sorted(event for _, event, kind in kept[run] if kind != "started")
    for reader in weathered.readers:
        order = [event for _, event, _ in kept[reader.run_.path.split("/")[2]]]
        places = [order.index(event) for ids in reader.acknowledged.values() for event in ids]
        assert places == sorted(places), "two changes of one reader changed places"
        assert {place.path.split("/")[2] for place in reader.started} <= known


def assert_all_say_the_same(servers: list[Server], weathered: Weathered) -> None:
    """Every server shows each run as its readers left it; each is asked often, so that all its workers answer."""
    for reader in {reader.run_.path: reader for reader in weathered.readers}.values():
        told = [progress(server.url, reader.run_) for server in servers for _ in range(ASKED)]
        assert all(steps == told[0] for steps in told)
        wanted = {step for other in weathered.readers if other.run_ == reader.run_ for step in _ticked(other)}
        assert wanted == {step["id"] for step in told[0] if step["ticked"]}


def _ticked(reader: Reader) -> list[str]:
    return [step for step, ticked in reader.ticked.items() if ticked]
