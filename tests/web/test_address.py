import pytest
from werkzeug.test import EnvironBuilder

from kb.web.address import address_of


def seen(peer: str, proxies: int, *forwarded: str) -> str:
    headers = [("X-Forwarded-For", line) for line in forwarded]
    builder = EnvironBuilder(headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    return address_of(builder.get_environ(), proxies)


@pytest.mark.parametrize(
    ("peer", "proxies", "forwarded", "address"),
    [
        ("203.0.113.7", 0, (), "203.0.113.7"),
        ("203.0.113.7", 0, ("198.51.100.1",), "203.0.113.7"),
        ("127.0.0.1", 0, ("198.51.100.1",), ""),
        ("127.0.0.1", 1, ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", 1, ("made.up, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", 1, ("192.0.2.66, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", 2, ("192.0.2.66, 198.51.100.1, 10.0.0.3",), "198.51.100.1"),
        ("10.0.0.2", 2, ("192.0.2.66", "198.51.100.1, 10.0.0.3"), "198.51.100.1"),
        ("10.0.0.2", 3, ("198.51.100.1",), "198.51.100.1"),
        ("203.0.113.7", 1, (), "203.0.113.7"),
        ("10.0.0.2", 1, ("198.51.100.1:5123",), "198.51.100.1"),
        ("10.0.0.2", 1, ("[2001:db8:1:2:3:4:5:6]",), "2001:db8:1:2::/64"),
        ("10.0.0.2", 1, ("unknown",), ""),
        ("::ffff:203.0.113.7", 0, (), "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", 0, (), "2001:db8:1:2::/64"),
        ("::1", 0, (), ""),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(
    peer: str, proxies: int, forwarded: tuple[str, ...], address: str
) -> None:
    assert address == seen(peer, proxies, *forwarded)
