"""Articles that go with an article: much the same words, the same keywords, links between the two."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log, sqrt

from kb.article.article import Article
from kb.article.label import Labels
from kb.article.search.index import CURRENT, Asked
from kb.article.search.search import Search
from kb.article.search.words import index_words

MOST = 4  # related articles
LIKELIEST = 16  # candidates that the index gives
WORDS = 18  # of an article that tell most of what it is about
READ = 6_000  # characters of its text that are looked at
TITLE = 4  # how often a word of the title counts
ENOUGH = 0.2  # of the article's likeness to itself
KEYWORD, LINK, CATEGORY = 0.3, 0.25, 0.08  # what a shared keyword, a link and the same category add
FEWEST = 2  # editions with a word: in fewer it links nothing
MOST_OFTEN, ALWAYS_FEW = 0.3, 5  # in a larger part of all editions, and in more than so many, it tells nothing
REMEMBERED = 10_000  # answers


@dataclass(frozen=True, slots=True)
class Related:
    """What is related to any article of one library; found when it is first asked for, then remembered."""

    search: Search
    keywords: Labels
    _links: Mapping[str, Mapping[str, float]]
    _by_address: Mapping[str, Article]
    _remembered: dict[str, tuple[Article, ...]] = field(default_factory=dict, repr=False)  # derived

    @classmethod
    def over(cls, search: Search, keywords: Labels) -> "Related":
        """For the library of this search and these keywords."""
        by_address = {article.address: article for article in search.articles if not article.withdrawn}
        return cls(search, keywords, _links(by_address), by_address)

    def to(self, article: Article) -> tuple[Article, ...]:
        """The most related articles, best first; none rather than any."""
        known = self._remembered.get(article.address)
        if known is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            known = self._remembered[article.address] = self._found(article)
        return known

    def _found(self, article: Article) -> tuple[Article, ...]:
        worth: dict[str, float] = defaultdict(float, self._alike(article))
        for address, weight in self._links.get(article.address, {}).items():
            worth[address] += LINK * weight
        for keyword in article.current.keywords:
            for address, weight in self._sharing(keyword):
                worth[address] += weight
        for address in worth:
            if address.rpartition("/")[0] == article.address.rpartition("/")[0]:
                worth[address] += CATEGORY
        worth.pop(article.address, None)
        ranked = sorted((address for address in worth if worth[address] >= ENOUGH), key=lambda one: (-worth[one], one))
        return tuple(self._by_address[address] for address in ranked[:MOST])

    def _sharing(self, keyword: str) -> Iterator[tuple[str, float]]:
        """The articles with this keyword: the fewer they are, the more it tells."""
        label = self.keywords.named(keyword)
        others = label.articles if label else ()
        for other in others[: LIKELIEST * 2]:
            yield other.address, KEYWORD / sqrt(len(others) / 2)

    def _alike(self, article: Article) -> Iterator[tuple[str, float]]:
        """The articles with much the same words, compared with the article itself."""
        words = self._telling(article)
        if not words:
            return
        asked = Asked([{word: weight} for word, weight in words.items()])
        found, _ = self.search.index.matching(asked, [CURRENT], min(2, len(words)), LIKELIEST)
        own = next((worth for worth, entry in found if entry.article is article), found[0][0] if found else 1.0)
        for worth, entry in found:
            if not entry.article.withdrawn:
                yield entry.article.address, worth / own

    def _telling(self, article: Article) -> Mapping[str, float]:
        """The words that tell what the article is about, with how much each tells; the best tells 1."""
        edition = article.current
        counts = Counter(index_words(edition.text[:READ]))
        for word in index_words(edition.title):
            counts[word] += TITLE
        total = len(self.search.index.entries)
        worth = {
            word: (1 + log(count)) * log(total / within)
            for word, count in counts.items()
            if FEWEST <= (within := self.search.vocabulary.counts.get(word, 0)) <= max(total * MOST_OFTEN, ALWAYS_FEW)
            and not word.isdigit()
        }
        best = sorted(worth, key=lambda word: (-worth[word], word))[:WORDS]
        return {word: worth[word] / worth[best[0]] for word in best if worth[best[0]] > 0}


def _links(by_address: Mapping[str, Article]) -> Mapping[str, Mapping[str, float]]:
    """Address -> articles that it links to or that link to it; a link among many counts less."""
    at = {edition.path: article.address for article in by_address.values() for edition in article.editions}
    links: dict[str, dict[str, float]] = defaultdict(dict)
    for article in by_address.values():
        others = set(_targets(article, at)) - {article.address}
        for other in others:
            weight = min(1.0, 2 / sqrt(len(others)))
            links[article.address][other] = max(weight, links[article.address].get(other, 0.0))
            links[other][article.address] = max(weight, links[other].get(article.address, 0.0))
    return links


def _targets(article: Article, at: Mapping[str, str]) -> Iterable[str]:
    for link in article.current.links:
        if link.kind == "article" and link.target:
            address = at.get(link.target.partition("#")[0])
            if address:
                yield address
