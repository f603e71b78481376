"""How far queued work is, for both API versions."""

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.errors import NotThere
from kb.sandbox.world import operations
from kb.sandbox.world.records import Operation

_EXPERIMENTAL = {"succeeded": "succeeded", "failed": "failed", "unknown": "failed"}  # any other is running


def status(ask: Ask, alias: str, operation: str) -> Answer:
    """`notStarted`, `executing`, `resumed`, `succeeded`, `failed` or `unknown`."""
    return ok({"status": operations.status(_find(ask, alias, operation), ask.world.now())})


def experimental_status(ask: Ask, alias: str, operation: str) -> Answer:
    """`running`, `succeeded` or `failed`; a claimed network is told when it is there."""
    found = _find(ask, alias, operation)
    told = operations.status(found, ask.world.now())
    shown: dict[str, Any] = {"status": _EXPERIMENTAL.get(told, "running")}
    if found.effect == "network.claim":
        shown |= {
            "requestType": "blueprintOperation",
            "summary": {
                "blueprintId": int(found.id[:6], 16),
                "locationId": found.args["dc"],
                "links": [],
                **found.result,
            },
            "source": {"userName": found.by, "requestedAt": zulu(found.queued)},
        }
    return ok(shown)


def _find(ask: Ask, alias: str, key: str) -> Operation:
    found = ask.world.operations.get(key.lower())
    if found is None or found.alias != alias:
        raise NotThere(key)
    return found


ROUTES = (
    Route("GET", "/v2/operations/<alias>/status/<operation>", status),
    Route("GET", "/v2-experimental/operations/<alias>/status/<operation>", experimental_status),
)
