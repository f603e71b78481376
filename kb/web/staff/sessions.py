"""Keeps who of the staff is signed in. The browser holds a random key, the database its hash."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from kb.database import Database
from kb.tables import staff_sessions

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class StaffSession:
    """`stamp` is that of the local user's entry, "" for others; `claims` the groups that the provider named."""

    way: str
    user: str
    stamp: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffSessions:
    """Sign-ins of the staff, each for so many `hours`. Every method raises StoreError if the database cannot."""

    database: Database
    clock: Callable[[], datetime]
    hours: int

    def begin(self, session: StaffSession) -> str:
        """Keep a sign-in; gives the key for the browser. Those that are over are deleted."""
        key, now = secrets.token_urlsafe(32), self.clock()
        row = {
            "key": _hash(key),
            "way": session.way,
            "user": session.user,
            "stamp": session.stamp,
            "claims": list(session.claims),
            "made": now,
            "until": now + timedelta(hours=self.hours),
        }
        with self.database.writing() as connection:
            connection.execute(delete(staff_sessions).where(staff_sessions.c.until <= now))
            connection.execute(insert(staff_sessions).values(**row))
        return key

    def find(self, key: str) -> StaffSession | None:
        """The sign-in of this key, if it is not over."""
        alive = staff_sessions.c.until > self.clock()
        with self.database.reading() as connection:
            row = connection.execute(select(staff_sessions).where(staff_sessions.c.key == _hash(key), alive)).first()
        return StaffSession(row.way, row.user, row.stamp, tuple(row.claims)) if row else None

    def end(self, key: str) -> None:
        """Sign out."""
        with self.database.writing() as connection:
            connection.execute(delete(staff_sessions).where(staff_sessions.c.key == _hash(key)))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
