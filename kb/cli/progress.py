"""How far a long piece of work is, shown on a terminal and nowhere else; on stderr, so that a report can be piped."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_SIGNS = "|/-\\"


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


@contextmanager
def spinning(label: str) -> Iterator[None]:
    """A sign that turns, and the seconds that it took, while something works that cannot say how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    turning = threading.Thread(target=_turn, args=(label, done), daemon=True)
    turning.start()
    try:
        yield
    finally:
        done.set()
        turning.join()


def _turn(label: str, done: threading.Event) -> None:
    start, turns = time.monotonic(), 0
    while not done.wait(0.1):
        turns += 1
        click.echo(f"\r{label} {_SIGNS[turns % len(_SIGNS)]} {time.monotonic() - start:.0f} s", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)
