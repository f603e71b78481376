"""The roll of runs: a line for each, for those who look after them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from kb.checklist.checklist import Checklist
from kb.checklist.event import Event
from kb.checklist.journal import EVENT, event_of
from kb.checklist.life import State
from kb.checklist.progress import fold
from kb.database import Database
from kb.tables import events, run_accounts, runs, snapshots

BATCH = 100  # runs read at once
Standing = State | str  # also "purged", and "unreadable" if it was altered so that nobody understands it
STANDINGS = ("in-progress", "finished", "abandoned", "restarted", "merged", "purged", "unreadable")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs; "" and None mean any."""

    article: str = ""
    account: str = ""
    standing: str = ""
    since: datetime | None = None  # started then or later


@dataclass(frozen=True, slots=True)
class Line:
    """One run. `done` of `total` steps; `last`: when something was recorded last."""

    run: str
    article: str
    edition: str
    name: str
    account: str
    standing: Standing
    done: int
    total: int
    started: datetime
    last: datetime
    events: int


def roll(database: Database, wanted: Wanted, now: datetime, most: int) -> Iterator[Line]:
    """The lines of the runs that are wanted, at most so many, those started last first. Raises StoreError."""
    return islice(_roll(database, wanted, now, most), most)


def _roll(database: Database, wanted: Wanted, now: datetime, most: int) -> Iterator[Line]:
    query = _query(wanted) if wanted.standing else _query(wanted).limit(most)
    with database.looking() as connection:
        names = list(connection.scalars(query))
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            lines = _lines(connection, batch, now)
            yield from (line for line in lines if wanted.standing in ("", line.standing))


def _query(wanted: Wanted) -> Select[str]:
    query = select(runs.c.id).order_by(runs.c.started.desc(), runs.c.id)
    if wanted.article:
        query = query.where(runs.c.article == wanted.article)
    if wanted.account:
        query = query.join(run_accounts).where(run_accounts.c.account == wanted.account)
    if wanted.since:
        query = query.where(runs.c.started >= wanted.since)
    return query


def _lines(connection: Connection, names: Sequence[str], now: datetime) -> Iterator[Line]:
    found = {row.id: row for row in connection.execute(select(runs).where(runs.c.id.in_(names)))}
    hashes = {row.snapshot for row in found.values()}
    bodies = connection.execute(select(snapshots).where(snapshots.c.hash.in_(hashes)))
    checklists = {row.hash: Checklist.from_json(row.body) for row in bodies}
    query = select(*EVENT).where(events.c.run.in_(names)).order_by(events.c.run, events.c.version)
    told = {run: tuple(some) for run, some in groupby(map(event_of, connection.execute(query)), _run_of)}
    for name in names:
        yield _line(found[name], checklists, told.get(name, ()), now)


def _run_of(event: Event) -> str:
    return event.run


def _line(row: Row[Any], checklists: Mapping[str, Checklist], told: Sequence[Event], now: datetime) -> Line:
    name, account, standing, done, total = _standing(row, checklists, told, now)
    last = told[-1].at if told else row.started
    return Line(row.id, row.article, row.edition, name, account, standing, done, total, row.started, last, len(told))


def _standing(
    row: Row[Any], checklists: Mapping[str, Checklist], told: Sequence[Event], now: datetime
) -> tuple[str, str, Standing, int, int]:
    """Name, account, standing, steps done, steps."""
    if row.purged:
        return "", "", "purged", 0, 0
    try:
        progress = fold(checklists[row.snapshot], told, now)
        return progress.life.name, progress.account, progress.state, progress.done, len(progress.own)
    except (KeyError, TypeError, ValueError):
        return "", "", "unreadable", 0, 0
