"""Subscriptions of the relational database service."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kb.account.client import Client
from kb.account.kind import DATABASE
from kb.account.resource import Found, Resource, amount
from kb.errors import AccountError, SignedOut

_GONE = {"deleted", "terminated"}


def find_databases(client: Client, alias: str) -> Found:
    """One list for the whole account."""
    listed = client.read_list(f"/{alias}/subscriptions", DATABASE.base)
    kept = [data for data in listed if str(data.get("status", "")).lower() not in _GONE]
    return Found((DATABASE,), "", tuple(_resource(data, _cost(client, alias, data["id"])) for data in kept))


def _resource(data: Mapping[str, Any], monthly: Decimal | None) -> Resource:
    return Resource(
        DATABASE,
        str(data["id"]),
        str(data.get("externalId") or f"{data.get('instanceType') or 'database'} {data['id']}"),
        str(data.get("location") or "").upper(),
        note=str(data.get("status") or "").lower(),
        monthly=monthly,
        takes="backups" if data.get("backups") else "",
    )


def _cost(client: Client, alias: str, id: object) -> Decimal | None:
    try:
        data = client.read(f"/{alias}/billing?subscriptionId={id}", DATABASE.base)
    except SignedOut:
        raise
    except AccountError:
        return None
    return amount(data.get("monthlyEstimate")) if isinstance(data, dict) else None
