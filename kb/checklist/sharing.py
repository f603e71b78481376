"""The codes that open a run elsewhere: to go on with it in another browser, or only to look at it.

A code is a secret with 128 random bits, of which only the hash is stored. It ends by itself after a time, and whoever
may tick can end it before; then the browsers that it let in are out again.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kb.checklist.secret import digest
from kb.database import Database
from kb.errors import NotFound, Refused
from kb.tables import readers, run_codes, viewers
from kb.words import words

Allows = Literal["tick", "see"]
LIFE: dict[Allows, timedelta] = {"tick": timedelta(days=30), "see": timedelta(days=7)}
MOST = 20  # codes of one run that live at the same time


@dataclass(frozen=True, slots=True)
class RunCode:
    """A code that was made for a run. `name` is no secret: the beginning of its hash."""

    name: str
    allows: Allows
    made: datetime
    until: datetime
    browsers: int  # how many it let in


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of all runs. Every method raises StoreError if the database cannot do it."""

    database: Database
    clock: Callable[[], datetime]

    def make(self, run: str, allows: Allows) -> str:
        """A new code for the run; nobody can be told it a second time. Raises Refused if there are too many."""
        if len(self.of(run)) >= MOST:
            raise Refused(
                words(
                    "There are {most} links to this checklist already. End one that is not needed any more.", most=MOST
                )
            )
        code, now = secrets.token_urlsafe(16), self.clock()
        values = {"code": digest(code), "run": run, "allows": allows, "made": now, "until": now + LIFE[allows]}
        with self.database.writing() as connection:
            connection.execute(insert(run_codes).values(**values))
        return code

    def redeem(self, code: str, allows: Allows, reader: str) -> str:
        """Let this reader in; gives the run. Raises NotFound if the code is not, or not any more, for that."""
        hashed, now = digest(code), self.clock()
        query = select(run_codes.c.run).where(run_codes.c.code == hashed, run_codes.c.allows == allows, _lives(now))
        with self.database.reading() as connection:
            run = connection.execute(query).scalar_one_or_none()
        if run is None:
            raise NotFound(
                words("This link does not work (any more). Ask for a new one where the checklist was started.")
            )
        table = readers if allows == "tick" else viewers
        values = {"run": run, "reader": digest(reader), "code": hashed, "since": now}
        with suppress(IntegrityError), self.database.writing() as connection:  # it was let in before
            connection.execute(insert(table).values(**values))
        return str(run)

    def shows(self, run: str, reader: str) -> bool:
        """Whether a code that still lives lets this reader look at the run."""
        query = select(viewers.c.run).join(run_codes, run_codes.c.code == viewers.c.code)
        query = query.where(viewers.c.run == run, viewers.c.reader == digest(reader), _lives(self.clock()))
        with self.database.reading() as connection:
            return connection.execute(query).first() is not None

    def of(self, run: str) -> tuple[RunCode, ...]:
        """The codes of the run that still do anything, oldest first."""
        ticking = select(func.count()).where(readers.c.run == run, readers.c.code == run_codes.c.code).scalar_subquery()
        seeing = select(func.count()).where(viewers.c.run == run, viewers.c.code == run_codes.c.code).scalar_subquery()
        living = select(run_codes, (ticking + seeing).label("browsers")).where(run_codes.c.run == run)
        living = living.where(_lives(self.clock()) | and_(run_codes.c.revoked.is_(None), ticking > 0))
        with self.database.reading() as connection:
            return tuple(_code(row) for row in connection.execute(living.order_by(run_codes.c.made)))

    def revoke(self, run: str, name: str) -> None:
        """End a code of the run: its link stops working, and the browsers that it let in see the run no more."""
        found = next((code for code in self._hashes(run) if code.startswith(name)), None)
        if not name or found is None:
            return
        with self.database.writing() as connection:
            ended = update(run_codes).where(run_codes.c.code == found, run_codes.c.revoked.is_(None))
            connection.execute(ended.values(revoked=self.clock()))
            for table in (readers, viewers):
                connection.execute(delete(table).where(table.c.run == run, table.c.code == found))

    def _hashes(self, run: str) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.scalars(select(run_codes.c.code).where(run_codes.c.run == run)))


def _lives(now: datetime) -> ColumnElement[bool]:
    return and_(run_codes.c.revoked.is_(None), run_codes.c.until > now)


def _code(row: Row[Any]) -> RunCode:
    return RunCode(row.code[:12], row.allows, row.made, row.until, row.browsers)
