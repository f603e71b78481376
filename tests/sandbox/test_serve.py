"""Starting and stopping, state that survives, faults."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kb.sandbox.errors import FaultsInvalid, ScenarioInvalid, StateRefused
from kb.sandbox.serve import Sandbox, demo_users, run
from tests.sandbox.caller import Caller

PROGRAM = """
import sys
from pathlib import Path
from kb.sandbox.serve import run
run(state=Path(sys.argv[1]), pace=float(sys.argv[2]), ready=lambda url: print(url, flush=True))
"""


def _start(state: Path, pace: float = 0.0) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(state), str(pace)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def test_kill_9_loses_nothing_that_was_answered(state: Path) -> None:
    process, url = _start(state)
    caller = Caller(url)
    for server in ["VA1ABCDWEB01", "VA1ABCDOLDWEB01"]:
        assert caller.send("DELETE", f"/v2/servers/ABCD/{server}").status_code == 202
    group = caller.send("POST", "/v2/groups/ABCD", {"name": "Kept", "parentGroupId": caller.root()})
    assert group.status_code == 201
    process.kill()
    process.communicate()

    with Sandbox(state=state, pace=0) as sandbox:
        caller.http.base_url = sandbox.url  # the token is good after the restart, too
        assert "Kept" in caller.groups()
        for server in ["VA1ABCDWEB01", "VA1ABCDOLDWEB01"]:
            assert caller.http.get(f"/v2/servers/ABCD/{server}").status_code == 404
    caller.close()


def test_queued_work_goes_on_after_a_restart(state: Path) -> None:
    process, url = _start(state, pace=3600)
    caller = Caller(url)
    operation = caller.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").json()["links"][0]["id"]
    process.kill()
    process.communicate()

    with Sandbox(state=state) as sandbox:
        caller.http.base_url = sandbox.url
        assert caller.status(operation) in ("notStarted", "executing")
        assert caller.get("/v2/servers/ABCD/VA1ABCDWEB01")["status"] == "queuedForDelete"
    caller.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(state: Path, number: signal.Signals) -> None:
    process, _ = _start(state)

    process.send_signal(number)

    process.communicate(timeout=20)
    assert process.returncode == 0


def test_two_sandboxes_do_not_share_a_state_file(state: Path) -> None:
    with Sandbox(state=state), pytest.raises(StateRefused, match="is used by another sandbox"):
        Sandbox(state=state)


def test_the_state_of_another_scenario_is_refused_unless_asked_to_rebuild(state: Path) -> None:
    with Sandbox(state=state):
        pass

    with pytest.raises(StateRefused, match="made from the scenario demo"):
        Sandbox(state=state, scenario="empty")
    with Sandbox(state=state, scenario="empty", rebuild=True) as sandbox:
        caller = Caller(sandbox.url)
        assert caller.groups()["VA1 Hardware"]["serversCount"] == 0
        caller.close()


def test_the_state_of_an_older_text_of_the_scenario_is_refused(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("title: one\naccounts: [{alias: ABCD, name: n, primary: VA1}]")
    with Sandbox(state=state, scenario=str(file)):
        pass
    file.write_text("title: two\naccounts: [{alias: ABCD, name: n, primary: VA1}]")

    with pytest.raises(StateRefused, match="an older mine"):
        Sandbox(state=state, scenario=str(file))


@pytest.mark.parametrize("content", [b"no database at all, only text" * 100])
def test_a_file_that_is_no_state_is_refused_and_left_alone(state: Path, content: bytes) -> None:
    state.write_bytes(content)

    with pytest.raises(StateRefused, match=r"Name another one, or delete it\."):
        Sandbox(state=state)

    assert state.read_bytes() == content


def test_a_taken_port_is_an_oserror() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):  # noqa: SIM117
        with Sandbox(port=taken.getsockname()[1]):
            pass


def test_run_maps_a_taken_port_to_an_oserror_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        run(taken.getsockname()[1])


def test_it_listens_on_loopback_only(sandbox: Sandbox) -> None:
    assert urlsplit(sandbox.url).hostname == "127.0.0.1"


def test_stopping_ends_open_connections_and_starting_again_keeps_the_address(sandbox: Sandbox, admin: Caller) -> None:
    url = sandbox.url
    admin.get("/v2/datacenters/ABCD")

    sandbox.stop()
    with pytest.raises(httpx.TransportError):
        admin.http.get("/v2/datacenters/ABCD")
    sandbox.start()

    assert sandbox.url == url
    assert admin.get("/v2/datacenters/ABCD")


def test_the_address_is_not_known_before_it_starts() -> None:
    sandbox = Sandbox()
    with pytest.raises(RuntimeError):
        _ = sandbox.url
    sandbox.close()


def test_half_of_the_requests_fail_when_asked_to(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.set_faults("fail:50%@/v2/datacenters")

    answers = [admin.http.get("/v2/datacenters/ABCD") for _ in range(6)]

    assert [answer.status_code for answer in answers].count(500) == 3
    assert {answer.text for answer in answers if answer.status_code == 500} == {'{"message":"An error has occurred."}'}
    assert admin.get("/v2/accounts/ABCD")


def test_a_hanging_api_never_answers_until_it_is_stopped(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.set_faults("hang@/v2/datacenters")
    caught: list[Exception] = []

    def ask() -> None:
        try:
            admin.http.get("/v2/datacenters/ABCD")
        except httpx.TransportError as error:
            caught.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(0.2)
    assert asking.is_alive()
    sandbox.stop()
    asking.join(10)

    assert len(caught) == 1


@pytest.mark.parametrize("how", ["latency", "fault"])
def test_a_slow_api_takes_at_least_as_long_as_asked(sandbox: Sandbox, admin: Caller, how: str) -> None:
    if how == "latency":
        sandbox.set_latency(0.1)
    else:
        sandbox.set_faults("slow:0.1")
    begin = time.monotonic()

    admin.get("/v2/accounts/ABCD")

    assert time.monotonic() - begin >= 0.1


@pytest.mark.parametrize("spec", ["slow", "slow:soon", "fail:150%", "fail:x", "explode", "hang:3"])
def test_unknown_faults_are_refused(spec: str) -> None:
    with pytest.raises(FaultsInvalid, match="Known are"):
        Sandbox(faults=spec)


def test_demo_users_can_sign_in(sandbox: Sandbox) -> None:
    users = demo_users("demo")

    assert len(users) == 3
    for name, password, purpose in users:
        Caller(sandbox.url, (name, password)).close()
        assert purpose


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(ScenarioInvalid, match="demo"):
        demo_users("nonesuch")


def test_many_threads_lose_nothing(sandbox: Sandbox, admin: Caller) -> None:
    root = admin.root()
    body = {"parentGroupId": root}
    statuses: list[int] = []

    def make(number: int) -> None:
        for step in range(10):
            answer = admin.send("POST", "/v2/groups/ABCD", {**body, "name": f"G{number}-{step}"})
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [201] * 80
    assert len(admin.groups()) == 6 + 80


def test_nothing_is_left_running(state: Path) -> None:
    before = threading.active_count()
    with Sandbox(state=state) as sandbox:
        Caller(sandbox.url).close()
    assert threading.active_count() <= before + 1
    assert os.access(state, os.R_OK)


def test_a_state_of_another_version_is_rebuilt_when_asked(state: Path) -> None:
    with Sandbox(state=state):
        pass
    connection = sqlite3.connect(state)
    connection.execute("UPDATE fact SET value = '0' WHERE name = 'format'")
    connection.commit()
    connection.close()

    with pytest.raises(StateRefused, match="another version"):
        Sandbox(state=state)
    Sandbox(state=state, rebuild=True).close()
