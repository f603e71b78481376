"""Keeps runs: a snapshot of the checklist and the events. Nothing else is stored about a run."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from kb.checklist.append import Appends, follow
from kb.checklist.chain import Chain
from kb.checklist.checklist import Checklist
from kb.checklist.event import Draft, Event
from kb.checklist.journal import AFTER, Journal, begin, follow_locked, journal_of, lock, read_journal
from kb.checklist.recent import Recent, Recents
from kb.checklist.secret import digest
from kb.checklist.shelf import Shelf
from kb.checklist.stored_run import StoredRun
from kb.database import Database
from kb.errors import EventConflict, NotFound, StoreError
from kb.tables import readers, runs, snapshots
from kb.words import words

Clock = Callable[[], datetime]
Decide = Callable[[Sequence[Event]], Draft | None]
RUN = select(runs).where(runs.c.id == bindparam("of"))


class RunRow(NamedTuple):
    """A row of the table `runs`, its columns in their order."""

    id: str
    snapshot: str
    article: str
    edition: str
    revision: str
    started: datetime
    purged: datetime | None


ADMITTING = (
    select(*(runs.c[name] for name in RunRow._fields))
    .join(readers, readers.c.run == runs.c.id)
    .where(runs.c.id == bindparam("of"), readers.c.reader == bindparam("by"))
)
ADMITTED = select(readers.c.run).where(readers.c.run == bindparam("of"), readers.c.reader == bindparam("by"))


@dataclass(frozen=True, slots=True)
class _Wish:
    """An event that is wanted, and the checklist that the run shall follow from it on, if another."""

    event_id: str
    decide: Decide
    draft: Draft | None
    onto: Checklist | None

    @property
    def snapshot(self) -> str | None:
        return self.onto.hash if self.onto else None

    def meets(self, journal: Journal) -> Draft | Event | None:
        """What comes of it after these events: one to add, the one that is there already, or nothing."""
        known = journal.find(self.event_id)
        if known:
            return _repeated(known, self.draft)
        if journal.purged:
            raise NotFound(words("What was recorded in this checklist was erased; nothing can be added to it."))
        decided = self.decide(journal.events)
        if decided and self.onto:
            return replace(decided, body={**decided.body, **_pin(self.onto)})
        return decided


@dataclass(frozen=True, slots=True)
class RunStore:
    """Runs in a database. Every method raises StoreError if the database cannot do it; then nothing was written."""

    database: Database
    clock: Clock
    chain: Chain
    appends: Appends = field(default_factory=Appends)
    checklists: Shelf[str, Checklist] = field(default_factory=lambda: Shelf(200))  # a hash stands for one for ever
    recents: Recents = field(default_factory=Recents)

    def start(self, checklist: Checklist, reader: str, actor: str) -> str:
        """Store the snapshot (once by content), the run and its first event; gives the run's id."""
        run, now = _new_id(), self.clock()
        with self.database.writing() as connection:
            _keep_snapshot(connection, checklist)
            connection.execute(insert(runs).values(id=run, started=now, **_pin(checklist)))
            connection.execute(insert(readers).values(run=run, reader=digest(reader), since=now))
            draft = Draft(secrets.token_hex(16), "started", actor, body=_pin(checklist))
            begin(connection, self.chain, run, draft, now, checklist.hash)
        return run

    def run(self, run: str) -> StoredRun:
        """The run with its snapshot. Raises NotFound, also if it was purged."""
        with self.database.reading() as connection:
            row = connection.execute(RUN, {"of": run}).one_or_none()
        if row is None:
            raise NotFound(words("There is no such checklist."))
        return self._found(row)

    def run_admitting(self, run: str, reader: str) -> StoredRun | None:
        """The run, if this reader may see and tick it: `admits` and `run` in one look. Raises NotFound if purged."""
        with self.database.quick_reading() as connection:
            found = connection.rows(ADMITTING, {"of": run, "by": digest(reader)})
        return self.recents.admitted(self._found(RunRow(*found[0])), reader) if found else None

    def _found(self, row: Row[Any] | RunRow) -> StoredRun:
        if row.purged:
            raise NotFound(words("What was recorded in this checklist was erased."))
        return _stored(row, self.snapshot(row.snapshot))

    def snapshot(self, hash: str) -> Checklist:
        """An earlier or later checklist by its hash, as events name it. Raises NotFound."""
        known = self.checklists.get(hash)
        if known:
            return known
        with self.database.reading() as connection:
            body = connection.execute(select(snapshots.c.body).where(snapshots.c.hash == hash)).scalar_one_or_none()
        if body is None:
            raise NotFound(words("There is no such checklist."))
        return self.checklists.keep(hash, Checklist.from_json(body))

    def events(self, run: str) -> tuple[Event, ...]:
        """All events of a run, oldest first."""
        with self.database.quick_reading() as connection:
            rows = connection.rows(AFTER, {"run": run, "after": 0})
        return self.recents.read(journal_of(rows)).events if rows else ()

    def journal(self, run: str) -> Journal:
        """The events of a run, to be given to `record` by whoever looks at them first. Raises NotFound."""
        with self.database.quick_reading() as connection:
            return self.recents.read(journal_of(connection.rows(AFTER, {"run": run, "after": 0})))

    def recent(self, run: str, reader: str) -> Recent | None:
        """The run of this reader as this process saw it last, if it did. Only `follow` tells whether it still is so."""
        return self.recents.find(run, reader)

    def look(self, run: str, reader: str) -> Recent | None:
        """The same, read now. Raises NotFound if the run was purged."""
        return self.recents.find(run, reader) if self.run_admitting(run, reader) and self.journal(run) else None

    def follow(self, recent: Recent, draft: Draft) -> bool:
        """Add this event if nothing happened in the run since then, and say so after COMMIT. Else nothing was done."""
        return self._follow(recent.journal, draft) is not None

    def record(
        self, run: str, event_id: str, decide: Decide, draft: Draft | None = None, known: Journal | None = None
    ) -> Event | None:
        """Add the event that `decide` makes of the events so far; gives it after COMMIT, or None if nothing changes.

        An event with this id that is there already is given again if it repeats `draft`, else EventConflict is
        raised. If another process adds an event in between, `decide` is asked again. A journal that is `known`
        is not read again before that.
        """
        return self._append(run, _Wish(event_id, decide, draft, None), known)

    def move(
        self, run: str, event_id: str, decide: Decide, checklist: Checklist, draft: Draft | None = None
    ) -> Event | None:
        """Like `record`, and from this event on the run follows `checklist`: both happen or neither.

        The event's body also gets article, edition, revision and snapshot of `checklist`.
        """
        return self._append(run, _Wish(event_id, decide, draft, checklist))

    def _append(self, run: str, wish: "_Wish", known: Journal | None = None) -> Event | None:
        """Decide without a lock; only if somebody else was quicker, again with one."""
        journal = known or self.journal(run)
        found = wish.meets(journal)
        if not isinstance(found, Draft):
            return found
        event = self._follow(journal, found) if wish.onto is None else None
        return event or self._append_locked(run, wish, journal)

    def _follow(self, journal: Journal, draft: Draft) -> Event | None:
        """Without a lock; None if somebody else was quicker."""
        with suppress(IntegrityError):
            after = follow(self.database, self.appends, self.chain, journal, draft, self.clock())
            if after:
                return self.recents.read(after).events[-1]
        self.recents.forget(journal.run)
        return None

    def _append_locked(self, run: str, wish: "_Wish", journal: Journal) -> Event | None:
        try:
            with self.database.writing() as connection:
                head = lock(connection, run)
                journal = read_journal(connection, run, journal)
                found = wish.meets(journal)
                if not isinstance(found, Draft):
                    return found
                event = follow_locked(connection, self.chain, journal, head, found, self.clock(), wish.snapshot)
                _move(connection, run, wish.onto)
                return event
        except IntegrityError as error:
            raise StoreError(words("Too many changes at the same moment; nothing was changed. Try again.")) from error

    def admit(self, run: str, reader: str) -> None:
        """Let this reader see and tick the run."""
        if self.admits(run, reader):
            return
        with suppress(IntegrityError), self.database.writing() as connection:  # another tab was quicker
            connection.execute(insert(readers).values(run=run, reader=digest(reader), since=self.clock()))

    def admits(self, run: str, reader: str) -> bool:
        """Whether this reader may see and tick the run."""
        with self.database.reading() as connection:
            return connection.execute(ADMITTED, {"of": run, "by": digest(reader)}).first() is not None

    def runs_of(self, reader: str, most: int = 100) -> tuple[StoredRun, ...]:
        """The runs of this reader, newest first."""
        query = (
            select(runs)
            .join(readers, readers.c.run == runs.c.id)
            .where(readers.c.reader == digest(reader))
            .order_by(runs.c.started.desc())
            .limit(most)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(_stored(row, self.snapshot(row.snapshot)) for row in rows)


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


def _new_id() -> str:
    """128 random bits; not as an option of a command begins."""
    return next(name for name in iter(lambda: secrets.token_urlsafe(16), "") if not name.startswith("-"))


def _pin(checklist: Checklist) -> dict[str, str]:
    """What names the checklist that a run follows."""
    return {
        "article": checklist.article,
        "edition": checklist.edition,
        "revision": checklist.revision,
        "snapshot": checklist.hash,
    }


def _move(connection: Connection, run: str, onto: Checklist | None) -> None:
    if onto:
        _keep_snapshot(connection, onto)
        connection.execute(update(runs).where(runs.c.id == run).values(**_pin(onto)))


def _repeated(known: Event, draft: Draft | None) -> Event:
    if draft is not None and not known.repeats(draft):
        raise EventConflict(words("This was sent before with another content; nothing was changed. Reload the page."))
    return known


def _stored(row: Row[Any] | RunRow, checklist: Checklist) -> StoredRun:
    return StoredRun(
        id=row.id,
        article=row.article,
        edition=row.edition,
        revision=row.revision,
        started=row.started,
        snapshot=row.snapshot,
        checklist=checklist,
    )
