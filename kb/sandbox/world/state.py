"""The world: all things in memory, metered, and written through to the shelf before a change is answered."""

import json
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from kb.sandbox.clock import Clock
from kb.sandbox.errors import StateRefused
from kb.sandbox.world import meter
from kb.sandbox.world.codec import build, plain
from kb.sandbox.world.records import (
    Account,
    Balancer,
    Group,
    Item,
    Network,
    Operation,
    Server,
    SharedBalancer,
    Span,
    User,
    Vpn,
)
from kb.sandbox.world.seal import Seal
from kb.sandbox.world.shelf import FORMAT, Row, Shelf
from kb.sandbox.world.table import Table

Happening = tuple[Any, Any]  # a thing before and after; None: not there


def _tell_nobody(happenings: Sequence[Happening]) -> None:
    """Nobody wants to know."""


class World:
    """Everything that the sandbox knows. `reading` and `change` keep threads apart."""

    def __init__(self, shelf: Shelf, clock: Clock, pace: float) -> None:
        self.pace = pace  # seconds that an operation takes
        self.jobs = ""  # how operations queued now end: "" well, else "failed", "unknown" or "resumed" (on the way)
        self.clock = clock
        self.tell: Callable[[Sequence[Happening]], None] = _tell_nobody  # called with what each change came to
        self.servers_of: dict[str, dict[str, Server]] = defaultdict(dict)  # group id ->
        self.servers_on: dict[str, dict[str, Server]] = defaultdict(dict)  # network id ->
        self.last_numbers: dict[str, int] = {}  # prefix of server ids -> highest number given
        self.groups_of: dict[str, dict[str, Group]] = defaultdict(dict)  # parent id ->
        self.unsettled: dict[str, Operation] = {}
        self.quiet_until: datetime | None = None  # nothing becomes due before; None: nobody has looked since a change
        self.planned: dict[str, Item] = {}  # scheduled activities that will happen
        self.snapped: dict[str, Server] = {}  # servers with a snapshot, which expires
        self.spans_of: dict[str, dict[str, Span]] = defaultdict(dict)  # owner ->
        self._shelf = shelf
        self._moment: datetime | None = None
        self._lock = threading.RLock()
        self._touched: dict[tuple[str, str], tuple[Table[Any], Any]] | None = None  # -> table, thing before
        self._make_tables()
        self._load()

    def _make_tables(self) -> None:
        self.accounts = Table(Account, self._watch)
        self.users = Table(User, self._watch)
        self.groups = Table(Group, self._watch)
        self.servers = Table(Server, self._watch)
        self.networks = Table(Network, self._watch)
        self.shared_balancers = Table(SharedBalancer, self._watch)
        self.balancers = Table(Balancer, self._watch)
        self.vpns = Table(Vpn, self._watch)
        self.items = Table(Item, self._watch)
        self.operations = Table(Operation, self._watch)
        self.spans = Table(Span, self._watch)
        tables = [value for value in vars(self).values() if isinstance(value, Table)]
        self._tables: dict[str, Table[Any]] = {table.kind: table for table in tables}

    def _load(self) -> None:
        self._facts = self._shelf.facts()
        if self._facts and self._facts.get("format") != FORMAT:
            raise StateRefused("it was made by another version of kb")
        self._touched = {}
        try:
            for kind, _, body in self._shelf.rows():
                self._tables[kind].put(build(self._tables[kind].cls, json.loads(body)))
        except (KeyError, TypeError, ValueError) as error:
            raise StateRefused(f"it holds what this version of kb does not know ({error!r})") from error
        self._touched = None

    @property
    def secret(self) -> bytes:
        """The key that signs tokens."""
        return bytes.fromhex(self._facts["secret"])

    @property
    def origin(self) -> str:
        """What this world was made from, "" if it is still void."""
        return self._facts.get("origin", "")

    @cached_property
    def seal(self) -> Seal:
        """The key that signs what webhooks say."""
        with self._lock:
            seal = Seal(self._facts["seal"]) if "seal" in self._facts else Seal.new()
            self.remember("seal", seal.private)
            return seal

    def remember(self, name: str, value: str) -> None:
        """Put down a fact about the world itself."""
        with self._lock:
            self._facts[name] = value
            self._shelf.write((), [(name, value)])

    def found(self, origin: str) -> None:
        """Remember what this world is made from; inside the change that fills it."""
        self._facts = {"format": FORMAT, "origin": origin, "secret": secrets.token_hex(32)}

    def now(self) -> datetime:
        """The time of what is happening: the clock's, or when a late effect was due."""
        return self._moment or self.clock()

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let what happens inside have happened at `moment`."""
        before, self._moment = self._moment, moment
        try:
            yield
        finally:
            self._moment = before

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See a state that nobody changes meanwhile."""
        with self._lock:
            yield

    @contextmanager
    def change(self) -> Iterator[None]:
        """All puts and removes inside are committed together at the end, or undone by an exception."""
        with self._lock:
            if self._touched is not None:  # inside a bigger change
                yield
                return
            self._touched = {}
            try:
                yield
                self._meter()
                self._commit(self._touched)
                done = self._touched
            except BaseException:
                self._undo(self._touched)
                raise
            finally:
                self._touched = None
            self.tell([(before, table.get(key)) for (_, key), (table, before) in done.items()])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._shelf.close()

    def _watch(self, table: Table[Any], key: str, before: Any, after: Any) -> None:
        if self._touched is None:
            raise RuntimeError(f"{table.kind} {key} was changed outside of World.change()")
        self._touched.setdefault((table.kind, key), (table, before))
        self.quiet_until = None
        gone, here = list(self._indexes(before)), list(self._indexes(after))
        for index in gone:
            if not any(index is other for other in here):
                index.pop(key, None)
        for index in here:
            index[key] = after

    def _indexes(self, thing: Any) -> Iterator[dict[str, Any]]:
        match thing:
            case Server():
                yield self.servers_of[thing.group]
                yield from (self.servers_on[each] for each in {address.network for address in thing.addresses})
                if thing.snapshots:
                    yield self.snapped
            case Group():
                yield self.groups_of[thing.parent]
            case Item(kind="schedule") if thing.body.get("next"):
                yield self.planned
            case Operation(settled=False):
                yield self.unsettled
            case Span():
                yield self.spans_of[thing.owner]

    def _meter(self) -> None:
        """Close the spans of what was touched where the charge changed, and open new ones."""
        for (kind, key), (table, before) in list((self._touched or {}).items()):
            thing = table.get(key)
            wanted = {} if thing is None else {charge.key: charge for charge in meter.charges(thing, self.groups)}
            for span in [each for each in self.spans_of[f"{kind}:{key}"].values() if each.ended is None]:
                if wanted.pop(meter.key_of(span), None) is None:
                    self.spans.put(replace(span, ended=self.now()))
            since = self.now() if before else meter.made(thing) or self.now()
            for charge in wanted.values():
                self.spans.put(meter.span(charge, thing, f"{kind}:{key}", since))

    def _commit(self, touched: dict[tuple[str, str], tuple[Table[Any], Any]]) -> None:
        rows: list[Row] = []
        for (kind, key), (table, _) in touched.items():
            thing = table.get(key)
            rows.append((kind, key, None if thing is None else json.dumps(plain(thing), ensure_ascii=False)))
        if rows:
            self._facts["latest"] = self.clock().isoformat()
            self._shelf.write(rows, self._facts.items())

    def _undo(self, touched: dict[tuple[str, str], tuple[Table[Any], Any]]) -> None:
        for (_, key), (table, before) in reversed(list(touched.items())):
            table.set(key, before)
