"""Labels: the authors and keywords of a library, each with the articles that bear it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.article.address import slugify
from kb.article.article import Article
from kb.article.search.words import folded

REMEMBERED = 10_000  # names: most stand in many articles
_PLUS = re.compile(r"(?<=[\w+])\+")  # C++ is not C
_SHARP = re.compile(r"(?<=\w)#")
_HYPHEN = re.compile(r"(?<!\d)[-.]|[-.](?!\d)")  # e-mail is email, but 1.2 is not 12
_BETWEEN = re.compile(r"(\s*[,;&/]\s*|\s+and\s+)")  # two authors in one line


@dataclass(frozen=True, slots=True)
class Label:
    """An author or a keyword. `articles` are those whose current edition bears it, by title; never empty."""

    name: str  # as most articles spell it
    slug: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one kind, by name."""

    all: tuple[Label, ...]
    _by_key: Mapping[str, Label]

    def named(self, name: str) -> Label | None:
        """The label that this is a spelling of."""
        return self._by_key.get(_key(name))

    def at(self, slug: str) -> Label | None:
        """The label with this slug, or with another that is only spelt otherwise."""
        return self._by_key.get(_key(slug))

    def parts(self, text: str) -> list[tuple[str, Label | None]]:
        """The text in pieces, each with the label that it names; what stands between names has none."""
        whole = self.named(text)
        if whole:
            return [(text, whole)]
        return [(part, self.named(part) if place % 2 == 0 else None) for place, part in enumerate(_BETWEEN.split(text))]


def keywords_of(articles: Iterable[Article]) -> Labels:
    """The keywords of the current editions; spellings that differ by case, accents or hyphens are one."""
    return _labels(articles, lambda article: article.current.keywords)


def authors_of(articles: Sequence[Article]) -> Labels:
    """The authors of the current editions. "Ann and Bob" are two authors if both have articles of their own."""
    alone = {_key(article.current.author) for article in articles if not article.withdrawn}

    def names(article: Article) -> Sequence[str]:
        author = article.current.author
        several = _BETWEEN.split(author)[::2]
        return several if len(several) > 1 and all(_key(one) in alone for one in several) else [author]

    return _labels(articles, names)


def _labels(articles: Iterable[Article], names: Callable[[Article], Iterable[str]]) -> Labels:
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    bearing: dict[str, dict[str, Article]] = defaultdict(dict)
    for article in articles:
        if article.withdrawn:
            continue
        for name in names(article):
            key = _key(name)
            if key:
                spellings[key][name.strip()] += 1
                bearing[key][article.address] = article
    found = {key: _label(spellings[key], bearing[key].values()) for key in bearing}
    return Labels(tuple(sorted(found.values(), key=lambda label: (label.name.casefold(), label.slug))), found)


def _label(spelt: Counter[str], articles: Iterable[Article]) -> Label:
    name = min(spelt, key=lambda spelling: (-spelt[spelling], spelling))
    by_title = sorted(articles, key=lambda article: (article.title.casefold(), article.address))
    return Label(name, _slug(name), tuple(by_title))


@lru_cache(REMEMBERED)
def _slug(name: str) -> str:
    return slugify(_SHARP.sub("-sharp", _PLUS.sub("-plus", name)))


@lru_cache(REMEMBERED)
def _key(name: str) -> str:
    """What all spellings of a name have in common; "" if it has no letter and no digit."""
    return _HYPHEN.sub("", _slug(folded(name))) if any(map(str.isalnum, name)) else ""
