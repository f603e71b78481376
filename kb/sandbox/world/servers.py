"""Servers: finding, deleting, archiving, restoring, power, snapshots and disks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kb.sandbox.errors import NotQueued, NotThere
from kb.sandbox.world import operations
from kb.sandbox.world.codec import build
from kb.sandbox.world.records import (
    ACTIVE,
    ARCHIVED,
    PAUSED,
    STARTED,
    STOPPED,
    Disk,
    Group,
    Operation,
    Server,
    Snapshot,
)
from kb.sandbox.world.state import World

QUEUED_FOR_DELETE, QUEUED_FOR_ARCHIVE, QUEUED_FOR_RESTORE = "queuedForDelete", "queuedForArchive", "queuedForRestore"
# the exact texts that published clients branch on
NOT_VALID = "The operation cannot be queued because the server cannot be found or it is not in a valid state."
ALREADY = "The server already in desired state."
PACKAGE = "server.package"  # the effect of a package


def find(world: World, alias: str, server_id: str) -> Server:
    """The server of this account, but never the account's own VPN server. Raises NotThere."""
    server = world.servers.get(server_id.lower())
    if server is None or server.alias != alias or server.system:
        raise NotThere(server_id)
    return server


def find_by_uuid(world: World, alias: str, uuid: str) -> Server:
    """The server that was created with this uuid. Raises NotThere."""
    wanted = uuid.lower().replace("-", "")
    for server in world.servers.all():
        if server.uuid == wanted and server.alias == alias and not server.system:
            return server
    raise NotThere(uuid)


def queueable(server: Server) -> bool:
    """Whether the queue takes work for this server now."""
    return server.status in (ACTIVE, ARCHIVED) and not server.system


def archivable(server: Server) -> bool:
    """Bare metal and managed servers cannot be archived."""
    return server.type != "bareMetal" and not server.managed


def mark(world: World, server: Server, status: str) -> Server:
    """Show that work is waiting for this server."""
    return world.servers.put(replace(server, status=status))


def delete(world: World, server: Server, by: str) -> Operation:
    """Queue the deletion, from any power state and from the archive. Raises NotQueued."""
    if not queueable(server):
        raise NotQueued(NOT_VALID)
    mark(world, server, QUEUED_FOR_DELETE)
    return _queue(world, server, "server.delete", {"was": server.status}, by)


def need_archivable(server: Server) -> None:
    """Go on only if the server can be archived now. Raises NotQueued."""
    if server.status == ARCHIVED:
        raise NotQueued(ALREADY)
    if server.status != ACTIVE or not archivable(server):
        raise NotQueued(NOT_VALID)


def restore(world: World, server: Server, target: Group, by: str) -> Operation:
    """Queue the way back from the archive into `target`. Raises NotQueued."""
    if server.status != ARCHIVED:
        raise NotQueued(NOT_VALID)
    mark(world, server, QUEUED_FOR_RESTORE)
    return _queue(world, server, "server.restore", {"was": server.status, "group": target.id}, by)


def power(world: World, server: Server, verb: str, by: str) -> Operation:
    """Queue a power operation. Raises NotQueued, also when the server is in the desired state already."""
    if server.status != ACTIVE:
        raise NotQueued(NOT_VALID)
    wanted = POWER[verb]
    if all(getattr(server, name) == value for name, value in wanted.items()):
        if verb in ("reboot", "reset"):
            return _queue(world, server, "server.set", wanted, by)
        raise NotQueued(ALREADY)
    if verb in ("reboot", "reset") or (verb == "pause" and server.power == STOPPED):
        raise NotQueued(NOT_VALID)
    return _queue(world, server, "server.set", wanted, by)


# what each verb makes of a server; reboot and reset leave it running and need it so
POWER: Mapping[str, Mapping[str, Any]] = {
    "powerOn": {"power": STARTED},
    "powerOff": {"power": STOPPED},
    "shutDown": {"power": STOPPED},
    "pause": {"power": PAUSED},
    "reboot": {"power": STARTED},
    "reset": {"power": STARTED},
    "startMaintenance": {"maintenance": True},
    "stopMaintenance": {"maintenance": False},
}


def maintain(world: World, server: Server, by: str, *, on: bool) -> Operation:
    """Queue maintenance mode. Raises NotQueued."""
    return power(world, server, "startMaintenance" if on else "stopMaintenance", by)


def run_package(world: World, server: Server, package: str, by: str) -> Operation:
    """Queue a package, which does nothing here but being run. Raises NotQueued."""
    if server.status != ACTIVE:
        raise NotQueued(NOT_VALID)
    return _queue(world, server, PACKAGE, {"package": package}, by)


