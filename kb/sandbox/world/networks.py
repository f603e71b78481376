"""Networks (VLANs): claiming and releasing."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import addresses, data_centres, operations
from kb.sandbox.world.records import Address, Network, Operation
from kb.sandbox.world.state import World

FIRST_VLAN = 2000


def find(world: World, alias: str, dc: str, network_id: str) -> Network:
    """The network of this account in this data centre. Raises NotThere."""
    network = world.networks.get(network_id.lower())
    if network is None or network.alias != alias or network.dc != dc:
        raise NotThere(network_id)
    return network


def usable(world: World, alias: str, dc: str) -> list[Network]:
    """The account's networks in a data centre, and those that it shares with its parent."""
    found = of(world, alias, dc)
    account = world.accounts.get(alias)
    while account is not None and account.shares_networks and account.parent:
        found += of(world, account.parent, dc)
        account = world.accounts.get(account.parent)
    return found


def find_usable(world: World, alias: str, dc: str, network_id: str) -> Network:
    """One of those. Raises NotThere."""
    for network in usable(world, alias, dc):
        if network.id == network_id.lower():
            return network
    raise NotThere(network_id)


def of(world: World, alias: str, dc: str = "") -> list[Network]:
    """The account's networks, in one data centre or in all."""
    return [each for each in world.networks.all() if each.alias == alias and dc in ("", each.dc)]


def claim(world: World, alias: str, dc: str, by: str) -> Operation:
    """Queue one more network. Raises Rejected at the account's limit."""
    account = world.accounts.get(alias)
    if account and len(of(world, alias)) >= account.network_limit:
        raise Rejected(f"The account has reached its limit of {account.network_limit} networks.")
    return operations.queue_experimental(world, alias, "network.claim", {"dc": dc}, by)


def make(world: World, alias: str, dc: str, **details: Any) -> Network:
    """A new network with a VLAN and addresses of its own."""
    taken = {each.vlan for each in world.networks.all()}
    number = next(each for each in range(1, 4000) if FIRST_VLAN + each not in taken)
    prefix = f"10.{100 + data_centres.index(dc)}.{number % 250}"
    vlan = FIRST_VLAN + number
    name = f"vlan_{vlan}_{prefix}"
    network = Network(
        id=secrets.token_hex(16),
        alias=alias,
        dc=dc,
        vlan=vlan,
        cidr=f"{prefix}.0/24",
        name=name,
        description=name,
        created=world.now(),
    )
    return world.networks.put(replace(network, **details))


def rename(world: World, network: Network, name: str, description: str | None) -> Network:
    """Change name and, if given, description."""
    kept = network.description if description is None else description
    return world.networks.put(replace(network, name=name, description=kept))


def release(world: World, network: Network) -> None:
    """Give the network back, with the firewall policies that name it. Raises Rejected while it is in use."""
    users = sorted({claim.server for claim in addresses.claimed(world, network) if claim.server})
    if users:
        raise Rejected(f"The network cannot be released because these servers use it: {', '.join(users)}.")
    if network.own:
        raise Rejected("The network cannot be released because it belongs to the account's VPN server.")
    world.networks.remove(network.id)
    for item in world.items.all():
        if item.kind == "firewall" and network.cidr in (
            *item.body.get("source", ()),
            *item.body.get("destination", ()),
        ):
            world.items.remove(item.key)


def _claimed(world: World, operation: Operation) -> dict[str, Any]:
    dc = operation.args["dc"]
    network = make(world, operation.alias, dc)
    href = f"/v2-experimental/networks/{operation.alias.lower()}/{dc.lower()}/{network.id}"
    return {"locationId": dc, "links": [{"rel": "network", "href": href, "id": network.id}]}


def attach(world: World, operation: Operation) -> None:
    """Effect: the server has one more private address."""
    server, network = world.servers.get(operation.args["server"]), world.networks.get(operation.args["network"])
    if server is None or network is None:
        raise NotThere(operation.args["server"])
    wanted = operation.args["address"] or addresses.next_private(world, network)
    added = Address(wanted, network.id)
    world.servers.put(replace(server, addresses=(*server.addresses, added)))


def detach(world: World, operation: Operation) -> None:
    """Effect: the server has left the network."""
    server = world.servers.get(operation.args["server"])
    if server is None:
        raise NotThere(operation.args["server"])
    kept = tuple(each for each in server.addresses if each.network != operation.args["network"])
    world.servers.put(replace(server, addresses=kept))


EFFECTS: Mapping[str, Callable[[World, Operation], Mapping[str, Any] | None]] = {
    "network.claim": _claimed,
    "network.attach": attach,
    "network.detach": detach,
}
