"""The index: every edition's words by field, in memory, made anew from the library by each process."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import tantivy
from tantivy import Document, Occur, Query, SchemaBuilder, Searcher

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.search.vocabulary import Forms
from kb.article.search.words import analyzer

FIELDS: Mapping[str, float] = {"title": 10.0, "keywords": 3.0, "headings": 2.0, "body": 1.0}
CURRENT, CHECKLIST = "current", "checklist"
NUMBER, TAGS = "number", "tags"
_SMALLEST_HEAP, _LARGEST_HEAP = 20_000_000, 256_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What one document of the index stands for."""

    article: Article
    edition: Edition


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question, each in all its forms. Words that most editions have only help to rank."""

    telling: Sequence[Forms]
    common: Sequence[Forms] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Editions that can be asked for by their words."""

    entries: Sequence[Entry]
    searcher: Searcher
    schema: tantivy.Schema

    def matching(
        self, asked: Asked, tags: Iterable[str], least: int, most: int
    ) -> tuple[list[tuple[float, Entry]], int]:
        """The best editions with all tags and at least `least` of the telling words; and how many there are."""
        telling = [(Occur.Should, self._word(forms)) for forms in asked.telling]
        wanted = [(Occur.Must, Query.boolean_query(telling, minimum_number_should_match=least))]
        wanted += [(Occur.Should, self._word(forms)) for forms in asked.common]
        wanted += [(Occur.Must, self._tag(tag)) for tag in tags]
        found = self.searcher.search(Query.boolean_query(wanted), limit=most)
        numbers = self.searcher.fast_field_values(NUMBER, [address for _, address in found.hits])
        worths = (worth for worth, _ in found.hits)
        return [
            (worth, self.entries[int(number or 0)]) for worth, number in zip(worths, numbers, strict=True)
        ], found.count  # type: ignore[attr-defined] # its stub forgets it

    def counts(self) -> dict[str, int]:
        """Every word of the library with the number of editions whose text has it."""
        counts: dict[str, int] = {}
        for field in FIELDS:
            for word, count in self.searcher.terms_with_prefix(field, ""):
                counts[word] = max(count, counts.get(word, 0))
        return counts

    def beginning_with(self, letters: str) -> list[str]:
        """Words that begin so, in titles, keywords, headings and text."""
        return list({word for field in FIELDS for word, _ in self.searcher.terms_with_prefix(field, letters)})

    def _word(self, forms: Forms) -> Query:
        """One word, in any of its forms, in any field: the best form in each field counts."""
        fields = [Query.disjunction_max_query(self._terms(field, boost, forms)) for field, boost in FIELDS.items()]
        return Query.boolean_query([(Occur.Should, field) for field in fields])

    def _terms(self, field: str, boost: float, forms: Forms) -> list[Query]:
        """The forms in one field, all as rare as the commonest of them: a rare plural does not beat the word itself."""
        rarity = {form: self._rarity(field, form) for form in forms}
        common = min(rarity.values())
        return [
            Query.boost_query(self._term(field, form), boost * weight * common / rarity[form])
            for form, weight in forms.items()
        ]

    def _rarity(self, field: str, word: str) -> float:
        """What the ranking (BM25) makes of the number of editions that have this word in this field."""
        count, total = self.searcher.doc_freq(field, word), len(self.entries)
        return log(1 + (total - count + 0.5) / (count + 0.5))

    def _term(self, field: str, word: str) -> Query:
        return Query.term_query(self.schema, field, word, "freq")

    def _tag(self, tag: str) -> Query:
        return Query.const_score_query(Query.term_query(self.schema, TAGS, tag, "basic"), 0.0)


def index_of(articles: Iterable[Article]) -> Index:
    """Index every edition of these articles."""
    entries = [Entry(article, edition) for article in articles for edition in article.editions if not edition.withdrawn]
    schema = _schema()
    index = tantivy.Index(schema)
    index.register_tokenizer("words", analyzer())
    size = 8 * sum(len(entry.edition.text) for entry in entries)
    with index.writer(heap_size=min(max(size, _SMALLEST_HEAP), _LARGEST_HEAP), num_threads=1) as writer:
        for number, entry in enumerate(entries):
            writer.add_document(_document(number, entry))
    index.reload()
    return Index(entries, index.searcher(), schema)


def inside(address: str) -> str:
    """The tag of everything in this category."""
    return f"in {address}"


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_integer_field(NUMBER, fast=True)
    builder.add_text_field(TAGS, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="words", index_option="freq")
    return builder.build()


def _document(number: int, entry: Entry) -> Document:
    edition = entry.edition
    return Document(
        number=number,
        tags=list(_tags(entry)),
        title=edition.title,
        keywords="\n".join(edition.keywords),
        headings="\n".join(heading.text for heading in edition.headings),
        body=edition.text,
    )


def _tags(entry: Entry) -> Iterator[str]:
    if entry.edition is entry.article.current:
        yield CURRENT
    if entry.edition.procedures:
        yield CHECKLIST
    parts = entry.article.address.split("/")[:-1]
    for depth in range(len(parts)):
        yield inside("/".join(parts[: depth + 1]))
