"""Load balancers of one data centre: the shared ones, and those of the load-balancer service on its own host."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kb.account.client import Client, as_list
from kb.account.kind import LOAD_BALANCER, SHARED_LOAD_BALANCER, Kind
from kb.account.resource import Found, Resource
from kb.words import words

NOT_OFFERED = words("The account API knows no such service there.")


def find_shared_load_balancers(client: Client, alias: str, place: str) -> Found:
    """The load balancers themselves are billed, not their pools; deleted ones may still be listed."""
    listed = client.read(f"/v2/sharedLoadBalancers/{alias}/{quote(place)}")
    return _found(SHARED_LOAD_BALANCER, place, listed, "ipAddress")


def find_load_balancers(client: Client, alias: str, place: str) -> Found:
    """The instances of the load-balancer service."""
    data = client.read(f"/{alias}/{quote(place)}/loadbalancers", "load_balancer")
    return _found(LOAD_BALANCER, place, None if data is None else data["values"], "publicIPAddress")


def _found(kind: Kind, place: str, listed: Any, address: str) -> Found:
    if listed is None:
        return Found((kind,), place, missing=NOT_OFFERED)
    kept = [item for item in as_list(listed) if str(item.get("status", "")).lower() != "deleted"]
    return Found((kind,), place, tuple(_resource(kind, place, item, address) for item in kept))


def _resource(kind: Kind, place: str, data: Mapping[str, Any], address: str) -> Resource:
    pools = len(data.get("pools") or [])
    return Resource(
        kind,
        str(data["id"]).lower(),
        str(data.get("name") or data["id"]),
        place,
        note=str(data.get(address) or ""),
        monthly=kind.list_price,
        takes="" if not pools else words("1 pool") if pools == 1 else words("{pools} pools", pools=pools),
    )
