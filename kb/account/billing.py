"""What servers cost a month, from the billing of their groups."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from kb.account.client import Client
from kb.account.resource import amount
from kb.errors import AccountError, SignedOut


def server_costs(client: Client, alias: str, groups: Iterable[str]) -> dict[str, Decimal]:
    """Monthly estimate in US dollars by server id, lower case. A group whose billing cannot be read is left out."""
    costs: dict[str, Decimal] = {}
    for group in dict.fromkeys(groups):
        try:
            costs |= _costs(client.read(f"/v2/groups/{alias}/{quote(group)}/billing"))
        except SignedOut:
            raise
        except AccountError:
            continue
    return costs


def _costs(data: Any) -> dict[str, Decimal]:
    """Both `groups` and `servers` are objects keyed by id."""
    costs = {}
    for group in ((data or {}).get("groups") or {}).values():
        for id, server in (group.get("servers") or {}).items():
            estimate = amount(server.get("monthlyEstimate"))
            archived = amount(server.get("archiveCost"))
            cost = estimate or archived or estimate
            if cost is not None:
                costs[str(id).lower()] = cost
    return costs
