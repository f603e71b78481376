"""Site-to-site VPNs; the account is named in the query."""

from dataclasses import replace
from typing import Any

from kb.sandbox.api import door
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Verbs, links
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import change_info
from kb.sandbox.api.shape import TEXT, TEXTS, choice, fields
from kb.sandbox.errors import Rejected
from kb.sandbox.world import data_centres, vpns
from kb.sandbox.world.records import Vpn

_IKE: dict[str, Any] = {
    "encryption": "aes128",
    "hashing": "sha1_96",
    "diffieHellmanGroup": "group2",
    "lifetime": 28800,
    "mode": "main",
    "deadPeerDetection": False,
    "natTraversal": False,
    "remoteIdentity": None,
}
_IPSEC: dict[str, Any] = {
    "encryption": "aes128",
    "hashing": "sha1_96",
    "protocol": "esp",
    "pfs": "group2",
    "lifetime": 3600,
}


def every(ask: Ask) -> Answer:
    """The account's VPNs, in all data centres."""
    return ok([_shown(ask, each) for each in vpns.of(ask.world, _alias(ask))])


def one(ask: Ask, vpn: str) -> Answer:
    """One of them."""
    return ok(_shown(ask, vpns.find(ask.world, _alias(ask), vpn)))


def create(ask: Ask) -> Answer:
    """Make one; it is there at once."""
    dc = str(_part(ask, "local").get("locationalias", "")).upper()
    if dc not in data_centres.NAMES:
        raise Rejected("The request is invalid.", {"local.locationAlias": "The data center is not known."})
    made = vpns.make(ask.world, _alias(ask), dc, by=ask.by, **{"site": "", **_details(ask)})
    return ok({**_shown(ask, made), "pendingTaskId": "0"})


def change(ask: Ask, vpn: str) -> Answer:
    """Set both sides and both phases."""
    found = vpns.find(ask.world, _alias(ask), vpn)
    touched = replace(found.change, modified=ask.world.now(), modified_by=ask.by)
    changed = ask.world.vpns.put(replace(found, change=touched, **_details(ask)))
    return ok({**_shown(ask, changed), "pendingTaskId": "0"})


def _details(ask: Ask) -> dict[str, Any]:
    """What the body says of a VPN; what it does not say stays."""
    local, remote, members = _part(ask, "local"), _part(ask, "remote"), ask.members()
    said = {
        "site": remote.get("sitename"),
        "device": remote.get("devicetype"),
        "remote_address": remote.get("address"),
        "local_subnets": _subnets(local),
        "remote_subnets": _subnets(remote),
        "ike": _known(members.get("ike"), _IKE),
        "ipsec": _known(members.get("ipsec"), _IPSEC),
    }
    return {name: value if isinstance(value, tuple | dict) else str(value) for name, value in said.items() if value}


def _subnets(side: dict[str, Any]) -> tuple[str, ...]:
    given = side.get("subnets")
    return tuple(str(each) for each in given) if isinstance(given, list) else ()


def _known(given: Any, defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in defaults} if isinstance(given, dict) else {}


def delete(ask: Ask, vpn: str) -> Answer:
    """Queue the deletion; the answer is a bare JSON string, the number of the job."""
    operation = vpns.delete(ask.world, vpns.find(ask.world, _alias(ask), vpn), ask.by)
    return ok(operation.id.rpartition("-")[2])


def _alias(ask: Ask) -> str:
    wanted = ask.query.get("account", "")
    if not wanted:
        raise Rejected("The request is invalid.", {"account": "The account field is required."})
    assert ask.user is not None  # noqa: S101  the door let the caller in
    return door.admitted(ask.world, ask.user, wanted).alias


def _part(ask: Ask, name: str) -> dict[str, Any]:
    value = ask.members().get(name)
    if not isinstance(value, dict):
        raise Rejected("The request is invalid.", {name: f"The {name} field is required."})
    return {str(key).lower(): each for key, each in value.items()}


def _shown(ask: Ask, vpn: Vpn) -> dict[str, Any]:
    deeds = {"GET": "vpn.see", "PUT": "vpn.edit", "DELETE": "vpn.delete"}
    base = f"/v2/siteToSiteVpn/{vpn.id}?account={vpn.alias}"
    return {
        "id": vpn.id,
        "changeInfo": change_info(vpn.change),
        "accountAlias": vpn.alias,
        "local": {
            "address": vpn.local_address,
            "locationAlias": vpn.dc,
            "locationDescription": data_centres.full_name(vpn.dc),
            "subnets": list(vpn.local_subnets),
        },
        "remote": {
            "siteName": vpn.site,
            "deviceType": vpn.device,
            "address": vpn.remote_address,
            "subnets": list(vpn.remote_subnets),
        },
        "ike": {**_IKE, **vpn.ike},
        "ipsec": {**_IPSEC, **vpn.ipsec},
        "links": list(links(ask, base, (Verbs("self", "", deeds),))),
    }


_ALL = "/v2/siteToSiteVpn"
_ACCOUNT = ("account",)
_SHAPE = fields(
    "local",
    "remote",
    local=fields("locationAlias", locationAlias=choice(*data_centres.NAMES), subnets=TEXTS),
    remote=fields(siteName=TEXT, deviceType=TEXT, address=TEXT, subnets=TEXTS),
    ike={"type": "object"},
    ipsec={"type": "object"},
)

ROUTES = (
    Route("GET", _ALL, every, "vpn.see", query=_ACCOUNT),
    Route("POST", _ALL, create, "vpn.edit", query=_ACCOUNT, body=_SHAPE),
    Route("GET", f"{_ALL}/<vpn>", one, "vpn.see", query=_ACCOUNT),
    Route("PUT", f"{_ALL}/<vpn>", change, "vpn.edit", query=_ACCOUNT, body=_SHAPE),
    Route("DELETE", f"{_ALL}/<vpn>", delete, "vpn.delete", query=_ACCOUNT),
)
