"""The relational-database host, under `/_database`: subscriptions and what they cost.

Its servers are not the customer's. What lies inside a subscription is in `database_parts`.
"""
# ruff: noqa: ARG001  all views are called alike

from collections.abc import Mapping
from itertools import count
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, millis, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, choice, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import data_centres, items, price
from kb.sandbox.world.months import Month
from kb.sandbox.world.records import Item

_TYPES = {"mysql": "MySQL", "mysql_replication": "MySQL_REPLICATION"}
_FIRST_ID = 5001
_SIZES = ("cpu", "memory", "storage")
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nbm90IGEgcmVhbCBvbmU=\n-----END CERTIFICATE-----\n"


def every(ask: Ask, alias: str) -> Answer:
    """The account's subscriptions, those of one data centre or status if the query says so."""
    dc = ask.query.get("datacenter", "").upper()
    status = (ask.query.get("status") or ask.query.get("staus") or "").lower().replace("_", " ")
    found = [shown(ask, each) for each in items.of(ask.world, items.SUBSCRIPTION, alias, dc)]
    return ok([each for each in found if status in ("", each["status"].lower())])


def one(ask: Ask, alias: str, subscription: str) -> Answer:
    """One subscription."""
    return ok(shown(ask, find(ask, alias, subscription)))


def create(ask: Ask, alias: str) -> Answer:
    """Make a subscription; it is being configured for as long as an operation takes."""
    kind = _TYPES.get(ask.text("instanceType").lower())
    dc = ask.text("location").upper()
    if kind is None or dc not in data_centres.NAMES:
        raise Rejected("The request is invalid.", {"instanceType": "Type or location is not known."})
    if not ask.objects("users"):
        raise Rejected("The request is invalid.", {"users": "The users field is required."})
    body = {"instanceType": kind, "externalId": ask.text("externalId"), **_said(ask)}
    made = ask.world.items.put(Item(items.SUBSCRIPTION, _next_id(ask, alias), alias, dc, body, ask.world.now()))
    note(ask, made, "created", "{cpu} CPU, {memory}GB RAM, {storage}GB storage".format(**_config(made)))
    return Answer(201, shown(ask, made))


def change(ask: Ask, alias: str, subscription: str) -> Answer:
    """Set size, retention and the time of backups; storage does not shrink."""
    found = find(ask, alias, subscription)
    said = _said(ask)
    if said.get("machineConfig", _config(found))["storage"] < _config(found)["storage"]:
        raise Rejected("The request is invalid.", {"machineConfig": "The storage cannot be reduced."})
    changed = put(ask, found, **said)
    note(ask, changed, "modified")
    return ok(shown(ask, changed))


def delete(ask: Ask, alias: str, subscription: str) -> Answer:
    """Delete at once; what the real one answers is not documented."""
    found = find(ask, alias, subscription)
    note(ask, found, "deleted")
    ask.world.items.remove(found.key)
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
            "productCode": None,
            "metadata": {},
            "monthlyEstimate": f"${so_far + hourly * month.overlap(now, month.end):.2f}",
            "monthToDate": f"${so_far:.2f}",
            "currentHour": f"${hourly:.2f}",
        }
    )


def history(ask: Ask, alias: str) -> Answer:
    """What was done to subscriptions, the newest first."""
    wanted = ask.query.get("subscriptionid", "")
    noted = _log(ask, alias).body["entries"][::-1]
    return ok([{k: v for k, v in each.items() if k != "of"} for each in noted if wanted in ("", each["of"])])


def promotions(ask: Ask, alias: str) -> Answer:
    """No promotions."""
    return ok([])


def places(ask: Ask) -> Answer:
    """Where subscriptions can be made."""
    names = [(dc, data_centres.full_name(dc)) for dc in data_centres.BALANCER_HOST]
    return ok([{"dataCenter": dc, "friendlyName": name, "active": True} for dc, name in names])


def find(ask: Ask, alias: str, key: str) -> Item:
    """The subscription. Raises NotThere."""
    return items.find(ask.world, items.SUBSCRIPTION, alias, key)


def put(ask: Ask, item: Item, **changes: Any) -> Item:
    """Keep the subscription with other members."""
    return ask.world.items.put(Item(item.kind, item.id, item.alias, item.dc, {**item.body, **changes}, item.created))


def note(ask: Ask, item: Item, what: str, details: str | None = None) -> None:
    """Put down in the history what was done."""
    log = _log(ask, item.alias)
    told = f"{item.body.get('externalId', item.id)}: {what}."
    entry = {"timestamp": millis(ask.world.now()), "message": told, "details": details, "user": ask.by, "of": item.id}
    body = {"made": log.body["made"] + (what == "created"), "entries": [*log.body["entries"], entry][-100:]}
    ask.world.items.put(Item(items.SETTING, log.id, item.alias, body=body, created=ask.world.now()))


