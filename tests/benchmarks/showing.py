"""Whether showing and starting runs costs the same however many runs there are.

    python tests/benchmarks/showing.py [ROUNDS] [sqlite|postgresql ...]

Databases with 100, 10,000 and 1,000,000 runs of three events each, filled in bulk; in each one reader with two runs of
her own. The same requests are made to all in turn, in one process; the medians count, in milliseconds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from kb.account.link import AccountLink
from kb.account.session import SignIns
from kb.article.library import Library
from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.journal import AFTER
from kb.checklist.store import ADMITTING, RunStore
from kb.database import Database, open_database, upgrade_database
from kb.settings import read_settings
from kb.tables import register
from kb.web.app import create_app
from kb.web.site import Site
from kb.web.wsgi import fernet
from tests.benchmarks.ticks import library
from tests.postgres import postgres_server

SIZES = (100, 10_000, 1_000_000)
KEY = b"key"
IDS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {}) "
    "SELECT n, lower(hex(randomblob(11))) AS run FROM n",
    "postgresql": "SELECT n, substr(md5(random()::text), 1, 22) AS run FROM generate_series(1, {}) AS n",
}
FILL = (  # in the order of the ids: so the indexes grow at their end
    "INSERT INTO runs (id, snapshot, article, edition, revision, started) "
    "SELECT i.run, r.snapshot, r.article, r.edition, r.revision, r.started FROM ids i, runs r WHERE r.id = :run "
    "ORDER BY i.run",
    "INSERT INTO run_readers (run, reader, since) SELECT i.run, i.run, r.started FROM ids i, runs r WHERE r.id = :run "
    "ORDER BY i.run",
    "INSERT INTO events (run, version, id, at, actor, kind, step, seen, body, snapshot, salt, digest, mac, key) "
    "SELECT i.run, e.version, e.id, e.at, e.actor, e.kind, e.step, e.seen, e.body, e.snapshot, e.salt, e.digest, "
    "e.mac, e.key FROM ids i, events e WHERE e.run = :run ORDER BY i.run, e.version",
    "INSERT INTO heads (run, number, version, mac, key, seal) "
    "SELECT i.run, i.n + 1, h.version, h.mac, h.key, h.seal FROM ids i, heads h WHERE h.run = :run ORDER BY i.run",
    "DROP TABLE ids",
)


def main(rounds: int, kinds: Sequence[str]) -> None:
    """Print the medians of each request by the number of runs, and the plans of the statements."""
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-showing-")))
            databases = [stack.enter_context(filled(kind, folder, size)) for size in SIZES]
            readers = [Reader(database, folder) for database in databases]
            print(kind, "plans with 1,000,000 runs:", *plans(databases[-1], readers[-1].run), sep="\n  ")
            print(f"{kind:30}" + "".join(f"{size:>12,}" for size in SIZES) + "   most/least")
            for name, ask in REQUESTS.items():
                medians = interleaved([partial(ask, reader) for reader in readers], rounds)
                row = "".join(f"{1000 * median:12.2f}" for median in medians)
                print(f"{name:30}{row}{max(medians) / min(medians):13.2f}", flush=True)


class Reader:
    """A browser that has two runs in this database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.client: FlaskClient = create_app(site_of(database, folder)).test_client()
        self.run = self.start()
        self.start()

    def start(self) -> str:
        answer = self.client.post("/runs/", data={"article": "leaving"})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def get(self, path: str, accept: str) -> None:
        answer = self.client.get(path, headers={"Accept": accept})
        assert answer.status_code == 200, answer.text


def _start(reader: Reader) -> None:
    """By somebody else each time: the own list stays as long as it was."""
    reader.client.application.test_client().post("/runs/", data={"article": "leaving"})


REQUESTS: dict[str, Callable[[Reader], None]] = {
    "the page of a run": lambda reader: reader.get(reader.run, "text/html"),
    "its progress as JSON": lambda reader: reader.get(reader.run, "application/json"),
    "Your checklists": lambda reader: reader.get("/runs/", "text/html"),
    "starting a run": _start,
}


def interleaved(asks: Sequence[Callable[[], None]], rounds: int) -> list[float]:
    """The median seconds of each, asked in turn."""
    taken: list[list[float]] = [[] for _ in asks]
    for _ in range(rounds):
        for mine, ask in zip(taken, asks, strict=True):
            began = time.perf_counter()
            ask()
            mine.append(time.perf_counter() - began)
    return [statistics.median(mine) for mine in taken]


def site_of(database: Database, folder: Path) -> Site:
    """A site as a server process makes it."""
    root = library(folder)
    settings = read_settings(root)
    return Site(
        library=Library.load(root, settings),
        runs=RunStore(database, _now, chain_of(KEY)),
        link=AccountLink("", {}, _now),
        sign_ins=SignIns(database, fernet(KEY), _now),
        key=KEY,
        clock=_now,
    )


@contextmanager
def filled(kind: str, folder: Path, size: int) -> Iterator[Database]:
    """A database with so many runs, all but one of them copies."""
    with ExitStack() as stack:
        sqlite = f"sqlite:///{folder / f'{size}.sqlite3'}"
        url = sqlite if kind == "sqlite" else stack.enter_context(postgres_server(durable=True)).url
        upgrade_database(url)
        database = open_database(url)
        stack.callback(database.close)
        site = site_of(database, folder)
        run = create_app(site).test_client().post("/runs/", data={"article": "leaving"}).headers["Location"]
        for number, step in enumerate(site.runs.run(run.split("/")[2]).checklist.steps[:2]):
            _tick(site, run.split("/")[2], Draft(f"filler-{number}", "tick", "reader", step.id))
        _fill(database, run.split("/")[2], size)
        yield database


def _tick(site: Site, run: str, draft: Draft) -> None:
    site.runs.record(run, draft.id, lambda _events: draft)


def _fill(database: Database, run: str, size: int) -> None:
    """Copies of this run, with ids of their own."""
    kind, chain = database.engine.dialect.name, chain_of(KEY)
    with database.writing() as connection:
        if kind == "sqlite":
            connection.execute(text("PRAGMA cache_size=-500000"))
        connection.execute(text(f"CREATE TEMPORARY TABLE ids AS {IDS[kind].format(size - 1)}"))
        for statement in FILL:
            values = {"run": run} if ":run" in statement else {}
            connection.execute(text(statement), values)
        since = connection.execute(select(register.c.since)).scalar_one()
        connection.execute(update(register).values(runs=size, seal=chain.register_seal(size, since)))
    if kind == "postgresql":  # which does it by itself after a while
        with database.reading() as connection:
            connection.execute(text("ANALYZE"))


def plans(database: Database, run: str) -> Iterator[str]:
    """How the database finds what each request reads."""
    asked = {"of": run.split("/")[2], "by": "x", "run": run.split("/")[2], "after": 0}
    explain = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    for statement in (ADMITTING, AFTER):
        compiled = statement.compile(database.engine)
        values = {name: asked[name] for name in compiled.binds}
        with database.reading() as connection:
            words = tuple(values[name] for name in compiled.positiontup or ()) if compiled.positional else values
            for row in connection.exec_driver_sql(f"{explain} {compiled}", words):
                yield str(row[-1])


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, sys.argv[2:] or ("sqlite", "postgresql"))
