"""Ask a library for articles by words; get editions with the sections and steps that answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, log

from rapidfuzz import fuzz, process

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.search.index import CHECKLIST, CURRENT, Asked, Entry, Index, index_of, inside
from kb.article.search.marks import Marked, Sought, marked, snippet
from kb.article.search.passages import Passage, passages_of
from kb.article.search.vocabulary import SHORTEST_BEGINNING, Forms, Vocabulary
from kb.article.search.words import folded, index_words

REMEMBERED = 2_000  # editions whose passages are kept
MOST_WORDS = 12  # of a question; further ones are not looked at
MOST_PLACES = 2  # sections and steps shown of one article
ENOUGH = 0.6  # of the words
PLENTY = 10  # editions with all words: no others are shown
COMMON = 0.5  # of the editions: a word in more of them tells nothing
FEW = 50  # editions: in a smaller library every word tells
COMPARED = 30  # hits whose titles are compared with the question as a whole
CLOSENESS = 2.0  # what a title that is the question itself gains
LIKE_A_TITLE = 60  # of 100


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks for. `category` is an address, "" for all."""

    text: str
    category: str = ""
    every_edition: bool = False
    checklist: bool = False
    typing: bool = True  # the last word may be unfinished


@dataclass(frozen=True, slots=True)
class Place:
    """A section or step that answers; `passage.anchor` is where it stands on the page."""

    passage: Passage
    label: Marked
    text: Marked


