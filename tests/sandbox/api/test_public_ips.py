"""Public IP addresses: reading, adding, changing, removing."""

import pytest

from tests.sandbox.caller import Caller, rels

WEB = "/v2/servers/ABCD/VA1ABCDWEB01"


def test_a_public_address_shows_what_is_open(admin: Caller) -> None:
    details = admin.get(WEB)["details"]["ipAddresses"][0]

    assert admin.get(f"{WEB}/publicIPAddresses/{details['public']}") == {
        "internalIPAddress": details["internal"],
        "ports": [{"protocol": "TCP", "port": 80}, {"protocol": "TCP", "port": 443}],
        "sourceRestrictions": [],
    }


@pytest.mark.parametrize("server", ["VA1ABCDWEB01", "VA1ABCDOLDWEB01"])
def test_a_public_address_is_removed_also_from_an_archived_server(admin: Caller, server: str) -> None:
    path = f"/v2/servers/ABCD/{server}"
    address = admin.get(path)["details"]["ipAddresses"][0]["public"]

    answer = admin.send("DELETE", f"{path}/publicIPAddresses/{address}")

    assert (answer.status_code, answer.json()["rel"]) == (202, "status")
    assert admin.status(answer.json()["id"]) == "succeeded"
    assert "public" not in admin.get(path)["details"]["ipAddresses"][0]
    assert "publicIPAddress" not in rels(admin.get(path))
    assert admin.send("DELETE", f"{path}/publicIPAddresses/{address}").status_code == 404


def test_adding_maps_the_private_address_that_has_none(admin: Caller) -> None:
    path = "/v2/servers/ABCD/VA1ABCDMAIL01"
    before = admin.get(path)["details"]["ipAddresses"]
    body = {
        "ports": [{"protocol": "tcp", "port": 22}, {"protocol": "UDP", "port": "10", "portTo": 50}],
        "sourceRestrictions": [{"cidr": "192.0.2.0/24"}],
    }

    answer = admin.send("POST", f"{path}/publicIPAddresses", body)

    assert answer.status_code == 202
    (address,) = admin.get(path)["details"]["ipAddresses"]
    assert address["internal"] == before[0]["internal"]
    assert admin.get(f"{path}/publicIPAddresses/{address['public']}") == {
        "internalIPAddress": address["internal"],
        "ports": [{"protocol": "TCP", "port": 22}, {"protocol": "UDP", "port": 10, "portTo": 50}],
        "sourceRestrictions": [{"cidr": "192.0.2.0/24"}],
    }


def test_a_second_public_address_brings_a_second_private_one(admin: Caller) -> None:
    admin.send("POST", f"{WEB}/publicIPAddresses", {"ports": []})

    addresses = admin.get(WEB)["details"]["ipAddresses"]
    assert len({each["public"] for each in addresses}) == len({each["internal"] for each in addresses}) == 2


def test_changing_replaces_ports(admin: Caller) -> None:
    address = admin.get(WEB)["details"]["ipAddresses"][0]["public"]

    answer = admin.send("PUT", f"{WEB}/publicIPAddresses/{address}", {"ports": [{"protocol": "ICMP"}]})

    assert answer.status_code == 202
    assert admin.get(f"{WEB}/publicIPAddresses/{address}")["ports"] == [{"protocol": "ICMP", "port": 0}]


@pytest.mark.parametrize(
    "body",
    [
        {"ports": "80"},
        {"ports": [80]},
        {"ports": [{"protocol": "SMTP", "port": 25}]},
        {"ports": [{"protocol": "TCP", "port": 70000}]},
        {"ports": [{"protocol": "TCP", "port": -1}]},
        {"sourceRestrictions": ["192.0.2.0/24"]},
        {"internalIPAddress": "10.9.9.9"},
    ],
)
def test_a_wrong_public_address_is_refused(admin: Caller, body: object) -> None:
    assert admin.send("POST", f"{WEB}/publicIPAddresses", body).status_code == 400
