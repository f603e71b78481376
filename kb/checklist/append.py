"""Adding events after the last ones that were read: without a lock, and those of many runs in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, column, func, insert, literal_column, select, update
from sqlalchemy.exc import IntegrityError

from kb.checklist.chain import Chain
from kb.checklist.event import Draft
from kb.checklist.journal import ADD, Journal, sealed
from kb.database import Database
from kb.group_commit import GroupCommit
from kb.tables import events, heads

ADVANCE = (
    update(heads)
    .where(heads.c.run == bindparam("of"), heads.c.version == bindparam("after"), heads.c.seal == bindparam("before"))
    .values({name: bindparam(name) for name in ("version", "mac", "key", "seal")})
)
COLUMNS = tuple(events.columns)
_GIVEN = (
    func.json_to_recordset(bindparam("given", type_=JSON))
    .table_valued(
        *(column(each.name, each.type) for each in COLUMNS),
        column("before", heads.c.seal.type),
        column("seal", heads.c.seal.type),
    )
    .render_derived("rows", with_types=True)
)
GIVEN = select(_GIVEN).cte("given")  # so that the JSON is read once
ADVANCED = (
    update(heads)
    .where(
        heads.c.run == GIVEN.c.run,
        heads.c.version == GIVEN.c.version - literal_column("1"),
        heads.c.seal == GIVEN.c.before,
    )
    .values({name: GIVEN.c[name] for name in ("version", "mac", "key", "seal")})
    .returning(heads.c.run, heads.c.mac)
    .cte("advanced")
)
FOLLOW = (  # a whole batch in one statement, where a database can do that: one trip, however many there are
    insert(events)
    .from_select(
        [each.name for each in COLUMNS],
        select(*(GIVEN.c[each.name] for each in COLUMNS)).join(
            ADVANCED, (ADVANCED.c.run == GIVEN.c.run) & (ADVANCED.c.mac == GIVEN.c.mac)
        ),
    )
    .returning(events.c.mac)
)


@dataclass(frozen=True, slots=True)
class Addition:
    """An event's row, and the seals of the head `before` it and after: it is only added if the head is that one."""

    row: dict[str, Any]
    before: str
    seal: str

    def head(self) -> dict[str, Any]:
        """The values of `ADVANCE`."""
        row = self.row
        expected = {"of": row["run"], "after": row["version"] - 1, "before": self.before}
        return expected | {"version": row["version"], "mac": row["mac"], "key": row["key"], "seal": self.seal}

    def as_json(self) -> dict[str, Any]:
        """One of the rows that are given to `FOLLOW`."""
        return {**self.row, "at": self.row["at"].isoformat(), "before": self.before, "seal": self.seal}


Appends = GroupCommit[Addition, bool]


def follow(
    database: Database, appends: Appends, chain: Chain, journal: Journal, draft: Draft, at: datetime
) -> Journal | None:
    """Add an event after the last one that was read; gives the journal with it, after COMMIT.

    None, and nothing is added, if another came in between, or if the chain must be looked at first. Raises
    IntegrityError and StoreError; then nothing was added.
    """
    run, version, before, snapshot = journal.run, journal.version, journal.mac, journal.snapshot
    if before is None or snapshot is None:
        return None
    event, row, mac = sealed(chain, (run, version + 1, before), draft, at, snapshot)
    addition = Addition(row, journal.seal or chain.seal(run, version, before), chain.seal(run, version + 1, mac))
    added = appends.add(addition, lambda batch: add_all(database, batch))
    return Journal((*journal.events, event), mac, snapshot, addition.seal) if added else None


def add_all(database: Database, batch: Sequence[Addition]) -> Sequence[bool | BaseException]:
    """Whether each was added. What breaks a rule of the tables spoils its whole transaction: then each gets its own."""
    try:
        return _together(database, batch)
    except IntegrityError as error:
        return [error] if len(batch) == 1 else [_alone(database, one) for one in batch]


def _alone(database: Database, one: Addition) -> bool | BaseException:
    try:
        return _together(database, [one])[0]
    except Exception as error:
        return error


def _together(database: Database, batch: Sequence[Addition]) -> list[bool]:
    if database.joins_statements:
        with database.writing_at_once() as connection:
            macs = {mac for (mac,) in connection.rows(FOLLOW, {"given": [one.as_json() for one in batch]})}
        return [one.row["mac"] in macs for one in batch]
    with database.quick_writing() as connection:
        return [bool(connection.run(ADVANCE, one.head()) and connection.run(ADD, one.row)) for one in batch]
