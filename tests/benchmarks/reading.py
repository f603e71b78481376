"""How long reading a library takes, against plain markdown-it-py on the same bodies.

    python tests/benchmarks/reading.py FOLDER [ROUNDS]

Plain: commonmark + table, parse and render, tokens discarded. Ours: front matter, repairs, tokens, tree, anchors,
steps with their ids, links, HTML. Both run in turn in one process; the least CPU time of each counts.
"""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from kb.article.edition_builder import EditionBuilder, mark_steps
from kb.article.front_matter import split
from kb.article.index import Index, index_of
from kb.article.loader import without_collection
from kb.article.reading import draft_of
from kb.article.source import Source, read_source
from kb.article.step_ids import name_steps
from kb.settings import Settings


def plain(bodies: list[str]) -> None:
    """What markdown-it-py does alone."""
    markdown = MarkdownIt("commonmark").enable("table")
    for body in bodies:
        markdown.render(body)


def ours(index: Index, sources: list[Source]) -> None:
    """What Library.load does for these texts, without looking for further faults."""
    with without_collection():
        _ours(index, sources)


def _ours(index: Index, sources: list[Source]) -> None:
    drafts = {source.path: draft_of(source, repairs=True) for source in sources}
    for draft in drafts.values():
        name_steps([draft.steps])
        mark_steps(draft)
    builder = EditionBuilder(index, {path: draft.anchors for path, draft in drafts.items()})
    for draft in drafts.values():
        builder.build(draft)


def least(work: Callable[[], None]) -> float:
    """CPU seconds of one run."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def main(folder: Path, rounds: int) -> None:
    """Print both times and their ratio."""
    index = index_of(folder, Settings(legacy=("www.ctl.io/knowledge-base",)))
    read = [read_source(folder, path)[0] for path in index.names]
    sources = [source for source in read if source and not split(source).data.get("contentIsHTML")]
    bodies = [source.text[split(source).body_start :] for source in sources]
    times = [(least(lambda: plain(bodies)), least(lambda: ours(index, sources))) for _ in range(rounds)]
    base, mine = min(pair[0] for pair in times), min(pair[1] for pair in times)
    print(f"{len(bodies)} articles: plain {base:.2f} s, ours {mine:.2f} s, ratio {mine / base:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
