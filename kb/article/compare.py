"""Two editions of an article beside each other: metadata, what became of each step, and the text word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.article.article import Article
from kb.article.compared_text import Part, compared_text
from kb.article.edition import Edition
from kb.article.novelties import Novelty, novelties
from kb.article.side_file import Weight
from kb.article.step_changes import step_changes
from kb.words import words


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """One field of the metadata in both editions, in words; "" where an edition does not have it."""

    name: str
    older: str
    newer: str

    @property
    def changed(self) -> bool:
        return self.older != self.newer


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from the older edition to the newer one."""

    older: Edition
    newer: Edition
    metadata: tuple[MetadataChange, ...]  # every field that one of them has
    weight: Weight
    summary: tuple[str, ...]  # the authors' own sentences
    novelties: tuple[Novelty, ...]  # what is new or gone beside the steps
    text: tuple[Part, ...]  # the whole text in the order of the newer edition

    @property
    def steps(self) -> tuple[Part, ...]:
        """The parts of the text that are steps, in order."""
        return tuple(part for part in self.text if part.match)

    @property
    def proposed(self) -> bool:
        """Whether any match of steps rests on the likeness of words."""
        return any(part.match.proposed for part in self.text if part.match)

    @property
    def changed(self) -> bool:
        """Whether the reader could notice any difference."""
        return any(field.changed for field in self.metadata) or any(not part.unchanged for part in self.text)


def compare(article: Article, one: Edition, other: Edition) -> Comparison:
    """Compare two editions of this article, in whichever order they are given. Never raises."""
    older, newer = in_order(article, one, other)
    changes = step_changes(article, older, newer)
    text = tuple(compared_text(older, newer, changes.matches))
    return Comparison(
        older=older,
        newer=newer,
        metadata=tuple(_metadata(older, newer)),
        weight=changes.weight,
        summary=changes.summary,
        novelties=tuple(novelties(older, newer, text)),
        text=text,
    )


def in_order(article: Article, one: Edition, other: Edition) -> tuple[Edition, Edition]:
    """The older edition of the two, then the newer. The article's editions are the current one, then newest first."""
    places = {id(edition): place for place, edition in enumerate(article.editions)}
    return (other, one) if places[id(one)] < places[id(other)] else (one, other)


def short_names(comparison: Comparison) -> tuple[str, str]:
    """What to call the two editions in a sentence: their years if these differ, else their dates."""
    days = (comparison.older.date, comparison.newer.date)
    if days[0] and days[1] and days[0].year != days[1].year:
        return str(days[0].year), str(days[1].year)
    names = [words("{day}", day=day) if day else words("undated") for day in days]
    return (names[0], names[1]) if names[0] != names[1] else (words("the older"), words("the newer"))


def _metadata(older: Edition, newer: Edition) -> Iterator[MetadataChange]:
    for name, before, after in zip(_FIELDS, _fields(older), _fields(newer), strict=True):
        if before or after:
            yield MetadataChange(name, before, after)


_FIELDS = (
    *(words("Title"), words("Date"), words("Author"), words("Keywords"), words("Pinned"), words("Format")),
    words("Attachments"),
)


def _fields(edition: Edition) -> Sequence[str]:
    return (
        edition.title,
        words("{day}", day=edition.date) if edition.date else "",
        edition.author,
        ", ".join(edition.keywords),
        words("yes") if edition.sticky else words("no"),
        "HTML" if edition.content_is_html else "Markdown",
        ", ".join(file.file_name for file in edition.attachments),
    )
