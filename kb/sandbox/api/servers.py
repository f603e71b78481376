"""Servers: one server, deleting, changing, restoring, snapshots."""

from collections.abc import Iterator
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Link, Verbs, link, links, status
from kb.sandbox.api.reply import Answer, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields
from kb.sandbox.errors import Denied, NotQueued, NotThere, Rejected
from kb.sandbox.world import groups, items, servers
from kb.sandbox.world.records import ACTIVE, ARCHIVED, BUILDING, DEFAULT, Change, Server

_OF_ACTIVE = (
    Verbs("statistics", "/statistics"),
    Verbs("upcomingScheduledActivities", "/upcomingScheduledActivities"),
    Verbs("scheduledActivities", "/scheduledActivities", {"GET": "look", "POST": "server.edit"}),
    Verbs("publicIPAddresses", "/publicIPAddresses", {"POST": "address.edit"}),
    Verbs("alertPolicyMappings", "/alertPolicies", {"POST": "server.edit"}),
    Verbs("antiAffinityPolicyMapping", "/antiAffinityPolicy", {"PUT": "server.edit", "DELETE": "server.edit"}),
    Verbs("cpuAutoscalePolicyMapping", "/cpuAutoscalePolicy", {"PUT": "server.edit", "DELETE": "server.edit"}),
    Verbs("capabilities", "/capabilities"),
)
_ADDRESS_DEEDS = {"GET": "look", "PUT": "address.edit", "DELETE": "address.delete"}


def one(ask: Ask, alias: str, server: str) -> Answer:
    """One server, by id or, with `uuid=true`, by uuid."""
    if ask.query.get("uuid", "").lower() == "true":
        return ok(shown(ask, servers.find_by_uuid(ask.world, alias, server)))
    return ok(shown(ask, seen(ask, alias, server)))


def seen(ask: Ask, alias: str, server: str) -> Server:
    """The server, if the caller's roles show it. Raises NotThere, Denied."""
    found = servers.find(ask.world, alias, server)
    if found.status == ARCHIVED and not ask.may("archived.see"):
        raise Denied
    return found


def shown(ask: Ask, server: Server) -> dict[str, Any]:
    """A server as the API shows it."""
    entity: dict[str, Any] = {
        "id": server.id,
        "name": server.name,
        "displayName": server.name,
        "description": server.description,
        "groupId": server.group,
        "isTemplate": server.template,
        "isManagedOS": server.managed,
        "isManagedBackup": False,
        "locationId": server.dc,
        "osType": server.os_type,
        "os": server.os,
        "status": server.status,
    }
    if server.status == servers.QUEUED_FOR_RESTORE:
        entity["details"] = {"powerState": server.power, "storageGB": server.storage}
    elif server.status != BUILDING:
        entity["details"] = _details(ask, server)
    entity |= {
        "type": server.type,
        "storageType": server.storage_type,
        "changeInfo": change_info(server.change),
        "links": list(_links(ask, server)),
    }
    return entity


def change_info(change: Change) -> dict[str, str]:
    """Who made and changed something, when."""
    return {
        "createdBy": change.created_by,
        "createdDate": zulu(change.created),
        "modifiedBy": change.modified_by,
        "modifiedDate": zulu(change.modified),
    }


def _details(ask: Ask, server: Server) -> dict[str, Any]:
    computes = server.status not in (ARCHIVED, servers.QUEUED_FOR_DELETE)
    return {
        "ipAddresses": [
            {"public": each.public, "internal": each.internal} if each.public else {"internal": each.internal}
            for each in server.addresses
        ],
        "secondaryIPAddresses": [],
        "alertPolicies": _alerts(ask, server),
        **_policies(ask, server),
        "cpu": server.cpu if computes else 0,
        "diskCount": len(server.disks),
        "hostName": f"{server.name}.{server.alias.lower()}.example",
        "inMaintenanceMode": server.maintenance,
        "memoryMB": server.memory * 1024 if computes else 0,
        "powerState": server.power,
        "storageGB": server.storage,
        "disks": [{"id": each.id, "sizeGB": each.size, "partitionPaths": list(each.paths)} for each in server.disks],
        "partitions": [{"sizeGB": each.size, "path": path} for each in server.disks for path in each.paths],
        "snapshots": [_snapshot(server, each.number) for each in server.snapshots],
        "customFields": list(server.custom_fields),
    }


def _alerts(ask: Ask, server: Server) -> list[dict[str, Any]]:
    alias = server.alias.lower()
    shown = []
    for policy_id in server.alert_policies:
        policy = ask.world.items.get(f"{items.ALERT}/{server.alias}/{policy_id}")
        if policy is not None:
            own = link("self", f"/v2/alertPolicies/{alias}/{policy_id}")
            mapping = f"/v2/servers/{alias}/{server.id}/alertPolicies/{policy_id}"
            ways = [own, *links(ask, mapping, (Verbs("alertPolicyMap", "", {"DELETE": "server.edit"}),))]
            shown.append({"id": policy_id, "name": policy.body.get("name", ""), "links": ways})
    return shown


def _policies(ask: Ask, server: Server) -> dict[str, Any]:
    """The autoscale and the anti-affinity policy, if they hold."""
    shown: dict[str, Any] = {}
    for member, path, kind, held in (
        ("cpuAutoscalePolicy", "autoscalePolicies", items.AUTOSCALE, server.autoscale_policy),
        ("antiAffinityPolicy", "antiAffinityPolicies", items.ANTI_AFFINITY, server.anti_affinity_policy),
    ):
        policy = ask.world.items.get(f"{kind}/{server.alias}/{held}") if held else None
        if policy is not None:
            own = link("self", f"/v2/{path}/{server.alias.lower()}/{held}")
            shown[member] = {"id": held, "name": policy.body.get("name", ""), "links": [own]}
    return shown


