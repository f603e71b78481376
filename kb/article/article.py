"""One address in the library and its dated editions."""

from dataclasses import dataclass
from datetime import date

from kb.article.edition import Edition


@dataclass(frozen=True, slots=True)
class Article:
    """One address in the library. `editions` is never empty; the first is the current one, then newest first."""

    address: str  # "accounts-and-users/closing-your-account", no slashes at the ends
    slug: str
    category: tuple[str, ...]  # names of category and sub-category as the folders spell them
    editions: tuple[Edition, ...]

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

    def edition_of(self, day: date) -> Edition | None:
        """The edition that bears exactly this date."""
        return next((edition for edition in self.editions if edition.date == day), None)
