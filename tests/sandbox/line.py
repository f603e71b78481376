"""A bare socket to the sandbox: requests go down it byte by byte as a test writes them."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit

from kb.sandbox.serve import Sandbox


class Line:
    """One connection: what is sent down it is sent as it is."""

    def __init__(self, connection: socket.socket, answers: BufferedReader, token: str) -> None:
        self.token = token
        self._connection = connection
        self._answers = answers

    def ask(self, method: str, path: str, body: bytes = b"", version: str = "1.1", **headers: str) -> tuple[int, Any]:
        """The status and the data of the answer; names of headers with _ for -."""
        head = {"Host": "127.0.0.1", "Authorization": f"Bearer {self.token}"}
        head |= {"Content-Length": str(len(body))} if body or method in ("POST", "PUT", "PATCH") else {}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/{version}", *(f"{name}: {value}" for name, value in head.items() if value)]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return self.answer()

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def answer(self) -> tuple[int, Any]:
        status, headers = self.head()
        body = self._answers.read(int(headers.get("content-length", 0)))
        return status, json.loads(body) if body else None

    def skip(self, count: int) -> bytes:
        """The next bytes, as they are."""
        return self._answers.read(count)

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of what comes next."""
        status = int(self._answers.readline().split()[1])
        headers = {}
        while line := self._answers.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return status, headers


@contextmanager
def open_line(sandbox: Sandbox, token: str) -> Iterator[Line]:
    place = urlsplit(sandbox.url)
    address = (str(place.hostname), place.port or 0)
    with socket.create_connection(address, timeout=10) as connection, connection.makefile("rb") as answers:
        yield Line(connection, answers, token)
