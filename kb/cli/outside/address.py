"""Which machines may be asked: a name is resolved and each of its addresses is looked at before connecting."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable

_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # NAT64: the last four bytes are an IPv4 address


class NoSuchHost(Exception):
    """The name does not exist."""


class PrivateHost(Exception):
    """The name leads to this machine, or into a private network."""


async def addresses_of(host: str, port: int, may_ask: Callable[[str], bool]) -> list[str]:
    """The IP addresses of a host, IPv4 first. Raises NoSuchHost, PrivateHost, and OSError if it cannot be known now.

    One address that may not be asked among others is enough to refuse: which of them would be taken is not ours to say.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
            raise NoSuchHost(host) from error
        raise
    except UnicodeError as error:  # a label that is empty or too long
        raise NoSuchHost(host) from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in sorted(found, key=lambda one: one[0])))
    if not all(may_ask(address) for address in addresses):
        raise PrivateHost(host)
    return addresses


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
