"""Writes down which runs the staff looked at. The run's own events are the reader's: looking adds none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select

from kb.database import Database
from kb.tables import staff_looks

How = Literal["code", "account"]


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at which run, when, and what let them: a share code, or that it is linked to an account."""

    at: datetime
    staff: str
    run: str
    how: How


@dataclass(frozen=True, slots=True)
class Looks:
    """The table of looks. Every method raises StoreError if the database cannot do it."""

    database: Database
    clock: Callable[[], datetime]

    def add(self, staff: str, run: str, how: How) -> None:
        """Somebody is about to look."""
        with self.database.writing() as connection:
            connection.execute(insert(staff_looks).values(at=self.clock(), staff=staff[:210], run=run, how=how))

    def last(self, most: int = 50, run: str = "") -> list[Look]:
        """The last ones, of all runs or of one, newest first."""
        table = staff_looks.c
        query = select(table.at, table.staff, table.run, table.how).order_by(table.at.desc(), table.id.desc())
        if run:
            query = query.where(table.run == run)
        with self.database.reading() as connection:
            return [Look(*row) for row in connection.execute(query.limit(most))]
