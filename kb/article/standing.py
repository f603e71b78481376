"""Where an edition stands among its article's editions: what came after it, and whether its steps may still be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.side_file import Weight
from kb.article.step_changes import StepChanges, step_changes

Relation = Literal["latest-version", "predecessor-version", "successor-version"]  # RFC 5829
Bar = Literal["", "danger", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition against the current one. `changes` is None if it is the current one itself."""

    edition: Edition
    current: Edition
    changes: StepChanges | None

    @property
    def weight(self) -> Weight | None:
        """The gravest of all that changed since; None of the current edition."""
        return self.changes.weight if self.changes else None

    @property
    def bar(self) -> Bar:
        """Why no checklist can be started from this edition; "" if one can."""
        if self.edition.withdrawn or self.current.withdrawn:
            return "withdrawn"
        return "danger" if self.weight == "danger" else ""


def standing_of(article: Article, edition: Edition) -> Standing:
    """How this edition of the article stands."""
    current = article.current
    return Standing(edition, current, None if edition is current else step_changes(article, edition, current))


def versions_of(article: Article, edition: Edition) -> Iterator[tuple[Relation, Edition]]:
    """The current edition and the neighbours of this one; none of the neighbours is withdrawn."""
    yield "latest-version", article.current
    place = next(place for place, other in enumerate(article.editions) if other is edition)
    newer = [other for other in article.editions[:place] if not other.withdrawn]
    older = [other for other in article.editions[place + 1 :] if not other.withdrawn]
    if older:
        yield "predecessor-version", older[0]
    if newer:
        yield "successor-version", newer[-1]
