"""Which machines may be asked: a name is resolved and each of its addresses is looked at before connecting."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable

_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # NAT64: the last four bytes are an IPv4 address

_NO_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
_KNOWN_NAME = "example.com"  # kept for such uses by RFC 2606


class NoSuchHost(Exception):
    """The name does not exist."""


class PrivateHost(Exception):
    """The name leads to this machine, or into a private network."""


async def addresses_of(host: str, port: int, may_ask: Callable[[str], bool]) -> list[str]:
    """The IP addresses of a host, IPv4 first. Raises NoSuchHost, PrivateHost, ValueError for what is no name,
    and OSError if it cannot be known now.

    One address that may not be asked among others is enough to refuse: which of them would be taken is not ours to say.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_NAME and await _names_are_known():
            raise NoSuchHost(host) from error
        raise
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in sorted(found, key=lambda one: one[0])))
    if not all(may_ask(address) for address in addresses):
        raise PrivateHost(host)
    return addresses


async def _names_are_known() -> bool:
    """Whether a name that surely exists is found: without a network no name is, and that is no author's fault."""
    try:
        await asyncio.get_running_loop().getaddrinfo(_KNOWN_NAME, None)
    except OSError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether this IP address is one of the public internet, also as an IPv4 address inside an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _EMBEDDING:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
