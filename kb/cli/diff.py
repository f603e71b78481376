"""`kb diff`: what changed between two editions of an article, as plain text."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from kb.article.article import Article
from kb.article.compare import Comparison, compare, short_names
from kb.article.compared_text import Part, Row
from kb.article.compared_words import sentence
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.novelties import Novelty
from kb.cli.article import CURRENT, IN_LIBRARY, article_of, edition_of
from kb.cli.folder import library_of
from kb.dates import in_words
from kb.errors import NotFound
from kb.settings import read_settings

WIDTH = 100  # columns
_SIGNS = {"same": "  ", "moved": "> ", "changed": "~ ", "removed": "- ", "added": "+ "}
_MARKS = {"": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command()
@click.argument("article")
@click.argument("from_", required=False, metavar="[FROM]")
@click.argument("to", required=False, metavar="[TO]", default=CURRENT)
@IN_LIBRARY
def diff(article: str, from_: str | None, to: str, library: Path | None) -> None:
    """Show what changed between two editions of ARTICLE, an address or a file.

    FROM and TO are dates such as 2015-11-04, or "current". Without FROM: the edition before TO.
    """
    root = library_of(library)
    found = article_of(Library.load(root, read_settings(root)), article)
    newer = edition_of(found, to)
    older = edition_of(found, from_) if from_ else _before(found, newer)
    for line in as_text(compare(found, older, newer)):
        click.echo(line)


def as_text(comparison: Comparison) -> Iterator[str]:
    """The comparison in lines of at most `WIDTH` columns. [-…-] was removed, {+…+} is new."""
    yield f"{comparison.newer.title}: {_named(comparison.older)} → {_named(comparison.newer)}"
    if not comparison.changed:
        yield "Nothing changed."
        return
    yield from _about(comparison)
    yield from _section("In short", [f"  - {line}" for line in comparison.summary])
    yield from _section("The steps", [line for part in comparison.steps for line in _step(part, comparison)])
    if comparison.proposed:
        yield ""
        yield "  * No author has said this: it was found by comparing the words, and may be wrong."
    yield from _section(
        "New or gone beside the steps", [line for one in comparison.novelties for line in _novelty(one)]
    )
    yield from _section("The text", [line for part in comparison.text for line in _part(part, comparison)])


def _before(article: Article, newer: Edition) -> Edition:
    place = next(place for place, edition in enumerate(article.editions) if edition is newer)
    if place + 1 == len(article.editions):
        raise NotFound(f"{article.address} has no edition before that of {_named(newer)}: there is nothing to compare.")
    return article.editions[place + 1]


def _named(edition: Edition) -> str:
    return in_words(edition.date) if edition.date else "no date"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from lines


def _about(comparison: Comparison) -> Iterator[str]:
    for field in comparison.metadata:
        if field.changed:
            yield f"  {field.name}: {field.older or '(none)'} → {field.newer or '(none)'}"
    kept = [field.name.lower() for field in comparison.metadata if not field.changed]
    if kept:
        yield f"  Unchanged: {', '.join(kept)}"


def _step(part: Part, comparison: Comparison) -> Iterator[str]:
    star = " *" if part.match and part.match.proposed else ""
    yield from _wrapped(f"{sentence(part, short_names(comparison))}{star}", "  - ", "    ")


def _novelty(one: Novelty) -> Iterator[str]:
    head = f"New in step {one.step}" if one.kind == "note" else f"{one.state.capitalize()} {one.kind}"
    yield from _wrapped(f"{head}: {one.text}", "  - ", "    ")


def _part(part: Part, comparison: Comparison) -> Iterator[str]:
    if part.match:
        yield ""
        yield f"  == {sentence(part, short_names(comparison))} =="
    for run in part.runs:
        if run.unchanged and len(run.rows) > 4:
            yield f"  … {len(run.rows)} unchanged paragraphs"
        else:
            for row in run.rows:
                yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    text = row.pieces[0].text if row.whole and len(row.pieces) == 1 else _marked(row)
    bullet = {"heading": "# ", "item": "• "}.get(row.kind, "")
    sign = _SIGNS[row.state]
    if row.kind == "code":
        yield f"{sign}    {text}"
    else:
        yield from _wrapped(text, sign + bullet, sign + " " * len(bullet))


def _marked(row: Row) -> str:
    """Both wordings in one line; blanks stay outside of the marks."""
    words = []
    for piece in row.pieces:
        start, end = _MARKS[piece.mark]
        bare = piece.text.strip() or piece.text
        before, _, after = piece.text.partition(bare)
        words.append(f"{before}{start}{bare}{end}{after}")
    return "".join(words)


def _wrapped(text: str, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )
