"""Making servers and changing what they are made of: size, disks, group, networks."""

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import link, status
from kb.sandbox.api.patch import Patch, read_patches
from kb.sandbox.api.reply import Answer, nothing
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import NUMBER, PATCHES, TEXT, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import builds, groups, networks, operations, servers
from kb.sandbox.world.records import DEFAULT, Address, Network, Server


def create(ask: Ask, alias: str) -> Answer:
    """Queue a new server; it is found by uuid until its name is known."""
    members = ask.members()
    try:
        group = groups.find(ask.world, alias, ask.text("groupId"))
    except NotThere:
        raise Rejected("The request is invalid.", {"groupId": "The group was not found."}) from None
    source = ask.text("sourceServerId")
    server, operation = builds.order(
        ask.world,
        group,
        ask.text("name"),
        ask.by,
        description=str(members.get("description") or ""),
        addresses=(_address(ask, group.alias, group.dc, members),),
        **_made_of(_cloned(ask, group.alias, source), source, members),
    )
    own = link("self", f"/v2/servers/{alias.lower()}/{server.uuid}?uuid=True", id=server.uuid, verbs=["GET"])
    name = ask.text("name").lower()
    return Answer(202, {"server": name, "isQueued": True, "links": [status(alias, operation.id), own]})


def _cloned(ask: Ask, alias: str, source: str) -> Server | None:
    """The account's own server that is to be copied; any other source is a template."""
    try:
        return servers.find(ask.world, alias, source)
    except NotThere:
        return None


def _made_of(cloned: Server | None, source: str, members: dict[str, Any]) -> dict[str, Any]:
    """A copy has the disks and the system of its original, and its size where the request names none."""
    names = builds.OPERATING_SYSTEMS
    os, os_type = next((each for name, each in names.items() if name in source.lower()), names["ubuntu"])
    return {
        "cpu": _number(members, "cpu", cloned.cpu if cloned else 1),
        "memory": _number(members, "memoryGB", cloned.memory if cloned else 1),
        "storage_type": str(members.get("storagetype") or (cloned.storage_type if cloned else "standard")),
        "type": str(members.get("type") or (cloned.type if cloned else "standard")),
        "disks": cloned.disks if cloned else builds.disks(16),
        "os": cloned.os if cloned else os,
        "os_type": cloned.os_type if cloned else os_type,
    }


def _address(ask: Ask, alias: str, dc: str, members: dict[str, Any]) -> Address:
    wanted = members.get("networkid")
    if wanted:
        return builds.join(ask.world, _network(ask, alias, dc, str(wanted)))
    here = networks.of(ask.world, alias, dc)
    return builds.join(ask.world, here[0] if here else networks.make(ask.world, alias, dc))


def _network(ask: Ask, alias: str, dc: str, wanted: str) -> Network:
    try:
        return networks.find(ask.world, alias, dc, wanted)
    except NotThere:
        raise Rejected("The request is invalid.", {"networkId": "The network was not found."}) from None


def _number(members: dict[str, Any], name: str, least: int) -> int:
    return Patch(name, members.get(name.lower(), least)).number()


def change(ask: Ask, alias: str, server: str) -> Answer:
    """Set members: size and disks through the queue, the others at once."""
    found = seen(ask, alias, server)
    queued: dict[str, Any] = {}
    for patch in read_patches(ask):
        if patch.member in ("cpu", "memory", "disks"):
            queued |= _resized(patch)
        else:
            _edit(ask, found, patch)
            found = servers.find(ask.world, alias, server)
    if not queued:
        return nothing()
    return Answer(202, status(alias, servers.resize(ask.world, found, queued, ask.by).id))


def _resized(patch: Patch) -> dict[str, Any]:
    if patch.member != "disks":
        return {patch.member: patch.number()}
    return {"disks": [_disk(position, each) for position, each in enumerate(patch.objects())]}


def _disk(position: int, data: dict[str, Any]) -> dict[str, Any]:
    lower = {str(name).lower(): value for name, value in data.items()}
    paths = [lower["path"]] if lower.get("path") else []
    return {"id": str(lower.get("diskid") or f"0:{position}"), "size": _number(lower, "sizeGB", 1), "paths": paths}


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
            servers.edit(ask.world, server, ask.by, custom_fields=patch.objects())
        case "password":
            wanted = patch.value if isinstance(patch.value, dict) else {}
            servers.edit(ask.world, server, ask.by, password=Patch("password", wanted.get("password")).text())
        case _:
            raise patch.unknown()


def attach(ask: Ask, alias: str, server: str) -> Answer:
    """Queue one more private address, from another network."""
    found = seen(ask, alias, server)
    network = _network(ask, alias, found.dc, ask.text("networkId"))
    args = {"server": found.id, "network": network.id, "address": ask.optional_text("ipAddress") or ""}
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


_SHAPE = fields(
    "name",
    "groupId",
    "sourceServerId",
    name=TEXT,
    groupId=TEXT,
    sourceServerId=TEXT,
    cpu=NUMBER,
    memoryGB=NUMBER,
    networkId=TEXT,
    type=TEXT,
    storageType=TEXT,
    description=TEXT,
)
_ONE = "/v2/servers/<alias>/<server>"

ROUTES = (
    Route("POST", "/v2/servers/<alias>", create, "server.create", body=_SHAPE),
    Route("PATCH", _ONE, change, "server.edit", body=PATCHES),
    Route("POST", f"{_ONE}/networks", attach, "server.edit", body=fields("networkId", networkId=TEXT, ipAddress=TEXT)),
    Route("DELETE", f"{_ONE}/networks/<network>", detach, "server.edit"),
)
