"""Founding a world: turns a scenario into accounts and what they hold."""

import secrets
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kb.sandbox.world import activities, addresses, balancers, builds, groups, items, networks, vpns
from kb.sandbox.world.records import (
    ARCHIVE,
    ARCHIVED,
    STARTED,
    STOPPED,
    TEMPLATES,
    Account,
    Address,
    Group,
    Item,
    Network,
    Pool,
    Server,
    Snapshot,
    User,
)
from kb.sandbox.world.state import World

Spec = Mapping[str, Any]

DEFAULT_AGE = 60  # days
_OF_THE_ACCOUNT = frozenset({items.APP, items.BUCKET, items.ZONE, items.CREDIT, items.TASK})  # billed where it is based


def fill(world: World, data: Spec, origin: str) -> None:
    """Put everything that the scenario names into an empty world, in one transaction."""
    with world.change():
        world.found(origin)
        for spec in data["accounts"]:
            _account(world, spec)


def _account(world: World, spec: Spec) -> None:
    opened = world.now() - timedelta(days=spec.get("age", 400))
    account = world.accounts.put(
        Account(
            alias=spec["alias"],
            name=spec["name"],
            primary=spec["primary"],
            opened=opened,
            parent=spec.get("parent", ""),
            terms=spec.get("terms", "Upon Receipt"),
            network_limit=spec.get("network_limit", 20),
            term_commitment=spec.get("term_commitment", False),
            email=f"billing@{spec['alias'].lower()}.example",
            shares_networks=spec.get("shares_networks", False),
            custom_fields=tuple(spec.get("custom_fields", [])),
        )
    )
    for user in spec.get("users", []):
        world.users.put(User(user["name"], user["password"], account.alias, tuple(user["roles"]), user.get("for", "")))
    _own_vpn(world, account, listed=spec.get("vpn_server_listed", True))
    for dc, holds in spec.get("data_centres", {}).items():
        _data_centre(world, account, dc, holds)
    for vpn in spec.get("vpns", []):
        with _aged(world, vpn):
            vpns.make(world, account.alias, vpn["dc"], vpn["site"], "system")
    for item in spec.get("items", []):
        with _aged(world, item):
            dc = item.get("dc", account.primary if item["kind"] in _OF_THE_ACCOUNT else "")
            body = item.get("body", {})
            if item["kind"] == items.SCHEDULE:
                body = activities.planned({"by": "system", **body}, world.clock())
            world.items.put(Item(item["kind"], item["id"], account.alias, dc, body, world.now()))


def _own_vpn(world: World, account: Account, *, listed: bool) -> None:
    """The server and network that come with every account: free, and in no group."""
    with world.at(account.opened):
        network = networks.make(world, account.alias, account.primary, own=True)
        top = groups.root(world, account.alias, account.primary)
        own_address = Address(network.prefix + "11", network.id)
        server = builds.make(world, top, "VPN", "system", system=True, addresses=(own_address,) if listed else ())
        world.servers.put(replace(server, group="", description="VPN server of the account", disks=builds.disks(16)))


def _data_centre(world: World, account: Account, dc: str, spec: Spec) -> None:
    top = groups.root(world, account.alias, dc)
    for network in spec.get("networks", []):
        with _aged(world, network):
            details: dict[str, Any] = {
                "name": network["name"],
                "description": network.get("description", network["name"]),
            }
            networks.make(world, account.alias, dc, **details)
    for group in spec.get("groups", []):
        _group(world, top, group)
    for server in spec.get("archive", []):
        held: dict[str, Any] = {"status": ARCHIVED, "power": STOPPED}
        _servers(world, groups.of_type(world, account.alias, dc, ARCHIVE), server, held)
    for server in spec.get("templates", []):
        held = {"template": True, "power": STOPPED}
        _servers(world, groups.of_type(world, account.alias, dc, TEMPLATES), server, held)
    for balancer in spec.get("shared_balancers", []):
        _shared_balancer(world, account, dc, balancer)
    for balancer in spec.get("balancers", []):
        _balancer(world, account, dc, balancer)


