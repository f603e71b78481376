"""The purge of a run: what people wrote, who they were and who could see it is erased; what is left can be counted.

The event that says so ends the chain, so that `audit` tells a purge from a loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, Table, cast, delete, func, select, text, update

from kb.checklist.chain import Chain
from kb.checklist.event import Draft
from kb.checklist.journal import follow_locked, lock, read_journal
from kb.checklist.trail import ERASED, erased_id
from kb.database import Database
from kb.errors import NotFound
from kb.tables import events, heads, metadata, run_accounts, runs

KEPT = (events, heads)  # of all tables that name a run, those whose rows outlive a purge


@dataclass(frozen=True, slots=True)
class Purge:
    """Purges runs. Every method raises StoreError if the database cannot do it; then nothing was written."""

    database: Database
    chain: Chain

    def run(self, run: str, reason: str, now: datetime) -> int:
        """Erase it; gives how many events lost what they said, 0 if it was purged before. Raises NotFound."""
        with self.database.writing() as connection:
            _overwrite(connection)
            head = lock(connection, run)
            journal = read_journal(connection, run)
            if journal.purged:
                return 0
            count = journal.version
            draft = Draft(erased_id(count + 1), "purged", "operator", body={"events": count, "reason": reason})
            follow_locked(connection, self.chain, journal, head, draft, now, None)
            _erase(connection, run, count)
            connection.execute(update(runs).where(runs.c.id == run).values(purged=now))
        return count

    def known(self, run: str) -> tuple[str, ...]:
        """This run alone. Raises NotFound."""
        with self.database.reading() as connection:
            if connection.execute(select(runs.c.id).where(runs.c.id == run)).first() is None:
                raise NotFound(f"There is no checklist {run}: `kb runs list` names them.")
        return (run,)

    def older_than(self, moment: datetime) -> tuple[str, ...]:
        """The runs to which nothing was added since then, oldest first."""
        last = select(func.max(events.c.at)).where(events.c.run == runs.c.id).scalar_subquery()
        with self.database.reading() as connection:
            query = select(runs.c.id).where(runs.c.purged.is_(None), last < moment)
            return tuple(connection.scalars(query.order_by(runs.c.started)))

    def of_account(self, account: str) -> tuple[str, ...]:
        """The runs that were ever linked to this account, and those that were taken over into them."""
        linked = (events.c.kind == "linked") & (events.c.body["account"].as_string() == account)
        owned = select(run_accounts.c.run).where(run_accounts.c.account == account)
        with self.database.reading() as connection:
            found = {*connection.scalars(select(events.c.run).where(linked)), *connection.scalars(owned)}
            found = _with_taken_over(connection, found)
            return tuple(connection.scalars(select(runs.c.id).where(runs.c.id.in_(found), runs.c.purged.is_(None))))

    def holders(self, run: str) -> tuple[str, ...]:
        """The runs that took over what was done in this one, and still tell it."""
        took = (events.c.kind == "merged") & (events.c.body["from"].as_string() == run)
        with self.database.reading() as connection:
            return tuple(connection.scalars(select(events.c.run).where(took).order_by(events.c.run)))

    def settle(self) -> None:
        """Let nothing of what was erased stay in the files of an SQLite database; PostgreSQL's vacuum does it."""
        if self.database.engine.dialect.name == "sqlite":
            with self.database.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def tables_of_runs() -> Iterator[Table]:
    """Every table that names a run, those first that others do not need."""
    for table in reversed(metadata.sorted_tables):
        if any(key.column.table is runs for key in table.foreign_keys):
            yield table


def _overwrite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))  # else the text would stay in pages that are free


def _erase(connection: Connection, run: str, count: int) -> None:
    mine = (events.c.run == run) & (events.c.version <= count)
    made = "purged-" + cast(events.c.version, String)  # as `erased_id` makes it
    connection.execute(update(events).where(mine).values(id=made, **ERASED))
    for table in tables_of_runs():
        if table not in KEPT:
            connection.execute(delete(table).where(table.c.run == run))


def _with_taken_over(connection: Connection, found: set[str]) -> set[str]:
    """These runs, and those whose events they hold because two were made one."""
    query = select(events.c.body["from"].as_string()).where(events.c.kind == "merged", events.c.run.in_(found))
    more = {run for run in connection.scalars(query) if run} - found
    return _with_taken_over(connection, found | more) if more else found
