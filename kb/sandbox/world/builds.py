"""New servers: names by the naming convention, disks and addresses; making one takes time."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import addresses, operations
from kb.sandbox.world.records import (
    ACTIVE,
    BUILDING,
    DEFAULT,
    STARTED,
    STOPPED,
    Address,
    Change,
    Disk,
    Group,
    Network,
    Operation,
    Server,
)
from kb.sandbox.world.state import World

OPERATING_SYSTEMS = {
    "ubuntu": ("ubuntu16_64Bit", "Ubuntu 16 64-bit"),
    "centos": ("centOS7_64Bit", "CentOS 7 64-bit"),
    "redhat": ("redHat7_64Bit", "RedHat Enterprise Linux 7 64-bit"),
    "windows": ("windows2016Datacenter_64Bit", "Windows 2016 Datacenter Edition 64-bit"),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """A configuration of physical machines, `memory` and `disk` in GB."""

    id: str
    cores: int
    sockets: int
    memory: int
    disk: int
    disks: int
    processor: str
    availability: str


MACHINES = (
    Machine("5a4d0000000000000000000000000000000000a1", 4, 1, 16, 1000, 2, "Sample processor, 3.60 GHz", "high"),
    Machine("5a4d0000000000000000000000000000000000a2", 6, 2, 64, 2000, 4, "Sample processor, 2.40 GHz", "none"),
)
_NAME = re.compile(r"[A-Z0-9-]{1,8}\Z", re.IGNORECASE)


def make(world: World, group: Group, name: str, by: str, **details: Any) -> Server:
    """A new server in `group`, named after data centre, account, `name` and the next number. Raises Rejected."""
    now = world.now()
    server = Server(
        id=next_id(world, group.dc, group.alias, name),
        uuid=secrets.token_hex(16),
        alias=group.alias,
        dc=group.dc,
        group=group.id,
        change=Change(now, by, now, by),
    )
    return world.servers.put(replace(server, **details))


def next_id(world: World, dc: str, alias: str, name: str) -> str:
    """The next id of this prefix; numbers of deleted servers do not come back. Raises Rejected."""
    if not _NAME.match(name) or len(alias) + len(name) > 10:
        raise Rejected("The server name is not valid.", {"name": "Use 1 to 6 letters, digits or dashes."})
    prefix = f"{dc}{alias}{name}".lower()
    if prefix not in world.last_numbers:
        world.last_numbers[prefix] = _highest(world, prefix)
    world.last_numbers[prefix] += 1
    return f"{prefix}{world.last_numbers[prefix]:02d}"


def _highest(world: World, prefix: str) -> int:
    """The highest number that a server of this prefix has or had."""
    used = [each.id for each in world.servers.all()] + [each.label.lower() for each in world.spans.all()]
    rests = [each[len(prefix) :] for each in used if each.startswith(prefix)]
    return max((int(rest) for rest in rests if rest.isdecimal() and len(rest) < 5), default=0)


def disks(storage: int) -> tuple[Disk, ...]:
    """The disks of a new server with `storage` GB in all."""
    system = (Disk("0:0", 1), Disk("0:1", 2))
    return (*system, Disk("0:2", max(storage - 3, 1), ("/",)))


def join(world: World, network: Network) -> Address:
    """The next free private address of `network`. Raises Rejected."""
    return Address(addresses.next_private(world, network), network.id)


def order(world: World, group: Group, name: str, by: str, **details: Any) -> tuple[Server, Operation]:
    """Queue the making of a server. Raises Rejected."""
    if group.type != DEFAULT:
        raise Rejected("The group cannot hold servers.", {"groupId": "The group is not of type default."})
    server = make(world, group, name, by, status=BUILDING, power=STOPPED, **details)
    return server, operations.queue(world, group.alias, group.dc, "server.build", {"server": server.id}, by)


def _built(world: World, operation: Operation) -> None:
    server = world.servers.get(operation.args["server"])
    if server is None:
        raise NotThere(operation.args["server"])
    world.servers.put(replace(server, status=ACTIVE, power=STARTED))


def _not_built(world: World, operation: Operation) -> None:
    world.servers.remove(operation.args["server"])


EFFECTS: Mapping[str, Callable[[World, Operation], None]] = {
    "server.build": _built,
    "server.build.failed": _not_built,
}
