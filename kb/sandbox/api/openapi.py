"""The OpenAPI document of the sandbox, made from its own table of routes, so that the two cannot drift apart."""

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kb.sandbox.api import apps, objects, roles
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, Shape
from kb.sandbox.world import data_centres, servers
from kb.sandbox.world.state import World

_VERBS = (*servers.POWER, "archive", "createSnapshot", "setMaintenance", "executePackage")
_FAILURE: Shape = {"type": "object", "properties": {"message": TEXT, "modelState": {"type": "object"}}}
_ANSWERS: Mapping[str, Any] = {
    "2XX": {"description": "Done, made or queued."},
    "3XX": {"description": "It is in another region."},
    "4XX": {
        "description": "It cannot be done; the message, if there is one, says why.",
        "content": {"application/json": {"schema": _FAILURE}},
    },
}


def document(routes: Iterable[Route], world: World) -> dict[str, Any]:
    """The OpenAPI 3.1 document for these routes; accounts and servers of `world` are its examples."""
    known = list(routes)
    paths: dict[str, dict[str, Any]] = {}
    used: Counter[str] = Counter()
    for route in known:
        name = _name(route)
        used[name] += 1
        operation = _operation(route, name if used[name] == 1 else f"{name}{used[name]}", world)
        paths.setdefault(_template(route.path), {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Account API sandbox",
            "version": "2",
            "description": "What `kb sandbox` answers. Letter case of paths, query names and members does not matter.",
        },
        "paths": paths,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
    }


def _template(path: str) -> str:
    return path.replace("<", "{").replace(">", "}")


def _name(route: Route) -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path)
    return route.method.lower() + "".join(word[0].upper() + word[1:] for word in words)


def _operation(route: Route, name: str, world: World) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "operationId": name,
        "summary": (inspect.getdoc(route.view) or "").partition("\n")[0],
        "tags": [route.segments[0] if route.segments[0].startswith(("_", "rest")) else route.segments[1]],
        "parameters": [_parameter(each, "path", _segment(each, world)) for each in route.names]
        + [_parameter(each, "query", _query(each, world)) for each in route.query],
        "responses": _ANSWERS,
        "security": [] if route.public else [{"bearer": []}],
    }
    if not route.public:
        shown["x-roles"] = sorted(each for each in roles.ALL if roles.may((each,), route.needs))
    if route.body is not None:
        shown["requestBody"] = {"required": False, "content": {"application/json": {"schema": dict(route.body)}}}
    return shown


def _parameter(name: str, place: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": dict(shape)}


def _query(name: str, world: World) -> Shape:
    """What may stand behind the question mark under this name."""
    match name:
        case "account":
            return _segment("alias", world)
        case "searchDate":
            return {"type": "string", "format": "date"}
        case "ipAddresses" | "type":
            return {"type": "string", "enum": ["claimed", "free", "all"]}
    return TEXT


def _segment(name: str, world: World) -> Shape:
    """What may stand in this place of a path."""
    match name:
        case "alias":
            return {"type": "string", "enum": [each.alias for each in world.accounts.all()]}
        case "dc":
            return {"type": "string", "enum": list(data_centres.NAMES)}
        case "region":
            return {"type": "string", "enum": sorted({*apps.REGIONS, *objects.REGIONS})}
        case "verb":
            return {"type": "string", "enum": list(_VERBS)}
        case "server":
            first = [each.name for each in world.servers.all() if not each.system][:3]
            return {"type": "string", "minLength": 1, "examples": first} if first else {"type": "string"}
        case "year":
            return {"type": "string", "pattern": "^20[0-9]{2}$"}
        case "month":
            return {"type": "string", "pattern": "^([1-9]|1[0-2])$"}
        case "form":
            return {"type": "string", "enum": ["JSON", "XML"]}
    return {"type": "string", "minLength": 1}
