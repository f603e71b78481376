"""One address in the library and its dated editions."""

from dataclasses import dataclass
from datetime import date

from kb.article.edition import Edition


@dataclass(frozen=True, slots=True)
class Article:
    """One address in the library. `editions` is never empty; the first is the current one, then newest first.

    They are what the site serves. Only the articles in `Library.unpublished` have drafts for editions.
    """

    address: str  # "accounts-and-users/closing-your-account", no slashes at the ends
    slug: str
    category: tuple[str, ...]  # names of category and sub-category as the folders spell them
    editions: tuple[Edition, ...]
    drafts: tuple[Edition, ...] = ()  # not served, newest first
    language: str = ""  # of its texts, as in addresses; "": the library's own
    versions: tuple[tuple[str, str], ...] = ()  # (language, address) of the original and every translation, if any
    original: str = ""  # address of the original; "" if this is it
    stands_in: bool = False  # the original itself, shown among articles of a language that it is not translated to
    behind: date | None = None  # of a translation: when the original got the edition that it does not follow yet

    @property
    def current(self) -> Edition:
        """The edition that the undated address shows."""
        return self.editions[0]

    @property
    def title(self) -> str:
        """The current edition's title."""
        return self.current.title

    @property
    def sticky(self) -> bool:
        """Whether the current edition stands first in its lists."""
        return self.current.sticky

    @property
    def withdrawn(self) -> bool:
        """Whether the current edition is withdrawn."""
        return self.current.withdrawn

    @property
    def written(self) -> tuple[Edition, ...]:
        """All editions and the drafts, for the authors' tools."""
        return (*self.editions, *self.drafts)

    @property
    def since(self) -> date | None:
        """The day of the first edition."""
        return min((edition.date for edition in self.editions if edition.date), default=None)

    def edition_on(self, day: date) -> Edition | None:
        """The edition that was valid on this day: the newest published one that is not dated after it."""
        dated = [
            (edition.date, edition)
            for edition in self.editions
            if edition.date and edition.date <= day and not edition.withdrawn
        ]
        return max(dated, key=lambda pair: pair[0])[1] if dated else None

    def edition_of(self, day: date) -> Edition | None:
        """The edition that bears exactly this date."""
        return next((edition for edition in self.editions if edition.date == day), None)
