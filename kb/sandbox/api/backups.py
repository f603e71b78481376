"""The simple-backup host, under `/_backup`: policies, protected servers, stored data. The account is the token's."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import items
from kb.sandbox.world.records import Item


def policies(ask: Ask) -> Answer:
    """The account's policies, page by page."""
    status = ask.query.get("withstatus", "").upper()
    found = [_policy(each) for each in items.of(ask.world, items.BACKUP, _alias(ask))]
    return ok(_page(ask, [each for each in found if status in ("", each["status"])]))


def policy(ask: Ask, policy: str) -> Answer:
    """One policy."""
    return ok(_policy(items.find(ask.world, items.BACKUP, _alias(ask), policy)))


def protected(ask: Ask, policy: str) -> Answer:
    """The servers that a policy protects, page by page."""
    found = items.find(ask.world, items.BACKUP, _alias(ask), policy)
    return ok(_page(ask, [_protected(each) for each in _under(ask, found)]))


def unprotect(ask: Ask, policy: str, server_policy: str) -> Answer:
    """Stop to protect a server; what is stored stays and goes on to cost."""
    found = items.find(ask.world, items.BACKUP, _alias(ask), policy)
    chosen = _one(ask, found, server_policy)
    ask.world.items.remove(chosen.key)
    return nothing()


def stored(ask: Ask, policy: str, server_policy: str) -> Answer:
    """How much is stored for a server on a day, also after the server is gone; amounts are texts."""
    day = ask.query.get("searchdate", "")
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Rejected("The request is invalid.", {"searchDate": "The date must be YYYY-MM-DD."}) from None
    items.find(ask.world, items.BACKUP, _alias(ask), policy)
    kept = items.find(ask.world, items.STORED, _alias(ask), server_policy)
    gigabytes = float(kept.body.get("gigabytesStored", 0))
    return ok({"bytesStored": str(int(gigabytes * 1024**3)), "gigabytesStored": str(gigabytes)})


def _alias(ask: Ask) -> str:
    return ask.user.alias if ask.user else ""


def _under(ask: Ask, policy: Item) -> Iterator[Item]:
    for each in items.of(ask.world, items.PROTECTED, policy.alias):
        if str(each.body.get("accountPolicyId", "")).lower() == policy.id.lower():
            yield each


def _one(ask: Ask, policy: Item, key: str) -> Item:
    for each in _under(ask, policy):
        if each.id.lower() == key.lower():
            return each
    raise NotThere(key)


def _policy(item: Item) -> dict[str, Any]:
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


def _protected(item: Item) -> dict[str, Any]:
    return {
        "serverPolicyId": item.id,
        "accountPolicyId": "",
        "serverId": "",
        "storageRegion": "US EAST",
        "clcAccountAlias": item.alias,
        "status": "ACTIVE",
        "expirationDate": 0,
        "unsubscribedDate": 0,
        "storageAccountId": "",
        **item.body,
    }


def _page(ask: Ask, found: Sequence[Any]) -> dict[str, Any]:
    offset, limit = whole(ask.query.get("offset", 0)) or 0, whole(ask.query.get("limit", 1000)) or 1000
    return {
        "limit": limit,
        "offset": offset,
        "nextOffset": min(offset + limit, len(found)),
        "totalCount": len(found),
        "results": list(found[offset : offset + limit]),
    }


_ALL = "/_backup/clc-backup-api/api/accountPolicies"

ROUTES = (
    Route("GET", _ALL, policies, query=("limit", "offset", "withStatus")),
    Route("GET", f"{_ALL}/<policy>", policy),
    Route("GET", f"{_ALL}/<policy>/serverPolicies", protected, query=("limit", "offset")),
    Route("DELETE", f"{_ALL}/<policy>/serverPolicies/<server_policy>", unprotect, "backup.delete"),
    Route("GET", f"{_ALL}/<policy>/serverPolicies/<server_policy>/storedData", stored, query=("searchDate",)),
)
