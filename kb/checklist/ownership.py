"""Which account a run belongs to: linked once, it stays that account's."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from kb.database import Database
from kb.tables import run_accounts


@dataclass(frozen=True, slots=True)
class Ownership:
    """The runs of accounts. Every method raises StoreError if the database cannot do it."""

    database: Database
    clock: Callable[[], datetime]

    def give(self, run: str, account: str) -> None:
        """The run is this account's from now on, unless it has one already."""
        if self.account_of(run):
            return
        with suppress(IntegrityError), self.database.writing() as connection:  # another tab was quicker
            connection.execute(insert(run_accounts).values(run=run, account=account, since=self.clock()))

    def account_of(self, run: str) -> str:
        """The alias of the account, "" if the run is nobody's but its browsers'."""
        query = select(run_accounts.c.account).where(run_accounts.c.run == run)
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def runs_of(self, account: str, most: int = 100) -> tuple[str, ...]:
        """Ids of the account's runs, those linked last first."""
        query = select(run_accounts.c.run).where(run_accounts.c.account == account)
        with self.database.reading() as connection:
            return tuple(connection.scalars(query.order_by(run_accounts.c.since.desc()).limit(most)))
