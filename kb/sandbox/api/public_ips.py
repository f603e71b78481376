"""Public IP addresses of a server."""

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import status
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import NUMBER, TEXT, choice, fields, rows
from kb.sandbox.errors import Rejected
from kb.sandbox.world import addresses

_PROTOCOLS = ("TCP", "UDP", "ICMP")


def one(ask: Ask, alias: str, server: str, address: str) -> Answer:
    """What is open at a public address."""
    found = addresses.public(seen(ask, alias, server), address)
    return ok(
        {
            "internalIPAddress": found.internal,
            "ports": list(found.ports),
            "sourceRestrictions": [{"cidr": cidr} for cidr in found.sources],
        }
    )


def add(ask: Ask, alias: str, server: str) -> Answer:
    """Queue one more public address."""
    wanted = {**_wanted(ask), "internal": ask.optional_text("internalIPAddress") or ""}
    operation = addresses.add_public(ask.world, seen(ask, alias, server), wanted, ask.by)
    return Answer(202, status(alias, operation.id))


def change(ask: Ask, alias: str, server: str, address: str) -> Answer:
    """Queue other ports."""
    found = seen(ask, alias, server)
    public = addresses.public(found, address)
    return Answer(202, status(alias, addresses.change_public(ask.world, found, public, _wanted(ask), ask.by).id))


def remove(ask: Ask, alias: str, server: str, address: str) -> Answer:
    """Queue the removal."""
    found = seen(ask, alias, server)
    public = addresses.public(found, address)
    return Answer(202, status(alias, addresses.remove_public(ask.world, found, public, ask.by).id))


def _wanted(ask: Ask) -> dict[str, Any]:
    members = ask.members()
    ports, sources = members.get("ports") or [], members.get("sourcerestrictions") or []
    if not isinstance(ports, list) or not isinstance(sources, list):
        raise Rejected("The request is invalid.", {"ports": "The ports field must be a list."})
    return {"ports": [_port(each) for each in ports], "sources": [_source(each) for each in sources]}


def _port(data: Any) -> dict[str, Any]:
    lower = {str(name).lower(): value for name, value in data.items()} if isinstance(data, dict) else {}
    protocol = str(lower.get("protocol", "")).upper()
    if protocol not in _PROTOCOLS:
        raise Rejected("The request is invalid.", {"ports": "The protocol must be TCP, UDP or ICMP."})
    shown: dict[str, Any] = {"protocol": protocol, "port": _number(lower.get("port", 0))}
    if lower.get("portto"):
        shown["portTo"] = _number(lower["portto"])
    return shown


def _number(value: Any) -> int:
    number = whole(value)
    if number is None or number > 65535:
        raise Rejected("The request is invalid.", {"ports": "The port must be a number from 0 to 65535."})
    return number


def _source(data: Any) -> str:
    cidr = data.get("cidr") if isinstance(data, dict) else None
    if not isinstance(cidr, str):
        raise Rejected("The request is invalid.", {"sourceRestrictions": "The cidr field is required."})
    return cidr


_SHAPE = fields(
    internalIPAddress=TEXT,
    ports=rows(fields("protocol", protocol=choice(*_PROTOCOLS), port=NUMBER, portTo=NUMBER)),
    sourceRestrictions=rows(fields("cidr", cidr=TEXT)),
)
_ALL = "/v2/servers/<alias>/<server>/publicIPAddresses"

ROUTES = (
    Route("POST", _ALL, add, "address.edit", body=_SHAPE),
    Route("GET", f"{_ALL}/<address>", one),
    Route("PUT", f"{_ALL}/<address>", change, "address.edit", body=_SHAPE),
    Route("DELETE", f"{_ALL}/<address>", remove, "address.delete"),
)
