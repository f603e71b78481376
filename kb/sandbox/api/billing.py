"""Billing: what groups and servers cost, and the invoice of a month as an estimate."""

import hashlib
from datetime import datetime
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import groups, invoices, meter, price
from kb.sandbox.world.meter import COMPUTE
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import ARCHIVED, STARTED, Server, Span


def invoice(ask: Ask, alias: str, year: str, month: str) -> Answer:
    """The usage of one month, not the actual bill."""
    period, now = _month(year, month), ask.world.now()
    account = ask.world.accounts.get(alias)
    assert account is not None  # noqa: S101  the door let the caller in
    lines = invoices.lines(ask.world, alias, period, now)
    body: dict[str, Any] = {
        "id": invoice_id(alias, period),
        "terms": account.terms,
        "companyName": account.name,
        "accountAlias": alias,
        "pricingAccountAlias": ask.query.get("pricingaccountalias") or ask.query.get("pricingaccount") or alias,
        "parentAccountAlias": account.parent or None,
        "address1": account.street,
        "city": account.city,
        "stateProvince": account.region,
        "postalCode": account.postcode,
        "billingContactEmail": account.email,
        "invoiceCCEmail": "",
        "totalAmount": float(sum(line.total for line in lines)),
        "invoiceDate": zulu(period.end),
        "lineItems": [_line(line) for line in lines],
    }
    return ok({name: value for name, value in body.items() if value is not None})


def invoice_id(alias: str, month: Month) -> str:
    """The alias and eight hex digits."""
    return alias + hashlib.sha256(f"{alias} {month.year} {month.month}".encode()).hexdigest()[:8].upper()


def _line(line: invoices.Line) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "description": line.description,
        "unitCost": float(line.unit),
        "itemTotal": float(line.total),
        "serviceLocation": line.dc,
        "itemDetails": [{"description": label, "cost": float(cost)} for label, cost in line.details],
    }


def _month(year: str, month: str) -> Month:
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and 1970 <= int(year) < 9999):
        raise Rejected("The request is invalid.", {"year": "The value is not valid."})
    if not (month.isascii() and month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12):
        raise Rejected("The request is invalid.", {"month": "The value is not valid."})
    return Month(int(year), int(month))


def group(ask: Ask, alias: str, group: str) -> Answer:
    """What the servers of a group and of all groups below cost; objects keyed by id, not lists."""
    found = groups.find(ask.world, alias, group)
    shown = {
        each.id: {
            "name": each.name,
            "servers": {
                server.id: costs(ask, server)
                for server in groups.members(ask.world, each)
                if server.status != ARCHIVED or ask.may("archived.see")
            },
        }
        for each in groups.below(ask.world, found)
    }
    return ok({"date": zulu(ask.world.now()), "groups": shown})


def costs(ask: Ask, server: Server) -> dict[str, float]:
    """What one server costs, USD."""
    now = ask.world.now()
    month = Month.of(now)
    hourly = meter.hourly_price(server)
    so_far = _month_to_date(ask, server, month, now)
    whole = hourly * month.hours
    return {
        "templateCost": round(whole, 2) if server.template else 0.0,
        "archiveCost": round(whole, 2) if server.status == ARCHIVED else 0.0,
        "monthlyEstimate": round(so_far + hourly * month.overlap(now, month.end), 2),
        "monthToDate": round(so_far, 2),
        "currentHour": round(hourly, 4),
    }


def _month_to_date(ask: Ask, server: Server, month: Month, now: datetime) -> float:
    return sum(month.overlap(span.started, span.ended or now) * span.price for span in compute_spans(ask, server))


def compute_spans(ask: Ask, server: Server) -> list[Span]:
    """What views of servers and groups count: neither public addresses nor bandwidth."""
    spans = ask.world.spans_of.get(f"Server:{server.id}", {}).values()
    return [span for span in spans if span.family in COMPUTE]


def pricing(ask: Ask, alias: str, server: str) -> Answer:
    """What one unit of this server's resources costs an hour."""
    try:
        found = seen(ask, alias, server)
    except NotThere:
        return Answer(404)
    running = found.power == STARTED and found.status != ARCHIVED
    return ok(
        {
            "cpu": price.CPU if running else 0.0,
            "memoryGB": price.MEMORY if running else 0.0,
            "storageGB": price.ARCHIVE if found.status == ARCHIVED else price.storage(found.storage_type),
            "managedOS": price.MANAGED if found.managed else 0.0,
        }
    )


ROUTES = (
    Route(
        "GET",
        "/v2/invoice/<alias>/<year>/<month>",
        invoice,
        "bill.see",
        query=("pricingAccount", "pricingAccountAlias"),
    ),
    Route("GET", "/v2/groups/<alias>/<group>/billing", group),
    Route("GET", "/v2/billing/<alias>/serverPricing/<server>", pricing),
    Route("GET", "/v2/billing/<alias>/estimate-server/<server>", pricing),
)
