"""Networks, under `/v2-experimental`."""

import secrets
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, links
from kb.sandbox.api.reply import Answer, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, choice, fields
from kb.sandbox.errors import Denied, NotThere, Rejected
from kb.sandbox.world import addresses, items, networks
from kb.sandbox.world.records import Item, Network

_ADDRESSES = Verbs("ipAddresses", "/ipAddresses", {"GET": "network.see"})
_LINKS = (
    Verbs("self", "", {"GET": "network.see", "PUT": "network.edit"}),
    _ADDRESSES,
    Verbs("release", "/release", {"POST": "network.delete"}),
)
_LINKS_OF_SHARED = (Verbs("self", "", {"GET": "network.see"}), _ADDRESSES)


def every(ask: Ask, alias: str, dc: str) -> Answer:
    """The account's networks in a data centre, and its parent's if they are shared; nothing marks the VPN network."""
    return ok([_shown(ask, alias, each) for each in networks.usable(ask.world, alias, dc)])


def one(ask: Ask, alias: str, dc: str, network: str) -> Answer:
    """One network, with its addresses if `ipAddresses` says which."""
    found = networks.find_usable(ask.world, alias, dc, network)
    wanted = ask.query.get("ipaddresses", "none").lower()
    shown = _shown(ask, alias, found, host="http://api.ctl.io")  # absolute on the wire, here alone
    if wanted != "none":
        shown["ipAddresses"] = _addresses(ask, found, wanted, "ipAddresses")
    return ok(shown)


def ip_addresses(ask: Ask, alias: str, dc: str, network: str) -> Answer:
    """The addresses of a network: claimed, free or all."""
    found = networks.find_usable(ask.world, alias, dc, network)
    return ok(_addresses(ask, found, ask.query.get("type", "claimed").lower(), "type"))


def _shown(ask: Ask, alias: str, network: Network, host: str = "") -> dict[str, Any]:
    base = f"{host}/v2-experimental/networks/{alias.lower()}/{network.dc.lower()}/{network.id}"
    return {
        "id": network.id,
        "cidr": network.cidr,
        "description": network.description,
        "gateway": network.prefix + "1",
        "name": network.name,
        "netmask": "255.255.255.0",
        "type": "private",
        "vlan": network.vlan,
        "links": list(links(ask, base, _LINKS if network.alias == alias else _LINKS_OF_SHARED)),
    }


def _addresses(ask: Ask, network: Network, wanted: str, name: str) -> list[dict[str, Any]]:
    if wanted not in ("claimed", "free", "all"):
        raise Rejected("The request is invalid.", {name: "The value must be none, claimed, free or all."})
    found = [] if wanted == "free" else list(addresses.claimed(ask.world, network))
    if wanted != "claimed":
        found += addresses.free(ask.world, network)
    return [_address(each) for each in found]


def _address(claim: addresses.Claim) -> dict[str, Any]:
    shown: dict[str, Any] = {"address": claim.address, "claimed": bool(claim.server)}
    if claim.server:
        shown["server"] = claim.server
        if claim.kind == addresses.PRIVATE:
            shown["primary"] = claim.primary
    return {**shown, "type": claim.kind}


def claim(ask: Ask, alias: str, dc: str) -> Answer:
    """Queue one more network."""
    operation = networks.claim(ask.world, alias, dc, ask.by)
    uri = f"/v2-experimental/operations/{alias}/status/{operation.id}"  # relative: clients add their own base
    return Answer(202, {"operationId": operation.id, "uri": uri})


def rename(ask: Ask, alias: str, dc: str, network: str) -> Answer:
    """Set name and description; clients send JSON or a form."""
    found = _own(ask, alias, dc, network)
    networks.rename(ask.world, found, ask.text("name"), ask.optional_text("description"))
    return nothing()


def release(ask: Ask, alias: str, dc: str, network: str) -> Answer:
    """Give a network back; done at once."""
    networks.release(ask.world, _own(ask, alias, dc, network))
    return nothing()


def forwarding(ask: Ask, alias: str, dc: str) -> Answer:
    """Where the logs of firewalls in a data centre go; nowhere until it is set."""
    try:
        return ok(dict(items.find(ask.world, items.SETTING, alias, f"logging-{dc}").body))
    except NotThere:
        return ok({})


def set_forwarding(ask: Ask, alias: str, dc: str) -> Answer:
    """Set where these logs go; without an address, nowhere."""
    address, protocol = ask.optional_text("remoteAddress"), ask.text("protocol").lower()
    if protocol not in ("tcp", "udp"):
        raise Rejected("The request is invalid.", {"protocol": "The value must be tcp or udp."})
    body = {"remoteAddress": address, "protocol": protocol} if address else {}
    ask.world.items.put(Item(items.SETTING, f"logging-{dc}", alias, body=body, created=ask.world.now()))
    return ok({"operationID": secrets.token_hex(16), "status": "pending"})


def _own(ask: Ask, alias: str, dc: str, key: str) -> Network:
    """What is the parent's is not the account's to change. Raises NotThere, Denied."""
    network = networks.find_usable(ask.world, alias, dc, key)
    if network.alias != alias:
        raise Denied
    return network


_ALL = "/v2-experimental/networks/<alias>/<dc>"
_LOGGING = fields("protocol", remoteAddress=TEXT, protocol=choice("tcp", "udp"))

ROUTES = (
    Route("GET", _ALL, every, "network.see"),
    Route("GET", f"{_ALL}/logging", forwarding, "network.see"),
    Route("PUT", f"{_ALL}/logging", set_forwarding, "network.edit", body=_LOGGING),
    Route("POST", f"{_ALL}/claim", claim, "network.edit"),
    Route("GET", f"{_ALL}/<network>", one, "network.see", query=("ipAddresses",)),
    Route("PUT", f"{_ALL}/<network>", rename, "network.edit", body=fields("name", name=TEXT, description=TEXT)),
    Route("GET", f"{_ALL}/<network>/ipAddresses", ip_addresses, "network.see", query=("type",)),
    Route("POST", f"{_ALL}/<network>/release", release, "network.delete"),
)
