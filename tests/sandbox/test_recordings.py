"""What recordings of the real API show, over raw HTTP: the rules that no test about one part of the API holds.

All of them, and where each has its test, are in rules.md.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import ADMIN, Caller, server_ids

LOGIN = "/v2/authentication/login"
WEB = "/v2/servers/ABCD/VA1ABCDWEB01"
ROLES = [
    "AccountAdmin", "AccountViewer", "BillingAdmin", "DNSManager", "NetworkAdmin", "SecurityAdmin", "ServerAdmin",
    "ServerOperator", "ServerScheduler",
]  # fmt: skip


@pytest.fixture
def busy() -> Iterator[Caller]:
    """An account with something of everything, on the first of February."""
    clock = MovableClock(datetime(2026, 2, 1, tzinfo=UTC), stopped=True)
    with Sandbox(scenario="busy", clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


# base: letter case, slashes, headers


@pytest.mark.parametrize(
    "path",
    [
        f"{WEB}/scheduledActivities",
        f"{WEB}/ScheduledActivities",
        "/v2/DataCenters/abcd/va1",
        "/v2/datacenters/abcd/VA1?GROUPLINKS=TRUE",
        "/V2-Experimental/Networks/abcd/va1",
    ],
)
def test_letter_case_of_paths_and_query_names_does_not_matter(admin: Caller, path: str) -> None:
    assert admin.http.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/v2/datacenters/ABCD/", "/v2-experimental/networks/ABCD/VA1/", f"{WEB}/"])
def test_a_slash_at_the_end_changes_nothing(admin: Caller, path: str) -> None:
    assert admin.get(path) == admin.get(path.rstrip("/"))


@pytest.mark.parametrize(
    "path", [WEB, "/v2/accounts/ABCD", "/v2-experimental/networks/ABCD/VA1", "/v2/servers/ABCD/no"]
)
def test_answers_are_not_to_be_kept(admin: Caller, path: str) -> None:
    headers = admin.http.get(path).headers

    assert [headers[name] for name in ("Cache-Control", "Pragma", "Expires")] == ["no-cache", "no-cache", "-1"]
    assert headers.get("Content-Type", "application/json; charset=utf-8") == "application/json; charset=utf-8"


# sign-in


def test_all_nine_roles_come_with_the_sign_in_as_they_are_written_on_the_wire(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    user = f"{{name: all.abcd, password: p, roles: [{', '.join(ROLES)}]}}"
    file.write_text(f"title: t\naccounts: [{{alias: ABCD, name: n, primary: VA1, users: [{user}]}}]")

    with Sandbox(scenario=str(file), pace=0) as sandbox:
        answer = httpx.post(sandbox.url + LOGIN, json={"username": "all.abcd", "password": "p"})

    assert answer.json()["roles"] == ROLES


def test_the_token_says_who_it_is_for(sandbox: Sandbox) -> None:
    signed_in = httpx.post(sandbox.url + LOGIN, json={"username": ADMIN[0], "password": ADMIN[1]}).json()

    claims = _claims(signed_in["bearerToken"])
    assert claims["unique_name"] == "alex.abcd"
    assert set(claims) == {
        "iss", "aud", "nbf", "exp", "role", "unique_name", "urn:tier3:account-alias", "urn:tier3:location-alias",
    }  # fmt: skip


# failures


@pytest.mark.parametrize(
    "path",
    [
        "/v2/datacenters/ABCD/XX9",
        "/v2/servers/ABCD/VA1ABCDNO01",
        f"/v2/alertPolicies/ABCD/{'0' * 32}",
        f"/v2/autoscalePolicies/ABCD/{'0' * 32}",
        f"/v2/antiAffinityPolicies/ABCD/{'0' * 32}",
        f"/v2/sharedLoadBalancers/ABCD/VA1/{'0' * 32}",
    ],
)
def test_what_is_not_there_under_v2_is_404_without_a_body(admin: Caller, path: str) -> None:
    answer = admin.http.get(path)

    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (404, "0", b"")


def test_a_fault_can_strike_the_changing_of_nodes_alone(sandbox: Sandbox, admin: Caller) -> None:
    (balancer,) = admin.get("/v2/sharedLoadBalancers/ABCD/VA1")
    pool = balancer["pools"][0]["links"][0]["href"]
    sandbox.set_faults(f"fail:100%@{pool}/nodes")

    struck = admin.send("PUT", f"{pool}/nodes", [])

    assert (struck.status_code, struck.json()) == (500, {"message": "An error has occurred."})
    assert admin.get(pool)["id"] == balancer["pools"][0]["id"]


# operations


def test_a_claim_that_is_done_says_what_it_was_and_who_asked_when(admin: Caller) -> None:
    done = admin.get(admin.send("POST", "/v2-experimental/networks/ABCD/GB3/claim").json()["uri"])

    assert set(done) == {"requestType", "status", "summary", "source"}
    assert set(done["summary"]) == {"blueprintId", "locationId", "links"}
    assert isinstance(done["summary"]["blueprintId"], int)
    assert done["summary"]["locationId"] == "GB3"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", done["source"]["requestedAt"])


@pytest.mark.parametrize("alias", ["ABCD", "abcd"])
def test_a_status_is_asked_for_with_the_alias_in_any_case(admin: Caller, alias: str) -> None:
    operation = admin.send("DELETE", WEB).json()["links"][0]["id"]

    assert re.fullmatch(r"va1-\d+", operation)
    assert admin.get(f"/v2/operations/{alias}/status/{operation.upper()}") == {"status": "succeeded"}


# data centres


def test_capabilities_have_the_members_of_the_wire(admin: Caller) -> None:
    found = admin.get("/v2/datacenters/ABCD/VA1/deploymentCapabilities")

    flags = {
        "dataCenterEnabled", "importVMEnabled", "supportsPremiumStorage", "supportsSharedLoadBalancer",
        "supportsBareMetalServers",
    }  # fmt: skip
    assert set(found) == flags | {"deployableNetworks", "templates", "importableOSTypes"}
    assert all(isinstance(found[flag], bool) for flag in flags)
    assert set(found["deployableNetworks"][0]) == {"name", "networkId", "type", "accountID"}
    template = {"name", "osType", "description", "storageSizeGB", "capabilities", "reservedDrivePaths"}
    assert set(found["templates"][0]) >= template


# groups


def test_a_group_may_have_no_description(admin: Caller) -> None:
    groups = admin.groups()

    assert "description" not in groups["Default Group"]
    assert groups["Shop"]["description"] == "The shop and what it needs"


def test_an_archived_server_is_linked_from_the_archive_group_though_that_counts_none(admin: Caller) -> None:
    archive = admin.groups()["Archive"]

    assert (archive["serversCount"], server_ids(archive)) == (0, ["VA1ABCDOLDWEB01"])


# networks


def test_an_address_of_a_network_has_the_members_of_the_wire(admin: Caller) -> None:
    path = f"/v2-experimental/networks/ABCD/VA1/{admin.networks()['shop']}/ipAddresses"

    kinds = {each["type"]: set(each) for each in admin.get(path)}
    assert kinds == {
        "private": {"address", "claimed", "server", "primary", "type"},
        "publicMapped": {"address", "claimed", "server", "type"},
    }
    assert {frozenset(each) for each in admin.get(f"{path}?type=free")} == {frozenset({"address", "claimed", "type"})}


def test_a_network_by_itself_has_absolute_links_and_in_the_list_it_has_not(admin: Caller) -> None:
    (path,) = [
        each["links"][0]["href"] for each in admin.get("/v2-experimental/networks/ABCD/VA1") if each["name"] == "shop"
    ]

    assert path.startswith("/v2-experimental/networks/abcd/va1/")
    assert {link["href"].partition("/v2")[0] for link in admin.get(path)["links"]} == {"http://api.ctl.io"}


# links


@pytest.mark.parametrize(
    "path",
    [
        "/v2/datacenters/ABCD/VA1?groupLinks=true",
        "/v2/groups/ABCD/ROOT",
        WEB,
        "/v2/servers/ABCD/VA1ABCDOLDWEB01",
        "/v2/sharedLoadBalancers/ABCD/VA1",
        "/v2-experimental/networks/ABCD/VA1",
        "/v2/accounts/ABCD",
        "/v2/webhooks/ABCD",
    ],
)
def test_links_begin_at_the_root_and_name_account_and_data_centre_in_lower_case(admin: Caller, path: str) -> None:
    links = list(_links(admin.get(path.replace("ROOT", admin.root()))))

    assert links
    for link in links:
        assert link["href"].startswith(("/v2/", "/v2-experimental/"))
        assert not {"ABCD", "VA1"} & set(link["href"].split("/")), link
        assert set(link) <= {"rel", "href", "id", "name", "verbs"}
        assert link.get("verbs") != []


# invoices


def test_hyperscale_servers_and_managed_ones_have_their_own_words_on_the_invoice(busy: Caller) -> None:
    lines = {each["description"]: each for each in busy.get("/v2/invoice/ABCD/2026/1")["lineItems"]}

    details = {each["description"] for each in lines["Server Group: Databases - VA1"]["itemDetails"]}
    assert "VA1ABCDCACHE01 - Hyperscale" in details
    assert lines["VA1ABCDERP01: Managed Operating System"]["itemTotal"] == round(744 * 0.21, 2)


def _links(entity: Any) -> Iterator[dict[str, Any]]:
    if isinstance(entity, list):
        for each in entity:
            yield from _links(each)
    elif isinstance(entity, dict):
        yield from entity.get("links", [])
        for name, value in entity.items():
            if name != "links":
                yield from _links(value)


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims
