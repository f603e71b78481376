"""Groups: the nested tree, making, changing, deleting, archiving."""

from collections.abc import Iterator
from typing import Any

from kb.sandbox.api import custom_fields
from kb.sandbox.api import servers as server_views
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Link, Verbs, link, links, status
from kb.sandbox.api.patch import Patch, read_patches
from kb.sandbox.api.reply import Answer, created, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import PATCHES, TEXT, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import groups
from kb.sandbox.world.records import ARCHIVED, DEFAULT, Group, Server

_EVERY = (
    Verbs("defaults", "/defaults", {"GET": "look", "POST": "group.edit"}),
    Verbs("billing", "/billing"),
)
_OF_DEFAULT = (
    Verbs("statistics", "/statistics"),
    Verbs("upcomingScheduledActivities", "/upcomingScheduledActivities"),
    Verbs(
        "horizontalAutoscalePolicyMapping",
        "/horizontalAutoscalePolicy",
        {"GET": "look", "PUT": "group.edit", "DELETE": "group.edit"},
    ),
    Verbs("scheduledActivities", "/scheduledActivities", {"GET": "look", "POST": "group.edit"}),
)


def one(ask: Ask, alias: str, group: str) -> Answer:
    """The group with all groups below; `serverDetail=detailed` puts whole servers in place of the links."""
    found = groups.find(ask.world, alias, group)
    return ok(shown(ask, found, detailed=ask.query.get("serverdetail", "").lower() == "detailed"))


def shown(ask: Ask, group: Group, *, detailed: bool = False) -> dict[str, Any]:
    """A group as the API shows it."""
    members = _visible(ask, group)
    children = ask.world.groups_of[group.id].values()
    entity: dict[str, Any] = {"id": group.id, "name": group.name}
    if group.description is not None:
        entity["description"] = group.description
    entity |= {
        "locationId": group.dc,
        "type": group.type,
        "status": "active",
        "serversCount": groups.count(ask.world, group),
        "groups": [shown(ask, child, detailed=detailed) for child in children],
    }
    if detailed:
        entity["servers"] = [server_views.shown(ask, server) for server in members]
    entity["links"] = [*_links(ask, group), *([] if detailed else _server_links(members))]
    entity["changeInfo"] = server_views.change_info(group.change)
    entity["customFields"] = list(group.custom_fields)
    return entity


def _visible(ask: Ask, group: Group) -> list[Server]:
    """Not every role sees archived servers."""
    members = groups.members(ask.world, group)
    return members if ask.may("archived.see") else [each for each in members if each.status != ARCHIVED]


def _server_links(members: list[Server]) -> Iterator[Link]:
    for server in members:
        yield link("server", f"/v2/servers/{server.alias.lower()}/{server.id}", id=server.name)


def _links(ask: Ask, group: Group) -> Iterator[Link]:
    alias = group.alias.lower()
    base = f"/v2/groups/{alias}/{group.id}"
    own = group.type == DEFAULT and bool(group.parent)
    deeds = {"GET": "look", "PATCH": "group.edit"} | ({"DELETE": "group.delete"} if own else {})
    if group.type == DEFAULT:
        yield from links(ask, f"/v2/groups/{alias}", (Verbs("createGroup", "", {"POST": "group.edit"}),))
        yield from links(ask, f"/v2/servers/{alias}", (Verbs("createServer", "", {"POST": "server.create"}),))
    yield from links(ask, base, (Verbs("self", "", deeds), *_EVERY))
    if group.parent:
        yield link("parentGroup", f"/v2/groups/{alias}/{group.parent}", id=group.parent)
    if own:
        yield from links(ask, base, (Verbs("archiveGroupAction", "/archive", {"POST": "server.archive"}),))
    if group.type == DEFAULT:
        yield from links(ask, base, _OF_DEFAULT)


def create(ask: Ask, alias: str) -> Answer:
    """Make a group; clients send the body as JSON or as a form."""
    name = ask.text("name")
    try:
        parent = groups.find(ask.world, alias, ask.text("parentGroupId"))
    except NotThere:
        raise Rejected("The request is invalid.", {"parentGroupId": "The parent group was not found."}) from None
    group = groups.create(ask.world, parent, name, ask.optional_text("description"), ask.by)
    given = ask.members().get("customfields")
    if given:
        group = groups.describe(ask.world, group, ask.by, custom_fields.read(ask, alias, given))
    entity = shown(ask, group)
    del entity["serversCount"]  # the wire has none here
    return created(entity)


def change(ask: Ask, alias: str, group: str) -> Answer:
    """Set name, description, parent or custom fields."""
    found = groups.find(ask.world, alias, group)
    for patch in read_patches(ask):
        found = _changed(ask, found, patch)
    return nothing()


def _changed(ask: Ask, group: Group, patch: Patch) -> Group:
    match patch.member:
        case "name":
            return groups.rename(ask.world, group, ask.by, name=patch.text())
        case "description":
            return groups.rename(ask.world, group, ask.by, description=patch.text())
        case "parentgroupid":
            return groups.move(ask.world, group, groups.find(ask.world, group.alias, patch.text()), ask.by)
        case "customfields":
            return groups.describe(ask.world, group, ask.by, custom_fields.read(ask, group.alias, patch.objects()))
    raise patch.unknown()


def delete(ask: Ask, alias: str, group: str) -> Answer:
    """Queue the deletion with everything below."""
    operation = groups.delete(ask.world, groups.find(ask.world, alias, group), ask.by)
    return Answer(202, status(alias, operation.id))


def archive(ask: Ask, alias: str, group: str) -> Answer:
    """Queue the archiving of all servers below."""
    operation = groups.archive(ask.world, groups.find(ask.world, alias, group), ask.by)
    return Answer(202, status(alias, operation.id))


def restore(ask: Ask, alias: str, group: str) -> Answer:
    """Queue the way back of archived servers."""
    target = groups.find(ask.world, alias, ask.text("targetGroupId"))
    found = groups.find(ask.world, alias, group)
    operation = groups.restore(ask.world, found, target, ask.by)
    own = link("self", f"/v2/groups/{alias.lower()}/{found.id}", id=found.id)
    return Answer(202, {"isQueued": True, "links": [own, status(alias, operation.id)]})


_SHAPE = fields("name", "parentGroupId", name=TEXT, parentGroupId=TEXT, description=TEXT)
_TARGET = fields("targetGroupId", targetGroupId=TEXT)

ROUTES = (
    Route("POST", "/v2/groups/<alias>", create, "group.edit", body=_SHAPE),
    Route("GET", "/v2/groups/<alias>/<group>", one, query=("serverDetail",)),
    Route("PATCH", "/v2/groups/<alias>/<group>", change, "group.edit", body=PATCHES),
    Route("DELETE", "/v2/groups/<alias>/<group>", delete, "group.delete"),
    Route("POST", "/v2/groups/<alias>/<group>/archive", archive, "server.archive"),
    Route("POST", "/v2/groups/<alias>/<group>/restore", restore, "server.archive", body=_TARGET),
)
