"""Servers: their shape by state, links, deleting, restoring, snapshots."""

import re

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, rels, server_ids, verbs

ALWAYS = ["self", "group", "account", "billing"]
ACTIVE = {
    *ALWAYS, "statistics", "upcomingScheduledActivities", "scheduledActivities", "publicIPAddresses", "credentials",
    "capabilities", "alertPolicyMappings", "antiAffinityPolicyMapping", "cpuAutoscalePolicyMapping", "publicIPAddress",
}  # fmt: skip
NOT_VALID = "The operation cannot be queued because the server cannot be found or it is not in a valid state."


def test_an_active_server_has_lower_case_id_and_upper_case_name(admin: Caller) -> None:
    server = admin.get("/v2/servers/ABCD/VA1ABCDWEB01")

    assert (server["id"], server["name"], server["locationId"]) == ("va1abcdweb01", "VA1ABCDWEB01", "VA1")
    assert (server["status"], server["details"]["powerState"], server["type"]) == ("active", "started", "standard")
    assert (server["details"]["cpu"], server["details"]["memoryMB"], server["details"]["storageGB"]) == (2, 4096, 60)
    assert server["groupId"] == admin.groups()["Shop"]["id"]
    assert set(server["details"]["ipAddresses"][0]) == {"internal", "public"}


@pytest.mark.parametrize("server", ["va1abcdweb01", "VA1ABCDWEB01", "Va1AbcdWeb01"])
@pytest.mark.parametrize("alias", ["ABCD", "abcd"])
@pytest.mark.parametrize("root", ["/v2/servers", "/V2/Servers"])
def test_letter_case_of_the_path_does_not_matter(admin: Caller, root: str, alias: str, server: str) -> None:
    assert admin.get(f"{root}/{alias}/{server}")["id"] == "va1abcdweb01"


def test_links_of_an_active_server(admin: Caller) -> None:
    server = admin.get("/v2/servers/ABCD/VA1ABCDWEB01")

    assert set(rels(server)) == ACTIVE
    assert verbs(server, "self") == ["GET", "PATCH", "DELETE"]
    assert verbs(server, "publicIPAddresses") == ["POST"]
    assert verbs(server, "publicIPAddress") == ["GET", "PUT", "DELETE"]
    assert all(link["href"].startswith("/v2/") for link in server["links"])


def test_every_get_link_of_an_active_server_can_be_followed(admin: Caller) -> None:
    for link in admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["links"]:
        if "GET" in link.get("verbs", ["GET"]):
            assert admin.http.get(link["href"]).status_code == 200, link


def test_an_archived_server_keeps_disks_and_public_address_but_no_cpu(admin: Caller) -> None:
    server = admin.get("/v2/servers/ABCD/VA1ABCDOLDWEB01")

    assert server["status"] == "archived"
    assert server["groupId"] == admin.groups()["Archive"]["id"]
    assert rels(server) == [*ALWAYS, "restore", "delete", "publicIPAddress"]
    assert verbs(server, "self") == ["GET", "PATCH"]
    details = server["details"]
    assert (details["cpu"], details["memoryMB"], details["powerState"]) == (0, 0, "stopped")
    assert (details["storageGB"], len(details["disks"])) == (80, 3)
    assert "public" in details["ipAddresses"][0]


def test_a_server_is_found_by_uuid(admin: Caller) -> None:
    made = _create(admin)

    assert admin.get(made["links"][1]["href"])["id"] == "va1abcdnew01"
    assert re.search(r"/v2/servers/abcd/[0-9a-f]{32}\?uuid=True$", made["links"][1]["href"])


@pytest.mark.parametrize("server", ["VA1ABCDWEB99", "VA1ABCDVPN01", "x", "%2e%2e"])
@pytest.mark.parametrize("query", ["", "?uuid=true"])
def test_an_unknown_server_and_the_accounts_own_vpn_server_are_404(admin: Caller, server: str, query: str) -> None:
    answer = admin.http.get(f"/v2/servers/ABCD/{server}{query}")

    assert (answer.status_code, answer.headers["Content-Length"]) == (404, "0")


