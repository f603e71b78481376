"""`kb new` and `kb new-edition`: begin an article, or the next edition of one. Neither overwrites anything."""

import getpass
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import click

from kb.article.address import is_reserved, parse_file_name, slugify
from kb.article.edition import Edition
from kb.article.index import side_file_path
from kb.article.library import Library
from kb.article.next_edition import dated, side_text
from kb.article.scaffold import new_article, style_of, title_of
from kb.cli.article import IN_LIBRARY, article_of, path_in
from kb.cli.files import create, replace
from kb.cli.folder import library_of
from kb.dates import in_words
from kb.errors import KbError, UsageError
from kb.settings import read_settings

DATE = click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The edition's date. Default: today.")


@click.command()
@click.argument("article")
@IN_LIBRARY
@click.option("--title", help="Default: the words of the file's name.")
@click.option("--author", help="Default: your name as git knows it.")
@DATE
def new(article: str, library: Path | None, title: str | None, author: str | None, day: datetime | None) -> None:
    """Begin ARTICLE, such as "Category/my-article", in the style of the library's others."""
    root = library_of(library)
    loaded = Library.load(root, read_settings(root))
    path = path_in(root, article)
    _refuse(loaded, path)
    text = new_article(style_of(loaded), title or title_of(path), author or _your_name(root), _day(day))
    create(root / path, text.encode())
    click.echo(f"{path}: write what the reader needs, then run kb check.")


@click.command("new-edition")
@click.argument("article")
@IN_LIBRARY
@DATE
def new_edition(article: str, library: Path | None, day: datetime | None) -> None:
    """Keep the text of ARTICLE beside under its date, and open a new edition of today that maps every step as same."""
    root = library_of(library)
    edition = article_of(Library.load(root, read_settings(root)), article).current
    _Opening(root, edition, _day(day)).open()


def _day(day: datetime | None) -> date:
    return day.date() if day else datetime.now(UTC).date()


def _refuse(library: Library, path: str) -> None:
    """Refuse what could not become an article. Raises UsageError."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or any(part.startswith(".") for part in pure.parts):
        raise UsageError(f"{path} is not inside the library {library.root}. Name it from there: Category/article.")
    name = parse_file_name(path, library.settings.languages)
    if "@" in pure.name or is_reserved(name.slug, top=len(pure.parts) == 1):
        raise UsageError(f"{pure.name} cannot be the name of an article: the site needs it itself. Choose another.")
    address = "/".join(slugify(part) for part in pure.with_suffix("").parts)
    taken = library.article_at(address)
    if (library.root / path).exists() or taken:
        raise UsageError(f"{taken.current.path if taken else path} exists already. Use kb new-edition to change it.")


def _your_name(root: Path) -> str:
    try:
        told = subprocess.run(["git", "config", "user.name"], cwd=root, capture_output=True, text=True, check=False)
        return told.stdout.strip() or getpass.getuser()
    except (OSError, KeyError):
        return "Unnamed author"


class _Opening:
    """Opens a new edition file by file; each state in between has all texts, and doing it again goes on from there."""

    def __init__(self, root: Path, edition: Edition, day: date) -> None:
        self._root, self._edition, self._day = root, edition, day
        if edition.date is None:
            raise UsageError(f"{edition.path} has no date. Add one to its front matter, then try again.")
        if "@" in PurePosixPath(edition.path).name:
            raise UsageError(f"{edition.path} has a date in its name. Rename the current edition to slug.md first.")
        self._kept = f"{edition.path.removesuffix('.md')}@{edition.date}.md"
        if edition.date >= day:
            raise UsageError(
                f"{edition.path} is of {in_words(edition.date)}: a new edition must be newer. Edit that one."
            )

    def open(self) -> None:
        path, side_path, kept_side = self._edition.path, side_file_path(self._edition.path), side_file_path(self._kept)
        before = self._read(path)
        begun = self._read(self._kept) == before  # and broken off: then the side file was kept before, if there was one
        side_before = self._read(kept_side) or (b"" if begun else self._read(side_path))
        new_side = side_text(self._edition, side_before.decode("utf-8-sig"), kept_side).encode()
        if self._read(side_path) not in (side_before, new_side):
            raise UsageError(f"{kept_side} exists already, and is not {side_path}. Nothing was changed.")
        after = dated(before, path, self._day)
        if side_before:
            self._keep(kept_side, side_before)
        self._keep(self._kept, before)
        if new_side and self._read(side_path) != new_side:
            replace(self._root / side_path, new_side)
            click.echo(f"{side_path}: maps every step as same; correct it where you change a step.")
        replace(self._root / path, after)
        click.echo(f"{path}: the edition of {in_words(self._day)}, to change.")

    def _keep(self, path: str, data: bytes) -> None:
        if self._read(path) != data:
            create(self._root / path, data)
        click.echo(f"{path}: kept as it was.")

    def _read(self, path: str) -> bytes:
        """What is in this file of the library, nothing if it is not there."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise KbError(f"{path} cannot be read: {error.strerror}.") from error
