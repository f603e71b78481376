"""Servers and databases that are killed at random lose nothing that they acknowledged, and invent nothing.

`KB_STORM_SECONDS` makes the storms longer, `KB_STORM_SEED` makes them others.
"""

import socket
from pathlib import Path

import pytest

from kb.database import upgrade_database
from tests.faults.servers import Server, running
from tests.faults.storm import assert_all_say_the_same, assert_nothing_is_lost, weather
from tests.postgres import postgres_server


@pytest.fixture
def ports() -> list[int]:
    probes = [socket.socket() for _ in range(2)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return found


def test_four_servers_on_one_postgresql_lose_nothing_when_they_and_it_are_killed(
    library: Path, tmp_path: Path, ports: list[int]
) -> None:
    """Two times `kb serve` with two worker processes each."""
    with postgres_server(durable=True) as postgres:
        upgrade_database(postgres.url)
        env = {"KB_DATABASE_URL": postgres.url, "KB_SECRET_KEY": "5" * 64}
        made = [Server(library, tmp_path / "data", port, ("--workers", "2"), env) for port in ports]

        def crash() -> None:
            postgres.stop()
            postgres.start()

        with running(made) as servers:
            kills = [server.kill for server in servers]
            weathered = weather(servers, [*kills, servers[0].kill_worker, crash])
            assert_all_say_the_same(servers, weathered)
        assert_nothing_is_lost(postgres.url, weathered)


def test_kill_9_of_the_server_loses_nothing_in_sqlite(library: Path, tmp_path: Path, ports: list[int]) -> None:
    """Several processes on one file, as `--workers` starts them."""
    env = {"KB_SECRET_KEY": "5" * 64}
    server = Server(library, tmp_path / "data", ports[0], ("--workers", "2"), env)
    with running([server]) as servers:
        weathered = weather(servers, [server.kill, server.kill_worker])
        assert_all_say_the_same(servers, weathered)
    assert_nothing_is_lost(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}", weathered)
