"""The load-balancer host, under `/_loadbalancer`."""
# ruff: noqa: ARG001  all views are called alike

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, millis, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import balancers, operations
from kb.sandbox.world.records import Balancer, Operation

_STATUS = {"notStarted": "ACTIVE", "executing": "ACTIVE", "succeeded": "COMPLETE", "failed": "FAILED"}


def every(ask: Ask, alias: str, dc: str) -> Answer:
    """All of them, wrapped in `values`, with those deleted lately."""
    return ok({"values": [_shown(each) for each in balancers.of(ask.world, alias, dc)]})


def one(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """One of them."""
    return ok(_shown(balancers.find(ask.world, alias, dc, balancer)))


def delete(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Queue the deletion."""
    found = balancers.find(ask.world, alias, dc, balancer)
    if found.deleted is not None:
        raise NotThere(balancer)
    return Answer(202, _request(ask, balancers.delete(ask.world, found, ask.by)))


def pools(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Its pools, wrapped in `values`."""
    return ok({"values": list(balancers.find(ask.world, alias, dc, balancer).pools)})


def delete_pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Queue the deletion of a pool."""
    found = balancers.find(ask.world, alias, dc, balancer)
    return Answer(202, _request(ask, balancers.delete_pool(ask.world, found, pool, ask.by)))


def create(ask: Ask, alias: str, dc: str) -> Answer:
    """Make one; it is there at once."""
    name = ask.text("name")
    description = ask.optional_text("description") or ""
    if not name.replace("-", "").replace("_", "").isalnum():
        raise Rejected("The name is not valid.")
    return Answer(202, _shown(balancers.make(ask.world, alias, dc, name, description)))


def request(ask: Ask, alias: str, dc: str, request: str) -> Answer:
    """How far a request is."""
    found = ask.world.operations.get(request.lower())
    if found is None or found.alias != alias or not found.effect.startswith("balancer."):
        raise NotThere(request)
    return ok(_request(ask, found))


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
    about = "pool" if "pool" in operation.args else "loadbalancer"
    return {
        "id": operation.id,
        "status": _STATUS[operations.status(operation, ask.world.now())],
        "description": f"Deleting {about}",
        "requestDate": millis(operation.queued),
        "completionDate": millis(operation.ends) if operation.settled else None,
        "links": [{"rel": about, "href": "", "resourceId": operation.args.get("pool", operation.args["balancer"])}],
    }


_ALL = "/_loadbalancer/<alias>/<dc>/loadbalancers"

ROUTES = (
    Route("GET", _ALL, every, "balancer.see"),
    Route("POST", _ALL, create, "balancer.edit", body=fields("name", name=TEXT, description=TEXT)),
    Route("GET", f"{_ALL}/requests/<request>", request, "balancer.see"),
    Route("GET", f"{_ALL}/<balancer>", one, "balancer.see"),
    Route("DELETE", f"{_ALL}/<balancer>", delete, "balancer.delete"),
    Route("GET", f"{_ALL}/<balancer>/pools", pools, "balancer.see"),
    Route("DELETE", f"{_ALL}/<balancer>/pools/<pool>", delete_pool, "balancer.delete"),
)
