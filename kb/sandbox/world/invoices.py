"""Invoices: the usage of one month as line items that add up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from kb.sandbox.world import items, price
from kb.sandbox.world.meter import MONTH
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import Item, Span
from kb.sandbox.world.state import World

_CENT = Decimal("0.01")
_OLDER_WORDS_UNTIL = Month(2015, 1)  # from then on a shared load balancer is no VIP any more

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
    "bandwidth": "Bandwidth: GB Transmitted ({dc})",
    "bucket": "Object Storage",
    "app": "AppFog Applications",
    "agent": "Intrusion Prevention Agents - {dc}",
    "zone": "DNS Zones",
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
    found = [*_used_lines(world, alias, month, now), *one_time(world, alias, month, now)]
    charged = [line for line in found if line.total]
    return charged + _credits(world, alias, month, now, sum((line.total for line in charged), Decimal(0)))


def _used_lines(world: World, alias: str, month: Month, now: datetime) -> Iterator[Line]:
    used = [span for span in world.spans.all() if span.alias == alias and _used(span, month, now)]
    by_line: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for span in used:
        by_line[span.dc, _description(world, span, month), span.per].append(span)
    for (dc, description, per), spans in sorted(by_line.items()):
        yield from _made(dc, description, per, spans, month, now)


def _used(span: Span, month: Month, now: datetime) -> bool:
    return span.started < now and month.touched(span.started, span.ended or now)


def _description(world: World, span: Span, month: Month) -> str:
    if span.family in ("server", "archive") and span.owner.partition(":")[2] not in world.servers:
        return f"Deleted Servers - {span.dc}"
    if span.family == "managed":
        return f"{span.label}: Managed Operating System"
    if span.family == "server":
        return f"Server Group: {span.group} - {span.dc}"
    if span.family == "shared-balancer" and month.start < _OLDER_WORDS_UNTIL.start:
        return f"Load Balanced VIP - {span.dc}"
    return _WORDS[span.family].format(dc=span.dc)


def _made(dc: str, description: str, per: str, spans: list[Span], month: Month, now: datetime) -> Iterator[Line]:
    if per == MONTH:
        yield from _flat(dc, description, spans)
        return
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for span in spans:
        hours = Decimal(str(month.overlap(span.started, span.ended or now)))
        costs[span.label] += hours * Decimal(str(span.price))
    if spans[0].family == "bandwidth":
        yield _bandwidth(dc, description, sum(costs.values(), Decimal(0)))
        return
    details = tuple((label, cost.quantize(_CENT, ROUND_HALF_UP)) for label, cost in sorted(costs.items()))
    total = sum((cost for _, cost in details), Decimal(0))
    yield Line(description, dc, 1, total, details)


def _bandwidth(dc: str, description: str, cost: Decimal) -> Line:
    """Whole gigabytes at the price of one."""
    unit = Decimal(str(price.BANDWIDTH))
    return Line(description, dc, int((cost / unit).to_integral_value(ROUND_HALF_UP)), unit)


def _flat(dc: str, description: str, spans: Iterable[Span]) -> Iterator[Line]:
    """A month costs the whole month, however short it was there."""
    by_price: dict[float, set[str]] = defaultdict(set)
    for span in spans:
        by_price[span.price].add(f"{span.owner} {span.label}")
    for cost, held in sorted(by_price.items()):
        yield Line(description, dc, len(held), Decimal(str(cost)).quantize(_CENT))


def one_time(world: World, alias: str, month: Month, now: datetime) -> Iterator[Line]:
    """Service tasks, in the month in which they were done: body `{"description": …, "hours": …}`."""
    for task in items.of(world, items.TASK, alias):
        if task.created and task.created < now and Month.of(task.created) == month:
            hours = max(int(task.body.get("hours", price.TASK_LEAST)), price.TASK_LEAST)
            words = f"Service Task: {task.body.get('description', task.id)}"
            yield Line(words, task.dc, hours, Decimal(str(price.TASK)).quantize(_CENT))


def _credits(world: World, alias: str, month: Month, now: datetime, owed: Decimal) -> list[Line]:
    """Promotions, as negative lines that never pay out: body `{"description": …, "amount": USD, "months": …}`."""
    found = []
    for credit in items.of(world, items.CREDIT, alias):
        amount = min(Decimal(str(credit.body.get("amount", 0))).quantize(_CENT), owed)
        if amount > 0 and _holds(credit, month, now):
            owed -= amount
            found.append(Line(str(credit.body.get("description", credit.id)), credit.dc, 1, -amount))
    return found


def _holds(credit: Item, month: Month, now: datetime) -> bool:
    """Whether the month is one of those, from its making on, for which the credit is good."""
    if credit.created is None or month.start > now:
        return False
    since = Month.of(credit.created)
    after = (month.year - since.year) * 12 + month.month - since.month
    return 0 <= after < int(credit.body.get("months", 1))
