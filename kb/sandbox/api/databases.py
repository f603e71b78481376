"""The relational-database host, under `/_database`; its servers are not the customer's."""

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.world import items, price
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import Item


def every(ask: Ask, alias: str) -> Answer:
    """The account's subscriptions, those of one data centre or status if the query says so."""
    dc, status = ask.query.get("datacenter", "").upper(), ask.query.get("status", "").lower().replace("_", " ")
    found = [_shown(each) for each in items.of(ask.world, items.SUBSCRIPTION, alias, dc)]
    return ok([each for each in found if status in ("", each["status"].lower())])


def one(ask: Ask, alias: str, subscription: str) -> Answer:
    """One subscription."""
    return ok(_shown(items.find(ask.world, items.SUBSCRIPTION, alias, subscription)))


def delete(ask: Ask, alias: str, subscription: str) -> Answer:
    """Delete at once; what the real one answers is not documented."""
    ask.world.items.remove(items.find(ask.world, items.SUBSCRIPTION, alias, subscription).key)
    return nothing()


def billing(ask: Ask, alias: str) -> Answer:
    """What they cost, as texts with the currency."""
    now = ask.world.now()
    month = Month.of(now)
    wanted = ask.query.get("subscriptionid", "")
    held = [each for each in items.of(ask.world, items.SUBSCRIPTION, alias) if wanted in ("", each.id)]
    hourly = len(held) * price.SUBSCRIPTION
    so_far = sum(month.overlap(each.created or now, now) for each in held) * price.SUBSCRIPTION
    return ok(
        {
            "productCode": "RDBS",
            "metadata": {},
            "monthlyEstimate": f"${so_far + hourly * month.overlap(now, month.end):.2f}",
            "monthToDate": f"${so_far:.2f}",
            "currentHour": f"${hourly:.2f}",
        }
    )


def _shown(item: Item) -> dict[str, Any]:
    number = int(item.id) if item.id.isdecimal() and len(item.id) < 10 else 0
    return {
        "id": number,
        "accountAlias": item.alias,
        "location": item.dc,
        "instanceType": "MySQL",
        "externalId": item.id,
        "status": "Active",
        "backupTime": {"hour": 2, "minute": 0},
        "backupRetentionDays": 7,
        "servers": [],
        "host": "198.51.100.30",
        "port": 49176,
        "certificate": "",
        "backups": [],
        **item.body,
    }


ROUTES = (
    Route("GET", "/_database/v1/<alias>/subscriptions", every, query=("dataCenter", "status")),
    Route("GET", "/_database/v1/<alias>/subscriptions/<subscription>", one),
    Route("DELETE", "/_database/v1/<alias>/subscriptions/<subscription>", delete, "database.delete"),
    Route("GET", "/_database/v1/<alias>/billing", billing, "bill.see", query=("subscriptionId",)),
)
