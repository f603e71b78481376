"""A run's events as rows, on one connection: reading them, and adding one with its place in the chain."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from kb.checklist.chain import Chain, Link, Payload, same
from kb.checklist.event import Draft, Event
from kb.checklist.register import enter
from kb.errors import NotFound
from kb.tables import events, heads, runs
from kb.words import words

EVENT = tuple(events.c[field.name] for field in fields(Event))
NAMES = tuple(column.name for column in EVENT)
# statements that each tick needs: making one takes longer than what the database does with it
AFTER = (
    select(*EVENT, events.c.mac, events.c.snapshot)
    .where(events.c.run == bindparam("run"), events.c.version > bindparam("after"))
    .order_by(events.c.version)
)
ADD = insert(events)


@dataclass(frozen=True, slots=True)
class Journal:
    """All events of a run, oldest first, and what the next one follows: the last one's mac and snapshot.

    `mac` and `snapshot` are None if the last event is from a kb without the chain.
    """

    events: tuple[Event, ...]
    mac: str | None
    snapshot: str | None
    seal: str = ""  # of the head, if it is known that the last event is the run's last

    @property
    def run(self) -> str:
        """Whose journal it is."""
        return self.events[0].run

    @property
    def version(self) -> int:
        """Of the last event."""
        return self.events[-1].version

    @property
    def purged(self) -> bool:
        """Whether what the events said was erased; then nothing may follow."""
        return self.events[-1].kind == "purged"

    def find(self, event_id: str) -> Event | None:
        """The event with this id."""
        return next((event for event in self.events if event.id == event_id), None)


def read_journal(connection: Connection, run: str, known: Journal | None = None) -> Journal:
    """The events so far; of a journal that is `known`, only what was added is read. Raises NotFound."""
    if known and known.mac:
        since = connection.execute(AFTER, {"run": run, "after": known.version - 1}).all()
        if since and since[0].mac == known.mac:  # else an older database was put in its place meanwhile
            return journal_of([tuple(row) for row in since[1:]], known)
    rows = connection.execute(AFTER, {"run": run, "after": 0}).all()
    return journal_of([tuple(row) for row in rows])


def journal_of(rows: Sequence[tuple[Any, ...]], known: Journal | None = None) -> Journal:
    """The journal that these rows of `AFTER` continue. Raises NotFound if there is none."""
    if known and not rows:
        return known
    if not rows:
        raise NotFound(words("There is no such checklist."))
    so_far = known.events if known else ()
    *_, mac, snapshot = rows[-1]
    return Journal((*so_far, *map(event_of, rows)), mac, snapshot)


def event_of(row: Sequence[Any]) -> Event:
    """The event that begins this row, whatever stands after it."""
    return Event(*row[: len(EVENT)])


def begin(connection: Connection, chain: Chain, run: str, draft: Draft, at: datetime, snapshot: str) -> Event:
    """Add the first event of a new run and enter the run in the register."""
    event, mac = _add(connection, chain, (run, 1, ""), draft, at, snapshot)
    enter(connection, chain, run, 1, mac, at)
    return event


def lock(connection: Connection, run: str) -> Row[Any] | None:
    """Keep every other writer from this run until the transaction ends; gives its head, if it has one."""
    query = select(heads).where(heads.c.run == run).with_for_update()
    head = connection.execute(query).one_or_none()
    if head is not None:
        return head
    connection.execute(select(runs.c.id).where(runs.c.id == run).with_for_update(key_share=True))
    return connection.execute(query).one_or_none()


def follow_locked(
    connection: Connection,
    chain: Chain,
    journal: Journal,
    head: Row[Any] | None,
    draft: Draft,
    at: datetime,
    snapshot: str | None,
) -> Event:
    """Add an event to a run that is locked, whatever state its chain is in.

    A run from before the chain gets one. A head that is not as the chain left it is never sealed again: whoever
    verifies shall see it.
    """
    run, version = journal.run, journal.version + 1
    snapshot = snapshot or journal.snapshot or _snapshot(connection, run)
    before = journal.mac or (head.mac if head else _adopt(connection, chain, journal, snapshot))
    event, mac = _add(connection, chain, (run, version, before), draft, at, snapshot)
    if head is None:
        enter(connection, chain, run, version, mac, at)
        return event
    values = _head(chain, run, version, mac)
    if not _sound(chain, head, journal):
        values |= {"key": head.key, "seal": ""}
    connection.execute(update(heads).where(heads.c.run == run).values(**values))
    return event


def _sound(chain: Chain, head: Row[Any], journal: Journal) -> bool:
    known = chain.named(head.key)
    stands = (head.version, head.mac) == (journal.version, journal.mac)
    return stands and known is not None and same(head.seal, known.seal(head.run, head.version, head.mac))


def _head(chain: Chain, run: str, version: int, mac: str) -> dict[str, Any]:
    return {"version": version, "mac": mac, "key": chain.id, "seal": chain.seal(run, version, mac)}


def _adopt(connection: Connection, chain: Chain, journal: Journal, snapshot: str) -> str:
    """Take events from before the chain into it, as they stand; gives the last one's mac."""
    mac = ""
    for event in journal.events:
        mac, values = _chained(chain, event, mac, snapshot)
        mine = (events.c.run == event.run) & (events.c.version == event.version)
        connection.execute(update(events).where(mine).values(**values))
    return mac


def _add(
    connection: Connection, chain: Chain, place: tuple[str, int, str], draft: Draft, at: datetime, snapshot: str
) -> tuple[Event, str]:
    event, values, mac = sealed(chain, place, draft, at, snapshot)
    connection.execute(ADD, values)
    return event, mac


def sealed(
    chain: Chain, place: tuple[str, int, str], draft: Draft, at: datetime, snapshot: str
) -> tuple[Event, dict[str, Any], str]:
    """The event at this place (run, version, mac of the one before), its row and its mac."""
    run, version, before = place
    event = Event(run, version, draft.id, at, draft.actor, draft.kind, draft.step, draft.seen, dict(draft.body))
    mac, values = _chained(chain, event, before, snapshot)
    return event, {**{name: getattr(event, name) for name in NAMES}, **values}, mac


def _chained(chain: Chain, event: Event, before: str, snapshot: str) -> tuple[str, dict[str, str]]:
    salt = secrets.token_hex(16)
    digest = chain.digest(Payload(salt, event.id, event.actor, event.body))
    link = Link(event.run, event.version, event.at, event.kind, event.step, event.seen, snapshot, digest)
    mac = chain.mac(before, link)
    return mac, {"snapshot": snapshot, "salt": salt, "digest": digest, "mac": mac, "key": chain.id}


def _snapshot(connection: Connection, run: str) -> str:
    return str(connection.execute(select(runs.c.snapshot).where(runs.c.id == run)).scalar_one())
