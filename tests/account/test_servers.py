"""Walking the groups of a data centre."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from kb.account.exemption import Owner
from kb.account.resource import Found, Resource
from kb.account.servers import find_servers
from kb.errors import AccountError
from tests.account.fake_api import API, FakeApi, account_of, group, put, server, with_public_ip

OWNER = Owner("ABCD", "VA1")
ROOT = "/v2/groups/abcd/root"


def find(api: FakeApi) -> Found:
    with account_of(api) as account:
        return find_servers(account.client, OWNER, "VA1", ROOT)


def found_in(tree: dict[str, Any]) -> dict[str, Resource]:
    api = FakeApi()
    put(api, f"{API}{ROOT}?serverdetail=detailed", tree)
    return {item.id: item for item in find(api).resources}


def test_every_group_is_walked_whatever_its_count_says() -> None:
    tree = group(
        "root",
        servers=[server("VA1ABCDWEB01")],
        groups=[
            group("archive", "archive", [server("VA1ABCDOLD01", "stopped", status="archived")]),
            group("templates", "templates", [server("VA1ABCDTPL01", isTemplate=True)]),
            group("deep", groups=[group("deeper", groups=[group("deepest", servers=[server("VA1ABCDDB01")])])]),
        ],
    )
    assert sorted(found_in(tree)) == [
        "server:va1abcddb01",
        "server:va1abcdold01",
        "server:va1abcdweb01",
        "template:va1abcdtpl01",
    ]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"power": "started"}, "running"),
        ({"power": "stopped"}, "stopped"),
        ({"power": "paused"}, "paused"),
        ({"power": "stopped", "status": "archived"}, "archived"),
        ({"status": "underConstruction", "details": None}, "under construction"),
        ({"status": "queuedForDelete"}, "being deleted"),
        ({"type": "bareMetal"}, "bare metal, running"),
    ],
)
def test_each_state_is_left_and_named(fields: dict[str, Any], note: str) -> None:
    found = found_in(group("root", servers=[server("VA1ABCDWEB01", **fields)]))
    item = found["server:va1abcdweb01"]
    assert (item.state, item.note) == ("left", note)


def test_a_deleted_server_is_not_there() -> None:
    assert found_in(group("root", servers=[server("VA1ABCDWEB01", status="deleted")])) == {}


def test_a_server_that_is_being_deleted_cannot_be_deleted_again() -> None:
    data = with_public_ip(server("VA1ABCDWEB01", status="queuedForDelete"), "203.0.113.7")
    found = found_in(group("root", servers=[data]))
    assert {item.removable for item in found.values()} == {False}
    assert not any(item.as_evidence().removable for item in found.values())


def test_public_addresses_are_found_on_running_and_archived_servers() -> None:
    archived = server("VA1ABCDOLD01", "stopped", status="archived")
    linked = {**archived, "links": [{"rel": "publicIPAddress", "href": "/x", "id": "203.0.113.8"}]}
    tree = group(
        "root",
        servers=[with_public_ip(server("VA1ABCDWEB01"), "203.0.113.7")],
        groups=[group("archive", "archive", [linked])],
    )
    found = found_in(tree)
    assert found["public-ip:va1abcdweb01/203.0.113.7"].monthly == Decimal("2.00")
    assert found["public-ip:va1abcdold01/203.0.113.8"].goes_with == "server:va1abcdold01"


def test_the_own_vpn_server_is_ignored_with_its_address() -> None:
    vpn = with_public_ip(server("VA1ABCDVPN01"), "203.0.113.1")
    found = found_in(group("root", groups=[group("system", "system", [vpn])]))
    assert {item.state for item in found.values()} == {"ignored"}


def test_a_tree_without_details_is_read_server_by_server() -> None:
    api = FakeApi()
    link = {"rel": "server", "href": "/v2/servers/abcd/va1abcdweb01", "id": "VA1ABCDWEB01"}
    child = {"id": "child", "type": "archive", "groups": [], "links": [link]}
    put(api, f"{API}{ROOT}", {"id": "root", "type": "default", "groups": [child], "links": []})
    put(api, f"{API}/v2/servers/abcd/va1abcdweb01", server("VA1ABCDWEB01", status="archived"))
    assert [item.id for item in find(api).resources] == ["server:va1abcdweb01"]


def test_a_group_whose_servers_the_tree_leaves_out_is_read_again() -> None:
    api = FakeApi()
    child = {"id": "child", "type": "default", "groups": [], "links": []}
    link = {"rel": "server", "href": "/v2/servers/abcd/va1abcdweb01", "id": "VA1ABCDWEB01"}
    put(api, f"{API}{ROOT}?serverdetail=detailed", group("root", groups=[child]))
    put(api, f"{API}/v2/groups/abcd/child", {**child, "links": [link]})
    put(api, f"{API}/v2/servers/abcd/va1abcdweb01", server("VA1ABCDWEB01"))
    assert [item.id for item in find(api).resources] == ["server:va1abcdweb01"]


@pytest.mark.parametrize("reply", [500, httpx.ReadTimeout("late"), (400, {})])
def test_one_unreadable_server_is_named_and_the_rest_is_found(reply: Any) -> None:
    api = FakeApi()
    links = [{"rel": "server", "href": "/x", "id": id} for id in ("VA1ABCDWEB01", "VA1ABCDWEB02")]
    put(api, f"{API}{ROOT}", {"id": "root", "type": "default", "groups": [], "links": links})
    put(api, f"{API}/v2/servers/abcd/va1abcdweb01", reply)
    put(api, f"{API}/v2/servers/abcd/va1abcdweb02", server("VA1ABCDWEB02"))
    found = find(api)
    assert [item.id for item in found.resources] == ["server:va1abcdweb02"]
    assert "VA1ABCDWEB01" in found.missing


def test_a_server_deleted_while_we_look_is_not_missing() -> None:
    api = FakeApi()
    link = {"rel": "server", "href": "/x", "id": "VA1ABCDWEB01"}
    put(api, f"{API}{ROOT}", {"id": "root", "type": "default", "groups": [], "links": [link]})
    assert find(api) == Found(find(api).kinds, "VA1")


def test_an_unreadable_root_is_an_error() -> None:
    with pytest.raises(AccountError):
        find(FakeApi())


def test_costs_come_from_the_billing_of_root_archive_and_templates() -> None:
    api = FakeApi()
    archive = group("archive", "archive", [server("VA1ABCDOLD01", status="archived")])
    put(api, f"{API}{ROOT}?serverdetail=detailed", group("root", servers=[server("VA1ABCDWEB01")], groups=[archive]))
    put(api, f"{API}/v2/groups/abcd/root/billing", billing("va1abcdweb01", monthlyEstimate=77.76))
    put(api, f"{API}/v2/groups/abcd/archive/billing", billing("VA1ABCDOLD01", monthlyEstimate=0, archiveCost=3.5))
    assert {item.name: item.as_evidence().monthly for item in find(api).resources} == {
        "VA1ABCDWEB01": "$77.76",
        "VA1ABCDOLD01": "$3.50",
    }


def test_unknown_costs_leave_the_server_found() -> None:
    api = FakeApi()
    put(api, f"{API}{ROOT}?serverdetail=detailed", group("root", servers=[server("VA1ABCDWEB01")]))
    put(api, f"{API}/v2/groups/abcd/root/billing", 500)
    found = find(api)
    assert [item.monthly for item in found.resources] == [None]
    assert found.missing == ""


def test_what_goes_with_a_server_is_named() -> None:
    data = with_public_ip(server("VA1ABCDWEB01"), "203.0.113.7")
    data["details"]["snapshots"] = [{"name": "s"}]
    found = found_in(group("root", servers=[data]))
    assert found["server:va1abcdweb01"].takes == "2 disks, 1 snapshot and 1 public IP address"


def billing(server: str, **costs: float) -> dict[str, Any]:
    return {"date": "2019-09-10T12:00:00Z", "groups": {"g": {"name": "g", "servers": {server: costs}}}}
