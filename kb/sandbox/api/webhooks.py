"""Webhooks: who is told of which event. `kb.sandbox.courier` does the telling."""

from typing import Any
from urllib.parse import urlsplit

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, link, links
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import FLAG, TEXT, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import items
from kb.sandbox.world.records import Item
from kb.sandbox.world.state import World

EVENTS = (
    "Account.Created",
    "Account.Deleted",
    "Account.Updated",
    "Alert.Notification",
    "Server.Created",
    "Server.Deleted",
    "Server.Updated",
    "User.Created",
    "User.Deleted",
    "User.Updated",
)
_CONFIGURATION = Verbs("configuration", "", {"GET": "look", "PUT": "webhook.edit", "DELETE": "webhook.edit"})
_TARGET = fields("targetUri", targetUri=TEXT)


def targets(world: World, alias: str, event: str) -> list[str]:
    """Who wants to be told that `event` happened in this account: its own listeners, and recursive ones above."""
    found: list[str] = []
    account, own = world.accounts.get(alias), True
    while account is not None:
        hook = _found(world, account.alias, event)
        if hook is not None and (own or hook.body.get("recursive")):
            found += _uris(hook)
        account, own = world.accounts.get(account.parent), False
    return found


def every(ask: Ask, alias: str) -> Answer:
    """All events, with where they are told to if anybody asked."""
    base = f"/v2/webhooks/{alias.lower()}"
    shown = []
    for event in EVENTS:
        entity: dict[str, Any] = {"name": event}
        hook = _found(ask.world, alias, event)
        if hook is not None:
            entity["configuration"] = _shown(hook)
        entity["links"] = list(links(ask, f"{base}/{event}/configuration", (_CONFIGURATION,)))
        shown.append(entity)
    return ok({"items": shown, "links": [link("self", base)]})


def one(ask: Ask, alias: str, event: str) -> Answer:
    """Where one event is told to."""
    return ok(_shown(items.find(ask.world, items.WEBHOOK, alias, _known(event))))


def put(ask: Ask, alias: str, event: str) -> Answer:
    """Set who is told of an event; this replaces what was set before."""
    name, wanted = _known(event), ask.members()
    recursive, uris = wanted.get("recursive"), wanted.get("targeturis") or []
    if not isinstance(recursive, bool):
        raise Rejected("The request is invalid.", {"recursive": "The recursive field is required."})
    if not isinstance(uris, list):
        raise Rejected("The request is invalid.", {"targetUris": "The targetUris field must be a list."})
    _keep(ask, alias, name, [_uri(each) for each in uris], recursive=recursive)
    return nothing()


def delete(ask: Ask, alias: str, event: str) -> Answer:
    """Tell nobody any more."""
    ask.world.items.remove(items.find(ask.world, items.WEBHOOK, alias, _known(event)).key)
    return nothing()


def add_target(ask: Ask, alias: str, event: str) -> Answer:
    """Tell one more listener."""
    name = _known(event)
    hook = _found(ask.world, alias, name)
    uris = [*(_uris(hook) if hook else []), _uri(ask.members())]
    _keep(ask, alias, name, uris, recursive=bool(hook and hook.body.get("recursive")))
    return nothing()


def remove_target(ask: Ask, alias: str, event: str) -> Answer:
    """Tell one listener less; the address stands in the query."""
    hook = items.find(ask.world, items.WEBHOOK, alias, _known(event))
    unwanted = ask.query.get("targeturi", "")
    left = [each for each in _uris(hook) if each != unwanted]
    if len(left) == len(_uris(hook)):
        raise NotThere(unwanted)
    _keep(ask, alias, hook.id, left, recursive=bool(hook.body.get("recursive")))
    return nothing()


def _known(event: str) -> str:
    """The event as it is written. Raises NotThere."""
    for each in EVENTS:
        if each.lower() == event.lower():
            return each
    raise NotThere(event)


def _found(world: World, alias: str, event: str) -> Item | None:
    try:
        return items.find(world, items.WEBHOOK, alias, event)
    except NotThere:
        return None


def _uris(hook: Item) -> list[str]:
    return [str(each["targetUri"]) for each in hook.body.get("targetUris", ())]


def _uri(data: Any) -> str:
    lower = {str(name).lower(): value for name, value in data.items()} if isinstance(data, dict) else {}
    uri = lower.get("targeturi")
    try:
        place = urlsplit(uri) if isinstance(uri, str) and uri.isascii() and uri.isprintable() else None
        good = place is not None and place.scheme in ("http", "https") and place.hostname and place.port != 0
    except ValueError:
        good = False
    if not good or " " in str(uri):
        raise Rejected("The request is invalid.", {"targetUri": "The target must be an http or https address."})
    return str(uri)


def _keep(ask: Ask, alias: str, event: str, uris: list[str], *, recursive: bool) -> None:
    body = {"recursive": recursive, "targetUris": [{"targetUri": each} for each in dict.fromkeys(uris)]}
    ask.world.items.put(Item(items.WEBHOOK, event, alias, body=body, created=ask.world.now()))


def _shown(hook: Item) -> dict[str, Any]:
    return {"recursive": False, "targetUris": [], **hook.body}


_ONE = "/v2/webhooks/<alias>/<event>/configuration"
_SETTING = fields("recursive", recursive=FLAG, targetUris=rows(_TARGET))

ROUTES = (
    Route("GET", "/v2/webhooks/<alias>", every),
    Route("GET", _ONE, one),
    Route("PUT", _ONE, put, "webhook.edit", body=_SETTING),
    Route("DELETE", _ONE, delete, "webhook.edit"),
    Route("POST", f"{_ONE}/targetUris", add_target, "webhook.edit", body=_TARGET),
    Route("DELETE", f"{_ONE}/targetUris", remove_target, "webhook.edit", query=("targetUri",)),
)
