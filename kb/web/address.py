"""From where a request came: the address that limits count by."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

ONE_LINE = 64  # bits of an IPv6 address that one line has


def address_of(environ: Mapping[str, Any], proxies: int) -> str:
    """The address, of IPv6 the network; "" if it is our own machine: that says nothing about who it was.

    Each of our `proxies` adds the address that it saw to the end of X-Forwarded-For; what stands before may be made up.
    """
    seen = [environ.get("REMOTE_ADDR") or ""]
    if proxies:
        said = environ.get("HTTP_X_FORWARDED_FOR")
        forwarded = [part.strip() for part in said.split(",")] if said is not None else []
        seen = [*forwarded, *seen][-proxies - 1 :]
    return _network(seen[0])


def _network(text: str) -> str:
    host, colon, _port = text.partition(":")
    try:
        address = ip_address(host if colon and "." in host else text.strip("[]"))  # some proxies name the port too
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    return str(ip_network((address, ONE_LINE), strict=False)) if address.version == 6 else str(address)
