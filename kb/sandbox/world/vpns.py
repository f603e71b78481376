"""Site-to-site VPNs."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.sandbox.errors import NotThere
from kb.sandbox.world import operations
from kb.sandbox.world.records import Change, Operation, Vpn
from kb.sandbox.world.state import World


def find(world: World, alias: str, key: str) -> Vpn:
    """The VPN of this account. Raises NotThere."""
    vpn = world.vpns.get(key.upper())
    if vpn is None or vpn.alias != alias:
        raise NotThere(key)
    return vpn


def of(world: World, alias: str) -> list[Vpn]:
    """The account's VPNs, in all data centres."""
    return [each for each in world.vpns.all() if each.alias == alias]


def make(world: World, alias: str, dc: str, site: str, by: str, **details: Any) -> Vpn:
    """A new VPN between a data centre and a customer's site."""
    now = world.now()
    made = Vpn(
        id=secrets.token_hex(16).upper(),
        alias=alias,
        dc=dc,
        change=Change(now, by, now, by),
        site=site,
        device="Sample Router 1000",
        local_address="198.51.100.7",
        local_subnets=("10.111.1.0/24",),
        remote_address="203.0.113.9",
        remote_subnets=("192.168.77.0/24",),
    )
    return world.vpns.put(replace(made, **details))


def delete(world: World, vpn: Vpn, by: str) -> Operation:
    """Queue the deletion."""
    return operations.queue(world, vpn.alias, vpn.dc, "vpn.delete", {"vpn": vpn.id}, by)


def _deleted(world: World, operation: Operation) -> None:
    world.vpns.remove(operation.args["vpn"])


EFFECTS: Mapping[str, Callable[[World, Operation], None]] = {"vpn.delete": _deleted}
