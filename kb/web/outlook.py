"""What has become of the edition that a run follows: where the run could move, and whether it may still be done."""

from dataclasses import dataclass, field

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.standing import standing_of
from kb.checklist.checklist import Checklist
from kb.checklist.destination import Destination, destination_of
from kb.checklist.status import Block
from kb.checklist.stored_run import StoredRun
from kb.words import words

MOST = 2_000  # outlooks that are remembered
HOLD = Block(
    "outdated", words("this edition is not safe to follow any more. See what changes, and move to the current one")
)
HOLD_FOR_GOOD = Block("outdated", words("this edition is not safe to follow any more. Read the current one"))


@dataclass(frozen=True, slots=True)
class Outlook:
    """`article` is None if it is not in the library any more; then nothing else is known."""

    article: Article | None
    edition: Edition | None = None  # of the run's date, as it is now
    withdrawn: Edition | None = None  # the edition that was withdrawn: the run's own, or the current one
    dangerous: bool = False
    destination: Destination | None = None

    @property
    def holds(self) -> tuple[Block, ...]:
        """What keeps irreversible steps and actions waiting."""
        if not self.dangerous:
            return ()
        return (HOLD if self.destination else HOLD_FOR_GOOD,)

    @property
    def alone(self) -> bool:
        """Whether the run moves by itself: only words changed."""
        return self.destination is not None and self.destination.weight == "wording" and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Remembers the outlook of each snapshot as long as its article is the same."""

    _known: dict[str, Outlook] = field(default_factory=dict)

    def of(self, library: Library, run: StoredRun) -> Outlook:
        """The outlook of this run."""
        article = library.article_at(run.article) or library.article_at(library.moved(run.article) or "")
        known = self._known.get(run.snapshot)
        if known and known.article is article:
            return known
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[run.snapshot] = outlook = _outlook(article, run.checklist) if article else Outlook(None)
        return outlook


def _outlook(article: Article, checklist: Checklist) -> Outlook:
    edition = next((one for one in article.editions if _day(one) == checklist.edition), None)
    withdrawn = next((one for one in (edition, article.current) if one and one.withdrawn), None)
    destination = None if article.withdrawn else destination_of(article, checklist)
    weights = [destination.weight if destination else None, standing_of(article, edition).weight if edition else None]
    return Outlook(article, edition, withdrawn, "danger" in weights, destination)


def _day(edition: Edition) -> str:
    return edition.date.isoformat() if edition.date else ""
