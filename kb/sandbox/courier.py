"""The courier of webhooks: tells listeners what happened in the world, signed, in one attempt each."""

import contextlib
import http.client
import json
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kb.sandbox.api import accounts, servers, webhooks
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.net import is_loopback
from kb.sandbox.api.roles import ACCOUNT_ADMIN
from kb.sandbox.world.records import BUILDING, Account, Server, User
from kb.sandbox.world.state import Happening, World

PATIENCE = 5  # seconds
_KEPT = 100

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that webhooks tell of; `about` is the JSON that is sent."""

    name: str
    alias: str
    about: dict[str, Any]


class Courier:
    """Delivers to this machine, and to the hosts in `allowed` ("host" or "host:port"); to nobody else."""

    def __init__(self, world: World, allowed: Iterable[str] = ()) -> None:
        self._world = world
        self._allowed = frozenset(each.lower() for each in allowed)
        self._pool: ThreadPoolExecutor | None = None
        self.told: deque[dict[str, str]] = deque(maxlen=_KEPT)  # event, target, outcome; the newest last

    def __call__(self, happenings: Sequence[Happening]) -> None:
        """Send what `happenings` mean to who asked for it; returns before anything has arrived."""
        for event in events(self._world, happenings):
            for target in webhooks.targets(self._world, event.alias, event.name):
                self._send(event, target)

    def _send(self, event: Event, target: str) -> None:
        if not self.delivers_to(target):
            self._note(event, target, "withheld: the host is not allowed")
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="courier")
        self._pool.submit(self._deliver, event, target, json.dumps(event.about).encode())

    def delivers_to(self, target: str) -> bool:
        """Whether this address is on this machine or allowed."""
        place = urlsplit(target)
        host = place.hostname or ""
        return host == "localhost" or is_loopback(host) or bool({host, place.netloc.lower()} & self._allowed)

    def _deliver(self, event: Event, target: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json", "Tier3-RsaSha1": self._world.seal.sign(body)}
        try:
            self._note(event, target, str(post(target, body, headers)))
        except (OSError, http.client.HTTPException) as error:
            _log.info("%s could not be told of %s: %s", target, event.name, error)
            self._note(event, target, f"failed: {error}")

    def _note(self, event: Event, target: str, outcome: str) -> None:
        self.told.append({"event": event.name, "target": target, "outcome": outcome})

    def finish(self) -> None:
        """Wait until everything so far has been delivered, or not."""
        if self._pool:
            self._pool.shutdown(wait=True)
        self._pool = None

    def stop(self) -> None:
        """Deliver nothing any more."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def post(target: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST, with no redirect followed. Raises OSError, http.client.HTTPException."""
    place = urlsplit(target)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    with contextlib.closing(kind(place.hostname or "", place.port, timeout=PATIENCE)) as connection:
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status


def events(world: World, happenings: Sequence[Happening]) -> Iterator[Event]:
    """What listeners are told of these changes."""
    for before, after in happenings:
        match before, after:
            case (None, Account()) | (Account(), Account()) if before != after:
                name = "Account.Updated" if before else "Account.Created"
                yield Event(name, after.alias, accounts.shown(_admin(world, after.alias), after))
            case (Account(), None):
                yield Event("Account.Deleted", before.alias, accounts.shown(_admin(world, before.alias), before))
            case (Server(system=False), None) if before.status != BUILDING:
                yield Event("Server.Deleted", before.alias, {"accountAlias": before.alias, "name": before.name})
            case (_, Server(system=False, status="active" | "archived")) if before != after:
                made = before is None or before.status == BUILDING
                about = {**servers.shown(_admin(world, after.alias), after), "id": after.name}
                yield Event("Server.Created" if made else "Server.Updated", after.alias, about)


def _admin(world: World, alias: str) -> Ask:
    """Payloads carry all links."""
    return Ask(world, User("system", "", alias, (ACCOUNT_ADMIN,)))
