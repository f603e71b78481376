"""What each thing costs, and the spans of time during which it cost that."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.sandbox.world import price
from kb.sandbox.world.records import (
    ARCHIVED,
    BUILDING,
    STARTED,
    STOPPED,
    Balancer,
    Group,
    Item,
    Network,
    Server,
    SharedBalancer,
    Span,
    Vpn,
)
from kb.sandbox.world.table import Table

HOUR, MONTH = "hour", "month"
COMPUTE = frozenset({"server", "archive", "template", "managed"})  # families that views of servers and groups show


@dataclass(frozen=True, slots=True)
class Charge:
    """What a thing costs while it is as it is. `family` chooses the line of the invoice, `label` its detail."""

    family: str
    label: str
    price: float  # USD
    per: str = HOUR
    group: str = ""  # name of the group, for servers

    @property
    def key(self) -> tuple[str, str, float, str, str]:
        """Equal keys are the same charge going on."""
        return (self.family, self.label, self.price, self.per, self.group)


def key_of(span: Span) -> tuple[str, str, float, str, str]:
    """The key of the charge that a span is about."""
    return (span.family, span.label, span.price, span.per, span.group)


def made(thing: Any) -> datetime | None:
    """When `thing` came to be, if it says so."""
    change = getattr(thing, "change", None)
    moment: datetime | None = change.created if change else getattr(thing, "created", None)
    return moment


def span(charge: Charge, thing: Any, owner: str, since: datetime) -> Span:
    """Count `charge` from `since` on."""
    return Span(
        id=secrets.token_hex(8),
        owner=owner,
        alias=thing.alias,
        dc=thing.dc,
        family=charge.family,
        label=charge.label,
        price=charge.price,
        per=charge.per,
        started=since,
        group=charge.group,
    )


def charges(thing: Any, groups: Table[Group]) -> Iterator[Charge]:
    """What `thing` costs now; nothing for what is free or comes with the account."""
    match thing:
        case Server(system=False):
            yield from _server_charges(thing, groups)
        case Network(own=False):
            yield Charge("network", thing.name, price.NETWORK, MONTH)
        case SharedBalancer() if thing.status != "deleted":
            yield Charge("shared-balancer", thing.name, price.SHARED_BALANCER)
        case Balancer(status="active"):
            yield Charge("balancer", thing.name, price.BALANCER)
        case Vpn():
            yield Charge("vpn", thing.site, price.VPN, MONTH)
        case Item(kind="subscription" | "stored" | "bucket" | "app" | "agent" | "zone"):
            per = MONTH if thing.kind == "zone" else HOUR
            yield Charge(thing.kind, str(thing.body.get("externalId", thing.id)), price.item(thing), per)


def _server_charges(server: Server, groups: Table[Group]) -> Iterator[Charge]:
    hourly = hourly_price(server)
    group = groups.get(server.group)
    if server.template:
        yield Charge("template", server.name, hourly)
    elif server.status == ARCHIVED:
        yield Charge("archive", server.name, hourly)
    elif server.status != BUILDING:
        managed = _management(server)
        label = f"{server.name} - Hyperscale" if server.type == "hyperscale" else server.name
        yield Charge("server", label, round(hourly - managed, 6), group=group.name if group else "")
        if managed:
            yield Charge("managed", server.name, managed)
        if server.sends and server.power == STARTED:
            yield Charge("bandwidth", server.name, round(server.sends / 24 * price.BANDWIDTH, 6))
    for address in server.addresses:
        if address.public:
            yield Charge("address", address.public, price.ADDRESS, MONTH)


def hourly_price(server: Server) -> float:
    """USD for an hour of this server as it is now, without its public addresses."""
    if server.status == ARCHIVED:
        return round(server.storage * price.ARCHIVE, 6)
    if server.type == "bareMetal":
        return price.BARE_METAL
    total = server.storage * price.storage(server.storage_type)
    if not server.template:
        total += _licence(server) + _management(server)
        if server.power == STARTED:
            total += server.cpu * price.CPU + server.memory * price.MEMORY
    return round(total, 6)


def _management(server: Server) -> float:
    """A paused server is still managed, one that is off is not."""
    return price.MANAGED if server.managed and server.type != "bareMetal" and server.power != STOPPED else 0.0


def _licence(server: Server) -> float:
    licensed = server.os.lower().startswith(("windows", "redhat"))
    return server.cpu * price.LICENCE if licensed else 0.0
