"""The simple-backup host, under `/_backup`: policies; `backup_servers` has what they protect.

The account is the one that `CLC-ALIAS` in the head names, else the token's.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from kb.sandbox.api import door
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, TEXTS, choice, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import data_centres, items
from kb.sandbox.world.records import Item

_SYSTEMS = ("Linux", "Windows")
REGIONS = {
    "APAC": "APAC (Singapore)",
    "GERMANY": "EU (Germany)",
    "GREAT BRITAIN": "EU (Ireland)",
    "US EAST": "US East",
    "US WEST": "US West",
    "CANADA": "Canada",
}
_LISTS = ("paths", "excludedDirectoryPaths")


def policies(ask: Ask) -> Answer:
    """The account's policies, page by page."""
    status = ask.query.get("withstatus", "").upper()
    found = [policy_shown(each) for each in items.of(ask.world, items.BACKUP, account(ask))]
    return ok(page(ask, [each for each in found if status in ("", each["status"])]))


def policy(ask: Ask, policy: str) -> Answer:
    """One policy."""
    return ok(policy_shown(find(ask, policy)))


def create_policy(ask: Ask) -> Answer:
    """Make a policy."""
    alias = account(ask)
    item = Item(items.BACKUP, str(uuid.uuid4()), alias, body=_said(ask, {}), created=ask.world.now())
    return ok(policy_shown(ask.world.items.put(item)))


def change_policy(ask: Ask, policy: str) -> Answer:
    """Set what a policy says."""
    old = find(ask, policy)
    body = _said(ask, old.body)
    status = (ask.optional_text("status") or old.body.get("status", "ACTIVE")).upper()
    if status not in ("ACTIVE", "INACTIVE"):
        raise Rejected("The request is invalid.", {"status": "The value must be ACTIVE or INACTIVE."})
    new = Item(old.kind, old.id, old.alias, old.dc, {**body, "status": status}, old.created)
    return ok(policy_shown(ask.world.items.put(new)))


def eligible(ask: Ask, server: str) -> Answer:
    """The active policies that fit a server's system."""
    found = ask.world.servers.get(server.lower())
    if found is None or found.alias != account(ask):
        raise NotThere(server)
    system = _SYSTEMS[found.os.startswith("windows")]
    known = [policy_shown(each) for each in items.of(ask.world, items.BACKUP, account(ask))]
    return ok(page(ask, [each for each in known if (each["osType"], each["status"]) == (system, "ACTIVE")]))


def regions(ask: Ask) -> Answer:  # noqa: ARG001  all views are called alike
    """Where backups can be stored."""
    return ok([{"name": name, "regionLabel": label, "messages": None} for name, label in REGIONS.items()])


def systems(ask: Ask) -> Answer:  # noqa: ARG001  all views are called alike
    """Which systems can be backed up."""
    return ok(list(_SYSTEMS))


def places(ask: Ask) -> Answer:  # noqa: ARG001  all views are called alike
    """All data centres, by their whole names."""
    return ok([data_centres.full_name(dc) for dc in data_centres.NAMES])


def servers_at(ask: Ask, place: str) -> Answer:
    """The names of the account's servers in a data centre."""
    dc, alias = place[:3].upper(), account(ask)
    return ok(
        [each.name for each in ask.world.servers.all() if (each.alias, each.dc) == (alias, dc) and not each.system]
    )


def find(ask: Ask, key: str) -> Item:
    """The policy. Raises NotThere."""
    return items.find(ask.world, items.BACKUP, account(ask), key)


def account(ask: Ask) -> str:
    """Whose backups are meant. Raises NotThere, Denied."""
    assert ask.user is not None  # noqa: S101  the door let the caller in
    return door.admitted(ask.world, ask.user, ask.headers.get("clc-alias") or ask.user.alias).alias


def _said(ask: Ask, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy is to be. Raises Rejected."""
    said = ask.members()
    body = {**known, "name": ask.text("name"), "osType": ask.text("osType").capitalize()}
    if body["osType"] not in _SYSTEMS:
        raise Rejected("The request is invalid.", {"osType": "The value must be Linux or Windows."})
    for name in _LISTS:
        body[name] = said.get(name.lower(), known.get(name, []))
        if not isinstance(body[name], list) or not all(isinstance(each, str) for each in body[name]):
            raise Rejected("The request is invalid.", {name: "The value must be a list of paths."})
    for name in ("retentionDays", "backupIntervalHours"):
        if said.get(name.lower()) is not None:
            body[name] = whole(said[name.lower()]) or 1
    if said.get("backupschedule"):
        body["backupSchedule"] = str(said["backupschedule"])
    return body


def policy_shown(item: Item) -> dict[str, Any]:
    """A policy as the API shows it."""
    return {
        "policyId": item.id,
        "name": item.id,
        "osType": "Linux",
        "clcAccountAlias": item.alias,
        "status": "ACTIVE",
        "paths": ["/"],
        "excludedDirectoryPaths": [],
        "retentionDays": 30,
        "backupIntervalHours": 24,
        **item.body,
    }


def page(ask: Ask, found: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, sorted as the query says."""
    offset, limit = whole(ask.query.get("offset", 0)) or 0, whole(ask.query.get("limit", 1000)) or 1000
    key = ask.query.get("sortby", "")
    if key and all(key in each for each in found):
        found = sorted(found, key=lambda each: str(each[key]))
        found = found if ask.query.get("ascendingsort", "true").lower() == "true" else found[::-1]
    return {
        "limit": limit,
        "offset": offset,
        "nextOffset": min(offset + limit, len(found)),
        "totalCount": len(found),
        "results": found[offset : offset + limit],
    }


ALL = "/_backup/clc-backup-api/api"
_POLICIES = f"{ALL}/accountPolicies"
_PAGED = ("limit", "offset", "sortBy", "ascendingSort")
_SHAPE = fields(
    "name",
    "osType",
    name=TEXT,
    osType=choice(*_SYSTEMS),
    paths=TEXTS,
    excludedDirectoryPaths=TEXTS,
    retentionDays=NUMBER,
    backupIntervalHours=NUMBER,
    backupSchedule=TEXT,
    status=choice("ACTIVE", "INACTIVE"),
)

ROUTES = (
    Route("GET", f"{ALL}/regions", regions),
    Route("GET", f"{ALL}/osTypes", systems),
    Route("GET", f"{ALL}/datacenters", places),
    Route("GET", f"{ALL}/datacenters/<place>/servers", servers_at),
    Route("GET", _POLICIES, policies, query=(*_PAGED, "withStatus")),
    Route("POST", _POLICIES, create_policy, "backup.edit", body=_SHAPE),
    Route("GET", f"{_POLICIES}/servers/<server>", eligible, query=_PAGED),
    Route("GET", f"{_POLICIES}/<policy>", policy),
    Route("PUT", f"{_POLICIES}/<policy>", change_policy, "backup.edit", body=_SHAPE),
)
