"""The record of a run: who did what, when, in which edition, what was checked, and whether it is as it was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from kb.checklist.chain import Chain
from kb.checklist.check import Verdict
from kb.checklist.checklist import Checklist
from kb.checklist.event import Event
from kb.checklist.event_words import in_words
from kb.checklist.progress import Progress, fold
from kb.checklist.trail import Finding, Pin, Trail, examine
from kb.database import Database
from kb.errors import NotFound
from kb.tables import events, heads, runs, snapshots
from kb.words import words


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event with what it was about. `erased`: a purge took what it said."""

    event: Event
    snapshot: str  # hash of the checklist that was followed then
    checklist: Checklist | None  # that checklist, None if it is not there any more
    erased: bool
    mac: str | None

    @property
    def says(self) -> str:
        """In a sentence."""
        return in_words(self.event, erased=self.erased)

    @property
    def about(self) -> str:
        """The step as a reader knows it, "" if it is about the whole."""
        step = self.checklist.step(self.event.step) if self.checklist else None
        return f"{step.number}. {step.text}" if step else self.event.step

    @property
    def verdict(self) -> Verdict | None:
        """What a check found, if it is that."""
        if self.event.kind != "verdict" or self.erased:
            return None
        try:
            return Verdict.from_json(self.event.body)
        except (KeyError, TypeError, ValueError):  # it was altered; the findings say so
            return None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything that is known of a run at the moment `made`.

    `progress` is None if it was purged, or altered so that it cannot be understood.
    """

    run: str
    article: str
    checklist: Checklist  # that is followed now
    started: datetime
    purged: datetime | None
    made: datetime
    progress: Progress | None
    events: tuple[Recorded, ...]
    findings: tuple[Finding, ...]
    chained: bool  # whether the events can be verified at all
    head: str  # mac of the last event, "" if it has none

    @property
    def title(self) -> str:
        """The reader's own name for the run, else the article's title."""
        return self.progress.title if self.progress else self.checklist.title

    @property
    def checklists(self) -> tuple[tuple[Recorded, Checklist], ...]:
        """The checklists that were followed, each with the first event that was about it."""
        found: dict[str, tuple[Recorded, Checklist]] = {}
        for one in self.events:
            if one.checklist:
                found.setdefault(one.snapshot, (one, one.checklist))
        return tuple(found.values())

    @property
    def intact(self) -> bool:
        """Whether every event can be verified and is as it was recorded."""
        return self.chained and not self.findings


def read_record(database: Database, chain: Chain, run: str, now: datetime) -> RunRecord:
    """The record of a run, as it stands at one moment. Raises NotFound, StoreError."""
    with database.looking() as connection:
        row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
        if row is None:
            raise NotFound(words("There is no such checklist."))
        head = connection.execute(select(heads).where(heads.c.run == run)).one_or_none()
        rows = connection.execute(select(events).where(events.c.run == run).order_by(events.c.version)).all()
        trail = Trail(row, head, rows)
        known = _checklists(connection, trail)
    pins = {name: _pin(checklist) for name, checklist in known.items()}
    return _record(trail, known, tuple(examine(chain, trail, pins)), now)


def _checklists(connection: Connection, trail: Trail) -> Mapping[str, Checklist]:
    names = {trail.run.snapshot, *(row.snapshot for row in trail.events if row.snapshot)}
    rows = connection.execute(select(snapshots).where(snapshots.c.hash.in_(names)))
    return {row.hash: Checklist.from_json(row.body) for row in rows}


def _pin(checklist: Checklist) -> Pin:
    return checklist.article, checklist.edition, checklist.revision


def _record(trail: Trail, known: Mapping[str, Checklist], findings: tuple[Finding, ...], now: datetime) -> RunRecord:
    run = trail.run
    told = tuple(_recorded(row, row.snapshot or run.snapshot, known, bool(run.purged)) for row in trail.events)
    return RunRecord(
        run=run.id,
        article=run.article,
        checklist=known[run.snapshot],
        started=run.started,
        purged=run.purged,
        made=now,
        progress=None if run.purged else _progress(known[run.snapshot], told, now),
        events=told,
        findings=findings,
        chained=not trail.before_the_chain,
        head=trail.head.mac if trail.head else "",
    )


def _recorded(row: Row[Any], snapshot: str, known: Mapping[str, Checklist], purged: bool) -> Recorded:
    event = Event(row.run, row.version, row.id, row.at, row.actor, row.kind, row.step, row.seen, row.body)
    return Recorded(event, snapshot, known.get(snapshot), purged and event.kind != "purged", row.mac)


def _progress(checklist: Checklist, told: tuple[Recorded, ...], now: datetime) -> Progress | None:
    try:
        return fold(checklist, [one.event for one in told], now)
    except (KeyError, TypeError, ValueError):
        return None
