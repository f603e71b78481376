"""The one request that deletes a thing, by its kind."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kb.checklist.check import Target


@dataclass(frozen=True, slots=True)
class Removal:
    """A request on the base of the thing's kind."""

    method: str
    path: str
    body: Any = None


def removal_of(alias: str, target: Target) -> Removal:
    """The request for this target. Only removable kinds have one; others raise KeyError."""
    if target.id.startswith("network:"):
        return Removal("POST", f"{path_of(alias, target)}/release", {})
    return Removal("DELETE", path_of(alias, target))


def path_of(alias: str, target: Target) -> str:
    """Where the thing itself lives on the base of its kind."""
    kind, _, key = target.id.partition(":")
    place = _part(target.place)
    if kind == "public-ip":
        server, _, address = key.partition("/")
        return f"/v2/servers/{alias}/{_part(server)}/publicIPAddresses/{_part(address)}"
    return {
        "server": f"/v2/servers/{alias}/{_part(key)}",
        "template": f"/v2/servers/{alias}/{_part(key)}",
        "network": f"/v2-experimental/networks/{alias}/{place}/{_part(key)}",
        "shared-load-balancer": f"/v2/sharedLoadBalancers/{alias}/{place}/{_part(key)}",
        "load-balancer": f"/{alias}/{place}/loadbalancers/{_part(key)}",
        "vpn": f"/v2/siteToSiteVpn/{_part(key.upper())}?account={alias}",
        "database": f"/{alias}/subscriptions/{_part(key)}",
    }[kind]


def _part(text: str) -> str:
    """One segment of a path: a slash in a name must not lead elsewhere."""
    return quote(text, safe="")
