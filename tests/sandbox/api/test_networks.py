"""Networks: lists, addresses, claiming, renaming, releasing."""

import re
from collections.abc import Iterator

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, rels, verbs

VA1 = "/v2-experimental/networks/ABCD/VA1"


def test_a_network_has_the_fields_of_the_wire_and_nothing_that_marks_the_own_one(admin: Caller) -> None:
    for network in admin.get(VA1):
        assert set(network) == {
            "id", "cidr", "description", "gateway", "name", "netmask", "type", "vlan", "links",
        }  # fmt: skip
        assert re.fullmatch(r"[0-9a-f]{32}", network["id"])
        assert isinstance(network["vlan"], int)
        assert (network["type"], network["netmask"]) == ("private", "255.255.255.0")
        assert rels(network) == ["self", "ipAddresses", "release"]
        assert [verbs(network, rel) for rel in rels(network)] == [["GET", "PUT"], ["GET"], ["POST"]]


def test_the_default_name_is_made_of_vlan_and_octets(admin: Caller) -> None:
    own = next(each for each in admin.get(VA1) if each["name"] != "shop")

    assert own["name"] == f"vlan_{own['vlan']}_{own['cidr'].rpartition('.')[0]}"


def test_claimed_addresses_of_the_own_network_name_the_vpn_server(admin: Caller) -> None:
    own = next(each for each in admin.get(VA1) if each["name"] != "shop")

    claimed = admin.get(own["links"][1]["href"])

    assert [(each["server"], each["type"], each["claimed"]) for each in claimed] == [("VA1ABCDVPN01", "private", True)]


def test_public_addresses_are_listed_with_the_network_of_their_server(admin: Caller) -> None:
    claimed = admin.get(f"{VA1}/{admin.networks()['shop']}/ipAddresses")

    public = [each for each in claimed if each["type"] == "publicMapped"]
    assert {each["server"] for each in public} == {"VA1ABCDWEB01", "VA1ABCDWEB02", "VA1ABCDOLDWEB01"}


@pytest.mark.parametrize(("wanted", "count"), [("none", None), ("claimed", 8), ("free", 212), ("all", 220)])
def test_one_network_shows_its_addresses_when_asked(admin: Caller, wanted: str, count: int | None) -> None:
    network = admin.get(f"{VA1}/{admin.networks()['shop']}?ipAddresses={wanted}")

    assert (len(network["ipAddresses"]) if "ipAddresses" in network else None) == count


def test_an_unknown_kind_of_address_is_refused(admin: Caller) -> None:
    assert admin.http.get(f"{VA1}/{admin.networks()['shop']}/ipAddresses?type=odd").status_code == 400


@pytest.mark.parametrize("content", [b"", b"{}", b'""'])
def test_an_unused_network_is_released_at_once_with_any_empty_body(admin: Caller, content: bytes) -> None:
    admin.send("DELETE", "/v2/servers/ABCD/UC1ABCDRPT01")
    network = admin.networks("UC1")["reports"]

    answer = admin.http.post(f"/v2-experimental/networks/ABCD/UC1/{network}/release", content=content)

    assert (answer.status_code, answer.content) == (204, b"")
    assert admin.networks("UC1") == {}
    missing = admin.http.get(f"/v2-experimental/networks/ABCD/UC1/{network}")
    assert (missing.status_code, missing.json()) == (404, {"message": "The requested resource does not exist."})


@pytest.mark.parametrize("name", ["shop", "own"])
def test_a_network_in_use_is_not_released(admin: Caller, name: str) -> None:
    networks = admin.networks()
    key = networks["shop"] if name == "shop" else next(value for key, value in networks.items() if key != "shop")

    answer = admin.send("POST", f"{VA1}/{key}/release")

    assert answer.status_code == 400
    assert ("VA1ABCDMAIL01" if name == "shop" else "VA1ABCDVPN01") in answer.json()["message"]
    assert len(admin.networks()) == 2


def test_the_own_network_stays_even_where_no_address_names_the_vpn_server() -> None:
    with Sandbox(scenario="two-networks", pace=0) as sandbox:
        caller = Caller(sandbox.url)
        answers = {
            name: caller.send("POST", f"{VA1}/{key}/release").status_code for name, key in caller.networks().items()
        }
        caller.close()

    assert sorted(answers.values()) == [204, 400]
    assert answers["second"] == 204


