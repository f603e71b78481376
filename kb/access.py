"""Who may come in, and how often: the settings of hosts, proxies, staff and limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from kb.values import Wrong, count, lists, table, text, texts

Role = Literal["reader", "author", "support", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)
Roles = Mapping[str, tuple[Role, ...]]
LONGEST_HOURS = 24 * 7
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
RATE = re.compile(r"(\d{1,7}) */ *(?:(\d{1,4}) *)?(second|minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds; all of them may come at once. A `count` of 0: any number."""

    count: int
    seconds: int


LIMITS: Mapping[str, Rate] = {
    "starts": Rate(60, 3600),  # checklists started
    "events": Rate(600, 60),  # ticks, answers, and every other change that has no limit of its own
    "checks": Rate(60, 300),  # looks at the account, and changes of it
    "codes": Rate(30, 900),  # resume and share codes tried
    "sign_ins": Rate(10, 900),  # failed sign-ins
    "staff_sign_ins": Rate(10, 900),  # failed sign-ins of staff
    "searches": Rate(30, 60),  # searches without an answer that are written down
}


@dataclass(frozen=True, slots=True)
class Oidc:
    """The OpenID provider of the staff. `user` is the claim that names a user, `claim` the one that holds groups."""

    issuer: str
    client_id: str
    user: str = "sub"
    claim: str = "groups"
    users: Roles = field(default_factory=dict)
    claims: Roles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffSettings:
    """`users` maps the users of the local file to their roles; a sign-in lasts `hours`."""

    users: Roles = field(default_factory=dict)
    hours: int = 12
    oidc: Oidc | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """`hosts`: names besides that of `url`; `proxies`: how many of ours stand before the site.

    A limit is for one reader; all at one address have it `readers_per_address` times.
    """

    hosts: tuple[str, ...] = ()
    proxies: int = 0
    limits: Mapping[str, Rate] = field(default_factory=lambda: LIMITS)
    readers_per_address: int = 20
    staff: StaffSettings = StaffSettings()


def access(data: Mapping[str, Any]) -> Access:
    """What `kb.toml` says. Raises Wrong."""
    limits = table(data, "limits", {*LIMITS, "readers_per_address"})
    return Access(
        hosts=texts(data, "hosts"),
        proxies=count(data, "proxies", 0),
        limits={name: _rate(limits[name], name) if name in limits else rate for name, rate in LIMITS.items()},
        readers_per_address=count(limits, "readers_per_address", 20, least=1),
        staff=_staff(table(data, "staff", {"users", "hours", "oidc"})),
    )


def _rate(value: object, name: str) -> Rate:
    if value == "off":
        return Rate(0, 1)
    said = RATE.fullmatch(value) if isinstance(value, str) else None
    if said is None or not int(said[1]) or said[2] == "0":
        raise Wrong(f'limits.{name} must be like "30/minute", "10/15 minutes" or "off"')
    return Rate(int(said[1]), int(said[2] or 1) * SECONDS[said[3]])


def _staff(data: Mapping[str, Any]) -> StaffSettings:
    hours = count(data, "hours", 12, least=1)
    if hours > LONGEST_HOURS:
        raise Wrong(f"staff.hours must be at most {LONGEST_HOURS}")
    return StaffSettings(_roles(data, "users", "staff.users"), hours, _oidc(data) if "oidc" in data else None)


def _oidc(staff: Mapping[str, Any]) -> Oidc:
    data = table(staff, "oidc", {"issuer", "client_id", "user", "claim", "users", "claims"}, "staff.")
    issuer, client_id = text(data, "issuer", ""), text(data, "client_id", "")
    if not issuer or not client_id:
        raise Wrong("staff.oidc needs issuer and client_id")
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise Wrong("staff.oidc.issuer must begin with https://")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        user=text(data, "user", "sub"),
        claim=text(data, "claim", "groups"),
        users=_roles(data, "users", "staff.oidc.users"),
        claims=_roles(data, "claims", "staff.oidc.claims"),
    )


def _roles(data: Mapping[str, Any], key: str, name: str) -> Roles:
    """Each user or claim with its roles."""
    return {who: tuple(_role(role, f"{name}.{who}") for role in named) for who, named in lists(data, key).items()}


def _role(name: str, where: str) -> Role:
    found = next((role for role in ROLES if role == name), None)
    if found is None:
        raise Wrong(f"{where}: there is no role “{name}”. The roles are: {', '.join(ROLES)}.")
    return found
