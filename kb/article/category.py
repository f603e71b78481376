"""Categories: the folders of articles, in the order in which the library shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.article.article import Article
from kb.article.index import Index


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of articles: sticky ones first, then by title."""

    name: str
    address: str  # "accounts-and-users"
    articles: tuple[Article, ...]
    categories: tuple["Category", ...] = ()


def arrange(
    articles: Iterable[Article], index: Index, order: tuple[str, ...]
) -> tuple[tuple[Category, ...], tuple[Article, ...]]:
    """The categories in this order (others after them by name), and the articles outside of them."""
    by_folder: dict[str, list[Article]] = {}
    for article in articles:
        by_folder.setdefault("/".join(article.category), []).append(article)
    top = sorted((folder for folder in index.categories if "/" not in folder), key=lambda name: _place(name, order))
    return tuple(_category(folder, index, by_folder) for folder in top), _sorted(by_folder.get("", []))


def _category(folder: str, index: Index, by_folder: dict[str, list[Article]]) -> Category:
    below = sorted(name for name in index.categories if PurePosixPath(name).parent.as_posix() == folder)
    categories = tuple(_category(name, index, by_folder) for name in below)
    name = PurePosixPath(folder).name
    return Category(name, index.categories[folder], _sorted(by_folder.get(folder, [])), categories)


def _sorted(articles: list[Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles, key=lambda article: (not article.sticky, article.title.casefold(), article.address)))


def _place(name: str, order: tuple[str, ...]) -> tuple[int, str]:
    wanted = [entry.strip().casefold() for entry in order]
    key = name.casefold()
    return (wanted.index(key) if key in wanted else len(wanted), key)
