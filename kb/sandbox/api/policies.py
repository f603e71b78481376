"""Alert, autoscale and anti-affinity policies, which cost nothing, and which servers they hold for."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Link, Verbs, link, links
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, created, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, TEXTS, Shape, choice, fields, rows
from kb.sandbox.errors import Rejected
from kb.sandbox.world import data_centres, items
from kb.sandbox.world.records import Item

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of policy. `read` makes the body of one from a request and what it was before."""

    name: str  # in the path
    kind: str  # of the item
    wrapped: bool  # whether the list is wrapped in `items`
    read: Callable[[Ask, Body], Body]
    shape: Shape


def _routes(kind: _Kind) -> tuple[Route, ...]:
    base = f"/v2/{kind.name}/<alias>"

    def every(ask: Ask, alias: str) -> Answer:
        """The account's policies of this kind."""
        found = [_shown(ask, kind, each) for each in items.of(ask.world, kind.kind, alias)]
        own = link("self", f"/v2/{kind.name}/{alias.lower()}")
        return ok({"items": found, "links": [own]} if kind.wrapped else found)

    def one(ask: Ask, alias: str, policy: str) -> Answer:
        """One policy."""
        return ok(_shown(ask, kind, items.find(ask.world, kind.kind, alias, policy)))

    def create(ask: Ask, alias: str) -> Answer:
        """Make a policy."""
        body = kind.read(ask, {})
        item = Item(kind.kind, secrets.token_hex(16), alias, body.get("location", ""), body, ask.world.now())
        return created(_shown(ask, kind, ask.world.items.put(item)))

    def change(ask: Ask, alias: str, policy: str) -> Answer:
        """Set what a policy says."""
        old = items.find(ask.world, kind.kind, alias, policy)
        new = Item(kind.kind, old.id, alias, old.dc, kind.read(ask, dict(old.body)), old.created)
        return ok(_shown(ask, kind, ask.world.items.put(new)))

    def delete(ask: Ask, alias: str, policy: str) -> Answer:
        """Delete a policy at once; the servers that had it have it no more."""
        ask.world.items.remove(items.find(ask.world, kind.kind, alias, policy).key)
        return nothing()

    return (
        Route("GET", base, every),
        Route("POST", base, create, "policy.edit", body=kind.shape),
        Route("GET", f"{base}/<policy>", one),
        Route("PUT", f"{base}/<policy>", change, "policy.edit", body=kind.shape),
        Route("DELETE", f"{base}/<policy>", delete, "policy.delete"),
    )


def _shown(ask: Ask, kind: _Kind, item: Item) -> Body:
    deeds = {"GET": "look", "DELETE": "policy.delete", "PUT": "policy.edit"}
    base = f"/v2/{kind.name}/{item.alias.lower()}/{item.id}"
    members: list[Link] = list(links(ask, base, (Verbs("self", "", deeds),)))
    if kind.kind == items.ANTI_AFFINITY:
        dc = str(item.body.get("location", item.dc))
        place = f"/v2/datacenters/{item.alias.lower()}/{dc}"  # in upper case, as the recordings have it
        members.append(link("location", place, id=dc.lower(), name=data_centres.full_name(dc)))
        # clients read from here which servers it keeps apart
        for server in ask.world.servers.all():
            if server.anti_affinity_policy == item.id and server.alias == item.alias:
                members.append(link("server", f"/v2/servers/{item.alias.lower()}/{server.id}", id=server.name))
    return {"id": item.id, **item.body, "links": members}


def _alert(ask: Ask, old: Body) -> Body:  # noqa: ARG001  all kinds are read alike
    actions, triggers = ask.objects("actions"), ask.objects("triggers")
    if any(each.get("action") != "email" for each in actions):
        raise Rejected("The request is invalid.", {"actions": "The only known action is email."})
    return {"name": ask.text("name"), "actions": actions, "triggers": [_trigger(each) for each in triggers]}


def _trigger(data: Body) -> Body:
    metric, duration, threshold = data.get("metric"), data.get("duration"), data.get("threshold")
    if metric not in ("cpu", "memory", "disk"):
        raise Rejected("The request is invalid.", {"triggers": "The metric must be cpu, memory or disk."})
    if not isinstance(duration, str) or not re.fullmatch(r"00:(05|10|15):00", duration):
        raise Rejected("The request is invalid.", {"triggers": "The duration must be 5, 10 or 15 minutes: 00:05:00."})
    number = threshold if isinstance(threshold, int | float) and not isinstance(threshold, bool) else 0.0
    if not 5 <= number <= 95 or number % 5:
        raise Rejected("The request is invalid.", {"triggers": "The threshold must be a multiple of 5 from 5 to 95."})
    return {"metric": metric, "duration": duration, "threshold": float(number)}


_SCALES = {  # member: which values it may have
    "thresholdPeriodMinutes": (5, 10, 15, 30),
    "scaleUpIncrement": (1, 2, 4),
    "scaleUpThreshold": tuple(range(1, 101)),
    "scaleDownThreshold": tuple(range(1, 101)),
}
_SCALE_DEFAULTS = {"thresholdPeriodMinutes": 5, "scaleUpIncrement": 1, "scaleUpThreshold": 85, "scaleDownThreshold": 15}


def _autoscale(ask: Ask, old: Body) -> Body:
    said = ask.members()
    body = {"resourceType": "cpu", **_SCALE_DEFAULTS, **old, "name": ask.text("name")}
    for name, known in _SCALES.items():
        value = whole(said.get(name.lower(), body[name]))
        if value not in known:
            raise Rejected("The request is invalid.", {name: f"The value must be one of {known[0]} to {known[-1]}."})
        body[name] = value
    for name in ("range", "scaleDownWindow"):
        given = said.get(name.lower(), body.get(name))
        if given is not None and not isinstance(given, dict):
            raise Rejected("The request is invalid.", {name: "The value must be an object."})
        if given is not None:
            body[name] = given
    return body


def _anti_affinity(ask: Ask, old: Body) -> Body:
    dc = str(old.get("location") or ask.text("location")).upper()
    if dc not in data_centres.NAMES:
        raise Rejected("The request is invalid.", {"location": "The data center is not known."})
    return {**old, "name": ask.text("name"), "location": dc}


_ALERT_SHAPE = fields(
    "name",
    "actions",
    "triggers",
    name=TEXT,
    actions=rows(fields(action=choice("email"), settings=fields(recipients=TEXTS))),
    triggers=rows(
        fields(
            metric=choice("cpu", "memory", "disk"),
            duration=choice("00:05:00", "00:10:00", "00:15:00"),
            threshold={"type": "number", "minimum": 5, "maximum": 95, "multipleOf": 5},
        )
    ),
)
_AUTOSCALE_SHAPE = fields(
    "name",
    name=TEXT,
    range=fields(min=NUMBER, max=NUMBER),
    scaleDownWindow=fields(start=TEXT, end=TEXT),
    **{name: {"enum": list(known)} for name, known in _SCALES.items()},
)
_ANTI_AFFINITY_SHAPE = fields("name", name=TEXT, location=choice(*data_centres.NAMES))

ROUTES = (
    *_routes(_Kind("alertPolicies", items.ALERT, True, _alert, _ALERT_SHAPE)),
    *_routes(_Kind("autoscalePolicies", items.AUTOSCALE, False, _autoscale, _AUTOSCALE_SHAPE)),
    *_routes(_Kind("antiAffinityPolicies", items.ANTI_AFFINITY, True, _anti_affinity, _ANTI_AFFINITY_SHAPE)),
)