def take_snapshot(world: World, server: Server, days: int, by: str) -> Operation:
    """Queue a snapshot that lives `days` days; a server has at most one. Raises NotQueued."""
    if server.status != ACTIVE:
        raise NotQueued(NOT_VALID)
    if server.snapshots:
        raise NotQueued("The server already has a snapshot.")
    return _queue(world, server, "snapshot.take", {"days": days}, by)


def snapshot(server: Server, number: str) -> Snapshot:
    """The server's snapshot with this number. Raises NotThere."""
    for each in server.snapshots:
        if str(each.number) == number:
            return each
    raise NotThere(number)


def drop_snapshot(world: World, server: Server, which: Snapshot, by: str) -> Operation:
    """Queue the removal of a snapshot."""
    return _queue(world, server, "snapshot.drop", {"number": which.number}, by)


def restore_snapshot(world: World, server: Server, which: Snapshot, by: str) -> Operation:
    """Queue the return to a snapshot."""
    return _queue(world, server, "snapshot.restore", {"number": which.number}, by)


def resize(world: World, server: Server, changes: Mapping[str, Any], by: str) -> Operation:
    """Queue other `cpu`, `memory` (GB) or `disks`. Raises NotQueued."""
    if server.status != ACTIVE:
        raise NotQueued(NOT_VALID)
    return _queue(world, server, "server.set", changes, by)


def edit(world: World, server: Server, by: str, **changes: Any) -> Server:
    """Change at once what needs no queue: group, description, custom fields, password."""
    touched = replace(server.change, modified=world.now(), modified_by=by)
    return world.servers.put(replace(server, change=touched, **changes))


def put_into_archive(world: World, server: Server, group: Group) -> None:
    """The server is archived: it keeps disks and addresses, computing stops."""
    world.servers.put(replace(server, status=ARCHIVED, power=STOPPED, group=group.id, snapshots=()))


def put_back(world: World, server: Server, group: Group) -> None:
    """The server runs again in `group`."""
    world.servers.put(replace(server, status=ACTIVE, power=STARTED, group=group.id))


def _queue(world: World, server: Server, effect: str, args: Mapping[str, Any], by: str) -> Operation:
    return operations.queue(world, server.alias, server.dc, effect, {"server": server.id, **args}, by)


def _subject(world: World, operation: Operation) -> Server:
    server = world.servers.get(operation.args["server"])
    if server is None:
        raise NotThere(operation.args["server"])
    return server


def _deleted(world: World, operation: Operation) -> None:
    world.servers.remove(_subject(world, operation).id)


def _restored(world: World, operation: Operation) -> None:
    target = world.groups.get(operation.args["group"])
    if target is None:
        raise NotThere(operation.args["group"])
    put_back(world, _subject(world, operation), target)


def _set(world: World, operation: Operation) -> None:
    changes = {name: value for name, value in operation.args.items() if name != "server"}
    if "disks" in changes:
        changes["disks"] = tuple(build(Disk, each) for each in changes["disks"])
    server = _subject(world, operation)
    touched = replace(server.change, modified=world.now(), modified_by=operation.by)
    world.servers.put(replace(server, change=touched, **changes))


def _package_run(world: World, operation: Operation) -> None:
    _subject(world, operation)


def _snapshot_taken(world: World, operation: Operation) -> None:
    server = _subject(world, operation)
    days = timedelta(days=operation.args["days"])
    number = 1 + int(operation.id.rpartition("-")[2]) % 90
    world.servers.put(replace(server, snapshots=(Snapshot(number, world.now(), world.now() + days),)))


def _snapshot_restored(world: World, operation: Operation) -> None:
    snapshot(_subject(world, operation), str(operation.args["number"]))  # still there; nothing else is kept of it


def _snapshot_dropped(world: World, operation: Operation) -> None:
    server = _subject(world, operation)
    kept = tuple(each for each in server.snapshots if each.number != operation.args["number"])
    world.servers.put(replace(server, snapshots=kept))


def _as_before(world: World, operation: Operation) -> None:
    world.servers.put(replace(_subject(world, operation), status=operation.args["was"]))


EFFECTS: Mapping[str, Callable[[World, Operation], None]] = {
    "server.delete": _deleted,
    "server.delete.failed": _as_before,
    "server.restore": _restored,
    "server.restore.failed": _as_before,
    "server.set": _set,
    PACKAGE: _package_run,
    "snapshot.take": _snapshot_taken,
    "snapshot.drop": _snapshot_dropped,
    "snapshot.restore": _snapshot_restored,
}
