"""Scheduled activities of servers and groups; `world.activities` carries them out."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, link, links
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, nothing, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import NUMBER, TEXT, TEXTS, choice, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import activities, groups, items
from kb.sandbox.world.records import Group, Item, Server

_KNOWN = {
    "status": ("on", "off"),
    "type": tuple(activities.DEEDS),
    "repeat": ("never", "daily", "weekly", "monthly", "customWeekly"),
    "expire": ("never", "afterDate", "afterCount"),
}
_SAID = (*_KNOWN, "beginDateUTC", "customWeeklyDays", "expireCount", "expireDateUTC", "timeZoneOffset")
_SHAPE = fields(
    *_KNOWN,
    "beginDateUTC",
    **{name: choice(*values) for name, values in _KNOWN.items()},
    beginDateUTC={"type": "string", "format": "date-time"},
    customWeeklyDays=TEXTS,
    expireCount=NUMBER,
    expireDateUTC={"type": "string", "format": "date-time"},
    timeZoneOffset=TEXT,
)

Find = Callable[[Ask, str, str], Server | Group]


def _routes(kind: str, find: Find, deed: str) -> tuple[Route, ...]:
    one_owner = f"/v2/{kind}s/<alias>/<{kind}>"
    base = f"{one_owner}/scheduledActivities"

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

    def upcoming(ask: Ask, alias: str, **owner: str) -> Answer:
        """What will happen, the soonest first."""
        found = [each for each in of(ask, alias, find(ask, alias, owner[kind]).id) if each.body.get("next")]
        return ok([_shown(ask, kind, deed, each) for each in sorted(found, key=lambda each: str(each.body["next"]))])

    def create(ask: Ask, alias: str, **owner: str) -> Answer:
        """Plan an activity."""
        found = find(ask, alias, owner[kind])
        return ok(_shown(ask, kind, deed, plan(ask, found, f"{kind}:{found.id}", _read(ask.members()))))

    def show(ask: Ask, alias: str, activity: str, **owner: str) -> Answer:
        """One planned activity."""
        return ok(_shown(ask, kind, deed, one(ask, alias, activity, **owner)))

    def change(ask: Ask, alias: str, activity: str, **owner: str) -> Answer:
        """Plan it otherwise."""
        old = one(ask, alias, activity, **owner)
        body = activities.planned({**old.body, **_read(ask.members())}, ask.world.now())
        ask.world.items.put(Item(old.kind, old.id, alias, old.dc, body, old.created))
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
        Route("GET", f"{one_owner}/upcomingScheduledActivities", upcoming),
    )


def plan(ask: Ask, owner: Server | Group, name: str, body: Mapping[str, Any]) -> Item:
    """Keep a new activity of the server or group that has this `name`: "server:<id>", "group:<id>"."""
    whole_body = activities.planned({**body, "owner": name, "by": ask.by}, ask.world.now())
    made = Item(items.SCHEDULE, secrets.token_hex(16), owner.alias, owner.dc, whole_body, ask.world.now())
    return ask.world.items.put(made)


def deletion(at: str) -> dict[str, Any]:
    """The activity that deletes at this time, once; `ttl` of a new server means it. Raises Rejected."""
    _moment("ttl", at)
    return {"status": "on", "type": "delete", "beginDateUTC": at, "repeat": "never", "expire": "never"}


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {name: _chosen(name, said.get(name.lower()), known) for name, known in _KNOWN.items()}
    body["beginDateUTC"] = _moment("beginDateUTC", said.get("begindateutc"))
    if body["expire"] == "afterDate":
        body["expireDateUTC"] = _moment("expireDateUTC", said.get("expiredateutc"))
    if body["expire"] == "afterCount":
        body["expireCount"] = whole(said.get("expirecount"))
        if body["expireCount"] is None:
            raise Rejected("The request is invalid.", {"expireCount": "The value must be a number."})
    if said.get("timezoneoffset") is not None:
        body["timeZoneOffset"] = str(said["timezoneoffset"])
    body["customWeeklyDays"] = _days(said.get("customweeklydays"))
    return body


def _chosen(name: str, given: Any, known: tuple[str, ...]) -> str:
    chosen = next((each for each in known if each.lower() == str(given).strip().lower()), None)
    if chosen is None:
        raise Rejected("The request is invalid.", {name: f"The value must be one of {', '.join(known)}."})
    return chosen


def _moment(name: str, given: Any) -> str:
    try:
        if 1970 <= datetime.fromisoformat(given).year < 9000:
            return str(given)
    except (TypeError, ValueError):
        pass
    raise Rejected("The request is invalid.", {name: "The value must be a date and time."})


def _days(given: Any) -> list[str]:
    days = [str(each).lower() for each in given] if isinstance(given, list) else []
    if not set(days) <= set(activities.DAYS):
        raise Rejected("The request is invalid.", {"customWeeklyDays": "The days are sun, mon, tue and so on."})
    return days


def _shown(ask: Ask, kind: str, deed: str, item: Item) -> dict[str, Any]:
    body = {"count": 0, "last": "", "next": "", **item.body}
    owner = body["owner"].partition(":")[2]
    base = f"/v2/{kind}s/{item.alias.lower()}/{owner}"
    deeds = {"GET": "look", "PUT": deed, "DELETE": deed}
    made = zulu(item.created or ask.world.now())
    own = links(ask, f"{base}/scheduledActivities/{item.id}", (Verbs("self", "", deeds),))
    shown = {
        "id": item.id,
        "locationId": item.dc,
        "changeInfo": {
            "createdBy": body["by"], "createdDate": made, "modifiedBy": body["by"], "modifiedDate": made,
        },
        "links": [link(kind, base, id=owner, name=_name(ask, kind, owner)), *own],
        **{name: body[name] for name in _SAID if name in body},
        "isExpired": body["status"] == "on" and not body["next"],
        "occurrenceCount": body["count"],
    }  # fmt: skip
    times = {"lastOccurrenceDateUTC": body["last"], "nextOccurrenceDateUTC": body["next"]}
    return {**shown, **{name: zulu(activities.moment(value)) for name, value in times.items() if value}}


def _name(ask: Ask, kind: str, owner: str) -> str:
    found = ask.world.groups.get(owner) if kind == "group" else ask.world.servers.get(owner)
    return found.name if found else ""


def _group(ask: Ask, alias: str, key: str) -> Group:
    return groups.find(ask.world, alias, key)


ROUTES = (*_routes("server", seen, "server.edit"), *_routes("group", _group, "group.edit"))
