"""The load-balancer host, under `/_loadbalancer`: what is made, changed or deleted there is first a request."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, millis, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import FLAG, NUMBER, TEXT, choice, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import balancers, operations
from kb.sandbox.world.records import Balancer, Operation

_STATUS = {"succeeded": "COMPLETE", "failed": "FAILED", "unknown": "FAILED"}  # any other is ACTIVE
_DEEDS = {
    "balancer.create": "Create Load Balancer {0}",
    "balancer.delete": "Delete Load Balancer {0}",
    "balancer.pool.add": "Add Pool to Load Balancer {0}",
    "balancer.pool.change": "Update Pool of Load Balancer {0}",
    "balancer.pool.delete": "Remove Pool to Load Balancer {0}",
}
_CHOICES = {
    "loadBalancingMethod": ("leastconn", "roundrobin", "source", "uri"),
    "persistence": ("none", "source_ip"),
    "loadBalancingMode": ("tcp", "http"),
}


def every(ask: Ask, alias: str, dc: str) -> Answer:
    """All of them, wrapped in `values`, with those deleted lately."""
    return ok({"values": [_shown(each) for each in balancers.of(ask.world, alias, dc)]})


def one(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """One of them."""
    return ok(_shown(balancers.find(ask.world, alias, dc, balancer)))


def create(ask: Ask, alias: str, dc: str) -> Answer:
    """Queue a new one."""
    operation = balancers.create(ask.world, alias, dc, _name(ask), ask.optional_text("description") or "", ask.by)
    return Answer(202, _request(ask, operation))


def change(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Set name and description at once."""
    found = _alive(ask, alias, dc, balancer)
    description = ask.optional_text("description")
    changed = replace(found, name=_name(ask), description=found.description if description is None else description)
    return ok(_shown(ask.world.balancers.put(changed)))


def delete(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Queue the deletion."""
    return Answer(202, _request(ask, balancers.delete(ask.world, _alive(ask, alias, dc, balancer), ask.by)))


def pools(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Its pools, wrapped in `values`."""
    return ok({"values": list(balancers.find(ask.world, alias, dc, balancer).pools)})


def pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """One pool."""
    return ok(dict(balancers.pool(balancers.find(ask.world, alias, dc, balancer), pool)))


def create_pool(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Queue a new pool."""
    found = _alive(ask, alias, dc, balancer)
    body = {**_pool(ask, balancers.POOL), "id": str(uuid.uuid4())}
    return Answer(202, _request(ask, balancers.change_pools(ask.world, found, "add", body, ask.by)))


def change_pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Queue other members of a pool."""
    found = _alive(ask, alias, dc, balancer)
    body = _pool(ask, balancers.pool(found, pool))
    return Answer(202, _request(ask, balancers.change_pools(ask.world, found, "change", body, ask.by)))


def delete_pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Queue the deletion of a pool."""
    found = balancers.find(ask.world, alias, dc, balancer)
    return Answer(202, _request(ask, balancers.delete_pool(ask.world, found, pool, ask.by)))


def request(ask: Ask, alias: str, dc: str, request: str) -> Answer:  # noqa: ARG001  all views are called alike
    """How far a request is."""
    found = ask.world.operations.get(request.lower())
    if found is None or found.alias != alias or found.effect not in _DEEDS:
        raise NotThere(request)
    return ok(_request(ask, found))


def _alive(ask: Ask, alias: str, dc: str, key: str) -> Balancer:
    found = balancers.find(ask.world, alias, dc, key)
    if found.deleted is not None:
        raise NotThere(key)
    return found


def _name(ask: Ask) -> str:
    name = ask.text("name")
    if not name.replace("-", "").replace("_", "").isalnum():
        raise Rejected("The name is not valid.")
    return name


def _pool(ask: Ask, known: Mapping[str, Any]) -> dict[str, Any]:
    """A pool as the body says; what it does not say stays as `known`."""
    said = ask.members()
    body = {name: value if said.get(name.lower()) is None else said[name.lower()] for name, value in known.items()}
    port = whole(said.get("port", known.get("port")))
    if port is None or not 23 <= port <= 65534:
        raise Rejected("The request is invalid.", {"port": "The port must be a number from 23 to 65534."})
    for name, values in _CHOICES.items():
        if body[name] not in values:
            raise Rejected("The request is invalid.", {name: f"The value must be one of {', '.join(values)}."})
    if not isinstance(body["nodes"], list) or not all(_is_node(each) for each in body["nodes"]):
        raise Rejected("The request is invalid.", {"nodes": "Each node needs ipAddress and privatePort."})
    nodes = [{"status": "enabled", "healthCheck": None, "serverWeight": None, **each} for each in body["nodes"]]
    return {**body, "port": port, "nodes": nodes}


def _is_node(data: Any) -> bool:
    return (
        isinstance(data, dict) and isinstance(data.get("ipAddress"), str) and whole(data.get("privatePort")) is not None
    )


def _shown(balancer: Balancer) -> dict[str, Any]:
    return {
        "id": balancer.id,
        "name": balancer.name,
        "description": balancer.description,
        "publicIPAddress": balancer.address,
        "privateIPAddress": None,
        "pools": list(balancer.pools),
        "status": balancer.status,
        "accountAlias": balancer.alias,
        "dataCenter": balancer.dc,
        "keepalivedRouterId": None,
        "versionNumber": None,
        "creationTime": millis(balancer.created),
        "deletionTime": millis(balancer.deleted),
    }


def _request(ask: Ask, operation: Operation) -> dict[str, Any]:
    about = [("loadbalancer", operation.args["balancer"])]
    if "pool" in operation.args:
        about.append(("pool", operation.args["pool"]))
    return {
        "id": operation.id,
        "status": _STATUS.get(operations.status(operation, ask.world.now()), "ACTIVE"),
        "description": _DEEDS[operation.effect].format(operation.args["balancer"]),
        "requestDate": millis(operation.queued),
        "completionDate": millis(operation.ends) if operation.settled else None,
        "links": [{"rel": rel, "href": "", "resourceId": key} for rel, key in about],
    }


_ALL = "/_loadbalancer/<alias>/<dc>/loadbalancers"
_ONE, _POOLS = f"{_ALL}/<balancer>", f"{_ALL}/<balancer>/pools"
_NAMED = fields("name", name=TEXT, description=TEXT)
_POOL = fields(
    "port",
    port={"type": "integer", "minimum": 23, "maximum": 65534},
    **{name: choice(*values) for name, values in _CHOICES.items()},
    idleTimeout=NUMBER,
    forceHttps=FLAG,
    nodes=rows(fields("ipAddress", "privatePort", ipAddress=TEXT, privatePort=NUMBER, status=TEXT)),
)

ROUTES = (
    Route("GET", _ALL, every, "balancer.see"),
    Route("POST", _ALL, create, "balancer.edit", body=_NAMED),
    Route("GET", f"{_ALL}/requests/<request>", request, "balancer.see"),
    Route("GET", _ONE, one, "balancer.see"),
    Route("PUT", _ONE, change, "balancer.edit", body=_NAMED),
    Route("DELETE", _ONE, delete, "balancer.delete"),
    Route("GET", _POOLS, pools, "balancer.see"),
    Route("POST", _POOLS, create_pool, "balancer.edit", body=_POOL),
    Route("GET", f"{_POOLS}/<pool>", pool, "balancer.see"),
    Route("PUT", f"{_POOLS}/<pool>", change_pool, "balancer.edit", body=_POOL),
    Route("DELETE", f"{_POOLS}/<pool>", delete_pool, "balancer.delete"),
)
