"""Making servers: from a template, as a copy, as a physical machine, or from an image that was uploaded."""

from collections.abc import Mapping
from typing import Any

from kb.sandbox.api import custom_fields
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import link, status
from kb.sandbox.api.patch import Patch, whole
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.schedules import deletion, plan
from kb.sandbox.api.shape import FLAG, NUMBER, TEXT, Shape, choice, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import addresses, builds, groups, items, networks, servers
from kb.sandbox.world.records import Address, Disk, Group, Network, Server

BARE_METAL = "bareMetal"
_MOST_CPU, _MOST_MEMORY = 16, 128  # of a server that is no physical machine
_IMAGE = {"storageSizeGB": 16, "cpuCount": 1, "memorySizeMB": 1024}


def create(ask: Ask, alias: str) -> Answer:
    """Queue a new server; it is found by uuid until its name is known."""
    members, group = ask.members(), _group(ask, alias)
    metal = str(members.get("type", "")).lower() == BARE_METAL.lower()
    source = ask.text("osType" if metal else "sourceServerId")
    made_of = _metal(ask, source) if metal else _made_of(_cloned(ask, alias, source), source, members)
    return _ordered(ask, group, {**made_of, **_set(ask, alias, members)})


def images(ask: Ask, alias: str, dc: str) -> Answer:
    """What was uploaded and can be imported as a server."""
    found = items.of(ask.world, items.IMAGE, alias, dc)
    return ok([{"id": f"{alias}/{each.id}", "name": each.id, **_IMAGE, **each.body} for each in found])


