"""Invoices: the usage of one month as line items that add up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from kb.sandbox.world.meter import MONTH
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import Span
from kb.sandbox.world.state import World

_CENT = Decimal("0.01")

# how a line is worded for each family; the ones with a price for each piece show how many
_WORDS = {
    "archive": "Archived Servers - {dc}",
    "template": "Templates - {dc}",
    "address": "External IP Address ({dc})",
    "network": "Additional Networks - {dc}",
    "vpn": "Site to Site VPN - {dc}",
    "shared-balancer": "Shared Load Balancer - {dc}",
    "balancer": "Load Balancer - {dc}",
    "subscription": "Relational Database - {dc}",
    "stored": "Simple Backup Storage - {dc}",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line item; quantity times unit is the total, and the details, if any, sum to it."""

    description: str
    dc: str
    quantity: int
    unit: Decimal
    details: tuple[tuple[str, Decimal], ...] = ()

    @property
    def total(self) -> Decimal:
        return self.quantity * self.unit


def lines(world: World, alias: str, month: Month, now: datetime) -> list[Line]:
    """What the account used in this month, up to now; nothing for a month that has not begun."""
    used = [span for span in world.spans.all() if span.alias == alias and _used(span, month, now)]
    by_line: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for span in used:
        by_line[span.dc, _description(world, span), span.per].append(span)
    found = [
        line
        for (dc, description, per), spans in sorted(by_line.items())
        for line in _made(dc, description, per, spans, month, now)
    ]
    return [line for line in found if line.total]


def _used(span: Span, month: Month, now: datetime) -> bool:
    return span.started < now and month.touched(span.started, span.ended or now)


def _description(world: World, span: Span) -> str:
    if span.family in ("server", "archive") and span.owner.partition(":")[2] not in world.servers:
        return f"Deleted Servers - {span.dc}"
    if span.family == "managed":
        return f"{span.label}: Managed Operating System"
    if span.family == "server":
        return f"Server Group: {span.group} - {span.dc}"
    return _WORDS[span.family].format(dc=span.dc)


def _made(dc: str, description: str, per: str, spans: Iterable[Span], month: Month, now: datetime) -> Iterator[Line]:
    if per == MONTH:
        yield from _flat(dc, description, spans)
        return
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for span in spans:
        hours = Decimal(str(month.overlap(span.started, span.ended or now)))
        costs[span.label] += hours * Decimal(str(span.price))
    details = tuple((label, cost.quantize(_CENT, ROUND_HALF_UP)) for label, cost in sorted(costs.items()))
    total = sum((cost for _, cost in details), Decimal(0))
    yield Line(description, dc, 1, total, details)


def _flat(dc: str, description: str, spans: Iterable[Span]) -> Iterator[Line]:
    """A month costs the whole month, however short it was there."""
    by_price: dict[float, set[str]] = defaultdict(set)
    for span in spans:
        by_price[span.price].add(f"{span.owner} {span.label}")
    for price, held in sorted(by_price.items()):
        yield Line(description, dc, len(held), Decimal(str(price)).quantize(_CENT))
