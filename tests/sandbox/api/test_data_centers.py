"""Data centres: the list, links with and without groups, capabilities."""

import pytest

from tests.sandbox.caller import Caller, rels, verbs

ALWAYS = {"self", "deploymentCapabilities", "loadBalancers", "computeLimits", "networkLimits", "availableOvfs"}
WITH_GROUPS = {
    "group", "createGroup", "createServer", "defaults", "billing", "statistics", "upcomingScheduledActivities",
    "horizontalAutoscalePolicyMapping", "scheduledActivities",
}  # fmt: skip


def test_an_account_sees_all_13_data_centres_used_or_not(admin: Caller) -> None:
    found = admin.get("/v2/datacenters/ABCD")

    assert len(found) == 13
    assert {"va1", "uc1", "sg1"} < {each["id"] for each in found}
    assert next(each["name"] for each in found if each["id"] == "va1") == "VA1 - US East (Sterling)"


@pytest.mark.parametrize("path", ["/v2/datacenters/ABCD", "/v2/datacenters/ABCD/VA1"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALWAYS),
        ("?groupLinks=false", ALWAYS),
        ("?groupLinks=true", ALWAYS | WITH_GROUPS),
        ("?GroupLinks=true", ALWAYS | WITH_GROUPS),
        ("?grouplinks=True", ALWAYS | WITH_GROUPS),
    ],
)
def test_group_links_come_only_when_asked_for(admin: Caller, path: str, query: str, expected: set[str]) -> None:
    found = admin.get(path + query)

    for each in found if isinstance(found, list) else [found]:
        assert set(rels(each)) == expected


def test_the_root_group_is_the_hardware_of_the_data_centre(admin: Caller) -> None:
    link = next(
        each for each in admin.get("/v2/datacenters/abcd/uc1?groupLinks=true")["links"] if each["rel"] == "group"
    )

    assert link["name"] == "UC1 Hardware"
    assert link["href"] == f"/v2/groups/abcd/{link['id']}"
    assert admin.get(link["href"])["name"] == "UC1 Hardware"


def test_verbs_are_those_of_the_wire(admin: Caller) -> None:
    found = admin.get("/v2/datacenters/ABCD/VA1")

    assert verbs(found, "loadBalancers") == ["GET", "POST"]
    assert verbs(found, "computeLimits") == ["GET", "POST"]
    assert verbs(found, "networkLimits") == ["GET"]


def test_every_link_of_a_data_centre_can_be_followed(admin: Caller) -> None:
    for link in admin.get("/v2/datacenters/ABCD/VA1?groupLinks=true")["links"]:
        if "GET" in link.get("verbs", ["GET"]):
            assert admin.http.get(link["href"]).status_code in (200, 204), link


def test_the_list_may_be_cached_and_nothing_else(admin: Caller) -> None:
    listed = admin.http.get("/v2/datacenters/ABCD").headers
    one = admin.http.get("/v2/datacenters/ABCD/VA1").headers

    assert listed["Cache-Control"] == "max-age=300, private"
    assert (one["Cache-Control"], one["Pragma"], one["Expires"]) == ("no-cache", "no-cache", "-1")
    assert one["Content-Type"] == "application/json; charset=utf-8"


def test_an_unknown_data_centre_is_404_without_a_body(admin: Caller) -> None:
    answer = admin.http.get("/v2/datacenters/ABCD/XX9")

    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (404, "0", b"")


def test_capabilities_name_the_networks_that_servers_can_join(admin: Caller) -> None:
    found = admin.get("/v2/datacenters/ABCD/VA1/deploymentCapabilities")

    assert {each["networkId"] for each in found["deployableNetworks"]} == set(admin.networks().values())
    assert found["supportsSharedLoadBalancer"] is True
    assert found["templates"]
