"""The sandbox's own addresses: its clock can be seen and moved, by programs on this machine only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.control import Control, read_moment, read_step
from kb.sandbox.errors import StateRefused
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

START = datetime(2026, 1, 31, 23, tzinfo=UTC)
CLOCK = "/_sandbox/clock"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, stopped=True)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"set": "2026-02-01T00:00Z"}, "2026-02-01T00:00:00Z"),
        ({"set": "2026-02-01T01:00+01:00"}, "2026-02-01T00:00:00Z"),
        ({"set": "2026-03-01"}, "2026-03-01T00:00:00Z"),
        ({"advance": "2h30m"}, "2026-02-01T01:30:00Z"),
        ({"advance": "31d"}, "2026-03-03T23:00:00Z"),
        ({"advance": "0s"}, "2026-01-31T23:00:00Z"),
    ],
)
def test_the_clock_is_set_and_moved(clock: MovableClock, asked: dict[str, str], shown: str) -> None:
    with Sandbox(clock=clock, pace=0) as sandbox:
        assert httpx.get(sandbox.url + CLOCK).json() == {"now": "2026-01-31T23:00:00Z"}
        answer = httpx.post(sandbox.url + CLOCK, json=asked)
        assert (answer.status_code, answer.json()) == (200, {"now": shown})


@pytest.mark.parametrize(
    "asked",
    [
        {"set": "2026-01-30"},
        {"set": "soon"},
        {"set": "9999-12-31T23:59Z"},
        {"set": 3},
        {"advance": "-1h"},
        {"advance": "1 month"},
        {"advance": "999999999d"},
        {"advance": "1h", "set": "2027-01-01"},
        {},
        [],
        "2027-01-01",
    ],
)
def test_what_is_no_time_to_come_is_refused(clock: MovableClock, asked: Any) -> None:
    with Sandbox(clock=clock, pace=0) as sandbox:
        answer = httpx.post(sandbox.url + CLOCK, json=asked)

        assert (answer.status_code, bool(answer.json()["message"])) == (400, True)
        assert clock() == START


def test_operations_end_when_the_clock_is_moved_on_and_the_month_changes(clock: MovableClock) -> None:
    with Sandbox(clock=clock, pace=1800) as sandbox, Caller(sandbox.url) as admin:
        operation = admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").json()["links"][0]["id"]
        assert admin.status(operation) == "notStarted"

        httpx.post(sandbox.url + CLOCK, json={"advance": "2h"})

        assert admin.status(operation) == "succeeded"
        lines = {each["description"] for each in admin.get("/v2/invoice/ABCD/2026/2")["lineItems"]}
        assert "Deleted Servers - VA1" not in lines  # it was deleted at half past eleven, in January


def test_time_that_was_moved_stays_moved_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Sandbox(state=state) as sandbox:
        httpx.post(sandbox.url + CLOCK, json={"advance": "40d"})

    with Sandbox(state=state) as sandbox:
        assert abs(sandbox.clock.ahead - timedelta(days=40)) < timedelta(minutes=5)


def test_time_that_started_elsewhere_goes_on_there_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Sandbox(state=state, clock=MovableClock(START)):
        pass

    with Sandbox(state=state) as sandbox:
        assert START <= sandbox.clock() < START + timedelta(minutes=5)


def test_a_state_from_the_future_is_refused_unless_rebuilt(tmp_path: Path, clock: MovableClock) -> None:
    state = tmp_path / "state.db"
    with Sandbox(state=state, clock=clock):
        pass
    earlier = MovableClock(START - timedelta(days=1), stopped=True)

    with pytest.raises(StateRefused, match="time does not go back"):
        Sandbox(state=state, clock=earlier)
    Sandbox(state=state, clock=earlier, rebuild=True).close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_a_page_in_a_browser_cannot_move_it(clock: MovableClock, headers: dict[str, str]) -> None:
    with Sandbox(clock=clock, pace=0) as sandbox:
        answer = httpx.post(sandbox.url + CLOCK, json={"advance": "1d"}, headers=headers)

    assert answer.status_code == 403
    assert clock() == START


@pytest.mark.parametrize(
    ("peer", "host", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1:8765", True),
        ("127.0.0.1", "localhost:8765", True),
        ("::1", "[::1]:8765", True),
        ("::ffff:127.0.0.1", "localhost", True),
        ("192.0.2.7", "127.0.0.1", False),
        ("fe80::1%eth0", "[::1]", False),
    ],
)
def test_other_machines_cannot_move_it(clock: MovableClock, peer: str, host: str, allowed: bool) -> None:
    with Sandbox(clock=clock, pace=0) as sandbox:
        control: Control = sandbox.control
        answer = control.answer("POST", CLOCK, {"host": host}, b'{"advance":"1d"}', peer)

    assert answer is not None
    assert answer.status == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", CLOCK), ("POST", "/openapi.json"), ("PUT", "/_sandbox/webhooks")]
)
def test_a_wrong_method_is_405(sandbox: Sandbox, method: str, path: str) -> None:
    answer = httpx.request(method, sandbox.url + path)

    assert (answer.status_code, answer.headers["Allow"].startswith("GET")) == (405, True)


def test_faults_do_not_strike_the_control(sandbox: Sandbox) -> None:
    sandbox.set_faults("fail:100%")

    assert httpx.get(sandbox.url + CLOCK).status_code == 200


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("2m", 120), ("1h1m1s", 3661), ("2d", 172800), ("36600d", 36600 * 86400)]
)
def test_spans_of_time(text: str, seconds: int) -> None:
    assert read_step(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "1", "h", "1.5h", "36601d", "1w"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the caller words it
        read_step(text)


def test_a_moment_without_a_zone_is_utc() -> None:
    assert read_moment(" 2026-01-31T23:00 ") == START