@dataclass(frozen=True, slots=True)
class Hit:
    """An edition that answers."""

    article: Article
    edition: Edition
    title: Marked
    text: Marked
    places: tuple[Place, ...]

    @property
    def current(self) -> bool:
        """Whether it is the article's current edition."""
        return self.edition is self.article.current


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: a page of hits, best first; how many there are; what the reader may have meant instead."""

    hits: tuple[Hit, ...]
    total: int
    instead: str = ""  # the question with its unknown words replaced by known ones, "" if there is nothing to replace
    titles: tuple[Article, ...] = ()  # articles whose titles look like the question; only if there are no hits


@dataclass(frozen=True, slots=True)
class Search:
    """The index of a library and its words."""

    index: Index
    vocabulary: Vocabulary
    articles: Sequence[Article]
    _remembered: dict[str, Sequence[Passage]] = field(default_factory=dict, repr=False)  # by content; derived

    @classmethod
    def over(cls, library: Library) -> "Search":
        """Index the library: about 0.2 s for 600 articles."""
        return cls.of(library.articles, library.settings.language)

    @classmethod
    def of(cls, articles: Sequence[Article], language: str = "en") -> "Search":
        """Index these articles."""
        index = index_of(articles)
        return cls(index, Vocabulary(index.counts(), language), articles)

    def find(self, question: Question, most: int = 10, skip: int = 0) -> Found:
        """Editions that answer the question. Never raises for what is asked."""
        words = self._words(question)
        asked = self._asked(words)
        entries, total = self._entries(question, asked, most + skip) if asked.telling else ([], 0)
        sought = {form: number for number, forms in enumerate(asked.telling) for form in forms}
        weights = [self._weight(forms) for forms in asked.telling]
        hits = tuple(_hit(entry, self._passages(entry.edition), sought, weights) for entry in entries[skip:])
        instead = self._instead([word for word, _ in words])
        return Found(hits, total, instead, () if total else self._titles(question.text))

    def _words(self, question: Question) -> list[tuple[str, bool]]:
        """The words of the question, each once, and whether it may be the beginning of a longer one."""
        found = index_words(question.text)
        typing = question.typing and question.text[-1:].isalnum()
        last = len(found) - 1
        marked_last = {word: typing and place == last for place, word in enumerate(found)}
        return list(marked_last.items())[-MOST_WORDS:]

    def _forms(self, word: str, unfinished: bool) -> Forms:
        beginnings = self.index.beginning_with(word) if unfinished and len(word) >= SHORTEST_BEGINNING else ()
        return self.vocabulary.forms(word, beginnings)

    def _asked(self, words: Sequence[tuple[str, bool]]) -> Asked:
        """The words that the library knows, parted: if all are common, all tell."""
        forms = [one for one in (self._forms(word, unfinished) for word, unfinished in words) if one]
        telling = [one for one in forms if not self._is_common(one)]
        return Asked(telling, [one for one in forms if one not in telling]) if telling else Asked(forms)

    def _is_common(self, forms: Forms) -> bool:
        editions = len(self.index.entries)
        return editions >= FEW and self._editions_with(forms) > editions * COMMON

    def _entries(self, question: Question, asked: Asked, most: int) -> tuple[list[Entry], int]:
        """Editions with all words; if they are few, then those with most words; if there are none, with any."""
        tags, words = list(_tags(question)), len(asked.telling)
        compared = max(most, COMPARED)
        found, total = self.index.matching(asked, tags, words, compared)
        first = _closest_titles_first(question.text, found)
        if total >= PLENTY or words == 1:
            return first[:most], total
        for least in sorted({ceil(words * ENOUGH), 1}, reverse=True):
            found, total = self.index.matching(asked, tags, least, compared)
            if total:
                break
        known = {entry.edition.path for entry in first}
        more = [one for one in _closest_titles_first(question.text, found) if one.edition.path not in known]
        return [*first, *more][:most], total

    def _passages(self, edition: Edition) -> Sequence[Passage]:
        if edition.html not in self._remembered:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[edition.html] = passages_of(edition)
        return self._remembered[edition.html]

    def _weight(self, forms: Forms) -> float:
        """How much a word tells: the rarer, the more."""
        return log(1 + len(self.index.entries) / (1 + self._editions_with(forms)))

    def _editions_with(self, forms: Forms) -> int:
        return max(self.vocabulary.counts.get(form, 0) for form in forms)

    def _instead(self, words: Sequence[str]) -> str:
        better = {word: self.vocabulary.nearest(word) for word in words if word not in self.vocabulary.counts}
        if not any(better.values()):
            return ""
        return " ".join(better[word][0] if better.get(word) else word for word in words)

    def _titles(self, text: str) -> tuple[Article, ...]:
        titles = [folded(article.title) for article in self.articles]
        near = process.extract(folded(text), titles, scorer=fuzz.ratio, score_cutoff=LIKE_A_TITLE, limit=3)
        return tuple(self.articles[place] for _, _, place in near)


def _closest_titles_first(text: str, found: Sequence[tuple[float, Entry]]) -> list[Entry]:
    """Among the first, a title that reads like the question gains: whoever knows the title means that article."""
    asked = folded(text)

    def worth(one: tuple[float, Entry]) -> float:
        return one[0] * (1 + CLOSENESS * fuzz.ratio(asked, folded(one[1].edition.title)) / 100)

    ahead = sorted(found[:COMPARED], key=worth, reverse=True)
    return [entry for _, entry in (*ahead, *found[COMPARED:])]


def _tags(question: Question) -> Iterator[str]:
    if not question.every_edition:
        yield CURRENT
    if question.checklist:
        yield CHECKLIST
    if question.category:
        yield inside(question.category)


def _hit(entry: Entry, passages: Sequence[Passage], sought: Sought, weights: Sequence[float]) -> Hit:
    edition = entry.edition
    places = _places(passages, sought, weights)
    start = next((passage for passage in places if not passage.anchor), None)
    text = snippet(start.text if start else edition.description, sought)
    shown = tuple(
        Place(passage, marked(passage.label, sought), snippet(passage.text, sought))
        for passage in places
        if passage.anchor
    )
    return Hit(entry.article, edition, marked(edition.title, sought), text, shown)


def _places(passages: Sequence[Passage], sought: Sought, weights: Sequence[float]) -> list[Passage]:
    """The passages that tell most, best first; those that tell less than half of the best are left out."""
    worth = [_worth(passage, sought, weights) for passage in passages]
    least = max(worth, default=0.0) / 2
    ranked = sorted((place for place in range(len(worth)) if worth[place] > least), key=lambda place: -worth[place])
    return [passages[place] for place in ranked[:MOST_PLACES]]


def _worth(passage: Passage, sought: Sought, weights: Sequence[float]) -> float:
    """Each word of the question counts once, twice in a heading."""
    asked = sought.keys()
    text = {sought[word] for word in asked & passage.words}
    label = {sought[word] for word in asked & passage.label_words}
    return sum(weights[number] for number in text) + sum(weights[number] for number in label)
