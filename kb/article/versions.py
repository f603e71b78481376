"""The language versions of articles: which belong together, which is behind, and what stands in for a missing one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kb.article.article import Article
from kb.article.category import Category
from kb.article.edition import Edition


def joined(written: Sequence[Article], own: str) -> tuple[Article, ...]:
    """The same articles, each knowing its versions. `own` is the library's language."""
    originals = {article.address: article for article in written if not article.language}
    versions: dict[str, list[tuple[str, str]]] = {}
    for article in written:
        address = _original_address(article)
        if article.language and address in originals and article.current.state != "draft":
            versions.setdefault(address, [(own, address)]).append((article.language, article.address))
    return tuple(_knowing(article, originals, versions) for article in written)


def _original_address(article: Article) -> str:
    return article.address.removeprefix(f"{article.language}/") if article.language else article.address


def _knowing(
    article: Article, originals: Mapping[str, Article], versions: Mapping[str, list[tuple[str, str]]]
) -> Article:
    address = _original_address(article)
    known = tuple(versions.get(address, ()))
    original = originals.get(address)
    if not article.language or original is None:
        return replace(article, versions=known) if known else article
    return replace(article, versions=known, original=address, behind=_behind(article, original))


def _behind(translation: Article, original: Article) -> date | None:
    """When the original got an edition that the translation does not follow yet; None if it follows the current one."""
    ours, current = translation.current.translates or translation.current.date, original.current.date
    return current if ours and current and ours < current else None


def in_language(
    tag: str, own: str, originals: Iterable[Article], translations: Iterable[Article]
) -> tuple[Article, ...]:
    """Every article as the readers of this language get it: its translation, else the original in its place."""
    ours = {article.original or article.address: article for article in translations if article.language == tag}
    shown = {original.address: _stand_in(tag, own, original) for original in originals}
    return tuple((shown | ours).values())


def _stand_in(tag: str, own: str, original: Article) -> Article:
    return replace(
        original,
        address=f"{tag}/{original.address}",
        editions=tuple(_moved(tag, edition) for edition in original.editions),
        language=own,
        original=original.address,
        stands_in=True,
    )


def _moved(tag: str, edition: Edition) -> Edition:
    return replace(edition, address=f"{tag}/{edition.address}")


def renamed(tag: str, category: Category, names: Mapping[str, str]) -> Category:
    """A category of this language's articles, its names translated as far as there are names."""
    return Category(
        names.get(category.name, category.name),
        f"{tag}/{category.address}",
        tuple(with_names(article, names) for article in category.articles),
        tuple(renamed(tag, sub, names) for sub in category.categories),
    )


def with_names(article: Article, names: Mapping[str, str]) -> Article:
    """The article with the translated names of its categories."""
    return replace(article, category=tuple(names.get(name, name) for name in article.category))