def test_the_accounts_own_vpn_server_is_in_no_group(admin: Caller) -> None:
    members = [server for group in admin.groups().values() for server in server_ids(group)]

    assert "VA1ABCDVPN01" not in members


def test_the_accounts_own_vpn_server_cannot_be_deleted(admin: Caller) -> None:
    answer = admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDVPN01")

    assert answer.status_code == 400
    assert answer.json() == {"server": "va1abcdvpn01", "isQueued": False, "errorMessage": NOT_VALID}


@pytest.mark.parametrize("server", ["VA1ABCDWEB01", "va1abcdmail01", "VA1ABCDOLDWEB01"])
def test_a_server_is_deleted_from_any_state(admin: Caller, server: str) -> None:
    """Running, stopped and archived; its addresses go with it."""
    network = admin.networks()["shop"]

    answer = admin.send("DELETE", f"/v2/servers/ABCD/{server}")

    assert answer.status_code == 202
    body = answer.json()
    assert (body["server"], body["isQueued"]) == (server.lower(), True)
    link = body["links"][0]
    assert re.fullmatch(r"va1-\d+", link["id"])
    assert link == {"rel": "status", "href": f"/v2/operations/abcd/status/{link['id']}", "id": link["id"]}
    assert admin.get(link["href"]) == {"status": "succeeded"}
    assert admin.http.get(f"/v2/servers/ABCD/{server}").content == b""
    assert admin.http.get(f"/v2/servers/ABCD/{server}").status_code == 404
    members = [each for group in admin.groups().values() for each in server_ids(group)]
    assert server.upper() not in members
    claimed = admin.get(f"/v2-experimental/networks/ABCD/VA1/{network}/ipAddresses?type=claimed")
    assert server.upper() not in {each.get("server") for each in claimed}


def test_the_name_of_a_deleted_server_does_not_come_back(admin: Caller) -> None:
    _create(admin)
    admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDNEW01")

    made = _create(admin)

    assert admin.get(made["links"][1]["href"])["id"] == "va1abcdnew02"


