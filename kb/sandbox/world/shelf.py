"""The SQLite file behind the world: one row for each thing, one transaction for each answered change."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.sandbox.errors import StateRefused

FORMAT = "1"  # raise it when records change in a way that old rows do not fit

_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS thing (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""

Row = tuple[str, str, str | None]  # kind, key, body as JSON; None removes it


class Shelf:
    """Rows on disk, or only in memory without a path. One program at a time. Raises StateRefused."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            raise StateRefused(_advice(path, error)) from error

    def _open(self) -> None:
        self._connection = sqlite3.connect(
            self._path or ":memory:", timeout=1, isolation_level=None, check_same_thread=False
        )
        try:
            self._refuse_foreign()
            # one program at a time: two would not see each other's changes
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_TABLES)
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.close()
            raise

    def _refuse_foreign(self) -> None:
        tables = {name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables - {"fact", "thing"}:
            raise StateRefused(f"{self._path} belongs to another program. Name another state file.")

    def facts(self) -> dict[str, str]:
        """What is known about the file itself."""
        return dict(self._connection.execute("SELECT name, value FROM fact"))

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """All things: kind, key, body."""
        yield from self._connection.execute("SELECT kind, key, body FROM thing")

    def write(self, rows: Iterable[Row], facts: Iterable[tuple[str, str]] = ()) -> None:
        """Put down all of these or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for kind, key, body in rows:
                self._write_row(kind, key, body)
            self._connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def _write_row(self, kind: str, key: str, body: str | None) -> None:
        if body is None:
            self._connection.execute("DELETE FROM thing WHERE kind = ? AND key = ?", (kind, key))
        else:
            self._connection.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", (kind, key, body))

    def clear(self) -> None:
        """Forget everything."""
        self._connection.executescript("BEGIN IMMEDIATE; DELETE FROM thing; DELETE FROM fact; COMMIT;")

    def close(self) -> None:
        """Leave the file whole."""
        self._connection.close()


def _advice(path: Path | None, error: sqlite3.DatabaseError) -> str:
    if "locked" in str(error):
        return f"{path} is used by another sandbox. Stop that one, or name another state file."
    return f"{path} cannot be used as a state file: {error}. Name another one, or delete it."
