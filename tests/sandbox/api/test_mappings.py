"""Policies that customers make, and which servers they hold for."""

from typing import Any

import pytest

from tests.sandbox.caller import Caller, rels

WEB = "/v2/servers/ABCD/VA1ABCDWEB01"
ALERT = {
    "name": "Busy",
    "actions": [{"action": "email", "settings": {"recipients": ["ops@shop.example"]}}],
    "triggers": [{"metric": "cpu", "duration": "00:05:00", "threshold": 80.0}],
}
AUTOSCALE = {"name": "Grow", "range": {"min": 1, "max": 4}, "scaleUpIncrement": 2}
APART = {"name": "Apart", "location": "va1"}
POLICIES = [("alertPolicies", ALERT), ("autoscalePolicies", AUTOSCALE), ("antiAffinityPolicies", APART)]


def _made(admin: Caller, name: str, body: dict[str, Any]) -> Any:
    answer = admin.send("POST", f"/v2/{name}/ABCD", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(("name", "body"), POLICIES)
def test_policies_are_made_changed_and_deleted(admin: Caller, name: str, body: dict[str, Any]) -> None:
    made = _made(admin, name, body)
    path = made["links"][0]["href"]
    assert path == f"/v2/{name}/abcd/{made['id']}"

    changed = admin.send("PUT", path, {**body, "name": "Other"})

    assert (changed.status_code, changed.json()["name"]) == (200, "Other")
    assert admin.get(path) == changed.json()
    assert admin.send("DELETE", path).status_code == 204
    assert admin.http.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("alertPolicies", {**ALERT, "name": ""}),
        ("alertPolicies", {**ALERT, "actions": "email"}),
        ("alertPolicies", {**ALERT, "actions": [{"action": "call"}]}),
        ("alertPolicies", {**ALERT, "triggers": [{"metric": "mood", "duration": "00:05:00", "threshold": 80}]}),
        ("alertPolicies", {**ALERT, "triggers": [{"metric": "cpu", "duration": "5 minutes", "threshold": 80}]}),
        ("alertPolicies", {**ALERT, "triggers": [{"metric": "cpu", "duration": "00:05:00", "threshold": 81}]}),
        ("alertPolicies", {**ALERT, "triggers": [{"metric": "cpu", "duration": "00:05:00", "threshold": None}]}),
        ("autoscalePolicies", {}),
        ("autoscalePolicies", {**AUTOSCALE, "scaleUpIncrement": 3}),
        ("autoscalePolicies", {**AUTOSCALE, "range": 4}),
        ("antiAffinityPolicies", {"name": "Apart"}),
        ("antiAffinityPolicies", {"name": "Apart", "location": "XX1"}),
    ],
)
def test_wrong_policies_are_refused_with_the_member_at_fault(admin: Caller, name: str, body: object) -> None:
    answer = admin.send("POST", f"/v2/{name}/ABCD", body)

    assert answer.status_code == 400
    assert len(answer.json()["modelState"]) == 1


def test_an_alert_policy_holds_for_a_server_until_it_is_taken_off(admin: Caller) -> None:
    policy = _made(admin, "alertPolicies", ALERT)["id"]

    mapped = admin.send("POST", f"{WEB}/alertPolicies", {"id": policy})

    assert mapped.status_code == 201
    (shown,) = admin.get(WEB)["details"]["alertPolicies"]
    assert (shown["id"], shown["name"], rels(shown)) == (policy, "Busy", ["self", "alertPolicyMap"])
    path = mapped.json()["links"][0]["href"]
    assert path == shown["links"][1]["href"]
    assert admin.send("DELETE", path).status_code == 204
    assert admin.get(WEB)["details"]["alertPolicies"] == []
    assert admin.send("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "path", "member"),
    [
        ("autoscalePolicies", AUTOSCALE, "cpuAutoscalePolicy", "cpuAutoscalePolicy"),
        ("antiAffinityPolicies", APART, "antiAffinityPolicy", "antiAffinityPolicy"),
    ],
)
def test_one_autoscale_and_one_anti_affinity_policy_hold_for_a_server(
    admin: Caller, name: str, body: dict[str, Any], path: str, member: str
) -> None:
    policy = _made(admin, name, body)["id"]
    without = admin.http.get(f"{WEB}/{path}")
    assert (without.status_code, without.content) == (404, b"")

    put = admin.send("PUT", f"{WEB}/{path}", {"id": policy})

    assert (put.status_code, put.json()["id"]) == (200, policy)
    assert admin.get(f"{WEB}/{path}") == put.json()
    assert admin.get(WEB)["details"][member]["id"] == policy
    assert admin.send("DELETE", f"{WEB}/{path}").status_code == 204
    assert member not in admin.get(WEB)["details"]


