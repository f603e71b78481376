"""Everything billed, in all data centres."""

import threading
from typing import Any

import httpx
import pytest

from kb.account.account import Account
from kb.account.inventory import Inventory, take_inventory
from kb.account.kind import KINDS
from tests.account.fake_api import (
    API,
    BACKUP,
    DB,
    LB,
    NOW,
    account_of,
    centre,
    empty_account,
    group,
    network,
    put,
    put_group,
    put_networks,
    server,
)


def inventory(api: Any, **fields: Any) -> Inventory:
    with account_of(api, **fields) as account:
        return take_inventory(account, NOW.date())


def left(found: Inventory) -> list[tuple[str, str, str, str]]:
    evidence = [item.as_evidence() for item in found.in_state("left")]
    return [(item.id, item.name, item.place, item.monthly) for item in evidence]


def test_every_kind_is_searched_in_every_place() -> None:
    found = inventory(empty_account("va1", "uc1", "de1"))
    account_wide = {"site-to-site VPN", "relational database", "stored backup"}
    expected = {
        (kind.name, place) for kind in KINDS if kind.name not in account_wide for place in ("VA1", "UC1", "DE1")
    }
    assert {(item.kind, item.place) for item in found.searched} == expected | {(name, "") for name in account_wide}
    assert all(item.complete for item in found.searched)
    assert left(found) == []


def test_load_balancers_of_both_services_count_but_deleted_ones_do_not() -> None:
    api = empty_account()
    shared = [
        {"id": "S1", "name": "shared", "status": "enabled", "ipAddress": "203.0.113.3", "pools": [{}]},
        {"id": "S2", "name": "old", "status": "deleted"},
    ]
    put(api, f"{API}/v2/sharedloadbalancers/abcd/va1", shared)
    instances = [{"id": "L1", "name": "lb", "status": "active"}, {"id": "L2", "name": "x", "status": "DELETED"}]
    put(api, f"{LB}/abcd/uc1/loadbalancers", {"values": instances})
    assert left(inventory(api)) == [
        ("load-balancer:l1", "lb", "UC1", "$18.25"),
        ("shared-load-balancer:s1", "shared", "VA1", "$29.20"),
    ]


def test_vpns_count_with_their_data_centre() -> None:
    api = empty_account()
    vpn = {"id": "AB12", "local": {"locationAlias": "va1"}, "remote": {"siteName": "Office", "address": "203.0.113.9"}}
    put(api, f"{API}/v2/sitetositevpn?account=abcd", [vpn])
    assert left(inventory(api)) == [("vpn:ab12", "Office", "VA1", "$45.00")]


def test_databases_count_with_the_cost_that_their_service_names() -> None:
    api = empty_account()
    listed = [
        {"id": 7, "location": "va1", "externalId": "orders", "status": "Active", "backups": [{}]},
        {"id": 8, "location": "va1", "status": "Deleted"},
    ]
    put(api, f"{DB}/abcd/subscriptions", listed)
    put(api, f"{DB}/abcd/billing?subscriptionid=7", {"monthlyEstimate": "$1,044.10"})
    assert left(inventory(api)) == [("database:7", "orders", "VA1", "$1,044.10")]


def test_stored_backups_count_on_all_pages_even_of_deleted_policies() -> None:
    api = empty_account()
    first = {"policyId": "P1", "name": "daily", "clcAccountAlias": "ABCD", "status": "INACTIVE"}
    second = {"policyId": "P2", "name": "weekly", "clcAccountAlias": "ABCD"}
    foreign = {"policyId": "P3", "name": "other", "clcAccountAlias": "WXYZ"}
    put(api, f"{BACKUP}/accountpolicies?limit=100&offset=0", {"totalCount": 3, "results": [first]})
    put(api, f"{BACKUP}/accountpolicies?limit=100&offset=1", {"totalCount": 3, "results": [second, foreign]})
    gone = {"serverPolicyId": "S1", "serverId": "VA1ABCDWEB01", "status": "DELETED"}
    empty = {"serverPolicyId": "S2", "serverId": "VA1ABCDWEB02", "status": "ACTIVE"}
    put(api, f"{BACKUP}/accountpolicies/p1/serverpolicies", {"totalCount": 1, "results": [gone]})
    put(api, f"{BACKUP}/accountpolicies/p2/serverpolicies", {"totalCount": 1, "results": [empty]})
    stored = f"{BACKUP}/accountpolicies/p1/serverpolicies/s1/storeddata?searchdate=2019-09-10"
    put(api, stored, {"gigabytesStored": "12.5", "bytesStored": "12500000000"})
    empty_now = f"{BACKUP}/accountpolicies/p2/serverpolicies/s2/storeddata?searchdate=2019-09-10"
    put(api, empty_now, {"gigabytesStored": "0", "bytesStored": "0"})
    found = inventory(api)
    assert left(found) == [("backup:p1/s1", "daily of VA1ABCDWEB01", "VA1", "$1.25")]
    assert not found.in_state("left")[0].as_evidence().removable


