"""API v1: aliases of the mail relay. No published price is known, so they cost nothing here."""

import secrets
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.v1_session import NOT_FOUND, Said, account, method
from kb.sandbox.errors import NotThere, Unsuccessful
from kb.sandbox.world import items
from kb.sandbox.world.records import Item


def create(ask: Ask, said: Said) -> dict[str, Any]:
    """Make an alias."""
    alias = account(ask, said).alias
    name = f"{alias}-{secrets.token_hex(3)}@relay.example"
    body = {"password": secrets.token_urlsafe(9), "status": "Active"}
    ask.world.items.put(Item(items.RELAY, name, alias, body=body, created=ask.world.now()))
    return {"RelayAlias": name, "Password": body["password"]}


def every(ask: Ask, said: Said) -> dict[str, Any]:
    """All aliases of the account."""
    found = items.of(ask.world, items.RELAY, account(ask, said).alias)
    return {"RelayAliases": [{"RelayAlias": each.id, "Status": each.body.get("status", "Active")} for each in found]}


def disable(ask: Ask, said: Said) -> dict[str, Any]:
    """Let an alias send no more."""
    found = _named(ask, said)
    body = {**found.body, "status": "Disabled"}
    ask.world.items.put(Item(found.kind, found.id, found.alias, body=body, created=found.created))
    return {}


def remove(ask: Ask, said: Said) -> dict[str, Any]:
    """Delete an alias."""
    ask.world.items.remove(_named(ask, said).key)
    return {}


def _named(ask: Ask, said: Said) -> Item:
    name = said.get("relayalias", "")
    try:
        return items.find(ask.world, items.RELAY, account(ask, said).alias, name)
    except NotThere:
        raise Unsuccessful(NOT_FOUND, f"The alias {name} was not found.") from None


ROUTES = (
    method("SMTPRelay", "CreateAlias", create, "AccountAlias"),
    method("SMTPRelay", "ListAliases", every, "AccountAlias"),
    method("SMTPRelay", "DisableAlias", disable, "AccountAlias", "RelayAlias"),
    method("SMTPRelay", "RemoveAlias", remove, "AccountAlias", "RelayAlias"),
)
