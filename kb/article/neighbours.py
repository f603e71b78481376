"""Which article stands before and after another in its category's list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.article.article import Article
from kb.article.category import Category
from kb.article.library import Library


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The articles beside one; None at the ends of the list."""

    before: Article | None = None
    after: Article | None = None


def neighbours_of(library: Library) -> Mapping[str, Neighbours]:
    """Address of each listed article -> its neighbours."""
    return {
        here.address: Neighbours(before, after)
        for articles in _lists(library.categories, library.loose)
        for before, here, after in _threes(articles)
    }


def _lists(categories: Iterable[Category], loose: Sequence[Article]) -> Iterator[Sequence[Article]]:
    yield loose
    for category in categories:
        yield from _lists(category.categories, category.articles)


def _threes(articles: Sequence[Article]) -> Iterable[tuple[Article | None, Article, Article | None]]:
    return zip((None, *articles[:-1]), articles, (*articles[1:], None), strict=True) if articles else ()
