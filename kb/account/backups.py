"""What Simple Backup still stores: data outlives its server and its policy, and is billed by the gigabyte."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from kb.account.client import Client, as_list
from kb.account.kind import BACKUP, BACKUP_PRICE
from kb.account.resource import Found, Resource, amount
from kb.words import words

_PAGE = 100
_PAGES = 1000  # more can only be a server that counts wrong


def find_backups(client: Client, alias: str, today: date) -> Found:
    """Every server policy of every account policy, active or not, that still stores something."""
    stored = []
    for policy in _pages(client, "/accountPolicies"):
        if str(policy.get("clcAccountAlias") or alias).upper() != alias.upper():
            continue
        below = f"/accountPolicies/{quote(str(policy['policyId']))}/serverPolicies"
        for server_policy in _pages(client, below):
            gigabytes = _stored(client, f"{below}/{quote(str(server_policy['serverPolicyId']))}", today)
            if gigabytes > 0:
                stored.append(_resource(policy, server_policy, gigabytes))
    return Found((BACKUP,), "", tuple(stored))


def _pages(client: Client, path: str) -> Iterator[Mapping[str, Any]]:
    offset = 0
    for _ in range(_PAGES):
        page = client.must_read(f"{path}?limit={_PAGE}&offset={offset}", BACKUP.base)
        if isinstance(page, list):  # an answer without pages
            yield from page
            return
        yield from as_list(page["results"])
        offset += len(page["results"])
        if not page["results"] or offset >= int(page.get("totalCount") or 0):
            return


def _stored(client: Client, path: str, today: date) -> Decimal:
    """Gigabytes stored today, or yesterday where today is not counted yet."""
    for day in (today, today - timedelta(days=1)):
        data = client.read(f"{path}/storedData?searchDate={day.isoformat()}", BACKUP.base)
        if data is not None:
            gigabytes = amount(data.get("gigabytesStored"))
            return gigabytes if gigabytes else (amount(data.get("bytesStored")) or Decimal(0)) / 10**9
    return Decimal(0)


def _resource(policy: Mapping[str, Any], server_policy: Mapping[str, Any], gigabytes: Decimal) -> Resource:
    server = str(server_policy.get("serverId") or "").upper()
    key = f"{policy['policyId']}/{server_policy['serverPolicyId']}".lower()
    return Resource(
        BACKUP,
        key,
        f"{policy.get('name') or 'backup'} of {server}" if server else str(policy.get("name") or key),
        server[:3],  # server names begin with their data centre
        note=words("{gigabytes} GB stored; ask support to purge it", gigabytes=f"{gigabytes.normalize():f}"),
        monthly=gigabytes * BACKUP_PRICE,
    )
