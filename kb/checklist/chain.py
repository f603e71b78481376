"""The chain over a run's events: each event seals itself and the one before, with a key that the database lacks."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Payload:
    """What a purge erases of an event. `salt`: 128 random bits, so that nobody can guess it from its digest."""

    salt: str
    id: str
    actor: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """What stays of an event for ever. `snapshot` is the checklist that it was about, `digest` its payload's."""

    run: str
    version: int
    at: datetime
    kind: str
    step: str
    seen: int
    snapshot: str
    digest: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The key of the chain. `id` names it without telling it; `earlier` are keys of the site before this one."""

    key: bytes = field(repr=False)
    id: str
    earlier: tuple["Chain", ...] = ()

    def digest(self, payload: Payload) -> str:
        """What an event keeps of its payload."""
        return self._mac("payload", payload.salt, payload.id, payload.actor, _plain(payload.body))

    def mac(self, previous: str, link: Link) -> str:
        """What binds an event to the one before, whose mac is `previous` ("" for the first)."""
        moment = link.at.astimezone(UTC).isoformat(timespec="microseconds")
        told = (link.run, link.version, moment, link.kind, link.step, link.seen, link.snapshot, link.digest)
        return self._mac("event", previous, *told)

    def seal(self, run: str, version: int, mac: str) -> str:
        """What guards a head: that this event is the last of the run."""
        return self._mac("head", run, version, mac)

    def register_seal(self, count: int, since: datetime) -> str:
        """What guards the register: that so many runs were started since then."""
        return self._mac("register", count, since.astimezone(UTC).isoformat(timespec="microseconds"))

    def named(self, key: str | None) -> "Chain | None":
        """This or the earlier chain with this key's id; None if the key is not known here."""
        return next((chain for chain in (self, *self.earlier) if chain.id == key), None)

    def _mac(self, *words: object) -> str:
        return hmac.digest(self.key, _CANONICAL(words).encode(), "sha256").hex()


def chain_of(secret: bytes, earlier: Iterable[bytes] = ()) -> Chain:
    """The chain of a site with this secret key, and with these keys before it."""
    key = hmac.new(secret, b"kb chain 1", hashlib.sha256).digest()  # apart from what else the secret is used for
    name = hmac.new(key, b"id", hashlib.sha256).hexdigest()[:16]
    return Chain(key, name, tuple(chain_of(one) for one in earlier))


def same(one: str | None, other: str | None) -> bool:
    """Whether two seals are the same; None is like no other."""
    return one is not None and other is not None and hmac.compare_digest(one.encode(), other.encode())


def _plain(body: Mapping[str, Any]) -> Any:
    """As it will be read from the database: numbers as keys are text there."""
    return json.loads(json.dumps(body)) if body else {}
