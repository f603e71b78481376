"""Addresses of machines."""

from ipaddress import ip_address


def is_loopback(text: str) -> bool:
    """Whether this is an IP address of the machine itself."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or bool(mapped and mapped.is_loopback)
