"""The register of runs: how many there are, so that a deleted one is missed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from kb.checklist.chain import Chain, same
from kb.tables import heads, register

ROW = 1  # its only row


def enter(connection: Connection, chain: Chain, run: str, version: int, mac: str, now: datetime) -> None:
    """Give the run its number and its first head.

    Last in a transaction: until it ends nobody else can start a run.
    """
    number = _count(connection, chain, now)
    seal = chain.seal(run, version, mac)
    values = {"run": run, "number": number, "version": version, "mac": mac, "key": chain.id, "seal": seal}
    connection.execute(insert(heads).values(**values))


def sealed(chain: Chain, row: Row[Any]) -> bool:
    """Whether the register is as the chain left it."""
    known = chain.named(row.key)
    return known is not None and same(row.seal, known.register_seal(row.runs, row.since))


def _count(connection: Connection, chain: Chain, now: datetime) -> int:
    query = select(register).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        if _open(connection, chain, now):
            return 1
        row = connection.execute(query).one()
    count: int = row.runs + 1
    values = {"runs": count, "key": chain.id, "seal": chain.register_seal(count, row.since)}
    if not sealed(chain, row):  # never sealed again: whoever verifies shall see it
        values |= {"key": row.key, "seal": ""}
    connection.execute(update(register).values(**values))
    return count


def _open(connection: Connection, chain: Chain, now: datetime) -> bool:
    """Begin the register with the first run; False if another process has just begun it."""
    nested = connection.begin_nested()
    try:
        seal = chain.register_seal(1, now)
        connection.execute(insert(register).values(id=ROW, runs=1, since=now, key=chain.id, seal=seal))
        nested.commit()
        return True
    except IntegrityError:
        nested.rollback()
        return False
