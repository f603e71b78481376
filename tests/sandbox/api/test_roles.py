"""Which user may do what, and that links for the rest are absent."""

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, rels, verbs

SERVER = "/v2/servers/ABCD/VA1ABCDWEB01"


@pytest.mark.parametrize(
    ("method", "path", "server_admin_status", "viewer_status"),
    [
        ("GET", SERVER, 200, 200),
        ("GET", f"{SERVER}/credentials", 200, 403),
        ("GET", "/v2/servers/ABCD/VA1ABCDOLDWEB01", 200, 200),
        ("GET", "/v2/invoice/ABCD/2026/1", 200, 200),
        ("GET", "/v2-experimental/networks/ABCD/VA1", 200, 200),
        ("DELETE", SERVER, 202, 403),
        ("DELETE", "/v2/servers/ABCD/VA1ABCDOLDWEB01", 202, 403),
        ("DELETE", f"{SERVER}/publicIPAddresses/ADDRESS", 202, 403),
        ("DELETE", "/v2/groups/ABCD/SHOP", 202, 403),
        ("POST", "/v2-experimental/networks/ABCD/VA1/NETWORK/release", 403, 403),
        ("POST", "/v2-experimental/networks/ABCD/VA1/claim", 403, 403),
        ("DELETE", "/v2/sharedLoadBalancers/ABCD/VA1/BALANCER", 204, 403),
        ("DELETE", "/v2/siteToSiteVpn/VPN?account=ABCD", 403, 403),
        ("DELETE", "/_loadbalancer/ABCD/UC1/loadbalancers/LBAAS", 202, 403),
    ],
)
def test_roles_are_enforced_for_each_action(
    sandbox: Sandbox,
    admin: Caller,
    server_admin: Caller,
    viewer: Caller,
    method: str,
    path: str,
    server_admin_status: int,
    viewer_status: int,
) -> None:
    named = {
        "ADDRESS": admin.get(SERVER)["details"]["ipAddresses"][0]["public"],
        "SHOP": admin.groups()["Shop"]["id"],
        "NETWORK": admin.networks()["shop"],
        "BALANCER": admin.get("/v2/sharedLoadBalancers/ABCD/VA1")[0]["id"],
        "VPN": admin.get("/v2/siteToSiteVpn?account=ABCD")[0]["id"],
        "LBAAS": admin.get("/_loadbalancer/ABCD/UC1/loadbalancers")["values"][0]["id"],
    }
    for word, value in named.items():
        path = path.replace(f"/{word}", f"/{value}")

    viewed = viewer.send(method, path)
    assert viewed.status_code == viewer_status
    if viewer_status == 403:
        assert viewed.json() == {"message": "You do not have permission to perform this operation."}
    assert server_admin.send(method, path).status_code == server_admin_status


def test_a_viewer_sees_no_link_to_what_only_others_may_do(viewer: Caller) -> None:
    server = viewer.get(SERVER)

    assert verbs(server, "self") == ["GET"]
    assert verbs(server, "publicIPAddress") == ["GET"]
    assert not {"credentials", "publicIPAddresses", "alertPolicyMappings"} & set(rels(server))
    assert not {"delete", "restore"} & set(rels(viewer.get("/v2/servers/ABCD/VA1ABCDOLDWEB01")))
    shop = viewer.groups()["Shop"]
    assert verbs(shop, "self") == ["GET"]
    assert not {"createGroup", "createServer", "archiveGroupAction"} & set(rels(shop))
    assert "release" not in rels(viewer.get("/v2-experimental/networks/ABCD/VA1")[0])
    assert verbs(viewer.get("/v2/sharedLoadBalancers/ABCD/VA1")[0], "self") == ["GET"]
    assert verbs(viewer.get("/v2/siteToSiteVpn?account=ABCD")[0], "self") == ["GET"]


def test_a_role_that_may_not_see_archived_servers_does_not() -> None:
    with Sandbox(scenario="roles", pace=0) as sandbox:
        caller = Caller(sandbox.url, ("nia.abcd", "demo-network-1"))
        links = caller.groups()["Archive"]["links"]
        status = caller.http.get("/v2/servers/ABCD/VA1ABCDOLD01").status_code
        caller.close()

    assert "server" not in {link["rel"] for link in links}
    assert status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/v2-experimental/networks/ABCD/VA1",
        "/v2/sharedLoadBalancers/ABCD/VA1",
        "/v2/siteToSiteVpn?account=ABCD",
        "/_loadbalancer/ABCD/VA1/loadbalancers",
    ],
)
def test_a_billing_manager_sees_no_networks_vpns_or_load_balancers(path: str) -> None:
    with Sandbox(scenario="roles", pace=0) as sandbox:
        caller = Caller(sandbox.url, ("bea.abcd", "demo-billing-1"))
        status = caller.http.get(path).status_code
        invoice = caller.http.get("/v2/invoice/ABCD/2026/1").status_code
        caller.close()

    assert (status, invoice) == (403, 200)