def test_an_anti_affinity_policy_links_the_servers_that_it_keeps_apart(admin: Caller) -> None:
    policy = _made(admin, "antiAffinityPolicies", APART)
    admin.send("PUT", f"{WEB}/antiAffinityPolicy", {"id": policy["id"]})

    (shown,) = admin.get("/v2/antiAffinityPolicies/ABCD")["items"]

    assert [link["id"] for link in shown["links"] if link["rel"] == "server"] == ["VA1ABCDWEB01"]


def test_a_policy_that_is_deleted_holds_no_more(admin: Caller) -> None:
    policy = _made(admin, "alertPolicies", ALERT)
    admin.send("POST", f"{WEB}/alertPolicies", {"id": policy["id"]})

    admin.send("DELETE", policy["links"][0]["href"])

    assert admin.get(WEB)["details"]["alertPolicies"] == []


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "alertPolicies"), ("PUT", "cpuAutoscalePolicy"), ("PUT", "antiAffinityPolicy")]
)
def test_an_unknown_policy_is_refused(admin: Caller, method: str, path: str) -> None:
    assert admin.send(method, f"{WEB}/{path}", {"id": "0" * 32}).status_code == 400


def test_a_policy_of_another_data_centre_is_refused(admin: Caller) -> None:
    policy = _made(admin, "antiAffinityPolicies", {**APART, "location": "UC1"})["id"]

    assert admin.send("PUT", f"{WEB}/antiAffinityPolicy", {"id": policy}).status_code == 400


def test_firewall_policies_are_made_switched_and_deleted(admin: Caller) -> None:
    base = "/v2-experimental/firewallPolicies/ABCD/VA1"
    body = {"destinationAccount": "ABCD", "source": ["10.1.1.0/24"], "destination": ["10.1.2.0/24"], "ports": ["any"]}

    made = admin.send("POST", base, body)

    assert made.status_code == 201
    path = f"{base}/{made.json()['links'][0]['href'].rpartition('/')[2]}"
    assert admin.send("PUT", path, {"enabled": False, "ports": ["tcp/443"]}).status_code == 204
    shown = admin.get(path)
    assert (shown["enabled"], shown["ports"], shown["source"]) == (False, ["tcp/443"], ["10.1.1.0/24"])
    assert len(admin.get(f"{base}?destinationAccount=abcd")) == 1
    assert admin.get(f"{base}?destinationAccount=else") == []
    assert admin.send("DELETE", path).status_code == 204


def test_policies_between_data_centres_are_switched_in_the_query(admin: Caller) -> None:
    base = "/v2-experimental/crossDcFirewallPolicies/ABCD/VA1"
    body = {"destinationAccountId": "abcd", "destinationLocationId": "UC1", "enabled": True}

    made = admin.send("POST", base, {**body, "destinationCidr": "10.1.1.0/24", "sourceCidr": "10.2.2.0/24"}).json()

    assert (made["destinationLocation"], made["sourceLocation"], made["enabled"]) == ("uc1", "va1", True)
    assert admin.send("PUT", f"{base}/{made['id']}?enabled=false").status_code == 204
    assert admin.get(f"{base}/{made['id']}")["enabled"] is False
    assert admin.send("PUT", f"{base}/{made['id']}?enabled=perhaps").status_code == 400


def test_a_viewer_makes_no_policies(viewer: Caller) -> None:
    assert viewer.send("POST", "/v2/alertPolicies/ABCD", ALERT).status_code == 403
    assert viewer.send("POST", "/v2-experimental/firewallPolicies/ABCD/VA1", {}).status_code == 403
