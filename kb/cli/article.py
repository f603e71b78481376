"""Which article, and which of its editions, a command means."""

from datetime import date
from pathlib import Path

import click

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.errors import NotFound, UsageError

IN_LIBRARY = click.option(
    "--library",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of articles. Default: the nearest kb.toml.",
)
CURRENT = "current"


def article_of(library: Library, named: str) -> Article:
    """The article with this address, or of which this is a file (in the library or on disk). Raises NotFound."""
    address = named.strip("/")
    found = library.article_at(address) or library.article_at(library.moved(address) or "")
    path = path_in(library.root, named)
    found = found or next((one for one in library.articles if any(path == item.path for item in one.editions)), None)
    if found is None:
        raise NotFound(f"There is no article {named} in {library.root}. Name its address or its file.")
    return found


def path_in(root: Path, named: str) -> str:
    """The path of a file in the library, posix, with `.md`; given from there or from the current folder."""
    file = Path(named if named.endswith(".md") else f"{named}.md")
    here = file.absolute()
    from_root = (root / file).exists() or (len(file.parts) > 1 and (root / file.parts[0]).is_dir())
    if (file.is_absolute() or not from_root) and here.is_relative_to(root):
        file = here.relative_to(root)
    return file.as_posix()


def edition_of(article: Article, named: str) -> Edition:
    """The edition with this date, or the `current` one. Raises UsageError, NotFound."""
    if named == CURRENT:
        return article.current
    try:
        day = date.fromisoformat(named)
    except ValueError as error:
        raise UsageError(f"{named} is not a date. Write 2015-11-04, or {CURRENT}.") from error
    found = article.edition_of(day)
    if found is None:
        known = ", ".join(edition.date.isoformat() for edition in article.editions if edition.date)
        raise NotFound(f"{article.address} has no edition of {named}. It has: {known or 'none with a date'}.")
    return found