def _group(world: World, parent: Group, spec: Spec) -> None:
    here = next((each for each in world.groups_of[parent.id].values() if each.name == spec["name"]), None)
    with world.at(parent.change.created):
        group = here or groups.create(world, parent, spec["name"], spec.get("description"), "system")
    for server in spec.get("servers", []):
        _servers(world, group, server, {"power": server.get("state", STARTED)})
    for child in spec.get("groups", []):
        _group(world, group, child)


def _servers(world: World, group: Group, spec: Spec, held: Spec) -> None:
    os, os_type = builds.OPERATING_SYSTEMS[spec.get("os", "ubuntu")]
    network = _network(world, group, spec.get("network", ""))
    with _aged(world, spec):
        for position in range(spec.get("count", 1)):
            details: dict[str, Any] = {
                "description": spec.get("description", ""),
                "cpu": spec.get("cpu", 1),
                "memory": spec.get("memory", 2),
                "disks": builds.disks(spec.get("storage", 16)),
                "storage_type": spec.get("storage_type", "standard"),
                "type": spec.get("type", "standard"),
                "managed": spec.get("managed", False),
                "sends": spec.get("sends", 0.0),
                "os": os,
                "os_type": os_type,
                "addresses": (_address(world, group.dc, network, spec),),
                **held,
            }
            if "number" in spec and not position:
                world.last_numbers[f"{group.dc}{group.alias}{spec['name']}".lower()] = spec["number"] - 1
            server = builds.make(world, group, spec["name"], "system", **details)
            if spec.get("snapshot"):
                _snapshot(world, server)


def _network(world: World, group: Group, name: str) -> Network:
    """The network with this name, else the customer's first one there, else the account's own, else a new one."""
    here = sorted(networks.of(world, group.alias, group.dc), key=lambda each: each.own)
    chosen = next((each for each in here if name in ("", each.name)), None)
    return chosen or networks.make(world, group.alias, group.dc)


def _address(world: World, dc: str, network: Network, spec: Spec) -> Address:
    address = builds.join(world, network)
    if "public" not in spec:
        return address
    ports = tuple({"protocol": "TCP", "port": port} for port in spec["public"])
    return replace(address, public=addresses.next_public(world, dc), ports=ports)


def _snapshot(world: World, server: Server) -> None:
    now = world.clock()
    snapshot = Snapshot(1, now - timedelta(days=2), now + timedelta(days=8))
    world.servers.put(replace(server, snapshots=(snapshot,)))


def _shared_balancer(world: World, account: Account, dc: str, spec: Spec) -> None:
    pools = tuple(
        Pool(secrets.token_hex(16), pool["port"], nodes=tuple(_nodes(world, account, dc, pool)))
        for pool in spec.get("pools", [])
    )
    with _aged(world, spec):
        description = spec.get("description", spec["name"])
        status = spec.get("status", "enabled")
        balancers.make_shared(world, account.alias, dc, spec["name"], description, pools=pools, status=status)


def _nodes(world: World, account: Account, dc: str, pool: Spec) -> list[dict[str, Any]]:
    named = [world.servers.get(f"{dc}{account.alias}{name}".lower()) for name in pool.get("nodes", [])]
    return [
        {"status": "enabled", "ipAddress": server.addresses[0].internal, "privatePort": pool["port"]}
        for server in named
        if server is not None
    ]


def _balancer(world: World, account: Account, dc: str, spec: Spec) -> None:
    pools = tuple({**balancers.POOL, "id": str(uuid.uuid4()), "port": port} for port in spec.get("pools", []))
    with _aged(world, spec):
        balancers.make(world, account.alias, dc, spec["name"], spec.get("description", spec["name"]), pools=pools)


def _aged(world: World, spec: Spec) -> AbstractContextManager[None]:
    return world.at(world.clock() - timedelta(days=spec.get("age", DEFAULT_AGE)))
