"""Firewall policies within and between data centres, under `/v2-experimental`; they cost nothing."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, links
from kb.sandbox.api.reply import Answer, created, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import FLAG, TEXT, TEXTS, Shape, fields
from kb.sandbox.errors import Rejected
from kb.sandbox.world import data_centres, items
from kb.sandbox.world.records import Item

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of policy. `read` makes the body of one from a request, the data centre, and what it was before."""

    name: str  # in the path
    kind: str  # of the item
    read: Callable[[Ask, str, str, Body], Body]
    shape: Shape


def _routes(kind: _Kind) -> tuple[Route, ...]:
    base = f"/v2-experimental/{kind.name}/<alias>/<dc>"

    def every(ask: Ask, alias: str, dc: str) -> Answer:
        """The account's policies of this kind in a data centre."""
        found = items.of(ask.world, kind.kind, alias, dc)
        wanted = ask.query.get("destinationaccount", "").lower()
        chosen = [each for each in found if wanted in ("", str(each.body.get("destinationAccount", "")).lower())]
        return ok([_shown(ask, kind, each) for each in chosen])

    def one(ask: Ask, alias: str, dc: str, policy: str) -> Answer:
        """One policy."""
        return ok(_shown(ask, kind, items.find(ask.world, kind.kind, alias, policy, dc)))

    def create(ask: Ask, alias: str, dc: str) -> Answer:
        """Make a policy; the answer to one within a data centre is its links alone."""
        body = kind.read(ask, alias, dc, {})
        item = Item(kind.kind, secrets.token_hex(16), alias, dc, body, ask.world.now())
        shown = _shown(ask, kind, ask.world.items.put(item))
        return created({"links": shown["links"]} if kind.kind == items.FIREWALL else shown)

    def change(ask: Ask, alias: str, dc: str, policy: str) -> Answer:
        """Set what a policy says."""
        old = items.find(ask.world, kind.kind, alias, policy, dc)
        body = kind.read(ask, alias, dc, dict(old.body))
        ask.world.items.put(Item(kind.kind, old.id, alias, dc, body, old.created))
        return nothing()

    def delete(ask: Ask, alias: str, dc: str, policy: str) -> Answer:
        """Delete a policy at once."""
        ask.world.items.remove(items.find(ask.world, kind.kind, alias, policy, dc).key)
        return nothing()

    return (
        Route("GET", base, every, "network.see", query=("destinationAccount",)),
        Route("POST", base, create, "firewall.edit", query=("enabled",), body=kind.shape),
        Route("GET", f"{base}/<policy>", one, "network.see"),
        Route("PUT", f"{base}/<policy>", change, "firewall.edit", query=("enabled",), body=kind.shape),
        Route("DELETE", f"{base}/<policy>", delete, "firewall.delete"),
    )


def _shown(ask: Ask, kind: _Kind, item: Item) -> Body:
    deeds = {"GET": "network.see", "PUT": "firewall.edit", "DELETE": "firewall.delete"}
    # absolute on the wire, with the host of the real API; clients must keep to their own
    base = f"http://api.ctl.io/v2-experimental/{kind.name}/{item.alias.lower()}/{item.dc.lower()}/{item.id}"
    known = {"id": item.id, "status": "active", "enabled": True}
    return {**known, **item.body, "links": list(links(ask, base, (Verbs("self", "", deeds),)))}


def _within(ask: Ask, alias: str, dc: str, old: Body) -> Body:  # noqa: ARG001  all kinds are read alike
    said = ask.members()
    body = {"destinationAccount": alias.lower(), "ports": ["any"], **old}
    for name in ("source", "destination", "ports"):
        value = said.get(name, body.get(name))
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise Rejected("The request is invalid.", {name: f"The {name} field is required."})
        body[name] = value
    body["destinationAccount"] = str(said.get("destinationaccount") or body["destinationAccount"]).lower()
    body["enabled"] = _enabled(ask, default=bool(old.get("enabled", True)))
    return body


def _between(ask: Ask, alias: str, dc: str, old: Body) -> Body:
    enabled = _enabled(ask, default=bool(old.get("enabled", True)))
    if old:
        return {**old, "enabled": enabled}
    location = ask.text("destinationLocationId").upper()
    if location not in data_centres.NAMES:
        raise Rejected("The request is invalid.", {"destinationLocationId": "The data center is not known."})
    return {
        "enabled": enabled,
        "sourceCidr": ask.text("sourceCidr"),
        "sourceAccount": alias.lower(),
        "sourceLocation": dc.lower(),
        "destinationCidr": ask.text("destinationCidr"),
        "destinationAccount": ask.text("destinationAccountId").lower(),
        "destinationLocation": location.lower(),
    }


def _enabled(ask: Ask, *, default: bool) -> bool:
    """As the body or, for policies between data centres, the query says."""
    wanted = ask.query.get("enabled", ask.members().get("enabled", default))
    if str(wanted).lower() not in ("true", "false"):
        raise Rejected("The request is invalid.", {"enabled": "The value must be true or false."})
    return str(wanted).lower() == "true"


_WITHIN = fields(source=TEXTS, destination=TEXTS, destinationAccount=TEXT, ports=TEXTS, enabled=FLAG)
_BETWEEN = fields(
    destinationAccountId=TEXT, destinationLocationId=TEXT, destinationCidr=TEXT, sourceCidr=TEXT, enabled=FLAG
)

ROUTES = (
    *_routes(_Kind("firewallPolicies", items.FIREWALL, _within, _WITHIN)),
    *_routes(_Kind("crossDcFirewallPolicies", items.CROSS_FIREWALL, _between, _BETWEEN)),
)
