"""What is set for data centres and groups and costs nothing: limits, defaults, horizontal autoscale policies."""

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import link
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import groups, items
from kb.sandbox.world.records import Item

_LIMITS = ("cpu", "memoryGB", "storageGB")
_DEFAULTS = ("cpu", "memoryGB", "networkId", "primaryDns", "secondaryDns", "templateName")


def compute_limits(ask: Ask, alias: str, dc: str) -> Answer:
    """How much may be made in a data centre."""
    kept = _kept(ask, alias, f"limits-{dc}")
    return ok({name: {"value": kept.get(name, 1000), "inherited": False} for name in _LIMITS})


def set_compute_limits(ask: Ask, alias: str, dc: str) -> Answer:
    """Set how much may be made; nothing here heeds it."""
    said = ask.members()
    wanted = {name: whole(said[name.lower()]) for name in _LIMITS if name.lower() in said}
    for name, value in wanted.items():
        if value is None:
            raise Rejected("The request is invalid.", {name: "The value must be a number."})
    _keep(ask, alias, f"limits-{dc}", {**_kept(ask, alias, f"limits-{dc}"), **wanted})
    return compute_limits(ask, alias, dc)


def defaults(ask: Ask, alias: str, group: str) -> Answer:
    """What new servers of a group get if nobody says otherwise."""
    kept = _kept(ask, alias, f"defaults-{groups.find(ask.world, alias, group).id}")
    shown = {name: {"value": kept[name]} if name in kept else {} for name in _DEFAULTS}
    return ok({name: {**value, "inherited": False} for name, value in shown.items()})


def set_defaults(ask: Ask, alias: str, group: str) -> Answer:
    """Set what new servers get."""
    found, said = groups.find(ask.world, alias, group), ask.members()
    wanted = {name: said[name.lower()] for name in _DEFAULTS if isinstance(said.get(name.lower()), str | int)}
    _keep(ask, alias, f"defaults-{found.id}", {**_kept(ask, alias, f"defaults-{found.id}"), **wanted})
    return defaults(ask, alias, group)


def horizontal(ask: Ask, alias: str, group: str) -> Answer:
    """The horizontal autoscale policy of a group; without one only where it would be."""
    found = groups.find(ask.world, alias, group)
    kept = _kept(ask, alias, f"horizontal-{found.id}")
    own = f"/v2/groups/{alias.lower()}/{found.id}/horizontalAutoscalePolicy"
    return ok({"groupId": found.id, "locationId": found.dc, **kept, "links": [link("self", own)]})


def set_horizontal(ask: Ask, alias: str, group: str) -> Answer:
    """Let a horizontal autoscale policy hold for a group; nothing here scales."""
    found, pool = groups.find(ask.world, alias, group), ask.members().get("loadbalancerpool")
    if not isinstance(pool, dict):
        raise Rejected("The request is invalid.", {"loadBalancerPool": "The loadBalancerPool field is required."})
    _keep(ask, alias, f"horizontal-{found.id}", {"policyId": ask.text("policyId"), "loadBalancer": pool})
    return horizontal(ask, alias, group)


def remove_horizontal(ask: Ask, alias: str, group: str) -> Answer:
    """Let none hold."""
    found = groups.find(ask.world, alias, group)
    ask.world.items.remove(f"{items.SETTING}/{alias}/horizontal-{found.id}")
    return nothing()


def _kept(ask: Ask, alias: str, key: str) -> dict[str, Any]:
    try:
        return dict(items.find(ask.world, items.SETTING, alias, key).body)
    except NotThere:
        return {}


def _keep(ask: Ask, alias: str, key: str, body: dict[str, Any]) -> None:
    ask.world.items.put(Item(items.SETTING, key, alias, body=body, created=ask.world.now()))


_POOL = fields(
    "policyId",
    "loadBalancerPool",
    policyId=TEXT,
    loadBalancerPool=fields(id=TEXT, publicPort=NUMBER, privatePort=NUMBER),
)
_DC = "/v2/datacenters/<alias>/<dc>/computeLimits"
_GROUP = "/v2/groups/<alias>/<group>"

ROUTES = (
    Route("GET", _DC, compute_limits),
    Route("POST", _DC, set_compute_limits, "group.edit", body=fields(**dict.fromkeys(_LIMITS, NUMBER))),
    Route("GET", f"{_GROUP}/defaults", defaults),
    Route("POST", f"{_GROUP}/defaults", set_defaults, "group.edit", body=fields(**dict.fromkeys(_DEFAULTS, TEXT))),
    Route("GET", f"{_GROUP}/horizontalAutoscalePolicy", horizontal),
    Route("PUT", f"{_GROUP}/horizontalAutoscalePolicy", set_horizontal, "group.edit", body=_POOL),
    Route("DELETE", f"{_GROUP}/horizontalAutoscalePolicy", remove_horizontal, "group.edit"),
)
