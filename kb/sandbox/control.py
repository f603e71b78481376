"""The sandbox's own addresses, apart from the API: its clock, its OpenAPI document, what its webhooks told."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from kb.sandbox.api.app import Api
from kb.sandbox.api.ask import read_body
from kb.sandbox.api.net import is_loopback
from kb.sandbox.api.openapi import document
from kb.sandbox.api.reply import Answer, failure, message, ok
from kb.sandbox.clock import MovableClock
from kb.sandbox.courier import Courier
from kb.sandbox.errors import Denied, Rejected, SandboxError
from kb.sandbox.world.state import World

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_STEP = re.compile(r"(?:\d{1,9}[smhd])+\Z")


class Control:
    """Answers what is about the sandbox itself; only callers on this machine may move its clock."""

    def __init__(self, api: Api, world: World, clock: MovableClock, courier: Courier) -> None:
        self._api = api
        self._courier = courier
        self._world = world
        self._clock = clock
        self._views: dict[str, Callable[[str, bytes], Answer]] = {
            "/openapi.json": self._openapi,
            "/_sandbox/clock": self._time,
            "/_sandbox/webhooks": self._told,
            "/_sandbox/webhook-key": self._key,
        }

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, peer: str) -> Answer | None:
        """None for every address of the API. `peer` is the caller's IP address. Never raises SandboxError."""
        view = self._views.get(target.partition("?")[0].rstrip("/").lower())
        if view is None:
            return None
        try:
            if method not in ("GET", "HEAD"):
                _only_from_here(headers, peer)
            return view(method, body)
        except SandboxError as error:
            return failure(error, experimental=False)

    def _openapi(self, method: str, body: bytes) -> Answer:  # noqa: ARG002  all views are called alike
        return Answer(200, self._document) if method in ("GET", "HEAD") else _not_allowed("GET")

    @cached_property
    def _document(self) -> dict[str, Any]:
        with self._world.reading():
            return document(self._api.routes, self._world)

    def _key(self, method: str, body: bytes) -> Answer:  # noqa: ARG002  all views are called alike
        if method not in ("GET", "HEAD"):
            return _not_allowed("GET")
        return Answer(200, self._world.seal.public, media="application/x-pem-file")

    def _told(self, method: str, body: bytes) -> Answer:  # noqa: ARG002  all views are called alike
        """What listeners were told lately, and how that went."""
        return ok(list(self._courier.told)) if method in ("GET", "HEAD") else _not_allowed("GET")

    def _time(self, method: str, body: bytes) -> Answer:
        if method == "POST":
            with self._world.reading():
                self._clock.set(self._wanted(read_body(body)))
                self._world.remember("ahead", str(self._clock.ahead.total_seconds()))
        elif method not in ("GET", "HEAD"):
            return _not_allowed("GET, POST")
        return ok({"now": self._clock().isoformat(timespec="seconds").replace("+00:00", "Z")})

    def _wanted(self, asked: Any) -> datetime:
        """The moment that `{"set": "2026-01-31T23:00Z"}` or `{"advance": "2h30m"}` means. Raises Rejected."""
        now = self._clock()
        data = asked if isinstance(asked, dict) else {}
        try:
            if set(data) == {"set"}:
                wanted = read_moment(str(data["set"]))
            elif set(data) == {"advance"}:
                wanted = now + read_step(str(data["advance"]))
            else:
                raise ValueError("no set and no advance")
        except (ValueError, OverflowError):
            text = 'Say {"set": "2026-01-31T23:00Z"}, or {"advance": "2h30m"} with s, m, h and d.'
            raise Rejected(text) from None
        if wanted < now - timedelta(seconds=1):
            raise Rejected("Time cannot go back: things have happened since. Start another sandbox with --clock.")
        return wanted


def read_moment(text: str) -> datetime:
    """An ISO 8601 date or time between 1970 and 9000; UTC where it names no zone. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 < aware.year < 9000:
        raise ValueError(text)
    return aware.astimezone(UTC)


def read_step(text: str) -> timedelta:
    """A span of time like 90s, 2h30m or 31d. Raises ValueError, OverflowError."""
    if not _STEP.match(text):
        raise ValueError(text)
    found = re.findall(r"(\d+)([smhd])", text)
    step = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in found), timedelta())
    if step > timedelta(days=36600):
        raise ValueError(text)
    return step


def _only_from_here(headers: Mapping[str, str], peer: str) -> None:
    """Programs on this machine, and no page in a browser that somebody else has written. Raises Denied."""
    host = headers.get("host", "localhost").lower()
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    if not is_loopback(peer) or "origin" in headers or not (name == "localhost" or is_loopback(name)):
        raise Denied("Only programs on the sandbox's own machine may do this.")


def _not_allowed(known: str) -> Answer:
    answer = message(405, "The requested resource does not support this http method.")
    return Answer(405, answer.body, {"Allow": known})