def shown(ask: Ask, item: Item) -> dict[str, Any]:
    """A subscription as the API shows it."""
    number = int(item.id) if item.id.isdecimal() and len(item.id) < 10 else 0
    name = str(item.body.get("externalId", item.id))
    known = {
        "id": number,
        "location": item.dc,
        "instanceType": "MySQL",
        "externalId": name,
        "status": _status(ask, item),
        "backupTime": "2:0",
        "backupRetentionDays": 7,
        "servers": [_server(item, number)],
        "host": f"{name}.{item.dc.lower()}.example",
        "port": 49176,
        "certificate": _CERTIFICATE,
        "backups": [],
        **item.body,
    }
    return {each: value for each, value in known.items() if each not in ("machineConfig", "notifications")}


def _status(ask: Ask, item: Item) -> str:
    young = item.created and (ask.world.now() - item.created).total_seconds() < ask.world.pace
    return "Configuring" if young else "Active"


def _server(item: Item, number: int) -> dict[str, Any]:
    return {
        "id": number + 1000,
        "alias": f"{item.dc}DBPDMYSQL{number}",
        "location": item.dc,
        **_config(item),
        "attributes": {"INTERNAL_IP": f"198.51.100.{number % 250}"},
        "connections": 89,
    }


def _config(item: Item) -> Mapping[str, Any]:
    config: Mapping[str, Any] = item.body.get("machineConfig") or {"cpu": 1, "memory": 1, "storage": 1}
    return config


def _said(ask: Ask) -> dict[str, Any]:
    """Size, retention and time of backups, as far as the body names them. Raises Rejected."""
    said = ask.members()
    found: dict[str, Any] = {}
    config = said.get("machineconfig")
    if config is not None:
        sizes = {name: whole(config.get(name)) if isinstance(config, dict) else None for name in _SIZES}
        if not all(sizes.values()):
            raise Rejected("The request is invalid.", {"machineConfig": "It needs cpu, memory and storage."})
        found["machineConfig"] = sizes
    if "backupretentiondays" in said:
        found["backupRetentionDays"] = whole(said["backupretentiondays"]) or 7
    at = said.get("backuptime")
    if isinstance(at, dict):
        found["backupTime"] = f"{whole(at.get('hour')) or 0}:{whole(at.get('minute')) or 0}"
    return found


def _log(ask: Ask, alias: str) -> Item:
    try:
        return items.find(ask.world, items.SETTING, alias, "database-history")
    except NotThere:
        return Item(items.SETTING, "database-history", alias, body={"made": 0, "entries": []})


def _next_id(ask: Ask, alias: str) -> str:
    """A number that no subscription of the account has or had."""
    numbers = (str(each) for each in count(_FIRST_ID + int(_log(ask, alias).body["made"])))
    return next(each for each in numbers if f"{items.SUBSCRIPTION}/{alias}/{each}" not in ask.world.items)


_ALL = "/_database/v1/<alias>/subscriptions"
_CONFIG = {
    "machineConfig": fields(*_SIZES, cpu=NUMBER, memory=NUMBER, storage=NUMBER),
    "backupRetentionDays": NUMBER,
    "backupTime": fields(hour=NUMBER, minute=NUMBER),
}
_NEW = fields(
    "instanceType",
    "location",
    "externalId",
    "users",
    instanceType=choice("MySQL", "MYSQL", "MySQL_REPLICATION"),
    location=choice(*data_centres.NAMES),
    externalId=TEXT,
    users=rows(fields(name=TEXT, password=TEXT)),
    **_CONFIG,
)

ROUTES = (
    Route("GET", "/_database/v1/datacenters", places),
    Route("GET", _ALL, every, query=("dataCenter", "status", "staus")),  # the examples of the docs misspell it
    Route("POST", _ALL, create, "database.edit", body=_NEW),
    Route("GET", f"{_ALL}/<subscription>", one),
    Route("PATCH", f"{_ALL}/<subscription>", change, "database.edit", body=fields(**_CONFIG)),
    Route("DELETE", f"{_ALL}/<subscription>", delete, "database.delete"),
    Route("GET", "/_database/v1/<alias>/billing", billing, "bill.see", query=("subscriptionId",)),
    Route("GET", "/_database/v1/<alias>/history", history, query=("subscriptionId",)),
    Route("GET", "/_database/v1/<alias>/promotions", promotions),
)