def test_while_it_is_deleted_a_server_shows_that_it_waits(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")

    server = admin.get("/v2/servers/ABCD/VA1ABCDWEB01")
    assert (server["status"], rels(server)) == ("queuedForDelete", ALWAYS)
    assert (server["details"]["cpu"], server["details"]["memoryMB"]) == (0, 0)
    assert admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").json()["errorMessage"] == NOT_VALID


def test_while_it_is_restored_a_server_shows_only_power_and_storage(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    body = {"targetGroupId": admin.groups()["Shop"]["id"]}
    answer = admin.send("POST", "/v2/servers/ABCD/VA1ABCDOLDWEB01/restore", body)

    assert (answer.status_code, answer.json()["rel"]) == (202, "status")
    server = admin.get("/v2/servers/ABCD/VA1ABCDOLDWEB01")
    assert (server["status"], server["details"]) == ("queuedForRestore", {"powerState": "stopped", "storageGB": 80})


def test_while_it_is_made_a_server_has_no_details(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    server = admin.get(_create(admin)["links"][1]["href"])

    assert (server["status"], rels(server)) == ("underConstruction", ALWAYS)
    assert "details" not in server


def test_a_restored_server_is_active_in_its_new_group(admin: Caller) -> None:
    admin.send("POST", "/v2/servers/ABCD/VA1ABCDOLDWEB01/restore", {"targetGroupId": admin.groups()["Shop"]["id"]})

    assert "VA1ABCDOLDWEB01" in server_ids(admin.groups()["Shop"])
    assert admin.get("/v2/servers/ABCD/VA1ABCDOLDWEB01")["status"] == "active"


def test_a_failed_job_leaves_the_server_as_it_was(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.set_faults("jobs")

    answer = admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").json()

    assert admin.status(answer["links"][0]["id"]) == "failed"
    assert admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["status"] == "active"


def test_a_snapshot_is_named_by_its_time_and_deleted_by_its_link_with_200(admin: Caller) -> None:
    snapshot = admin.get("/v2/servers/ABCD/VA1ABCDDB01")["details"]["snapshots"][0]

    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.\d\d:\d\d:\d\d", snapshot["name"])
    assert [link["rel"] for link in snapshot["links"]] == ["self", "delete", "restore"]
    answer = admin.send("DELETE", snapshot["links"][1]["href"])
    assert (answer.status_code, answer.json()["rel"]) == (200, "status")
    assert admin.get("/v2/servers/ABCD/VA1ABCDDB01")["details"]["snapshots"] == []
    assert admin.send("DELETE", snapshot["links"][1]["href"]).status_code == 404


def test_a_snapshot_is_restored_with_200(admin: Caller) -> None:
    snapshot = admin.get("/v2/servers/ABCD/VA1ABCDDB01")["details"]["snapshots"][0]

    assert admin.send("POST", snapshot["links"][2]["href"]).status_code == 200


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"op": "set", "member": "description", "value": "New words"}, 204),
        ({"op": "set", "member": "cpu", "value": 4}, 202),
        ({"op": "set", "member": "memory", "value": 8}, 202),
        ({"op": "set", "member": "disks", "value": [{"diskId": "0:0", "sizeGB": 1}, {"sizeGB": 9}]}, 202),
        ({"op": "set", "member": "cpu", "value": "many"}, 400),
        ({"op": "set", "member": "colour", "value": "red"}, 400),
        ({"op": "add", "member": "cpu", "value": 4}, 400),
    ],
)
def test_patching_a_server(admin: Caller, patch: dict[str, object], status: int) -> None:
    assert admin.send("PATCH", "/v2/servers/ABCD/VA1ABCDWEB01", [patch]).status_code == status


def test_a_resized_server_has_its_new_disks(admin: Caller) -> None:
    disks = [{"diskId": "0:0", "sizeGB": 1}, {"sizeGB": 9, "path": "/data", "type": "partitioned"}]

    admin.send("PATCH", "/v2/servers/ABCD/VA1ABCDWEB01", [{"op": "set", "member": "disks", "value": disks}])

    details = admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]
    assert (details["storageGB"], details["diskCount"]) == (10, 2)
    assert details["partitions"] == [{"sizeGB": 9, "path": "/data"}]


def _create(admin: Caller) -> dict[str, list[dict[str, str]]]:
    body = {
        "name": "NEW",
        "groupId": admin.groups()["Default Group"]["id"],
        "sourceServerId": "UBUNTU-64-TEMPLATE",
        "cpu": 1,
        "memoryGB": 1,
        "type": "standard",
    }
    answer = admin.send("POST", "/v2/servers/ABCD", body)
    assert answer.status_code == 202, answer.text
    made: dict[str, list[dict[str, str]]] = answer.json()
    return made


def test_a_clone_has_the_size_the_disks_and_the_system_of_its_original(admin: Caller) -> None:
    body = {"name": "TWIN", "groupId": admin.groups()["Default Group"]["id"], "sourceServerId": "VA1ABCDDB01", "cpu": 2}
    assert admin.send("POST", "/v2/servers/ABCD", body).status_code == 202
    original, twin = (admin.get(f"/v2/servers/ABCD/VA1ABCD{name}") for name in ("DB01", "TWIN01"))
    assert twin["os"] == original["os"]
    assert twin["storageType"] == original["storageType"]
    sizes = [[disk["sizeGB"] for disk in server["details"]["disks"]] for server in (original, twin)]
    assert sizes[0] == sizes[1]
    assert (twin["details"]["cpu"], twin["details"]["memoryMB"]) == (2, original["details"]["memoryMB"])
