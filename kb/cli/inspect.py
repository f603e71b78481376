"""`kb inspect`: what the program understood of a library, for other tools."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from kb.article.inspect import inspected_articles, is_wanted, other_problems
from kb.article.library import Library
from kb.cli.folder import LIBRARY, library_of
from kb.cli.only import ONLY, WithPaths, only_paths
from kb.cli.progress import progress
from kb.cli.text import printable
from kb.settings import read_settings


@click.command(cls=WithPaths)
@LIBRARY
@ONLY
@click.option("--json", "as_data", is_flag=True, help="Print everything as JSON, article by article.")
@click.option("--html", is_flag=True, help="With --json: the articles' bodies as HTML, too.")
def inspect(library: Path | None, only: tuple[str, ...], *, as_data: bool, html: bool) -> None:
    """Print what was understood: metadata, text, headings, steps, links and problems of every edition.

    Without --json: one line for each edition.
    """
    root = library_of(library)
    paths = only_paths(root, only)
    with progress("Reading the articles") as told:
        loaded = Library.load(root, read_settings(root), told)
    for piece in pieces(loaded, paths, html=html) if as_data else lines(loaded, paths):
        click.echo(printable(piece))


def pieces(library: Library, only: tuple[str, ...], *, html: bool) -> Iterator[str]:
    """The report as JSON in pieces, an article in each, so that it is never in memory as a whole."""
    yield '{"articles": ['
    comma = ""
    for article in inspected_articles(library, only, html=html, drafts=True):
        yield comma + _json(article)
        comma = ","
    yield f'], "problems": {_json(other_problems(library, only))}}}'


def lines(library: Library, only: tuple[str, ...]) -> Iterator[str]:
    """What each edition holds, in short."""
    for article in library.written:
        for edition in article.written:
            if is_wanted(edition.path, only):
                steps = sum(len(procedure.steps) for procedure in edition.procedures)
                day = edition.date.isoformat() if edition.date else "no date"
                counts = f"{steps} steps, {len(edition.links)} links, {len(edition.problems)} problems"
                state = "" if edition.state == "published" else f", {edition.state}"
                yield f"{edition.path}: {edition.title} ({day}{state}): {counts}"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
