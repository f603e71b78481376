"""API v1: billing. The ledger is what the portal shows as usage history; v2 has one invoice for each month instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kb.sandbox.api import billing
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import zulu
from kb.sandbox.api.v1_session import INVALID, NOT_FOUND, Said, account, method
from kb.sandbox.errors import NotThere, Unsuccessful
from kb.sandbox.world import groups, invoices, servers
from kb.sandbox.world.meter import HOUR
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import Group, Server

_LEDGER = 24  # months


def summary(ask: Ask, said: Said) -> dict[str, Any]:
    """What the account costs now and this month."""
    alias, now = account(ask, said).alias, ask.world.now()
    month = Month.of(now)
    open_spans = [each for each in ask.world.spans.all() if each.alias == alias and each.per == HOUR]
    hourly = sum(each.price for each in open_spans if each.ended is None)
    hour_ago = now - timedelta(hours=1)
    before = sum(_overlap(each.started, each.ended or now, hour_ago, now) * each.price for each in open_spans)
    so_far = float(sum(line.total for line in invoices.lines(ask.world, alias, month, now)))
    return {
        "OneTimeCharges": float(sum(line.total for line in invoices.one_time(ask.world, alias, month, now))),
        "MonthToDateTotal": round(so_far, 2),
        "MonthlyEstimate": round(so_far + hourly * month.overlap(now, month.end), 2),
        "MonthToDate": round(so_far, 2),
        "CurrentHour": round(hourly, 4),
        "PreviousHour": round(before, 4),
    }


def _overlap(started: datetime, ended: datetime, since: datetime, until: datetime) -> float:
    return max((min(ended, until) - max(started, since)).total_seconds() / 3600, 0.0)


def history(ask: Ask, said: Said) -> dict[str, Any]:
    """The ledger of closed months; each invoice is paid when the next one is made."""
    found, now = account(ask, said), ask.world.now()
    entries: list[dict[str, Any]] = []
    owed = 0.0
    for month in _closed(Month.of(found.opened), Month.of(now)):
        total = float(sum(line.total for line in invoices.lines(ask.world, found.alias, month, now)))
        if owed:
            entries.append(_entry("Payment", month.end, "", credit=owed))
        owed = total
        entries.append(_entry("Invoice", month.end, billing.invoice_id(found.alias, month), debit=total, owed=owed))
    return {"AccountAlias": found.alias, "OutstandingBalance": owed, "BillingHistory": entries[::-1]}


def _closed(first: Month, current: Month) -> list[Month]:
    """The last months before the current one, the oldest first."""
    found: list[Month] = []
    while first != current and first.start < current.start:
        found.append(first)
        first = Month.of(first.end)
    return found[-_LEDGER:]


def _entry(
    what: str, date: datetime, number: str, *, debit: float = 0.0, credit: float = 0.0, owed: float = 0.0
) -> dict[str, Any]:
    return {
        "InvoiceID": number,
        "Date": zulu(date),
        "Description": what,
        "Debit": debit,
        "Credit": credit,
        "OutstandingBalance": owed,
    }


def invoice_details(ask: Ask, said: Said) -> dict[str, Any]:
    """One invoice of the ledger, with its lines."""
    found, now, wanted = account(ask, said), ask.world.now(), said.get("invoiceid", "")
    for month in [*_closed(Month.of(found.opened), Month.of(now)), Month.of(now)]:
        if billing.invoice_id(found.alias, month) == wanted:
            lines = invoices.lines(ask.world, found.alias, month, now)
            shown = [
                {
                    "Quantity": line.quantity,
                    "Description": line.description,
                    "UnitCost": float(line.unit),
                    "ItemTotal": float(line.total),
                    "ServiceLocation": line.dc,
                }
                for line in lines
            ]
            total = float(sum(line.total for line in lines))
            return {"Invoice": {"ID": wanted, "InvoiceDate": zulu(month.end), "Total": total, "LineItems": shown}}
    raise Unsuccessful(NOT_FOUND, f"The invoice {wanted} was not found.")


def group_estimate(ask: Ask, said: Said) -> dict[str, Any]:
    """What the servers of a group and of those below cost."""
    alias = account(ask, said).alias
    try:
        found = groups.find(ask.world, alias, said.get("hardwaregroupuuid", ""))
    except NotThere as error:
        raise Unsuccessful(NOT_FOUND, f"The group {error} was not found.") from None
    members = [server for each in groups.below(ask.world, found) for server in groups.members(ask.world, each)]
    return _sum([_costs(ask, server) for server in members])


def server_estimate(ask: Ask, said: Said) -> dict[str, Any]:
    """What one server costs."""
    return _costs(ask, _server(ask, said))


def hourly_charges(ask: Ask, said: Said) -> dict[str, Any]:
    """What a server cost hour by hour, over a day at most."""
    found, (since, until) = _server(ask, said), _range(ask, said)
    hours: list[dict[str, Any]] = []
    spans = billing.compute_spans(ask, found)
    moment = max(since, until - timedelta(hours=24))
    while moment < until:
        end = min(moment + timedelta(hours=1), until)
        cost = sum(_overlap(each.started, each.ended or until, moment, end) * each.price for each in spans)
        hours.append({"Hour": zulu(moment), "Cost": round(cost, 4)})
        moment = end
    return {"ServerName": found.name, "HourlyCharges": hours}


def group_summaries(ask: Ask, said: Said) -> dict[str, Any]:
    """What groups and their servers cost between two days, by default in this month."""
    alias, (since, until) = account(ask, said).alias, _range(ask, said)
    totals = []
    for group in ask.world.groups.all():
        if group.alias == alias:
            shown = [_total(ask, each, since, until) for each in groups.members(ask.world, group)]
            totals.append(_group_total(group, shown))
    return {"AccountAlias": alias, "GroupTotals": totals}


def _group_total(group: Group, shown: list[dict[str, Any]]) -> dict[str, Any]:
    total = round(sum(each["Cost"] for each in shown), 2)
    return {"GroupName": group.name, "LocationAlias": group.dc, "Total": total, "ServerTotals": shown}


def _total(ask: Ask, server: Server, since: datetime, until: datetime) -> dict[str, Any]:
    spans = billing.compute_spans(ask, server)
    cost = sum(_overlap(each.started, each.ended or until, since, until) * each.price for each in spans)
    return {"ServerName": server.name, "Cost": round(cost, 2)}


def _range(ask: Ask, said: Said) -> tuple[datetime, datetime]:
    """From StartDate to EndDate inclusive, but not past now. Raises Unsuccessful."""
    now = ask.world.now()
    try:
        since = _day(said["startdate"]) if said.get("startdate") else Month.of(now).start
        until = _day(said["enddate"]) + timedelta(days=1) if said.get("enddate") else now
    except (ValueError, OverflowError):
        raise Unsuccessful(INVALID, "A date must be YYYY-MM-DD.") from None
    return since, min(until, now)


def _day(text: str) -> datetime:
    return datetime.strptime(text[:10], "%Y-%m-%d").replace(tzinfo=UTC)


def _server(ask: Ask, said: Said) -> Server:
    try:
        return servers.find(ask.world, account(ask, said).alias, said.get("servername", ""))
    except NotThere as error:
        raise Unsuccessful(NOT_FOUND, f"The server {error} was not found.") from None


def _costs(ask: Ask, server: Server) -> dict[str, Any]:
    costs = billing.costs(ask, server)
    return {name: costs[name[0].lower() + name[1:]] for name in ("MonthlyEstimate", "MonthToDate", "CurrentHour")}


def _sum(costs: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("MonthlyEstimate", "MonthToDate", "CurrentHour")
    return {name: round(sum(each[name] for each in costs), 4) for name in names}


_DATES = ("StartDate", "EndDate")

ROUTES = (
    method("Billing", "GetAccountSummary", summary, "AccountAlias"),
    method("Billing", "GetBillingHistory", history, "AccountAlias"),
    method("Billing", "GetInvoiceDetails", invoice_details, "AccountAlias", "InvoiceID"),
    method("Billing", "GetGroupEstimate", group_estimate, "AccountAlias", "HardwareGroupUUID"),
    method("Billing", "GetServerEstimate", server_estimate, "AccountAlias", "ServerName"),
    method("Billing", "GetServerHourlyCharges", hourly_charges, "AccountAlias", "ServerName", *_DATES),
    method("Billing", "GetGroupSummaries", group_summaries, "AccountAlias", *_DATES),
)
