"""The world: changes are all or nothing, on disk before they count, and metered."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.errors import StateRefused
from kb.sandbox.world.records import Change, Disk, Group, Network, Server, Span
from kb.sandbox.world.shelf import Shelf
from kb.sandbox.world.state import World

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHANGE = Change(NOW, "me", NOW, "me")


def _server(name: str = "va1abcdweb01", **details: object) -> Server:
    server = Server(name, "0" * 32, "ABCD", "VA1", "g1", CHANGE, disks=(Disk("0:0", 100),))
    return replace(server, **details)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW, stopped=True)


@pytest.fixture
def world(clock: MovableClock) -> Iterator[World]:
    made = World(Shelf(None), clock, 0)
    with made.change():
        made.found("test")
        made.groups.put(Group("g1", "ABCD", "VA1", "Web", CHANGE))
    yield made
    made.close()


def _spans(world: World) -> list[Any]:
    return [(span.family, span.price, span.ended) for span in world.spans.all()]


def test_a_failed_change_leaves_no_trace(world: World) -> None:
    with world.change():
        world.servers.put(_server())

    def fail() -> None:
        with world.change():
            world.servers.put(_server(power="stopped", group="g2"))
            world.servers.put(_server("va1abcdweb02"))
            world.groups.remove("g1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert [each.power for each in world.servers.all()] == ["started"]
    assert list(world.servers_of["g1"]) == ["va1abcdweb01"]
    assert not world.servers_of["g2"]
    assert "g1" in world.groups
    assert len(world.spans.all()) == 1


def test_nothing_changes_outside_of_a_change(world: World) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        world.servers.put(_server())


def test_a_change_inside_a_change_is_part_of_it(world: World) -> None:
    def fail() -> None:
        with world.change():
            with world.change():
                world.servers.put(_server())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert world.servers.all() == ()


def test_what_is_on_disk_comes_back_equal(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "state.db"
    first = World(Shelf(file), clock, 0)
    network = Network("n1", "ABCD", "VA1", 2001, "10.1.1.0/24", "n", "d", NOW, own=True)
    with first.change():
        first.found("test")
        first.servers.put(_server())
        first.networks.put(network)
    servers, spans, secret = first.servers.all(), first.spans.all(), first.secret
    first.close()

    second = World(Shelf(file), clock, 0)

    assert (second.servers.all(), second.networks.all(), second.spans.all()) == (servers, (network,), spans)
    assert (second.secret, second.origin) == (secret, "test")
    assert list(second.servers_of["g1"]) == ["va1abcdweb01"]
    second.close()


def test_the_price_of_a_server_follows_its_state(world: World, clock: MovableClock) -> None:
    running, stopped = 1 * 0.01 + 2 * 0.015 + 100 * 0.00021, 100 * 0.00021
    with world.change():
        world.servers.put(_server())
    clock.advance(timedelta(hours=5))
    with world.change():
        world.servers.put(_server(power="stopped"))
    with world.change():
        world.servers.put(_server(power="stopped", description="other words"))
    clock.advance(timedelta(hours=1))
    with world.change():
        world.servers.remove("va1abcdweb01")

    assert _spans(world) == [
        ("server", pytest.approx(running), NOW + timedelta(hours=5)),
        ("server", pytest.approx(stopped), NOW + timedelta(hours=6)),
    ]


def test_a_thing_is_metered_from_its_making(world: World) -> None:
    made = NOW - timedelta(days=3)
    with world.change():
        world.networks.put(Network("n1", "ABCD", "VA1", 2001, "10.1.1.0/24", "n", "d", made))

    assert [span.started for span in world.spans.all()] == [made]


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(_server(system=True), id="own VPN server"),
        pytest.param(_server(status="underConstruction"), id="server that is being made"),
    ],
)
def test_what_is_free_is_not_metered(world: World, thing: Server) -> None:
    with world.change():
        world.servers.put(thing)
        world.networks.put(Network("n1", "ABCD", "VA1", 2001, "10.1.1.0/24", "n", "d", NOW, own=True))

    assert world.spans.all() == ()


def test_a_late_effect_counts_from_when_it_was_due(world: World) -> None:
    with world.change():
        world.servers.put(_server())
    due = NOW + timedelta(hours=2)

    with world.at(due), world.change():
        world.servers.remove("va1abcdweb01")

    assert [span.ended for span in world.spans.all()] == [due]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE fact SET value = '0' WHERE name = 'format'", "another version"),
        ("UPDATE thing SET body = '{\"id\": 3'", "does not know"),
        ("UPDATE thing SET kind = 'Spaceship'", "does not know"),
        ("UPDATE thing SET body = '{}'", "does not know"),
    ],
)
def test_a_state_that_this_version_does_not_know_is_refused(
    tmp_path: Path, clock: MovableClock, statement: str, message: str
) -> None:
    file = tmp_path / "state.db"
    first = World(Shelf(file), clock, 0)
    with first.change():
        first.found("test")
        first.servers.put(_server())
    first.close()
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()

    shelf = Shelf(file)
    with pytest.raises(StateRefused, match=message):
        World(shelf, clock, 0)
    shelf.close()


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE orders (id)")
    connection.close()

    with pytest.raises(StateRefused, match="another program"):
        Shelf(file)


def test_spans_keep_their_owner(world: World) -> None:
    with world.change():
        world.servers.put(_server())

    (span,) = world.spans.all()
    assert isinstance(span, Span)
    assert (span.owner, span.label, span.group) == ("Server:va1abcdweb01", "VA1ABCDWEB01", "Web")
