"""How far a long piece of work is, shown on a terminal and nowhere else; on stderr, so that a report can be piped."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar; gives a function that is told (done, of how many)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def told(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield told
