"""The whole API against nonsense: whatever comes, the answer is never a fault of the sandbox."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.sandbox.api.app import Api, all_routes
from kb.sandbox.scenario import read_scenario
from kb.sandbox.serve import Sandbox

ROUTES = [(route.method, route.path) for route in all_routes()]
KNOWN = {"alias": "ABCD", "dc": "VA1", "server": "VA1ABCDWEB01", "year": "2026", "month": "7", "verb": "powerOn"}
MEMBERS = [
    "username", "password", "name", "description", "parentGroupId", "targetGroupId", "groupId", "sourceServerId", "cpu",
    "memoryGB", "networkId", "ipAddress", "ports", "sourceRestrictions", "internalIPAddress", "local", "remote", "port",
    "method", "persistence", "status", "serverIds", "snapshotExpirationDays", "servers", "op", "member", "value", "id",
    "ike", "ipsec", "privatePort",
]  # fmt: skip
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats(allow_nan=True) | st.text(max_size=8)
    | st.sampled_from(["VA1ABCDWEB01", "set", "cpu", "disks", "description", "password", "TCP", "VA1", "²"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30)
SEGMENTS = st.sampled_from(["", "ABCD", "x", "%00", "..", "²", "0" * 32]) | st.text(max_size=6)


@pytest.fixture(scope="module")
def signed_in() -> Iterator[tuple[Api, str]]:
    sandbox = Sandbox(pace=0)
    api = Api(sandbox.world)
    name, password, _ = read_scenario("demo").users[0]
    answer = api.answer(
        "POST", "/v2/authentication/login", {}, json.dumps({"username": name, "password": password}).encode()
    )
    yield api, f"Bearer {answer.body['bearerToken']}"
    sandbox.close()


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(ROUTES), body=BODIES, odd=SEGMENTS, data=st.data())
def test_no_request_makes_the_sandbox_fail(
    signed_in: tuple[Api, str], route: tuple[str, str], body: bytes, odd: str, data: st.DataObject
) -> None:
    api, token = signed_in
    method, path = route
    segments = [_segment(each, odd, data) for each in path.strip("/").split("/")]
    query = data.draw(
        st.sampled_from(["", "?account=ABCD", "?account=²", "?ipAddresses=all", "?type=free", "?uuid=true"])
    )

    answer = api.answer(method, "/" + "/".join(segments) + query, {"authorization": token}, body)

    assert answer.status in {200, 201, 202, 204, 400, 401, 403, 404, 405, 307}
    answer.encoded()


def _segment(pattern: str, odd: str, data: st.DataObject) -> str:
    if pattern[0] != "<":
        return pattern
    known = KNOWN.get(pattern[1:-1])
    return known if known and data.draw(st.integers(0, 3)) else odd


@pytest.mark.parametrize(("method", "path"), [each for each in ROUTES if not each[1].startswith("/REST/")])
def test_every_route_but_a_login_needs_a_token(signed_in: tuple[Api, str], method: str, path: str) -> None:
    answer = signed_in[0].answer(method, path, {}, b"")

    apps = dict.fromkeys(("/_apps/<region>/v2/info", "/_apps/<region>/login", "/_apps/<region>/oauth/token"), 404)
    elsewhere = {"/v2/authentication/login": 400, **apps}
    assert answer.status == elsewhere.get(path, 403 if path.startswith("/_objects") else 401)


@pytest.mark.parametrize("path", [path for _, path in ROUTES if path.startswith("/REST/")])
def test_every_method_of_v1_but_those_of_the_session_needs_one(signed_in: tuple[Api, str], path: str) -> None:
    body = signed_in[0].answer("POST", path.replace("<form>", "JSON"), {"authorization": signed_in[1]}, b"").encoded()

    assert b"Logout successful." in body if "Logout" in path else b"100" in body
