"""Addresses: which ones a network holds, and the public ones that are mapped to servers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.sandbox.errors import NotQueued, NotThere, Rejected
from kb.sandbox.world import data_centres, operations, servers
from kb.sandbox.world.records import ACTIVE, Address, Network, Operation, Server
from kb.sandbox.world.state import World

FIRST_USABLE, LAST_USABLE = 12, 228  # of a /24: 217 addresses
PRIVATE, PUBLIC_MAPPED, VIRTUAL = "private", "publicMapped", "virtual"


@dataclass(frozen=True, slots=True)
class Claim:
    """One address in a network's list; `server` is "" while nobody claims it."""

    address: str
    kind: str
    server: str = ""
    primary: bool = False


def claimed(world: World, network: Network) -> Iterator[Claim]:
    """Every claimed address of the network: private ones and the public ones mapped to them."""
    for server in list(world.servers_on[network.id].values()):
        for position, address in enumerate(server.addresses):
            if address.network == network.id:
                yield Claim(address.internal, PRIVATE, server.name, primary=position == 0)
                if address.public:
                    yield Claim(address.public, PUBLIC_MAPPED, server.name)


def free(world: World, network: Network) -> Iterator[Claim]:
    """Every address that a server could still get."""
    taken = {claim.address for claim in claimed(world, network)}
    for last in range(FIRST_USABLE, LAST_USABLE + 1):
        if f"{network.prefix}{last}" not in taken:
            yield Claim(f"{network.prefix}{last}", PRIVATE)


def next_private(world: World, network: Network) -> str:
    """An address for one more server. Raises Rejected when the network is full."""
    for claim in free(world, network):
        return claim.address
    raise Rejected("The network has no free IP addresses.")


def next_public(world: World, dc: str) -> str:
    """A public address that nobody in the sandbox has, from the range set apart for tests of devices."""
    taken = {address.public for server in world.servers.all() for address in server.addresses}
    taken |= {balancer.address for balancer in world.shared_balancers.all()}
    taken |= {balancer.address for balancer in world.balancers.all()}
    number = data_centres.index(dc)
    for block in (f"198.18.{number}.", f"198.19.{number}.", f"198.19.{number + 100}."):
        for last in range(10, 250):
            if block + str(last) not in taken:
                return block + str(last)
    raise Rejected("The data center has no free public IP addresses.")


def public(server: Server, address: str) -> Address:
    """What the server has at this public address. Raises NotThere."""
    for each in server.addresses:
        if each.public and each.public == address:
            return each
    raise NotThere(address)


def add_public(world: World, server: Server, wanted: Mapping[str, Any], by: str) -> Operation:
    """Queue one more public address; `wanted` has `internal`, `ports`, `sources`. Raises NotQueued, Rejected."""
    if server.status != ACTIVE:
        raise NotQueued(servers.NOT_VALID)
    if wanted["internal"] and wanted["internal"] not in {each.internal for each in server.addresses}:
        raise Rejected(
            "The internal IP address is not valid.", {"internalIPAddress": "The address is not the server's."}
        )
    return _queue(world, server, "address.add", wanted, by)


def change_public(world: World, server: Server, address: Address, wanted: Mapping[str, Any], by: str) -> Operation:
    """Queue other ports and sources for a public address."""
    return _queue(world, server, "address.change", {**wanted, "public": address.public}, by)


def remove_public(world: World, server: Server, address: Address, by: str) -> Operation:
    """Queue the removal of a public address; works for archived servers too."""
    return _queue(world, server, "address.remove", {"public": address.public}, by)


def _queue(world: World, server: Server, effect: str, args: Mapping[str, Any], by: str) -> Operation:
    return operations.queue(world, server.alias, server.dc, effect, {"server": server.id, **args}, by)


def _added(world: World, operation: Operation) -> None:
    server, args = _subject(world, operation), operation.args
    chosen = args["internal"] or next((each.internal for each in server.addresses if not each.public), "")
    if not chosen:  # every private address is mapped already: the platform gives one more
        network = world.networks.get(server.addresses[0].network) if server.addresses else None
        if network is None:
            raise NotThere("network")
        chosen = next_private(world, network)
        world.servers.put(replace(server, addresses=(*server.addresses, Address(chosen, network.id))))
        server = _subject(world, operation)
    public_address = next_public(world, server.dc)
    _put(world, server, chosen, public=public_address, ports=tuple(args["ports"]), sources=tuple(args["sources"]))


def _changed(world: World, operation: Operation) -> None:
    server, args = _subject(world, operation), operation.args
    address = public(server, args["public"])
    _put(world, server, address.internal, ports=tuple(args["ports"]), sources=tuple(args["sources"]))


def _removed(world: World, operation: Operation) -> None:
    server = _subject(world, operation)
    address = public(server, operation.args["public"])
    _put(world, server, address.internal, public="", ports=(), sources=())


def _subject(world: World, operation: Operation) -> Server:
    server = world.servers.get(operation.args["server"])
    if server is None:
        raise NotThere(operation.args["server"])
    return server


def _put(world: World, server: Server, internal: str, **changes: Any) -> None:
    changed = tuple(replace(each, **changes) if each.internal == internal else each for each in server.addresses)
    world.servers.put(replace(server, addresses=changed))


EFFECTS: Mapping[str, Callable[[World, Operation], None]] = {
    "address.add": _added,
    "address.change": _changed,
    "address.remove": _removed,
}
