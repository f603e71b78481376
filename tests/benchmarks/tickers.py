"""Readers who tick over connections that stay open, as browsers do: cookie, form guard, redirect."""

import re
import secrets
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

from tests.faults.readers import Place, new_place

STEPS = 8
TURNS = 2 * STEPS  # each run is ticked through and unticked again: so long are real ones
LAPS = 3  # if the server is quicker than expected, its readers begin again; no event is ever sent twice
ARTICLE = "---\ntitle: Leaving a house\ndate: 2026-02-01\n---\n## Steps\n" + "".join(
    f"{number}. Do the work of room {number}, and look behind the door.\n" for number in range(1, STEPS + 1)
)
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\n\r\n", re.DOTALL)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
PATIENCE = 30  # seconds without any answer


def start_runs(url: str, count: int) -> list[Place]:
    """Start that many runs, each in a browser of its own."""
    return [new_place(url, "leaving") for _ in range(count)]


@dataclass
class Ticker:
    """One reader who ticks and unticks, each change after the answer to the one before.

    With `look`, the page that a tick leads to is asked for before the next one.
    """

    url: str
    runs: Sequence[Place]
    look: bool
    answered: list[float] = field(default_factory=list)  # seconds that each acknowledgement took

    def __post_init__(self) -> None:
        place = urlsplit(self.url)
        self.host = place.netloc
        self.connection = socket.create_connection((place.hostname, place.port or 0))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = iter(list(self._requests()))  # made before the clock starts: that is not what is measured
        self.came = b""

    def send(self) -> None:
        """Send what comes next."""
        self.wanted, request = next(self.requests)
        self.began = time.monotonic()
        self.connection.sendall(request)

    def receive(self) -> bool:
        """Take what has come; whether it was the whole answer, which must be the one that was wanted."""
        self.came += self.connection.recv(1 << 18)
        head = HEAD.match(self.came)
        if not head:
            return False
        length = LENGTH.search(head[0])
        if len(self.came) < head.end() + int(length[1] if length else 0):
            return False
        assert head[1] == self.wanted, self.came
        self.came = b""
        if self.wanted == b"303":
            self.answered.append(time.monotonic() - self.began)
        return True

    def _requests(self) -> Iterator[tuple[bytes, bytes]]:
        """The forms as pages have them, and the pages that they lead to, each with the status of its answer."""
        for run in LAPS * tuple(self.runs):
            head = f"Host: {self.host}\r\nAccept: text/html\r\nCookie: {run.cookie}\r\n"
            posted = f"{head}Origin: http://{self.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            for place, seen in zip(range(TURNS), count(1), strict=False):
                step, event = run.steps[place % STEPS], secrets.token_hex(16)
                form = {"csrf": run.csrf, "kind": "tick", "step": step, "event": event, "seen": seen}
                body = urlencode(form | ({"done": "yes"} if place < STEPS else {}))
                yield (
                    b"303",
                    f"POST {run.path}events HTTP/1.1\r\n{posted}Content-Length: {len(body)}\r\n\r\n{body}".encode(),
                )
                if self.look:
                    yield b"200", f"GET {run.path} HTTP/1.1\r\n{head}\r\n".encode()


def tick(url: str, runs: Sequence[Place], clients: int, seconds: float, *, look: bool) -> tuple[float, list[float]]:
    """Acknowledged ticks a second by that many readers at once, and how long each took (seconds).

    One thread serves all readers: it shares the processors with the server, and shall need little of them.
    """
    tickers = [Ticker(url, runs[number::clients], look) for number in range(clients)]
    began = time.monotonic()
    for ticker in tickers:
        ticker.send()
    with selectors.DefaultSelector() as waiting:
        for ticker in tickers:
            waiting.register(ticker.connection, selectors.EVENT_READ, ticker)
        while time.monotonic() < began + seconds:
            ready = waiting.select(PATIENCE)
            assert ready, "no answer came"
            for key, _ in ready:
                if key.data.receive():
                    key.data.send()
    took = [each for ticker in tickers for each in ticker.answered]
    rate = len(took) / (time.monotonic() - began)
    for ticker in tickers:
        ticker.connection.close()
    return rate, took
