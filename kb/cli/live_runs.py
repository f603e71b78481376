"""How many checklists in progress follow other steps than the files say now: whom a new side file touches."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from kb.article.library import Library
from kb.article.side_file import Weight
from kb.checklist.checklist import Checklist
from kb.checklist.destination import destination_of
from kb.checklist.event import Event
from kb.checklist.progress import fold
from kb.tables import events, runs, snapshots

DATABASE = "kb.sqlite3"  # in the folder of the data
MOST = 2_000  # runs of one checklist that are looked at one by one; of more, all count
_EVENT = [events.c[name] for name in ("run", "version", "id", "at", "actor", "kind", "step", "seen", "body")]
_WHAT: dict[Weight, str] = {
    "wording": "moving along by themselves",
    "content": "offered the move",
    "danger": "held back until moved",
}


def live_runs(library: Library, file: Path) -> list[str]:
    """A line for each article with such checklists; none without a database, or with one that cannot be read.

    The SQLite file is opened read-only and never made.
    """
    if not file.is_file():
        return []
    engine = create_engine(f"sqlite:///file:{file.absolute().as_posix()}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            return list(_lines(library, connection))
    except SQLAlchemyError:
        return []
    finally:
        engine.dispose()


def _lines(library: Library, connection: Connection) -> Iterator[str]:
    touched: dict[str, Counter[Weight]] = defaultdict(Counter)
    pinned = select(runs.c.article, runs.c.snapshot, func.count()).group_by(runs.c.article, runs.c.snapshot)
    for address, snapshot, count in connection.execute(pinned.order_by(runs.c.article)).all():
        article = library.article_at(address)
        body = connection.execute(select(snapshots.c.body).where(snapshots.c.hash == snapshot)).scalar_one()
        destination = destination_of(article, Checklist.from_json(body)) if article else None
        if article and destination:
            number = count if count > MOST else _in_progress(connection, snapshot, Checklist.from_json(body))
            touched[article.current.path][destination.weight] += number
    for path, counts in touched.items():
        if total := sum(counts.values()):
            noun = "checklist in progress follows" if total == 1 else "checklists in progress follow"
            what = ", ".join(f"{counts[weight]} {text}" for weight, text in _WHAT.items() if counts[weight])
            yield f"{path}: {total} {noun} earlier steps: {what}"


def _in_progress(connection: Connection, snapshot: str, checklist: Checklist) -> int:
    now = datetime.now(UTC)
    found = connection.scalars(select(runs.c.id).where(runs.c.snapshot == snapshot)).all()
    return sum(fold(checklist, _events(connection, run), now).state == "in-progress" for run in found)


def _events(connection: Connection, run: str) -> Iterator[Event]:
    query = select(*_EVENT).where(events.c.run == run).order_by(events.c.version)
    return (Event(**row._mapping) for row in connection.execute(query))
