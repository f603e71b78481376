"""Readers who tick over connections that stay open, as browsers do: cookie, form guard, redirect."""

import re
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlencode, urlsplit

import httpx

STEPS = 8
TURNS = 2 * STEPS  # each run is ticked through and unticked again: so long are real ones
ARTICLE = "---\ntitle: Leaving a house\ndate: 2026-02-01\n---\n## Steps\n" + "".join(
    f"{number}. Do the work of room {number}, and look behind the door.\n" for number in range(1, STEPS + 1)
)


@dataclass(frozen=True)
class Started:
    """A run of one browser: what its next requests carry."""

    path: str
    cookie: str
    csrf: str
    steps: tuple[str, ...]


def start_runs(url: str, count: int) -> list[Started]:
    """Start that many runs, each in a browser of its own."""
    return [_started(url) for _ in range(count)]


def _started(url: str) -> Started:
    with httpx.Client(base_url=url, headers={"Origin": url}) as browser:
        made = browser.post("/runs/", data={"article": "leaving"})
        assert made.status_code == 303, made.text
        path = made.headers["Location"]
        page = browser.get(path).text
        csrf = re.findall(r'name="csrf" value="(\w+)"', page)[0]
        steps = browser.get(path, headers={"Accept": "application/json"}).json()["steps"]
        return Started(path, f"kb_reader={browser.cookies['kb_reader']}", csrf, tuple(step["id"] for step in steps))


class Ticker(threading.Thread):
    """One reader who ticks and unticks, each change after the answer to the one before, until `until` (monotonic)."""

    def __init__(self, url: str, runs: Sequence[Started], until: float, *, look: bool) -> None:
        super().__init__()
        self.place = urlsplit(url)
        self.runs, self.until, self.look = runs, until, look
        self.answered: list[float] = []  # seconds that each acknowledgement took

    def run(self) -> None:
        address = (self.place.hostname, self.place.port or 0)
        with socket.create_connection(address) as connection, connection.makefile("rb") as answers:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            turn = 0
            while time.monotonic() < self.until:
                request, page = self._requests(turn)
                began = time.monotonic()
                connection.sendall(request)
                status = _read(answers)
                assert status == b"303", status
                self.answered.append(time.monotonic() - began)
                if self.look:
                    connection.sendall(page)
                    assert _read(answers) == b"200"
                turn += 1

    def _requests(self, turn: int) -> tuple[bytes, bytes]:
        """The form of this turn, and the page that it leads to: each run is ticked through, and unticked once."""
        run = self.runs[turn // TURNS % len(self.runs)]
        place = turn % TURNS
        form = {"kind": "tick", "step": run.steps[place % STEPS], "csrf": run.csrf, "event": secrets.token_hex(16)}
        body = urlencode(form | ({"done": "yes"} if place < STEPS else {}))
        head = f"Host: {self.place.netloc}\r\nAccept: text/html\r\nCookie: {run.cookie}\r\n"
        posted = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return (
            f"POST {run.path}events HTTP/1.1\r\n{head}Origin: http://{self.place.netloc}\r\n{posted}\r\n{body}".encode(),
            f"GET {run.path} HTTP/1.1\r\n{head}\r\n".encode(),
        )


def _read(answers: BinaryIO) -> bytes:
    """The status of one answer."""
    status, length = answers.readline().split()[1], 0
    while line := answers.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    answers.read(length)
    return bytes(status)


def tick(url: str, runs: Sequence[Started], clients: int, seconds: float, *, look: bool) -> tuple[float, list[float]]:
    """Acknowledged ticks a second by that many readers at once, and how long each took (seconds)."""
    began = time.monotonic()
    shares = [runs[number::clients] for number in range(clients)]
    tickers = [Ticker(url, share, began + seconds, look=look) for share in shares]
    for ticker in tickers:
        ticker.start()
    for ticker in tickers:
        ticker.join()
    took = [each for ticker in tickers for each in ticker.answered]
    return len(took) / (time.monotonic() - began), took
