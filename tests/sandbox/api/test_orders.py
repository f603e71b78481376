"""Making servers with everything that the documentation lets a caller say, and importing uploaded images."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

ALL = "/v2/servers/ABCD"
COLOUR, CENTER = "22f002123e3b46d9a8b38ecd4c6df7f9", "dba67b156f77123fb413ddfa3dc4ac1d"
METAL = "5a4d0000000000000000000000000000000000a1"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 2, 1, tzinfo=UTC), stopped=True)


@pytest.fixture
def admin(clock: MovableClock) -> Iterator[Caller]:
    with Sandbox(scenario="odds-and-ends", clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


@pytest.fixture
def order(admin: Caller) -> dict[str, Any]:
    """The least that must be said, and the size."""
    group = admin.groups()["Default Group"]["id"]
    return {"name": "API", "groupId": group, "sourceServerId": "RHEL-7-64-TEMPLATE", "cpu": 2, "memoryGB": 4}


def _made(admin: Caller, body: dict[str, Any], path: str = ALL) -> dict[str, Any]:
    answer = admin.send("POST", path, body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = admin.get(answer.json()["links"][1]["href"])
    return found


def test_everything_that_was_asked_for_is_there(admin: Caller, order: dict[str, Any]) -> None:
    policy = admin.send("POST", "/v2/autoscalePolicies/ABCD", {"name": "Grow"}).json()["id"]
    more = {
        "description": "words",
        "password": "a-Strong-1",
        "isManagedOS": True,
        "ipAddress": "10.111.2.40",
        "networkId": admin.networks()["shop"],
        "cpuAutoscalePolicyId": policy,
        "customFields": [{"id": COLOUR, "value": "Red"}, {"id": CENTER, "value": "42"}],
        "additionalDisks": [{"path": "data", "sizeGB": 10, "type": "partitioned"}],
    }

    server = _made(admin, {**order, **more})

    details = server["details"]
    assert (server["name"], server["description"], server["isManagedOS"]) == ("VA1ABCDAPI01", "words", True)
    assert (server["os"], details["cpu"], details["memoryMB"]) == ("redHat7_64Bit", 2, 4096)
    assert details["ipAddresses"] == [{"internal": "10.111.2.40"}]
    assert details["storageGB"] == 26
    assert {"sizeGB": 10, "path": "data"} in details["partitions"]
    assert details["cpuAutoscalePolicy"]["name"] == "Grow"
    assert details["customFields"] == [
        {"id": COLOUR, "name": "Colour", "value": "Red", "displayValue": "red"},
        {"id": CENTER, "name": "Cost center", "value": "42", "displayValue": "42"},
    ]
    assert admin.get(f"{ALL}/VA1ABCDAPI01/credentials")["password"] == "a-Strong-1"


def test_a_server_with_a_time_to_live_is_deleted_then(
    admin: Caller, order: dict[str, Any], clock: MovableClock
) -> None:
    _made(admin, {**order, "ttl": "2026-02-03T01:17:17Z"})
    (plan,) = admin.get(f"{ALL}/VA1ABCDAPI01/scheduledActivities")
    assert (plan["type"], plan["nextOccurrenceDateUTC"]) == ("delete", "2026-02-03T01:17:17Z")

    clock.set(datetime(2026, 2, 3, 2, tzinfo=UTC))

    assert admin.http.get(f"{ALL}/VA1ABCDAPI01").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpu": 17}, {"cpu": 0}, {"memoryGB": 129}, {"ipAddress": "10.0.0.1"}, {"networkId": "none"}, {"ttl": "soon"},
        {"customFields": "red"}, {"additionalDisks": [7]}, {"additionalDisks": [{"sizeGB": "much"}]},
        {"cpuAutoscalePolicyId": "none"}, {"antiAffinityPolicyId": "none"}, {"groupId": "none"}, {"sourceServerId": ""},
        {"name": "much-too-long"}, {"type": "bareMetal", "osType": "centOS7_64Bit", "configurationId": "none"},
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_with_the_member_at_fault(
    admin: Caller, order: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = admin.send("POST", ALL, {**order, **wrong})

    assert answer.status_code == 400
    assert {each.lower() for each in answer.json()["modelState"]} & {
        *(each.lower() for each in wrong), "sizegb", "configurationid",
    }  # fmt: skip
    assert admin.http.get(f"{ALL}/VA1ABCDAPI01").status_code == 404


def test_physical_machines_are_offered_and_made_whole(admin: Caller, order: dict[str, Any]) -> None:
    offered = admin.get("/v2/datacenters/ABCD/VA1/bareMetalCapabilities")
    assert METAL in [each["id"] for each in offered["skus"]]
    assert admin.get("/v2/datacenters/ABCD/GB1/bareMetalCapabilities") == {"skus": [], "operatingSystems": []}
    wanted = {"name": "METAL", "groupId": order["groupId"], "type": "bareMetal", "configurationId": METAL}

    server = _made(admin, {**wanted, "osType": "centOS6_64Bit"})

    assert (server["type"], server["details"]["cpu"], server["details"]["storageGB"]) == ("bareMetal", 4, 2000)
    resize = [{"op": "set", "member": "cpu", "value": 8}]
    assert admin.send("PATCH", f"{ALL}/{server['id']}", resize).status_code == 400


def test_an_uploaded_image_becomes_a_server(admin: Caller, order: dict[str, Any]) -> None:
    (image,) = admin.get("/v2/vmImport/ABCD/VA1/available")
    assert admin.get("/v2/datacenters/ABCD/VA1/availableOvfs") == [image]
    assert set(image) == {"id", "name", "storageSizeGB", "cpuCount", "memorySizeMB"}
    wanted = {"name": "IMP", "groupId": order["groupId"], "password": "p-1", "ovfId": image["id"]}

    server = _made(admin, {**wanted, "ovfOsType": "redHat6_64Bit"}, "/v2/vmImport/ABCD/")

    assert (server["name"], server["details"]["storageGB"]) == ("VA1ABCDIMP01", image["storageSizeGB"])
    assert admin.send("POST", "/v2/vmImport/ABCD", {**wanted, "ovfId": "none"}).status_code == 400


def test_the_fields_of_the_account_are_listed(admin: Caller) -> None:
    found = {each["name"]: each for each in admin.get("/v2/accounts/ABCD/customFields")}

    assert set(found["Colour"]) == {"id", "name", "isRequired", "type", "options"}
    assert (found["Cost center"]["isRequired"], found["Cost center"]["options"]) == (False, [])


def test_a_password_changes_through_the_queue_and_custom_fields_at_once(admin: Caller) -> None:
    web = f"{ALL}/VA1ABCDWEB01"
    wanted = {"current": "Sandbox-1-Password", "password": "other-1"}
    queued = admin.send("PATCH", web, [{"op": "set", "member": "password", "value": wanted}])
    fields = [{"op": "set", "member": "customFields", "value": [{"id": COLOUR, "value": "Blue"}]}]

    assert (queued.status_code, queued.json()["rel"]) == (202, "status")
    assert admin.get(f"{web}/credentials")["password"] == "other-1"
    assert admin.send("PATCH", web, fields).status_code == 204
    assert admin.get(web)["details"]["customFields"][0]["displayValue"] == "blue"


def test_a_group_is_made_with_custom_fields(admin: Caller) -> None:
    body = {"name": "Extra", "parentGroupId": admin.root(), "customFields": [{"id": CENTER, "value": "7"}]}

    made = admin.send("POST", "/v2/groups/ABCD", body).json()

    assert made["customFields"] == [{"id": CENTER, "name": "Cost center", "value": "7", "displayValue": "7"}]