def _snapshot(server: Server, number: int) -> dict[str, Any]:
    taken = servers.snapshot(server, str(number)).taken
    href = f"/v2/servers/{server.alias.lower()}/{server.id}/snapshots/{number}"
    ways = [link("self", href), link("delete", href), link("restore", f"{href}/restore")]
    return {"name": taken.strftime("%Y-%m-%d.%H:%M:%S"), "links": ways}


def _links(ask: Ask, server: Server) -> Iterator[Link]:
    alias = server.alias.lower()
    base = f"/v2/servers/{alias}/{server.id}"
    deeds = {"GET": "look", "PATCH": "server.edit"} | ({"DELETE": "server.delete"} if server.status == ACTIVE else {})
    yield from links(ask, base, (Verbs("self", "", deeds),))
    yield link("group", f"/v2/groups/{alias}/{server.group}", id=server.group)
    yield link("account", f"/v2/accounts/{alias}", id=alias)
    yield link("billing", f"/v2/billing/{alias}/serverPricing/{server.id}")
    if server.status == ACTIVE:
        yield from links(ask, base, _OF_ACTIVE)
        if ask.may("server.credentials"):
            yield link("credentials", f"{base}/credentials")
    if server.status == ARCHIVED:
        if ask.may("server.archive"):
            yield link("restore", f"{base}/restore")
        if ask.may("server.delete"):
            yield link("delete", base)
    if server.status in (ACTIVE, ARCHIVED):
        for each in server.addresses:
            if each.public:
                found = links(
                    ask, base, (Verbs("publicIPAddress", f"/publicIPAddresses/{each.public}", _ADDRESS_DEEDS),)
                )
                yield from ({**way, "id": each.public} for way in found)


def delete(ask: Ask, alias: str, server: str) -> Answer:
    """Queue the deletion. The account's own VPN server is refused as one that is not in a valid state."""
    own = ask.world.servers.get(server.lower())
    if own is not None and own.system and own.alias == alias:
        return Answer(400, not_queued(server, servers.NOT_VALID))
    found = seen(ask, alias, server)
    try:
        operation = servers.delete(ask.world, found, ask.by)
    except NotQueued as error:
        return Answer(400, not_queued(found.id, str(error)))
    return Answer(202, queued(found, operation.id))


def queued(server: Server, operation_id: str) -> dict[str, Any]:
    """The queue took work for this server."""
    return {"server": server.id, "isQueued": True, "links": [status(server.alias, operation_id)]}


def not_queued(server: str, text: str) -> dict[str, Any]:
    """The queue did not take it."""
    return {"server": server.lower(), "isQueued": False, "errorMessage": text}


def restore(ask: Ask, alias: str, server: str) -> Answer:
    """Queue the way back from the archive."""
    found = seen(ask, alias, server)
    try:
        target = groups.find(ask.world, alias, ask.text("targetGroupId"))
    except NotThere:
        raise Rejected("The request is invalid.", {"targetGroupId": "The group was not found."}) from None
    if target.type != DEFAULT:
        raise Rejected("The request is invalid.", {"targetGroupId": "The group is not of type default."})
    return Answer(202, status(alias, servers.restore(ask.world, found, target, ask.by).id))


def credentials(ask: Ask, alias: str, server: str) -> Answer:
    """How to sign in on the server."""
    found = seen(ask, alias, server)
    name = "administrator" if found.os.startswith("windows") else "root"
    return ok({"userName": name, "password": found.password})


def capabilities(ask: Ask, alias: str, server: str) -> Answer:
    """What can be changed while it runs."""
    seen(ask, alias, server)
    return ok(
        {
            "mountUnmountIso": False,
            "addingCpuRequiresReboot": False,
            "addingMemoryRequiresReboot": False,
            "reservedDrivePaths": ["bin", "boot", "dev", "etc"],
        }
    )


def one_snapshot(ask: Ask, alias: str, server: str, snapshot: str) -> Answer:
    """A snapshot: its name and what can be done with it."""
    found = seen(ask, alias, server)
    return ok(_snapshot(found, servers.snapshot(found, snapshot).number))


def delete_snapshot(ask: Ask, alias: str, server: str, snapshot: str) -> Answer:
    """Queue the removal of a snapshot; the wire has 200 here."""
    found = seen(ask, alias, server)
    operation = servers.drop_snapshot(ask.world, found, servers.snapshot(found, snapshot), ask.by)
    return ok(status(alias, operation.id))


def restore_snapshot(ask: Ask, alias: str, server: str, snapshot: str) -> Answer:
    """Queue the return to a snapshot; the wire has 200 here."""
    found = seen(ask, alias, server)
    operation = servers.restore_snapshot(ask.world, found, servers.snapshot(found, snapshot), ask.by)
    return ok(status(alias, operation.id))


_ONE = "/v2/servers/<alias>/<server>"

ROUTES = (
    Route("GET", _ONE, one, query=("uuid",)),
    Route("DELETE", _ONE, delete, "server.delete"),
    Route("POST", f"{_ONE}/restore", restore, "server.archive", body=fields("targetGroupId", targetGroupId=TEXT)),
    Route("GET", f"{_ONE}/credentials", credentials, "server.credentials"),
    Route("GET", f"{_ONE}/capabilities", capabilities),
    Route("GET", f"{_ONE}/snapshots/<snapshot>", one_snapshot),
    Route("DELETE", f"{_ONE}/snapshots/<snapshot>", delete_snapshot, "snapshot.delete"),
    Route("POST", f"{_ONE}/snapshots/<snapshot>/restore", restore_snapshot, "server.archive"),
)
