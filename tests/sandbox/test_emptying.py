"""Emptying an account by the API alone, in the order that the article implies, until it bills nothing more."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, server_ids


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 9, 10, 12, tzinfo=UTC), stopped=True)


# what is left on the invoice: stored backups cannot be deleted by a customer, they only expire
LEFT = {
    "demo": [],
    "own-vpn": [],
    "nearly-empty": [],
    "two-networks": [],
    "busy": ["Simple Backup Storage - VA1"],
}


@pytest.fixture
def admin(scenario: str, clock: MovableClock) -> Iterator[Caller]:
    with Sandbox(scenario=scenario, clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


@pytest.mark.parametrize("scenario", LEFT)
def test_an_emptied_account_bills_nothing_from_the_next_month_on(
    scenario: str, admin: Caller, clock: MovableClock
) -> None:
    for dc in [each["id"].upper() for each in admin.get("/v2/datacenters/ABCD")]:
        _empty(admin, dc)
    for vpn in admin.get("/v2/siteToSiteVpn?account=ABCD"):
        assert admin.send("DELETE", vpn["links"][0]["href"]).status_code == 200
    for subscription in admin.get("/_database/v1/ABCD/subscriptions"):
        admin.send("DELETE", f"/_database/v1/ABCD/subscriptions/{subscription['id']}")
    for app in admin.get("/_apps/useast/v2/apps")["resources"]:
        assert admin.send("DELETE", f"/_apps/useast{app['metadata']['url']}").status_code == 204
    clock.set(datetime(2026, 11, 1, tzinfo=UTC))
    admin.sign_in()

    left = admin.get("/v2/invoice/ABCD/2026/10")["lineItems"]
    assert [line["description"] for line in left] == LEFT[scenario]
    own = admin.get("/v2-experimental/networks/ABCD/VA1")
    assert len(own) == 1
    assert admin.send("POST", own[0]["links"][2]["href"]).status_code == 400


def _empty(admin: Caller, dc: str) -> None:
    for group in admin.groups(dc).values():
        for server in server_ids(group):
            assert admin.send("DELETE", f"/v2/servers/ABCD/{server}").status_code == 202
    for balancer in admin.get(f"/v2/sharedLoadBalancers/ABCD/{dc}"):
        assert admin.send("DELETE", balancer["links"][0]["href"]).status_code == 204
    for balancer in admin.get(f"/_loadbalancer/ABCD/{dc}/loadbalancers")["values"]:
        path = f"/_loadbalancer/ABCD/{dc}/loadbalancers/{balancer['id']}"
        assert admin.send("DELETE", path).status_code == 202
    refused = [
        network["name"]
        for network in admin.get(f"/v2-experimental/networks/ABCD/{dc}")
        if admin.send("POST", network["links"][2]["href"]).status_code != 204
    ]
    assert len(refused) == (1 if dc == "VA1" else 0)
