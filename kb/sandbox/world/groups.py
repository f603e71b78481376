"""Groups: the tree of a data centre, and what can be done to it."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import operations, servers
from kb.sandbox.world.records import ACTIVE, ARCHIVE, ARCHIVED, DEFAULT, TEMPLATES, Change, Group, Operation, Server
from kb.sandbox.world.state import World


def find(world: World, alias: str, group_id: str) -> Group:
    """The group of this account. Raises NotThere."""
    group = world.groups.get(group_id.lower())
    if group is None or group.alias != alias:
        raise NotThere(group_id)
    return group


def root(world: World, alias: str, dc: str) -> Group:
    """The root hardware group of a data centre; made when first asked for, as an account sees every data centre."""
    for group in world.groups_of[""].values():
        if group.alias == alias and group.dc == dc:
            return group
    with world.change():
        return plant(world, alias, dc)


def plant(world: World, alias: str, dc: str) -> Group:
    """Make the groups that every data centre has, and return the root."""
    account = world.accounts.get(alias)
    made = account.opened if account else world.now()
    change = Change(created=made, created_by="system", modified=made, modified_by="system")
    top = world.groups.put(Group(_id(), alias, dc, f"{dc} Hardware", change, description=f"{dc} Hardware"))
    for name, kind in (("Archive", ARCHIVE), ("Default Group", DEFAULT), ("Templates", TEMPLATES)):
        world.groups.put(Group(_id(), alias, dc, name, change, parent=top.id, type=kind, description=None))
    return top


def of_type(world: World, alias: str, dc: str, kind: str) -> Group:
    """The Archive or Templates group of a data centre."""
    return next(group for group in world.groups_of[root(world, alias, dc).id].values() if group.type == kind)


def below(world: World, group: Group) -> Iterator[Group]:
    """`group` and every group inside it."""
    yield group
    for child in list(world.groups_of[group.id].values()):
        yield from below(world, child)


def members(world: World, group: Group) -> list[Server]:
    """The servers directly in `group`."""
    return list(world.servers_of[group.id].values())


def count(world: World, group: Group) -> int:
    """`serversCount` as the wire shows it: recursive over default groups, always 0 for Archive and its servers."""
    if group.type == ARCHIVE:
        return 0
    return len(world.servers_of[group.id]) + sum(
        count(world, child) for child in world.groups_of[group.id].values() if child.type == DEFAULT
    )


def create(world: World, parent: Group, name: str, description: str | None, by: str) -> Group:
    """Make a group inside `parent`. Raises Rejected."""
    if parent.type != DEFAULT:
        raise Rejected("The parent group cannot hold groups.", {"parentGroupId": "The group is not of type default."})
    now = world.now()
    change = Change(created=now, created_by=by, modified=now, modified_by=by)
    return world.groups.put(
        Group(_id(), parent.alias, parent.dc, name, change, parent=parent.id, description=description)
    )


def rename(world: World, group: Group, by: str, *, name: str | None = None, description: str | None = None) -> Group:
    """Change what is given."""
    return world.groups.put(
        replace(
            group,
            name=group.name if name is None else name,
            description=group.description if description is None else description,
            change=replace(group.change, modified=world.now(), modified_by=by),
        )
    )


def describe(world: World, group: Group, by: str, custom_fields: tuple[Mapping[str, Any], ...]) -> Group:
    """Set the custom fields."""
    change = replace(group.change, modified=world.now(), modified_by=by)
    return world.groups.put(replace(group, custom_fields=custom_fields, change=change))


def move(world: World, group: Group, parent: Group, by: str) -> Group:
    """Hang `group` under `parent`. Raises Rejected."""
    _only_own(group)
    if parent.type != DEFAULT or parent.dc != group.dc or group.id in {each.id for each in _upwards(world, parent)}:
        raise Rejected("The group cannot be moved there.", {"parentGroupId": "The parent group is not valid."})
    change = replace(group.change, modified=world.now(), modified_by=by)
    return world.groups.put(replace(group, parent=parent.id, change=change))


def delete(world: World, group: Group, by: str) -> Operation:
    """Queue the deletion of the group with every server and group below. Raises Rejected."""
    _only_own(group)
    chosen = [server for server in _all_members(world, group) if servers.queueable(server)]
    args = {"group": group.id, **_marked(world, chosen, servers.QUEUED_FOR_DELETE)}
    return operations.queue(world, group.alias, group.dc, "group.delete", args, by)


def archive(world: World, group: Group, by: str) -> Operation:
    """Queue the archiving of every server below. Raises Rejected."""
    _only_own(group)
    chosen = [server for server in _all_members(world, group) if server.status == ACTIVE and servers.archivable(server)]
    return archive_together(world, chosen, group.alias, group.dc, by)


def archive_together(world: World, chosen: Sequence[Server], alias: str, dc: str, by: str) -> Operation:
    """Queue the archiving of servers of one data centre as one piece of work, as the recordings have it."""
    return operations.queue(world, alias, dc, "group.archive", _marked(world, chosen, servers.QUEUED_FOR_ARCHIVE), by)


def restore(world: World, group: Group, target: Group, by: str) -> Operation:
    """Queue the way back of the archived servers in `group` into `target`. Raises Rejected."""
    chosen = [server for server in _all_members(world, group) if server.status == ARCHIVED]
    if target.type != DEFAULT:
        raise Rejected("The target group cannot hold servers.", {"targetGroupId": "The group is not of type default."})
    args = {**_marked(world, chosen, servers.QUEUED_FOR_RESTORE), "group": target.id}
    return operations.queue(world, group.alias, group.dc, "group.restore", args, by)


def _marked(world: World, chosen: Sequence[Server], status: str) -> dict[str, Any]:
    """Show that work is waiting for these servers; what is returned tells the work which, and how they were."""
    for server in chosen:
        servers.mark(world, server, status)
    return {"servers": [server.id for server in chosen], "was": {server.id: server.status for server in chosen}}


def as_before(world: World, operation: Operation) -> None:
    """Effect: the work failed, and its servers are what they were."""
    for server_id, status in operation.args.get("was", {}).items():
        server = world.servers.get(server_id)
        if server is not None:
            servers.mark(world, server, status)


def deleted(world: World, operation: Operation) -> None:
    """Effect: the group is gone with all below."""
    group = world.groups.get(operation.args["group"])
    if group is None:
        return
    for each in reversed(list(below(world, group))):
        for server in members(world, each):
            world.servers.remove(server.id)
        world.groups.remove(each.id)


def archived(world: World, operation: Operation) -> None:
    """Effect: the servers lie in the Archive group."""
    for server_id in operation.args["servers"]:
        server = world.servers.get(server_id)
        if server is not None:
            servers.put_into_archive(world, server, of_type(world, server.alias, server.dc, ARCHIVE))


def restored(world: World, operation: Operation) -> None:
    """Effect: the servers run in the target group."""
    for server_id in operation.args["servers"]:
        server = world.servers.get(server_id)
        if server is not None:
            servers.put_back(world, server, find(world, server.alias, operation.args["group"]))


def _all_members(world: World, group: Group) -> Iterator[Server]:
    for each in below(world, group):
        yield from members(world, each)


def _upwards(world: World, group: Group) -> Iterator[Group]:
    yield group
    parent = world.groups.get(group.parent)
    if parent:
        yield from _upwards(world, parent)


def _only_own(group: Group) -> None:
    if group.type != DEFAULT or not group.parent:
        raise Rejected("The group cannot be changed or removed because the platform owns it.")


def _id() -> str:
    return secrets.token_hex(16)


EFFECTS: Mapping[str, operations.Effect] = {
    "group.delete": deleted,
    "group.archive": archived,
    "group.restore": restored,
    "group.delete.failed": as_before,
    "group.archive.failed": as_before,
    "group.restore.failed": as_before,
}
