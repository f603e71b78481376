"""Which server and network are the account's own: they come with the account, cost nothing and cannot be deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kb.account.kind import NETWORK, SERVER
from kb.account.resource import OWN, Resource
from kb.words import words

UNSURE = words("may be the account's own")


@dataclass(frozen=True, slots=True)
class Owner:
    """The account as far as its own server and network depend on it."""

    alias: str
    primary_data_centre: str

    @property
    def vpn_server(self) -> str:
        """Name of the account's own OpenVPN server. VPN02 and later are a customer's, and billed."""
        return f"{self.primary_data_centre}{self.alias}VPN01".upper()

    def is_vpn_server(self, name: str) -> bool:
        """Whether exactly this is the name, in any case."""
        return name.upper() == self.vpn_server

    def is_primary(self, place: str) -> bool:
        """Whether this data centre is the account's primary one."""
        return place.upper() == self.primary_data_centre.upper()


def judge_server(owner: Owner, server: Resource, group_type: str) -> Resource:
    """Ignore the account's own VPN server; a server of that name inside a `default` group is a customer's."""
    own = owner.is_vpn_server(server.name) and owner.is_primary(server.place) and group_type.lower() != "default"
    return replace(server, state="ignored", note=OWN) if own else server


def judge_networks(
    owner: Owner, networks: Iterable[Resource], claimants: Mapping[str, Iterable[str]]
) -> tuple[Resource, ...]:
    """Judge all networks of one data centre; `claimants` are the server names that hold addresses, by network id.

    In the primary data centre the network of the VPN server is the account's own, or else the only one that is there.
    With several and no trace of the server each may be it: then the reader must tell.
    """
    listed = tuple(networks)
    if not listed or not owner.is_primary(listed[0].place):
        return listed
    named = {item.id for item in listed if any(owner.is_vpn_server(name) for name in claimants.get(item.id, ()))}
    if named or len(listed) == 1:
        own = named or {listed[0].id}
        return tuple(replace(item, state="ignored", note=OWN) if item.id in own else item for item in listed)
    return tuple(replace(item, state="unsure", note=UNSURE, asked=True) for item in listed)


def settle_by_answers(resources: Iterable[Resource], answers: Mapping[str, str]) -> tuple[Resource, ...]:
    """Apply the reader's answers about unsure networks: `nothing` of theirs is there, or `something` is.

    An account has one own network: once one is known for it, all others count.
    """
    listed = tuple(resources)
    unsure = [item for item in listed if item.state == "unsure"]
    own = next((item.id for item in unsure if answers.get(item.id) == "nothing"), "")
    settled = {}
    for item in unsure:
        if item.id == own:
            settled[item.id] = replace(item, state="ignored", note=words("{own}, you told us", own=OWN))
        elif own or answers.get(item.id) == "something":
            settled[item.id] = replace(item, state="left", note="")
    return tuple(settled.get(item.id, item) for item in listed)


def doubt_networks(owner: Owner, resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Withdraw what rests on the VPN server's name when a customer's own server bears that name."""
    listed = tuple(resources)
    if not any(item.kind is SERVER and item.state == "left" and owner.is_vpn_server(item.name) for item in listed):
        return listed
    networks = [item for item in listed if item.kind is NETWORK and owner.is_primary(item.place)]
    judged = {item.id: item for item in judge_networks(owner, networks, {})}
    return tuple(judged.get(item.id, item) for item in listed)
