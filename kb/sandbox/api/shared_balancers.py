"""Shared load balancers of v2, their pools and nodes."""

import secrets
from dataclasses import replace
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, links
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, choice, fields, rows
from kb.sandbox.errors import Rejected
from kb.sandbox.world import balancers
from kb.sandbox.world.records import Pool, SharedBalancer

_DEEDS = {"GET": "look", "PUT": "balancer.edit", "DELETE": "balancer.delete"}
_METHODS, _PERSISTENCES = ("roundRobin", "leastConnection"), ("standard", "sticky")


def every(ask: Ask, alias: str, dc: str) -> Answer:
    """The account's shared load balancers in a data centre; a deleted one may still be listed as such."""
    return ok([_shown(ask, each) for each in balancers.shared_of(ask.world, alias, dc)])


def one(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """One of them."""
    return ok(_shown(ask, balancers.find_shared(ask.world, alias, dc, balancer)))


def create(ask: Ask, alias: str, dc: str) -> Answer:
    """Make one; the wire has 200 here."""
    made = balancers.make_shared(
        ask.world, alias, dc, ask.text("name"), ask.text("description"), status=_status(ask) or "enabled"
    )
    return ok(_shown(ask, made))


def change(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Set name, description and status."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    name, description = ask.text("name"), ask.text("description")
    changed = replace(found, name=name, description=description, status=_status(ask) or found.status)
    ask.world.shared_balancers.put(changed)
    return nothing()


def delete(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Delete at once, with its pools."""
    ask.world.shared_balancers.remove(balancers.find_shared(ask.world, alias, dc, balancer).id)
    return nothing()


def pools(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Its pools."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    return ok([_pool(ask, found, each) for each in found.pools])


def pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """One pool."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    return ok(_pool(ask, found, balancers.find_pool(found, pool)))


def create_pool(ask: Ask, alias: str, dc: str, balancer: str) -> Answer:
    """Make a pool for port 80 or 443; the wire has 200 here."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    port = ask.members().get("port")
    if str(port) not in ("80", "443"):
        raise Rejected("The request is invalid.", {"port": "The port must be 80 or 443."})
    if str(port) in {str(each.port) for each in found.pools}:
        raise Rejected("A pool for this port already exists.", {"port": "A pool for this port already exists."})
    made = Pool(secrets.token_hex(16), int(str(port)), _choice(ask, "method", _METHODS), _persistence(ask))
    return ok(_pool(ask, found, balancers.put_pool(ask.world, found, made)))


def change_pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Set method and persistence."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    old = balancers.find_pool(found, pool)
    changed = replace(old, method=_choice(ask, "method", _METHODS), persistence=_persistence(ask))
    balancers.put_pool(ask.world, found, changed)
    return nothing()


def delete_pool(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Delete a pool at once."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    balancers.drop_pool(ask.world, found, balancers.find_pool(found, pool))
    return nothing()


def nodes(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Where the pool sends requests."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    return ok(list(balancers.find_pool(found, pool).nodes))


def change_nodes(ask: Ask, alias: str, dc: str, balancer: str, pool: str) -> Answer:
    """Replace all nodes of a pool."""
    found = balancers.find_shared(ask.world, alias, dc, balancer)
    old = balancers.find_pool(found, pool)
    wanted = ask.json()
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise Rejected("The request is invalid.", {"nodes": "The body must be a list of nodes."})
    balancers.put_pool(ask.world, found, replace(old, nodes=tuple(_node(each) for each in wanted)))
    return nothing()


def _node(data: dict[str, Any]) -> dict[str, Any]:
    lower = {str(name).lower(): value for name, value in data.items()}
    port = whole(lower.get("privateport"))
    if not isinstance(lower.get("ipaddress"), str) or port is None:
        raise Rejected("The request is invalid.", {"nodes": "Each node needs ipAddress and privatePort."})
    return {
        "status": str(lower.get("status") or "enabled"),
        "ipAddress": lower["ipaddress"],
        "privatePort": port,
    }


def _status(ask: Ask) -> str | None:
    wanted = ask.optional_text("status")
    if wanted is not None and wanted not in ("enabled", "disabled"):
        raise Rejected("The request is invalid.", {"status": "The status must be enabled or disabled."})
    return wanted


def _persistence(ask: Ask) -> str:
    return _choice(ask, "persistence", _PERSISTENCES)


def _choice(ask: Ask, name: str, known: tuple[str, ...]) -> str:
    wanted = ask.optional_text(name) or known[0]
    if wanted not in known:
        raise Rejected("The request is invalid.", {name: f"The value must be one of {', '.join(known)}."})
    return wanted


def _base(balancer: SharedBalancer) -> str:
    return f"/v2/sharedLoadBalancers/{balancer.alias.lower()}/{balancer.dc.lower()}/{balancer.id}"


def _shown(ask: Ask, balancer: SharedBalancer) -> dict[str, Any]:
    ways = (Verbs("self", "", _DEEDS), Verbs("pools", "/pools", {"GET": "look", "POST": "balancer.edit"}))
    return {
        "id": balancer.id,
        "name": balancer.name,
        "description": balancer.description,
        "ipAddress": balancer.address,
        "status": balancer.status,
        "pools": [_pool(ask, balancer, each) for each in balancer.pools],
        "links": list(links(ask, _base(balancer), ways)),
    }


def _pool(ask: Ask, balancer: SharedBalancer, pool: Pool) -> dict[str, Any]:
    ways = (Verbs("self", "", _DEEDS), Verbs("nodes", "/nodes", {"GET": "look", "PUT": "balancer.edit"}))
    return {
        "id": pool.id,
        "port": pool.port,
        "method": pool.method,
        "persistence": pool.persistence,
        "nodes": list(pool.nodes),
        "links": list(links(ask, f"{_base(balancer)}/pools/{pool.id}", ways)),
    }


_ALL = "/v2/sharedLoadBalancers/<alias>/<dc>"
_BALANCER = fields("name", "description", name=TEXT, description=TEXT, status=choice("enabled", "disabled"))
_POOL_SHAPE = fields(method=choice(*_METHODS), persistence=choice(*_PERSISTENCES))
_MAKING = fields("port", port={"enum": [80, 443]}, method=choice(*_METHODS), persistence=choice(*_PERSISTENCES))
_NODES = rows(fields("ipAddress", "privatePort", ipAddress=TEXT, privatePort=NUMBER, status=TEXT))
_POOL = f"{_ALL}/<balancer>/pools/<pool>"

ROUTES = (
    Route("GET", _ALL, every, "balancer.see"),
    Route("POST", _ALL, create, "balancer.edit", body=_BALANCER),
    Route("GET", f"{_ALL}/<balancer>", one, "balancer.see"),
    Route("PUT", f"{_ALL}/<balancer>", change, "balancer.edit", body=_BALANCER),
    Route("DELETE", f"{_ALL}/<balancer>", delete, "balancer.delete"),
    Route("GET", f"{_ALL}/<balancer>/pools", pools, "balancer.see"),
    Route("POST", f"{_ALL}/<balancer>/pools", create_pool, "balancer.edit", body=_MAKING),
    Route("GET", _POOL, pool, "balancer.see"),
    Route("PUT", _POOL, change_pool, "balancer.edit", body=_POOL_SHAPE),
    Route("DELETE", _POOL, delete_pool, "balancer.delete"),
    Route("GET", f"{_POOL}/nodes", nodes, "balancer.see"),
    Route("PUT", f"{_POOL}/nodes", change_nodes, "balancer.edit", body=_NODES),
)
