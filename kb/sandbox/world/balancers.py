"""Load balancers: the shared ones of v2 and those of the load-balancer host."""

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.sandbox.errors import NotThere
from kb.sandbox.world import addresses, operations
from kb.sandbox.world.records import Balancer, Operation, Pool, SharedBalancer
from kb.sandbox.world.state import World

CREATING = "creating"
POOL: Mapping[str, Any] = {  # what a pool of the load-balancer host has where nobody says otherwise
    "loadBalancingMethod": "roundrobin",
    "persistence": "none",
    "idleTimeout": 180_000,
    "loadBalancingMode": "tcp",
    "nodes": [],
    "forceHttps": False,
    "healthCheck": None,
    "sslOffloading": None,
}


def find_shared(world: World, alias: str, dc: str, key: str) -> SharedBalancer:
    """The shared load balancer. Raises NotThere."""
    balancer = world.shared_balancers.get(key.lower())
    if balancer is None or balancer.alias != alias or balancer.dc != dc:
        raise NotThere(key)
    return balancer


def shared_of(world: World, alias: str, dc: str) -> list[SharedBalancer]:
    """The account's shared load balancers in a data centre."""
    return [each for each in world.shared_balancers.all() if (each.alias, each.dc) == (alias, dc)]


def make_shared(world: World, alias: str, dc: str, name: str, description: str, **details: Any) -> SharedBalancer:
    """A new shared load balancer with its own address."""
    address = addresses.next_public(world, dc)
    made = SharedBalancer(secrets.token_hex(16), alias, dc, name, description, address, world.now())
    return world.shared_balancers.put(replace(made, **details))


def find_pool(balancer: SharedBalancer, key: str) -> Pool:
    """The pool of a shared load balancer. Raises NotThere."""
    for pool in balancer.pools:
        if pool.id == key.lower():
            return pool
    raise NotThere(key)


def put_pool(world: World, balancer: SharedBalancer, pool: Pool) -> Pool:
    """Keep a new or changed pool."""
    kept = [each for each in balancer.pools if each.id != pool.id]
    world.shared_balancers.put(replace(balancer, pools=(*kept, pool)))
    return pool


def drop_pool(world: World, balancer: SharedBalancer, pool: Pool) -> None:
    """Remove a pool at once."""
    kept = tuple(each for each in balancer.pools if each.id != pool.id)
    world.shared_balancers.put(replace(balancer, pools=kept))


def find(world: World, alias: str, dc: str, key: str) -> Balancer:
    """The load balancer of the load-balancer host. Raises NotThere."""
    balancer = world.balancers.get(key.lower())
    if balancer is None or balancer.alias != alias or balancer.dc != dc:
        raise NotThere(key)
    return balancer


def of(world: World, alias: str, dc: str) -> list[Balancer]:
    """The account's load balancers of the load-balancer host, in a data centre, the deleted ones too."""
    return [each for each in world.balancers.all() if (each.alias, each.dc) == (alias, dc)]


def make(world: World, alias: str, dc: str, name: str, description: str, **details: Any) -> Balancer:
    """A new load balancer with its own address."""
    address = addresses.next_public(world, dc)
    made = Balancer(str(uuid.uuid4()), alias, dc, name, description, address, world.now())
    return world.balancers.put(replace(made, **details))


def create(world: World, alias: str, dc: str, name: str, description: str, by: str) -> Operation:
    """Queue a new load balancer; it is listed as being made until then."""
    made = make(world, alias, dc, name, description, status=CREATING)
    return operations.queue_experimental(world, alias, "balancer.create", {"balancer": made.id}, by)


def change_pools(world: World, balancer: Balancer, verb: str, pool: Mapping[str, Any], by: str) -> Operation:
    """Queue a new pool, or one in place of that with the same id; `verb` is "add" or "change"."""
    args = {"balancer": balancer.id, "pool": pool["id"], "body": pool}
    return operations.queue_experimental(world, balancer.alias, f"balancer.pool.{verb}", args, by)


def pool(balancer: Balancer, key: str) -> Mapping[str, Any]:
    """The pool with this id. Raises NotThere."""
    for each in balancer.pools:
        if each["id"] == key.lower():
            return each
    raise NotThere(key)


def delete(world: World, balancer: Balancer, by: str) -> Operation:
    """Queue the deletion."""
    return operations.queue_experimental(world, balancer.alias, "balancer.delete", {"balancer": balancer.id}, by)


def delete_pool(world: World, balancer: Balancer, pool_id: str, by: str) -> Operation:
    """Queue the deletion of a pool. Raises NotThere."""
    args = {"balancer": balancer.id, "pool": pool(balancer, pool_id)["id"]}
    return operations.queue_experimental(world, balancer.alias, "balancer.pool.delete", args, by)


def _made(world: World, operation: Operation) -> None:
    _set(world, operation, status="active")


def _not_made(world: World, operation: Operation) -> None:
    _set(world, operation, status="failed")


def _pool_put(world: World, operation: Operation) -> None:
    balancer, body = world.balancers.get(operation.args["balancer"]), operation.args["body"]
    if balancer is None:
        raise NotThere(operation.args["balancer"])
    others = tuple(each for each in balancer.pools if each["id"] != body["id"])
    _set(world, operation, pools=(*others, body))


def _deleted(world: World, operation: Operation) -> None:
    _set(world, operation, status="deleted", deleted=world.now())  # it stays listed, as the real host does


def _pool_deleted(world: World, operation: Operation) -> None:
    balancer = world.balancers.get(operation.args["balancer"])
    if balancer is not None:
        _set(world, operation, pools=tuple(each for each in balancer.pools if each["id"] != operation.args["pool"]))


def _set(world: World, operation: Operation, **changes: Any) -> None:
    balancer = world.balancers.get(operation.args["balancer"])
    if balancer is not None:
        world.balancers.put(replace(balancer, **changes))


EFFECTS: Mapping[str, Callable[[World, Operation], None]] = {
    "balancer.create": _made,
    "balancer.create.failed": _not_made,
    "balancer.delete": _deleted,
    "balancer.pool.add": _pool_put,
    "balancer.pool.change": _pool_put,
    "balancer.pool.delete": _pool_deleted,
}
