"""Scheduled activities of servers and groups. They are kept and shown; the sandbox does not carry them out."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, link, links
from kb.sandbox.api.reply import Answer, nothing, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import NUMBER, TEXT, TEXTS, choice, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import groups, items
from kb.sandbox.world.records import Group, Item, Server

_KNOWN = {
    "status": ("on", "off"),
    "type": ("archive", "createsnapshot", "delete", "deletesnapshot", "pause", "poweron", "reboot", "shutdown"),
    "repeat": ("never", "daily", "weekly", "monthly", "customWeekly"),
    "expire": ("never", "afterDate", "afterCount"),
}
_FREE = ("customWeeklyDays", "expireCount", "expireDateUTC", "timeZoneOffset")
_SHAPE = fields(
    *_KNOWN,
    "beginDateUTC",
    **{name: choice(*values) for name, values in _KNOWN.items()},
    beginDateUTC={"type": "string", "format": "date-time"},
    customWeeklyDays=TEXTS,
    expireCount=NUMBER,
    expireDateUTC=TEXT,
    timeZoneOffset=TEXT,
)

Find = Callable[[Ask, str, str], Server | Group]


def _routes(kind: str, find: Find, deed: str) -> tuple[Route, ...]:
    base = f"/v2/{kind}s/<alias>/<{kind}>/scheduledActivities"

    def of(ask: Ask, alias: str, owner: str) -> list[Item]:
        return [each for each in items.of(ask.world, items.SCHEDULE, alias) if each.body["owner"] == f"{kind}:{owner}"]

    def one(ask: Ask, alias: str, activity: str, **owner: str) -> Item:
        found = find(ask, alias, owner[kind])
        for each in of(ask, alias, found.id):
            if each.id == activity.lower():
                return each
        raise NotThere(activity)

    def every(ask: Ask, alias: str, **owner: str) -> Answer:
        """What is planned."""
        return ok([_shown(ask, kind, deed, each) for each in of(ask, alias, find(ask, alias, owner[kind]).id)])

    def create(ask: Ask, alias: str, **owner: str) -> Answer:
        """Plan an activity."""
        found = find(ask, alias, owner[kind])
        body = {**_read(ask), "owner": f"{kind}:{found.id}", "by": ask.by}
        item = Item(items.SCHEDULE, secrets.token_hex(16), alias, found.dc, body, ask.world.now())
        return ok(_shown(ask, kind, deed, ask.world.items.put(item)))

    def show(ask: Ask, alias: str, activity: str, **owner: str) -> Answer:
        """One planned activity."""
        return ok(_shown(ask, kind, deed, one(ask, alias, activity, **owner)))

    def change(ask: Ask, alias: str, activity: str, **owner: str) -> Answer:
        """Plan it otherwise."""
        old = one(ask, alias, activity, **owner)
        ask.world.items.put(Item(old.kind, old.id, alias, old.dc, {**old.body, **_read(ask)}, old.created))
        return nothing()

    def delete(ask: Ask, alias: str, activity: str, **owner: str) -> Answer:
        """Plan it no more."""
        ask.world.items.remove(one(ask, alias, activity, **owner).key)
        return nothing()

    return (
        Route("GET", base, every),
        Route("POST", base, create, deed, body=_SHAPE),
        Route("GET", f"{base}/<activity>", show),
        Route("PUT", f"{base}/<activity>", change, deed, body=_SHAPE),
        Route("DELETE", f"{base}/<activity>", delete, deed),
    )


def _read(ask: Ask) -> dict[str, Any]:
    said = ask.members()
    body: dict[str, Any] = {}
    for name, known in _KNOWN.items():
        given = ask.text(name)
        chosen = next((each for each in known if each.lower() == given.lower()), None)
        if chosen is None:
            raise Rejected("The request is invalid.", {name: f"The value must be one of {', '.join(known)}."})
        body[name] = chosen
    begin = ask.text("beginDateUTC")
    try:
        datetime.fromisoformat(begin)
    except ValueError:
        raise Rejected("The request is invalid.", {"beginDateUTC": "The value must be a date and time."}) from None
    more = {name: said[name.lower()] for name in _FREE if said.get(name.lower()) is not None}
    return {**body, "beginDateUTC": begin, **more}


def _shown(ask: Ask, kind: str, deed: str, item: Item) -> dict[str, Any]:
    owner = item.body["owner"].partition(":")[2]
    base = f"/v2/{kind}s/{item.alias.lower()}/{owner}"
    deeds = {"GET": "look", "PUT": deed, "DELETE": deed}
    made = zulu(item.created or ask.world.now())
    by = item.body["by"]
    own = links(ask, f"{base}/scheduledActivities/{item.id}", (Verbs("self", "", deeds),))
    return {
        "id": item.id,
        "locationId": item.dc,
        "changeInfo": {"createdBy": by, "createdDate": made, "modifiedBy": by, "modifiedDate": made},
        "links": [link(kind, base, id=owner), *own],
        **{name: value for name, value in item.body.items() if name not in ("owner", "by")},
        "isExpired": False,
        "occurrenceCount": 0,
    }


def _group(ask: Ask, alias: str, key: str) -> Group:
    return groups.find(ask.world, alias, key)


ROUTES = (*_routes("server", seen, "server.edit"), *_routes("group", _group, "group.edit"))
