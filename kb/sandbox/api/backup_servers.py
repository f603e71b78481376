"""Servers that backup policies protect, and what is stored of them, on the simple-backup host."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.backups import ALL, REGIONS, account, find, page, policy_shown
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import items
from kb.sandbox.world.records import Item

_RUNNING = ("PROVISIONING", "PENDING_INSTALL", "ERROR")  # from these a server policy can be made inactive
_MOST_POINTS = 400


def protected(ask: Ask, policy: str) -> Answer:
    """The servers that a policy protects, page by page."""
    return ok(page(ask, [shown(each) for each in _under(ask, find(ask, policy))]))


def one_protected(ask: Ask, policy: str, server_policy: str) -> Answer:
    """One server that a policy protects."""
    return ok(shown(_one(ask, find(ask, policy), server_policy)))


def protect(ask: Ask, policy: str) -> Answer:
    """Protect a server; with the header `Bulk-Operation`, many."""
    found = find(ask, policy)
    if ask.headers.get("bulk-operation", "").lower() != "true":
        item = _protect(ask, found, ask.text("serverId"), ask.text("storageRegion"))
        return ok(shown(item))
    asked = ask.json()
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise Rejected("The request is invalid.", {"body": "The body must be a list."})
    answers = [_in_bulk(ask, found, each) for each in asked]
    good = sum(each["success"] for each in answers)
    told = "SUCCESS" if good == len(answers) else "PARTIAL" if good else "FAILED"
    return ok({"status": told, "createServerPolicyResponseList": answers})


def _in_bulk(ask: Ask, policy: Item, data: Mapping[str, Any]) -> dict[str, Any]:
    name, region = str(data.get("serverId", "")), str(data.get("storageRegion", ""))
    try:
        made, wrong = shown(_protect(ask, policy, name, region)), None
    except Rejected as error:
        none = {"serverPolicyId": None, "accountPolicyId": None, "status": None}
        made = {**shown(Item(items.PROTECTED, "", policy.alias)), **none, "serverId": name, "storageRegion": region}
        wrong = str(error)
    return {"success": wrong is None, "error": wrong, "validationMessages": None, "serverPolicy": made}


def _protect(ask: Ask, policy: Item, name: str, region: str) -> Item:
    server = ask.world.servers.get(name.lower())
    if server is None or server.alias != policy.alias or server.system:
        raise Rejected(f"Failed to get server information for serverId={name}")
    chosen = next((each for each in REGIONS if each.replace(" ", "") == region.upper().replace(" ", "")), None)
    if chosen is None:
        raise Rejected(f"The storage region {region} is not known.")
    body = {"accountPolicyId": policy.id, "serverId": server.name, "storageRegion": chosen, "status": "PROVISIONING"}
    made = Item(items.PROTECTED, str(uuid.uuid4()), policy.alias, server.dc, body, ask.world.now())
    return ask.world.items.put(made)


def change_protected(ask: Ask, policy: str, server_policy: str) -> Answer:
    """Make a server policy inactive that never got active."""
    found = _one(ask, find(ask, policy), server_policy)
    told = shown(found)["status"]
    if ask.text("path").lower() != "/status" or ask.text("value").upper() != "INACTIVE" or told not in _RUNNING:
        raise Rejected("The status cannot be changed like that.")
    body = {**found.body, "status": "INACTIVE"}
    return ok(shown(ask.world.items.put(Item(found.kind, found.id, found.alias, found.dc, body, found.created))))


def unprotect(ask: Ask, policy: str, server_policy: str) -> Answer:
    """Stop to protect a server; what is stored stays and goes on to cost."""
    ask.world.items.remove(_one(ask, find(ask, policy), server_policy).key)
    return nothing()


def stored(ask: Ask, policy: str, server_policy: str) -> Answer:
    """How much is stored for a server, also after it is gone; the same on every day, and amounts are texts."""
    found = find(ask, policy)
    _day(ask, "searchDate")
    kept = _kept(ask, found, server_policy)
    if kept is None:
        _one(ask, found, server_policy)
    gigabytes = float(kept.body.get("gigabytesStored", 0)) if kept else 0.0
    return ok({"bytesStored": str(int(gigabytes * 1024**3)), "gigabytesStored": str(gigabytes)})


def restore_points(ask: Ask, policy: str, server_policy: str) -> Answer:
    """What can be restored: one point for each day on which something was stored."""
    found = find(ask, policy)
    first, last = _day(ask, "backupFinishedStartDate"), _day(ask, "backupFinishedEndDate")
    kept = _kept(ask, found, server_policy)
    if kept is None:
        _one(ask, found, server_policy)
        return ok(page(ask, []))
    first, last = max(first, _since(kept)), min(last, ask.world.now().date())
    days = range(min((last - first).days + 1, _MOST_POINTS))
    retention = int(policy_shown(found)["retentionDays"])
    return ok(page(ask, [_point(kept, first + timedelta(days=each), retention) for each in days]))


def _point(kept: Item, day: date, retention: int) -> dict[str, Any]:
    size = int(float(kept.body.get("gigabytesStored", 0)) * 1024**3)
    expires = day + timedelta(days=retention)
    nothing_else = (
        "filesTransferredToStorage", "bytesTransferredToStorage", "filesFailedTransferToStorage",
        "bytesFailedToTransfer", "filesRemovedFromDisk", "bytesInStorageForItemsRemoved",
    )  # fmt: skip
    return {
        "restorePointId": f"{kept.id}{day:%Y%m%d}020000",
        "policyId": kept.id,
        "retentionDays": retention,
        "backupStartedDate": f"{day}T02:00:00.000Z",
        "backupFinishedDate": f"{day}T02:04:00.000Z",
        "retentionExpiredDate": f"{expires}T02:00:00.000Z",
        "restorePointCreationStatus": "SUCCESS",
        **dict.fromkeys(nothing_else, 0),
        "unchangedFilesNotTransferred": 3,
        "unchangedBytesInStorage": size,
        "numberOfProtectedFiles": 3,
    }


def _since(kept: Item) -> date:
    return kept.created.date() if kept.created else date.min


def _kept(ask: Ask, policy: Item, key: str) -> Item | None:
    """What is stored; it may be there without the server, or not be there with it."""
    known = items.of(ask.world, items.STORED, policy.alias)
    return next((each for each in known if each.id.lower() == key.lower()), None)


def details(ask: Ask) -> Answer:
    """By which policies a server is protected."""
    name, statuses = ask.query.get("serverid", "").lower(), ask.query.get("withstatus", "").upper()
    if not name:
        raise Rejected("The request is invalid.", {"serverId": "The serverId field is required."})
    held = [shown(each) for each in items.of(ask.world, items.PROTECTED, account(ask))]
    mine = [
        each for each in held if each["serverId"].lower() == name and each["status"] in (statuses or each["status"])
    ]
    return ok([_detail(ask, each) for each in mine])


def _detail(ask: Ask, held: dict[str, Any]) -> dict[str, Any]:
    policy = policy_shown(find(ask, str(held["accountPolicyId"])))
    both = {name: policy[name] for name in policy if name not in ("policyId", "status", "excludedDirectoryPaths")}
    active = (policy["status"], held["status"]) == ("ACTIVE", "ACTIVE")
    named = {name: held[name] for name in ("accountPolicyId", "serverPolicyId", "serverId", "storageRegion")}
    states = {"accountPolicyStatus": policy["status"], "serverPolicyStatus": held["status"]}
    return {**both, **named, **states, "backupProvider": None, "eligibleForBackup": active}


def _under(ask: Ask, policy: Item) -> Iterator[Item]:
    for each in items.of(ask.world, items.PROTECTED, policy.alias):
        if str(each.body.get("accountPolicyId", "")).lower() == policy.id.lower():
            yield each


def _one(ask: Ask, policy: Item, key: str) -> Item:
    for each in _under(ask, policy):
        if each.id.lower() == key.lower():
            return each
    raise NotThere(key)


def shown(item: Item) -> dict[str, Any]:
    """A protected server as the API shows it."""
    return {
        "serverPolicyId": item.id,
        "accountPolicyId": "",
        "serverId": "",
        "storageRegion": "US EAST",
        "clcAccountAlias": item.alias,
        "status": "ACTIVE",
        "expirationDate": 0,
        "unsubscribedDate": 0,
        "storageAccountId": None,
        **item.body,
    }


def _day(ask: Ask, name: str) -> date:
    try:
        return date.fromisoformat(ask.query.get(name.lower(), ""))
    except ValueError:
        raise Rejected("The request is invalid.", {name: "The date must be YYYY-MM-DD."}) from None


_OF_POLICY = f"{ALL}/accountPolicies/<policy>/serverPolicies"
_ONE = f"{_OF_POLICY}/<server_policy>"
_POINTS = ("backupFinishedStartDate", "backupFinishedEndDate", "limit", "offset", "sortBy", "ascendingSort")
_SERVER = fields("serverId", "storageRegion", serverId=TEXT, storageRegion=TEXT, clcAccountAlias=TEXT)
_SHAPE = {"oneOf": [_SERVER, rows(_SERVER)]}

ROUTES = (
    Route("GET", f"{ALL}/serverPolicyDetails", details, query=("serverId", "withStatus")),
    Route("GET", _OF_POLICY, protected, query=("limit", "offset")),
    Route("POST", _OF_POLICY, protect, "backup.edit", body=_SHAPE),
    Route("GET", _ONE, one_protected),
    Route("PATCH", _ONE, change_protected, "backup.edit", body=fields("path", "value", op=TEXT, path=TEXT, value=TEXT)),
    Route("DELETE", _ONE, unprotect, "backup.delete"),
    Route("GET", f"{_ONE}/storedData", stored, query=("searchDate",)),
    Route("GET", f"{_ONE}/restorePointDetails", restore_points, query=_POINTS),
)
