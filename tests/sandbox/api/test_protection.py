"""Intrusion prevention and patching: small hosts of their own; agents are billed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

APP = "/_security/ips/api/app/"
TOLD = "/_security/ips/api/notifications/ABCD/VA1ABCDWEB01"
PATCH = "/_patching/rest/servers/ABCD/server/VA1ABCDWEB01/patch"
WEB = {"hostName": "VA1ABCDWEB01", "accountAlias": "ABCD"}


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 1, 1, tzinfo=UTC), stopped=True)


@pytest.fixture
def admin(clock: MovableClock) -> Iterator[Caller]:
    with Sandbox(clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


def test_an_agent_costs_seven_cents_an_hour_while_it_is_there(admin: Caller, clock: MovableClock) -> None:
    assert admin.send("POST", APP, WEB).status_code == 204
    clock.advance(timedelta(hours=100))
    assert admin.send("DELETE", APP, WEB).status_code == 204
    clock.advance(timedelta(days=5))

    lines = {each["description"]: each["itemTotal"] for each in admin.get("/v2/invoice/ABCD/2026/1")["lineItems"]}
    assert lines["Intrusion Prevention Agents - VA1"] == 7.0
    assert admin.send("DELETE", APP, WEB).status_code == 404


def test_notifications_of_an_agent_are_set_and_dropped(admin: Caller) -> None:
    wanted = [{"typeCode": "EMAIL", "emailAddress": "a@shop.example"}]
    assert admin.send("PUT", TOLD, wanted).status_code == 404
    admin.send("POST", APP, WEB)

    assert admin.send("PUT", TOLD, wanted).status_code == 204
    assert admin.get(TOLD) == wanted
    assert admin.send("PUT", TOLD, [{"typeCode": "PIGEON"}]).status_code == 400
    assert admin.send("DELETE", TOLD).status_code == 204
    assert admin.get(TOLD) == []


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({**WEB, "hostName": "VA1ABCDNO01"}, 404)])
def test_agents_only_go_on_servers_that_are_there(admin: Caller, body: dict[str, str], status: int) -> None:
    assert admin.send("POST", APP, body).status_code == status


def test_packages_that_were_run_are_told_as_executions(admin: Caller) -> None:
    assert admin.get(PATCH) == []
    body = {"servers": ["VA1ABCDWEB01"], "package": {"packageId": "patch-1", "parameters": {}}}
    link = admin.send("POST", "/v2/operations/ABCD/servers/executePackage", body).json()[0]["links"][0]

    (told,) = admin.get(PATCH)

    assert (told["execution_id"], told["status"]) == (link["id"].upper(), "completed")
    assert admin.get(f"{PATCH}/{told['execution_id']}")["patch"][0]["patch_begin_message"] == "patch-1"
    assert admin.http.get(f"{PATCH}/VA1-1").status_code == 404
