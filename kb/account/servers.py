"""Servers of one data centre, in whatever state; with them templates and public addresses."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from kb.account.billing import server_costs
from kb.account.client import Client
from kb.account.exemption import Owner, judge_server
from kb.account.kind import PUBLIC_IP, SERVER, TEMPLATE
from kb.account.resource import Found, Resource
from kb.errors import AccountError, SignedOut
from kb.words import counted, enumerated, words

LOOKED_FOR = (SERVER, TEMPLATE, PUBLIC_IP)

_STATUS = {
    "archived": words("archived"),
    "underconstruction": words("under construction"),
    "queuedfordelete": words("being deleted"),
    "queuedforarchive": words("being archived"),
    "queuedforrestore": words("being restored"),
}
_POWER = {"started": words("running"), "stopped": words("stopped"), "paused": words("paused")}
_DETAILED = "serverDetail=detailed"


@dataclass(frozen=True, slots=True)
class Member:
    """One server as the API tells it, and the type of the group in which it lies."""

    data: Mapping[str, Any]
    group_type: str


def find_servers(client: Client, owner: Owner, place: str, root: str) -> Found:
    """Walk the tree below the root group with this href. What cannot be read is named in `missing`."""
    walk = _Walk(client, owner.alias)
    members = list(walk.members(root))
    costs = server_costs(client, owner.alias, walk.billed_groups) if members else {}
    resources = [item for member in members for item in _resources(member, owner, place, costs)]
    return Found(LOOKED_FOR, place, tuple(resources), " ".join(walk.missing))


class _Walk:
    """One walk through a group tree; it never trusts `serversCount`, which is 0 for archives and may lag."""

    def __init__(self, client: Client, alias: str) -> None:
        self.client = client
        self.alias = alias
        self.missing: list[str] = []
        self.billed_groups: list[str] = []  # the root, the archive, the templates

    def members(self, root: str) -> Iterator[Member]:
        """Every server below the root. Raises AccountError when the root itself cannot be read."""
        group = self.client.must_read(f"{root}?{_DETAILED}")
        self.billed_groups.append(str(group["id"]))
        yield from self._below(group, detailed="servers" in group)

    def _below(self, group: Mapping[str, Any], *, detailed: bool) -> Iterator[Member]:
        kind = str(group.get("type", "default"))
        if kind != "default":
            self.billed_groups.append(str(group.get("id", "")))
        if detailed and "servers" not in group:
            group = self._again(group)
        servers = group.get("servers") or []
        known = {str(server.get("id", "")).lower() for server in servers}
        yield from (Member(server, kind) for server in servers)
        for id in _linked(group) - known:
            yield from self._single(id, kind)
        for child in group.get("groups") or []:
            yield from self._below(child, detailed=detailed)

    def _again(self, group: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same group, read alone, because the detailed tree left out its servers."""
        try:
            alone: Mapping[str, Any] = self.client.must_read(f"/v2/groups/{self.alias}/{quote(str(group['id']))}")
        except SignedOut:
            raise
        except AccountError as error:
            self.missing.append(
                words("The group {name} could not be read: {error}", name=group.get("name", ""), error=error)
            )
            return group
        return {**group, "links": alone.get("links", [])}

    def _single(self, id: str, group_type: str) -> Iterator[Member]:
        try:
            data = self.client.read(f"/v2/servers/{self.alias}/{quote(id)}")
        except SignedOut:
            raise
        except AccountError as error:
            self.missing.append(words("The server {name} could not be read: {error}", name=id.upper(), error=error))
            return
        if data is not None:  # else it was deleted since the group was read
            yield Member(data, group_type)


def _linked(group: Mapping[str, Any]) -> set[str]:
    links = group.get("links") or []
    return {str(link.get("id", "")).lower() for link in links if link.get("rel") == "server"}


def _resources(member: Member, owner: Owner, place: str, costs: Mapping[str, Decimal]) -> Iterator[Resource]:
    data = member.data
    if str(data.get("status", "")).lower() == "deleted":
        return
    addresses = _public_addresses(data)
    server = judge_server(owner, _server(member, place, costs, addresses), member.group_type)
    yield server
    for address in addresses:
        yield _public_ip(address, server)


def _server(member: Member, place: str, costs: Mapping[str, Decimal], addresses: Iterable[str]) -> Resource:
    data = member.data
    id = str(data["id"]).lower()
    is_template = data.get("isTemplate") is True or member.group_type.lower() == "templates"
    return Resource(
        kind=TEMPLATE if is_template else SERVER,
        key=id,
        name=str(data.get("name") or id.upper()),
        place=str(data.get("locationId") or place).upper(),
        note="" if is_template else _note(data),
        monthly=costs.get(id),
        takes=_takes(data, addresses),
        removable=not str(data.get("status", "")).lower().startswith("queued"),
    )


def _public_ip(address: str, server: Resource) -> Resource:
    return replace(
        server,
        kind=PUBLIC_IP,
        key=f"{server.key}/{address}",
        name=address,
        note=server.note if server.state == "ignored" else words("on {server}", server=server.name),
        monthly=PUBLIC_IP.list_price,
        goes_with=server.id,
        takes="",
    )


def _note(data: Mapping[str, Any]) -> str:
    status = str(data.get("status", ""))
    power = str((data.get("details") or {}).get("powerState", ""))
    note = _STATUS.get(status.lower()) or _POWER.get(power.lower()) or status
    return words("bare metal, {note}", note=note) if "bare" in str(data.get("type", "")).lower() else note


def _takes(data: Mapping[str, Any], addresses: Iterable[str]) -> str:
    details = data.get("details") or {}
    disks = len(details.get("disks") or []) or int(details.get("diskCount") or 0)
    snapshots, public = len(details.get("snapshots") or []), len(list(addresses))
    taken = [
        counted("{number} disk", "{number} disks", disks) if disks else "",
        counted("{number} snapshot", "{number} snapshots", snapshots) if snapshots else "",
        counted("{number} public IP address", "{number} public IP addresses", public) if public else "",
    ]
    return enumerated(text for text in taken if text)


def _public_addresses(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Public addresses from the details and from the links: archived servers may show them in either."""
    details = data.get("details") or {}
    told = [str(item["public"]) for item in details.get("ipAddresses") or [] if item.get("public")]
    links = [link for link in data.get("links") or [] if link.get("rel") == "publicIPAddress"]
    linked = [str(link["id"]) for link in links if link.get("id")]
    return tuple(dict.fromkeys([*told, *linked]))