def import_image(ask: Ask, alias: str) -> Answer:
    """Queue a server made of an uploaded image."""
    members, group = ask.members(), _group(ask, alias)
    ask.text("password")
    try:
        image = items.find(ask.world, items.IMAGE, alias, ask.text("ovfId").rpartition("/")[2], group.dc)
    except NotThere:
        raise Rejected("The request is invalid.", {"ovfId": "The image was not found."}) from None
    size = {**_IMAGE, **image.body}
    sizes = {"cpu": size["cpuCount"], "memorygb": max(size["memorySizeMB"] // 1024, 1), **members}
    made_of = _made_of(None, str(members.get("ovfostype") or "redhat"), sizes)
    return _ordered(ask, group, {**made_of, "disks": builds.disks(size["storageSizeGB"]), **_set(ask, alias, members)})


def _ordered(ask: Ask, group: Group, details: Mapping[str, Any]) -> Answer:
    name, ttl = ask.text("name"), ask.optional_text("ttl")
    end = deletion(ttl) if ttl else None
    address = _address(ask, group)
    server, operation = builds.order(ask.world, group, name, ask.by, addresses=(address,), **details)
    if end:
        plan(ask, server, f"server:{server.id}", end)
    href = f"/v2/servers/{group.alias.lower()}/{server.uuid}?uuid=True"
    own = link("self", href, id=server.uuid, verbs=["GET"])
    return Answer(202, {"server": name.lower(), "isQueued": True, "links": [status(group.alias, operation.id), own]})


def _group(ask: Ask, alias: str) -> Group:
    try:
        return groups.find(ask.world, alias, ask.text("groupId"))
    except NotThere:
        raise Rejected("The request is invalid.", {"groupId": "The group was not found."}) from None


def _cloned(ask: Ask, alias: str, source: str) -> Server | None:
    """The account's own server that is to be copied; any other source is a template."""
    try:
        return servers.find(ask.world, alias, source)
    except NotThere:
        return None


def _made_of(cloned: Server | None, source: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """A copy has the disks and the system of its original, and its size where the request names none."""
    os, os_type = _system(source)
    more = members.get("additionaldisks") or []
    disks = cloned.disks if cloned else builds.disks(16)
    return {
        "cpu": size(members, "cpu", cloned.cpu if cloned else 1),
        "memory": size(members, "memoryGB", cloned.memory if cloned else 1),
        "storage_type": str(members.get("storagetype") or (cloned.storage_type if cloned else "standard")),
        "type": str(members.get("type") or (cloned.type if cloned else "standard")),
        "disks": (*disks, *_more_disks(more, len(disks))),
        "os": cloned.os if cloned else os,
        "os_type": cloned.os_type if cloned else os_type,
        "managed": str(members.get("ismanagedos", "")).lower() == "true",
    }


def _metal(ask: Ask, system: str) -> dict[str, Any]:
    """A physical machine as its configuration says."""
    wanted = ask.text("configurationId")
    machine = next((each for each in builds.MACHINES if each.id == wanted.lower()), None)
    if machine is None:
        raise Rejected("The request is invalid.", {"configurationId": "The configuration is not known."})
    os, os_type = _system(system)
    disks = tuple(Disk(f"0:{number}", machine.disk) for number in range(machine.disks))
    size = {"cpu": machine.cores * machine.sockets, "memory": machine.memory, "disks": disks}
    return {**size, "type": BARE_METAL, "os": os, "os_type": os_type}


def _system(source: str) -> tuple[str, str]:
    names = builds.OPERATING_SYSTEMS
    known = {"rhel": "redhat", "win": "windows", **{name: name for name in names}}
    return next((names[each] for word, each in known.items() if word in source.lower()), names["ubuntu"])


def _more_disks(wanted: Any, taken: int) -> list[Disk]:
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise Rejected("The request is invalid.", {"additionalDisks": "The value must be a list of disks."})
    return [disk(taken + number, each) for number, each in enumerate(wanted)]


def disk(position: int, data: Mapping[str, Any]) -> Disk:
    """A disk as a request describes it. Raises Rejected."""
    lower = {str(name).lower(): value for name, value in data.items()}
    paths = (str(lower["path"]),) if lower.get("path") else ()
    return Disk(str(lower.get("diskid") or f"0:{position}"), Patch("sizeGB", lower.get("sizegb", 1)).number(), paths)


def size(members: Mapping[str, Any], name: str, default: int) -> int:
    """How many processors or GB of memory. Raises Rejected."""
    most = _MOST_CPU if name == "cpu" else _MOST_MEMORY
    number = whole(members.get(name.lower(), default))
    if number is None or not 1 <= number <= most:
        raise Rejected("The request is invalid.", {name: f"The value must be a whole number from 1 to {most}."})
    return number


def _set(ask: Ask, alias: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """What is the same for every kind: description, password, custom fields, policies."""
    password = ask.optional_text("password")
    return {
        "description": ask.optional_text("description") or "",
        "custom_fields": custom_fields.read(ask, alias, members.get("customfields") or []),
        "autoscale_policy": _policy(ask, alias, "cpuAutoscalePolicyId", items.AUTOSCALE),
        "anti_affinity_policy": _policy(ask, alias, "antiAffinityPolicyId", items.ANTI_AFFINITY),
        **({"password": password} if password else {}),
    }


def _policy(ask: Ask, alias: str, name: str, kind: str) -> str:
    wanted = ask.optional_text(name)
    try:
        return items.find(ask.world, kind, alias, wanted).id if wanted else ""
    except NotThere:
        raise Rejected("The request is invalid.", {name: "The policy was not found."}) from None


def _address(ask: Ask, group: Group) -> Address:
    network, wanted = _network(ask, group), ask.optional_text("ipAddress")
    if not wanted:
        return builds.join(ask.world, network)
    if wanted not in {each.address for each in addresses.free(ask.world, network)}:
        raise Rejected("The request is invalid.", {"ipAddress": "The address is not free in the network."})
    return Address(wanted, network.id)


def _network(ask: Ask, group: Group) -> Network:
    wanted = ask.optional_text("networkId")
    if wanted:
        return network(ask, group.alias, group.dc, wanted)
    here = networks.usable(ask.world, group.alias, group.dc)
    return here[0] if here else networks.make(ask.world, group.alias, group.dc)


def network(ask: Ask, alias: str, dc: str, wanted: str) -> Network:
    """The network that a request names. Raises Rejected."""
    try:
        return networks.find_usable(ask.world, alias, dc, wanted)
    except NotThere:
        raise Rejected("The request is invalid.", {"networkId": "The network was not found."}) from None


_BOTH: dict[str, Shape] = {
    "name": TEXT, "groupId": TEXT, "cpu": NUMBER, "memoryGB": NUMBER, "networkId": TEXT, "type": TEXT,
    "storageType": TEXT, "description": TEXT, "password": TEXT, "customFields": rows(fields(id=TEXT, value=TEXT)),
}  # fmt: skip
_SHAPE = fields(
    "name",
    "groupId",
    sourceServerId=TEXT,
    ipAddress=TEXT,
    isManagedOS=FLAG,
    additionalDisks=rows(fields(path=TEXT, sizeGB=NUMBER, type=choice("raw", "partitioned"))),
    ttl={"type": "string", "format": "date-time"},
    configurationId=TEXT,
    osType=TEXT,
    **_BOTH,
)
_IMPORT = fields("name", "groupId", "ovfId", "password", ovfId=TEXT, ovfOsType=TEXT, **_BOTH)

ROUTES = (
    Route("POST", "/v2/servers/<alias>", create, "server.create", body=_SHAPE),
    Route("POST", "/v2/vmImport/<alias>", import_image, "server.create", body=_IMPORT),
    Route("GET", "/v2/vmImport/<alias>/<dc>/available", images),
)
