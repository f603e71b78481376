"""Which policies hold for a server: any number of alert policies, one autoscale and one anti-affinity policy."""

from dataclasses import replace
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import link
from kb.sandbox.api.reply import Answer, created, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import ID
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import items
from kb.sandbox.world.records import Item, Server


def add_alert(ask: Ask, alias: str, server: str) -> Answer:
    """Let an alert policy hold for the server."""
    found, policy = seen(ask, alias, server), _wanted(ask, alias, items.ALERT)
    ask.world.servers.put(replace(found, alert_policies=tuple(dict.fromkeys((*found.alert_policies, policy.id)))))
    return created(_mapping(found, f"alertPolicies/{policy.id}", policy, verbs=["DELETE"]))


def remove_alert(ask: Ask, alias: str, server: str, policy: str) -> Answer:
    """Let an alert policy hold no more."""
    found = seen(ask, alias, server)
    left = tuple(each for each in found.alert_policies if each != policy.lower())
    if left == found.alert_policies:
        raise NotThere(policy)
    ask.world.servers.put(replace(found, alert_policies=left))
    return nothing()


def autoscale(ask: Ask, alias: str, server: str) -> Answer:
    """The autoscale policy that holds for the server. Raises NotThere without one."""
    return _held(ask, seen(ask, alias, server), items.AUTOSCALE, "cpuAutoscalePolicy")


def put_autoscale(ask: Ask, alias: str, server: str) -> Answer:
    """Let an autoscale policy hold for the server."""
    found, policy = seen(ask, alias, server), _wanted(ask, alias, items.AUTOSCALE)
    ask.world.servers.put(replace(found, autoscale_policy=policy.id))
    return ok(_mapping(found, "cpuAutoscalePolicy", policy))


def remove_autoscale(ask: Ask, alias: str, server: str) -> Answer:
    """Let no autoscale policy hold."""
    ask.world.servers.put(replace(seen(ask, alias, server), autoscale_policy=""))
    return nothing()


def anti_affinity(ask: Ask, alias: str, server: str) -> Answer:
    """The anti-affinity policy that holds for the server. Raises NotThere without one."""
    return _held(ask, seen(ask, alias, server), items.ANTI_AFFINITY, "antiAffinityPolicy")


def put_anti_affinity(ask: Ask, alias: str, server: str) -> Answer:
    """Let an anti-affinity policy of the server's data centre hold for it."""
    found, policy = seen(ask, alias, server), _wanted(ask, alias, items.ANTI_AFFINITY)
    if policy.body.get("location", found.dc) != found.dc:
        raise Rejected("The request is invalid.", {"id": "The policy is of another data center."})
    ask.world.servers.put(replace(found, anti_affinity_policy=policy.id))
    return ok(_mapping(found, "antiAffinityPolicy", policy))


def remove_anti_affinity(ask: Ask, alias: str, server: str) -> Answer:
    """Let no anti-affinity policy hold."""
    ask.world.servers.put(replace(seen(ask, alias, server), anti_affinity_policy=""))
    return nothing()


def _wanted(ask: Ask, alias: str, kind: str) -> Item:
    try:
        return items.find(ask.world, kind, alias, ask.text("id"))
    except NotThere:
        raise Rejected("The request is invalid.", {"id": "The policy was not found."}) from None


def _held(ask: Ask, server: Server, kind: str, path: str) -> Answer:
    held = server.autoscale_policy if kind == items.AUTOSCALE else server.anti_affinity_policy
    policy = ask.world.items.get(f"{kind}/{server.alias}/{held}")
    if policy is None:
        raise NotThere(path)
    return ok(_mapping(server, path, policy))


def _mapping(server: Server, path: str, policy: Item, **more: Any) -> dict[str, Any]:
    own = f"/v2/servers/{server.alias.lower()}/{server.id}/{path}"
    return {"id": policy.id, "links": [link("self", own, **more)]}


_ONE = "/v2/servers/<alias>/<server>"

ROUTES = (
    Route("POST", f"{_ONE}/alertPolicies", add_alert, "server.edit", body=ID),
    Route("DELETE", f"{_ONE}/alertPolicies/<policy>", remove_alert, "server.edit"),
    Route("GET", f"{_ONE}/cpuAutoscalePolicy", autoscale),
    Route("PUT", f"{_ONE}/cpuAutoscalePolicy", put_autoscale, "server.edit", body=ID),
    Route("DELETE", f"{_ONE}/cpuAutoscalePolicy", remove_autoscale, "server.edit"),
    Route("GET", f"{_ONE}/antiAffinityPolicy", anti_affinity),
    Route("PUT", f"{_ONE}/antiAffinityPolicy", put_anti_affinity, "server.edit", body=ID),
    Route("DELETE", f"{_ONE}/antiAffinityPolicy", remove_anti_affinity, "server.edit"),
)
