"""How well and how quickly search finds articles that the reader knows: each title with one word dropped.

    python tests/benchmarks/search.py FOLDER [COUNT [QUESTIONS]]

COUNT articles (more than the folder has: copies with changed titles, see many_articles.py). Every question asks for one
article by its title without one random word (split at blanks; titles of one word are left out), for each seed.
MRR@10: the mean of 1/rank, 0 beyond the tenth. Times are of the search with its snippets, wall and CPU of the thread;
the first question of each article is cold, as nothing of it is remembered.
"""

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from kb.article.article import Article
from kb.article.library import Library
from kb.article.search.search import Question, Search
from kb.settings import Settings
from tests.benchmarks.many_articles import many_articles

SEEDS = (1, 7, 2026)
FIRST = 10  # hits
PARTS = (("median", 0.5), ("p95", 0.95), ("p99", 0.99))


def questions(articles: Sequence[Article], most: int, seed: int) -> list[tuple[str, str]]:
    """Pairs of a question and the address that answers it."""
    chance = random.Random(seed)
    asked = []
    for article in articles:
        words = article.title.split()
        if len(words) > 1:
            del words[chance.randrange(len(words))]
            asked.append((" ".join(words), article.address))
    return asked if len(asked) <= most else chance.sample(asked, most)


def ask(search: Search, asked: Sequence[tuple[str, str]]) -> tuple[float, list[float], list[float]]:
    """MRR@10, and the wall and CPU seconds of every question, sorted."""
    ranks, wall, cpu = [], [], []
    for text, address in asked:
        start, busy = time.perf_counter(), time.thread_time()
        found = search.find(Question(text), FIRST)
        wall.append(time.perf_counter() - start)
        cpu.append(time.thread_time() - busy)
        rank = next((place for place, hit in enumerate(found.hits, start=1) if hit.article.address == address), 0)
        ranks.append(1 / rank if rank else 0.0)
    return sum(ranks) / len(ranks), sorted(wall), sorted(cpu)


def main(folder: Path, count: int, most: int) -> None:
    """Print the time of indexing, then the figures of each seed."""
    articles = Library.load(folder, Settings()).articles
    articles = tuple(many_articles(articles, max(count, len(articles)), SEEDS[0]))
    start, busy = time.perf_counter(), time.process_time()
    search = Search.of(articles)
    spent, used = time.perf_counter() - start, time.process_time() - busy
    print(f"{len(articles)} articles indexed in {spent:.2f} s ({used:.2f} s CPU)")
    for seed in SEEDS:
        asked = questions(articles, most, seed)
        mrr, wall, cpu = ask(search, asked)
        times = " ".join(f"{name} {_at(wall, part):.1f} ms (CPU {_at(cpu, part):.1f})" for name, part in PARTS)
        print(f"seed {seed}: {len(asked)} questions, MRR@10 {mrr:.4f}, {times}")


def _at(times: Sequence[float], part: float) -> float:
    return 1000 * times[min(int(len(times) * part), len(times) - 1)]


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]), int(given[1]) if len(given) > 1 else 0, int(given[2]) if len(given) > 2 else 1000)
