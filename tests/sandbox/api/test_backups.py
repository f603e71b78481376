"""The backup host: policies, the servers that they protect, and what can be restored."""

from collections.abc import Iterator

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

API = "/_backup/clc-backup-api/api"
ALL = f"{API}/accountPolicies"
NEW = {
    "osType": "Linux",
    "name": "Nightly",
    "paths": ["/opt"],
    "retentionDays": 7,
    "backupSchedule": "0 0 12 ? * SUN *",
}


@pytest.fixture
def busy() -> Iterator[Caller]:
    with Sandbox(scenario="busy", pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


@pytest.fixture
def policy(busy: Caller) -> str:
    """The address of a new policy."""
    return f"{ALL}/{busy.send('POST', ALL, NEW).json()['policyId']}"


def test_a_policy_is_made_and_changed(busy: Caller, policy: str) -> None:
    made = busy.get(policy)
    assert {name: made[name] for name in NEW} == NEW

    changed = busy.send("PUT", policy, {**made, "name": "Weekly", "status": "INACTIVE"}).json()

    assert (changed["name"], changed["status"], changed["policyId"]) == ("Weekly", "INACTIVE", made["policyId"])
    assert busy.get(policy) == changed


@pytest.mark.parametrize("wrong", [{"osType": "Plan 9"}, {"name": ""}, {"paths": "everything"}])
def test_wrong_policies_are_refused(busy: Caller, wrong: dict[str, object]) -> None:
    assert busy.send("POST", ALL, {**NEW, **wrong}).status_code == 400


def test_a_server_is_protected_made_inactive_and_let_go(busy: Caller, policy: str) -> None:
    body = {"clcAccountAlias": "ABCD", "serverId": "VA1ABCDWEB02", "storageRegion": "USEAST"}
    made = busy.send("POST", f"{policy}/serverPolicies", body).json()
    own = f"{policy}/serverPolicies/{made['serverPolicyId']}"

    assert (made["status"], made["storageRegion"], made["serverId"]) == ("PROVISIONING", "US EAST", "VA1ABCDWEB02")
    assert busy.get(f"{own}/storedData?searchDate=2026-01-01") == {"bytesStored": "0", "gigabytesStored": "0.0"}
    quiet = busy.send("PATCH", own, {"op": "replace", "path": "/status", "value": "INACTIVE"})
    assert quiet.json()["status"] == busy.get(own)["status"] == "INACTIVE"
    assert busy.send("PATCH", own, {"op": "replace", "path": "/status", "value": "INACTIVE"}).status_code == 400
    assert busy.send("DELETE", own).status_code == 204
    assert busy.http.get(own).status_code == 404


def test_many_servers_are_protected_at_once_as_far_as_they_are_there(busy: Caller, policy: str) -> None:
    body = [{"serverId": name, "storageRegion": "US WEST"} for name in ("VA1ABCDWEB03", "VA1ABCDNONE01")]

    told = busy.http.post(f"{policy}/serverPolicies", json=body, headers={"Bulk-Operation": "true"}).json()

    assert told["status"] == "PARTIAL"
    assert [each["success"] for each in told["createServerPolicyResponseList"]] == [True, False]
    assert busy.get(f"{policy}/serverPolicies")["totalCount"] == 1


def test_what_protects_a_server_is_told_with_both_statuses(busy: Caller) -> None:
    (told,) = busy.get(f"{API}/serverPolicyDetails?serverId=va1abcdweb01")

    assert (told["accountPolicyStatus"], told["serverPolicyStatus"], told["eligibleForBackup"]) == (
        "ACTIVE",
        "ACTIVE",
        True,
    )
    assert busy.get(f"{API}/serverPolicyDetails?serverId=VA1ABCDWEB01&withStatus=ERROR") == []
    assert busy.http.get(f"{API}/serverPolicyDetails").status_code == 400


def test_policies_that_fit_a_server_are_those_of_its_system(busy: Caller, policy: str) -> None:
    names = [
        [each["name"] for each in busy.get(f"{ALL}/servers/{server}")["results"]]
        for server in ("VA1ABCDWEB01", "VA1ABCDDB01")
    ]

    assert names == [["Nightly", "Nightly"], []]
    assert busy.http.get(f"{ALL}/servers/VA1ABCDNONE01").status_code == 404


def test_what_can_be_restored_is_told_day_by_day(busy: Caller) -> None:
    (policy,) = busy.get(ALL)["results"]
    path = f"{ALL}/{policy['policyId']}/serverPolicies/b0000000-0000-4000-8000-000000000002/restorePointDetails"

    told = busy.get(f"{path}?backupFinishedStartDate=2000-01-01&backupFinishedEndDate=9998-12-31&limit=3")

    assert (len(told["results"]), told["nextOffset"], told["totalCount"]) == (3, 3, 151)
    assert told["results"][0]["restorePointCreationStatus"] == "SUCCESS"
    assert busy.http.get(path).status_code == 400


def test_lists_are_sorted_and_cut_as_asked(busy: Caller) -> None:
    for name in ("b", "a", "c"):
        busy.send("POST", ALL, {**NEW, "name": name})

    page = busy.get(f"{ALL}?sortBy=name&ascendingSort=false&limit=2&offset=1")

    assert [each["name"] for each in page["results"]] == ["b", "a"]


def test_places_regions_and_systems_are_listed(busy: Caller) -> None:
    assert "VA1 - US East (Sterling)" in busy.get(f"{API}/datacenters")
    assert "US EAST" in [each["name"] for each in busy.get(f"{API}/regions")]
    assert busy.get(f"{API}/osTypes") == ["Linux", "Windows"]
    assert "UC1ABCDRPT01" in busy.get(f"{API}/datacenters/UC1%20-%20US%20West%20(Santa%20Clara)/servers")


def test_the_header_names_the_account_of_a_sub_account() -> None:
    pat = ("pat.root", "demo-admin-1")
    kit = ("kit.acrn", "demo-admin-2")
    with (
        Sandbox(scenario="family", pace=0) as sandbox,
        Caller(sandbox.url, pat) as parent,
        Caller(sandbox.url, kit) as child,
    ):
        made = parent.http.post(ALL, json=NEW, headers={"CLC-ALIAS": "acrn"}).json()

        assert made["clcAccountAlias"] == "ACRN"
        assert child.get(ALL)["results"] == [made]
        assert parent.get(ALL)["results"] == []
        assert child.http.get(ALL, headers={"CLC-ALIAS": "ROOT"}).status_code == 403
