"""A fake account API for tests: answers looked up by method and path, given to httpx.MockTransport."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from kb.account.account import Account
from kb.account.client import connect
from kb.checklist.check import Asked

NOW = datetime(2019, 9, 10, 12, 0, tzinfo=UTC)
BASES = {
    "api": "https://api.example",
    "load_balancer": "https://lb.example",
    "database": "https://db.example/v1",
    "backup": "https://backup.example/clc-backup-api/api",
}
TOKEN = "a-secret-token"
Reply = Any  # JSON, an int as bare status, (status, JSON), an exception to raise, or a function of the request


@dataclass
class FakeApi:
    """`routes` maps "GET https://host/path?query" (paths in lower case) to replies; others answer an empty 404."""

    routes: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = f"{request.method} {request.url}".lower()
        self.asked.append(key)
        self.seen.append(request)
        reply = self.routes.get(key, self.routes.get(key.partition("?")[0], 404))
        return _response(reply(request) if callable(reply) else reply)

    def sent(self, method: str) -> list[str]:
        """What was asked with this method, host and path only."""
        return [key.split(" ", 1)[1] for key in self.asked if key.startswith(method.lower())]

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def _response(reply: Reply) -> httpx.Response:
    if isinstance(reply, Exception):
        raise reply
    if isinstance(reply, httpx.Response):
        return reply
    if isinstance(reply, int):
        return httpx.Response(reply)
    if isinstance(reply, tuple):
        return httpx.Response(reply[0], json=reply[1])
    return httpx.Response(200, json=reply)


def account_of(
    api: Callable[[httpx.Request], httpx.Response],
    bases: Mapping[str, str] = BASES,
    roles: tuple[str, ...] = ("AccountAdmin",),
    clock: Callable[[], float] = time.monotonic,
) -> Account:
    """The account ABCD, asked through this fake; it never waits between attempts."""
    client = connect(bases, TOKEN, httpx.MockTransport(api), sleep=lambda seconds: None, clock=clock)
    return Account("ABCD", "pat.abcd", roles, "VA1", client)


def asked(params: Mapping[str, Any] | None = None, answers: Mapping[str, str] | None = None) -> Asked:
    """Asked now, with these params of the side file and answers of the reader."""
    return Asked(NOW, params or {}, answers or {})


API = "GET https://api.example"
LB = "GET https://lb.example"
DB = "GET https://db.example/v1"
BACKUP = "GET https://backup.example/clc-backup-api/api"


def empty_account(*places: str) -> FakeApi:
    """An account with these data centres (VA1 and UC1) in which nothing is billed, but for its own network."""
    api = FakeApi()
    api.routes[f"{API}/v2/datacenters/abcd?grouplinks=true".lower()] = [centre(p) for p in places or ("va1", "uc1")]
    api.routes[f"{API}/v2/accounts/abcd".lower()] = {"accountAlias": "ABCD", "primaryDataCenter": "VA1"}
    for place in places or ("va1", "uc1"):
        put_group(api, place, group(f"{place}-root", groups=[group(f"{place}-archive", "archive")]))
        put_networks(api, place, [network("own", 1)] if place == "va1" else [])
        api.routes[f"{API}/v2/sharedloadbalancers/abcd/{place}".lower()] = []
        api.routes[f"{LB}/abcd/{place}/loadbalancers".lower()] = {"values": []}
    api.routes[f"{API}/v2/sitetositevpn?account=abcd".lower()] = []
    api.routes[f"{DB}/abcd/subscriptions".lower()] = []
    api.routes[f"{BACKUP}/accountpolicies".lower()] = {"limit": 100, "offset": 0, "totalCount": 0, "results": []}
    return api


def put(api: FakeApi, route: str, reply: Reply) -> None:
    """Answer this route ("GET https://…") with this reply."""
    api.routes[route.lower()] = reply


def put_group(api: FakeApi, place: str, root: Mapping[str, Any]) -> None:
    put(api, f"{API}/v2/groups/abcd/{place}-root?serverdetail=detailed", root)


def put_networks(api: FakeApi, place: str, networks: list[dict[str, Any]], **claimed_by: list[str]) -> None:
    """Networks of a data centre and, by network id, the servers that hold their addresses."""
    put(api, f"{API}/v2-experimental/networks/abcd/{place}", networks)
    for item in networks:
        held = [{"address": "10.1.1.9", "claimed": True, "server": name} for name in claimed_by.get(item["id"], [])]
        put(api, f"{API}/v2-experimental/networks/abcd/{place}/{item['id']}/ipaddresses", held)


def centre(place: str) -> dict[str, Any]:
    href = f"/v2/groups/abcd/{place}-root"
    return {"id": place, "name": place.upper(), "links": [{"rel": "group", "href": href, "id": f"{place}-root"}]}


def group(
    id: str,
    type: str = "default",
    servers: list[dict[str, Any]] | None = None,
    groups: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A group as the detailed tree shows it; its `serversCount` lies."""
    return {"id": id, "name": id, "type": type, "serversCount": 0, "servers": servers or [], "groups": groups or []}


def server(name: str, power: str = "started", **fields: Any) -> dict[str, Any]:
    details = {"powerState": power, "disks": [{"id": "0:0"}, {"id": "0:1"}], "snapshots": [], "ipAddresses": []}
    data = {"id": name.lower(), "name": name, "locationId": name[:3], "isTemplate": False, "status": "active"}
    return {**data, "type": "standard", "details": details, "links": [], **fields}


def with_public_ip(data: dict[str, Any], address: str) -> dict[str, Any]:
    details = {**data["details"], "ipAddresses": [{"internal": "10.1.1.4", "public": address}]}
    return {**data, "details": details}


def network(id: str, vlan: int) -> dict[str, Any]:
    return {"id": id, "name": f"vlan_{vlan}_10.1.{vlan}", "cidr": f"10.1.{vlan}.0/24", "type": "private", "vlan": vlan}