def test_the_own_vpn_server_is_named_where_only_its_address_shows() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("own", 1), network("n2", 2)], own=["VA1ABCDVPN01"])
    found = inventory(api)
    assert [item.id for item in found.in_state("ignored")] == ["server:va1abcdvpn01", "network:own"]
    assert [item.id for item in found.in_state("left")] == ["network:n2"]


def test_a_customers_server_of_that_name_is_billed_and_its_networks_are_unsure() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[server("VA1ABCDVPN01")]))
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)], n1=["VA1ABCDVPN01"])
    found = inventory(api)
    assert [item.id for item in found.in_state("left")] == ["server:va1abcdvpn01"]
    assert [item.id for item in found.in_state("unsure")] == ["network:n1", "network:n2"]


def test_the_primary_data_centre_is_the_accounts_and_not_the_users() -> None:
    api = empty_account()
    put(api, f"{API}/v2/accounts/abcd", {"primaryDataCenter": "uc1"})
    put_networks(api, "uc1", [network("n2", 2)])
    assert [item.id for item in inventory(api).in_state("ignored")] == ["network:n2"]


def test_without_the_accounts_word_the_sign_in_names_the_primary_data_centre() -> None:
    api = empty_account()
    put(api, f"{API}/v2/accounts/abcd", 500)
    assert [item.id for item in inventory(api).in_state("ignored")] == ["network:own"]


def test_a_data_centre_listed_without_its_group_is_asked_for_it() -> None:
    api = empty_account("va1")
    put(api, f"{API}/v2/datacenters/abcd?grouplinks=true", [{"id": "va1", "links": []}])
    put(api, f"{API}/v2/datacenters/abcd/va1?grouplinks=true", centre("va1"))
    put_group(api, "va1", group("va1-root", servers=[server("VA1ABCDWEB01")]))
    assert [item.id for item in inventory(api).in_state("left")] == ["server:va1abcdweb01"]


def test_a_service_not_offered_in_one_place_is_no_gap_but_one_known_nowhere_is() -> None:
    api = empty_account()
    put(api, f"{LB}/abcd/va1/loadbalancers", 404)
    assert all(item.complete for item in inventory(api).searched)
    put(api, f"{LB}/abcd/uc1/loadbalancers", 404)
    gaps = {(item.kind, item.place) for item in inventory(api).searched if not item.complete}
    assert gaps == {("load balancer", "VA1"), ("load balancer", "UC1")}


def test_places_are_searched_at_the_same_time() -> None:
    """Each look at a group waits until another one has begun: one after the other they would never end."""
    api = empty_account()
    both = threading.Barrier(2, timeout=20)

    def wait_for_the_other(request: httpx.Request) -> httpx.Response:
        if "serverdetail" in str(request.url).lower():
            both.wait()
        return api(request)

    assert all(item.complete for item in inventory(wait_for_the_other).searched)


def test_after_the_deadline_nothing_more_is_asked_and_what_was_found_stays() -> None:
    api = empty_account()
    moment = [0.0]

    def run_out(request: httpx.Request) -> httpx.Response:
        response = api(request)
        if "accounts/abcd" in str(request.url).lower():
            moment[0] += 26
        return response

    with account_of(run_out, clock=lambda: moment[0]) as account:
        found = take_inventory(account, NOW.date())
    assert len(api.asked) == 2
    assert not any(item.complete for item in found.searched)


@pytest.mark.parametrize("place", ["va1", "VA1"])
def test_places_are_shown_in_upper_case_however_the_api_spells_them(place: str) -> None:
    api = empty_account("va1")
    put(api, f"{API}/v2/datacenters/abcd?grouplinks=true", [{**centre("va1"), "id": place}])
    assert {item.place for item in inventory(api).searched} == {"VA1", ""}


def test_it_needs_an_account_only_for_alias_place_and_client() -> None:
    with account_of(empty_account()) as account:
        bare = Account("abcd", "", (), "va1", account.client)
        assert [item.state for item in take_inventory(bare, NOW.date()).resources] == ["ignored"]
