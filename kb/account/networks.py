"""Networks of one data centre, and which of them is the account's own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kb.account.client import Client
from kb.account.exemption import Owner, judge_networks
from kb.account.kind import NETWORK, SERVER
from kb.account.resource import OWN, Found, Resource
from kb.errors import AccountError, SignedOut


def find_networks(client: Client, owner: Owner, place: str) -> Found:
    """All networks there; in the primary data centre their claimed addresses tell which one is the account's own."""
    listed = client.read_list(f"/v2-experimental/networks/{owner.alias}/{quote(place)}")
    networks = tuple(_network(data, place) for data in listed)
    claimants = {item.id: _claimants(client, owner, item) for item in networks} if owner.is_primary(place) else {}
    judged = judge_networks(owner, networks, claimants)
    return Found((NETWORK,), place, judged + _own_server(owner, place, claimants))


def _network(data: Mapping[str, Any], place: str) -> Resource:
    name = str(data.get("name") or data["id"])
    cidr = str(data.get("cidr") or "")
    return Resource(NETWORK, str(data["id"]).lower(), name, place, note=cidr, monthly=NETWORK.list_price)


def _claimants(client: Client, owner: Owner, network: Resource) -> frozenset[str]:
    """Names of the servers that hold its addresses; empty if they cannot be read, which only leads to a question."""
    path = f"/v2-experimental/networks/{owner.alias}/{quote(network.place)}/{quote(network.key)}/ipAddresses"
    try:
        addresses = client.read(f"{path}?type=claimed") or []
    except SignedOut:
        raise
    except AccountError:
        return frozenset()
    return frozenset(str(address["server"]) for address in addresses if address.get("server"))


def _own_server(owner: Owner, place: str, claimants: Mapping[str, frozenset[str]]) -> tuple[Resource, ...]:
    """The account's own VPN server: no group shows it, so its address is the only trace of it."""
    names = {name for held in claimants.values() for name in held if owner.is_vpn_server(name)}
    return tuple(
        Resource(SERVER, name.lower(), name.upper(), place, state="ignored", note=OWN) for name in sorted(names)[:1]
    )