def test_a_claimed_network_is_told_by_a_relative_address(admin: Caller) -> None:
    answer = admin.send("POST", "/v2-experimental/networks/abcd/gb3/claim")

    assert answer.status_code == 202
    operation, uri = answer.json()["operationId"], answer.json()["uri"]
    assert re.fullmatch(r"[0-9a-f]{32}", operation)
    assert uri == f"/v2-experimental/operations/ABCD/status/{operation}"
    done = admin.get(uri)
    assert (done["status"], done["requestType"], done["source"]["userName"]) == (
        "succeeded",
        "blueprintOperation",
        "alex.abcd",
    )
    assert [link["rel"] for link in done["summary"]["links"]] == ["network"]
    assert done["summary"]["links"][0]["id"] in admin.networks("GB3").values()


def test_a_claim_that_is_not_done_is_running(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    uri = admin.send("POST", f"{VA1}/claim").json()["uri"]

    assert admin.get(uri)["status"] == "running"


@pytest.mark.parametrize("form", [False, True])
def test_a_network_is_renamed_from_json_or_a_form(admin: Caller, form: bool) -> None:
    path, body = f"{VA1}/{admin.networks()['shop']}", {"name": "front", "description": "New words"}

    answer = admin.http.put(path, data=body) if form else admin.http.put(path, json=body)

    assert answer.status_code == 204
    assert (admin.get(path)["name"], admin.get(path)["description"]) == ("front", "New words")


def test_a_server_joins_and_leaves_a_second_network(admin: Caller) -> None:
    other = next(key for name, key in admin.networks().items() if name != "shop")

    joined = admin.send("POST", "/v2/servers/ABCD/VA1ABCDWEB01/networks", {"networkId": other})
    assert (joined.status_code, admin.get(joined.json()["uri"])["status"]) == (202, "succeeded")
    assert len(admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["ipAddresses"]) == 2
    left = admin.send("DELETE", f"/v2/servers/ABCD/VA1ABCDWEB01/networks/{other}")

    assert admin.get(left.json()["uri"])["status"] == "succeeded"
    assert len(admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["ipAddresses"]) == 1


@pytest.fixture
def child() -> Iterator[Caller]:
    """An administrator of a sub-account that shares its parent's networks."""
    kit = ("kit.acrn", "demo-admin-2")
    with Sandbox(scenario="shared-networks", pace=0) as sandbox, Caller(sandbox.url, kit) as caller:
        yield caller


def test_shared_networks_of_the_parent_are_seen_and_used(child: Caller) -> None:
    found = {each["name"]: each for each in child.get("/v2-experimental/networks/ACRN/VA1")}
    holding = found["holding"]
    links = child.get("/v2/datacenters/ACRN/VA1?groupLinks=true")["links"]
    group = next(link["id"] for link in links if link["rel"] == "group")
    order = {"name": "NEW", "groupId": group, "sourceServerId": "UBUNTU", "networkId": holding["id"]}

    assert child.send("POST", "/v2/servers/ACRN", order).status_code == 202

    assert child.get(holding["links"][1]["href"])[0]["server"] == "VA1ACRNNEW01"
    capabilities = child.get("/v2/datacenters/ACRN/VA1/deploymentCapabilities")["deployableNetworks"]
    assert {each["name"]: each["accountID"] for each in capabilities}["holding"] == "ROOT"


def test_shared_networks_of_the_parent_are_not_the_childs_to_change(child: Caller) -> None:
    found = {each["name"]: each for each in child.get("/v2-experimental/networks/ACRN/VA1")}

    assert rels(found["toys"]) == ["self", "ipAddresses", "release"]
    assert rels(found["holding"]) == ["self", "ipAddresses"]
    assert verbs(found["holding"], "self") == ["GET"]
    own = found["holding"]["links"][0]["href"]
    assert child.send("POST", f"{own}/release").status_code == 403
    assert child.send("PUT", own, {"name": "mine"}).status_code == 403


def test_logs_of_firewalls_are_forwarded_where_it_is_set(admin: Caller) -> None:
    path = "/v2-experimental/networks/ABCD/VA1/logging"
    assert admin.get(path) == {}

    told = admin.send("PUT", path, {"remoteAddress": "192.0.2.1", "protocol": "tcp"}).json()

    assert (told["status"], len(told["operationID"])) == ("pending", 32)
    assert admin.get(path) == {"remoteAddress": "192.0.2.1", "protocol": "tcp"}
    assert admin.send("PUT", path, {"protocol": "pigeon"}).status_code == 400
    admin.send("PUT", path, {"protocol": "udp"})
    assert admin.get(path) == {}
