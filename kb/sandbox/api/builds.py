"""Changing what servers are made of: size, disks, password, group, networks."""

from typing import Any

from kb.sandbox.api import custom_fields
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import status
from kb.sandbox.api.orders import BARE_METAL, disk, network, size
from kb.sandbox.api.patch import Patch, read_patches
from kb.sandbox.api.reply import Answer, nothing
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import PATCHES, TEXT, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import groups, operations, servers
from kb.sandbox.world.codec import plain
from kb.sandbox.world.records import DEFAULT, Server

_QUEUED = ("cpu", "memory", "disks", "password")


def change(ask: Ask, alias: str, server: str) -> Answer:
    """Set members: size, disks and password through the queue, the others at once."""
    found = seen(ask, alias, server)
    queued: dict[str, Any] = {}
    for patch in read_patches(ask):
        if patch.member in _QUEUED:
            queued |= _resized(found, patch)
        else:
            _edit(ask, found, patch)
            found = servers.find(ask.world, alias, server)
    if not queued:
        return nothing()
    return Answer(202, status(alias, servers.resize(ask.world, found, queued, ask.by).id))


def _resized(server: Server, patch: Patch) -> dict[str, Any]:
    match patch.member:
        case "disks":
            return {"disks": [plain(disk(number, each)) for number, each in enumerate(patch.objects())]}
        case "password":
            wanted = patch.value if isinstance(patch.value, dict) else {}
            return {"password": Patch("password", wanted.get("password")).text()}
    if server.type == BARE_METAL:
        raise Rejected("The request is invalid.", {patch.member: "A physical machine cannot be resized."})
    return {patch.member: size({patch.member: patch.value}, patch.member, 0)}


def _edit(ask: Ask, server: Server, patch: Patch) -> None:
    match patch.member:
        case "description":
            servers.edit(ask.world, server, ask.by, description=patch.text())
        case "groupid":
            group = groups.find(ask.world, server.alias, patch.text())
            if group.type != DEFAULT or group.dc != server.dc:
                raise Rejected("The request is invalid.", {"groupId": "The group cannot hold the server."})
            servers.edit(ask.world, server, ask.by, group=group.id)
        case "customfields":
            chosen = custom_fields.read(ask, server.alias, patch.objects())
            servers.edit(ask.world, server, ask.by, custom_fields=chosen)
        case _:
            raise patch.unknown()


def attach(ask: Ask, alias: str, server: str) -> Answer:
    """Queue one more private address, from another network."""
    found = seen(ask, alias, server)
    wanted = network(ask, alias, found.dc, ask.text("networkId"))
    args = {"server": found.id, "network": wanted.id, "address": ask.optional_text("ipAddress") or ""}
    return _experimental(ask, alias, "network.attach", args)


def detach(ask: Ask, alias: str, server: str, network: str) -> Answer:
    """Queue the removal of a network from a server."""
    found = seen(ask, alias, server)
    if found.addresses and found.addresses[0].network == network.lower():
        raise Rejected("The primary network cannot be removed.")
    if network.lower() not in {each.network for each in found.addresses}:
        raise NotThere(network)
    return _experimental(ask, alias, "network.detach", {"server": found.id, "network": network.lower()})


def _experimental(ask: Ask, alias: str, effect: str, args: dict[str, Any]) -> Answer:
    operation = operations.queue_experimental(ask.world, alias, effect, args, ask.by)
    uri = f"/v2-experimental/operations/{alias}/status/{operation.id}"
    return Answer(202, {"operationId": operation.id, "uri": uri})


_ONE = "/v2/servers/<alias>/<server>"

ROUTES = (
    Route("PATCH", _ONE, change, "server.edit", body=PATCHES),
    Route("POST", f"{_ONE}/networks", attach, "server.edit", body=fields("networkId", networkId=TEXT, ipAddress=TEXT)),
    Route("DELETE", f"{_ONE}/networks/<network>", detach, "server.edit"),
)
