"""Requests as no client library would send them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

PATIENCE = 20  # seconds


def chunked(*parts: bytes) -> bytes:
    """A body in chunks, each of which says its length."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


def sent(url: str, line: bytes, head: bytes, body: bytes) -> int:
    """The status of the answer to this request."""
    with _opened(url) as connection:
        connection.sendall(_request(url, line, head) + body)
        return int(connection.makefile("rb").readline().split()[1])


@contextmanager
def slow_senders(url: str, count: int, head: bytes) -> Iterator[None]:
    """So many forms on their way of which nothing more comes while the block lasts."""
    with ExitStack() as senders:
        for _ in range(count):
            connection = senders.enter_context(_opened(url))
            connection.sendall(_request(url, b"POST /runs/", head) + b"article=")
        yield


def _opened(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname, place.port or 80), timeout=PATIENCE)


def _request(url: str, line: bytes, head: bytes) -> bytes:
    host = urlsplit(url).netloc.encode()
    return b"%s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n%s\r\n" % (line, host, url.encode(), head)
