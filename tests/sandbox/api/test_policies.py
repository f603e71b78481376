"""What costs nothing: policies, firewall policies, webhooks; and the satellite hosts that are only listed."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

BACKUP = "/_backup/clc-backup-api/api/accountPolicies"


@pytest.fixture
def busy() -> Iterator[Caller]:
    with Sandbox(scenario="busy", pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


@pytest.mark.parametrize(
    ("path", "wrapped"),
    [
        ("/v2/alertPolicies/ABCD", True),
        ("/v2/antiAffinityPolicies/ABCD", True),
        ("/v2/autoscalePolicies/ABCD", False),
        ("/v2-experimental/firewallPolicies/ABCD/VA1", False),
        ("/v2-experimental/crossDcFirewallPolicies/ABCD/VA1", False),
    ],
)
def test_policies_are_listed_shown_and_deleted_with_204(busy: Caller, path: str, wrapped: bool) -> None:
    def listed() -> Any:
        found = busy.get(path)
        return found["items"] if wrapped else found

    (policy,) = listed()
    assert policy["links"][0]["rel"] == "self"
    assert busy.get(f"{path}/{policy['id']}") == policy

    assert busy.send("DELETE", f"{path}/{policy['id']}").status_code == 204
    assert listed() == []
    assert busy.http.get(f"{path}/{policy['id']}").status_code == 404


def test_firewall_policies_go_with_their_network(busy: Caller) -> None:
    for server in ["WEB01", "WEB02", "WEB03", "WEB04", "MAIL01", "TEST01", "OLDWEB01", "OLDDB01", "BASE01"]:
        busy.send("DELETE", f"/v2/servers/ABCD/VA1ABCD{server}")
    path = f"/v2-experimental/networks/ABCD/VA1/{busy.networks()['shop']}/release"

    assert busy.send("POST", path).status_code == 204

    assert busy.get("/v2-experimental/firewallPolicies/ABCD/VA1") == []


def test_a_webhook_is_listed_among_all_events_and_deleted(busy: Caller) -> None:
    found = busy.get("/v2/webhooks/ABCD")["items"]

    assert len(found) == 10
    assert [each["name"] for each in found if "configuration" in each] == ["Server.Deleted"]
    assert busy.send("DELETE", "/v2/webhooks/ABCD/server.deleted/configuration").status_code == 204
    assert not [each for each in busy.get("/v2/webhooks/ABCD")["items"] if "configuration" in each]


def test_a_template_is_in_its_group_and_costs_storage_and_is_deleted_as_a_server(busy: Caller) -> None:
    group = busy.groups()["Templates"]
    costs = busy.get(f"/v2/groups/ABCD/{group['id']}/billing")["groups"][group["id"]]["servers"]["va1abcdbase01"]

    assert busy.get("/v2/servers/ABCD/VA1ABCDBASE01")["isTemplate"] is True
    assert costs["templateCost"] > 0
    assert busy.send("DELETE", "/v2/servers/ABCD/VA1ABCDBASE01").status_code == 202
    assert busy.http.get("/v2/servers/ABCD/VA1ABCDBASE01").status_code == 404


@pytest.mark.parametrize("server", ["VA1ABCDMETAL01", "VA1ABCDERP01"])
def test_bare_metal_and_managed_servers_cannot_be_archived(busy: Caller, server: str) -> None:
    assert busy.send("POST", "/v2/operations/ABCD/servers/archive", [server]).status_code == 400


def test_a_deleted_shared_load_balancer_is_listed_but_not_billed(busy: Caller) -> None:
    statuses = {each["name"]: each["status"] for each in busy.get("/v2/sharedLoadBalancers/ABCD/VA1")}

    assert statuses == {"shop": "enabled", "forgotten": "enabled", "gone": "deleted"}


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?dataCenter=va1", 1), ("?dataCenter=UC1", 0), ("?status=ACTIVE", 1), ("?status=BACKING_UP", 0)],
)
def test_database_subscriptions_are_listed_by_place_and_status(busy: Caller, query: str, count: int) -> None:
    assert len(busy.get(f"/_database/v1/ABCD/subscriptions{query}")) == count


def test_a_database_subscription_is_billed_in_texts_with_dollars_until_it_is_deleted(busy: Caller) -> None:
    (subscription,) = busy.get("/_database/v1/ABCD/subscriptions")
    assert (subscription["id"], subscription["externalId"], subscription["status"]) == (4711, "shop-orders", "Active")
    assert busy.get("/_database/v1/ABCD/billing")["currentHour"] == "$0.06"

    busy.send("DELETE", "/_database/v1/ABCD/subscriptions/4711")

    assert busy.get("/_database/v1/ABCD/subscriptions") == []
    assert busy.get("/_database/v1/ABCD/billing")["currentHour"] == "$0.00"


def test_stored_backups_stay_when_the_protection_ends(busy: Caller) -> None:
    (policy,) = busy.get(f"{BACKUP}?limit=5&withStatus=ACTIVE")["results"]
    (protected,) = busy.get(f"{BACKUP}/{policy['policyId']}/serverPolicies")["results"]
    path = f"{BACKUP}/{policy['policyId']}/serverPolicies/{protected['serverPolicyId']}"

    assert busy.send("DELETE", path).status_code == 204
    assert busy.send("DELETE", path).status_code == 404

    assert busy.get(f"{path}/storedData?searchDate=2026-01-01")["gigabytesStored"] == "120.5"
    assert busy.http.get(f"{path}/storedData?searchDate=soon").status_code == 400


def test_pages_of_backup_policies_say_how_many_there_are(busy: Caller) -> None:
    page = busy.get(f"{BACKUP}?limit=1&offset=1")

    assert (page["limit"], page["offset"], page["totalCount"], page["results"]) == (1, 1, 1, [])
