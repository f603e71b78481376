"""Acknowledged ticks a second through the whole HTTP stack, against the database's own limit in the same run.

    python tests/benchmarks/ticks.py [SECONDS] [ROUNDS] [WORKERS] [sqlite|postgresql ...]

A tick is a browser's form: cookie, guard, event id, answered by the redirect that is sent after COMMIT. The server is
`kb serve` as anybody starts it. The limit is the best of one and of as many writers as there are clients, who insert
single rows into a table with the indexes of the real one, on the same disk, with the same settings.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.database import upgrade_database
from tests.benchmarks.bare import bare, promises
from tests.benchmarks.tickers import ARTICLE, TURNS, start_runs, tick
from tests.postgres import postgres_server
from tests.served import a_free_port, serving

CLIENTS = (1, 32)
RATES = {"alone": "rows by one writer", "bare": "rows by as many", "ticks": "ticks", "shown": "ticks with their page"}
ROOM = 1.5  # so many times as many runs are begun as will be ticked through


@dataclass(frozen=True)
class Measured:
    """Of one round, a second: rows by one and by as many writers as clients, ticks alone and with the page after."""

    alone: float
    bare: float
    ticks: float
    shown: float
    took: Sequence[float]  # seconds that each acknowledgement took, in order

    @property
    def ratio(self) -> float:
        """To the best that the database can do."""
        return self.ticks / max(self.alone, self.bare)


def main(seconds: float, rounds: int, workers: int, kinds: Sequence[str]) -> None:
    """Print the rates and their ratios."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, kb serve --workers {workers}")
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="kb-ticks-") as folder, database(kind, Path(folder)) as url:
            upgrade_database(url)
            print(f"{kind}: {promises(url)}")
            words, env = ("--workers", str(workers)), {"KB_DATABASE_URL": url}
            with serving(library(Path(folder)), Path(folder), a_free_port(), *words, env=env) as served:
                for clients in CLIENTS:
                    tell(clients, measure(url, served.url, clients, seconds, rounds))


def measure(url: str, site: str, clients: int, seconds: float, rounds: int) -> list[Measured]:
    """In turn, so that whatever else the machine does meets all alike."""
    rate, _ = tick(site, start_runs(site, max(3 * clients, 40)), clients, 1, look=False)
    found = []
    for _ in range(rounds):
        alone, together = bare(url, 1, seconds), bare(url, clients, seconds)
        enough = max(clients, int(ROOM * rate * seconds / TURNS))
        rate, took = tick(site, start_runs(site, enough), clients, seconds, look=False)
        shown, _ = tick(site, start_runs(site, enough), clients, seconds, look=True)
        found.append(Measured(alone, together, rate, shown, sorted(took)))
    return found


def tell(clients: int, found: Sequence[Measured]) -> None:
    """Print the medians."""
    middle = {name: statistics.median(getattr(one, name) for one in found) for name in RATES}
    rates = ", ".join(f"{what} {middle[name]:,.0f}" for name, what in RATES.items())
    waits = [1000 * statistics.median(one.took[len(one.took) * part // 100] for one in found) for part in (50, 99)]
    ratios = sorted(one.ratio for one in found)
    print(f"  {clients:2} clients, a second: {rates}")
    print(f"     answered after {waits[0]:.1f} ms (median), {waits[1]:.1f} ms (99 of 100)")
    print(f"     ratio {statistics.median(ratios):.2f} (of all rounds {', '.join(f'{ratio:.2f}' for ratio in ratios)})")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """A new database of this kind, durable."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kb.sqlite3'}"
        return
    with postgres_server(durable=True) as server:
        yield server.url


def library(folder: Path) -> Path:
    """A library of one article."""
    made = folder / "library"
    made.mkdir(exist_ok=True)
    (made / "leaving.md").write_text(ARTICLE)
    (made / "kb.toml").write_text('[limits]\nevents = "9999999 / minute"\nstarts = "9999999 / minute"\n')  # counted
    return made


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        float(given[0]) if given else 3.0,
        int(given[1]) if given[1:] else 3,
        int(given[2]) if given[2:] else os.cpu_count() or 1,
        given[3:] or ("sqlite", "postgresql"),
    )
