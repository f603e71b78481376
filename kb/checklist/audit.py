"""The audit of all runs: reads the whole database once and names whatever is not as kb left it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.sql.expression import exists

from kb.checklist.anchor import Anchor
from kb.checklist.chain import Chain
from kb.checklist.checklist import content_hash
from kb.checklist.register import sealed
from kb.checklist.trail import Finding, Pin, Trail, examine
from kb.database import Database
from kb.tables import events, heads, register, run_accounts, runs, snapshots

BATCH = 200  # runs read at once


@dataclass(slots=True)
class Audit:
    """What an audit counted, and what it found. `before` counts events of runs from before the chain."""

    runs: int = 0
    events: int = 0
    snapshots: int = 0
    before: int = 0
    purged: int = 0
    findings: list[Finding] = field(default_factory=list)


def audit(database: Database, chain: Chain, anchor: Anchor | None = None) -> Audit:
    """Verify every run, as the database stands at one moment. Raises StoreError."""
    done = Audit()
    with database.looking() as connection:
        pins = _snapshots(connection, done)
        for trail in _trails(connection):
            done.runs += 1
            done.events += len(trail.events)
            done.before += len(trail.events) if trail.before_the_chain else 0
            done.purged += bool(trail.run.purged)
            done.findings.extend(examine(chain, trail, pins))
        done.findings.extend(_register(connection, chain))
        done.findings.extend(_orphans(connection))
        done.findings.extend(_anchored(connection, anchor) if anchor else ())
    return done


def _snapshots(connection: Connection, done: Audit) -> Mapping[str, Pin]:
    """What each snapshot names; one whose content has another hash is a finding."""
    pins: dict[str, Pin] = {}
    for row in connection.execute(select(snapshots).execution_options(yield_per=BATCH)):
        done.snapshots += 1
        body = row.body
        pins[row.hash] = (body.get("article", ""), body.get("edition", ""), body.get("revision", ""))
        if content_hash(body) != row.hash:
            text = f"the checklist {row.hash[:12]} was altered: its runs are not shown as they were started."
            done.findings.append(Finding("snapshot-altered", "", None, text))
    return pins


def _trails(connection: Connection) -> Iterator[Trail]:
    last = ""
    while True:
        batch = connection.execute(select(runs).where(runs.c.id > last).order_by(runs.c.id).limit(BATCH)).all()
        if not batch:
            return
        names = [run.id for run in batch]
        ends = {head.run: head for head in connection.execute(select(heads).where(heads.c.run.in_(names)))}
        rows = connection.execute(
            select(events).where(events.c.run.in_(names)).order_by(events.c.run, events.c.version)
        )
        told = {run: list(group) for run, group in groupby(rows, _run_of)}
        owned = connection.execute(select(run_accounts).where(run_accounts.c.run.in_(names)))
        given = {row.run: row.account for row in owned}
        for run in batch:
            yield Trail(run, ends.get(run.id), told.get(run.id, ()), given.get(run.id, ""))
        last = names[-1]


def _run_of(row: Row[Any]) -> str:
    return str(row.run)


def _register(connection: Connection, chain: Chain) -> Iterator[Finding]:
    """A run that was deleted with all its rows has left a gap in the numbers."""
    row = connection.execute(select(register)).one_or_none()
    numbers = connection.scalars(select(heads.c.number).order_by(heads.c.number))
    if row is None:
        if numbers.first() is not None:
            yield Finding(
                "register-missing", "", None, "the register of runs was removed: deleted runs cannot be told."
            )
        return
    if chain.named(row.key) is None:
        text = f"the register of runs is sealed by another key ({row.key})."
        yield Finding("other-key", "", None, text)
    elif not sealed(chain, row):
        yield Finding("register-altered", "", None, "the register of runs was altered: deleted runs cannot be told.")
    expected = 1
    for number in (*numbers, row.runs + 1):
        yield from (_gone(missing) for missing in range(expected, min(number, row.runs + 1)))
        expected = number + 1


def _gone(number: int) -> Finding:
    return Finding("run-missing", f"number {number}", None, "it was deleted with its head.")


def _orphans(connection: Connection) -> Iterator[Finding]:
    for table, what in ((events, "its events"), (heads, "its head")):
        lost = ~exists().where(runs.c.id == table.c.run)
        for run in connection.scalars(select(table.c.run).where(lost).distinct()):
            yield Finding("run-missing", run, None, f"it was deleted; {what} remained.")


def _anchored(connection: Connection, anchor: Anchor) -> Iterator[Finding]:
    """What was there when the anchor was made must be there now."""
    names = list(anchor.heads)
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        query = select(events.c.run, events.c.version, events.c.mac).where(events.c.run.in_(batch))
        macs = {(run, version): mac for run, version, mac in connection.execute(query)}
        there = set(connection.scalars(select(runs.c.id).where(runs.c.id.in_(batch))))
        yield from (finding for run in batch if (finding := _since(anchor, run, macs, run in there)))


def _since(anchor: Anchor, run: str, macs: Mapping[tuple[str, int], str | None], there: bool) -> Finding | None:
    head = anchor.heads[run]
    if not there:
        return Finding("run-missing", run, None, f"it was deleted: the anchor knows it as number {head.number}.")
    now = macs.get((run, head.version))
    if now is None:
        return Finding(
            "tail-cut", run, head.version, f"event {head.version}, its last when the anchor was made, is missing."
        )
    if now != head.mac:
        return Finding(
            "event-altered", run, head.version, f"event {head.version} is not the one that the anchor knows."
        )
    return None
