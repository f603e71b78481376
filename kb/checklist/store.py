"""Keeps runs: a snapshot of the checklist and the events. Nothing else is stored about a run."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select
from sqlalchemy.exc import IntegrityError

from kb.checklist.checklist import Checklist
from kb.checklist.event import Draft, Event
from kb.database import Database
from kb.errors import EventConflict, NotFound, StoreError
from kb.tables import events, readers, resume_codes, runs, snapshots

ATTEMPTS = 20
Clock = Callable[[], datetime]
Decide = Callable[[Sequence[Event]], Draft | None]


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it was started."""

    id: str
    article: str
    edition: str
    revision: str
    started: datetime
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class RunStore:
    """Runs in a database. Every method raises StoreError if the database cannot do it; then nothing was written."""

    database: Database
    clock: Clock

    def start(self, checklist: Checklist, reader: str, actor: str) -> str:
        """Store the snapshot (once by content), the run and its first event; gives the run's id."""
        run = secrets.token_urlsafe(16)
        now = self.clock()
        with self.database.writing() as connection:
            _keep_snapshot(connection, checklist)
            connection.execute(
                insert(runs).values(
                    id=run,
                    snapshot=checklist.hash,
                    article=checklist.article,
                    edition=checklist.edition,
                    revision=checklist.revision,
                    started=now,
                )
            )
            connection.execute(insert(readers).values(run=run, reader=digest(reader), since=now))
            _insert(connection, run, 1, Draft(id=secrets.token_hex(16), kind="started", actor=actor), now)
        return run

    def run(self, run: str) -> StoredRun:
        """The run with its snapshot. Raises NotFound."""
        query = select(runs, snapshots.c.body).join(snapshots).where(runs.c.id == run)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such checklist.")
        return _stored(row)

    def events(self, run: str) -> tuple[Event, ...]:
        """All events of a run, oldest first."""
        with self.database.reading() as connection:
            return _events(connection, run)

    def record(self, run: str, event_id: str, decide: Decide, draft: Draft | None = None) -> Event | None:
        """Add the event that `decide` makes of the events so far; gives it after COMMIT, or None if nothing changes.

        An event with this id that is there already is given again if it repeats `draft`, else EventConflict is
        raised. If another process adds an event in between, `decide` is asked again.
        """
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(run, event_id, decide, draft)
            except IntegrityError:  # another writer took this version: look at its event and decide again
                continue
        raise StoreError("Too many changes at the same moment; nothing was changed. Try again.")

    def _attempt(self, run: str, event_id: str, decide: Decide, draft: Draft | None) -> Event | None:
        with self.database.writing() as connection:
            so_far = _events(connection, run)
            known = next((event for event in so_far if event.id == event_id), None)
            if known:
                return _repeated(known, draft)
            decided = decide(so_far)
            if decided is None:
                return None
            version = so_far[-1].version + 1 if so_far else 1
            return _insert(connection, run, version, decided, self.clock())

    def admit(self, run: str, reader: str) -> None:
        """Let this reader see and tick the run."""
        if self.admits(run, reader):
            return
        with suppress(IntegrityError), self.database.writing() as connection:  # another tab was quicker
            connection.execute(insert(readers).values(run=run, reader=digest(reader), since=self.clock()))

    def admits(self, run: str, reader: str) -> bool:
        """Whether this reader may see and tick the run."""
        query = select(readers.c.run).where(readers.c.run == run, readers.c.reader == digest(reader))
        with self.database.reading() as connection:
            return connection.execute(query).first() is not None

    def runs_of(self, reader: str, most: int = 100) -> tuple[StoredRun, ...]:
        """The runs of this reader, newest first."""
        query = (
            select(runs, snapshots.c.body)
            .join(snapshots)
            .join(readers, readers.c.run == runs.c.id)
            .where(readers.c.reader == digest(reader))
            .order_by(runs.c.started.desc())
            .limit(most)
        )
        with self.database.reading() as connection:
            return tuple(_stored(row) for row in connection.execute(query))

    def new_resume_code(self, run: str) -> str:
        """A code that opens the run in another browser; an earlier one stops working. Only its hash is stored."""
        code = secrets.token_urlsafe(16)
        with self.database.writing() as connection:
            connection.execute(delete(resume_codes).where(resume_codes.c.run == run))
            connection.execute(insert(resume_codes).values(code=digest(code), run=run, made=self.clock()))
        return code

    def run_of_code(self, code: str) -> str | None:
        """The run that a resume code opens."""
        with self.database.reading() as connection:
            row = connection.execute(_by_code(code)).first()
        return str(row.run) if row else None


def digest(secret: str) -> str:
    """SHA-256, hex: what is stored of a secret with at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _by_code(code: str) -> Select[tuple[str]]:
    return select(resume_codes.c.run).where(resume_codes.c.code == digest(code))


def _keep_snapshot(connection: Connection, checklist: Checklist) -> None:
    known = connection.execute(select(snapshots.c.hash).where(snapshots.c.hash == checklist.hash)).first()
    if known:
        return
    nested = connection.begin_nested()
    try:
        connection.execute(insert(snapshots).values(hash=checklist.hash, body=checklist.as_json()))
        nested.commit()
    except IntegrityError:  # another process has just stored the same content
        nested.rollback()


def _events(connection: Connection, run: str) -> tuple[Event, ...]:
    rows = connection.execute(select(events).where(events.c.run == run).order_by(events.c.version))
    return tuple(Event(**row._mapping) for row in rows)


def _insert(connection: Connection, run: str, version: int, draft: Draft, now: datetime) -> Event:
    values: dict[str, Any] = {
        "run": run,
        "version": version,
        "id": draft.id,
        "at": now,
        "actor": draft.actor,
        "kind": draft.kind,
        "step": draft.step,
        "seen": draft.seen,
        "body": dict(draft.body),
    }
    connection.execute(insert(events).values(**values))
    return Event(**values)


def _repeated(known: Event, draft: Draft | None) -> Event:
    if draft is not None and not known.repeats(draft):
        raise EventConflict("This was sent before with another content; nothing was changed. Reload the page.")
    return known


def _stored(row: Row[Any]) -> StoredRun:
    return StoredRun(
        id=row.id,
        article=row.article,
        edition=row.edition,
        revision=row.revision,
        started=row.started,
        checklist=Checklist.from_json(row.body),
    )
